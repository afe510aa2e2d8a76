// Grey PNG pictures for the tests: made, cut, compared.

import { unzipSync } from "fflate";
import { PNG } from "pngjs";
import { readFileSync } from "node:fs";

/** A grey 8-bit PNG whose pixel at (row, column) is `value(row, column)`. */
export function picture(rows, columns, value) {
  const data = Buffer.alloc(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) data[row * columns + column] = value(row, column);
  }
  return PNG.sync.write(
    { width: columns, height: rows, data },
    { colorType: 0, inputColorType: 0, inputHasAlpha: false, bitDepth: 8 },
  );
}

/** A rectangle of a CT slice stored as 12-bit values, through a bone window (300/1500), as an 8-bit picture. */
export function boneWindowCut(path, top, left, rows, columns) {
  const slice = PNG.sync.read(readFileSync(path), { skipRescale: true });
  return picture(rows, columns, (row, column) => {
    const stored = slice.data[4 * ((top + row) * slice.width + left + column)];
    const brightness = ((stored - 1024 - 300) / 1500 + 0.5) * 255;
    return Math.max(0, Math.min(255, Math.round(brightness)));
  });
}

/** A grey 8-bit PNG of half the size, each pixel the mean of four. */
export function halved(bytes) {
  const { width, height, values } = greyPixels(bytes);
  return picture(height / 2, width / 2, (row, column) => {
    const first = 2 * row * width + 2 * column;
    return (values[first] + values[first + 1] + values[first + width] + values[first + width + 1]) / 4;
  });
}

/** One value for each pixel of a grey PNG. */
export function greyPixels(bytes) {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return { width, height, values: Uint8Array.from({ length: width * height }, (_, index) => data[4 * index]) };
}

/** The files of a ZIP by name. */
export const unzip = (bytes) => unzipSync(new Uint8Array(bytes));

/** The share of pixels that two masks have in common. */
export function agreement(one, other) {
  const [a, b] = [greyPixels(one), greyPixels(other)];
  if (a.width !== b.width || a.height !== b.height) return 0;
  return a.values.reduce((same, value, index) => same + (value === b.values[index]), 0) / a.values.length;
}
