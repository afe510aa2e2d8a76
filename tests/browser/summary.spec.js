// What the page says of all slices together and of each patient, held to the native command.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ctSlice, hounsfieldUnits } from "./dicom.js";
import { picture, unzip } from "./pictures.js";
import { choose, download, drop, expect, file, maskOf, openPage, resultsTable, samples, test } from "./support.js";

const axe = readFileSync(fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");

const SPACING_MM = 0.703125;
const SIZE = 512;

/** The slices by name: whose they are, and what they show. The last one has neither spine nor reference. */
const SLICES = {
  a1: { patientId: "MRN-77401", sample: samples[0] },
  a2: { patientId: "MRN-77401", sample: samples[1] },
  a3: { patientId: "MRN-77401", sample: samples[5] },
  b1: { patientId: "MRN-90210", sample: samples[2] },
  b2: { patientId: "MRN-90210" },
};
const IDS = ["MRN-77401", "MRN-90210"];
const PATIENTS = ["Patient 1", "Patient 2"];

const air = () => ({ rows: SIZE, columns: SIZE, hu: new Array(SIZE * SIZE).fill(-1024) });
const mask = ({ sample }) => (sample ? readFileSync(maskOf(sample)) : picture(SIZE, SIZE, () => 0));

const summary = (page) => page.getByRole("table", { name: "Summary" });
const patients = (page) => page.getByRole("table", { name: "Patients", exact: true });

/** A table's rows as a map from the first cell to the others, each cell as [number, small print]. */
async function cells(table) {
  const rows = await table.locator("tbody tr").all();
  const texts = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
  return Object.fromEntries(texts.map(([name, ...others]) => [name, others.map((text) => text.trim().split(/\s*\n\s*/))]));
}

/** Waits until distances and intervals are there. */
const settle = (page) => expect(summary(page)).not.toContainText("…");

async function openTwoPatients(page) {
  await openPage(page, "?engine=cpu");
  const files = Object.entries(SLICES).flatMap(([name, slice], index) => {
    const pixels = slice.sample ? hounsfieldUnits(slice.sample) : air();
    const image = ctSlice({ ...pixels, spacingMm: SPACING_MM, patientId: slice.patientId, uid: `1.2.3.4.${index + 1}` });
    return [file(`${name}.dcm`, image), file(`${name}_mask.png`, mask(slice))];
  });
  await drop(page, files);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(files.length / 2);
  await settle(page);
}

/** What `rachis evaluate` says of the page's masks: its table and its report. */
async function native(page, testInfo) {
  const folder = testInfo.outputPath("native");
  const place = (...names) => join(folder, ...names);
  for (const name of ["predictions", "references"]) mkdirSync(place(name), { recursive: true });
  const masks = unzip((await download(page, "Download masks")).bytes);
  for (const [name, slice] of Object.entries(SLICES)) {
    writeFileSync(place("predictions", `${name}.png`), masks[`${name}.mask.png`]);
    writeFileSync(place("references", `${name}.png`), mask(slice));
  }
  const patientOf = ({ patientId }) => PATIENTS[IDS.indexOf(patientId)];
  const table = Object.entries(SLICES).map(([name, slice]) => `${name},${patientOf(slice)}`);
  writeFileSync(place("patients.csv"), ["case,patient", ...table].join("\n"));
  execFileSync(process.env.RACHIS_COMMAND, [
    "evaluate", "--predictions", place("predictions"), "--references", place("references"), "--csv", place("cases.csv"),
    "--json", place("all.json"), "--spacing", `${SPACING_MM},${SPACING_MM}`, "--patients", place("patients.csv"),
  ]);
  return { csv: readFileSync(place("cases.csv"), "utf8"), report: JSON.parse(readFileSync(place("all.json"), "utf8")) };
}

/** Both without what differs by design: the page calls a case by its file, the command by the file without extension. */
const withoutExtensions = (text) => text.replaceAll(".dcm", "");

/** The same structure, numbers to nine decimals. */
function expectSame(found, expected, place = "report") {
  if (typeof expected === "number") {
    expect(Math.abs(found - expected), place).toBeLessThan(1e-9);
  } else if (expected && typeof expected === "object") {
    expect(Object.keys(found), place).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) expectSame(found[name], value, `${place}.${name}`);
  } else {
    expect(found, place).toEqual(expected);
  }
}

const LABELS = {
  dice: "Dice", sensitivity: "Sensitivity", specificity: "Specificity", precision: "Precision", accuracy: "Accuracy", iou: "IoU",
  f1: "F1", hd95_mm: "HD95 (mm)", assd_mm: "ASSD (mm)",
};
const shown = (value) => (value === null ? "–" : value.toFixed(3));
const range = (interval) => interval && `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;

test("all slices, patients, intervals and counts are those of rachis evaluate, on the page and in what it saves", async ({ page }, testInfo) => {
  await openTwoPatients(page);
  const { csv, report } = await native(page, testInfo);
  expect(report.overall.measures.precision.over_slices.undefined).toBe(1);

  const table = await download(page, "Download results");
  expect(withoutExtensions(table.bytes.toString())).toBe(csv);
  const evaluation = await download(page, "Download evaluation");
  expectSame(JSON.parse(withoutExtensions(evaluation.bytes.toString())), report);

  const rows = await cells(summary(page));
  for (const [name, label] of Object.entries(LABELS)) {
    const { over_slices: slices, over_patients: ofPatients, pooled } = report.overall.measures[name];
    const [overSlices, overPatients, allPixels, leftOut] = rows[label];
    expect(overSlices, label).toEqual([shown(slices.mean), range(slices.interval_by_patient)].filter(Boolean));
    expect(overPatients, label).toEqual([shown(ofPatients.mean), range(ofPatients.interval_by_patient)].filter(Boolean));
    expect(allPixels, label).toEqual([name.endsWith("_mm") ? "" : shown(pooled.value)]);
    expect(leftOut[0].split(" ")[0], label).toBe(String(slices.undefined));
  }
  await expect(page.locator(".summary")).toContainText("5 slices of 2 patients");

  await page.getByLabel("All measures").check();
  const byPatient = await cells(patients(page));
  expect(Object.keys(byPatient)).toEqual(PATIENTS);
  for (const { patient, slices, counts, measures } of report.patients) {
    const [count, ...values] = byPatient[patient].map(([number]) => number);
    expect(count).toBe(String(slices));
    expect(values.slice(0, 9)).toEqual(Object.values(measures).map(({ mean }) => shown(mean)));
    expect(values.slice(-4)).toEqual([counts.tp, counts.fp, counts.fn, counts.tn].map(String));
  }
  const bySlice = await cells(resultsTable(page));
  for (const { case: name, counts, measures, ...areas } of report.cases) {
    const values = bySlice[`${name}.dcm`].map(([number]) => number);
    expect(values.slice(0, 9)).toEqual(Object.values(measures).map(shown));
    expect(values.slice(9)).toEqual([
      areas.area_predicted_px, areas.area_reference_px,
      areas.area_predicted_mm2.toFixed(1), areas.area_reference_mm2.toFixed(1),
      counts.tp, counts.fp, counts.fn, counts.tn,
    ].map(String));
  }
});

test("the paper's F1 is the harmonic mean of mean precision and mean sensitivity, and not its DSC", async ({ page }) => {
  await openTwoPatients(page);
  const { bytes } = await download(page, "Download results");
  const [header, ...rows] = bytes.toString().trim().split(/\r?\n/).map((line) => line.split(","));
  const mean = (name) => {
    const values = rows.map((row) => row[header.indexOf(name)]).filter((text) => text !== "").map(Number);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const [dsc, f1] = await page.locator(".paper-dsc, .paper-f1").allInnerTexts();
  const [precision, sensitivity] = [mean("precision"), mean("sensitivity")];
  expect(Number(dsc)).toBeCloseTo(mean("dice"), 3);
  expect(Number(f1)).toBeCloseTo((2 * precision * sensitivity) / (precision + sensitivity), 3);
  expect(f1).not.toBe(dsc);
  await page.getByText("What these numbers mean").click();
  await expect(page.locator(".definitions")).toContainText("harmonic mean of the mean precision and the mean sensitivity");
});

test("patients go by pseudonyms everywhere, until the user wants their IDs", async ({ page }) => {
  await openTwoPatients(page);
  const saved = async () => {
    const files = [await download(page, "Download results"), await download(page, "Download evaluation")];
    return files.map(({ bytes }) => bytes.toString()).join("\n");
  };
  const everything = async () => `${await page.content()}\n${await saved()}`;
  const before = await everything();
  for (const id of IDS) expect(before).not.toContain(id);
  for (const name of PATIENTS) expect(before).toContain(name);
  await page.getByLabel(/Call patients by their IDs/).check();
  await expect(patients(page).locator("tbody th")).toHaveText(IDS);
  const after = await saved();
  for (const id of IDS) expect(after).toContain(id);
});

test("slices of unknown patients have no patients' table, and intervals by slice", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", samples.slice(0, 3).flatMap((sample) => [sample, maskOf(sample)]));
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(3);
  await settle(page);
  await expect(patients(page)).toHaveCount(0);
  expect((await summary(page).locator("thead th").allInnerTexts()).map((name) => name.toLowerCase())).toEqual([
    "measure", "mean over slices", "all pixels", "left out",
  ]);
  const { dice } = JSON.parse((await download(page, "Download evaluation")).bytes).overall.measures;
  expect((await cells(summary(page))).Dice[0]).toEqual([shown(dice.over_slices.mean), range(dice.over_slices.interval_by_slice)]);
  await expect(page.locator(".summary")).toContainText("samples of slices");
});

test("means follow the threshold at once, intervals and distances once it rests", async ({ page }) => {
  await openTwoPatients(page);
  const before = await cells(summary(page));
  // Read in the page itself, before any later timer: how fast the test is must not matter.
  const moved = await page.getByRole("slider", { name: "Threshold" }).evaluate(async (slider) => {
    slider.value = "250";
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resume) => setTimeout(resume, 0));
    const rows = [...document.querySelectorAll(".summary tbody tr")];
    return Object.fromEntries(rows.map((row) => [row.cells[0].textContent, row.cells[1].firstChild.textContent.trim()]));
  });
  expect(moved.Sensitivity).not.toBe(before.Sensitivity[0][0]);
  expect(moved["ASSD (mm)"]).toBe("…");
  await settle(page);
  const rested = await cells(summary(page));
  expect(rested.Sensitivity[0][0]).toBe(moved.Sensitivity);
  expect(rested["ASSD (mm)"][0][0]).not.toBe(before["ASSD (mm)"][0][0]);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(() => cells(summary(page))).toEqual(before);
});

test("the report prints the summary, the patients, every plot and what the numbers mean, with the model's version", async ({ page }) => {
  await openTwoPatients(page);
  await expect(page.locator(".definitions dl")).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  for (const table of [resultsTable(page), summary(page), patients(page)]) await expect(table).toBeVisible();
  await expect(page.locator(".chart")).toHaveCount(3);
  for (const chart of await page.locator(".chart").all()) await expect(chart).toBeVisible();
  await expect(page.locator(".definitions dl")).toBeVisible();
  const { models } = await (await page.request.get(await page.locator('meta[name="asset:models"]').getAttribute("content"))).json();
  await expect(page.locator(".report-head")).toContainText(`SHA-256 ${models[0].sha256.slice(0, 16)}`);
  await expect(page.getByLabel(/Call patients by their IDs/)).toBeHidden();
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(page.locator(".definitions dl")).toBeHidden();
});

for (const width of [1440, 400]) {
  test(`at ${width} pixels all tables fit, and no accessibility rule is broken`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await openTwoPatients(page);
    await page.getByLabel("All measures").check();
    await page.getByText("What these numbers mean").click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  });
}
