// Models that users bring.

import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agreement, boneWindowCut, unzip } from "./pictures.js";
import { choose, download, drop, expect, file, fileAt, openPage, samples, test } from "./support.js";

const kerasCases = fileURLToPath(new URL("../../crates/unet/tests/cases", import.meta.url));

/** The model of an importer's case, under a name of its own. */
function keras(folder) {
  const model = readdirSync(join(kerasCases, folder)).find((entry) => entry.startsWith("model."));
  return fileAt(join(kerasCases, folder, model), model.replace("model", folder));
}

const models = (page) => page.getByRole("radiogroup", { name: "Model" }).getByRole("radio");
const status = (page) => page.locator(".status-text");
const cut = file("cut.png", boneWindowCut(samples[0], 300, 176, 96, 96));

test("a Keras file dropped on the page joins the models, can be chosen and segments", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [cut, keras("attention-unet"), keras("attention-unet-legacy")]);
  await expect(models(page)).toHaveCount(3);
  for (const name of ["attention-unet.keras", "attention-unet-legacy.h5"]) {
    await page.getByRole("radio", { name, exact: true }).check();
    await expect(status(page)).toHaveText("1 slice finished");
    await expect(page.locator("[data-engine]")).toHaveAttribute("data-state", "ready");
  }
});

test("with the mirror image slices are segmented anew, a little differently", async ({ page }) => {
  const mask = async () => unzip((await download(page, "Download masks")).bytes)[basename(samples[0]).replace(".png", ".mask.png")];
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [samples[0]]);
  await expect(status(page)).toHaveText("1 slice finished");
  const plain = await mask();
  await page.getByRole("checkbox", { name: /mirror image/ }).check();
  await expect(async () => {
    await expect(status(page)).toHaveText("1 slice finished");
    expect(Buffer.compare(Buffer.from(await mask()), Buffer.from(plain))).not.toBe(0);
  }).toPass();
  expect(agreement(await mask(), plain)).toBeGreaterThan(0.99);
  await page.getByRole("checkbox", { name: /mirror image/ }).uncheck();
  await expect(async () => expect(agreement(await mask(), plain)).toBe(1)).toPass();
});

test.describe("without the service worker, which would have the file", () => {
  test.use({ serviceWorkers: "block" });

  test("an export says so when its part of the page cannot be loaded, and works once it can", async ({ page }) => {
    await openPage(page, "?engine=cpu");
    await drop(page, [fileAt(samples[0])]);
    await expect(page.getByRole("button", { name: "Download masks" })).toBeEnabled({ timeout: 60_000 });
    await page.route("**/converter-*", (route) => route.abort());
    await page.getByRole("button", { name: "Download masks" }).click();
    await expect(page.getByText("A part of this page could not be loaded")).toBeVisible();
    await page.unroute("**/converter-*");
    const { bytes } = await download(page, "Download masks");
    expect(Object.keys(unzip(bytes))).toContain("README.txt");
    await expect(page.getByText("A part of this page could not be loaded")).toBeHidden();
  });
});

test("the shipped model's card opens from the page, with its results and pictures", async ({ page, context }) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", [cut]);
  await page.getByText("About this model").click();
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Model card" }).click();
  const card = await opened;
  await expect(card.getByRole("heading", { name: "What it scores" })).toBeVisible();
  await expect(card.getByRole("row", { name: /^sacrum/ })).toBeVisible();
  const pictures = card.getByRole("img");
  await expect(pictures).toHaveCount(2);
  const isDrawn = (image) => image.complete && image.naturalWidth > 0;
  for (const picture of await pictures.all()) await expect.poll(() => picture.evaluate(isDrawn)).toBe(true);
});

test("a model that cannot be converted is named with the layer at fault, and the shipped one goes on", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Add model", [keras("lstm")]);
  await expect(page.getByText(/lstm.*LSTM/i).first()).toBeVisible();
  await choose(page, "Open CT images", [cut]);
  await expect(status(page)).toHaveText("1 slice finished");
});
