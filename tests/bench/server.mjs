// What the benchmark's page loads: the site, the peers' packages, the page itself, and files made in memory. Served as
// isolated from other origins, without which the peers would have neither threads nor fine clocks.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".wasm": "application/wasm", ".json": "application/json", ".svg": "image/svg+xml",
};

/**
 * Serves `folders` (URL prefix to folder) and `files` (URL to bytes) on this machine; gives the address, and remembers
 * in `sent` the files of folders.
 */
export function serve(folders, files) {
  const sent = new Set();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const headers = {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    };
    const [prefix, folder] = Object.entries(folders).find(([prefix]) => path.startsWith(prefix)) ?? [];
    const file = folder && join(folder, normalize(path.slice(prefix.length)));
    if (files.has(path)) {
      response.writeHead(200, headers).end(files.get(path));
    } else if (file && existsSync(file) && statSync(file).isFile()) {
      sent.add(file);
      response.writeHead(200, headers);
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({ url: `http://localhost:${server.address().port}`, sent, close: () => server.close() });
    });
  });
}
