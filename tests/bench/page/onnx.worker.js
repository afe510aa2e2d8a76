// onnxruntime-web.

import "./memory.js";

let ort;
let provider;
let session;

const verbs = {
  async start({ webgpu, threads }) {
    ort = await import(`/node_modules/onnxruntime-web/dist/${webgpu ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs"}`);
    ort.env.wasm.wasmPaths = "/node_modules/onnxruntime-web/dist/";
    ort.env.wasm.numThreads = threads;
    provider = webgpu ? "webgpu" : "wasm";
  },

  async load({ onnx }) {
    const model = new Uint8Array(await (await fetch(onnx)).arrayBuffer());
    session = await ort.InferenceSession.create(model, { executionProviders: [provider], graphOptimizationLevel: "all" });
  },

  async run({ input, size }) {
    const tensor = new ort.Tensor("float32", input, [1, 1, size, size]);
    const results = await session.run({ [session.inputNames[0]]: tensor });
    const [result] = Object.values(results);
    return (await result.getData()).slice();
  },

  async memory() {
    return globalThis.wasmBytes();
  },
};

addEventListener("message", async ({ data }) => {
  const [[verb, words]] = Object.entries(data);
  try {
    postMessage((await verbs[verb](words)) ?? {});
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
