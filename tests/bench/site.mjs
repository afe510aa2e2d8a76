// The built site: which file is which, and how many bytes a visitor downloads.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/** The file of the site in `folder` that `name` became when its content's hash was added. */
export function hashed(folder, name) {
  const [stem, extension] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf("."))];
  const inside = join(folder, stem.includes("/") ? stem.slice(0, stem.lastIndexOf("/")) : "");
  const base = stem.split("/").at(-1);
  const pattern = new RegExp(`^${base.replaceAll(".", "\\.")}[.-][0-9a-f]{6,}\\${extension}$`);
  const found = readdirSync(inside).find((file) => file === base + extension || pattern.test(file));
  if (!found) throw new Error(`the site has no ${name}`);
  return join(inside, found);
}

const sizes = new Map();

/** Bytes of what brotli makes of `content` at its highest level. */
export const brotliCompressed = (content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** Bytes after brotli at its highest level, which takes long: a copy beside the file saves it, and none is made twice. */
export function brotliBytes(...files) {
  for (const file of files.filter((file) => !sizes.has(file))) {
    const copy = `${file}.br`;
    sizes.set(file, existsSync(copy) ? statSync(copy).size : brotliCompressed(readFileSync(file)));
  }
  return files.reduce((total, file) => total + sizes.get(file), 0);
}
