// @ts-check
// Keeps one edition of the dashboard on the device: the last snapshot that a page has read and verified whole, the
// files the page is made of, and the documents the reader saw. With a network only what never changes (names with a
// hash in them) is answered from here; without one, everything that is kept. Pages ask for keeping (offline.js).
//
// An edition is one cache. It is named by its snapshot and the page's files, so that a document is never put together
// with another snapshot's shards or another build's code, and answers nothing before its mark is set, last of all.

/** @typedef {import("./offline-protocol").Keep} Keep */
/** @typedef {{ snapshot: string, builtAt: string, files: string[] }} Facts what a document says about its edition */

/** Changes with the form of what is kept; caches of another form are thrown away. */
const FORM = "wellspring-1-";
const MANIFEST = "/snapshot/manifest.json";
const SHARDS = "/snapshot/shards/";
const MARK = "/.kept";
/** Documents in an edition; the oldest leaves. */
const DOCUMENTS = 24;
/** A gateway's way to say that nobody is there. */
const NOBODY = [502, 503, 504];

const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("wellspring-") && !name.startsWith(FORM)) await caches.delete(name);
      }
      // The document is asked for while this worker is being started.
      await worker.registration.navigationPreload?.enable();
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  const { keep: wanted } = event.data ?? {};
  if (wanted) event.waitUntil((keeping = keeping.then(() => keep(wanted)).catch(() => {})));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  // What needs a token is not ours to keep, and who asks for the source itself shall have it.
  const ours = origin === location.origin && request.method === "GET" && !request.headers.has("authorization");
  if (!ours || request.cache === "no-store") return;
  // The copy kept was found damaged.
  if (request.cache === "reload" && pathname.startsWith(SHARDS)) {
    return event.waitUntil(edition().then((cache) => cache?.delete(request.url)));
  }
  if (request.mode === "navigate") {
    if (pathname === "/sign-in") event.respondWith(signIn(event));
    else if (isPage(pathname)) event.respondWith(page(event));
  } else if (request.cache === "reload") {
    return;
  } else if (isForEver(pathname)) {
    event.respondWith(keptFirst(request));
  } else if (!pathname.startsWith("/api/") && pathname !== "/healthz" && !isPage(pathname)) {
    event.respondWith(networkFirst(request));
  }
});

/** Whether an address is a page of the dashboard: it has no ending, or is a store's. @param {string} path */
const isPage = (path) =>
  path.startsWith("/stores/") || (!path.includes(".") && !/^\/(account|admin|api|embed|snapshot|examples|healthz|readyz|metrics|sign-(in|out))(\/|$)/.test(path));

/** Whether a name carries a hash of what is behind it. @param {string} path */
const isForEver = (path) => path.startsWith(SHARDS) || /-[0-9a-f]{12,64}(_bg)?\.\w+$/.test(path);

// --- answering -----------------------------------------------------------------------------------------------------

/** @type {Promise<Cache | undefined> | undefined} */
let found;

/** The edition that is whole. @returns {Promise<Cache | undefined>} */
function edition() {
  const look = async () => {
    for (const name of await editions()) {
      const cache = await caches.open(name);
      if (await cache.match(MARK)) return cache;
    }
    // One may be whole in a moment.
    found = undefined;
    return undefined;
  };
  found ??= look();
  return found;
}

/** Names of all editions, the newest first. */
const editions = async () => (await caches.keys()).filter((name) => name.startsWith(FORM)).reverse();

/** @param {string} url @param {Cache | undefined} cache */
const kept = async (url, cache) => cache?.match(url, { ignoreVary: true });

/** @param {Request} request */
const keptFirst = async (request) => (await kept(request.url, await edition())) ?? fetch(request);

/** @param {Request} request */
async function networkFirst(request) {
  try {
    const response = await fetch(request);
    if (!NOBODY.includes(response.status)) return response;
    return (await kept(request.url, await edition())) ?? response;
  } catch (error) {
    const response = await kept(request.url, await edition());
    if (response) return response;
    throw error;
  }
}

/** The document from the server; without one, the nearest that is kept: the page makes of it what was asked for. */
async function page(/** @type {any} */ event) {
  const { url } = event.request;
  try {
    /** @type {Response} */
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    if (response.ok && !response.redirected) event.waitUntil(remember(url, response.clone()).catch(() => {}));
    if (!NOBODY.includes(response.status)) return response;
    return (await keptPage(url)) ?? response;
  } catch (error) {
    const response = await keptPage(url);
    if (response) return response;
    throw error;
  }
}

/**
 * The form. Where it is shown nobody is signed in, and the next reader may be another: what was kept goes.
 * @param {any} event
 */
async function signIn(event) {
  /** @type {Response} */
  const response = (await event.preloadResponse) ?? (await fetch(event.request));
  if (response.ok) for (const name of await editions()) await caches.delete(name);
  found = undefined;
  return response;
}

/** The document of this address, else the last of its path, else the last of any. @param {string} url */
async function keptPage(url) {
  const cache = await edition();
  const same = await kept(url, cache);
  if (!cache || same) return same;
  const addresses = (await documentsOf(cache)).reverse();
  const nearest = addresses.find((one) => new URL(one).pathname === new URL(url).pathname) ?? addresses[0];
  return nearest === undefined ? undefined : kept(nearest, cache);
}

/** Addresses of the documents in an edition, the oldest first. @param {Cache} cache */
const documentsOf = async (cache) =>
  (await cache.keys()).map((request) => request.url).filter((url) => isPage(new URL(url).pathname));

// --- keeping -------------------------------------------------------------------------------------------------------

/** One after the other: two tabs may ask at once. @type {Promise<unknown>} */
let keeping = Promise.resolve();

/**
 * What a document says about itself; nothing where it has no numbers worth keeping.
 * @param {Response} response
 * @returns {Promise<Facts | undefined>}
 */
async function factsOf(response) {
  const [page, rest = ""] = (await response.text()).split('<script id="boot"');
  const [head = ""] = page.split("</head>");
  try {
    const boot = JSON.parse(rest.slice(rest.indexOf(">") + 1, rest.indexOf("</script>")));
    const files = [...new Set(head.match(/\/[\w./-]*-[0-9a-f]{12,64}(_bg)?\.(css|js|wasm)/g))].sort();
    const { snapshot, built_at: builtAt } = boot.catalog;
    return boot.answers.Err === undefined && files.length > 0 ? { snapshot, builtAt, files } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Facts} facts */
async function nameOf({ snapshot, builtAt, files }) {
  const text = new TextEncoder().encode([snapshot, builtAt, ...files].join("\n"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return FORM + [...hash.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Puts a document into its edition, whole or not yet.
 * @param {string} url
 * @param {Response} response
 */
async function remember(url, response) {
  const facts = await factsOf(response.clone());
  if (!facts) return undefined;
  const cache = await caches.open(await nameOf(facts));
  await cache.delete(url);
  await cache.put(url, response);
  const documents = await documentsOf(cache);
  for (const old of documents.slice(0, -DOCUMENTS)) await cache.delete(old);
  return facts;
}

/**
 * What the document of this address says, as it was when it was last seen, else as the server has it now.
 * @param {string} url
 * @param {string} snapshot
 */
async function factsAt(url, snapshot) {
  for (const name of await editions()) {
    const response = await kept(url, await caches.open(name));
    const facts = response && (await factsOf(response));
    if (facts?.snapshot === snapshot) return facts;
  }
  return remember(url, await load(url, "default"));
}

/**
 * Completes the edition of a page whose workers hold verified shards, and lets all others go. Whatever fails leaves the
 * edition before in force.
 * @param {Keep} wanted
 */
async function keep({ snapshot, shards, page, files }) {
  const facts = await factsAt(page, snapshot);
  // The server has gone on to another snapshot: the page offers it, and asks again when it has it.
  if (facts?.snapshot !== snapshot) return;
  const name = await nameOf(facts);
  const cache = await caches.open(name);
  try {
    const manifest = await load(MANIFEST, "no-cache");
    const said = await manifest.clone().json();
    if (`${said.scope}-${said.version}` !== snapshot || said.built_at !== facts.builtAt) return;
    /** @type {{ hash: string, bytes: number }[]} */
    const listed = said.shards.slice(0, shards).flatMap((/** @type {any} */ shard) => [shard, ...(shard.tails ?? [])]);
    if (!(await thereIsRoom(listed))) return;
    // Together or not at all: code of two builds does not mix.
    const fresh = await Promise.all(files.map(async (path) => ({ path, response: await load(path, "no-cache") })));
    const wanted = [...facts.files, ...listed.map(({ hash }) => `${SHARDS}${encodeURIComponent(hash)}.arrow`)];
    for (const path of wanted) {
      if (await cache.match(path)) continue;
      // The browser has fetched it for the page just now; an edition before may have it too.
      await cache.put(path, (await caches.match(path, { ignoreVary: true })) ?? (await load(path, "force-cache")));
    }
    for (const { path, response } of fresh) await cache.put(path, response);
    await cache.put(MANIFEST, manifest);
    await cache.put(MARK, new Response(new Date().toISOString()));
    for (const other of await editions()) if (other !== name) await caches.delete(other);
  } finally {
    found = undefined;
    if (!(await cache.match(MARK))) await caches.delete(name);
  }
}

/** Whether the browser would hold these twice over. @param {{ bytes: number }[]} shards */
async function thereIsRoom(shards) {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage > 2 * shards.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * @param {string} url
 * @param {RequestCache} cache
 */
async function load(url, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`);
  return response;
}
