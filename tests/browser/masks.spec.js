// Reference masks: how they find their images, and what comes of it.

import { picture } from "./pictures.js";
import {
  choose, download, drop, expect, file, fileAt, maskOf, openPage, resultRows, resultsTable, samples, test,
} from "./support.js";

const problems = (page) => page.getByRole("status", { name: "Problems" }).getByRole("listitem");

test("sample slices give a table of results with a mean, and say who made the masks", async ({ page }) => {
  test.setTimeout(300_000);
  await openPage(page, "?engine=cpu");
  await page.getByRole("button", { name: "Try sample slices" }).click();
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(14, { timeout: 250_000 });
  const columns = await resultsTable(page).locator("thead th").allInnerTexts();
  expect(columns.map((name) => name.toLowerCase())).toEqual(["slice", "dice", "sensitivity", "specificity", "precision", "accuracy"]);
  const rows = await resultRows(page);
  // At end-plates, where the reference leaves out the disc, the model fares worse.
  for (const [, dice] of rows) expect(Number(dice)).toBeGreaterThan(0.5);
  const mean = await resultsTable(page).locator("tfoot td").first().innerText();
  const expected = rows.reduce((sum, [, dice]) => sum + Number(dice), 0) / rows.length;
  expect(Number(mean)).toBeCloseTo(expected, 2);
  expect(Number(mean)).toBeGreaterThan(0.8);
  await expect(page.getByRole("button", { name: "mm²" })).toBeEnabled();
  await expect(page.getByText("CC BY 3.0").first()).toBeVisible();
  await expect(page.getByText(/TotalSegmentator/).first()).toBeVisible();
});

test("a mask is paired by x_mask.png, x.mask.png, or the same name among the masks", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [
    fileAt(samples[0], "a.png"), fileAt(maskOf(samples[0]), "a_mask.png"),
    fileAt(samples[1], "b.png"), fileAt(maskOf(samples[1]), "b.mask.png"),
    fileAt(samples[2], "c.png"),
  ]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(2);
  await choose(page, "Open reference masks", [fileAt(maskOf(samples[2]), "c.png")]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(3);
  for (const [, dice] of await resultRows(page)) expect(Number(dice)).toBeGreaterThan(0.7);
});

test("a mask that fits no image or has another size is named, and the rest goes on", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [
    fileAt(samples[0], "a.png"), file("a_mask.png", picture(16, 16, () => 0)),
    fileAt(samples[1], "b.png"), fileAt(maskOf(samples[1]), "b_mask.png"),
    fileAt(maskOf(samples[2]), "nobody_mask.png"),
  ]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(1);
  await expect(problems(page)).toHaveCount(2);
  await expect(problems(page).filter({ hasText: "a_mask.png" })).toHaveText(/size|16/);
  await expect(problems(page).filter({ hasText: "nobody_mask.png" })).toHaveText(/image/);
});

test("the results as CSV hold the table's numbers, empty where a slice has no reference, and the notice", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [samples[0], maskOf(samples[0]), samples[1]]);
  await expect(page.locator(".status-text")).toHaveText("2 slices finished");
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(1);
  const [[, dice]] = await resultRows(page);
  const { bytes } = await download(page, "Download results");
  const [header, row, other] = bytes.toString().split(/\r?\n/);
  expect(header).toMatch(/^case,dice,sensitivity,specificity,precision,accuracy,spine_pixels,iou,.*,tn,patient,notice$/);
  expect(Number(row.split(",")[1])).toBeCloseTo(Number(dice), 3);
  expect(row).toContain("Research use only");
  expect(row.split(",")[header.split(",").indexOf("tp")]).toMatch(/^\d+$/);
  expect(other).toMatch(/^[^,]+,{6}\d+,{5}\d+,{9}"?Research use only/);
});

test("moving the threshold moves every number at once, and resetting it brings the model's own back", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [samples[0], maskOf(samples[0])]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(1);
  const scores = async () => (await resultRows(page))[0].slice(1).map(Number);
  const [dice, sensitivity, , precision] = await scores();
  const slider = page.getByRole("slider", { name: "Threshold" });
  await slider.fill("240");
  const strict = await scores();
  expect(strict[1]).toBeLessThan(sensitivity);
  expect(strict[3]).toBeGreaterThanOrEqual(precision);
  await slider.fill("1");
  expect((await scores())[1]).toBeGreaterThanOrEqual(sensitivity);
  await page.getByRole("button", { name: "Reset" }).click();
  expect((await scores())[0]).toBe(dice);
});
