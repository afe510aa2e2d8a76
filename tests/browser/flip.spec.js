// Images that lie the wrong way are turned on the page; their masks go home as the files have them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { greyPixels, picture, unzip } from "./pictures.js";
import { brighterThan } from "./pixelwise.js";
import { download, drop, expect, file, fileAt, openPage, resultsTable, stackCases, test } from "./support.js";

const status = (page) => page.locator(".status-text");
const sides = (page) => page.locator(".pane").first().locator(".side");
const flip = (page) => page.getByRole("button", { name: "Flip left–right" });
const turn = (page) => page.getByRole("button", { name: "Turn 180°" });
const slice = (page) => page.getByRole("img", { name: "Slice" });

/** The grey of a canvas, row by row. */
const shown = (canvas) =>
  canvas.evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    return Array.from({ length: element.width * element.height }, (_, index) => data[4 * index]);
  });

const [rows, columns] = [24, 40];
/** Bright in the upper left corner, with a notch that no turn leaves in its place. */
const isBright = (row, column) => row < 9 && column < 13 && !(row < 3 && column < 4);
const corner = picture(rows, columns, (row, column) => (isBright(row, column) ? 230 : 5 * (row % 4) + column));
const wanted = Array.from({ length: rows * columns }, (_, index) =>
  isBright(Math.floor(index / columns), index % columns) ? 255 : 0);
const mirrored = (pixels) => pixels.map((_, index) => pixels[index - (index % columns) + columns - 1 - (index % columns)]);

async function openWithModel(page, files) {
  await openPage(page, "?engine=cpu");
  await drop(page, [brighterThan(0.55), ...files]);
  await page.getByRole("radio", { name: "bright.safetensors", exact: true }).check();
  await expect(status(page)).toHaveText(/\d finished$|slices? finished$/);
}

async function mask(page, name) {
  const files = unzip((await download(page, "Download masks")).bytes);
  return [...greyPixels(files[name]).values];
}

test("a picture is mirrored and turned, segmented anew, and its mask keeps the picture's own pixels", async ({ page }) => {
  const reference = file("corner_mask.png", picture(rows, columns, (row, column) => (isBright(row, column) ? 255 : 0)));
  await openWithModel(page, [file("corner.png", corner), reference]);
  const before = await shown(slice(page));
  expect(await mask(page, "corner.mask.png")).toEqual(wanted);
  for (const [button, expected] of [
    [flip, mirrored(before)],
    [turn, [...mirrored(before)].reverse()],
    [flip, [...before].reverse()],
    [turn, before],
  ]) {
    await button(page).click();
    await expect.poll(() => shown(slice(page))).toEqual(expected);
    await expect(status(page)).toHaveText("1 slice finished");
    // The reference follows, and nothing of the turn is left in the file.
    await expect(resultsTable(page).locator("tbody td").first()).toHaveText("1.000");
    expect(await mask(page, "corner.mask.png")).toEqual(wanted);
  }
  await expect(flip(page)).toHaveAttribute("aria-pressed", "false");
});

test("a flip turns the whole volume and its letters, and the volume of masks stays that of the file", async ({ page }) => {
  const source = readFileSync(join(stackCases, "nifti-asl-gz", "input.nii.gz"));
  await openWithModel(page, [file("spine.nii.gz", source)]);
  expect(await sides(page).allInnerTexts()).toEqual(["R", "L", "A", "P"]);
  const volume = async () => {
    await page.getByRole("combobox", { name: "Masks as" }).selectOption({ label: "NIfTI volume" });
    return gunzipSync(unzip((await download(page, "Download masks")).bytes)["spine.mask.nii.gz"]);
  };
  const before = await volume();
  await flip(page).click();
  await expect(sides(page)).toHaveText(["L", "R", "A", "P"]);
  await expect(status(page)).toHaveText("4 slices finished");
  await expect(page.locator(".thumbnail")).toHaveCount(4);
  await turn(page).click();
  await expect(sides(page)).toHaveText(["R", "L", "P", "A"]);
  await page.keyboard.press("ArrowRight");
  await expect(sides(page)).toHaveText(["R", "L", "P", "A"]);
  await expect(status(page)).toHaveText("4 slices finished");
  expect(await volume()).toEqual(before);

  // Size, affine and voxels of the file, which is stored along other axes than it is shown.
  const image = gunzipSync(source);
  expect(before.subarray(40, 56)).toEqual(image.subarray(40, 56));
  expect(before.subarray(280, 328)).toEqual(image.subarray(280, 328));
  const count = [1, 2, 3].reduce((product, axis) => product * image.readInt16LE(40 + 2 * axis), 1);
  const start = image.readFloatLE(108);
  const voxels = Array.from({ length: count }, (_, index) => image.readInt16LE(start + 2 * index));
  expect(image.readInt16LE(70)).toBe(4);
  expect([...before.subarray(352)]).toEqual(voxels.map((value) => (value > 100 ? 1 : 0)));
});

test("a mask without a place follows an image without one", async ({ page }) => {
  const folder = join(stackCases, "nifti-without-place");
  const image = fileAt(join(folder, readdirSync(folder).find((name) => name.startsWith("input"))), "scan.nii");
  await openWithModel(page, [image]);
  await page.getByRole("combobox", { name: "Masks as" }).selectOption({ label: "NIfTI volume" });
  const files = unzip((await download(page, "Download masks")).bytes);
  await drop(page, [file("scan.mask.nii.gz", Buffer.from(files["scan.mask.nii.gz"]))]);
  const dice = resultsTable(page).locator("tfoot td").first();
  await expect(dice).toHaveText("1.000");
  await flip(page).click();
  await expect(dice).toHaveText("1.000");
});
