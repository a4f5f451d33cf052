// @ts-check
// For the pages: tells whether the server can be reached and whether it has a newer snapshot, and has the service worker
// keep what a page needs to open without a network. Nothing here changes what the reader looks at.
import { buildFor } from "./wellspring-engine.js";

/** @typedef {{ offline: boolean, newer: boolean }} Said */

const MANIFEST = "/snapshot/manifest.json";
/** Between two looks, ms: with a server in reach, and without one. */
const LOOK = 5 * 60_000;
const LOOK_AGAIN = 15_000;
/** The least between two looks that the reader's coming back sets off, ms. */
const LEAST = 3_000;
/** A page that has just opened has better things to do, ms. */
const LATER = 1_500;
/** A gateway's way to say that nobody is there. */
const NOBODY = [502, 503, 504];

/** Files without a hash in their names that a page needs to open; the engine's come on top. */
const FILES = [
  "/offline.js",
  "/wellspring.js",
  "/wellspring-pool.js",
  "/wellspring-fetch.js",
  "/wellspring-verify.js",
  "/wellspring-worker.js",
  "/wellspring-engine.js",
  "/favicon.svg",
];

/**
 * Looks after the server for as long as the page lives.
 * @param {string} snapshot `<scope>-<version>` of what the page shows
 * @param {(said: Said) => void} tell hears what each look found
 */
export function follow(snapshot, tell) {
  /** @type {Said} */
  let said = { offline: false, newer: false };
  /** @type {string | null | undefined} of the last manifest that was read */
  let etag;
  let looked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next;

  /** @param {boolean} first the page has just been made: its snapshot is the newest */
  async function look(first) {
    clearTimeout(next);
    looked = Date.now();
    said = await found(first).catch(() => ({ ...said, offline: true }));
    tell(said);
    clearTimeout(next);
    next = setTimeout(look, said.offline ? LOOK_AGAIN : LOOK, false);
  }

  /** @param {boolean} first */
  async function found(first) {
    // Past every cache, the service worker's included.
    const head = await fetch(MANIFEST, { method: "HEAD", cache: "no-store" });
    if (NOBODY.includes(head.status)) return { ...said, offline: true };
    const tag = head.headers.get("etag");
    if (first || !head.ok || (tag !== null && tag === etag)) return { ...said, offline: false };
    const { scope, version } = await (await fetch(MANIFEST, { cache: "no-cache" })).json();
    etag = tag;
    return { offline: false, newer: `${scope}-${version}` !== snapshot };
  }

  const comeBack = () => {
    if (document.visibilityState === "visible" && Date.now() - looked > LEAST) look(false);
  };
  addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  addEventListener("online", () => look(false));
  addEventListener("offline", () => {
    said = { ...said, offline: true };
    tell(said);
  });
  look(true);
}

/**
 * Has the service worker keep the page's snapshot; not inside another page, and not where there are no service workers.
 * @param {string} snapshot `<scope>-<version>`
 * @param {number} shards how many, from the first, are verified
 */
export async function keep(snapshot, shards) {
  if (self !== top || !navigator.serviceWorker) return;
  await new Promise((resolve) => setTimeout(resolve, LATER));
  try {
    await navigator.serviceWorker.register("/service-worker.js");
  } catch {
    // A browser that was told not to keep anything.
    return;
  }
  const engine = `wellspring-${buildFor(true)}`;
  const files = [...FILES, `/${engine}.js`, `/${engine}_bg.wasm`];
  /** @type {import("./offline-protocol").Keep} */
  const wanted = { snapshot, shards, page: location.href.split("#")[0], files };
  (await navigator.serviceWorker.ready).active?.postMessage({ keep: wanted });
}
