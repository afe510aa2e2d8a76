// Looking at slices: overlay, windows, zoom, keys; for everybody and on small screens.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { choose, expect, maskOf, openPage, resultsTable, samples, test } from "./support.js";

const axe = readFileSync(fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");
const current = (page) => page.locator('.thumbnail[aria-current="true"]');
const overlay = (page) => page.locator("canvas.overlay");
const slice = (page) => page.getByRole("img", { name: "Slice" });

/** A number that changes when a canvas shows something else. */
const shown = (canvas) =>
  canvas.evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    return data.reduce((hash, value) => (hash * 31 + value) | 0, 7);
  });

test.beforeEach(async ({ page }) => {
  await openPage(page, "?engine=cpu");
});

async function openSamples(page) {
  await page.getByRole("button", { name: "Try sample slices" }).click();
  // Enough for every card: the plot of areas needs two slices.
  await expect(resultsTable(page).locator("tbody tr").nth(1)).toBeVisible();
}

test("keys go to the next and previous slice and toggle the overlay", async ({ page }) => {
  await openSamples(page);
  const first = await current(page).getAttribute("title");
  await page.keyboard.press("ArrowRight");
  await expect(current(page)).not.toHaveAttribute("title", first);
  await page.keyboard.press("ArrowLeft");
  await expect(current(page)).toHaveAttribute("title", first);
  await expect(overlay(page)).not.toHaveClass(/is-hidden/);
  await page.keyboard.press("o");
  await expect(overlay(page)).toHaveClass(/is-hidden/);
});

test("keys of one character can be turned off", async ({ page }) => {
  await openSamples(page);
  const first = await current(page).getAttribute("title");
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: /^Letters/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("o");
  await page.keyboard.press("j");
  await expect(overlay(page)).not.toHaveClass(/is-hidden/);
  await expect(current(page)).toHaveAttribute("title", first);
  await page.keyboard.press("ArrowRight");
  await expect(current(page)).not.toHaveAttribute("title", first);
});

test("outline, fill and opacity change the overlay", async ({ page }) => {
  await openSamples(page);
  await page.keyboard.press("c");
  const one = await shown(overlay(page));
  await page.keyboard.press("f");
  await expect.poll(() => shown(overlay(page))).not.toBe(one);
  await page.keyboard.press("f");
  await page.getByRole("slider", { name: /opacity/i }).fill("30");
  await expect(overlay(page)).toHaveCSS("opacity", "0.3");
});

test("window presets and dragging change how the slice is drawn", async ({ page }) => {
  await openSamples(page);
  const looks = new Set();
  for (const preset of ["Bone", "Soft tissue", "Lung", "Full"]) {
    const before = looks.size ? await shown(slice(page)) : undefined;
    await page.getByRole("button", { name: preset, exact: true }).click();
    if (before !== undefined) await expect.poll(() => shown(slice(page))).not.toBe(before);
    looks.add(await shown(slice(page)));
  }
  expect(looks.size).toBe(4);
  const before = await shown(slice(page));
  const box = await slice(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 30, { steps: 4 });
  await page.mouse.up({ button: "right" });
  await expect.poll(() => shown(slice(page))).not.toBe(before);
});

test("zoom and pan move both panes together", async ({ page }) => {
  await openSamples(page);
  const transforms = () => page.locator(".stack").evaluateAll((stacks) => stacks.map((stack) => stack.style.transform));
  await page.getByRole("button", { name: "Zoom in" }).click();
  const [left, right] = await transforms();
  expect(left).toBe(right);
  expect(left).toContain("scale(1.25");
  await page.locator(".pane").first().hover();
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 4 });
  await page.mouse.up();
  const [movedLeft, movedRight] = await transforms();
  expect(movedLeft).not.toBe(left);
  expect(movedLeft).toBe(movedRight);
});

for (const width of [1440, 400]) {
  test(`at ${width} pixels nothing is cut off and no accessibility rule is broken`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    for (const open of [async () => {}, () => openSamples(page)]) {
      await open();
      await expect(page.getByText("Research use only, not a medical device").first()).toBeInViewport();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    }
  });
}

test("the printed report has the pictures, the table, the model and the notice, and no controls", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [samples[0], maskOf(samples[0])]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(1);
  await expect(page.locator(".report-head")).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report-head")).toContainText("Spine U-Net 16");
  await expect(page.locator(".report-head")).toContainText("not a medical device");
  await expect(resultsTable(page)).toBeVisible();
  await expect(page.locator(".thumbnail canvas")).toBeVisible();
  await expect(page.getByRole("button", { name: "Download masks" })).toBeHidden();
});
