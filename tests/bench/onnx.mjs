// A network as an ONNX file, for onnxruntime-web.

import proto from "onnx-proto";

const { onnx } = proto;
const FLOAT = onnx.TensorProto.DataType.FLOAT;

/** The ONNX file of a network for images of `rows` x `columns`: `[1, 1, rows, columns]` in and out. */
export function toOnnx(network, rows, columns) {
  const nodes = [];
  const initializers = [];
  const weight = (name, dims, values) => {
    initializers.push({ name, dims, dataType: FLOAT, rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
    return name;
  };
  const emit = (opType, input, output, attributes = {}) => {
    const attribute = Object.entries(attributes).map(([name, value]) =>
      Array.isArray(value)
        ? { name, ints: value, type: onnx.AttributeProto.AttributeType.INTS }
        : { name, i: value, type: onnx.AttributeProto.AttributeType.INT });
    nodes.push({ opType, name: output, input, output: [output], attribute });
    return output;
  };
  const names = [];
  for (const node of network) {
    const inputs = node.inputs.map((index) => names[index]);
    const { name, kind, kernel } = node;
    if (kind === "input") {
      names.push(name);
    } else if (kernel) {
      const transposed = kind === "conv_transpose";
      const [size] = kernel.shape;
      const side = transposed ? 0 : (size - 1) / 2;
      const weights = [weight(`${name}.kernel`, ...reordered(kernel)), weight(`${name}.bias`, [node.bias.length], node.bias)];
      const result = emit(transposed ? "ConvTranspose" : "Conv", [...inputs, ...weights], `${name}.linear`, {
        kernel_shape: [size, size],
        strides: transposed ? [2, 2] : [1, 1],
        pads: [side, side, side, side],
      });
      names.push(node.relu ? emit("Relu", [result], name) : result);
    } else if (kind === "pool") {
      names.push(emit("MaxPool", inputs, name, { kernel_shape: [2, 2], strides: [2, 2] }));
    } else if (kind === "concat") {
      names.push(emit("Concat", inputs, name, { axis: 1 }));
    } else {
      names.push(emit("Sigmoid", inputs, name));
    }
  }
  const value = (name) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: [1, 1, rows, columns].map((dimValue) => ({ dimValue })) } } },
  });
  return onnx.ModelProto.encode({
    irVersion: 8,
    producerName: "rachis-bench",
    opsetImport: [{ domain: "", version: 17 }],
    graph: { name: "network", node: nodes, initializer: initializers, input: [value(names[0])], output: [value(names.at(-1))] },
  }).finish();
}

/** Kernels have channels last here and first in ONNX: `[a, b, c, d]` becomes `[d, c, a, b]`. */
function reordered({ shape: [rows, columns, third, fourth], values }) {
  const result = new Float32Array(values.length);
  let target = 0;
  for (let d = 0; d < fourth; d += 1) {
    for (let c = 0; c < third; c += 1) {
      for (let place = 0; place < rows * columns; place += 1) {
        result[target] = values[(place * third + c) * fourth + d];
        target += 1;
      }
    }
  }
  return [[fourth, third, rows, columns], result];
}
