// Cargo's runner for tests that need a browser: `node run-wasm-tests.mjs TESTS.wasm`. wasm-bindgen's own runner, named by
// WASM_BINDGEN_TEST_RUNNER, serves them as a page; here is the browser that opens it, with WebGPU in software.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import config, { softwareWebGpu } from "./playwright.config.js";

const PATIENCE_MS = 600_000;

const server = spawn(process.env.WASM_BINDGEN_TEST_RUNNER, process.argv.slice(2), {
  env: { ...process.env, NO_HEADLESS: "1", WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0" },
  stdio: ["ignore", "pipe", "inherit"],
});

/** The address that the server prints. */
async function address() {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = line.match(/http:\/\/127\.0\.0\.1:\d+/);
    if (found) return found[0];
  }
  throw new Error("the tests' server did not start");
}

async function run() {
  const url = await address();
  const { launchOptions } = config.use;
  const browser = await chromium.launch({ ...launchOptions, args: [...launchOptions.args, ...softwareWebGpu] });
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(url);
    const output = page.locator("#output");
    await output.filter({ hasText: /test result: |error: / }).waitFor({ timeout: PATIENCE_MS, state: "attached" });
    const text = await output.textContent();
    console.log(text);
    return /test result: ok\. [1-9]/.test(text);
  } finally {
    await browser.close();
  }
}

const passed = await run().finally(() => server.kill());
process.exit(passed ? 0 : 1);
