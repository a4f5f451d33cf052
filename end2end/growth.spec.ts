// 增长 Growth: the numbers are true, filters are answered in the browser, Back undoes them.
import { COMPARE, QUERY, WINDOW, expect, expectRecounted, figures, ready, recount, settled, test } from "./fixtures";

test("the page shows what an independent recount says", async ({ page, clean }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await expectRecounted(page, now, before);
  await ready(page);
  await expectRecounted(page, now, before);
  expect(clean).toEqual([]);
});

test("without JavaScript the same numbers stand there, and links work", async ({ browser, baseURL }) => {
  const [now, before, east, eastBefore] = recount([WINDOW, COMPARE, { ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] }]);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto(`/?${QUERY}`);
  await expectRecounted(page, now, before);
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page).toHaveURL(/region=/);
  await expectRecounted(page, east, eastBefore);
  await context.close();
});

test("filters are answered by the worker while the server is not asked, and Back undoes them", async ({ page, clean }) => {
  const [now, before, east, eastBefore, till, tillBefore] = recount([
    WINDOW, COMPARE,
    { ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] },
    { ...WINDOW, regions: ["华东"], channels: ["pos"] }, { ...COMPARE, regions: ["华东"], channels: ["pos"] },
  ]);
  let asked = 0;
  await page.route("**/api/ask", (route) => { asked += 1; return route.abort(); });
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await ready(page);
  const documents: string[] = [];
  page.on("request", (request) => { if (request.resourceType() === "document") documents.push(request.url()); });

  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page).toHaveURL(/region=/);
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  await expectRecounted(page, east, eastBefore);

  await page.locator("#menu-channel summary").click();
  await page.locator("#menu-channel a", { hasText: "门店POS" }).click();
  await expect(page).toHaveURL(/channel=pos/);
  await settled(page);
  await expectRecounted(page, till, tillBefore);

  await page.goBack();
  await expect(page).not.toHaveURL(/channel=/);
  await settled(page);
  await expectRecounted(page, east, eastBefore);
  await page.goBack();
  await expect(page.locator(".heat tbody tr")).toHaveCount(Object.keys(now.by_region).length);
  await expectRecounted(page, now, before);

  expect(asked, "the server was not asked").toBe(0);
  expect(documents, "no page was loaded anew").toEqual([]);
  expect(clean).toEqual([]);
});

test("a store that moved leads to its page, and the address alone brings it back", async ({ page }) => {
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await ready(page);
  const mover = page.locator(".movers a").first();
  const name = await mover.locator("b").innerText();
  await mover.click();
  await expect(page).toHaveURL(/\/stores\/S/);
  await expect(page.locator("h1")).toHaveText(name);
  await settled(page);
  const store = decodeURIComponent(new URL(page.url()).pathname.split("/").pop()!);
  const [now] = recount([{ ...WINDOW, stores: [store] }]);
  const there = await figures(page);
  expect(there.cards.length).toBe(5);
  await page.reload();
  expect(await figures(page)).toEqual(there);
  const users = there.cards[1].replaceAll(",", "");
  if (/^\d+$/.test(users)) expect(Number(users)).toBe(now.users);
});

test("server and browser answer alike, to the last byte", async ({ page, request }) => {
  const questions = [
    { window: WINDOW, compare: COMPARE, ask: [{ growth: { by: "region" } }, { growth: { by: "store" } }, { growth: { by: "channel" } }] },
    { window: WINDOW, compare: COMPARE, filter: { regions: ["华南"], channels: ["mini", "app"] }, ask: [{ growth: {} }, { series: { grain: "week" } }, { stores: { by: "sales" } }] },
    { window: { from: "2024-11-01", to: "2024-11-30" }, ask: [{ series: { grain: "day", align: "window" } }, { stores: { by: "conversion", limit: 7 } }] },
    { window: { from: "1999-01-01", to: "1999-12-31" }, compare: WINDOW, ask: [{ growth: { by: "region" } }] },
  ];
  await page.goto("/");
  for (const question of questions) {
    const server = await (await request.post("/api/ask", { data: question })).text();
    const browser = await page.evaluate(async (question) => {
      const path = "/wellspring.js";
      const { open } = await import(path);
      const opened = await open({ manifest: "/snapshot/manifest.json" });
      // As text, so that not even number formatting can differ unseen.
      const text: string = await opened.askText(JSON.stringify(question));
      opened.close();
      return text;
    }, question);
    expect(browser).toBe(server.trim());
  }
});
