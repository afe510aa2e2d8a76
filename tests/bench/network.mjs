// Networks for the benchmark: a Rachis model file read into the form that the peers are built from, and U-Nets of any
// width with random weights, for sizes that no trained model has.

import { WINDOW } from "./page/window.js";

/** @typedef {{shape: number[], values: Float32Array}} Weight */

/**
 * A node: `kind` is input, conv, conv_transpose, pool, concat or sigmoid; `inputs` are indices of earlier nodes. A
 * convolution carries its kernel and bias, normalisation already folded in, and whether a ReLU follows.
 */

/** Reads the bytes of a `.safetensors` model. Refuses what no U-Net of this project has. */
export function readNetwork(bytes) {
  const { description, weights } = readModelFile(bytes);
  const { window } = description.info.preprocessing;
  if (window?.center !== WINDOW.center || window?.width !== WINDOW.width)
    throw new Error("the model takes other input than the peers would get: see page/window.js");
  return folded(description.graph, weights);
}

/** The bytes of a Rachis model file: a U-Net of four levels with `base` channels in the first, and random weights. */
export function randomUNet(base) {
  const graph = [];
  const weights = new Map();
  const random = generator(base);
  const add = (name, op, ...inputs) => graph.push({ name, op, inputs }) - 1;
  const weight = (name, shape, scale) => {
    const count = shape.reduce((a, b) => a * b, 1);
    weights.set(name, { shape, values: Float32Array.from({ length: count }, () => scale * random()) });
    return name;
  };
  const conv = (name, input, channels, filters, size = 3) => {
    const kernel = weight(`${name}/kernel`, [size, size, channels, filters], Math.sqrt(6 / (size * size * channels)));
    const bias = weight(`${name}/bias`, [filters], 0.1);
    const op = { kernel, bias, size: [size, size], filters, stride: [1, 1], dilation: [1, 1], padding: "same", groups: 1 };
    return add(name, { conv: op }, input);
  };
  const relu = (name, input) => add(name, { activation: { relu: { max: null, slope: 0, threshold: 0 } } }, input);
  const block = (name, input, channels, filters) => {
    const first = relu(`${name}_relu1`, conv(`${name}_conv1`, input, channels, filters));
    return relu(`${name}_relu2`, conv(`${name}_conv2`, first, filters, filters));
  };
  let last = add("ct", { input: { channels: 1 } });
  let channels = 1;
  const skips = [];
  for (let level = 0; level < 4; level += 1) {
    const filters = base << level;
    const skip = block(`down${level}`, last, channels, filters);
    skips.push({ skip, filters });
    last = add(`pool${level}`, { pool: { kind: "max", size: [2, 2], stride: [2, 2], padding: "valid" } }, skip);
    channels = filters;
  }
  last = block("bottom", last, channels, base << 4);
  channels = base << 4;
  for (const { skip, filters } of skips.reverse()) {
    const name = `up${filters}`;
    const kernel = weight(`${name}/kernel`, [2, 2, filters, channels], Math.sqrt(6 / channels));
    const bias = weight(`${name}/bias`, [filters], 0.1);
    const op = { kernel, bias, size: [2, 2], filters, stride: [2, 2], dilation: [1, 1], padding: "same", output_padding: null };
    const up = add(name, { conv_transpose: op }, last);
    const joined = add(`${name}_skip`, { concat: { axis: "channels" } }, skip, up);
    last = block(`${name}_block`, joined, 2 * filters, filters);
    channels = filters;
  }
  add("mask", { activation: "sigmoid" }, conv("mask_conv", last, channels, 1, 1));
  const info = {
    name: `random-unet-${base}`, preprocessing: { window: WINDOW }, classes: [], threshold: 0.5,
    origin: "Random weights, for timing.", licence: "", parent: null,
  };
  return writeModelFile({ version: 1, info, graph }, weights);
}

/** Multiply-adds of one run at `rows` x `columns`, times two. */
export function floatingPointOperations(network, rows, columns) {
  const pixels = [];
  let total = 0;
  for (const node of network) {
    const [input] = node.inputs;
    const before = input === undefined ? rows * columns : pixels[input];
    const [kernelRows, kernelColumns] = node.kernel?.shape ?? [];
    const channels = node.kernel ? node.kernel.shape[2] * node.kernel.shape[3] : 0;
    pixels.push(node.kind === "pool" ? before / 4 : node.kind === "conv_transpose" ? before * 4 : before);
    total += 2 * before * channels * (node.kernel ? kernelRows * kernelColumns : 0);
  }
  return total;
}

/** Reads the bytes of a model file. */
function readModelFile(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString("utf8"));
  const { __metadata__: metadata, ...tensors } = header;
  const weights = new Map();
  const stored = (name) => {
    const { dtype, data_offsets: [start, end] } = tensors[name];
    return floats(bytes.subarray(8 + length + start, 8 + length + end), dtype);
  };
  for (const [name, { dtype, shape }] of Object.entries(tensors)) {
    const values = stored(name);
    // Integers come with a scale for each place along the last axis.
    const scale = dtype === "I8" ? stored(`${name}.scale`) : [1];
    weights.set(name, { shape, values: values.map((value, index) => value * scale[index % scale.length]) });
  }
  return { description: JSON.parse(metadata.rachis), weights };
}

function writeModelFile(description, weights) {
  const header = { __metadata__: { rachis: JSON.stringify(description) } };
  let offset = 0;
  for (const [name, { shape, values }] of weights) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...[...weights.values()].map(({ values }) => Buffer.from(values.buffer))]);
}

function floats(bytes, dtype) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === "F32") {
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
  }
  if (dtype === "F16") {
    return Float32Array.from({ length: bytes.length / 2 }, (_, index) => half(view.getUint16(2 * index, true)));
  }
  if (dtype === "I8") return Float32Array.from(new Int8Array(bytes));
  throw new Error(`weights of type ${dtype} are not expected here`);
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** Batch normalisation goes into the convolution before it and ReLU onto it: the best form that a peer can be given. */
function folded(graph, weights) {
  const nodes = [];
  // Where each node of the graph ended up.
  const places = [];
  for (const { name, op, inputs } of graph) {
    const [kind] = typeof op === "string" ? [op] : Object.keys(op);
    const fields = op[kind];
    const sources = inputs.map((input) => places[input]);
    const before = nodes[sources[0]];
    if (kind === "batch_norm") {
      fold(before, fields, weights);
      places.push(sources[0]);
    } else if (kind === "activation" && fields.relu && before.kernel) {
      before.relu = true;
      places.push(sources[0]);
    } else {
      places.push(nodes.push(node(name, kind, fields, sources, weights)) - 1);
    }
  }
  return nodes;
}

function node(name, kind, fields, inputs, weights) {
  const expected = { conv: { stride: "1,1", dilation: "1,1" }, conv_transpose: { stride: "2,2", size: "2,2" }, pool: { size: "2,2" } };
  for (const [field, value] of Object.entries(expected[kind] ?? {})) {
    if (String(fields[field]) !== value) throw new Error(`${name}: ${field} ${fields[field]} is not expected here`);
  }
  switch (kind) {
    case "input":
    case "pool":
    case "concat":
      return { name, kind, inputs };
    case "conv":
    case "conv_transpose": {
      const kernel = weights.get(fields.kernel);
      const bias = fields.bias ? weights.get(fields.bias).values : new Float32Array(fields.filters);
      return { name, kind, inputs, kernel: { ...kernel, values: kernel.values.slice() }, bias: bias.slice(), relu: false };
    }
    case "activation":
      if (fields === "sigmoid") return { name, kind: "sigmoid", inputs };
  }
  throw new Error(`${name}: ${kind} is not expected here`);
}

function fold(conv, { gamma, beta, mean, variance, epsilon }, weights) {
  const values = (key) => (key ? weights.get(key).values : undefined);
  const [scale, shift, centre, spread] = [gamma, beta, mean, variance].map(values);
  const filters = conv.bias.length;
  for (let filter = 0; filter < filters; filter += 1) {
    const factor = (scale?.[filter] ?? 1) / Math.sqrt(spread[filter] + epsilon);
    conv.bias[filter] = (conv.bias[filter] - centre[filter]) * factor + (shift?.[filter] ?? 0);
    for (let index = filter; index < conv.kernel.values.length; index += filters) conv.kernel.values[index] *= factor;
  }
}

/** Uniform in -1..1, the same for the same seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
