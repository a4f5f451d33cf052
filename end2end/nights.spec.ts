// Built every night: signatures that the browser checks, the way from the shop to the screen, what the feed promised.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, ready, source, test as base } from "./fixtures";
import { freePort } from "./house";

const binary = process.env.WELLSPRING_BIN ?? "../target/release/wellspring";
const builder = process.env.WELLSPRING_BUILD_BIN ?? binary;
const site = process.env.WELLSPRING_SITE ?? "../dist";

const EXPECTATIONS = `
[[rows]]
table = "orders"
least = 0.1
then = "stop"

[[empty]]
table = "orders"
column = "store_id"
most = 0.0
then = "warn"
`;

/** A server that checks signatures, over a snapshot that is signed. */
class Nights {
  folder = mkdtempSync(join(tmpdir(), "wellspring-nights-"));
  port = 0;
  #server: ChildProcess | undefined;
  async start() {
    const [key, snapshot, expect_] = ["night.key", "snapshot", "expectations.toml"].map((name) => join(this.folder, name));
    writeFileSync(expect_, EXPECTATIONS);
    const trusted = execFileSync(binary, ["sign-key", "new", key]).toString().trim();
    const build = ["build", "--source", source, "--out", snapshot, "--sign-key", key, "--expect", expect_];
    for (let night = 0; night < 2; night += 1) execFileSync(builder, build, { stdio: "ignore" });
    this.port = await freePort();
    const serve = ["serve", "--open", "--snapshot", snapshot, "--site", site, "--addr", `127.0.0.1:${this.port}`];
    this.#server = spawn(binary, [...serve, "--verify-key", trusted, "--shown-file", join(this.folder, "shown.json")], { stdio: "ignore" });
    await expect.poll(() => fetch(`http://127.0.0.1:${this.port}/healthz`).then((said) => said.status, () => 0)).toBe(200);
  }
  stop() {
    this.#server?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const test = base.extend<{ baseURL: string }, { nights: Nights }>({
  nights: [
    async ({}, use) => {
      const nights = new Nights();
      await nights.start();
      await use(nights);
      nights.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: async ({ nights }, use) => use(`http://127.0.0.1:${nights.port}`),
});

test("a page counts by itself what is signed, and remembers it", async ({ page, clean }) => {
  await page.goto("/?lang=en");
  await ready(page);
  const shown = await page.evaluate(() => Object.values(JSON.parse(localStorage.getItem("wellspring.shown") ?? "{}")));
  expect(shown).toEqual([[2, expect.stringMatching(/^[0-9a-f]{64}$/)]]);
  expect(clean).toEqual([]);
});

for (const [lang, unsigned, older] of [
  ["en", "The signature of these data cannot be verified", "This browser has seen newer data"],
  ["zh-CN", "数据签名无法验证", "这些数据比本浏览器见过的旧"],
]) {
  test(`a manifest that is not signed, or older than one seen, is not counted with (${lang})`, async ({ page }) => {
    await page.route("**/snapshot/manifest.json", async (route) => {
      const response = await route.fetch();
      const { "wellspring-signature": _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await page.goto(`/?lang=${lang}`);
    await expect(page.locator(".fresh .live")).toContainText(unsigned);
    await expect(page.locator("html")).not.toHaveAttribute("data-ready", "worker");
    await page.unroute("**/snapshot/manifest.json");
    await page.evaluate(() => localStorage.setItem("wellspring.shown", JSON.stringify({ "all Wellspring": [9, ""] })));
    await page.goto(`/?lang=${lang}`);
    await expect(page.locator(".fresh .live")).toContainText(older);
    await expect(page.locator("html")).not.toHaveAttribute("data-ready", "worker");
  });
}

test("the Data page shows the way to the screen and what was expected, wherever one comes from", async ({ page, clean }) => {
  await page.goto("/data?lang=en");
  await expect(page.locator("#way dt")).toContainText(["Newest order", "Newest touch", "Build began", "Published", "Shown by the server", "This page"]);
  const rows = page.locator("#contract tbody tr");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText("as expected");
  await expect(rows.nth(0).locator("svg polyline, svg path").first()).toBeAttached();
  const drawn = await rows.allInnerTexts();
  await page.goto("/?lang=en");
  await ready(page);
  await page.locator('.rail a[href^="/data"]').first().click();
  await expect(rows).toHaveCount(2);
  expect(await rows.allInnerTexts()).toEqual(drawn);
  expect(clean).toEqual([]);
});
