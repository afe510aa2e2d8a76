// Keras models in the browser's own engines: each is converted with an input and the native engine's output for it
// (which the native tests hold to Keras' own), and an engine accepts a model only if it gives the same numbers.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import config, { softwareWebGpu } from "../playwright.config.js";
import { choose, engineBadge, expect, openPage, test } from "./support.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ours = ["attention-unet", "attention-unet-legacy", "grey-group-normalization"].map((name) => join(root, "crates/unet/tests/cases", name));
const zoo = join(root, "../shared/model/zoo");

/** Keras files of one input channel, each with its input. */
function kerasFiles() {
  const cases = ours.map((folder) => {
    const model = readdirSync(folder).find((name) => name.startsWith("model."));
    return { name: basename(folder), model: join(folder, model), input: join(folder, "input.npy") };
  });
  if (!existsSync(zoo)) return cases;
  const files = readdirSync(zoo).filter((name) => /\.(h5|keras)$/.test(name));
  return cases.concat(files.map((file) => {
    const name = file.replace(/\.\w+$/, "");
    return { name, model: join(zoo, file), input: join(zoo, `${name}.input.npy`) };
  }));
}

async function everyModelAgrees(page, engine, folder) {
  const models = kerasFiles();
  for (const { name, model, input } of models) {
    const out = join(folder, `${name}.safetensors`);
    const words = ["convert", model, "--out", out, "--name", name, "--dtype", "f32", "--self-test", input];
    execFileSync(process.env.RACHIS_COMMAND, words);
  }
  await openPage(page, `?engine=${engine}`);
  await choose(page, "Add model", models.map(({ name }) => join(folder, `${name}.safetensors`)));
  for (const { name } of models) {
    const choice = page.getByRole("radio", { name: `${name}.safetensors`, exact: true });
    await choice.check();
    await expect(page.locator(".model", { has: choice })).toContainText("Weights");
    await expect(engineBadge(page)).toHaveAttribute("data-state", "ready");
    await expect(engineBadge(page)).toHaveAttribute("data-engine", engine);
  }
}

const { launchOptions } = config.use;
test.use({ launchOptions: { ...launchOptions, args: [...launchOptions.args, ...softwareWebGpu] } });
test.describe.configure({ timeout: 400_000 });

for (const engine of ["cpu", "webgpu"]) {
  test(`the engine '${engine}' agrees with every Keras model`, async ({ page }, testInfo) => {
    await everyModelAgrees(page, engine, testInfo.outputPath());
  });
}
