// Rachis's worker as it is, with a question about its memory answered here.

import "./memory.js";

addEventListener("message", (event) => {
  if (event.data === "memory") {
    event.stopImmediatePropagation();
    postMessage([null, globalThis.wasmBytes()]);
  }
});
await import(new URL(self.location).searchParams.get("script"));
