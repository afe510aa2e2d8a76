// Masks with several labels: which of them are spine.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { download, drop, expect, file, fileAt, openPage, readingCases, resultsTable, stackCases, test } from "./support.js";

const dicom = (folder, name) => fileAt(join(stackCases, "..", folder, "input.dcm"), name);
const stackCase = (folder, name) => {
  const input = readdirSync(join(stackCases, folder)).find((entry) => entry.startsWith("input"));
  return fileAt(join(stackCases, folder, input), name);
};
const labels = (page, name) => page.getByRole("region", { name: `Labels of ${name}` });

/** The reference areas of the results, in pixels. */
async function areas(page) {
  const { bytes } = await download(page, "Download results");
  const [header, ...rows] = bytes.toString().trim().split(/\r?\n/).map((line) => line.split(","));
  return rows.map((row) => Number(row[header.indexOf("area_reference_px")]));
}

test("the labels of TotalSegmentator are shown by name, the spine's ticked, and others can be chosen", async ({ page }) => {
  const expected = JSON.parse(readFileSync(join(stackCases, "mask-totalsegmentator-gz", "expected.json")));
  await openPage(page, "?engine=cpu");
  await drop(page, [stackCase("nifti-ras", "spine.nii"), stackCase("mask-totalsegmentator-gz", "spine_mask.nii.gz")]);
  const card = labels(page, "spine_mask.nii.gz");
  await expect(card.getByRole("heading")).toHaveText("2 of 4 labels count as spine");
  await card.getByRole("heading").click();
  await expect(card.getByRole("listitem")).toHaveText([/5 liver/, /26 vertebra S1/, /27 vertebra L5/, /92 rib left 1/]);
  for (const [value, count] of expected.labels) {
    await expect(card.getByRole("listitem").filter({ hasText: new RegExp(`^${value} `) })).toContainText(`${count} px`);
  }
  const box = (name) => card.getByRole("checkbox", { name });
  await expect(box(/L5/)).toBeChecked();
  await expect(box(/rib/)).not.toBeChecked();
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(expected.count);
  const sum = (all) => all.reduce((total, area) => total + area, 0);
  const total = (values) =>
    expected.labels.filter(([value]) => values.includes(value)).reduce((all, [, count]) => all + count, 0);
  await expect.poll(async () => sum(await areas(page))).toBe(total([26, 27]));
  await box(/rib/).check();
  await box(/S1/).uncheck();
  await expect.poll(async () => sum(await areas(page))).toBe(total([27, 92]));
  await card.getByRole("button", { name: "All" }).click();
  await expect.poll(async () => sum(await areas(page))).toBe(total([5, 26, 27, 92]));
  await card.getByRole("button", { name: "As proposed" }).click();
  await expect(card.getByRole("heading")).toHaveText("2 of 4 labels count as spine");
  await expect.poll(async () => sum(await areas(page))).toBe(total([26, 27]));
});

test("the segments of a DICOM segmentation are labels, those of bone ticked", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [dicom("dicom_stacks/enhanced", "ct.dcm"), dicom("dicom_segmentations/binary", "spine_mask.dcm")]);
  const card = labels(page, "spine_mask.dcm");
  await card.getByRole("heading").click();
  await expect(card.getByRole("listitem")).toHaveText([/1 Wirbel \(Vertebra\)/, /2 Bandscheibe \(Intervertebral disc\)/]);
  await expect(card.getByRole("checkbox", { name: /Wirbel/ })).toBeChecked();
  await expect(card.getByRole("checkbox", { name: /Bandscheibe/ })).not.toBeChecked();
});

test("masks of one label are not asked about", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [stackCase("nifti-ras", "spine.nii"), stackCase("mask-single", "spine_mask.nii")]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(3);
  await expect(page.getByRole("region", { name: /Labels of/ })).toHaveCount(0);
});

test("an archive gives its series to choose from and tells what was left out, by kind", async ({ page }) => {
  const readingCase = (folder) => {
    const input = readdirSync(join(readingCases, folder)).find((entry) => entry.startsWith("input"));
    return readFileSync(join(readingCases, folder, input));
  };
  const stack = (folder) => readFileSync(join(stackCases, "../dicom_stacks", folder, "input.dcm"));
  const files = {
    "DICOM/S1/I1": stack("enhanced"),
    "DICOM/S2/I1": stack("enhanced-sagittal"),
    "DICOM/S3/I1": stack("plain-multi-frame"),
    "DICOM/S0/I1": stack("enhanced-localizer"),
    "DICOM/S9/I1": readingCase("dicom-report"),
    "DICOM/S9/I2": readingCase("dicom-secondary-capture"),
    "DICOM/S8/I1": readingCase("dicom-mr"),
    DICOMDIR: readingCase("dicomdir"),
    "VIEWER/help.txt": Buffer.from("How to view"),
  };
  for (let number = 1; number <= 6; number++) files[`DICOM/S7/I${number}`] = readingCase("dicom-mr");
  await openPage(page, "?engine=cpu");
  await drop(page, [file("export.zip", zipSync(files))]);
  const series = page.getByRole("region", { name: "Series" });
  await expect(series.getByRole("listitem")).toHaveText([
    /WS 2\.0 nativ, 2\.5 mm, kernel Br60, series 4.*3 slices · axial/,
    /3 slices · sagittal/,
    /3 slices/,
  ]);
  const leftOut = page.getByRole("status", { name: "Problems" });
  await expect(leftOut.getByRole("heading")).toHaveText(["12 files were left out"]);
  await expect(leftOut.getByRole("listitem").filter({ hasText: "7 files" })).toHaveText(/MR image/);
  for (const [name, words] of [["S0/I1", /localizer/], ["S9/I1", /structured report/], ["S9/I2", /secondary capture/]]) {
    await expect(leftOut.getByRole("listitem").filter({ hasText: name }).last()).toHaveText(words);
  }
  await expect(page.locator(".thumbnail")).toHaveCount(0);
  await series.getByRole("listitem").first().getByRole("button").click();
  await expect(page.locator(".thumbnail")).toHaveCount(3);
  await series.getByRole("button", { name: "Open all" }).click();
  await expect(page.locator(".thumbnail")).toHaveCount(9);
  await expect(series).toHaveCount(0);
});
