// What the browser tests share: opening the page, giving it files, reading what it shows.

import { test as base, expect } from "@playwright/test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Slices as pictures, with reference masks. */
export const samples = readdirSync(join(root, "tests/browser/fixtures"))
  .filter((name) => /-\d+\.png$/.test(name))
  .map((name) => join(root, "tests/browser/fixtures", name));

/** The mask that belongs to a sample slice. */
export const maskOf = (sample) => sample.replace(".png", "_mask.png");

/** Folders of files with their expected reading. */
export const readingCases = join(root, "crates/ct/tests/cases");

/** Folders of files of several slices with their expected reading. */
export const stackCases = join(root, "crates/ct/tests/stacks");

/** CT data that the project may not carry, where it lies beside the checkout. */
export const sharedData = join(root, "../shared/data");
export const hasSharedData = existsSync(sharedData);

/** Every test fails on an error in the console, except those that provoke one. */
export const test = base.extend({
  expectConsoleErrors: [false, { option: true }],
  page: async ({ page, expectConsoleErrors }, use) => {
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await use(page);
    if (!expectConsoleErrors) expect(errors).toEqual([]);
  },
});
export { expect };

/** Opens the page and waits until its engine is ready. */
export async function openPage(page, query = "") {
  await page.goto(`./${query}`);
  await expect(engineBadge(page)).toHaveAttribute("data-engine", /^(cpu|webgpu)$/);
}

export const engineBadge = (page) => page.locator("[data-engine]");

/** Presses a button that opens files and chooses `files` (paths, or {name, mimeType, buffer}). */
export async function choose(page, button, files) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).first().click();
  await (await chooser).setFiles(files);
}

/** A file to give to `choose` or `drop`. */
export const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) });
export const fileAt = (path, name = basename(path)) => file(name, readFileSync(path));

/** Drops files on the window, as from a file manager. */
export async function drop(page, files) {
  await page.evaluate(dropInPage, asText(files));
}

/** Files as they can be sent to the page. */
export const asText = (files) => files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));

/** The part of `drop` that runs in the page, with files `asText`. */
export function dropInPage(files) {
  const dataTransfer = new DataTransfer();
  for (const { name, base64 } of files) {
    dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
  }
  for (const type of ["dragover", "drop"]) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true });
    // WebKit drops what the constructor is given.
    Object.defineProperty(event, "dataTransfer", { value: dataTransfer });
    document.body.dispatchEvent(event);
  }
}

export const resultsTable = (page) => page.getByRole("table", { name: "Results" });

/** The rows of the table 'Results', one array of cell texts each, without the mean. */
export async function resultRows(page) {
  const rows = await resultsTable(page).locator("tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
}

/** Presses a button and returns the downloaded bytes. */
export async function download(page, button) {
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const result = await started;
  return { name: result.suggestedFilename(), bytes: readFileSync(await result.path()) };
}

/** Counts, in the page's `most`, the engines that have slices at once, and the slices that one of them has. */
export const countSlices = (page) =>
  page.addInitScript(() => {
    globalThis.most = { engines: 0, slices: 0 };
    const counts = new Map();
    const kind = (message) => (Array.isArray(message) && typeof message[0] === "string" ? Object.keys(JSON.parse(message[0]))[0] : "");
    const add = (engine, more) => {
      counts.set(engine, (counts.get(engine) ?? 0) + more);
      const busy = [...counts.values()].filter((count) => count > 0);
      globalThis.most.engines = Math.max(globalThis.most.engines, busy.length);
      globalThis.most.slices = Math.max(globalThis.most.slices, ...busy);
    };
    const { postMessage, addEventListener } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (kind(message) === "Segment") add(this, 1);
      return postMessage.call(this, message, ...rest);
    };
    // A slice is done before the page hears of it, which may send the next one at once.
    Worker.prototype.addEventListener = function (type, listener, ...rest) {
      const heard = (event) => {
        if (kind(event.data) === "Segmented") add(this, -1);
        return listener.call(this, event);
      };
      return addEventListener.call(this, type, type === "message" ? heard : listener, ...rest);
    };
  });
