// A stack in three planes: proportions, cross-hair, overlay, volume.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ctSlice } from "./dicom.js";
import { cut, open, volume } from "./nifti.js";
import { greyPixels, unzip } from "./pictures.js";
import { download, drop, expect, file, fileAt, hasSharedData, openPage, sharedData, stackCases, test } from "./support.js";

const axe = readFileSync(fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");

// A ball of bone, 60 mm across, in voxels with three different sides.
const size = [96, 80, 24];
const spacing = [0.9, 1.2, 3];
const voxelMm3 = spacing[0] * spacing[1] * spacing[2];
const inBall = (...voxel) =>
  Math.hypot(...voxel.map((index, axis) => (index + 0.5 - size[axis] / 2) * spacing[axis])) <= 30;
const ball = () => file("ball.nii", volume({ size, spacing, value: (...voxel) => (inBall(...voxel) ? 900 : -200) }));
const ballMask = () => file("ball_mask.nii", volume({ size, spacing, value: (...voxel) => (inBall(...voxel) ? 1 : 0) }));
const [width, depth, height] = size.map((count, axis) => count * spacing[axis]);

const status = (page) => page.locator(".status-text");
const pane = (page, name) => page.locator(".pane").filter({ has: page.getByRole("img", { name }) });
const canvas = (page, name) => page.getByRole("img", { name });
const slider = (page, name) => page.getByRole("slider", { name, exact: true });
const place = async (page) =>
  Promise.all(["Column", "Row", "Slice"].map(async (name) => Number(await slider(page, name).inputValue())));

async function openBall(page, ...others) {
  await openPage(page, "?engine=cpu");
  await drop(page, [ball(), ...others]);
  await expect(status(page)).toHaveText(`${size[2]} slices finished`);
}

/** The pixels of a canvas that `isSeen` takes: their number, and the share of width and height that they span. */
const seen = (element, isSeen) =>
  element.evaluate((element, code) => {
    const isSeen = new Function("r", "g", "b", "a", `return ${code}`);
    const { width, height } = element;
    const { data } = element.getContext("2d").getImageData(0, 0, width, height);
    const [columns, rows] = [new Set(), new Set()];
    let count = 0;
    for (let place = 0; place < data.length; place += 4) {
      if (!isSeen(data[place], data[place + 1], data[place + 2], data[place + 3])) continue;
      count += 1;
      columns.add((place / 4) % width);
      rows.add(Math.floor(place / 4 / width));
    }
    return { count, across: columns.size / width, down: rows.size / height };
  }, isSeen);

/** Where the lines of a pane's cross-hair lie in its picture: 0 to 1 from the left and from the top. */
async function crossHair(page, name) {
  const picture = await canvas(page, name).boundingBox();
  const [down, across] = await Promise.all(
    [".cross-hair-down", ".cross-hair-across"].map((line) => pane(page, name).locator(line).boundingBox()),
  );
  return [(down.x - picture.x) / picture.width, (across.y - picture.y) / picture.height];
}

async function pressAt(page, name, [x, y]) {
  const box = await canvas(page, name).boundingBox();
  await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
  await page.mouse.down();
}

test("a ball is round, of one size, and between the right letters in all three planes", async ({ page }) => {
  await openBall(page);
  await page.getByRole("button", { name: "Full", exact: true }).click();
  for (const [name, wide, high, letters] of [
    ["Slice", width, depth, "RLAP"],
    ["Sagittal reformat", depth, height, "APHF"],
    ["Coronal reformat", width, height, "RLHF"],
  ]) {
    const box = await canvas(page, name).boundingBox();
    expect(Math.abs(box.width / box.height / (wide / high) - 1)).toBeLessThan(0.01);
    expect((await pane(page, name).locator(".side").allInnerTexts()).join("")).toBe(letters);
    if (name === "Slice") await slider(page, "Slice").fill("11");
    // Half-way between tissue and bone in the full window.
    const { across, down } = await seen(canvas(page, name), "r > 85");
    expect(Math.abs(across * wide - 60)).toBeLessThan(3);
    expect(Math.abs(down * high - 60)).toBeLessThan(3);
  }
});

test("the cross-hair follows the mouse in any view, and the other views follow it", async ({ page }) => {
  await openBall(page);
  await pressAt(page, "Slice", [24.5 / 96, 48.5 / 80]);
  await page.mouse.up();
  expect((await place(page)).slice(0, 2)).toEqual([24, 48]);
  // To the head is up: slice 19 of 24 lies at 4.5/24 from the top.
  await pressAt(page, "Sagittal reformat", [0.3, 0.5]);
  const box = await canvas(page, "Sagittal reformat").boundingBox();
  await page.mouse.move(box.x + (64.5 / 80) * box.width, box.y + (4.5 / 24) * box.height, { steps: 5 });
  await page.mouse.up();
  expect(await place(page)).toEqual([24, 64, 19]);
  await expect(page.locator('.thumbnail[aria-current="true"]')).toContainText("ball-20");
  for (const [name, x, y] of [
    ["Slice", 24.5 / 96, 64.5 / 80],
    ["Sagittal reformat", 64.5 / 80, 4.5 / 24],
    ["Coronal reformat", 24.5 / 96, 4.5 / 24],
  ]) {
    const [across, down] = await crossHair(page, name);
    expect(Math.abs(across - x)).toBeLessThan(0.01);
    expect(Math.abs(down - y)).toBeLessThan(0.01);
  }
  const before = await seen(canvas(page, "Coronal reformat"), "r > 150");
  await slider(page, "Row").fill("40");
  const after = await seen(canvas(page, "Coronal reformat"), "r > 150");
  expect(after.count).toBeGreaterThan(before.count);
});

test("the keyboard alone moves the cross-hair, the planes and the slices", async ({ page }) => {
  await openBall(page);
  await slider(page, "Slice").focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 11; step++) await page.keyboard.press("ArrowRight");
  expect(await place(page)).toEqual([48, 40, 11]);
  await page.keyboard.press("Tab");
  await expect(pane(page, "Sagittal reformat")).toBeFocused();
  // Right is to the back, up to the head; the pages go through the columns.
  for (const key of ["ArrowRight", "ArrowRight", "ArrowUp", "PageUp", "Shift+ArrowLeft"]) await page.keyboard.press(key);
  expect(await place(page)).toEqual([47, 32, 12]);
  await page.keyboard.press("Tab");
  await expect(slider(page, "Column")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(pane(page, "Coronal reformat")).toBeFocused();
  for (const key of ["ArrowLeft", "ArrowDown", "PageDown"]) await page.keyboard.press(key);
  expect(await place(page)).toEqual([46, 33, 11]);
  await page.keyboard.press("x");
  await expect(page.locator(".cross-hair")).toHaveCount(0);
  await page.keyboard.press("r");
  await expect(canvas(page, "Coronal reformat")).toHaveCount(0);
  await page.keyboard.press("r");
  await expect(canvas(page, "Coronal reformat")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("In a reformat: move the cross-hair");
});

test("the wheel with Shift goes through slices and planes, without it zooms one view", async ({ page }) => {
  await openBall(page);
  await pane(page, "Slice").hover();
  await page.keyboard.down("Shift");
  await page.mouse.wheel(0, 120);
  await page.mouse.wheel(0, 120);
  await expect(slider(page, "Slice")).toHaveValue("2");
  await pane(page, "Coronal reformat").hover();
  await page.mouse.wheel(0, -120);
  await page.keyboard.up("Shift");
  expect(await place(page)).toEqual([48, 39, 2]);
  const before = (await canvas(page, "Coronal reformat").boundingBox()).width;
  await page.mouse.wheel(0, -300);
  await expect.poll(async () => (await canvas(page, "Coronal reformat").boundingBox()).width).toBeGreaterThan(1.3 * before);
  expect(await place(page)).toEqual([48, 39, 2]);
});

test("mask and comparison are in all three planes, and the volumes are those of the pixels", async ({ page }) => {
  await openBall(page, ballMask());
  await slider(page, "Slice").fill("11");
  const overlays = page.locator("canvas.overlay, canvas.reformat-overlay");
  await expect(overlays).toHaveCount(3);
  for (const [place, [wide, high]] of [[width, depth], [depth, height], [width, height]].entries()) {
    // Every pixel of the ball is agreed or missed, whatever the model finds; those are not yellow as extra ones are.
    const { across, down } = await seen(overlays.nth(place), "a > 0 && !(r > 200 && g > 150)");
    expect(Math.abs(across * wide - 60)).toBeLessThan(4);
    expect(Math.abs(down * high - 60)).toBeLessThan(4);
  }
  await page.keyboard.press("o");
  for (const overlay of await overlays.all()) await expect(overlay).toHaveCSS("visibility", "hidden");

  const masks = unzip((await download(page, "Download masks")).bytes);
  const spine = Object.entries(masks).filter(([name]) => name.endsWith(".png"));
  expect(spine).toHaveLength(size[2]);
  const predicted = spine.reduce((sum, [, png]) => sum + greyPixels(png).values.filter(Boolean).length, 0);
  const expected = (pixels) => {
    const cm3 = (pixels * voxelMm3) / 1000;
    return `${cm3.toFixed(cm3 < 10 ? 2 : 1)} cm³`;
  };
  let inside = 0;
  for (let slice = 0; slice < size[2]; slice++) {
    for (let row = 0; row < size[1]; row++) {
      for (let column = 0; column < size[0]; column++) inside += inBall(column, row, slice);
    }
  }
  await expect(page.locator(".volume")).toHaveText(
    `Spine ${expected(predicted)} predicted · ${expected(inside)} reference · ${size[2]} of ${size[2]} slices`,
  );
});

test("slices lie at their places in a series with a gap, which stays blank and is bridged in the volume", async ({ page }) => {
  const heights = [0, 3, 6, 18, 21];
  const side = 64;
  const hu = new Array(side * side).fill(900);
  const slices = heights.map((heightMm, index) => file(`${index}.dcm`, ctSlice({
    rows: side, columns: side, hu, spacingMm: 1, patientId: "a", uid: `1.2.3.${index + 1}`, seriesUid: "1.2.3", heightMm,
  })));
  await openPage(page, "?engine=cpu");
  await drop(page, slices);
  await expect(status(page)).toHaveText("5 slices finished");
  const box = await canvas(page, "Coronal reformat").boundingBox();
  expect(Math.abs(box.width / box.height - side / 24)).toBeLessThan(0.02);
  const column = await canvas(page, "Coronal reformat").evaluate((element) =>
    [...element.getContext("2d").getImageData(0, 0, 1, element.height).data].filter((_, place) => place % 4 === 0));
  // From the head: two slices of 3 mm, 9 mm of nothing, three slices.
  const isBlank = (mm) => column[Math.floor((mm / 24) * column.length)] === 0;
  expect([0.2, 5.8, 6.2, 14.8, 15.2, 23.8].map(isBlank)).toEqual([false, false, true, true, false, false]);
  await expect(page.locator(".volume")).toHaveText(/ cm³ predicted · 5 of 5 slices · 1 gap of up to 12\.0 mm bridged$/);
});

test("sagittal slices get coronal and axial reformats", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [fileAt(join(stackCases, "../dicom_stacks/enhanced-sagittal/input.dcm"), "sagittal.dcm")]);
  for (const [name, letters] of [["Slice", "APHF"], ["Coronal reformat", "RLHF"], ["Axial reformat", "RLAP"]]) {
    await expect(canvas(page, name)).toBeVisible();
    expect((await pane(page, name).locator(".side").allInnerTexts()).join("")).toBe(letters);
  }
  await expect(pane(page, "Slice")).toContainText("Slice, sagittal");
});

test("a stack without places has a slider, no reformats and a reason", async ({ page }) => {
  await openPage(page, "?engine=cpu");
  await drop(page, [fileAt(join(stackCases, "npy-int16/input.npy"), "array.npy")]);
  await expect(slider(page, "Slice")).toBeVisible();
  await expect(page.getByText(/No other planes and no volume: the files do not say how large a pixel is/)).toBeVisible();
  await expect(page.locator(".pane")).toHaveCount(2);
  await expect(page.locator(".volume")).toHaveCount(0);
});

for (const viewport of [1440, 400]) {
  test(`at ${viewport} pixels a volume is not cut off and breaks no accessibility rule`, async ({ page }) => {
    await page.setViewportSize({ width: viewport, height: 900 });
    await openBall(page, ballMask());
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport);
    await expect(canvas(page, "Coronal reformat")).toBeVisible();
    const boxes = await Promise.all(["Slice", "Sagittal reformat", "Coronal reformat"].map((name) => pane(page, name).boundingBox()));
    for (const { x, width } of boxes) expect(x + width).toBeLessThanOrEqual(viewport);
    if (viewport === 400) expect(boxes[0].y + boxes[0].height).toBeLessThanOrEqual(boxes[1].y);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  });
}

test("a real spine has the volume of its labels, in three planes", async ({ page }) => {
  test.skip(!hasSharedData, "the CT data is not at ../shared/data");
  const folder = join(sharedData, "lidc-idri-0001");
  const [ct, labels] = ["ct", "totalsegmentator"].map((name) => open(join(folder, `${name}.nii.gz`)));
  const [from, size] = [[168, 232, 60], [176, 176, 14]];
  const isSpine = (...voxel) => Number(labels.value(...voxel) >= 26 && labels.value(...voxel) <= 50);
  const spine = { ...labels, value: isSpine };
  await openPage(page, "?engine=cpu");
  await drop(page, [file("spine.nii", cut(ct, from, size)), file("spine_mask.nii", cut(spine, from, size))]);
  await expect(status(page)).toHaveText("14 slices finished");
  let pixels = 0;
  for (let slice = 0; slice < size[2]; slice++) {
    for (let row = 0; row < size[1]; row++) {
      for (let column = 0; column < size[0]; column++) pixels += isSpine(from[0] + column, from[1] + row, from[2] + slice);
    }
  }
  const cm3 = (pixels * ct.spacing.reduce((product, side) => product * side)) / 1000;
  await expect(page.locator(".volume")).toContainText(`${cm3.toFixed(1)} cm³ reference · 14 of 14 slices`);
  // The sagittal reformat shows in each slice the pixels of its column.
  await slider(page, "Column").fill("88");
  await slider(page, "Slice").fill("7");
  const shown = await canvas(page, "Sagittal reformat").evaluate((element) => {
    const { width, height } = element;
    const row = Math.floor(height * (1 - 7.5 / 14));
    return [...element.getContext("2d").getImageData(0, row, width, 1).data].filter((_, place) => place % 4 === 0);
  });
  const grey = (hu) => Math.max(0, Math.min(255, ((hu - 399.5) / 1799 + 0.5) * 255));
  const difference = shown.map((value, row) => Math.abs(value - grey(ct.value(from[0] + 88, from[1] + row, from[2] + 7))));
  expect(shown).toHaveLength(176);
  // The line nearest to the slice is within a third of a pixel of it, and interpolated.
  expect(difference.reduce((sum, value) => sum + value) / difference.length).toBeLessThan(6);
});
