/**
 * The offline shell: the page and what it is built from, so that Parley opens without a network and says so in its own words. Answers of
 * the API, files and mails are never kept here.
 *
 * One cache per build. A new worker waits until the pages of the old build are closed, so that these find their parts to the last; pages
 * are asked for from the server first, so that an update is there with the next load, worker or not.
 */

/** Filled in by the build: its name, and the addresses of its parts. */
declare const shell: { readonly build: string; readonly paths: readonly string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const prefix = 'parley-shell-';
const cacheName = prefix + shell.build;
const parts: ReadonlySet<string> = new Set(shell.paths);

/** Addresses of the server that are no pages of the client. */
const servers = /^\/(?:api|ws|socket\.io|docs|dev|health|metrics)(?:\/|$)/i;

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || servers.test(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(pageOf(request));
  else if (url.search === '' && parts.has(url.pathname)) event.respondWith(partOf(request));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(shell.paths.map((path) => new Request(path, { cache: 'no-cache', credentials: 'omit' })));
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)));
}

/** A page as the server has it now; without the server the one that was kept. */
async function pageOf(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match('/', { cacheName });
    if (kept) return kept;
    throw error;
  }
}

/** A part's name changes with its content, so that a kept one is never stale. */
async function partOf(request: Request): Promise<Response> {
  const kept = await caches.match(request.url, { cacheName, ignoreVary: true });
  return kept ?? fetch(request);
}
