// The evaluation: agreement of areas, other thresholds, charts to keep.

import { basename } from "node:path";
import { choose, expect, maskOf, openPage, resultsTable, samples, test } from "./support.js";

const points = (page) => page.locator(".agreement .chart-point");

/** The numbers in a text, with the page's minus sign. */
const numbers = (text) => text.replaceAll("\u2212", "-").match(/[+-]?\d+(\.\d+)?/g).map(Number);

test.beforeEach(async ({ page }) => {
  await openPage(page, "?engine=cpu");
  const chosen = samples.slice(0, 3);
  await choose(page, "Open CT images", [...chosen, ...chosen.map(maskOf)]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(3);
});

test("the Bland-Altman plot has a point for each slice, and the mean and limits of their differences", async ({ page }) => {
  await expect(points(page)).toHaveCount(3);
  const names = await points(page).evaluateAll((all) => all.map((point) => point.getAttribute("aria-label")));
  const differences = names.map((name) => numbers(name.split(": ")[1])[1]);
  const mean = differences.reduce((sum, value) => sum + value, 0) / 3;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
  const shown = (await page.locator(".agreement dd").allInnerTexts()).map((text) => numbers(text)[0]);
  // Each is rounded to whole pixels.
  expect(Math.abs(shown[0] - mean)).toBeLessThan(1.1);
  expect(Math.abs(shown[1] - (mean - 1.96 * deviation))).toBeLessThan(3);
  expect(Math.abs(shown[2] - (mean + 1.96 * deviation))).toBeLessThan(3);
  await expect(page.getByRole("button", { name: "mm²" })).toBeDisabled();
});

test("a point is named on hover and on focus, arrow keys reach its neighbour, Enter opens its slice", async ({ page }) => {
  const pointed = page.locator(".pointed");
  await points(page).nth(1).hover();
  await expect(pointed).toHaveText(await points(page).nth(1).getAttribute("aria-label"));
  await points(page).nth(0).focus();
  await page.keyboard.press("ArrowRight");
  await expect(points(page).nth(1)).toBeFocused();
  const name = await points(page).nth(1).getAttribute("aria-label");
  await expect(pointed).toHaveText(name);
  await page.keyboard.press("Enter");
  await expect(page.locator(".viewer-head h2")).toHaveText(name.split(":")[0]);
});

test("charts follow the threshold and are kept as SVG with the notice and without the files' names", async ({ page }) => {
  const before = await points(page).nth(0).getAttribute("aria-label");
  await page.getByRole("slider", { name: "Threshold" }).fill("5");
  await expect(points(page).nth(0)).not.toHaveAttribute("aria-label", before);
  await page.getByText("Other thresholds").click();
  await expect(page.locator(".curves .chart")).toHaveCount(2);
  for (const place of [0, 1, 2]) {
    const started = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download chart (SVG)" }).nth(place).click();
    const file = await started;
    expect(file.suggestedFilename()).toMatch(/^rachis-.*\.svg$/);
    const text = await (await file.createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString());
    const problem = await page.evaluate(
      (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror")?.textContent ?? null, text);
    expect(problem).toBeNull();
    expect(text).toContain("not a medical device");
    for (const sample of samples.slice(0, 3)) expect(text).not.toContain(basename(sample, ".png"));
  }
});
