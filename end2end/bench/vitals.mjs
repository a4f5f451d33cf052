// Web vitals of a running server as a phone of the middle has them: Chromium with the processor slowed four times and
// the network of DevTools' "Fast 4G". Prints one JSON object.
//
//     node bench/vitals.mjs http://127.0.0.1:3000
//
// Per page: LCP and CLS of a first visit with nothing cached, then a session of ten interactions, real taps and keys;
// INP is the slowest of them, as it is defined below fifty. The workers' own fetches are not slowed: Chromium slows
// the network of a document only.
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";

const url = process.argv[2];
const pages = { Growth: "/", Stores: "/stores", Cohorts: "/cohorts" };
const VISITS = 5;
const NETWORK = { offline: false, latency: 165, downloadThroughput: 1_012_500, uploadThroughput: 168_750 };
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Collects in the page what the browser says of itself. */
function observe() {
  const seen = { lcp: 0, element: "", cls: 0, shifts: [], interactions: {} };
  window.seen = seen;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.lcp = entry.startTime;
      seen.element = entry.element ? `${entry.element.localName}.${entry.element.className}` : "";
    }
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      seen.cls += entry.value;
      seen.shifts.push(...entry.sources.map(({ node }) => node?.className ?? node?.nodeName));
    }
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!entry.interactionId) continue;
      const before = seen.interactions[entry.interactionId];
      if (!before || before.duration < entry.duration) {
        const target = entry.target ? `${entry.target.localName}.${entry.target.className}` : "";
        seen.interactions[entry.interactionId] = { duration: entry.duration, name: entry.name, target };
      }
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}

/** A first visit: a context of its own has nothing cached. */
async function visit(path) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "zh-CN", serviceWorkers: "block",
  });
  const page = await context.newPage();
  await page.addInitScript(observe);
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", NETWORK);
  await client.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(`${url}${path}?lang=zh-CN`);
  await page.waitForSelector("html[data-ready=worker]", { timeout: 60_000 });
  await page.waitForTimeout(500);
  return page;
}

async function settled(page) {
  await page.waitForSelector(".content[aria-busy=false]");
  await page.waitForTimeout(300);
}

/** Ten interactions of every kind that the pages share. */
async function session(page) {
  const tap = async (selector, which = 0) => {
    const target = page.locator(`${selector}:visible`).nth(which);
    await target.scrollIntoViewIfNeeded();
    await target.tap();
    await settled(page);
  };
  await tap("#menu-region > summary");
  await tap("#menu-region a[data-nav]", 1);
  await tap("#menu-channel > summary");
  await tap("#menu-channel a[data-nav]", 1);
  if (await page.locator("#menu-compare").count()) {
    await tap("#menu-compare > summary");
    await tap("#menu-compare a[data-nav]", 1);
  } else {
    // Cohorts compare each with the others: their own choices instead.
    await tap(".segments a[data-nav]:not([aria-current])");
    await tap(".segments a[data-nav]:not([aria-current])", 1);
  }
  await tap(".settings > summary");
  await tap(".settings a[data-nav]", 4);
  await page.locator(".mark:visible, .spot:visible").first().focus();
  for (const key of ["ArrowRight", "ArrowLeft"]) {
    await page.keyboard.press(key);
    await settled(page);
  }
}

const out = {};
for (const [name, path] of Object.entries(pages)) {
  const visits = [];
  for (let turn = 0; turn < VISITS; turn += 1) {
    const page = await visit(path);
    if (turn === VISITS - 1) await session(page);
    visits.push(await page.evaluate(() => window.seen));
    await page.context().close();
  }
  const last = visits[VISITS - 1];
  const interactions = Object.values(last.interactions).sort((a, b) => b.duration - a.duration);
  out[name] = {
    lcp: median(visits.map((seen) => seen.lcp)),
    element: last.element,
    cls: Math.max(...visits.map((seen) => seen.cls)),
    shifts: [...new Set(visits.flatMap((seen) => seen.shifts))],
    // What took less than a frame is not reported by the browser.
    inp: interactions[0]?.duration ?? 16,
    slowest: interactions.slice(0, 3),
    interactions: 10,
  };
}
await browser.close();
console.log(JSON.stringify({ visits: VISITS, pages: out }));
