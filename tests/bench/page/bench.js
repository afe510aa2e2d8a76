// The engines to compare, each in a worker of its own, behind the same three verbs: start, load, run. The script that
// drives the browser calls them through `window.bench`.

import { WINDOW } from "./window.js";

/** A contender that is silent for so long has died without a word, as for lack of memory. */
const PATIENCE_MS = 900_000;

class Contender {
  constructor(worker) {
    this.worker = worker;
    this.waiting = [];
    worker.onmessage = ({ data }) => this.heard(data);
    worker.onerror = (event) => this.waiting.shift()?.reject(new Error(event.message || "the worker stopped"));
  }

  heard(data) {
    const { resolve, reject } = this.waiting.shift();
    if (data?.error) reject(new Error(data.error));
    else resolve(data);
  }

  ask(message, transfer = []) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
      if (message) this.worker.postMessage(message, transfer);
    });
  }
}

/** Pixels so fine that Rachis enlarges no slice. */
const FINE = { row_mm: 0.5, column_mm: 0.5 };

/** Rachis's own engine worker, spoken to as the page does. */
class Rachis extends Contender {
  static async start({ script }) {
    const wrapped = new URL("rachis.worker.js", import.meta.url);
    wrapped.searchParams.set("script", script);
    const contender = new Rachis(new Worker(wrapped, { type: "module" }));
    const ready = await contender.ask();
    if (!JSON.parse(ready[0]).Ready) throw new Error(ready[0]);
    return contender;
  }

  async load({ model }) {
    const bytes = await download(model);
    const [json] = await this.ask([JSON.stringify({ Load: { job: 1, sha256: null } }), bytes], [bytes]);
    if (!JSON.parse(json).Loaded) throw new Error(json);
  }

  async run({ hu }, size) {
    const pixels = hu.slice().buffer;
    const message = { Segment: { job: 2, rows: size, columns: size, quantity: "Hu", spacing: FINE, mirror: false } };
    const [json, levels] = await this.ask([JSON.stringify(message), pixels], [pixels]);
    if (!JSON.parse(json).Segmented) throw new Error(json);
    return Uint8Array.from(new Uint8Array(levels), (level) => Number(level > 127));
  }

  async memory() {
    const [, bytes] = await this.ask("memory");
    return bytes;
  }
}

/** A peer's worker of this folder. */
class Peer extends Contender {
  static async start({ script, type, ...options }) {
    const contender = new Peer(new Worker(script, { type }));
    await contender.ask({ start: options });
    return contender;
  }

  load({ onnx, folded }) {
    return this.ask({ load: { onnx, folded } });
  }

  async run({ network }, size) {
    const input = network.slice();
    const probabilities = await this.ask({ run: { input, size } }, [input.buffer]);
    return Uint8Array.from(probabilities, (probability) => Number(probability > 0.5));
  }

  async memory() {
    return this.ask({ memory: true });
  }
}

const running = new Map();
const images = new Map();

async function download(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.arrayBuffer();
}

/** The image of `size`: Hounsfield units for Rachis, and what its preprocessing makes of them for the peers. */
async function image(size) {
  if (!images.has(size)) {
    const hu = new Int16Array(await download(`/image/${size}`));
    const lowest = WINDOW.center - WINDOW.width / 2;
    const network = Float32Array.from(hu, (value) => Math.min(Math.max((value - lowest) / WINDOW.width, 0), 1));
    images.set(size, { hu, network });
  }
  return images.get(size);
}

window.bench = {
  /** Starts a contender and loads its network; milliseconds for each, and for the first mask. */
  async start(name, options, files, size) {
    const slice = await image(size);
    const times = [performance.now()];
    const contender = await (options.own ? Rachis : Peer).start(options);
    running.set(name, contender);
    times.push(performance.now());
    await contender.load(files);
    times.push(performance.now());
    await contender.run(slice, size);
    times.push(performance.now());
    return { start: times[1] - times[0], load: times[2] - times[1], first: times[3] - times[2], whole: times[3] - times[0] };
  },

  /** Milliseconds of one run, and its mask as text. */
  async run(name, size) {
    const slice = await image(size);
    const start = performance.now();
    const mask = await running.get(name).run(slice, size);
    return { milliseconds: performance.now() - start, mask: mask.join("") };
  },

  /** Milliseconds for `count` slices shared among contenders, each taking the next when it is free. */
  async share(names, size, count) {
    const slice = await image(size);
    let left = count;
    const start = performance.now();
    await Promise.all(names.map(async (name) => {
      while (left > 0) {
        left -= 1;
        await running.get(name).run(slice, size);
      }
    }));
    return performance.now() - start;
  },

  /** What the graphics card says of itself. */
  async adapter() {
    const { info } = (await navigator.gpu?.requestAdapter()) ?? {};
    return info && [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ");
  },

  /** GFLOP/s of multiply-adds alone. */
  peak(words) {
    const worker = new Worker("peak.worker.js", { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.gflops));
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(words);
    }).finally(() => worker.terminate());
  },

  /** Bytes of wasm memory, which never shrinks. */
  memory: (name) => running.get(name).memory(),

  stop(name) {
    running.get(name)?.worker.terminate();
    running.delete(name);
  },
};
