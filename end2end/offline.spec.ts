// Without a network: the last verified snapshot and the page stand on the device; a newer snapshot is offered, never
// put under the reader. Every journey has a server of its own, which it may end, and a snapshot it may replace.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPARE, QUERY, WINDOW, expect, expectFigures, expectRecounted, figures, ready, recount, settled, source, test as base } from "./fixtures";
import type { Page } from "@playwright/test";

const binary = process.env.WELLSPRING_BIN ?? "../target/release/wellspring";
const snapshot = process.env.WELLSPRING_SNAPSHOT ?? "../target/xtask/sample";
const site = process.env.WELLSPRING_SITE ?? "../dist";

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

/** A server of the journey's own, over a copy of the snapshot. */
class House {
  folder = mkdtempSync(join(tmpdir(), "wellspring-offline-"));
  snapshot = join(this.folder, "snapshot");
  #server: ChildProcess | undefined;
  constructor(readonly port: number) {
    cpSync(snapshot, this.snapshot, { recursive: true });
  }
  async start() {
    this.#server = spawn(binary, ["serve", "--open", "--snapshot", this.snapshot, "--site", site, "--addr", `127.0.0.1:${this.port}`], { stdio: "ignore" });
    await expect.poll(() => this.healthy()).not.toBe("");
  }
  stop() {
    this.#server?.kill("SIGKILL");
  }
  /** The snapshot shown; empty where nobody answers. */
  healthy = () =>
    fetch(`http://127.0.0.1:${this.port}/healthz`).then((said) => said.json()).then((said) => said.snapshot as string, () => "");
  /** Publishes a snapshot in which every second order is missing, and gives its source. */
  async halve() {
    const fewer = join(this.folder, "source");
    cpSync(source, fewer, { recursive: true });
    const [head, ...orders] = readFileSync(join(fewer, "orders.csv"), "utf8").trimEnd().split("\n");
    writeFileSync(join(fewer, "orders.csv"), `${[head, ...orders.filter((_, line) => line % 2 === 0)].join("\n")}\n`);
    const before = await this.healthy();
    execFileSync(binary, ["build", "--source", fewer, "--out", this.snapshot], { stdio: "ignore" });
    await expect.poll(() => this.healthy()).not.toBe(before);
  }
}

const test = base.extend<{ house: House; baseURL: string }>({
  house: async ({}, use) => {
    const house = new House(await freePort());
    await house.start();
    await use(house);
    house.stop();
    rmSync(house.folder, { recursive: true, force: true });
  },
  baseURL: async ({ house }, use) => use(`http://127.0.0.1:${house.port}`),
});
test.use({ serviceWorkers: "allow" });
// Each starts a server of its own, some two, and one builds a snapshot.
test.describe.configure({ timeout: 180_000 });

const marked = (page: Page) =>
  page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("wellspring-"));
    const marks = await Promise.all(names.map(async (name) => (await caches.open(name)).match("/.kept")));
    return marks.filter(Boolean).length;
  });

/** Waits until the service worker has all of the page's snapshot. */
async function kept(page: Page) {
  await ready(page);
  await expect.poll(() => marked(page)).toBe(1);
}

/** Looks at the server, as when the reader comes back to the page. */
async function comeBack(page: Page) {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3_100)));
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
}

test("without a network the page opens with its numbers, filters, and says how old they are", async ({ page, context }) => {
  const [now, before, east, eastBefore] = recount([
    WINDOW, COMPARE, { ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] },
  ]);
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await kept(page);
  const online = await page.locator(".fresh > span").first().innerText();
  await context.setOffline(true);
  await expect(page.locator(".fresh .offline")).toContainText("离线 · 数据截至 2025");
  await page.reload();
  await expect(page.locator(".fresh .offline")).toContainText(/^离线 · 数据截至 .*更新$/);
  await expectRecounted(page, now, before);
  await ready(page);
  await expect(page.locator(".fresh .live")).toHaveText("数字来自本机");
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  await settled(page);
  await expectRecounted(page, east, eastBefore);
  await page.goBack();
  await expect(page.locator(".heat tbody tr")).not.toHaveCount(1);
  await expectRecounted(page, now, before);
  // Online again the page says nothing about it.
  await context.setOffline(false);
  await expect(page.locator(".fresh .offline")).toHaveCount(0);
  expect((await page.locator(".fresh > span").first().innerText()).split(" · ")[0]).toBe(online.split(" · ")[0]);
});

test("a page that was never opened opens without a network, and so does another filter of a known one", async ({ page, context }) => {
  const [east, eastBefore] = recount([{ ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] }]);
  await page.goto(`/?${QUERY}&lang=en`);
  await kept(page);
  await context.setOffline(true);
  await page.goto("/stores?lang=en");
  await expect(page.locator("h1")).toHaveText("Stores");
  await expect(page).toHaveTitle(/^Stores/);
  await ready(page);
  await settled(page);
  await expect(page.locator(".content table tbody tr").first()).toBeAttached();
  await page.goto(`/?${QUERY}&lang=en&region=${encodeURIComponent("华东")}`);
  await ready(page);
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  await settled(page);
  await expectRecounted(page, east, eastBefore);
  await expect(page.locator(".fresh .offline")).toContainText("Offline · Data until");
});

test("a server that has gone away is noticed, and its return too", async ({ page, house }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await page.goto(`/?${QUERY}&lang=en`);
  await kept(page);
  house.stop();
  await page.reload();
  await expect(page.locator(".fresh .offline")).toContainText("Offline");
  await ready(page);
  await expectRecounted(page, now, before);
  await house.start();
  await comeBack(page);
  await expect(page.locator(".fresh .offline")).toHaveCount(0);
  await expectRecounted(page, now, before);
});

test("a newer snapshot is offered while the numbers stay; after the reader took it, they are new and the old is let go", async ({ page, house, context }) => {
  const [now, before, east, eastBefore] = recount([
    WINDOW, COMPARE, { ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] },
  ]);
  await page.goto(`/?${QUERY}&lang=en`);
  await kept(page);
  await house.halve();
  await comeBack(page);
  await expect(page.locator(".fresh .newer")).toBeVisible();
  expectFigures(await figures(page), now, before);
  // Filters go on counting in the snapshot that the reader looks at, and the offer stays.
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  await expectRecounted(page, east, eastBefore);
  await expect(page.locator(".fresh .newer")).toBeVisible();
  await page.goBack();
  await expectRecounted(page, now, before);

  const old = await page.evaluate(() => caches.keys());
  await page.locator(".fresh .newer").click();
  await expect(page.locator(".foot-line")).toContainText("all-2");
  await ready(page);
  await expect(page.locator(".fresh .newer")).toBeHidden();
  const fresh = await figures(page);
  const half = Math.abs(Number(fresh.cards[0].replace(/[^\d.]/g, "")));
  expect(half).toBeGreaterThan(0);
  await expect.poll(async () => (await page.evaluate(() => caches.keys())).some((name) => old.includes(name))).toBe(false);
  await kept(page);
  // What is kept now is the new snapshot.
  await context.setOffline(true);
  await page.reload();
  await expect(page.locator(".foot-line")).toContainText("all-2");
  await ready(page);
  expect((await figures(page)).cards).toEqual(fresh.cards);
});

test.describe("with no service worker between", () => {
  test.use({ serviceWorkers: "block" });

  test("where the workers cannot count and the server has gone on, the next view comes whole from the new snapshot", async ({ page, house }) => {
    await page.route("**/wellspring-*_bg.wasm", (route) => route.abort());
    await page.goto(`/?${QUERY}&lang=en`);
    await expect(page.locator(".fresh .live")).toHaveText("Computed by the server");
    await house.halve();
    await page.locator(".heat tbody th a", { hasText: "华东" }).click();
    await expect(page.locator(".foot-line")).toContainText("all-2");
    await expect(page.locator(".heat tbody tr")).toHaveCount(1);
    await expect(page).toHaveURL(/region=/);
  });
});

test("nothing is kept that is an error, an answer or somebody else's page", async ({ page }) => {
  await page.goto(`/?${QUERY}&lang=en`);
  await kept(page);
  await page.goto("/nowhere");
  await page.goto("/examples/headless.html");
  await page.goto(`/?${QUERY}&lang=en`);
  await kept(page);
  const paths = await page.evaluate(async () => {
    const [name] = (await caches.keys()).filter((name) => name.startsWith("wellspring-"));
    const cache = await caches.open(name);
    const requests = await cache.keys();
    const all = await Promise.all(requests.map(async (request) => ({ path: new URL(request.url).pathname, status: (await cache.match(request))!.status })));
    return all;
  });
  expect(paths.every(({ status }) => status === 200)).toBe(true);
  expect(paths.filter(({ path }) => /nowhere|api|examples|healthz/.test(path))).toEqual([]);
  const shards = paths.filter(({ path }) => path.startsWith("/snapshot/shards/")).length;
  const named: { tails?: unknown[] }[] = JSON.parse(readFileSync(`${snapshot}/manifest.json`, "utf8")).shards;
  expect(shards).toBe(named.flatMap((shard) => [shard, ...(shard.tails ?? [])]).length);
});

test("the dashboard can be installed, in both languages", async ({ page, request }) => {
  for (const lang of ["zh-CN", "en"]) {
    await page.goto(`/?lang=${lang}`);
    const href = await page.locator('link[rel="manifest"]').getAttribute("href");
    const said = await request.get(href!);
    expect(said.headers()["content-type"]).toContain("application/manifest+json");
    const manifest = await said.json();
    expect(manifest).toMatchObject({ lang, display: "standalone", scope: "/" });
    expect(manifest.icons.map((icon: { purpose: string }) => icon.purpose)).toContain("maskable");
    for (const icon of manifest.icons) {
      const drawn = await request.get(icon.src);
      expect(drawn.ok(), icon.src).toBe(true);
      expect(drawn.headers()["content-type"]).toBe(icon.type);
      expect((await drawn.body()).length).toBeLessThan(50_000);
    }
    // Chromium's own opinion.
    const client = await page.context().newCDPSession(page);
    const { installabilityErrors } = await client.send("Page.getInstallabilityErrors");
    expect(installabilityErrors.map((error) => error.errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  }
});

test("nothing here wants to be found by search engines", async ({ page, request }) => {
  for (const path of ["/", "/stores", "/nowhere", "/snapshot/manifest.json", "/wellspring.js"]) {
    expect((await request.get(path)).headers()["x-robots-tag"], path).toContain("noindex");
  }
  await page.goto("/");
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", /noindex/);
});
