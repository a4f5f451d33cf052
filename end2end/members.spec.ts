// 会员 Members: segments, stock and flow, moves: the page shows what was answered, and every mark leads somewhere.
import { QUERY, WINDOW, expect, expectShown, ready, settled, test } from "./fixtures";
import type { APIRequestContext, Page } from "@playwright/test";

type Figure = { value: number; low: number; high: number };
type Stock = { active: Figure; dormant: Figure; lost: Figure };
type Period = { from: string; to: string; opening: Stock; closing: Stock; moves: Record<"none" | "active" | "dormant" | "lost", Stock> };
type Cell = { recency: number; frequency: number; monetary: number; members: Figure; sales: Figure };
type Move = { from?: [number, number]; to: [number, number]; members: Figure };

const AS_OF = WINDOW.to;
const SINCE = "2024-03-31";

async function asked(request: APIRequestContext, filter: object = {}) {
  const question = { window: WINDOW, filter, ask: [{ rfm: { as_of: AS_OF, since: SINCE } }, { lifecycle: { grain: "month" } }] };
  const { answers } = await (await request.post("/api/ask", { data: question })).json();
  return {
    rfm: answers[0].rfm as { members: Figure; cells: Cell[]; migration: Move[] },
    periods: answers[1].lifecycle as Period[],
  };
}

/** The page's own table of names, told anew: recency and frequency of each segment. */
const SEGMENTS: Record<string, [string, string]> = {
  Champions: ["5", "45"], Loyal: ["34", "45"], "Potential loyalists": ["45", "23"], New: ["5", "1"], Promising: ["4", "1"],
  "Need attention": ["3", "3"], "About to sleep": ["3", "12"], "Cannot lose": ["12", "5"], "At risk": ["12", "34"], Hibernating: ["12", "12"],
};
const segmentOf = (r: number, f: number) =>
  Object.entries(SEGMENTS).find(([, [rs, fs]]) => rs.includes(String(r)) && fs.includes(String(f)))![0];
const sum = (figures: Figure[]) => figures.reduce((all, one) => all + one.value, 0);

test("segments hold the members and the money of their cells, and add up to all", async ({ page, request, clean }) => {
  const { rfm } = await asked(request);
  await page.goto(`/members?${QUERY}&lang=en`);
  await ready(page);
  const rows = page.locator("#segments tbody tr");
  await expect(rows).toHaveCount(10);
  const sales = sum(rfm.cells.map((c) => c.sales));
  for (const row of await rows.all()) {
    const name = (await row.locator("th").innerText()).trim();
    const cells = rfm.cells.filter((c) => segmentOf(c.recency, c.frequency) === name);
    const shown = await row.locator("td").allInnerTexts();
    const members = sum(cells.map((c) => c.members));
    expectShown(shown[0], members, `${name}: members`);
    expectShown(shown[1], members / rfm.members.value, `${name}: share of members`);
    expectShown(shown[2], sum(cells.map((c) => c.sales)) / sales, `${name}: share of sales`);
    const before = sum(rfm.migration.filter((m) => m.from && segmentOf(...m.from) === name).map((m) => m.members));
    expectShown(shown[4], members - before, `${name}: change`);
  }
  expectShown(await page.locator("#segments tfoot td").first().innerText(), rfm.members.value, "all members");
  expect(clean).toEqual([]);
});

test("the grid shows every cell, and a score of money only its members", async ({ page, request }) => {
  const { rfm } = await asked(request);
  for (const money of [0, 5]) {
    await page.goto(`/members?${QUERY}&lang=en${money ? `&money=${money}` : ""}`);
    await ready(page);
    for (let r = 5; r >= 1; r--) {
      for (let f = 5; f >= 1; f--) {
        const here = rfm.cells.filter((c) => c.recency === r && c.frequency === f && (!money || c.monetary === money));
        const text = await page.locator(`.rfm tbody tr:nth-child(${6 - r}) td:nth-of-type(${6 - f}) b`).innerText();
        expectShown(text, sum(here.map((c) => c.members)), `R${r} F${f} M${money}`);
      }
    }
  }
});

test("stock and flow balance to the member, in every row and over all", async ({ page, request }) => {
  const { periods } = await asked(request);
  await page.goto(`/members?${QUERY}&lang=en`);
  await ready(page);
  const rows = page.locator("#lifecycle tbody tr");
  await expect(rows).toHaveCount(periods.length);
  for (const row of [...(await rows.all()), page.locator("#lifecycle tfoot tr")]) {
    const [opening, joined, back, slipped, closing] = (await row.locator("td").allInnerTexts()).map((t) => Number(t.replaceAll(",", "")));
    expect(opening + joined + back - slipped).toBe(closing);
  }
  for (const [i, p] of periods.entries()) {
    const shown = await rows.nth(i).locator("td").allInnerTexts();
    expectShown(shown[0], p.opening.active.value, "active before");
    expectShown(shown[1], p.moves.none.active.value, "new");
    expectShown(shown[2], p.moves.dormant.active.value + p.moves.lost.active.value, "back");
    expectShown(shown[4], p.closing.active.value, "active after");
    expectShown(shown[5], p.closing.dormant.value, "dormant after");
  }
  await expect(page.locator("#flow .note")).toContainText("=");
});

test("moves stand in the matrix and the largest is named", async ({ page, request }) => {
  const { rfm } = await asked(request);
  await page.goto(`/members?${QUERY}&lang=en`);
  await ready(page);
  const flows = new Map<string, number>();
  for (const m of rfm.migration) {
    const [from, to] = [m.from ? segmentOf(...m.from) : "No order yet", segmentOf(...m.to)];
    flows.set(`${from} → ${to}`, (flows.get(`${from} → ${to}`) ?? 0) + m.members.value);
  }
  const all = [...flows].filter(([name]) => { const [a, b] = name.split(" → "); return a !== b && a !== "No order yet"; });
  all.sort((a, b) => b[1] - a[1]);
  const first = page.locator("#moves li").first();
  await expect(first.locator("b")).toHaveText(all[0][0]);
  expectShown(await first.locator(".amount").innerText(), all[0][1], all[0][0]);
  expect(await page.locator("#migration .spot").count()).toBe(flows.size);
});

test("a segment filters the page, and Back undoes it", async ({ page, request }) => {
  await page.goto(`/members?${QUERY}&lang=en`);
  await ready(page);
  const all = await page.locator("#segments tfoot td").first().innerText();
  const row = page.locator("#segments tbody tr", { hasText: "Hibernating" });
  const members = await row.locator("td").first().innerText();
  await row.locator("a").click();
  await expect(page).toHaveURL(/rfm=12-12-x/);
  await settled(page);
  await expect(page.locator("#segments tfoot td").first()).toHaveText(members);
  await expect(page.locator("#rfm .note")).toContainText("these members alone");
  await page.goBack();
  await settled(page);
  await expect(page.locator("#segments tfoot td").first()).toHaveText(all);
});

test("arrow keys step through the grid and the columns; Enter follows a column to its days", { tag: "@keys" }, async ({ page }) => {
  await page.goto(`/members?${QUERY}&lang=en`);
  await ready(page);
  await page.locator(".rfm .spot").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(".rfm tbody tr:nth-child(2) td:nth-of-type(2) .spot")).toBeFocused();
  const columns = page.locator("#stock .chart.wide .mark");
  await columns.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(columns.nth(1)).toBeFocused();
  await expect(columns.nth(1).locator(".tip")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=2025-01-01&to=2025-01-31/);
  await settled(page);
  await expect(page.locator("#lifecycle tbody tr")).toHaveCount(1);
});

test("both languages, no sideways scroll, and everything without JavaScript", async ({ browser, baseURL, viewport }) => {
  for (const [lang, words] of [["zh-CN", "位下过单的会员里"], ["en", "members with an order"]]) {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL, viewport });
    const page = await context.newPage();
    await page.goto(`/members?${QUERY}&lang=${lang}`);
    await expect(page.locator(".answer")).toContainText(words);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, lang).toBeLessThanOrEqual(0);
    await page.locator("#segments tbody a").first().click();
    await expect(page).toHaveURL(/rfm=/);
    await expect(page.locator("#segments tfoot")).toBeVisible();
    await context.close();
  }
});
