// Lighthouse's judgement of a running server with its own mobile preset. Prints one JSON object.
//
//     node bench/lighthouse/audit.mjs http://127.0.0.1:3000
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const url = process.argv[2];
const pages = { Growth: "/", Stores: "/stores", Cohorts: "/cohorts" };
const RUNS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const METRICS = { fcp: "first-contentful-paint", lcp: "largest-contentful-paint", tbt: "total-blocking-time", cls: "cumulative-layout-shift", si: "speed-index" };

const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
/** A visit; Chromium now and then records none of it, which is no judgement of the page. */
async function audit(address, attempts = 3) {
  const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error", onlyCategories: CATEGORIES });
  if (!lhr.runtimeError) return lhr;
  if (attempts > 1) return audit(address, attempts - 1);
  throw new Error(`${address}: ${lhr.runtimeError.message}`);
}

const out = { pages: {} };
try {
  for (const [name, path] of Object.entries(pages)) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      const lhr = await audit(`${url}${path}?lang=en`);
      out.version = lhr.lighthouseVersion;
      runs.push(lhr);
    }
    const score = (lhr, category) => Math.round(lhr.categories[category].score * 100);
    // The run in the middle, whole: its figures belong together.
    const lhr = runs.sort((a, b) => score(a, "performance") - score(b, "performance"))[RUNS >> 1];
    const weighty = CATEGORIES.flatMap((category) => lhr.categories[category].auditRefs.filter(({ weight }) => weight > 0));
    const lost = weighty
      .map(({ id, weight }) => ({ id, weight, ...lhr.audits[id] }))
      .filter(({ score }) => score !== null && score < 0.9)
      .map(({ id, title, displayValue, details }) => ({
        id, title, displayValue, where: (details?.items ?? []).slice(0, 4).map((item) => item.node?.snippet ?? item.description ?? item.url),
      }));
    out.pages[name] = {
      ...Object.fromEntries(CATEGORIES.map((category) => [category, score(lhr, category)])),
      ...Object.fromEntries(Object.entries(METRICS).map(([key, id]) => [key, lhr.audits[id].numericValue])),
      kilobytes: (lhr.audits["total-byte-weight"].numericValue ?? 0) / 1_000,
      lost,
    };
  }
} finally {
  chrome.kill();
}
console.log(JSON.stringify(out));
