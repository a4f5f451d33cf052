// 增长 Growth, deepened: contribution by any dimension closes to the fen, the two formulas agree, scenes lead with true
// figures, the trend shows any measure; by mouse, by keys, without JavaScript, in both languages.
import { COMPARE, QUERY, WINDOW, expect, expectShown, ready, recount, settled as answered, shown, test } from "./fixtures";
import type { APIRequestContext, Page } from "@playwright/test";

/** Opens an address and waits until the browser counts by itself. */
async function visit(page: Page, address: string) {
  await page.goto(address);
  await ready(page);
  await settled(page);
}

/** Waits until the page shows the exact answer to its address. */
async function settled(page: Page) {
  await answered(page);
  await expect(page.locator(".badge")).toHaveText(/精确|Exact/);
}

/** A full amount in fen: "−54,154.36". */
const fen = (text: string) => Math.round(shown(text).value * 100);

/** The split's rows in fen, the foot's among them. */
async function sheet(page: Page) {
  const read = (rows: Element[]) =>
    rows.map((row) => ({
      name: row.querySelector("th")!.textContent!,
      cells: [...row.querySelectorAll("td[title]")].map((cell) => cell.getAttribute("title")!),
    }));
  const inFen = (rows: { name: string; cells: string[] }[]) => rows.map((row) => ({ ...row, cells: row.cells.map(fen) }));
  return {
    rows: inFen(await page.locator(".heat tbody tr").evaluateAll(read)),
    rest: inFen(await page.locator(".heat tfoot tr:not(.total)").evaluateAll(read)),
    total: inFen(await page.locator(".heat tfoot tr.total").evaluateAll(read))[0].cells,
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function ask(request: APIRequestContext, ask: object[], filter: object = {}): Promise<any[]> {
  const answered = await request.post("/api/ask", { data: { window: WINDOW, compare: COMPARE, filter, ask } });
  return (await answered.json()).answers;
}

/** Follows a link of the page as the page does, keeping what is loaded. */
const choose = async (page: Page, group: string, name: string) => {
  await page.locator(group).getByRole("link", { name, exact: true }).click();
  await settled(page);
};

test("contribution by every dimension closes to the fen, and the groups are the engine's", async ({ page, request, clean }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await visit(page, `/?${QUERY}&lang=zh-CN`);
  for (const [name, by] of [["城市", "city"], ["门店", "store"], ["门店类型", "format"], ["渠道", "channel"], ["公域/私域", "domain"], ["会员等级", "tier"], ["大区", "region"]]) {
    await choose(page, ".heat .segments", name);
    await expect(page).toHaveURL(new RegExp(`by=${by}`));
    const { rows, rest, total } = await sheet(page);
    expect(rows.length, by).toBeGreaterThan(1);
    expect(rows.length, "a table of a readable length").toBeLessThanOrEqual(41);
    total.forEach((sum, column) => {
      const all = [...rows, ...rest].map((row) => row.cells[column]);
      expect(all.reduce((a, b) => a + b, 0), `${by}, column ${column}`).toBe(sum);
    });
    expect(total.at(-1)).toBe(now.sales - before.sales);
    const [{ growth }] = await ask(request, [{ growth: { by } }]);
    const changes = growth.groups.map((g: any) => g.window.sales.value - g.compare.sales.value);
    for (const row of rows) expect(changes, `${by}: ${row.name}`).toContain(row.cells.at(-1));
  }
  expect(clean).toEqual([]);
});

test("region, its cities, its stores, the store's page; the crumbs lead back and so does Back", async ({ page, request }) => {
  await visit(page, `/?${QUERY}&lang=zh-CN`);
  await page.getByRole("link", { name: "华东：往下看城市" }).click();
  await settled(page);
  await expect(page).toHaveURL(/region=.*by=city/);
  const [{ growth }] = await ask(request, [{ growth: { by: "city" } }], { regions: ["华东"] });
  const { rows } = await sheet(page);
  for (const { name, cells } of rows) {
    const group = growth.groups.find((g: any) => g.id === name);
    const { users, conversion, frequency, aov } = group.contributions;
    expect(cells.slice(0, 4), name).toEqual([users, conversion, frequency, aov].map((money: any) => money.value));
  }
  await page.getByRole("link", { name: "上海：往下看门店" }).click();
  await settled(page);
  await expect(page.locator(".crumbs li")).toHaveText(["全部", "华东", "上海"]);
  await page.locator(".heat tbody .drill a").first().click();
  await expect(page).toHaveURL(/\/stores\/S/);
  await page.goBack();
  await settled(page);
  await page.locator(".crumbs").getByRole("link", { name: "华东" }).click();
  await settled(page);
  await expect(page).not.toHaveURL(/city=/);
  expect((await sheet(page)).rows).toEqual(rows);
  await page.locator(".crumbs").getByRole("link", { name: "全部" }).click();
  await settled(page);
  await expect(page.locator(".crumbs")).toHaveCount(0);
});

test("the formula of traffic explains the same change of sales, and says how it agrees with that of users", async ({ page, clean }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await visit(page, `/?${QUERY}&lang=zh-CN`);
  await choose(page, ".choices", "流量");
  await expect(page).toHaveURL(/formula=traffic/);
  const cards = await page.locator(".formula .card .val").allInnerTexts();
  expectShown(cards[0], now.sales / 100, "sales");
  expectShown(cards[1], now.orders, "orders");
  expectShown(cards[2], now.sales / now.orders / 100, "order value");
  const change = now.sales - before.sales;
  const { rows, rest, total } = await sheet(page);
  expect(total).toHaveLength(3);
  expect(total[0] + total[1]).toBe(change);
  total.forEach((sum, column) => expect([...rows, ...rest].reduce((all, row) => all + row.cells[column], 0)).toBe(sum));
  const lines = await page.locator("#reconciled tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.getAttribute("title") ?? "0")));
  for (const column of [0, 1]) expect(lines.map((line) => fen(line[column])).reduce((a, b) => a + b, 0), `column ${column}`).toBe(change);
  expect(lines.map((line) => fen(line[2])).reduce((a, b) => a + b, 0)).toBe(0);
  expect(clean).toEqual([]);
});

test("each scene leads with its own figures, and they are true", async ({ page, request }) => {
  const [now] = recount([WINDOW]);
  await visit(page, `/?${QUERY}&lang=en`);
  const cards = () => page.locator(".scene .card .val").allInnerTexts();
  await expect(page.locator(".scene")).toHaveCount(0);
  await choose(page, ".choices", "Frequent");
  let [first, second, third, fourth] = await cards();
  expectShown(first, now.repeat_buyers / now.buyers, "repurchase rate");
  expectShown(second, now.member_orders / now.buyers, "frequency");
  expectShown(third, now.repeat_buyers, "bought again");
  expectShown(fourth, now.new_buyers, "new buyers");

  await choose(page, ".choices", "Considered");
  const touch = ["ad_click", "join_group", "live_watch", "add_friend"];
  const [{ funnel }] = await ask(request, [{ funnel: { steps: [{ touch }, { order: 0 }], within_days: 90 } }]);
  [first, second, third, fourth] = await cards();
  expectShown(first, funnel.steps[0].members.value, "leads");
  expectShown(second, funnel.steps[1].rate_from_first.value, "leads that ordered");
  expectShown(third, funnel.steps[1].median_days.value, "days");
  expectShown(fourth, now.buyers / now.users, "conversion");

  await choose(page, ".choices", "Guided");
  const [{ growth }] = await ask(request, [{ growth: { by: "domain" } }]);
  const own = growth.groups.find((g: any) => g.id === "private").window;
  [first, second, third, fourth] = await cards();
  expectShown(first, own.sales.value / now.sales, "private share");
  expectShown(second, own.buyers.value, "private buyers");
  expectShown(third, own.conversion.value, "private conversion");
  expectShown(fourth, now.member_sales / now.sales, "member share");
  await choose(page, ".choices", "General");
  await expect(page.locator(".scene")).toHaveCount(0);
});

test("the trend shows any measure; its table says what the engine says, and keys step through it", async ({ page, request }) => {
  await visit(page, `/?${QUERY}&lang=zh-CN&grain=month`);
  await page.locator("#menu-measure summary").click();
  await expect(page.locator("#menu-measure a")).toHaveCount(13);
  await page.locator("#menu-measure").getByRole("link", { name: "新购会员" }).click();
  await settled(page);
  await expect(page).toHaveURL(/measure=new_buyers/);
  await expect(page.locator("#trend h2")).toHaveText("每月新购会员");
  const [{ series }] = await ask(request, [{ series: { grain: "month", align: "window", measures: ["new_buyers"] } }]);
  await page.locator("#trend .twin summary").click();
  const cells = await page.locator("#trend .twin tbody tr td:nth-child(2)").allInnerTexts();
  expect(cells.map((text) => shown(text).value)).toEqual(series.window.new_buyers.map((n: any) => n.value));
  const mark = page.locator("#trend svg:visible .mark").first();
  await mark.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("#trend svg:visible .mark").nth(1)).toBeFocused();
  await expect(page.locator("#trend svg:visible .mark").nth(1).locator(".tip")).toBeVisible();
});

test("keys walk through the split and Enter follows; Back undoes", async ({ page }) => {
  await visit(page, `/?${QUERY}&lang=zh-CN`);
  const spot = (row: number, column: number) => page.locator(".heat tbody tr").nth(row).locator(".spot").nth(column);
  await spot(0, 0).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(spot(1, 1)).toBeFocused();
  await expect(spot(1, 1)).toHaveAttribute("aria-label", /转化率/);
  const rows = await page.locator(".heat tbody tr").count();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/region=/);
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  await page.goBack();
  await expect(page.locator(".heat tbody tr")).toHaveCount(rows);
});

test("without JavaScript the choices are links and the numbers close", async ({ browser, baseURL }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`/?${QUERY}`);
  await page.locator(".choices").getByRole("link", { name: "Traffic" }).click();
  await page.locator(".heat .segments").getByRole("link", { name: "Channel", exact: true }).click();
  await expect(page).toHaveURL(/by=channel&formula=traffic/);
  const { rows, rest, total } = await sheet(page);
  total.forEach((sum, column) => expect([...rows, ...rest].reduce((all, row) => all + row.cells[column], 0)).toBe(sum));
  expect(total.at(-1)).toBe(now.sales - before.sales);
  await context.close();
});

test("the sum is in sight without a swipe, and the page never scrolls sideways", async ({ page }) => {
  for (const address of [`/?${QUERY}&lang=en&by=store`, `/?${QUERY}&lang=zh-CN&formula=traffic&scene=guided`]) {
    await visit(page, address);
    const wide = page.viewportSize()!.width;
    for (const sum of await page.locator(".heat tbody tr:first-child td.sum").all()) {
      const box = (await sum.boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(wide);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});

test("choices that mean nothing are said and the nearest page is shown", async ({ page }) => {
  await visit(page, `/?${QUERY}&lang=en&by=moon&formula=magic&scene=none`);
  await expect(page.locator(".notes")).toContainText("`moon` is no value of by");
  await expect(page.locator(".notes")).toContainText("`magic` is no value of formula");
  await expect(page.locator(".formula .card")).toHaveCount(5);
});
