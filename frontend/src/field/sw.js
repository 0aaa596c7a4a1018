// Keeps the app's own files and nothing else: pages from the cache, data always from the server.
const CACHE = "field-{{version}}";
const FILES = {{files}};
// The font of the papers is large and stays when the app changes.
const FONT = "/field/paper-font.1.otf";
const FONT_CACHE = "paper-font-1";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("field-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A new version waits until the officer says so: nobody is thrown out of a half-filled record.
self.addEventListener("message", (event) => {
  if (event.data === "renew") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (!url.pathname.startsWith("/field/") || url.pathname.startsWith("/field/api/")) return;
  if (url.pathname === FONT) return event.respondWith(font(event.request));
  const wanted = event.request.mode === "navigate" ? "/field/" : event.request;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(wanted)).then((found) => found ?? fetch(event.request)));
});

async function font(request) {
  const cache = await caches.open(FONT_CACHE);
  const found = await cache.match(FONT);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(FONT, answer.clone());
  return answer;
}
