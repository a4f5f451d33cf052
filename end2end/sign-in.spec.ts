// Signing in: the form with and without JavaScript, a region manager's own snapshot, and that nothing of it stays on
// the device after signing out.
import { expect } from "@playwright/test";
import { ready } from "./fixtures";
import { signIn, signOut, test } from "./house";

test.describe.configure({ timeout: 120_000 });

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
  const shown = await page.locator("main a[href^='/stores/']").evaluateAll((links) =>
    // Those in a chart are of SVG, whose `href` is no text.
    links.map((link) => decodeURIComponent(link.getAttribute("href")!.split("?")[0].slice("/stores/".length))),
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
