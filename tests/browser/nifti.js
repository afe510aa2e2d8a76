// NIfTI volumes for the tests: made, or cut out of a larger one.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const INT16 = 4;
const HEADER = 352;

/** A volume of 16-bit numbers: `value(column, row, slice)` in slices from the feet up, upright as radiologists see them. */
export function volume({ size, spacing, origin = [0, 0, 0], value }) {
  const [columns, rows, slices] = size;
  const file = Buffer.alloc(HEADER + 2 * columns * rows * slices);
  file.writeInt32LE(348, 0);
  [3, columns, rows, slices, 1, 1, 1, 1].forEach((number, place) => file.writeInt16LE(number, 40 + 2 * place));
  file.writeInt16LE(INT16, 70);
  file.writeInt16LE(16, 72);
  [1, ...spacing].forEach((number, place) => file.writeFloatLE(number, 76 + 4 * place));
  file.writeFloatLE(HEADER, 108);
  file.writeFloatLE(1, 112);
  file[123] = 2; // millimetres
  file.writeInt16LE(1, 254);
  // Columns run to the patient's left, rows to the back: against NIfTI's x and y.
  const directions = [-spacing[0], -spacing[1], spacing[2]];
  directions.forEach((step, axis) => {
    file.writeFloatLE(step, 280 + 16 * axis + 4 * axis);
    file.writeFloatLE(origin[axis], 280 + 16 * axis + 12);
  });
  file.write("n+1\0", 344, "latin1");
  for (let slice = 0, place = HEADER; slice < slices; slice++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, place += 2) {
        file.writeInt16LE(value(column, row, slice), place);
      }
    }
  }
  return file;
}

/** A gzipped volume whose axes are the patient's: its size, spacing, and values as `volume` takes them. */
export function open(path) {
  const file = gunzipSync(readFileSync(path));
  const size = [42, 44, 46].map((place) => file.readInt16LE(place));
  const [columns, rows] = size;
  const spacing = [80, 84, 88].map((place) => file.readFloatLE(place));
  const [start, slope, intercept] = [108, 112, 116].map((place) => file.readFloatLE(place));
  const bytes = file.readInt16LE(72) / 8;
  const read = { 2: (place) => file.readUInt8(place), 4: (place) => file.readInt16LE(place) }[file.readInt16LE(70)];
  // `volume` counts to the left, to the back and to the head.
  const isFlipped = [file.readFloatLE(280) > 0, file.readFloatLE(300) > 0, file.readFloatLE(320) < 0];
  const value = (...voxel) => {
    const [column, row, slice] = voxel.map((index, axis) => (isFlipped[axis] ? size[axis] - 1 - index : index));
    return read(start + bytes * ((slice * rows + row) * columns + column)) * (slope || 1) + intercept;
  };
  return { size, spacing, value };
}

/** A block of a volume, from voxel `from` on. */
export function cut({ spacing, value }, from, size) {
  const [column, row, slice] = from;
  return volume({ size, spacing, value: (x, y, z) => value(column + x, row + y, slice + z) });
}
