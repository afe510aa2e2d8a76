// Takes the page through the same steps in several browsers, by WebDriver, and compares what they show. Serve the site with
// `cargo xtask serve`, start the drivers, and name each with its browser's name for WebDriver:
//     geckodriver --port 4001 &
//     WebKitWebDriver --port=4002 &
//     npm ci && node other-browsers.mjs firefox=http://localhost:4001 MiniBrowser=http://localhost:4002
// (MiniBrowser is WebKitGTK's; Safari's is `safari` by safaridriver.)

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Builder, By, Capabilities, until } from "selenium-webdriver";
import { asText, dropInPage, fileAt } from "./browser/support.js";

const SITE = process.env.RACHIS_URL ?? "http://localhost:8080/";
const WAIT = 300_000;

/** What a browser shows after each step. */
async function walk(driver, picture) {
  const shown = {};
  const status = () => driver.findElement(By.css(".status-text")).getText();
  const finished = (slices) => driver.wait(async () => (await status()) === `${slices} slices finished`, WAIT, `${slices} slices`);
  // Browsers differ in what they take for the visible text of an element.
  const texts = (selector) =>
    driver.executeScript((all) => [...document.querySelectorAll(all)].map(({ textContent }) => textContent), selector);
  const cells = ".results :is(th, td)";
  const drop = (path, name) =>
    driver.executeScript(dropInPage, asText([fileAt(fileURLToPath(new URL(path, import.meta.url)), name)]));

  await driver.get(`${SITE}?engine=cpu`);
  const samples = By.xpath("//button[contains(., 'Try sample slices')]");
  await (await driver.wait(until.elementLocated(samples), WAIT)).click();
  await finished(14);
  shown.samples = await texts(cells);

  await drop("../crates/ct/tests/cases/dicom-jpeg2000/input.dcm", "slice.dcm");
  await finished(15);
  shown.slices = await texts(".thumbnail");

  await drop("../crates/unet/tests/cases/attention-unet-legacy/model.h5", "other.h5");
  const other = By.xpath("//label[contains(., 'other.h5')]//input");
  await (await driver.wait(until.elementLocated(other), WAIT)).click();
  await driver.wait(async () => (await status()) !== "15 slices finished", WAIT, "a new run");
  await finished(15);
  shown.otherModel = await texts(cells);

  shown.elsewhere = await driver.executeScript(() =>
    performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => !name.startsWith(location.origin)),
  );
  assert.deepEqual(shown.elsewhere, [], "nothing is asked of another site");
  writeFileSync(picture, await driver.takeScreenshot(), "base64");
  return shown;
}

const results = {};
for (const argument of process.argv.slice(2)) {
  const [name, server] = argument.split("=");
  const capabilities = new Capabilities({
    browserName: name,
    "moz:firefoxOptions": { args: ["-headless", "--width=1440", "--height=900"] },
    "goog:chromeOptions": { args: ["--headless=new", "--no-sandbox", "--window-size=1440,900"] },
  });
  const driver = await new Builder().disableEnvironmentOverrides().usingServer(server).withCapabilities(capabilities).build();
  try {
    results[name] = await walk(driver, `${name}.png`);
    const found = await driver.getCapabilities();
    console.log(`${name} ${found.getBrowserVersion()}: ${results[name].samples.length} cells, ${results[name].slices.length} slices`);
  } finally {
    await driver.quit();
  }
}
const [first, ...others] = Object.entries(results);
for (const [name, shown] of others) assert.deepEqual(shown, first[1], `${name} shows what ${first[0]} shows`);
console.log(`all of ${Object.keys(results)} show the same`);
