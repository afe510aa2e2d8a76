// Several CPU engines at once.

import { unzip } from "./pictures.js";
import { choose, countSlices, download, engineBadge, expect, maskOf, openPage, resultRows, samples, test } from "./support.js";

const status = (page) => page.locator(".status-text");
const engines = (page) => page.workers().filter((worker) => worker.url().includes("engine-cpu"));

/** Replaces what the browser says of the machine. */
const pretend = (page, machine) =>
  page.addInitScript((machine) => {
    for (const [key, value] of Object.entries(machine)) Object.defineProperty(Navigator.prototype, key, { get: () => value });
  }, machine);

/** The masks of all samples, and how many engines and slices there were at once. */
async function segmentAll(page, machine) {
  await pretend(page, machine);
  await countSlices(page);
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", samples);
  await expect(status(page)).toHaveText(`${samples.length} slices finished`);
  const masks = unzip((await download(page, "Download masks")).bytes);
  return { masks, most: await page.evaluate(() => globalThis.most) };
}

test("several engines segment different slices at once, and draw what one draws", async ({ browser, baseURL }) => {
  const results = [];
  for (const hardwareConcurrency of [1, 4]) {
    const context = await browser.newContext({ baseURL });
    results.push(await segmentAll(await context.newPage(), { hardwareConcurrency }));
    await context.close();
  }
  const [one, several] = results;
  expect(one.most).toEqual({ engines: 1, slices: 1 });
  expect(several.most).toEqual({ engines: 3, slices: 1 });
  expect(Object.keys(one.masks).filter((name) => name.endsWith(".png"))).toHaveLength(samples.length);
  expect(several.masks).toEqual(one.masks);
});

test("the badge says how many work, and those that are not needed end", async ({ page }) => {
  await pretend(page, { hardwareConcurrency: 2 });
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", samples);
  await expect(engineBadge(page)).toContainText("CPU, 2 workers");
  await expect(status(page)).toHaveText("6 slices finished");
  await expect(engineBadge(page)).toContainText(/^CPU(?!,)/);
  await expect.poll(() => engines(page).length).toBe(1);
});

test("one slice starts one engine", async ({ page }) => {
  let started = 0;
  page.on("worker", (worker) => (started += Number(worker.url().includes("engine-cpu"))));
  await pretend(page, { hardwareConcurrency: 8 });
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", samples.slice(0, 1));
  await expect(status(page)).toHaveText("1 slice finished");
  expect(started).toBe(1);
});

test("a machine with little memory gets one engine", async ({ page }) => {
  const { most } = await segmentAll(page, { hardwareConcurrency: 8, deviceMemory: 0.25 });
  expect(most.engines).toBe(1);
});

test("cancelling stops all engines, and going on finishes every slice", async ({ page }) => {
  await pretend(page, { hardwareConcurrency: 2 });
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", samples);
  await expect(engineBadge(page)).toContainText("CPU, 2 workers");
  await page.locator(".status").getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toContainText("cancelled");
  await expect.poll(() => engines(page).length).toBe(1);
  await page.locator(".status").getByRole("button", { name: "Continue" }).click();
  await expect(status(page)).toHaveText("6 slices finished");
});

test.describe("when engines are killed during a run", () => {
  test.use({ expectConsoleErrors: true });

  for (const [which, killed] of [["one", 1], ["every", 2]]) {
    test(`nothing is lost where ${which} engine is killed`, async ({ page }) => {
      await pretend(page, { hardwareConcurrency: 2 });
      await openPage(page, "?engine=cpu");
      await choose(page, "Open CT images", samples.flatMap((sample) => [sample, maskOf(sample)]));
      await expect.poll(() => engines(page).length).toBe(2);
      // Looked for in every frame: the run takes a second.
      await page.waitForFunction(() => /^[1-4] of 6/.test(document.querySelector(".status-text").textContent));
      const before = await resultRows(page);
      await Promise.all(engines(page).slice(0, killed).map((worker) => worker.evaluate(() => self.close()).catch(() => {})));
      await expect(status(page)).toHaveText("6 slices finished");
      const after = await resultRows(page);
      expect(after).toHaveLength(6);
      expect(after).toEqual(expect.arrayContaining(before));
    });
  }
});
