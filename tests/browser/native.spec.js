// The page and the native command are one program.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agreement, boneWindowCut, greyPixels, halved, unzip } from "./pictures.js";
import { choose, download, expect, file, openPage, samples, test } from "./support.js";

const weights = fileURLToPath(new URL("../../weights/spine-unet-16.safetensors", import.meta.url));

test("the page's masks equal the native command's on 99.99 % of pixels", async ({ page }, testInfo) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", samples);
  await expect(page.locator(".status-text")).toHaveText(`${samples.length} slices finished`);
  const zip = unzip((await download(page, "Download masks")).bytes);

  const folder = testInfo.outputPath("native");
  execFileSync(process.env.RACHIS_COMMAND, ["segment", ...samples, "--model", weights, "--out", folder]);
  for (const sample of samples) {
    const name = basename(sample).replace(".png", ".mask.png");
    const native = readFileSync(join(folder, name));
    expect(agreement(zip[name], native)).toBeGreaterThanOrEqual(0.9999);
    const { width, height, values } = greyPixels(zip[name]);
    expect([width, height]).toEqual([512, 512]);
    expect(new Set(values)).toEqual(new Set([0, 255]));
  }
  const notices = Object.entries(zip).filter(([name]) => name.endsWith(".txt"));
  expect(Buffer.from(notices[0][1]).toString()).toContain("Research use only, not a medical device");
});

test("a slice as a picture of half the size has half the mask", async ({ page }) => {
  const whole = boneWindowCut(samples[0], 0, 0, 512, 512);
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [file("half.png", halved(whole)), file("whole.png", whole)]);
  await expect(page.locator(".status-text")).toHaveText("2 slices finished");
  const masks = unzip((await download(page, "Download masks")).bytes);
  const expected = greyPixels(halved(masks["whole.mask.png"])).values.map((mean) => (mean > 127 ? 255 : 0));
  expect(dice(greyPixels(masks["half.mask.png"]).values, expected)).toBeGreaterThan(0.93);
});

/** Twice what two masks have in common by what they have in all. */
function dice(one, other) {
  const count = (values) => values.reduce((sum, value) => sum + value / 255, 0);
  return (2 * count(one.map((value, index) => Math.min(value, other[index])))) / (count(one) + count(other));
}
