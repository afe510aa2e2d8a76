// How fast multiply-adds can be on this machine's engines, with nothing to load or store: the roof over every kernel.

import binaryen from "binaryen";

const LANES = 4;
const ACCUMULATORS = 12;

/** A wasm module with `peak(iterations)`, and its operations in one iteration. */
export function peakModule() {
  const locals = Array.from({ length: ACCUMULATORS }, (_, index) => `(local $a${index} v128)`).join(" ");
  const steps = Array.from({ length: ACCUMULATORS }, (_, index) =>
    `(local.set $a${index} (f32x4.add (f32x4.mul (local.get $a${index}) (local.get $factor)) (local.get $term)))`).join("\n");
  const sum = Array.from({ length: ACCUMULATORS }, (_, index) => `(local.get $a${index})`)
    .reduce((left, right) => `(f32x4.add ${left} ${right})`);
  const text = `(module (func (export "peak") (param $iterations i32) (result f32)
    (local $factor v128) (local $term v128) ${locals}
    (local.set $factor (f32x4.splat (f32.const 0.999)))
    (local.set $term (f32x4.splat (f32.const 0.001)))
    (loop $again ${steps}
      (local.set $iterations (i32.sub (local.get $iterations) (i32.const 1)))
      (br_if $again (local.get $iterations)))
    (f32x4.extract_lane 0 ${sum})))`;
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.SIMD128);
  if (!module.validate()) throw new Error("the peak loop is not valid");
  return { bytes: module.emitBinary(), operations: 2 * LANES * ACCUMULATORS };
}
