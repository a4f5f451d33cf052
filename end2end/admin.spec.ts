// The pages for administrators: without JavaScript, in both languages, light and dark, on a phone.
import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import { password, signIn, test } from "./house";

const pages = ["/admin", "/admin/user?name=boss", "/admin/regions", "/admin/keys", "/admin/audit?verify=1"];
test.describe.configure({ timeout: 120_000 });

async function enter(page: Page) {
  await page.goto("/sign-in?lang=en&next=/admin?lang=en");
  await signIn(page, "admin");
  await expect(page.getByRole("heading", { name: "People", level: 1 })).toBeVisible();
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("someone is added, changes the password made for them, and is disabled", async ({ page, browser, baseURL }, info) => {
    const name = `new ${info.project.name} ${Date.now()}`;
    await enter(page);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Sees").selectOption({ label: "everything" });
    await page.getByRole("button", { name: "Add" }).click();
    const once = await page.locator(".once code").innerText();
    expect(once).toMatch(/^([a-z2-9+]{5}-){3}[a-z2-9+]{5}$/);

    const other = await (await browser.newContext({ baseURL, javaScriptEnabled: false, locale: "en" })).newPage();
    await other.goto("/stores?lang=en");
    await signIn(other, name, once);
    await expect(other).toHaveURL(/\/account\/password/);
    await other.locator("input[name=password]").fill(once);
    await other.locator("input[name=new]").fill(password);
    await other.locator("input[name=again]").fill("correct horse batter");
    await other.locator("form button").click();
    await expect(other.getByRole("alert")).toBeVisible();
    for (const [field, typed] of [["password", once], ["new", password], ["again", password]]) {
      await other.locator(`input[name=${field}]`).fill(typed);
    }
    await other.locator("form button").click();
    await expect(other).toHaveURL(/\/stores\?lang=en$/);

    await page.goto(`/admin/user?lang=en&name=${encodeURIComponent(name)}`);
    await expect(page.locator(".once")).toHaveCount(0);
    const disable = page.locator("details", { has: page.getByText("Disable", { exact: true }) });
    await expect(disable.getByRole("button")).toBeHidden();
    await disable.locator("summary").click();
    await disable.getByRole("button").click();
    await expect(page.getByRole("status")).toContainText("Disabled");
    await other.goto("/stores?lang=en");
    await expect(other).toHaveURL(/\/sign-in/);
    await page.getByRole("link", { name: "What the audit has" }).click();
    await expect(page.locator("tbody")).toContainText("user.disable");
    await other.context().close();
  });

  test("a key is added, its secret shown once, and revoked", async ({ page }, info) => {
    const portal = `portal ${info.project.name} ${Date.now()}`;
    await enter(page);
    await page.goto("/admin/keys?lang=en");
    await page.locator("input[name=portal]").fill(portal);
    await page.locator("textarea[name=origins]").fill("portal.example");
    await page.getByLabel("all regions").check();
    await page.getByLabel("Make a shared secret").check();
    await page.getByRole("button", { name: "Add" }).click();
    await expect(page.getByRole("alert")).toContainText("portal.example");
    await expect(page.locator("input[name=portal]")).toHaveValue(portal);
    await page.locator("textarea[name=origins]").fill("https://portal.example");
    await page.getByRole("button", { name: "Add" }).click();
    await expect(page.locator(".once code")).toHaveCount(2);
    const row = page.locator("tbody tr", { hasText: portal });
    await row.locator("summary").click();
    await row.getByRole("button", { name: "Revoke" }).click();
    await expect(page.locator("tbody tr", { hasText: portal })).toContainText("revoked");
    await expect(page.locator(".once")).toHaveCount(0);
  });

  test("the last admin stays, and nobody else gets in", async ({ page, browser, baseURL }) => {
    await enter(page);
    await page.goto("/admin/user?lang=en&name=admin");
    await page.getByText("Disable", { exact: true }).first().click();
    await page.getByRole("button", { name: "Disable" }).click();
    await expect(page.getByRole("alert")).toContainText("last administrator");
    const other = await (await browser.newContext({ baseURL, javaScriptEnabled: false })).newPage();
    await other.goto("/sign-in?lang=en&next=/admin%3Flang%3Den");
    await signIn(other, "boss");
    await expect(other.locator("main")).toContainText("for administrators");
    await other.context().close();
  });
});

test("the pages fit their screen, light and dark, and have no faults that axe finds", async ({ page }, info) => {
  await enter(page);
  for (const path of pages) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=zh-CN`);
      const { wide, tall } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth - innerWidth,
        tall: [...document.querySelectorAll("button, summary, nav a, select, input:not([type=hidden], [type=checkbox])")]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44).map((it) => it.outerHTML),
      }));
      expect(wide, path).toBeLessThanOrEqual(0);
      expect(tall, path).toEqual([]);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), `${path} ${colorScheme}`).toEqual([]);
      if (process.env.WELLSPRING_SHOTS) {
        const name = path.replaceAll(/\W+/g, "-");
        await page.screenshot({ path: `${process.env.WELLSPRING_SHOTS}/${info.project.name}${name}-${colorScheme}.png`, fullPage: true });
      }
    }
  }
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });
  test("no such page is kept on the device", async ({ page }) => {
    const kept = () =>
      page.evaluate(async () => {
        const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const requests = await Promise.all(caches_.map((cache) => cache.keys()));
        return requests.flat().map(({ url }) => new URL(url).pathname);
      });
    await page.goto("/sign-in?lang=en&next=%2F%3Flang%3Den");
    await signIn(page, "admin");
    await expect.poll(async () => (await kept()).includes("/"), { timeout: 90_000 }).toBe(true);
    for (const path of [...pages, "/account", "/account/password"]) await page.goto(path);
    await page.goto("/stores?lang=en");
    await expect.poll(async () => (await kept()).includes("/stores"), { timeout: 30_000 }).toBe(true);
    expect((await kept()).filter((path) => /^\/(admin|account)/.test(path))).toEqual([]);
  });
});
