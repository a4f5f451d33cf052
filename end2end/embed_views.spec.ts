// Real views in a real portal's page: the server, its pages and its keys, on two origins. embed.spec.ts has the protocol.
import AxeBuilder from "@axe-core/playwright";
import { expect, framed, test } from "./embed_house";
import { expectShown, recount, screenshots } from "./fixtures";
import { said, view } from "./embed_world";

const DAYS = "from=2025-01-06&to=2025-03-30&compare=none";
const QUARTER = { from: "2025-01-06", to: "2025-03-30" };

test("a view of groups: true to three digits, as tall as it is, and quiet about everything else", async ({ page, house, clean }, info) => {
  const [now] = recount([QUARTER]);
  const seen: string[] = [];
  page.on("request", (request) => request.url().startsWith(house.views) && seen.push(`${request.method()} ${new URL(request.url()).pathname}`));
  house.claims = { filters: { free: ["regions", "channels"] } };
  await page.goto(`${house.portal.origin}/bench`);
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate((filters) => mount(document.body, { view: "growth", tokenUrl: "/token", filters, title: "Why sales moved", lang: "en", maxHeight: 20_000 }), DAYS);
  const frame = await framed(page, house.views, /framed/);
  await expect.poll(() => said(page, "ready")).toContainEqual({ view: "growth" });
  const cards = await frame.locator(".formula .card .val").allInnerTexts();
  const near = (text: string, actual: number, part: number) => {
    const number = Number(/[\d,.]+/.exec(text)![0].replaceAll(",", "")) * (/M/.test(text) ? 1e6 : /K/.test(text) ? 1e3 : 1);
    expect(Math.abs(number / actual - 1), `${text} for ${actual}`).toBeLessThan(part);
  };
  near(cards[0], now.member_sales / 100, 0.01);
  near(cards[1], now.users, 0.01);

  // No frame of its own, nothing that leads out, no scroll bars, no sideways scroll.
  await expect(frame.locator(".rail, .settings, .export, [data-share]")).toHaveCount(0);
  expect(await frame.locator('a[href^="/"]:not([href^="/embed/"])').count()).toBe(0);
  await expect(frame.locator(".views a")).toHaveText(["Growth", "Stores"]);
  const inner = () => frame.evaluate(() => {
    const { scrollHeight, scrollWidth, clientWidth } = document.documentElement;
    return { missing: Math.max(0, scrollHeight - innerHeight), wide: scrollWidth - clientWidth };
  });
  await expect.poll(inner).toEqual({ missing: 0, wide: 0 });

  // A filter: asked of the server with the token, told to the portal.
  const before = cards[0];
  await frame.locator("#menu-region > summary").click();
  await frame.locator("#menu-region .pop a").nth(1).click();
  await expect.poll(async () => (await said(page, "filter")).length).toBe(1);
  expect((await said(page, "filter"))[0].query).toContain("region=");
  await expect(frame.locator(".formula .card .val").first()).not.toHaveText(before);
  // And by the portal.
  await view(page).evaluate((view, days) => view.setFilter(days), DAYS);
  await expect(frame.locator(".formula .card .val").first()).toHaveText(before);
  await view(page).evaluate((view) => view.setLang("zh-CN"));
  await expect(frame.locator("html")).toHaveAttribute("lang", "zh-CN");
  await view(page).evaluate((view) => view.setTheme("dark", {}));
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.screenshot({ path: `${screenshots}/embedded-dark-${info.project.name}.png` });
  await view(page).evaluate((view) => view.setTheme("light", { accent: "#0a6040" }));
  await view(page).evaluate((view) => view.setLang("en"));
  await expect(frame.locator("html")).toHaveAttribute("lang", "en");

  // To another view of the token, and to one that is the portal's to show.
  await frame.locator(".views a", { hasText: "Stores" }).click();
  await expect(frame.locator("h1")).toHaveText("Stores");
  expect((await said(page, "drill")).at(-1)!.view).toBe("stores");
  await expect.poll(inner).toEqual({ missing: 0, wide: 0 });
  await page.screenshot({ path: `${screenshots}/embedded-stores-${info.project.name}.png` });

  // Rows of members stay where they are; nothing is kept in the browser.
  expect(seen.filter((line) => line.includes("/snapshot/") || line.includes("worker"))).toEqual([]);
  expect(seen).toContain("POST /api/ask");
  expect(await page.context().cookies(house.views)).toEqual([]);
  // Chromium refuses storage to frames of another site; where it does not, there is nothing in it.
  expect(await frame.evaluate(() => {
    try {
      return localStorage.length + sessionStorage.length;
    } catch {
      return 0;
    }
  })).toBe(0);
  // Of the whole, what is in the frame. The types are of another version of Playwright.
  const { violations } = await new AxeBuilder({ page: page as never }).analyze();
  expect(violations.filter(({ nodes }) => nodes.some(({ target }) => target.length > 1)).map(({ id }) => id)).toEqual([]);
  expect(clean).toEqual([]);
});

test("a view of rows: counted in the reader's own browser, exactly", async ({ page, house, clean }) => {
  const [now] = recount([QUARTER]);
  house.claims = { aggregate_only: false, filters: { free: ["regions"] } };
  await page.goto(`${house.portal.origin}/bench`);
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate((filters) => mount(document.body, { view: "growth", tokenUrl: "/token", filters, lang: "en" }), DAYS);
  const frame = await framed(page, house.views, /worker/);
  expectShown((await frame.locator(".formula .card .val").allInnerTexts())[0], now.member_sales / 100, "member sales");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const before = await frame.locator(".formula .card .val").first().innerText();
  await frame.locator("#menu-region > summary").click();
  await frame.locator("#menu-region .pop a").nth(1).click();
  await expect(frame.locator(".formula .card .val").first()).not.toHaveText(before);
  expect(asked).toEqual([]);
  expect(clean).toEqual([]);
});

test("in a sandbox, without an origin, the server counts", async ({ page, house }) => {
  house.claims = { filters: { free: ["regions"] } };
  await page.goto(`${house.portal.origin}/bench`);
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate((filters) => mount(document.body, { view: "growth", tokenUrl: "/token", filters, lang: "en", sandbox: true }), DAYS);
  const frame = await framed(page, house.views, /framed/);
  expect(await frame.evaluate(() => self.origin)).toBe("null");
  const card = frame.locator(".formula .card .val").first();
  const before = await card.innerText();
  await frame.locator("#menu-region > summary").click();
  await frame.locator("#menu-region .pop a").nth(1).click();
  await expect(card).not.toHaveText(before);
  await frame.locator(".views a", { hasText: "Stores" }).click();
  await expect(frame.locator("h1")).toHaveText("Stores");
});

test("a token that ends is renewed; a key that is revoked shows nothing more", async ({ page, house }) => {
  house.life = 4;
  house.claims = { filters: { free: ["regions"] } };
  await page.goto(`${house.portal.origin}/bench`);
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate((filters) => mount(document.body, { view: "growth", tokenUrl: "/token", filters, lang: "en" }), DAYS);
  const frame = await framed(page, house.views, /framed/);
  await expect.poll(() => house.given, { timeout: 20_000 }).toBeGreaterThan(2);
  const card = frame.locator(".formula .card .val").first();
  const before = await card.innerText();
  await frame.locator("#menu-region > summary").click();
  await frame.locator("#menu-region .pop a").nth(1).click();
  await expect(card).not.toHaveText(before);
  house.revoke();
  // Asked anew each time; loading the view anew would end at the browser, since nobody may frame it any more.
  const [{ query }] = await said(page, "filter");
  let asked = 0;
  await expect.poll(async () => {
    asked += 1;
    await view(page).evaluate((view, query) => view.setFilter(query), asked % 2 ? DAYS : query);
    return (await said(page, "error")).map(({ code }) => code);
  }, { timeout: 20_000, intervals: [1_000] }).toContain("key_revoked");
});

test("somebody else's page frames nothing", async ({ page, house }) => {
  await page.goto(`${house.stranger.origin}/bench`);
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate((kid) => mount(document.body, { view: "growth", tokenUrl: "/token", kid, lang: "en" }), house.key.kid);
  await page.waitForTimeout(2_000);
  expect(page.frames().filter((frame) => frame.url().startsWith(house.views))).toEqual([]);
  expect(await said(page, "ready")).toEqual([]);
});

for (const [lang, sentence] of [["en", /^This view cannot be shown here.* view_not_allowed: /], ["zh-CN", /^此视图无法在这里显示.* view_not_allowed: /]] as const) {
  test(`a view that the token is not for says so to its reader and to the portal, ${lang}`, async ({ page, house }) => {
    await page.goto(`${house.portal.origin}/bench`);
    await page.waitForFunction(() => "mount" in globalThis);
    await page.evaluate((lang) => mount(document.body, { view: "members", tokenUrl: "/token", lang }), lang);
    await expect(page.frameLocator("wellspring-view iframe").locator("[role=status]")).toHaveText(sentence);
    await expect.poll(() => said(page, "error")).toMatchObject([{ code: "view_not_allowed" }]);
  });
}
