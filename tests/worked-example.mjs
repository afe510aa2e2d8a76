// Makes the pictures of docs/worked-example.md from the page itself: serve the site with `cargo xtask serve`, then
//     npm ci && RACHIS_URL=http://localhost:8080/ node worked-example.mjs

import { chromium } from "@playwright/test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../docs/worked-example/", import.meta.url));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
await page.goto(`${process.env.RACHIS_URL ?? "http://localhost:8080/"}?engine=cpu`);
await page.getByRole("button", { name: "Try sample slices" }).click();
await page.locator(".status-text", { hasText: "14 slices finished" }).waitFor({ timeout: 300_000 });

/** JPEG, for a CT slice's noise makes PNG files large. */
const picture = (target, name) => target.screenshot({ path: `${folder}${name}.jpg`, type: "jpeg", quality: 80 });

async function choose(slice) {
  await page.locator(".thumbnail").nth(slice - 1).click();
  await page.locator('.thumbnail[aria-current="true"]').nth(0).waitFor();
}

const compare = page.getByRole("button", { name: "Compare" });
const isComparing = async () => (await compare.getAttribute("aria-pressed")) === "true";
async function compareWithReference(wanted) {
  if ((await isComparing()) !== wanted) await compare.click();
}

async function download(charts, place) {
  const started = page.waitForEvent("download");
  await charts.getByRole("button", { name: "Download chart (SVG)" }).nth(place).click();
  const file = await started;
  await file.saveAs(folder + file.suggestedFilename());
}

await page.getByRole("button", { name: "Bone", exact: true }).click();
await choose(2);
await compareWithReference(false);
await picture(page, "page");

// The spine, near: the wheel zooms about the pointer.
await page.setViewportSize({ width: 1500, height: 640 });
const panes = page.locator(".panes");
const slice = await page.getByRole("img", { name: "Slice" }).boundingBox();
await page.mouse.move(slice.x + 0.46 * slice.width, slice.y + 0.72 * slice.height);
for (let step = 0; step < 6; step++) await page.mouse.wheel(0, -120);
for (const slice of [2, 7]) {
  await choose(slice);
  await compareWithReference(false);
  await picture(panes, `prediction-${String(slice).padStart(2, "0")}`);
  await compareWithReference(true);
  await picture(panes, `comparison-${String(slice).padStart(2, "0")}`);
}

await page.getByRole("button", { name: "mm²" }).click();
await download(page.locator(".agreement"), 0);
await page.getByText("Other thresholds").click();
for (const place of [0, 1]) await download(page.locator(".curves"), place);
await browser.close();
