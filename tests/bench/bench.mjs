// Rachis against its peers: the same weights, the same slice, one headless Chromium, run in turns.
//
//   node bench.mjs --site DIR --weights FILE --image FILE [--json FILE] [--only wasm|webgpu|bytes]
//                  [--sizes 256,512] [--bases 16,32] [--rounds 3] [--seconds 30] [--gpu]
//
// `--image` is a gzipped NIfTI volume of 512 x 512 Hounsfield units, of which the middle slice is taken. Each contender
// runs `--rounds` times at least, and on until `--seconds` are over. WebGPU runs on Chromium's software adapter, and there
// only on the smallest network unless sizes or bases are named; with `--gpu` it runs on the graphics card. Times are
// wall time as the page sees it, so that copying and messages count. Run it on a machine that does nothing else.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { floatingPointOperations, randomUNet, readNetwork } from "./network.mjs";
import { toOnnx } from "./onnx.mjs";
import { peakModule } from "./peak.mjs";
import { serve } from "./server.mjs";
import { brotliBytes, brotliCompressed, hashed } from "./site.mjs";

const { values: words } = parseArgs({
  options: {
    site: { type: "string" }, weights: { type: "string" }, image: { type: "string" }, json: { type: "string" },
    only: { type: "string" }, sizes: { type: "string" }, bases: { type: "string" }, rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "30" }, gpu: { type: "boolean", default: false },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const budget = 1000 * Number(words.seconds);
const fewest = Number(words.rounds);
const most = Math.max(fewest, 15);
/** A part of a mask that contenders may draw otherwise: sums are rounded in another order. */
const TOLERANCE = 0.001;

const WEBGPU = ["--enable-unsafe-webgpu", "--enable-features=Vulkan"];
/** A machine without a GPU then compares kernels, not graphics cards. */
const SOFTWARE_WEBGPU = ["--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"];

/** Headless Chromium gives pages the machine's card only where it draws on Vulkan itself. */
const CARD = process.platform === "linux" ? ["--use-angle=vulkan", "--disable-vulkan-surface"] : [];

const OWN = "Rachis";
const CASES = [[16, 256], [16, 512], [16, 1024], [32, 512], [64, 512]];

const ENGINES = {
  wasm: {
    own: "engine-cpu-relaxed",
    peers: {
      "onnxruntime-web, 1 thread": { script: "onnx.worker.js", type: "module", threads: 1 },
      "onnxruntime-web, 2 threads": { script: "onnx.worker.js", type: "module", threads: 2 },
      "TensorFlow.js, 1 thread": { script: "tensorflow.worker.js", type: "classic" },
    },
    cases: CASES,
  },
  webgpu: {
    own: "engine-gpu",
    peers: {
      "onnxruntime-web": { script: "onnx.worker.js", type: "module", threads: 1, webgpu: true },
      "TensorFlow.js": { script: "tensorflow.worker.js", type: "classic", webgpu: true },
    },
    cases: words.gpu || words.sizes || words.bases ? CASES : CASES.slice(0, 1),
  },
};

const files = new Map();
const networks = new Map();

/** Makes the files of a network for a size: as Rachis reads it, as ONNX, and as TensorFlow.js's worker reads it. */
function network(base, size) {
  if (!networks.has(base)) {
    const own = `/models/${base}.safetensors`;
    files.set(own, base === 16 ? readFileSync(words.weights) : randomUNet(base));
    const nodes = readNetwork(files.get(own));
    addFolded(base, nodes);
    networks.set(base, { own, nodes });
  }
  const { own, nodes } = networks.get(base);
  files.set(`/models/${base}-${size}.onnx`, toOnnx(nodes, size, size));
  return {
    operations: floatingPointOperations(nodes, size, size),
    urls: { model: own, onnx: `/models/${base}-${size}.onnx`, folded: `/models/${base}.json` },
  };
}

function addFolded(base, nodes) {
  const floats = [];
  let offset = 0;
  const place = (shape, values) => {
    floats.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    offset += values.length;
    return { shape, start: offset - values.length, end: offset };
  };
  const listed = nodes.map(({ kernel, bias, ...node }) =>
    kernel ? { ...node, kernel: place(kernel.shape, kernel.values), bias: place([bias.length], bias) } : node);
  files.set(`/models/${base}.json`, JSON.stringify({ nodes: listed, floats: `/models/${base}.floats` }));
  files.set(`/models/${base}.floats`, Buffer.concat(floats));
}

/** The middle slice of a NIfTI-1 volume of int16 (little endian, no scaling): 512 x 512 Hounsfield units. */
function middleSlice(nifti) {
  const [columns, rows, slices] = [42, 44, 46].map((place) => nifti.readInt16LE(place));
  const INT16 = 4;
  if (columns !== 512 || rows !== 512 || nifti.readInt16LE(70) !== INT16) throw new Error("--image is not 512 x 512 int16");
  const start = nifti.readFloatLE(108) + 2 * 512 * 512 * (slices >> 1);
  return Int16Array.from({ length: 512 * 512 }, (_, index) => nifti.readInt16LE(start + 2 * index));
}

/** The image at other sizes: means of squares, or repeated pixels. */
function addImages() {
  const full = middleSlice(gunzipSync(readFileSync(words.image)));
  const at = (row, column) => full[512 * row + column];
  const made = (size, value) => {
    const pixels = new Int16Array(size * size);
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < size; column += 1) pixels[size * row + column] = value(row, column);
    }
    files.set(`/image/${size}`, Buffer.from(pixels.buffer));
  };
  made(512, at);
  made(256, (r, c) => Math.round((at(2 * r, 2 * c) + at(2 * r, 2 * c + 1) + at(2 * r + 1, 2 * c) + at(2 * r + 1, 2 * c + 1)) / 4));
  made(1024, (r, c) => at(r >> 1, c >> 1));
}

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

function agreement(one, other) {
  let same = 0;
  for (let index = 0; index < one.length; index += 1) same += one[index] === other[index] ? 1 : 0;
  return same / one.length;
}

/** One network at one size on one engine: every contender in turn, until the time is up. */
async function compare(page, server, engine, base, size, peak) {
  const { own, peers } = ENGINES[engine];
  const { urls, operations } = network(base, size);
  const script = `/site/${relative(words.site, hashed(words.site, `${own}.js`))}`;
  const rows = Object.entries({ [OWN]: { own: true, script }, ...peers })
    .map(([contender, options]) => ({ engine, base, size, contender, options, times: [] }));
  const able = () => rows.filter((row) => !row.failure);
  for (const row of rows) {
    server.sent.clear();
    await attempt(page, row, async () => {
      row.cold = await page.evaluate((words) => window.bench.start(...words), [row.contender, row.options, urls, size]);
      row.files = [...server.sent].filter((file) => !file.startsWith(join(here, "page")));
    });
  }
  const start = Date.now();
  for (let round = 0; round < most && (round < fewest || Date.now() - start < budget); round += 1) {
    for (const row of able()) {
      await attempt(page, row, async () => {
        const { milliseconds, mask } = await page.evaluate(([name, size]) => window.bench.run(name, size), [row.contender, size]);
        row.times.push(milliseconds);
        row.mask = mask;
      });
    }
  }
  const [reference] = able();
  for (const row of able()) {
    row.agreement = agreement(row.mask, reference.mask);
    row.spine = [...row.mask].filter((pixel) => pixel === "1").length;
    row.median = median(row.times);
    row.gflops = operations / row.median / 1e6;
    row.share = row.gflops / peak;
    row.memory = await page.evaluate((name) => window.bench.memory(name), row.contender);
  }
  const ours = able().find((row) => row.contender === OWN);
  for (const row of ours ? able() : []) row.ratio = ours.median / row.median;
  const pools = ours && engine === "wasm" && base === 16 && size === 512 ? await pool(page, able(), script, urls, size).catch(giveUp) : [];
  for (const row of able()) await page.evaluate((name) => window.bench.stop(name), row.contender);
  rows.forEach(print);
  return { rows: rows.map(({ mask, options, ...row }) => row), pools };
}

function giveUp(error) {
  console.log(`  slices on two cores failed: ${error.message.split("\n")[0]}`);
  return [];
}

/** Does something with a contender; where that fails, it is out, and the row says why. */
async function attempt(page, row, act) {
  try {
    await act();
  } catch (error) {
    row.failure = String(error.message ?? error).split("\n")[0];
    await page.evaluate((name) => window.bench.stop(name), row.contender);
  }
}

/** A pile of slices on two cores: two of our workers, or the peer's two threads. */
async function pool(page, able, script, urls, size) {
  const COUNT = 20;
  const PEER = "onnxruntime-web, 2 threads";
  if (!able.some(({ contender }) => contender === PEER)) return [];
  await page.evaluate((words) => window.bench.start(...words), ["second", { own: true, script }, urls, size]);
  const share = (names) => page.evaluate((words) => window.bench.share(...words), [names, size, COUNT]);
  const rounds = [];
  for (let round = 0; round < fewest; round += 1) {
    rounds.push({ own: await share([OWN, "second"]), peer: await share([PEER]) });
  }
  await page.evaluate(() => window.bench.stop("second"));
  const [own, peer] = ["own", "peer"].map((key) => median(rounds.map((round) => round[key])));
  console.log(`  ${COUNT} slices on two cores: Rachis ${seconds(own)}, onnxruntime-web ${seconds(peer)}, ratio ${(own / peer).toFixed(2)}`);
  return [{ count: COUNT, size, own, peer, ratio: own / peer }];
}

const megabytes = (count) => `${(count / 1e6).toFixed(2)} MB`;
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(3)} s`;

function print(row) {
  const label = `  base ${row.base}, ${row.size} x ${row.size}, ${row.contender}`.padEnd(52);
  if (row.failure) return console.log(`${label} failed: ${row.failure}`);
  const ratio = row.ratio ? `  ours/theirs ${row.ratio.toFixed(2)}` : "";
  console.log(
    `${label} ${seconds(row.median).padStart(10)}  first ${seconds(row.cold.whole).padStart(9)}  ${row.gflops.toFixed(1).padStart(6)} GFLOP/s` +
    ` (${(100 * row.share).toFixed(0)} % of peak)  ${(row.memory / 2 ** 20).toFixed(0).padStart(5)} MiB  agrees ${(100 * row.agreement).toFixed(3)} %` +
    `${ratio}  (${row.times.length} runs)`);
}

/** What each contender downloads to start: the engine without the network. Done last, since compressing takes long. */
function addDownloads(rows) {
  console.log("Engines (brotli)");
  const printed = new Set();
  for (const row of rows.filter((row) => row.files)) {
    row.bytes = brotliBytes(...row.files);
    row.files = row.files.map((file) => basename(file));
    const label = `${row.engine}, ${row.contender}`;
    if (!printed.has(label)) console.log(`  ${label.padEnd(36)} ${megabytes(row.bytes)}`);
    printed.add(label);
  }
}

/**
 * What a first visitor downloads before the first mask on the CPU, against the peer's runtime with the same network: in the
 * ONNX file that it is given here, of 32 bits, and, as if that could be as small, in our file.
 */
function bytes() {
  const site = (name) => hashed(words.site, name);
  const own = {
    page: brotliBytes(site("index.html"), site("page.js"), site("page_bg.wasm")),
    reader: brotliBytes(site("reader.js"), site("reader_bg.wasm")),
    cpu: brotliBytes(site("engine-cpu-relaxed.js"), site("engine-cpu-relaxed_bg.wasm")),
    gpu: brotliBytes(site("engine-gpu.js"), site("engine-gpu_bg.wasm")),
    gpuWithBurn: brotliBytes(site("engine-gpu-burn.js"), site("engine-gpu-burn_bg.wasm")),
    model: brotliBytes(words.weights),
  };
  const runtime = join(packages, "onnxruntime-web/dist");
  const peer = brotliBytes(join(runtime, "ort.wasm.min.mjs"), join(runtime, "ort-wasm-simd-threaded.mjs"), join(runtime, "ort-wasm-simd-threaded.wasm"));
  const first = own.page + own.reader + own.cpu + own.model;
  const onnx = brotliCompressed(files.get(network(16, 512).urls.onnx));
  const result = { ...own, first, peerRuntime: peer, onnx, ratio: first / (peer + onnx), ratioOfSameFile: first / (peer + own.model) };
  console.log("Bytes (brotli)");
  console.log(`  page ${megabytes(own.page)}, reader ${megabytes(own.reader)}, CPU engine ${megabytes(own.cpu)}, WebGPU engine ${megabytes(own.gpu)} (with Burn ${megabytes(own.gpuWithBurn)}), model ${megabytes(own.model)}`);
  console.log(`  first visit to first mask: ${megabytes(first)}; onnxruntime-web ${megabytes(peer)} and its model ${megabytes(onnx)}; ratio ${result.ratio.toFixed(2)}`);
  console.log(`  were its model as small as ours: ratio ${result.ratioOfSameFile.toFixed(2)}`);
  return result;
}

async function times(only) {
  addImages();
  const { bytes: loop, operations } = peakModule();
  files.set("/peak.wasm", Buffer.from(loop));
  const server = await serve({ "/bench/": join(here, "page"), "/node_modules/": packages, "/site/": words.site }, files);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", ...WEBGPU, ...(words.gpu ? CARD : SOFTWARE_WEBGPU)],
  });
  const results = { machine: cpus()[0].model, cores: cpus().length, chromium: browser.version(), peak: {}, rows: [], pools: [] };
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${server.url}/bench/index.html`);
    await page.waitForFunction(() => window.bench);
    results.adapter = await page.evaluate(() => window.bench.adapter());
    console.log(`Chromium ${results.chromium}, ${results.cores} cores (${results.machine}), WebGPU on ${results.adapter ?? "nothing"}`);
    for (const engine of Object.keys(ENGINES).filter((name) => !only || name === only)) {
      if (engine === "webgpu" && !results.adapter) continue;
      const peak = await page.evaluate((words) => window.bench.peak(words), { webgpu: engine === "webgpu", operations });
      results.peak[engine] = peak;
      console.log(`${engine}: multiply-adds alone reach ${peak.toFixed(1)} GFLOP/s`);
      for (const [base, size] of ENGINES[engine].cases.filter(wanted)) {
        const { rows, pools } = await compare(page, server, engine, base, size, peak);
        results.rows.push(...rows);
        results.pools.push(...pools);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  addDownloads(results.rows);
  return results;
}

function wanted([base, size]) {
  const among = (list, value) => !list || list.split(",").map(Number).includes(value);
  return among(words.bases, base) && among(words.sizes, size);
}

const results = {
  ...(words.only === "bytes" ? {} : await times(words.only)),
  ...(["wasm", "webgpu"].includes(words.only) ? {} : { bytes: bytes() }),
};
if (words.json) writeFileSync(words.json, `${JSON.stringify(results, null, 2)}\n`);
const wrong = results.rows?.filter((row) => row.agreement < 1 - TOLERANCE) ?? [];
if (wrong.length) {
  console.error(`Masks differ: ${wrong.map((row) => `${row.contender} at ${row.size}`).join(", ")}`);
  process.exitCode = 1;
}
