// One Chromium for all contestants: its processes' memory, what its pages fetched, and how fast it reads memory.

import { chromium } from "@playwright/test";
import binaryen from "binaryen";
import { existsSync, readFileSync } from "node:fs";

/** Starts Chromium. */
export async function launch() {
  const executablePath =
    process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  const quiet = ["disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", ...quiet.map((flag) => `--${flag}`)],
  });
}

/** Opens an address in a new context with an empty cache; `processes` are those that came with it. */
export async function visit(browser, url, route) {
  const before = new Set(await renderers(browser));
  const context = await browser.newContext();
  if (route) await route(context);
  const page = await context.newPage();
  await page.goto(url);
  return { context, page, processes: (await renderers(browser)).filter((id) => !before.has(id)) };
}

async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter((info) => info.type === "renderer").map((info) => info.id);
}

/**
 * The most memory that the renderer among a visit's processes ever held, in bytes; null where the system does not say.
 * Chromium keeps an empty renderer in reserve: the larger one is the page's.
 */
export function peakMemory(processes) {
  const marks = processes.map((id) => `/proc/${id}/status`).filter((path) => existsSync(path));
  const bytes = marks.map((path) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(path, "utf8"))?.[1] ?? 0) * 1024);
  return bytes.length === 0 ? null : Math.max(...bytes);
}

/** Bytes over the wire, headers included, of everything that the page and its workers fetched. */
export async function fetched(page) {
  const sum = () => {
    const entries = performance.getEntries().filter((entry) => "transferSize" in entry);
    return entries.reduce((total, entry) => total + entry.transferSize, 0);
  };
  let total = await page.evaluate(sum);
  for (const worker of page.workers()) total += await worker.evaluate(sum);
  return total;
}

/** Bytes a second of a linear sum over 256 MB in WebAssembly with 128-bit loads: the bound of any scan. */
export async function bandwidth(page) {
  const lanes = (at) => `(i64x2.add (local.get $s${at}) (v128.load offset=${at * 16} (local.get $at)))`;
  const sums = [0, 1, 2, 3].map((at) => `(local.set $s${at} ${lanes(at)})`).join("");
  const module = binaryen.parseText(`(module (memory (export "memory") 4096)
    (func (export "sum") (param $end i32) (result i64) (local $at i32)
      (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
      (loop $next ${sums}
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
      (i64x2.extract_lane 0 (i64x2.add (i64x2.add (local.get $s0) (local.get $s1)) (i64x2.add (local.get $s2) (local.get $s3))))))`);
  module.setFeatures(binaryen.Features.SIMD128);
  const binary = [...module.emitBinary()];
  return page.evaluate(async (binary) => {
    const { instance } = await WebAssembly.instantiate(new Uint8Array(binary));
    const size = instance.exports.memory.buffer.byteLength;
    // Pages that were never written share one frame of zeroes: they would be read from the cache.
    new BigUint64Array(instance.exports.memory.buffer).fill(3n);
    let best = Infinity;
    for (let run = 0; run < 9; run += 1) {
      const begun = performance.now();
      instance.exports.sum(size);
      best = Math.min(best, performance.now() - begun);
    }
    return size / (best / 1000);
  }, binary);
}
