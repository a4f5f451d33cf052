// 门店 Stores: who needs you today, where, the ranking, and one store beside its like.
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { QUERY, WINDOW, COMPARE, expect, expectShown, ready, recount, settled, shown, source, test } from "./fixtures";

type Row = { store: string; rank: number; rank_low: number; rank_high: number; sales: { value: number }; compare: { sales: { value: number } }; sales_z?: number };

/** The ranking as the server's API answers it. */
async function ranked(page: Page, filter: object = {}, by = "sales"): Promise<Row[]> {
  const answer = await page.request.post("/api/ask", { data: { window: WINDOW, compare: COMPARE, filter, ask: [{ stores: { by } }] } });
  expect(answer.ok()).toBe(true);
  return (await answer.json()).answers[0].stores;
}

/** Which stores the rule of Benjamini and Hochberg lists at 5 %, told anew: the normal tail by summing its density. */
function listed(rows: Row[]): Row[] {
  const tail = (z: number) => {
    const [steps, width] = [40_000, 12];
    let sum = 0;
    for (let i = 0; i < steps; i += 1) sum += Math.exp(-(((Math.abs(z) + ((i + 0.5) * width) / steps) ** 2) / 2));
    return (2 * sum * width) / steps / Math.sqrt(2 * Math.PI);
  };
  const judged = rows.filter((row) => row.sales_z !== undefined).map((row) => ({ row, p: tail(row.sales_z!) })).sort((a, b) => a.p - b.p);
  const last = judged.findLastIndex(({ p }, i) => p <= (0.05 * (i + 1)) / judged.length);
  return judged.slice(0, last + 1).map(({ row }) => row);
}

const lost = (row: Row) => row.sales.value - row.compare.sales.value;

test("today lists the stores that fell beyond chance, worst in money first, and each leads to its store", async ({ page, clean }) => {
  await page.goto(`/stores?${QUERY}&compare=prev&lang=zh-CN`);
  await ready(page);
  const question = { window: WINDOW, compare: { from: "2024-10-03", to: "2024-12-31" }, ask: [{ stores: { by: "sales" } }] };
  const rows: Row[] = (await (await page.request.post("/api/ask", { data: question })).json()).answers[0].stores;
  const falls = listed(rows).filter((row) => lost(row) < 0).sort((a, b) => lost(a) - lost(b));
  expect(falls.length).toBeGreaterThan(6);
  const cards = page.locator("#today > .needs .need");
  await expect(cards).toHaveCount(6);
  const sums = await cards.locator(".need-sum").evaluateAll((all) => all.map((one) => one.getAttribute("title")!));
  expect(sums.map((text) => Math.round(shown(text).value * 100))).toEqual(falls.slice(0, 6).map(lost));
  await cards.first().click();
  await expect(page).toHaveURL(new RegExp(`/stores/${falls[0].store}\\?`));
  await page.goBack();
  await expect(cards).toHaveCount(6);
  expect(clean).toEqual([]);
});

test("the ranking's sales equal the recount, and its order is the answer's", async ({ page }) => {
  await page.goto(`/stores?${QUERY}&lang=zh-CN`);
  await ready(page);
  const rows = await ranked(page);
  const names = await page.locator(".ranks tbody th a").evaluateAll((all) => all.map((one) => new URL((one as HTMLAnchorElement).href).pathname));
  expect(names).toEqual(rows.slice(0, 50).map((row) => `/stores/${row.store}`));
  const wanted = rows.slice(0, 3).map((row) => row.store);
  const counts = recount(wanted.map((store) => ({ ...WINDOW, stores: [store] })));
  const texts = await page.locator(".ranks tbody td.by").evaluateAll((all) => all.map((one) => one.firstChild!.textContent!));
  wanted.forEach((store, i) => expectShown(texts[i], counts[i].sales / 100, `sales of ${store}`));
});

test("pages and search work by address alone, without JavaScript", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto(`/stores?${QUERY}`);
  await expect(page.locator(".ranks tbody tr")).toHaveCount(50);
  await page.locator(".pager a[rel=next]").click();
  await expect(page.locator(".ranks tbody tr")).toHaveCount(10);
  await expect(page.locator(".ranks tbody .rank b").first()).toHaveText("51");
  await page.locator(".find input[type=search]").fill("南京");
  await page.locator(".find button").click();
  await expect(page).toHaveURL(/find=/);
  const found = await page.locator(".ranks tbody th").allTextContents();
  expect(found.length).toBeGreaterThan(0);
  for (const text of found) expect(text).toContain("南京");
  await page.locator(".rank-tools .segments a", { hasText: "转化率" }).click();
  await expect(page.locator(".ranks th[aria-sort]")).toContainText("转化率");
  await context.close();
});

test("region, city, store: each step filters, Back undoes it", async ({ page }) => {
  const [east] = recount([{ ...WINDOW, regions: ["华东"] }]);
  await page.goto(`/stores?${QUERY}&lang=zh-CN`);
  await ready(page);
  const tile = page.locator(".tile", { hasText: "华东" });
  expectShown(await tile.locator(".tile-sum").innerText(), east.sales / 100, "sales of 华东");
  await tile.click();
  await expect(page).toHaveURL(/region=/);
  await expect(page.locator(".tile", { hasText: "上海" })).toBeVisible();
  await page.locator(".tile", { hasText: "上海" }).click();
  await expect(page).toHaveURL(/city=/);
  await settled(page);
  for (const text of await page.locator(".ranks tbody th small").allTextContents()) expect(text).toContain("上海");
  await page.goBack();
  await page.goBack();
  await expect(page.locator(".ranks tbody tr")).toHaveCount(50);
});

test("rates are shown as counted or shrunken, and the address says which", async ({ page }) => {
  await page.goto(`/stores?${QUERY}&by=conversion&lang=en`);
  await ready(page);
  const first = page.locator(".ranks tbody td.by").first();
  const raw = await first.evaluate((one) => one.firstChild!.textContent!);
  await page.locator(".rates a", { hasText: "Shrunken" }).click();
  await expect(page).toHaveURL(/rates=shrunken/);
  await expect(page.locator(".ranks th[aria-sort]")).toContainText("shrunken");
  const rows = (await ranked(page, {}, "conversion")) as (Row & { shrunken: { conversion: { value: number } } })[];
  const drawn = await first.evaluate((one) => one.firstChild!.textContent!);
  expectShown(drawn, rows[0].shrunken.conversion.value, "shrunken conversion");
  expect(drawn).not.toBe(raw);
});

test("the arrow keys step through the dots, and a dot leads to its store", { tag: "@keys" }, async ({ page }) => {
  await page.goto(`/stores?${QUERY}&lang=en`);
  await ready(page);
  const dots = page.locator("#scatter svg.wide a.mark");
  await dots.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(dots.nth(1)).toBeFocused();
  const href = await dots.nth(1).getAttribute("href");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(href!.split("?")[0]));
  await expect(page.locator("#scatter")).toHaveCount(0);
});

test("one store stands beside its like: ranks and changes equal the answers", async ({ page, clean }) => {
  const [whole, region] = [await ranked(page), await ranked(page, { regions: ["华东"] })];
  await page.goto(`/stores?${QUERY}&lang=zh-CN`);
  await ready(page);
  await page.locator(".ranks tbody th a").first().click();
  await expect(page).toHaveURL(/\/stores\/S/);
  const id = new URL(page.url()).pathname.split("/").pop()!;
  const beside = page.locator("#beside");
  await expect(beside.locator(".ranks-of > div")).toHaveCount(2);
  const ranks = (await beside.locator(".ranks-of b").allInnerTexts()).map(Number);
  expect(ranks).toEqual([region, whole].map((rows) => rows.find((row) => row.store === id)!.rank));

  // Its like, told anew from the source file: region and format, sales in both windows, without the store itself.
  const python = process.env.WELLSPRING_PYTHON ?? "python3";
  const sql = "import csv,json,sys; print(json.dumps({r['store_id']: [r['region'], r.get('format', '')] for r in csv.DictReader(open(sys.argv[1], encoding='utf-8-sig'))}))";
  const places: Record<string, [string, string]> = JSON.parse(execFileSync(python, ["-c", sql, `${source}/stores.csv`]).toString());
  const like = region.filter((row) => row.store !== id && places[row.store][1] === places[id][1] && row.sales.value > 0 && row.compare.sales.value > 0);
  const sum = (pick: (row: Row) => number) => like.reduce((all, row) => all + pick(row), 0);
  const change = sum((row) => row.sales.value) / sum((row) => row.compare.sales.value) - 1;
  const words = await beside.locator(".beside-said").innerText();
  const told = /合计 ([+−][\d.]+%)/.exec(words)![1];
  expectShown(told, change, "change of its like");
  expect(words).toContain(`${like.length} 家`);
  expect(clean).toEqual([]);
});

test("a store that is not there opens all stores and says so, in both languages", async ({ page }) => {
  for (const [lang, words] of [["zh-CN", "没有编号为"], ["en", "No store has the id"]]) {
    await page.goto(`/stores/NOWHERE?lang=${lang}`);
    await expect(page.locator(".notes")).toContainText(words);
    await expect(page.locator("#ranking")).toBeVisible();
  }
});
