// What users drop: good files of every kind, bad files among them, and many.

import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { picture } from "./pictures.js";
import { choose, drop, expect, file, fileAt, hasSharedData, openPage, readingCases, samples, sharedData, test } from "./support.js";

const status = (page) => page.locator(".status-text");
const problems = (page) => page.getByRole("status", { name: "Problems" }).getByRole("listitem");
const thumbnails = (page) => page.locator(".thumbnail");

/** The file of a reading case, under another name. */
function caseFile(folder, name) {
  const input = readdirSync(join(readingCases, folder)).find((entry) => entry.startsWith("input"));
  return fileAt(join(readingCases, folder, input), name);
}

test("each bad file is named with what is wrong, and the others are processed", async ({ page }, testInfo) => {
  const huge = testInfo.outputPath("huge.png");
  writeFileSync(huge, caseFile("png-8-bit", "huge.png").buffer);
  truncateSync(huge, 200 * 1024 * 1024);
  const bad = {
    "notes.txt": /text/i,
    "cut-short.dcm": /truncated|cut short|incomplete|ends/i,
    "empty.dcm": /empty|no bytes|0 bytes/i,
    "photo.png": /colou?r/i,
    "brain.dcm": /MR/,
  };
  await openPage(page);
  await choose(page, "Open CT images", [
    file("notes.txt", "not an image"),
    caseFile("dicom-truncated", "cut-short.dcm"),
    file("empty.dcm", ""),
    caseFile("png-colour", "photo.png"),
    caseFile("dicom-mr", "brain.dcm"),
    fileAt(samples[0]),
  ]);
  await expect(status(page)).toHaveText("1 slice finished, 3 failed");
  await choose(page, "Open CT images", [huge]);
  await expect(problems(page)).toHaveCount(6);
  for (const [name, words] of Object.entries(bad)) {
    await expect(problems(page).filter({ hasText: name })).toHaveText(words);
  }
  await expect(problems(page).filter({ hasText: "huge.png" })).toHaveText(/128 MB/);
  await expect(thumbnails(page)).toHaveCount(1);
});

test("every kind of picture and DICOM that the reader knows becomes a slice", async ({ page }) => {
  const folders = [
    "dicom-explicit-little-endian", "dicom-implicit-little-endian", "dicom-big-endian", "dicom-deflated", "dicom-rle",
    "dicom-jpeg-lossless", "dicom-jpeg2000", "dicom-monochrome1", "dicom-padding-signed", "dicom-one-pixel",
    "png-8-bit", "png-16-bit-hu", "tiff-8-bit", "tiff-16-bit-hu", "tiff-signed", "jpeg-grey",
  ];
  await openPage(page, "?engine=cpu");
  await drop(page, folders.map((folder) => caseFile(folder, `${folder}.bin`)));
  await expect(status(page)).toHaveText(`${folders.length} slices finished`);
  await expect(problems(page)).toHaveCount(0);
  await expect(thumbnails(page)).toHaveCount(folders.length);
});

test("sizes that are no multiple of 16, up to 2048 x 2048, come out in their own size", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  const disc = (row, column) => ((row - 100) ** 2 + (column - 90) ** 2 < 900 ? 220 : 90);
  await choose(page, "Open CT images", [
    file("odd.png", picture(201, 187, disc)),
    file("tiny.png", picture(1, 3, disc)),
    file("large.png", picture(2048, 2048, disc)),
    file("too-large.png", picture(2049, 16, disc)),
  ]);
  await expect(status(page)).toHaveText("3 slices finished, 1 failed", { timeout: 100_000 });
  await expect(problems(page)).toHaveText([/too-large\.png.*2048/]);
});

test("300 files in one drop are counted down, can be cancelled and continued", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  const bright = (level) => (row, column) => ((row - 16) ** 2 + (column - 16) ** 2 < 64 ? 255 : level % 200);
  const files = Array.from({ length: 300 }, (_, index) => {
    return file(`slice${String(index).padStart(3, "0")}.png`, picture(32, 32, bright(index)));
  });
  await drop(page, files);
  await expect(page.getByRole("progressbar", { name: "Slices finished" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toHaveText(/^\d+ of 300 slices, cancelled$/);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(status(page)).toHaveText("300 slices finished", { timeout: 100_000 });
  await expect(thumbnails(page)).toHaveCount(300);
});

test("a file that is still being opened when all is removed does not come back", async ({ page }) => {
  // Holds back what the reader is asked to open.
  await page.addInitScript(() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...args) {
      const [message] = args;
      const isOpening = Array.isArray(message) && typeof message[0] === "string" && JSON.parse(message[0]).Open;
      if (globalThis.holdsBack && isOpening) globalThis.release = () => send.apply(this, args);
      else send.apply(this, args);
    };
  });
  const grey = (name) => file(name, picture(32, 32, () => 90));
  await openPage(page, "?engine=cpu");
  await drop(page, [grey("first.png")]);
  await expect(status(page)).toHaveText("1 slice finished");
  await page.evaluate(() => { globalThis.holdsBack = true; });
  await drop(page, [grey("second.png")]);
  await expect.poll(() => page.evaluate(() => Boolean(globalThis.release))).toBe(true);
  await page.getByRole("button", { name: "Remove all" }).click();
  await expect(thumbnails(page)).toHaveCount(0);
  await page.evaluate(() => {
    globalThis.holdsBack = false;
    globalThis.release();
  });
  // Files are opened one after the other, so that this one comes after it.
  await drop(page, [grey("third.png")]);
  await expect(page.locator(".thumbnail-name")).toHaveText(["third.png"]);
  await expect(status(page)).toHaveText("1 slice finished");
});

test("real DICOM slices of many scanners are segmented", async ({ page }) => {
  test.skip(!hasSharedData, "the CT data that the project may not carry is not beside the checkout");
  const names = ["TCGA-17-Z058_010.dcm", "TCGA-17-Z034_017.dcm", "TCGA-34-5234_089.dcm", "TCGA-50-5044_052.dcm"];
  const jpeg2000 = join(sharedData, "totalsegmentator-example/dicom-jpeg2000");
  await openPage(page, "?engine=cpu");
  await drop(page, [
    ...names.map((name) => fileAt(join(sharedData, "tcga", name))),
    fileAt(join(jpeg2000, readdirSync(jpeg2000)[0]), "jpeg2000.dcm"),
  ]);
  await expect(status(page)).toHaveText("5 slices finished");
  await expect(problems(page)).toHaveCount(0);
});
