// Measures a running server with a real Chromium and prints one JSON object: medians in milliseconds.
//
//     node bench/browser.mjs http://127.0.0.1:3000
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";

const url = process.argv[2];
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const p95 = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)];
const regions = ["华东", "华南", "华北", "华中", "西南", "西北", "东北", "福建"];

/** Time from asking for a page to its last byte. */
async function pages(paths) {
  const times = [];
  for (const path of paths) {
    const start = performance.now();
    const response = await fetch(url + path, { headers: { "accept-encoding": "br" } });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    times.push(performance.now() - start);
  }
  return times;
}

// Each address once, so that no answer is in the cache; then one address again and again.
const days = Array.from({ length: 28 }, (_, i) => String(i + 1).padStart(2, "0"));
await pages(["/"]);
const fresh = await pages(days.map((day) => `/?from=2025-01-${day}&to=2025-03-31&compare=year`));
const cached = await pages(Array(50).fill("/"));

const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const start = performance.now();
await page.goto(`${url}/?from=2025-01-01&to=2025-03-31&compare=year&lang=zh-CN`);
await page.waitForSelector("html[data-ready=worker]");
const ready = performance.now() - start;

// A filter change: from the click to the frame that shows the answer.
const change = (href) =>
  page.evaluate(
    (href) =>
      new Promise((resolve) => {
        const link = document.createElement("a");
        link.href = href;
        link.setAttribute("data-nav", "");
        document.querySelector("main").append(link);
        const begun = performance.now();
        link.click();
        const look = () =>
          requestAnimationFrame(() => {
            const busy = document.querySelector(".content").getAttribute("aria-busy") === "true";
            if (!busy) resolve(performance.now() - begun);
            else look();
          });
        look();
      }),
    href,
  );
const changes = [];
for (let round = 0; round < 5; round += 1) {
  for (const region of regions) {
    const window = `from=2025-01-${String(round * 5 + 1).padStart(2, "0")}&to=2025-03-31&compare=year`;
    changes.push(await change(`/?${window}&region=${encodeURIComponent(region)}&lang=zh-CN`));
  }
}
await browser.close();
console.log(JSON.stringify({
  page_fresh: median(fresh), page_fresh_p95: p95(fresh), page_cached: median(cached), page_cached_p95: p95(cached),
  browser_ready: ready, filter_change: median(changes), filter_change_p95: p95(changes), filter_changes: changes.length,
}));
