// Nothing leaves the page, and the page needs nothing once it has loaded.

import { choose, expect, fileAt, maskOf, openPage, samples, test } from "./support.js";

const ready = (page) => expect(page.locator("[data-engine]")).toHaveAttribute("data-state", "ready");

test("opening and segmenting slices requests nothing at all beyond the site's own files", async ({ page, context, baseURL }) => {
  const requests = [];
  context.on("request", (request) => requests.push(request));
  await openPage(page);
  await ready(page);
  await choose(page, "Open CT images", [
    fileAt(samples[0], "Doe^Jane.png"),
    fileAt(maskOf(samples[0]), "Doe^Jane_mask.png"),
  ]);
  await expect(page.locator(".status-text")).toHaveText("1 slice finished");
  expect(requests.length).toBeGreaterThan(5);
  for (const request of requests) {
    expect(request.method()).toBe("GET");
    expect(request.postData()).toBeNull();
    const isOwn = request.url().startsWith(baseURL);
    const isMade = request.url().startsWith("blob:");
    expect(isOwn || isMade, request.url()).toBe(true);
    expect(request.url()).not.toMatch(/doe/i);
  }
});

test.describe("where the browser itself reports the refused requests", () => {
  test.use({ expectConsoleErrors: true });

  test("the policy forbids every other origin and everything inline", async ({ page }) => {
    await openPage(page);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toContain("unsafe-inline");
    const blocked = await page.evaluate(async () => {
      const violation = new Promise((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
      });
      await fetch("http://127.0.0.1:9/").catch(() => {});
      return violation;
    });
    expect(blocked).toBe("connect-src");
  });

  test("with the network cut after load everything still works", async ({ page, context }) => {
    await openPage(page);
    await ready(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
    await context.setOffline(true);
    await page.getByRole("button", { name: "Try sample slices" }).click();
    await expect(page.locator(".status-text")).toHaveText(/^([1-9]\d* of 14 slices|14 slices finished)/);
    await page.reload();
    await ready(page);
    await choose(page, "Open CT images", [samples[0]]);
    await expect(page.locator(".status-text")).toHaveText("1 slice finished");
    await page.getByText("About this model").click();
    const opened = context.waitForEvent("page");
    await page.getByRole("link", { name: "Model card" }).click();
    await expect((await opened).getByRole("heading", { name: "What it scores" })).toBeVisible();
  });
});
