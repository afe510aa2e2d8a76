// A network that looks at each pixel alone: what it takes for spine is known to the pixel.

const description = {
  version: 1,
  info: {
    name: "bright", preprocessing: { window: { center: 0, width: 2000 } }, classes: [], threshold: 0.5,
    origin: "Made by the tests.", licence: "Apache-2.0", parent: null,
  },
  graph: [
    { name: "image", op: { input: { channels: 1 } }, inputs: [] },
    {
      name: "steep",
      op: {
        conv: {
          kernel: "steep/kernel", bias: "steep/bias", size: [1, 1], filters: 1, stride: [1, 1], dilation: [1, 1],
          padding: "same", groups: 1,
        },
      },
      inputs: [0],
    },
    { name: "mask", op: { activation: "sigmoid" }, inputs: [1] },
  ],
};

/** A model file that takes every pixel brighter than this for spine: a part of white, or of -1000 to 1000 HU. */
export function brighterThan(part) {
  const steepness = 4000;
  const header = Buffer.from(JSON.stringify({
    __metadata__: { rachis: JSON.stringify(description) },
    "steep/bias": { dtype: "F32", shape: [1], data_offsets: [0, 4] },
    "steep/kernel": { dtype: "F32", shape: [1, 1, 1, 1], data_offsets: [4, 8] },
  }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  const weights = Buffer.alloc(8);
  weights.writeFloatLE(-steepness * part, 0);
  weights.writeFloatLE(steepness, 4);
  return { name: "bright.safetensors", mimeType: "application/octet-stream", buffer: Buffer.concat([size, header, weights]) };
}
