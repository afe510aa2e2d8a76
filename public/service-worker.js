// Keeps the site's own files for use without a network. The build writes VERSION, FILES (all but the engines) and
// ENGINES (the files of each) above this line. The page names the CPU engine that this browser can run; any other is kept
// once a page has used it. Nothing else is ever fetched or stored.

const CACHE = `rachis-${VERSION}`;

const engine = new URL(self.location).searchParams.get("engine");

self.addEventListener("install", (event) => {
  const files = ["./", ...FILES, ...(ENGINES[engine] ?? [])];
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
});

self.addEventListener("activate", (event) => {
  const dropOldVersions = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("rachis-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(dropOldVersions());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.url.startsWith(self.registration.scope) && request.method === "GET";
  if (isOurs) event.respondWith(request.mode === "navigate" ? newestPage(request) : keptFile(request));
});

/** A page from the network, or the kept one where there is none: the application whatever the address asks of it. */
async function newestPage(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? (await caches.match("./")) ?? Response.error();
  }
}

/** A file whose name says its content: the kept one serves for ever. */
async function keptFile(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) (await caches.open(CACHE)).put(request, response.clone());
  return response;
}
