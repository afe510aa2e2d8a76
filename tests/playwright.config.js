import { defineConfig } from "@playwright/test";

/** Chromium's flags for WebGPU on the CPU. */
export const softwareWebGpu = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-webgpu-adapter=swiftshader",
  "--enable-unsafe-swiftshader",
];

export default defineConfig({
  testDir: "browser",
  outputDir: "results",
  reporter: [["list"]],
  timeout: 120_000,
  expect: { timeout: 40_000 },
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: process.env.RACHIS_URL,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // Nothing but the site may use the network; a container's root needs --no-sandbox.
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"],
    },
  },
});
