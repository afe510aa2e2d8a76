// TensorFlow.js: the network as a chain of fused operations, which is what its own converter makes of a Keras file.

/* global importScripts, tf */

importScripts("/bench/memory.js", "/node_modules/@tensorflow/tfjs-core/dist/tf-core.min.js");

let network;

const verbs = {
  async start({ webgpu }) {
    if (webgpu) {
      importScripts("/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js");
      await tf.setBackend("webgpu");
    } else {
      importScripts("/node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
      tf.wasm.setWasmPaths("/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
      tf.wasm.setThreadsCount(1);
      await tf.setBackend("wasm");
    }
    await tf.ready();
    if (tf.getBackend() !== (webgpu ? "webgpu" : "wasm")) throw new Error(`TensorFlow.js runs on ${tf.getBackend()}`);
  },

  async load({ folded }) {
    const { nodes, floats } = await (await fetch(folded)).json();
    const values = new Float32Array(await (await fetch(floats)).arrayBuffer());
    const take = ({ shape, start, end }) => tf.tensor(values.slice(start, end), shape);
    network = nodes.map((node) => (node.kernel ? { ...node, kernel: take(node.kernel), bias: take(node.bias) } : node));
  },

  async run({ input, size }) {
    const result = tf.tidy(() => forward(tf.tensor(input, [1, size, size, 1])));
    const values = await result.data();
    result.dispose();
    return values;
  },

  async memory() {
    return globalThis.wasmBytes();
  },
};

function forward(image) {
  const done = [];
  for (const { kind, inputs, kernel, bias, relu } of network) {
    const [x, y] = inputs.map((index) => done[index]);
    done.push({
      input: () => image,
      conv: () => tf.fused.conv2d({ x, filter: kernel, strides: 1, pad: "same", bias, activation: relu ? "relu" : "linear" }),
      conv_transpose: () => {
        const [, rows, columns] = x.shape;
        return tf.add(tf.conv2dTranspose(x, kernel, [1, 2 * rows, 2 * columns, kernel.shape[2]], 2, "same"), bias);
      },
      pool: () => tf.maxPool(x, 2, 2, "valid"),
      concat: () => tf.concat([x, y], 3),
      sigmoid: () => tf.sigmoid(x),
    }[kind]());
  }
  return done.at(-1);
}

addEventListener("message", async ({ data }) => {
  const [[verb, words]] = Object.entries(data);
  try {
    postMessage((await verbs[verb](words)) ?? {});
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
