// Signing in: the form with and without JavaScript, a region manager's own snapshot, and that nothing of it stays on
// the device after signing out. The server is this journey's own, with sign-in, over a build with regions.
// By `localhost`: over plain HTTP browsers keep `Secure` cookies for that name only.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import { ready, source } from "./fixtures";

const binary = process.env.WELLSPRING_BIN ?? "../target/release/wellspring";
const site = process.env.WELLSPRING_SITE ?? "../dist";
const password = "correct horse battery";

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

/** A server with two people: an executive, and the manager of the first region. */
class House {
  folder = mkdtempSync(join(tmpdir(), "wellspring-sign-in-"));
  region = "";
  port = 0;
  #server: ChildProcess | undefined;
  #environment = {
    ...process.env,
    WELLSPRING_DB: join(this.folder, "people.db"),
    WELLSPRING_SECRET: "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V",
  };
  async start() {
    const snapshot = join(this.folder, "snapshot");
    execFileSync(binary, ["build", "--source", source, "--out", snapshot, "--scopes", "all,regions"], { stdio: "ignore" });
    const { dimensions } = JSON.parse(readFileSync(join(snapshot, "manifest.json"), "utf8"));
    this.region = dimensions.regions.find(({ id }: { id: string }) => id !== "").id;
    this.#add("boss", "--role", "executive");
    this.#add("manager", "--role", "region-manager", "--region", this.region);
    this.port = await freePort();
    const serve = ["serve", "--snapshot", snapshot, "--site", site, "--addr", `127.0.0.1:${this.port}`];
    this.#server = spawn(binary, serve, { stdio: "ignore", env: this.#environment });
    await expect.poll(() => fetch(`http://127.0.0.1:${this.port}/healthz`).then((said) => said.status, () => 0)).toBe(200);
  }
  stop() {
    this.#server?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
  #add(name: string, ...more: string[]) {
    const options = { input: password, env: this.#environment };
    execFileSync(binary, ["user", "add", name, ...more, "--password-stdin"], options);
  }
}

const test = base.extend<{ baseURL: string }, { house: House }>({
  house: [
    async ({}, use) => {
      const house = new House();
      await house.start();
      await use(house);
      house.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ house }, use) => use(`http://localhost:${house.port}`),
});
test.describe.configure({ timeout: 120_000 });

async function signIn(page: Page, name: string) {
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=password]").fill(password);
  await page.locator("form button").click();
}

async function signOut(page: Page) {
  await page.goto("/account?lang=en");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the form leads back to the page asked for, and out again", async ({ page }) => {
    await page.goto("/stores?lang=en");
    await expect(page).toHaveURL(/\/sign-in\?lang=en&next=/);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.locator("input[name=name]").fill("boss");
    await page.locator("input[name=password]").fill("not the right one");
    await page.locator("form button").click();
    await expect(page.getByRole("alert")).toContainText("wrong");
    await expect(page.locator("input[name=name]")).toHaveValue("boss");
    await signIn(page, "boss");
    await expect(page).toHaveURL(/\/stores\?lang=en$/);
    await page.locator(".settings summary").click();
    await page.getByRole("link", { name: "boss" }).click();
    await expect(page.locator("main")).toContainText("all regions");
    await page.getByRole("button", { name: "Sign out on all devices" }).click();
    await page.goto("/data");
    await expect(page).toHaveURL(/\/sign-in/);
  });
});

test("a manager's browser gets one region, and counts it by itself", async ({ page, house }) => {
  await page.goto("/?lang=en");
  await signIn(page, "manager");
  await ready(page);
  const scope = await page.evaluate(async () => (await fetch("/snapshot/manifest.json")).json());
  expect(scope.dimensions.regions).toEqual([{ id: house.region }]);
  expect(scope.scope).toMatch(/^region-/);
  await page.goto("/stores?lang=en");
  const stores = new Set(scope.dimensions.stores.map(({ id }: { id: string }) => id));
  const shown = await page.locator("main a[href*='/stores/']").evaluateAll((links) =>
    links.map((link) => decodeURIComponent(new URL((link as HTMLAnchorElement).href).pathname.slice("/stores/".length))),
  );
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.filter((id) => !stores.has(id))).toEqual([]);
});

test("the form fits its screen, light and dark", async ({ page }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/sign-in?lang=zh-CN");
    await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
    const { wide, ground } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      ground: getComputedStyle(document.body).backgroundColor,
    }));
    expect(wide).toBeLessThanOrEqual(0);
    expect(ground).toBe(colorScheme === "dark" ? "rgb(14, 19, 24)" : "rgb(245, 246, 248)");
  }
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });
  test("nothing stays on the device after signing out", async ({ page }) => {
    const kept = () => page.evaluate(async () => (await caches.keys()).length);
    await page.goto("/?lang=en");
    await signIn(page, "manager");
    await expect.poll(kept, { timeout: 60_000 }).toBeGreaterThan(0);
    await signOut(page);
    await expect.poll(kept).toBe(0);
    await page.goBack().catch(() => null);
    await page.goto("/?lang=en");
    await expect(page).toHaveURL(/\/sign-in/);
  });
  test("nor when the session ended by itself", async ({ page, context }) => {
    const kept = () => page.evaluate(async () => (await caches.keys()).length);
    await page.goto("/?lang=en");
    await signIn(page, "manager");
    await expect.poll(kept, { timeout: 60_000 }).toBeGreaterThan(0);
    await context.clearCookies();
    await page.goto("/?lang=en");
    await expect(page).toHaveURL(/\/sign-in/);
    await expect.poll(kept).toBe(0);
  });
});
