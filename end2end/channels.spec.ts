// 渠道 Channels: known shares, overlap, breadth, grounds: the numbers are an independent recount's, marks are links.
import { execFileSync } from "node:child_process";
import { COMPARE, QUERY, WINDOW, expect, expectShown, ready, recount, settled, shown, source, test } from "./fixtures";
import type { Page } from "@playwright/test";


type Counted = { overlap: Record<string, { members: number; sales: number }>; public: number; both: number };

/** Overlap and buyers by ground, by SQL over the source files. */
function counted(filter: object = {}): Counted {
  const python = process.env.WELLSPRING_PYTHON ?? "python3";
  const code = `
import json, sys
import recount_asks as r
database = r.connect(sys.argv[1])
r.keep(database, json.loads(sys.argv[2]))
window = json.loads(sys.argv[3])
overlap = {"|".join(k): v for k, v in r.overlap(database, window, {"of": "buyers"}).items()}
ground = database.execute("""SELECT count(*) FILTER (p), count(*) FILTER (p AND q) FROM (
  SELECT member, bool_or(domain = 'public') AS p, bool_or(domain = 'private') AS q FROM o
  WHERE member IS NOT NULL AND day BETWEEN $from AND $to GROUP BY member)""", window).fetchone()
print(json.dumps({"overlap": overlap, "public": ground[0], "both": ground[1]}))`;
  const out = execFileSync(python, ["-c", code, source, JSON.stringify(filter), JSON.stringify(WINDOW)], { maxBuffer: 1 << 26 });
  return JSON.parse(out.toString());
}

test("known shares are the recount's, on the cards and in the table", async ({ page, clean }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  const cards = page.locator(".kpis .card");
  expectShown(await cards.nth(0).locator(".val").innerText(), now.member_sales / now.sales, "known share of sales");
  expectShown(await cards.nth(1).locator(".val").innerText(), now.member_orders / now.orders, "known share of orders");
  expectShown(await cards.nth(0).locator(".was").innerText(), before.member_sales / before.sales, "the year before");
  const total = await page.locator("#anonymous tfoot td").allInnerTexts();
  expectShown(total[1], now.member_orders / now.orders, "known share of orders, total");
  expectShown(total[3], now.orders - now.member_orders, "anonymous orders");
  expectShown(total[4], (now.sales - now.member_sales) / 100, "anonymous sales");
  expect(clean).toEqual([]);
});

test("who bought on both grounds is what SQL counts member by member", async ({ page }) => {
  const { public: bought, both } = counted();
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  const words = await page.locator("#settled .lede").innerText();
  const [first, second] = words.match(/[\d,]+/g)!.map((n) => Number(n.replaceAll(",", "")));
  expect([first, second]).toEqual([bought, both]);
  expectShown(await page.locator("#settled tbody tr").first().locator("td").nth(1).innerText(), both / bought, "settled");
});

test("the matrix is the recount's, row by row, and all channels are one choice away", async ({ page }) => {
  const { overlap } = counted();
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  const rows = page.locator("#overlap tbody tr");
  await expect(rows).toHaveCount(12);
  const sizes = Object.entries(overlap).filter(([pair]) => { const [a, b] = pair.split("|"); return a === b; });
  sizes.sort((a, b) => b[1].members - a[1].members);
  for (const [i, [pair, { members }]] of sizes.slice(0, 12).entries()) {
    expectShown(await rows.nth(i).locator("td").first().innerText(), members, pair);
    if (i === 0) continue;
    // Of this channel's members, the share met in the largest channel.
    const shared = overlap[`${pair.split("|")[0]}|${sizes[0][0].split("|")[0]}`]?.members ?? 0;
    expectShown(await rows.nth(i).locator("td").nth(2).innerText(), shared / members, `${pair} in the largest`);
  }
  await page.locator("#overlap .segments a", { hasText: "All" }).click();
  await expect(page).toHaveURL(/rows=all/);
  await expect(rows).toHaveCount(sizes.length);
  await page.goBack();
  await expect(rows).toHaveCount(12);
});

test("contributions close: rows to their sums, columns with the mix to the whole", async ({ page }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await page.goto(`/channels?${QUERY}&lang=en&rows=all`);
  await ready(page);
  const cents = (title: string | null) => Math.round(Number((title ?? "").replaceAll(",", "").replace("−", "-")) * 100);
  const read = (selector: string) => page.locator(selector).evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.getAttribute("title"))));
  const body = (await read("#contribution tbody tr")).map((row) => row.map(cents));
  const [mix, total] = (await read("#contribution tfoot tr")).map((row) => row.map(cents));
  for (const row of [...body, mix, total]) expect(row.slice(0, 5).reduce((a, b) => a + b)).toBe(row[5]);
  for (let i = 0; i < 6; i++) expect(body.reduce((all, row) => all + row[i], mix[i])).toBe(total[i]);
  expect(total[5]).toBe(now.sales - before.sales);
});

test("breadth says what goes with it and claims no cause", async ({ page, request }) => {
  const question = { window: WINDOW, ask: [{ overlap: { of: "buyers" } }] };
  const { answers } = await (await request.post("/api/ask", { data: question })).json();
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  for (const [i, row] of answers[0].overlap.breadth.entries()) {
    const cells = await page.locator("#breadth tbody tr").nth(i).locator("td").allInnerTexts();
    expectShown(cells[1], row.value.value / 100, `${row.channels} channels: each`);
    expectShown(cells[2], row.members.value, `${row.channels} channels: members`);
  }
  await expect(page.locator("#breadth .note")).toContainText("does not make one the cause");
});

test("members who came through public channels are one link away, and Back returns", async ({ page }) => {
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  const sales = await page.locator(".kpis .val").first().innerText();
  await page.locator("#settled .follow a").click();
  await expect(page).toHaveURL(/source=/);
  await settled(page);
  await expect(page.locator("#settled .lede")).toContainText("came through public channels");
  // The filter is of members: what is left is known to the last order.
  expect(shown(await page.locator(".kpis .val").first().innerText()).value).toBe(1);
  await page.goBack();
  await settled(page);
  await expect(page.locator(".kpis .val").first()).toHaveText(sales);
});

test("arrow keys step through the matrix, Enter filters by both channels", { tag: "@keys" }, async ({ page }) => {
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  await page.locator("#overlap .spot").first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("#overlap .spot").nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/channel=.*channel=/);
  await settled(page);
  await expect(page.locator("#overlap tbody tr")).toHaveCount(2);
});

/** The counts that a cell of the coverage says in full: orders, sales in cents, and those of known members. */
function covered(title: string | null) {
  const found = /known for ([\d,]+) of ([\d,]+) orders \(.*?\) and \D*([\d,.]+) of \D*([\d,.]+) \(/.exec(title ?? "");
  if (!found) throw new Error(`no counts in "${title}"`);
  const [known, orders, knownSales, sales] = found.slice(1).map((text) => Number(text.replaceAll(",", "")));
  return { known, orders, knownSales: Math.round(knownSales * 100), sales: Math.round(sales * 100) };
}

const YEAR_TO_MARCH = ["2024-03", "2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03"];
const monthOf = (month: string) => {
  const [year, number] = month.split("-").map(Number);
  return { from: `${month}-01`, to: `${month}-${new Date(year, number, 0).getDate()}` };
};

test("the known share of every month is the recount's, and its months sum to the page's own figures", async ({ page, clean }) => {
  await page.goto(`/channels?${QUERY}&lang=en`);
  await ready(page);
  const titles = await page.locator("#coverage tfoot td").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("title")));
  expect(titles).toHaveLength(1 + YEAR_TO_MARCH.length);
  const months = titles.slice(1).map(covered);
  for (const [at, counted] of recount(YEAR_TO_MARCH.map(monthOf)).entries()) {
    expect(months[at], YEAR_TO_MARCH[at]).toEqual({ known: counted.member_orders, orders: counted.orders, knownSales: counted.member_sales, sales: counted.sales });
  }
  const [quarter] = recount([WINDOW]);
  const sum = (of: "known" | "orders" | "knownSales" | "sales") => months.slice(-3).reduce((all, month) => all + month[of], 0);
  expect([sum("orders"), sum("known"), sum("sales"), sum("knownSales")]).toEqual([quarter.orders, quarter.member_orders, quarter.sales, quarter.member_sales]);
  const cards = page.locator(".kpis .card .val");
  expectShown(await cards.nth(0).innerText(), sum("knownSales") / sum("sales"), "the card's share of sales");
  expectShown(await cards.nth(1).innerText(), sum("known") / sum("orders"), "the card's share of orders");
  expect(clean).toEqual([]);
});

test("a cell of the known share is its channel's month, reached by keys, and leads there", { tag: "@keys" }, async ({ page }) => {
  await page.goto(`/channels?${QUERY}&known=orders&lang=en`);
  await ready(page);
  const row = page.locator("#coverage tbody tr").first();
  const channel = new URL((await row.locator("th a").getAttribute("href"))!, "http://page").searchParams.get("channel")!;
  const [counted] = recount([{ ...monthOf("2025-03"), channels: [channel] }]);
  const last = row.locator("td").last();
  expect(covered(await last.locator(".spot").getAttribute("title"))).toEqual(
    { known: counted.member_orders, orders: counted.orders, knownSales: counted.member_sales, sales: counted.sales });
  expectShown(await last.innerText(), counted.member_orders / counted.orders, "the cell");
  await page.locator("#coverage .spot").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("#coverage tbody tr").nth(1).locator(".spot").nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=2024-04-01&to=2024-04-30.*channel=/);
  await settled(page);
  await expect(page.locator("#coverage tbody tr")).toHaveCount(1);
});

test("the known share comes along to a page that was opened without it", async ({ page, clean }) => {
  await page.goto(`/?${QUERY}&lang=en`);
  await ready(page);
  // On a phone the link stands folded away.
  await page.locator('a[href^="/channels"]').first().evaluate((link: HTMLElement) => link.click());
  await expect(page).toHaveURL(/\/channels/);
  await expect(page.locator("#coverage .spot").first()).toBeVisible();
  expect(clean).toEqual([]);
});

test("both languages, no sideways scroll, and everything without JavaScript", async ({ browser, baseURL, viewport }) => {
  for (const [lang, words] of [["zh-CN", "认得出会员"], ["en", "The member is known for"]]) {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL, viewport });
    const page = await context.newPage();
    await page.goto(`/channels?${QUERY}&lang=${lang}`);
    await expect(page.locator(".answer")).toContainText(words);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, lang).toBeLessThanOrEqual(0);
    await page.locator("#overlap tbody th a").first().click();
    await expect(page).toHaveURL(/channel=/);
    await expect(page.locator("#overlap tbody tr")).toHaveCount(1);
    await context.close();
  }
});
