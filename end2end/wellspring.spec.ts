// /wellspring.js: the engine without the pages. Exact where the server is, honest on the way, unshaken by what breaks.
import type { Page, Worker } from "@playwright/test";
import type { Answers, OpenOptions, Question, Wellspring } from "../public/wellspring";
import { COMPARE, WINDOW, expect, test as base } from "./fixtures";

const QUESTIONS: Question[] = [
  { window: WINDOW, compare: COMPARE, ask: [{ growth: { by: "region" } }, { growth: { by: "store", top: 5 } }] },
  {
    window: WINDOW,
    filter: { regions: ["华南"], channels: ["mini", "app"] },
    ask: [{ series: { grain: "week", measures: ["sales", "aov"] } }, { stores: { by: "conversion", limit: 7 } }],
  },
  { window: { from: "1999-01-01", to: "1999-12-31" }, compare: WINDOW, ask: [{ growth: {} }] },
  {
    window: WINDOW,
    compare: COMPARE,
    filter: { domains: ["private"], segment: { rung: { orders: 2, as_of: WINDOW.to } } },
    ask: [
      { cohorts: { mode: "on_or_after", periods: 6 } },
      { ladder: { rungs: 5 } },
      { funnel: { steps: [{ touch: ["visit"] }, { order: 0 }], by: "region" } },
      { rfm: { as_of: WINDOW.to, since: COMPARE.to } },
      { overlap: { of: "users" } },
      { lifecycle: { active_days: 60 } },
      { stores: { by: "repurchase_rate", limit: 5, measures: ["sales", "new_buyers"] } },
    ],
  },
];
const [QUESTION] = QUESTIONS;

/** What the page under test keeps between steps. */
type Kept = { w: Wellspring; open: typeof import("../public/wellspring").open; loads: { read: number; wanted: number }[] };
declare const kept: Kept;

/** An empty page of our own origin that has imported the module; the policy is that of every file. */
const test = base.extend<{ plain: Page }>({
  plain: async ({ page }, use) => {
    // A text names no icon, so browsers try this one; its absence is no error of ours.
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto("/robots.txt");
    await page.evaluate(async () => {
      const path = "/wellspring.js";
      const { open } = await import(path);
      Object.assign(globalThis, { kept: { open, loads: [] } });
    });
    await use(page);
  },
});

function open(page: Page, options: Partial<OpenOptions> = {}) {
  return page.evaluate(async (options) => {
    const onLoad: OpenOptions["onLoad"] = ({ read, wanted }) => kept.loads.push({ read, wanted });
    kept.w = await kept.open({ manifest: "/snapshot/manifest.json", onLoad, ...options });
    return { snapshot: kept.w.snapshot, shards: kept.w.shards, dataUntil: kept.w.dataUntil };
  }, options);
}

/** Resolves when every shard that the budget allows is in memory. */
async function loaded(page: Page) {
  const last = () => page.evaluate(() => kept.loads.at(-1));
  await expect.poll(async () => { const load = await last(); return load !== undefined && load.read === load.wanted; }).toBe(true);
}

const ask = (page: Page, question: Question) =>
  page.evaluate((question) => kept.w.askText(JSON.stringify(question)), question);

async function server(page: Page, question: Question) {
  return (await (await page.request.post("/api/ask", { data: question })).text()).trim();
}

test("answers are the server's, to the last byte, whatever the number of workers", async ({ plain, clean }) => {
  for (const workers of [1, 3]) {
    const { snapshot, dataUntil } = await open(plain, { workers });
    for (const question of QUESTIONS) {
      const expected = await server(plain, question);
      expect(await ask(plain, question)).toBe(expected);
      const { coverage }: Answers = JSON.parse(expected);
      expect(coverage).toMatchObject({ snapshot, data_until: dataUntil, exact: true });
    }
    await expect.poll(() => plain.workers().length).toBe(workers);
    await plain.evaluate(() => kept.w.close());
  }
  expect(clean).toEqual([]);
});

test("the scalar build gives the same JSON, and is the one that runs", async ({ plain }) => {
  const fetched: string[] = [];
  plain.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await open(plain, { simd: false });
  for (const question of QUESTIONS) expect(await ask(plain, question)).toBe(await server(plain, question));
  expect(fetched).toContain("/wellspring-scalar_bg.wasm");
  expect(fetched).not.toContain("/wellspring-simd_bg.wasm");
});

test("answers refine while shards arrive, and end exact", async ({ plain }) => {
  // Slow enough that estimates are due, in an order that a network might have.
  let held = 0;
  await plain.route("**/snapshot/shards/*", async (route) => {
    held += 1;
    await new Promise((resolve) => setTimeout(resolve, held * 80));
    await route.continue();
  });
  const { shards } = await open(plain, { workers: 2 });
  const seen = await plain.evaluate(async (question) => {
    const seen: Answers["coverage"][] = [];
    const last = await kept.w.ask(question, { onProgress: (answers) => seen.push(answers.coverage) });
    return { seen, last };
  }, QUESTION);
  const reads = seen.seen.map((coverage) => coverage.read);
  expect(reads.length).toBeGreaterThan(2);
  expect(reads[0]).toBeGreaterThanOrEqual(4);
  expect(reads).toEqual([...new Set(reads)].sort((a, b) => a - b));
  expect(seen.seen.map((coverage) => coverage.exact)).toEqual(reads.map((read) => read === shards));
  expect(seen.last).toEqual(JSON.parse(await server(plain, QUESTION)));
  const loads = await plain.evaluate(() => kept.loads);
  expect(loads.map((load) => load.read)).toEqual(Array.from({ length: shards }, (_, i) => i + 1));
});

test("a signal ends a question, and the next one is answered", async ({ plain }) => {
  await plain.route("**/snapshot/shards/*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  await open(plain, { workers: 2 });
  const names = await plain.evaluate(async (question) => {
    const name = (promise: Promise<unknown>) => promise.then(() => "answered", (error) => error.name);
    const control = new AbortController();
    const ended = name(kept.w.ask(question, { signal: control.signal }));
    control.abort();
    const dead = name(kept.w.ask(question, { signal: control.signal }));
    const overtaken = name(kept.w.ask(question));
    const answered = name(kept.w.ask(question));
    return Promise.all([ended, dead, overtaken, answered]);
  }, QUESTION);
  expect(names).toEqual(["AbortError", "AbortError", "AbortError", "answered"]);
  expect(await ask(plain, QUESTION)).toBe(await server(plain, QUESTION));
});

test("a question that the snapshot cannot answer names its field, and the next one is answered", async ({ plain }) => {
  await open(plain, { workers: 2 });
  const message = await plain.evaluate(
    (question) => kept.w.ask({ ...question, filter: { regions: ["Atlantis"] } }).catch((error) => error.message),
    QUESTION,
  );
  expect(message).toContain("`filter.regions` names `Atlantis`");
  expect(await ask(plain, QUESTION)).toBe(await server(plain, QUESTION));
});

test("a budget stops fetching, and the coverage says so", async ({ plain }) => {
  const fetched = new Set<string>();
  plain.on("request", (request) => request.url().endsWith(".arrow") && fetched.add(request.url()));
  const manifest = await (await plain.request.get("/snapshot/manifest.json")).json();
  const sizes: number[] = manifest.shards.map((shard: { wire_bytes: number; tails?: { wire_bytes: number }[] }) =>
    [shard, ...(shard.tails ?? [])].reduce((sum, file) => sum + file.wire_bytes, 0));
  const fits = Math.max(1, Math.floor(sizes.length / 2));
  const budgetBytes = sizes.slice(0, fits).reduce((sum, bytes) => sum + bytes, 0);
  await open(plain, { workers: 2, budgetBytes });
  const { coverage }: Answers = JSON.parse(await ask(plain, QUESTION));
  expect(coverage).toMatchObject({ read: fits, shards: sizes.length, exact: false });
  await plain.waitForTimeout(300);
  expect(fetched.size).toBe(fits);
  expect(JSON.parse(await ask(plain, QUESTION)).coverage.read, "asked again").toBe(fits);
});

test("close ends the workers and what is under way", async ({ plain }) => {
  await open(plain, { workers: 3 });
  await expect.poll(() => plain.workers().length).toBe(3);
  const names = await plain.evaluate(async (question) => {
    const under = kept.w.ask(question).then(() => "answered", (error) => error.name);
    kept.w.close();
    const after = kept.w.ask(question).then(() => "answered", (error) => error.name);
    return Promise.all([under, after]);
  }, QUESTION);
  expect(names).toEqual(["AbortError", "AbortError"]);
  await expect.poll(() => plain.workers().length).toBe(0);
});

/** Hurts one of three workers and asks; the answer must be right, and a new worker must have taken the place. */
async function survives(page: Page, hurt: (worker: Worker) => Promise<unknown>, which: number) {
  await open(page, { workers: 3 });
  await loaded(page);
  const expected = await server(page, QUESTION);
  const victim = page.workers()[which];
  // A worker that ends cannot answer the call that ended it.
  hurt(victim).catch(() => {});
  await page.waitForTimeout(100);
  expect(await ask(page, QUESTION)).toBe(expected);
  // A hung worker is terminated, but the browser takes its time.
  await expect.poll(() => page.workers().length).toBe(3);
  await expect.poll(() => page.workers().includes(victim)).toBe(false);
  expect(await ask(page, QUESTIONS[1])).toBe(await server(page, QUESTIONS[1]));
}

for (const [name, which] of [["the lead", 0], ["another worker", 2]] as const) {
  test(`${name} that died is replaced, and the answer is right`, async ({ plain }) => {
    await survives(plain, (worker) => worker.evaluate(() => self.close()), which);
  });

  test(`${name} whose WebAssembly traps is replaced, and the answer is right`, async ({ plain }) => {
    const breakMemory = async () => {
      const path = "/wellspring-simd.js";
      const { default: init } = await import(path);
      const { memory } = await init();
      new Uint8Array(memory.buffer).fill(0xff);
    };
    await survives(plain, (worker) => worker.evaluate(breakMemory), which);
  });

  test(`${name} that hangs is replaced, and the answer is right`, async ({ plain }) => {
    await survives(plain, (worker) => worker.evaluate(() => void setTimeout(() => { for (;;); })), which);
  });
}

test("a worker that dies every time is given up, with a sentence", async ({ plain }) => {
  await plain.route("**/wellspring-worker.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: "throw new Error('no luck')" }),
  );
  const message = await open(plain, { workers: 1 }).catch((error: Error) => error.message);
  expect(message).toContain("failed 4 times");
  await expect.poll(() => plain.workers().length).toBe(0);
});

test("a manifest that is missing, damaged or not named is refused with a sentence", async ({ plain }) => {
  const refused = (options: Partial<OpenOptions>) => open(plain, options).catch((error: Error) => error.message);
  expect(await refused({ manifest: "/snapshot/none.json" })).toContain("the server said 404");
  expect(await refused({ manifest: undefined })).toContain("`manifest` must be a URL");
  expect(await refused({ workers: 0 })).toContain("`workers` must be");
  await plain.route("**/snapshot/manifest.json", async (route) => {
    const body = await (await route.fetch()).text();
    await route.fulfill({ status: 200, contentType: "application/json", body: body.replace(/"version":\d+/, '"version":9999') });
  });
  expect(await refused({})).toContain("checksum");
});

test("a token travels with the manifest and every shard", async ({ plain }) => {
  const bare: string[] = [];
  plain.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/snapshot/") && request.headers().authorization !== "Bearer secret") bare.push(pathname);
  });
  await open(plain, { workers: 2, token: "secret" });
  await loaded(plain);
  expect(bare).toEqual([]);
});

test("the example page runs under the policy of its files", async ({ page, clean }) => {
  await page.goto("/examples/headless.html");
  await expect(page.locator("#status")).toContainText("exact: all");
  await expect(page.locator("#growth tr")).toHaveCount(5);
  await expect(page.locator("#stores tr")).toHaveCount(10);
  await page.getByRole("button", { name: "Close" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
  expect(clean).toEqual([]);
});
