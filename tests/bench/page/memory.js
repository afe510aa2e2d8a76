// To be imported before anything that instantiates wasm: remembers every memory, so that its size can be told later.

const memories = new Set();
const NativeMemory = WebAssembly.Memory;

WebAssembly.Memory = new Proxy(NativeMemory, {
  construct(target, [descriptor]) {
    const memory = new target(descriptor);
    memories.add(memory);
    return memory;
  },
});

for (const name of ["instantiate", "instantiateStreaming"]) {
  const native = WebAssembly[name];
  WebAssembly[name] = async (...words) => {
    const result = await native.apply(WebAssembly, words);
    for (const value of Object.values((result.instance ?? result).exports)) {
      if (value instanceof NativeMemory) memories.add(value);
    }
    return result;
  };
}

globalThis.wasmBytes = () => [...memories].reduce((total, memory) => total + memory.buffer.byteLength, 0);
