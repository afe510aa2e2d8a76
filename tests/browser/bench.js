// What `?bench` shows.

import { expect } from "./support.js";

export const table = (page) => page.getByRole("table", { name: "Time to segment a slice" });

export const finished = (page, timeout = 110_000) =>
  expect(page.getByRole("status")).toHaveText(/^Finished/, { timeout });

/** The whole report. */
export async function report(page) {
  await page.getByText("As JSON", { exact: true }).click();
  return JSON.parse(await page.locator("pre").innerText());
}
