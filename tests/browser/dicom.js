// DICOM slices for the tests: the least that a CT image needs.

import { PNG } from "pngjs";
import { readFileSync } from "node:fs";

/** Value representations with 32-bit lengths in explicit VR. */
const LONG = ["OW"];

function element(group, number, vr, value) {
  let bytes = typeof value === "string" ? Buffer.from(value, "latin1") : value;
  if (bytes.length % 2) bytes = Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
  const isLong = LONG.includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (isLong) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

function short(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/**
 * A CT slice as an explicit little-endian DICOM file. `hu` has `rows * columns` values; `uid` is the image's and ends the
 * series' unless that has its own. An axial slice of a supine patient at `heightMm`, where that is given.
 */
export function ctSlice({ rows, columns, hu, spacingMm, patientId, uid, seriesUid = `${uid}.1`, heightMm }) {
  const pixels = Buffer.alloc(2 * rows * columns);
  hu.forEach((value, index) => pixels.writeInt16LE(value, 2 * index));
  const ct = "1.2.840.10008.5.1.4.1.1.2";
  return Buffer.concat([
    Buffer.alloc(128), Buffer.from("DICM"),
    element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1"),
    element(0x0008, 0x0016, "UI", ct),
    element(0x0008, 0x0018, "UI", uid),
    element(0x0008, 0x0060, "CS", "CT"),
    element(0x0010, 0x0020, "LO", patientId),
    element(0x0020, 0x000e, "UI", seriesUid),
    ...(heightMm === undefined ? [] : [
      element(0x0020, 0x0032, "DS", `0\\0\\${heightMm}`),
      element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"),
    ]),
    element(0x0028, 0x0002, "US", short(1)),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    element(0x0028, 0x0010, "US", short(rows)),
    element(0x0028, 0x0011, "US", short(columns)),
    element(0x0028, 0x0030, "DS", `${spacingMm}\\${spacingMm}`),
    element(0x0028, 0x0100, "US", short(16)),
    element(0x0028, 0x0101, "US", short(16)),
    element(0x0028, 0x0102, "US", short(15)),
    element(0x0028, 0x0103, "US", short(1)),
    element(0x0028, 0x1052, "DS", "0"),
    element(0x0028, 0x1053, "DS", "1"),
    element(0x7fe0, 0x0010, "OW", pixels),
  ]);
}

/** The Hounsfield units of a slice stored as a PNG of 12-bit values. */
export function hounsfieldUnits(path) {
  const { width, height, data } = PNG.sync.read(readFileSync(path), { skipRescale: true });
  return { rows: height, columns: width, hu: Array.from({ length: width * height }, (_, index) => data[4 * index] - 1024) };
}
