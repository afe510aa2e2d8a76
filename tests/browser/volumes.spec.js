// More than one slice in a file, and files that make one series.

import { zipSync } from "fflate";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ctSlice } from "./dicom.js";
import { greyPixels, unzip } from "./pictures.js";
import {
  choose, download, drop, expect, file, fileAt, hasSharedData, maskOf, openPage, resultsTable, samples, sharedData,
  stackCases, test,
} from "./support.js";

const status = (page) => page.locator(".status-text");
const thumbnails = (page) => page.locator(".thumbnail");
const names = (page) => page.locator(".thumbnail-name").allInnerTexts();
const sides = (page) => page.locator(".pane").first().locator(".side");

/** The file of a stack case, under another name. */
function stackCase(folder, name) {
  const input = readdirSync(join(stackCases, folder)).find((entry) => entry.startsWith("input"));
  return fileAt(join(stackCases, folder, input), name);
}

test("a NIfTI volume becomes its axial slices, whatever way it is stored, and its masks keep that way", async ({ page }) => {
  const expected = JSON.parse(readFileSync(join(stackCases, "nifti-asl-gz", "expected.json")));
  await openPage(page, "?engine=cpu");
  await drop(page, [stackCase("nifti-asl-gz", "spine.nii.gz")]);
  await expect(status(page)).toHaveText(`${expected.count} slices finished`);
  expect(await names(page)).toEqual(["spine-1", "spine-2", "spine-3", "spine-4"]);
  expect(await sides(page).allInnerTexts()).toEqual(["R", "L", "A", "P"]);
  const masks = unzip((await download(page, "Download masks")).bytes);
  const { width, height } = greyPixels(masks["spine-1.mask.png"]);
  expect([height, width]).toEqual([expected.stored.length, expected.stored[0].length]);
});

test("a ZIP gives its images with their masks", async ({ page }) => {
  const archive = zipSync({
    "patient/a.png": readFileSync(samples[0]),
    "patient/b.png": readFileSync(samples[1]),
    "readme.txt": Buffer.from("not an image"),
  });
  await openPage(page, "?engine=cpu");
  await drop(page, [file("export.zip", archive), fileAt(maskOf(samples[0]), "a_mask.png")]);
  await expect(thumbnails(page)).toHaveCount(2);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(1);
  const problems = page.getByRole("status", { name: "Problems" }).getByRole("listitem");
  await expect(problems).toHaveText(/export\.zip\/readme\.txt.*text file/);
});

test("a volume of labels is paired with the volume of images, slice by slice, and its vertebrae are the reference", async ({ page }) => {
  const labels = JSON.parse(readFileSync(join(stackCases, "mask-totalsegmentator-gz", "expected.json")));
  await openPage(page, "?engine=cpu");
  await drop(page, [stackCase("nifti-ras", "spine.nii"), stackCase("mask-totalsegmentator-gz", "spine_mask.nii.gz")]);
  await expect(resultsTable(page).locator("tbody tr")).toHaveCount(labels.count);
  const { bytes } = await download(page, "Download results");
  const [header, ...rows] = bytes.toString().trim().split(/\r?\n/).map((line) => line.split(","));
  const areas = rows.map((row) => Number(row[header.indexOf("area_reference_px")]));
  const expected = Object.values(labels.slices).map((slice) => slice.reduce((sum, value) => sum + value, 0));
  expect(areas).toEqual(expected);
});

test("a volume of masks that fits no series is named", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [stackCase("nifti-asl-gz", "spine.nii.gz"), stackCase("mask-totalsegmentator-gz", "spine_mask.nii.gz")]);
  const problems = page.getByRole("status", { name: "Problems" }).getByRole("listitem");
  await expect(problems).toHaveText(/No opened series has 3 slices like these masks/);
});

test("an array whose values may mean two things is asked about, and read again as the user says", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [stackCase("npy-bytes-as-float", "array.npy")]);
  const meaning = page.getByRole("combobox", { name: "The values are" });
  await expect(meaning).toBeVisible();
  const facts = page.locator(".viewer-head .facts");
  const before = await facts.innerText();
  const other = (await meaning.locator("option").allInnerTexts()).length - 1;
  await meaning.selectOption(String(other));
  await expect(facts).not.toHaveText(before);
  await expect(status(page)).toHaveText(/finished$/);
});

test("DICOM files make a series in the order of their places; of two series the user chooses one", async ({ page }) => {
  test.skip(!hasSharedData, "the CT data is not at ../shared/data");
  const chest = [3, 0, 9, 6].map((number, place) =>
    fileAt(join(sharedData, `lidc-idri-0314/slice_00${number}.dcm`), `${"dbca"[place]}.dcm`));
  const spine = ["1-060.dcm", "1-100.dcm", "1-020.dcm"].map((name) => fileAt(join(sharedData, "lidc-idri-0001", name)));
  await openPage(page, "?engine=cpu");
  await drop(page, [...chest, ...spine]);
  const offers = page.getByRole("region", { name: "Series" }).getByRole("listitem");
  await expect(offers).toHaveCount(2);
  await expect(thumbnails(page)).toHaveCount(0);
  await offers.filter({ hasText: "4 slices" }).getByRole("button").click();
  await expect(thumbnails(page)).toHaveCount(4);
  // slice_000 has the highest place of the patient: feet come first.
  const order = await names(page);
  expect([["b.dcm", "d.dcm", "a.dcm", "c.dcm"], ["c.dcm", "a.dcm", "d.dcm", "b.dcm"]]).toContainEqual(order);
  expect(await sides(page).allInnerTexts()).toEqual(["R", "L", "A", "P"]);
  await expect(offers).toHaveCount(1);
});

/** Slices of one DICOM series at these heights, on disk: a file that comes again is known by its time of change. */
function seriesOnDisk(testInfo, series, heights) {
  return heights.map((heightMm, index) => {
    const path = testInfo.outputPath(`${series}-${index}.dcm`);
    const seriesUid = `1.2.3.${series}`;
    const hu = new Array(256).fill(0);
    const pixels = { rows: 16, columns: 16, hu, spacingMm: 1 };
    writeFileSync(path, ctSlice({ ...pixels, patientId: "A", uid: `${seriesUid}.${index + 1}`, seriesUid, heightMm }));
    return path;
  });
}

test("series that were dismissed can be opened again", async ({ page }, testInfo) => {
  const files = [...seriesOnDisk(testInfo, 1, [0, 2, 4]), ...seriesOnDisk(testInfo, 2, [0, 5])];
  const series = page.getByRole("region", { name: "Series" });
  const offers = series.getByRole("listitem");
  const dismiss = series.getByRole("button", { name: "Dismiss" });
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", files);
  await expect(offers).toHaveCount(2);
  await dismiss.click();
  await expect(series).toHaveCount(0);

  await choose(page, "Open CT images", files);
  await expect(offers).toHaveCount(2);
  await offers.filter({ hasText: "3 slices" }).getByRole("button").click();
  await expect(thumbnails(page)).toHaveCount(3);
  await dismiss.click();
  await expect(series).toHaveCount(0);

  // Of these only the series that is not open comes.
  await choose(page, "Open CT images", files);
  await expect(thumbnails(page)).toHaveCount(5);
});

test("a slice that lies where another one lies is left out, and can be opened on its own", async ({ page }, testInfo) => {
  const files = seriesOnDisk(testInfo, 1, [0, 2, 4, 2]);
  await openPage(page, "?engine=cpu");
  await choose(page, "Open CT images", files);
  await expect(page.getByRole("status", { name: "Problems" }).getByRole("listitem")).toHaveText(/^.*1 slice lies where another one lies.*on its own/);
  await expect(thumbnails(page)).toHaveCount(3);
  await choose(page, "Open CT images", files.slice(3));
  await expect(thumbnails(page)).toHaveCount(4);
});

test("masks of a volume come as one NIfTI file, those of DICOM as one segmentation, and the page reads both again", async ({ page }) => {
  test.skip(!hasSharedData, "the CT data is not at ../shared/data");
  const slice = fileAt(join(sharedData, "lidc-idri-0001/1-060.dcm"));
  for (const [format, name] of [["DICOM SEG", "1-060.seg.dcm"], ["NIfTI volume", "1-060.mask.nii.gz"]]) {
    await openPage(page, "?engine=cpu");
    await drop(page, [slice]);
    await expect(status(page)).toHaveText("1 slice finished");
    await page.getByRole("combobox", { name: "Masks as" }).selectOption({ label: format });
    const files = unzip((await download(page, "Download masks")).bytes);
    expect(Object.keys(files).sort()).toEqual([name, "README.txt"].sort());
    expect(Buffer.from(files["README.txt"]).toString()).toContain("Spine U-Net 16");
    expect(Buffer.from(files["README.txt"]).toString()).toContain("can find the patient by them");
    await choose(page, "Open reference masks", [file(name, Buffer.from(files[name]))]);
    await expect(resultsTable(page).locator("tbody tr")).toHaveCount(1);
    expect(await resultsTable(page).locator("tbody td").first().innerText()).toBe("1.000");
  }
});

test("a format that an image cannot have is refused with what to do", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [fileAt(samples[0])]);
  await expect(status(page)).toHaveText("1 slice finished");
  await page.getByRole("combobox", { name: "Masks as" }).selectOption({ label: "DICOM SEG" });
  await expect(page.getByLabel("Name the patient in the DICOM file")).not.toBeChecked();
  await expect(page.getByText("can find the patient by them")).toBeVisible();
  await download(page, "Download masks");
  await expect(page.getByRole("status", { name: "Problems" }).getByRole("listitem")).toHaveText(/DICOM/);
});
