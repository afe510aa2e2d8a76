// The WebGPU engine on Chromium's software adapter.

import { fileURLToPath } from "node:url";
import * as bench from "./bench.js";
import { agreement, boneWindowCut, unzip } from "./pictures.js";
import { choose, countSlices, download, engineBadge, expect, file, openPage, samples, test } from "./support.js";
import config, { softwareWebGpu } from "../playwright.config.js";

const { launchOptions } = config.use;
test.use({ launchOptions: { ...launchOptions, args: [...launchOptions.args, ...softwareWebGpu] } });
test.describe.configure({ timeout: 400_000 });

const status = (page) => page.locator(".status-text");
const cuts = samples.slice(0, 3).map((path, index) => file(`cut${index}.png`, boneWindowCut(path, 300, 176, 96, 96)));

async function masks(page, query) {
  await openPage(page, query);
  await choose(page, "Open CT images", cuts.slice(0, 1));
  await expect(status(page)).toHaveText("1 slice finished", { timeout: 300_000 });
  return unzip((await download(page, "Download masks")).bytes);
}

test("a software adapter counts as none unless it is forced", async ({ page }) => {
  await openPage(page);
  await expect(engineBadge(page)).toHaveAttribute("data-engine", "cpu");
  await expect(page.locator(".engine-reason")).not.toBeEmpty();
});

test("forced WebGPU draws the mask that the CPU engine draws", async ({ page }) => {
  const onGpu = await masks(page, "?engine=webgpu");
  await expect(engineBadge(page)).toHaveAttribute("data-engine", "webgpu");
  const onCpu = await masks(page, "?engine=cpu");
  expect(agreement(onGpu["cut0.mask.png"], onCpu["cut0.mask.png"])).toBeGreaterThanOrEqual(0.999);
});

test("the engine gets the next slice while it computes", async ({ page }) => {
  await countSlices(page);
  await openPage(page, "?engine=webgpu");
  await choose(page, "Open CT images", cuts);
  await expect(status(page)).toHaveText("3 slices finished", { timeout: 300_000 });
  expect(await page.evaluate(() => globalThis.most)).toEqual({ engines: 1, slices: 2 });
});

test("a model with a layer that the shaders lack brings Burn, which other models do without", async ({ page }) => {
  const engines = [];
  page.on("worker", (worker) => engines.push(worker.url().match(/engine-[a-z-]+(?=-)/)?.[0]));
  await openPage(page, "?engine=webgpu");
  await choose(page, "Open CT images", cuts.slice(0, 1));
  await expect(status(page)).toHaveText("1 slice finished", { timeout: 300_000 });
  expect(engines.filter(Boolean)).toEqual(["engine-gpu"]);
  await choose(page, "Add model", [fileURLToPath(new URL("../../crates/unet/tests/cases/grey-group-normalization/model.keras", import.meta.url))]);
  await page.getByRole("radio", { name: "model.keras", exact: true }).check();
  await expect.poll(() => engines.filter(Boolean), { timeout: 60_000 }).toEqual(["engine-gpu", "engine-gpu-burn"]);
  await expect(status(page)).toHaveText("1 slice finished", { timeout: 300_000 });
  await expect(engineBadge(page)).toHaveAttribute("data-engine", "webgpu");
});

test("a device lost during a run ends on the CPU with nothing lost", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.route("**/engine-gpu-*.js", async (route) => {
    // The device goes away while it has the second slice.
    const loseDevice = `
      const { requestDevice } = GPUAdapter.prototype;
      const { submit } = GPUQueue.prototype;
      const { postMessage } = self;
      let device, isOneDone = false;
      GPUAdapter.prototype.requestDevice = async function (...words) {
        return (device = await requestDevice.apply(this, words));
      };
      self.postMessage = function (message, ...words) {
        isOneDone ||= message[0].startsWith('{"Segmented"');
        return postMessage.call(self, message, ...words);
      };
      GPUQueue.prototype.submit = function (...words) {
        if (isOneDone) device.destroy();
        return submit.apply(this, words);
      };\n`;
    const script = await (await route.fetch()).text();
    await route.fulfill({ contentType: "text/javascript", body: loseDevice + script });
  });
  await openPage(page, "?engine=webgpu");
  await choose(page, "Open CT images", cuts);
  await expect(status(page)).toHaveText("3 slices finished", { timeout: 300_000 });
  await expect(engineBadge(page)).toHaveAttribute("data-engine", "cpu");
  await expect(page.locator(".engine-reason")).not.toBeEmpty();
  const names = Object.keys(unzip((await download(page, "Download masks")).bytes));
  expect(names).toEqual(expect.arrayContaining(["cut0.mask.png", "cut1.mask.png", "cut2.mask.png"]));
  await context.close();
});

test("?bench measures a software adapter where the address asks for WebGPU", async ({ page }) => {
  await page.goto("./?bench=64&engine=webgpu");
  await bench.finished(page);
  await expect(bench.table(page).getByRole("rowheader")).toHaveText(["WebGPU", "CPU"]);
  const { adapter, rows } = await bench.report(page);
  expect(adapter).toMatch(/swiftshader/i);
  expect(rows[0].times.gflops).toBeGreaterThan(0);
});
