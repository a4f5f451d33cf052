// One Chromium for all contestants: its processes' memory, what its pages fetched, and how fast it reads memory.

import { chromium } from "@playwright/test";
import binaryen from "binaryen";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const executablePath =
  process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const QUIET = ["disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
const ARGS = ["--no-sandbox", "--disable-gpu", ...QUIET.map((flag) => `--${flag}`)];

/** Starts Chromium. */
export const launch = () => chromium.launch({ executablePath, args: ARGS });

/**
 * Opens an address in a Chromium of its own that nobody watches: developer tools keep what a page fetches in its
 * renderer's memory and slow its requests. `report` resolves when the page is done; gives what it said and the most
 * memory, in bytes, that a renderer of this Chromium ever held, null where the system does not say.
 */
export async function alone(url, report, patience = 120_000) {
  const profile = mkdtempSync(join(tmpdir(), "wellspring-bench-"));
  const child = spawn(executablePath, ["--headless=new", ...ARGS, `--user-data-dir=${profile}`, url], { stdio: "ignore" });
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${url} did not report`)), patience);
    });
    const said = await Promise.race([report, late]);
    return { ...said, memory: peakOfRenderers(profile) };
  } finally {
    clearTimeout(timer);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await gone;
    await remove(profile);
  }
}

/** Removes a profile, into which Chromium's other processes may write for a moment longer. */
async function remove(profile, tries = 50) {
  try {
    await rm(profile, { recursive: true, force: true });
  } catch (error) {
    if (tries === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
    await remove(profile, tries - 1);
  }
}

/** The page's renderer is the largest: others are spare ones and the browser's own pages. */
function peakOfRenderers(profile) {
  if (!existsSync("/proc/self/status")) return null;
  const peaks = readdirSync("/proc").filter((id) => /^\d+$/.test(id)).map((id) => {
    try {
      const line = readFileSync(`/proc/${id}/cmdline`, "utf8");
      if (!line.includes("--type=renderer") || !line.includes(profile) || /--(extension-process|top-chrome-webui)/.test(line)) return 0;
      return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0) * 1024;
    } catch {
      return 0; // It has ended meanwhile.
    }
  });
  return Math.max(0, ...peaks) || null;
}

/** Opens an address in a new context with an empty cache. */
export async function visit(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  return { context, page };
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
