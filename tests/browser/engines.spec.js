// Which engine runs, what the page says of it, and what happens when one fails.

import { choose, download, engineBadge, expect, file, maskOf, openPage, resultRows, resultsTable, samples, test } from "./support.js";
import { agreement, boneWindowCut, unzip } from "./pictures.js";

const reason = (page) => page.locator(".engine-reason");
const status = (page) => page.locator(".status-text");

/** Replaces what the browser says of WebGPU to the page; `gpu` runs there. */
const pretend = (page, gpu) =>
  page.addInitScript(`Object.defineProperty(Navigator.prototype, "gpu", { get: () => (${gpu}) });`);

const adapter = (changes) => `Promise.resolve({
  features: new Set(),
  limits: {
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 32768,
    maxStorageBufferBindingSize: 134217728,
    maxBufferSize: 268435456,
  },
  info: { vendor: "test", architecture: "test", device: "", description: "", isFallbackAdapter: false },
  isFallbackAdapter: false,
  ${changes}
})`;

const obstacles = {
  "the browser has no WebGPU": "undefined",
  "there is no adapter": "{ requestAdapter: async () => null }",
  "asking for an adapter throws": "{ requestAdapter: async () => { throw new Error('no') } }",
  "the adapter's limits are too small": `{ requestAdapter: () => ${adapter("limits: { maxStorageBuffersPerShaderStage: 4 },")} }`,
  "the adapter is a software fallback": `{ requestAdapter: () => ${adapter("isFallbackAdapter: true,")} }`,
};

for (const [obstacle, gpu] of Object.entries(obstacles)) {
  test(`where ${obstacle}, the CPU engine runs and the page says why and what to do`, async ({ page }) => {
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await pretend(page, gpu);
    await openPage(page);
    await expect(engineBadge(page)).toHaveAttribute("data-engine", "cpu");
    await expect(reason(page)).toHaveText(/\. .+\./);
    await choose(page, "Open CT images", [samples[0], maskOf(samples[0])]);
    await expect(status(page)).toHaveText("1 slice finished");
    expect(requests.filter((url) => url.includes("engine-gpu"))).toEqual([]);
  });
}

test("an adapter that the engine cannot get ends in a CPU run", async ({ page }) => {
  // The page sees an adapter, the worker's own request for one finds none.
  await pretend(page, `{ requestAdapter: () => ${adapter("")} }`);
  await openPage(page);
  await expect(engineBadge(page)).toHaveAttribute("data-engine", "cpu");
  await expect(engineBadge(page)).toHaveAttribute("data-state", "ready");
  await expect(reason(page)).not.toBeEmpty();
  await choose(page, "Open CT images", [file("cut.png", boneWindowCut(samples[0], 300, 176, 96, 96))]);
  await expect(status(page)).toHaveText("1 slice finished");
});

test("?engine=cpu runs the CPU engine and says that the address asks for it", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await expect(engineBadge(page)).toHaveAttribute("data-engine", "cpu");
  await expect(reason(page)).toHaveText(/address/);
});

test("a browser with relaxed SIMD gets the CPU engine that uses it, any other the plain one, and both draw the same", async ({ browser, baseURL }) => {
  const masks = [];
  for (const [engine, hasRelaxed] of [["engine-cpu-relaxed", true], ["engine-cpu", false]]) {
    const context = await browser.newContext({ baseURL });
    if (!hasRelaxed) await context.addInitScript(() => { WebAssembly.validate = () => false; });
    const page = await context.newPage();
    await openPage(page, "?engine=cpu");
    await choose(page, "Open CT images", samples.slice(0, 1));
    await expect(status(page)).toHaveText("1 slice finished");
    masks.push(Object.entries(unzip((await download(page, "Download masks")).bytes)).find(([name]) => name.endsWith(".png"))[1]);
    // What is kept for use without a network has this engine, and no other.
    await page.evaluate(() => navigator.serviceWorker.ready);
    const kept = await page.evaluate(async () => {
      const lists = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
      return (await Promise.all(lists)).flat().map(({ url }) => url.split("/").at(-1));
    });
    const hash = "-[0-9a-f]{16}";
    const engines = kept.filter((name) => name.startsWith("engine-")).map((name) => name.replace(new RegExp(hash), "")).sort();
    expect(engines).toEqual([`${engine}.js`, `${engine}_bg.wasm`]);
    expect(page.workers().map((worker) => worker.url()).join()).toMatch(new RegExp(`${engine}${hash}`));
    await context.close();
  }
  expect(agreement(...masks)).toBeGreaterThanOrEqual(0.999);
});

test.describe("when the CPU worker fails during a run", () => {
  test.use({ expectConsoleErrors: true });

  const failures = {
    "is killed": () => self.close(),
    crashes: () => setTimeout(() => { throw new Error("crash"); }),
  };
  for (const [failure, act] of Object.entries(failures)) {
    test(`a worker that ${failure} is replaced, and finished results stay`, async ({ page }) => {
      await openPage(page, "?engine=cpu");
      await choose(page, "Open CT images", samples.flatMap((sample) => [sample, maskOf(sample)]));
      await expect(resultsTable(page).locator("tbody tr").first()).toBeVisible();
      const before = await resultRows(page);
      const worker = page.workers().find((candidate) => candidate.url().includes("engine-cpu"));
      await worker.evaluate(act).catch(() => {});
      await expect(status(page)).toHaveText("6 slices finished");
      const after = await resultRows(page);
      expect(after).toHaveLength(6);
      expect(after).toEqual(expect.arrayContaining(before));
    });
  }
});

test("a slice that no engine survived is given up, and segmented when the user tries again", async ({ page }) => {
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    globalThis.deaths = 2;
    Worker.prototype.postMessage = function (message, ...rest) {
      const isSlice = Array.isArray(message) && String(message[0]).startsWith('{"Segment"');
      if (!isSlice || globalThis.deaths === 0) return postMessage.call(this, message, ...rest);
      globalThis.deaths -= 1;
      // The page cannot tell it from a worker that the browser has ended for want of memory.
      this.terminate();
    };
  });
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [samples[0]]);
  await expect(status(page)).toHaveText("0 slices finished, 1 failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(status(page)).toHaveText("1 slice finished");
  await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
});

test("a model file that was changed on its way is not used", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.route("**/*.safetensors", async (route) => {
    const body = await (await route.fetch()).body();
    body[body.length - 1] ^= 1;
    await route.fulfill({ body });
  });
  await page.goto("./");
  await choose(page, "Open CT images", [samples[0]]);
  await expect(page.getByText(/model file is damaged/i).first()).toBeVisible();
  await context.close();
});
