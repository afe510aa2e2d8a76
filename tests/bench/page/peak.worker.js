// Multiply-adds in a second, on one wasm thread and on WebGPU: the best of several tries, GFLOP/s.

const TRIES = 5;

async function wasm({ operations }) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/peak.wasm"));
  const iterations = 20_000_000;
  instance.exports.peak(iterations / 10);
  return best(() => {
    instance.exports.peak(iterations);
    return iterations * operations;
  });
}

async function webgpu() {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const [groups, width, rounds, accumulators] = [256, 64, 512, 8];
  const names = Array.from({ length: accumulators }, (_, index) => `a${index}`);
  const code = `
    @group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
    @compute @workgroup_size(${width}) fn main(@builtin(global_invocation_id) id: vec3u) {
      let factor = vec4f(0.999); let term = vec4f(f32(id.x) * 1e-9);
      ${names.map((name, index) => `var ${name} = vec4f(${index}.5);`).join("\n")}
      for (var round = 0u; round < ${rounds}u; round++) {
        ${names.map((name) => `${name} = fma(${name}, factor, term);`).join("\n")}
      }
      result[id.x] = ${names.join(" + ")};
    }`;
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module: device.createShaderModule({ code }), entryPoint: "main" } });
  const buffer = device.createBuffer({ size: groups * width * 16, usage: GPUBufferUsage.STORAGE });
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer } }] });
  return best(async () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return groups * width * rounds * accumulators * 4 * 2;
  });
}

async function best(run) {
  let most = 0;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const start = performance.now();
    const operations = await run();
    most = Math.max(most, operations / (performance.now() - start) / 1e6);
  }
  return most;
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ gflops: await (data.webgpu ? webgpu() : wasm(data)) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
