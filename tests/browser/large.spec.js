// More than fits: volumes larger than the memory for slices, and files by the thousand.

import { PNG } from "pngjs";

import { volume } from "./nifti.js";
import { choose, drop, expect, file, openPage, test } from "./support.js";

const thumbnails = (page) => page.locator(".thumbnail");
const status = (page) => page.locator(".status-text");

/** The value in the middle of the slice that is shown. */
async function expectValue(page, value) {
  await expect(page.locator(".pane .stack").first()).not.toHaveClass(/is-empty/);
  await expect(async () => {
    const { x, y, width, height } = await page.locator(".pane canvas").first().boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.move(x + width / 2 + 2, y + height / 2 + 2);
    await expect(page.locator(".readout")).toHaveText(new RegExp(`^${value} HU`), { timeout: 500 });
  }).toPass();
}

test("A volume that does not fit into memory is shown to its end and back, and segmented", async ({ page }) => {
  const side = 64;
  const slices = 1000;
  // What the page asks its workers for.
  await page.addInitScript(() => {
    globalThis.asked = [];
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (Array.isArray(message) && typeof message[0] === "string") globalThis.asked.push(JSON.parse(message[0]));
      return send.call(this, message, ...rest);
    };
  });
  const timesRead = (slice) =>
    page.evaluate((slice) => globalThis.asked.filter(({ Read }) => Read?.place.slice === slice).length, slice);

  // 1 MB holds 128 of the slices.
  await openPage(page, "?engine=cpu&memory=1");
  const content = volume({ size: [side, side, slices], spacing: [1, 1, 1], value: (column, row, slice) => slice });
  await choose(page, "Open CT images", [file("volume.nii", content)]);
  await expect(thumbnails(page)).toHaveCount(slices);
  await expectValue(page, 0);

  await thumbnails(page).last().click();
  await expectValue(page, slices - 1);
  await thumbnails(page).nth(500).click();
  await expectValue(page, 500);
  // Those about it are read for the cuts through the volume, and drive out the first.
  await expect.poll(() => timesRead(460)).toBeGreaterThan(0);
  expect(await timesRead(0)).toBe(1);

  await thumbnails(page).first().click();
  await expectValue(page, 0);
  await expect.poll(() => timesRead(0)).toBe(2);

  await expect(thumbnails(page).first()).toHaveAttribute("data-phase", "done");
  await page.locator(".status").getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toContainText("cancelled");
  // A slice that was never read is shown though nothing is segmented.
  await thumbnails(page).nth(800).click();
  await expectValue(page, 800);
  await page.locator(".status").getByRole("button", { name: "Continue" }).click();
  await expect(thumbnails(page).nth(800)).toHaveAttribute("data-phase", "done");
});

test("A thousand files come in one drop, and only thumbnails in view are drawn", async ({ page }) => {
  const count = 1000;
  await openPage(page, "?engine=cpu");
  const picture = (index) => {
    const png = new PNG({ width: 8, height: 8 });
    png.data.fill(255);
    for (let place = 0; place < png.data.length; place += 4) png.data.fill(index % 200, place, place + 3);
    return PNG.sync.write(png);
  };
  const name = (index) => `slice-${String(index).padStart(4, "0")}.png`;
  await drop(page, Array.from({ length: count }, (_, index) => file(name(index), picture(index))));
  await expect(page.getByRole("heading", { name: `${count} slices` })).toBeVisible();
  await page.locator(".status").getByRole("button", { name: "Cancel" }).click();

  const drawn = () =>
    page.locator(".thumbnail canvas").evaluateAll((all) => all.flatMap(({ width }, place) => (width > 1 ? [place] : [])));
  await expect.poll(async () => (await drawn()).includes(0)).toBe(true);
  expect((await drawn()).length).toBeLessThan(60);

  await thumbnails(page).last().scrollIntoViewIfNeeded();
  await expect.poll(async () => (await drawn()).includes(count - 1)).toBe(true);
  await expect.poll(async () => (await drawn()).includes(0)).toBe(false);
  expect((await drawn()).length).toBeLessThan(60);

  await thumbnails(page).last().click();
  await expect(page.getByRole("heading", { name: name(count - 1) })).toBeVisible();
  await expect(page.locator(".pane .stack").first()).not.toHaveClass(/is-empty/);
});
