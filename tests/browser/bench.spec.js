// `?bench`: what the page tells of this machine's engines.

import { finished, report, table } from "./bench.js";
import { expect, test } from "./support.js";

test("?bench gives a row for each size on the CPU, and says why WebGPU is left out", async ({ page }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto("./?bench=64,128");
  await finished(page);
  await expect(table(page).getByRole("rowheader")).toHaveText(["CPU", "CPU"]);
  await expect(page.locator(".hint")).toHaveText(/graphics card/);
  const { rows, cores, adapter, model } = await report(page);
  expect(rows.map(({ engine, size }) => [engine, size])).toEqual([["Cpu", 64], ["Cpu", 128]]);
  for (const { times } of rows) {
    expect(times.runs).toBeGreaterThanOrEqual(3);
    expect(times.warm_ms).toBeGreaterThan(0);
    expect(times.start_ms + times.load_ms).toBeGreaterThan(0);
    expect(times.gflops).toBeGreaterThan(0.1);
  }
  expect([cores > 0, adapter, model]).toEqual([true, null, "spine-unet-16"]);
  const ours = new URL(page.url()).origin;
  expect(requests.filter((url) => new URL(url).origin !== ours || url.includes("engine-gpu"))).toEqual([]);
});

test("the report is copied as JSON", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("./?bench=64");
  await finished(page);
  const shown = await report(page);
  await page.getByRole("button", { name: "Copy as JSON" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(shown);
});

test("an engine that stops is a row that says so, and the others are measured", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, serviceWorkers: "block" });
  const page = await context.newPage();
  let downloads = 0;
  await page.route("**/engine-cpu*_bg*.wasm", (route) => (downloads++ ? route.continue() : route.abort()));
  await page.goto("./?bench=64,128");
  await finished(page);
  const rows = table(page).locator("tbody tr");
  await expect(rows.nth(0)).toHaveText(/stopped/);
  await expect(rows.nth(1)).toHaveText(/128 × 128/);
  await expect(rows.nth(1)).not.toHaveText(/stopped/);
  await context.close();
});
