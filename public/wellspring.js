// @ts-check
// Wellspring without its pages: opens a snapshot and answers questions about it in the reader's own browser.
// The types, and what each option means, are in wellspring.d.ts; a page that uses it is examples/headless.html.
import { fetchBytes } from "./wellspring-fetch.js";
import { Pool } from "./wellspring-pool.js";

/** @typedef {import("./wellspring").OpenOptions} OpenOptions */
/** @typedef {import("./wellspring").Question} Question */
/** @typedef {import("./wellspring").Answers} Answers */

/** What a reader who saves data, or a small phone, is spared. */
const SMALL_BUDGET = 4_000_000;

/** @returns {number} bytes */
function usualBudget() {
  const { connection, deviceMemory } = /** @type {any} */ (navigator);
  return connection?.saveData || deviceMemory <= 2 ? SMALL_BUDGET : Infinity;
}

/** One core is the page's. */
const spareCores = () => Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));

/**
 * @param {unknown} value
 * @param {string} name
 * @param {(value: any) => boolean} fits
 * @param {string} wanted
 */
function check(value, name, fits, wanted) {
  if (value !== undefined && !fits(value)) throw new TypeError(`open: \`${name}\` must be ${wanted}`);
}

/**
 * The manifest's file, verified where keys are given.
 * @param {string} url
 * @param {string | undefined} token
 * @param {string[]} keys
 */
async function fetchManifest(url, token, keys) {
  /** @type {string | null} */
  let signature = null;
  const bytes = await fetchBytes(url, token, "no-cache", undefined, (headers) => {
    signature = headers.get("wellspring-signature");
  });
  if (keys.length > 0) await (await import("./wellspring-verify.js")).verify(keys, bytes, signature);
  return bytes.buffer;
}

/** @type {typeof import("./wellspring").open} */
export async function open(options) {
  const { manifest, token, workers = spareCores(), budgetBytes = usualBudget(), simd = true, verifyKeys } =
    options ?? {};
  check(manifest ?? null, "manifest", (value) => typeof value === "string" || value instanceof URL, "a URL");
  check(token, "token", (value) => typeof value === "string", "a string");
  check(workers, "workers", (value) => Number.isInteger(value) && value >= 1 && value <= 32, "from 1 to 32");
  check(budgetBytes, "budgetBytes", (value) => typeof value === "number" && value >= 0, "a number of bytes");
  check(
    verifyKeys,
    "verifyKeys",
    (value) => Array.isArray(value) && value.every((key) => /^[0-9a-f]{64}$/.test(key)),
    "a list of public keys, 64 hex digits each",
  );
  if (new URL(import.meta.url).origin !== location.origin) {
    throw new Error(
      `wellspring.js comes from ${new URL(import.meta.url).origin}, this page from ${location.origin}: browsers start ` +
        "workers of a page's own origin only; serve the wellspring files from the page's origin",
    );
  }
  const url = new URL(manifest, document.baseURI);
  const pool = new Pool({
    manifest: fetchManifest(url.href, token, verifyKeys ?? []),
    folder: new URL("shards/", url).href,
    workers,
    budgetBytes,
    simd,
    token,
    onLoad: options.onLoad,
    onFail: options.onFail,
  });
  return new Wellspring(pool, await pool.opened);
}

/** @implements {import("./wellspring").Wellspring} */
class Wellspring {
  /** @type {Pool} */ #pool;

  /** @type {(pool: Pool, opened: import("./wellspring-protocol").Opened) => void} */
  constructor(pool, { snapshot, firstDay, dataUntil, shards }) {
    this.#pool = pool;
    this.snapshot = snapshot;
    this.firstDay = firstDay;
    this.dataUntil = dataUntil;
    this.shards = shards;
  }

  /** @type {import("./wellspring").Wellspring["ask"]} */
  async ask(question, { onProgress, signal } = {}) {
    const onText = onProgress && ((/** @type {string} */ text) => onProgress(JSON.parse(text)));
    return JSON.parse(await this.askText(JSON.stringify(question), { onProgress: onText, signal }));
  }

  /** @type {import("./wellspring").Wellspring["askText"]} */
  askText(question, { onProgress, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const settle = () => signal?.removeEventListener("abort", abort);
      const onText = (/** @type {string} */ text, /** @type {boolean} */ last) => {
        if (last) settle();
        try {
          onProgress?.(text);
        } finally {
          if (last) resolve(text);
        }
      };
      const stop = this.#pool.ask(question, onText, (error) => {
        settle();
        reject(error);
      });
      const abort = () => {
        stop();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  close() {
    this.#pool.end(new DOMException("the snapshot was closed", "AbortError"));
  }
}
