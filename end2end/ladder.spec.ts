// 复购 Ladder: the rungs are true, each leads to its members, curves are chosen by link and read by keyboard.
import { type Page } from "@playwright/test";
import { WINDOW, expect, expectShown, ready, settled, test } from "./fixtures";
import { query, recounted, type Row } from "./members";

const QUERY = query(WINDOW);

/** Expects the table of numbers to be the recount. */
async function expectRungs(page: Page, truth: Record<string, Row>) {
  const rows = await page.locator("#rungs tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((cell) => (cell.querySelector("a") ?? cell).firstChild!.textContent!)));
  expect(rows.length).toBe(Object.keys(truth).length);
  rows.forEach((cells, i) => {
    const rung = truth[String(i + 1)];
    expectShown(cells[0], rung.members, "members");
    expectShown(cells[1], rung.next / rung.members, "came back");
    expectShown(cells[2], rung.exactly / rung.members, "no next order");
    if (rung.median_days_to_next !== null) expectShown(cells[5], rung.median_days_to_next, "median days");
    expectShown(cells[7], rung.exactly, "stopped here");
  });
}

test("every rung is what an independent recount says, in the table and in the drawing", async ({ page, clean }) => {
  const truth = recounted("ladder", WINDOW, {}, { rungs: 8 });
  await page.goto(`/ladder?${QUERY}&lang=zh-CN`);
  await ready(page);
  await expectRungs(page, truth);
  const bars = await page.locator("#steps .chart:visible a.mark").evaluateAll((marks) => marks.map((mark) => mark.getAttribute("aria-label")!));
  expect(bars.length).toBe(8);
  bars.forEach((told, i) => {
    const rung = truth[String(i + 1)];
    expect(told).toContain(`第 ${i + 1} 单 ${rung.members.toLocaleString("en")}`);
    expect(told).toContain(`${rung.next.toLocaleString("en")} 位又买`);
    expect(told).toContain(`${rung.exactly.toLocaleString("en")} 位停在这里`);
  });
  expect(clean).toEqual([]);
});

test("the sentence speaks of the numbers: who came back, where most is at stake", async ({ page, request }) => {
  const question = { window: WINDOW, ask: [{ ladder: { rungs: 8 } }] };
  const answers = await (await request.post("/api/ask", { data: question })).json();
  const rungs: { n: number; exactly: { value: number }; at_stake: { value: number }; no_next_rate: { value: number } }[] = answers.answers[0].ladder;
  const top = rungs.reduce((a, b) => (b.at_stake.value > a.at_stake.value ? b : a));
  await page.goto(`/ladder?${QUERY}&lang=en`);
  await ready(page);
  const said = await page.locator(".answer").innerText();
  expect(said).toContain(`${(100 * (1 - rungs[0].no_next_rate.value)).toFixed(2)}% of them came back`);
  expect(said).toContain(`most is at stake at order ${top.n}: if the ${top.exactly.value.toLocaleString("en")} who stopped there`);
  const all = rungs.reduce((sum, rung) => sum + rung.at_stake.value, 0);
  expect(said).toContain(`${Math.round((100 * top.at_stake.value) / all)}% of all rungs`);
});

test("a rung leads to those who stand on it, on every page, and Back undoes it", async ({ page }) => {
  const truth = recounted("ladder", WINDOW, {}, { rungs: 8 });
  await page.goto(`/ladder?${QUERY}&lang=zh-CN`);
  await ready(page);
  // The middle of a mark is not the middle of its row: its tooltip counts.
  await page.locator("#steps .chart:visible a.mark").nth(1).locator(".hit").click();
  await expect(page).toHaveURL(/rung=2-only/);
  await settled(page);
  const only = page.locator("#rungs tbody tr").nth(1).locator("td");
  await expect(only.first()).toHaveText(truth["2"].exactly.toLocaleString("en"));
  await expect(page.locator("#rungs tbody tr")).toHaveCount(2);
  await page.goBack();
  await expect(page).not.toHaveURL(/rung=/);
  await settled(page);
  await expectRungs(page, truth);
});

test("the reader chooses whose curve is in front; its days and shares are the answer's", async ({ page, request }) => {
  const question = { window: WINDOW, ask: [{ ladder: { rungs: 8 } }] };
  const answers = await (await request.post("/api/ask", { data: question })).json();
  const third = answers.answers[0].ladder[2];
  await page.goto(`/ladder?${QUERY}&lang=en`);
  await ready(page);
  await page.locator("#curves .segments a").nth(2).click();
  await expect(page).toHaveURL(/curve=3/);
  await expect(page.locator("#curves h2")).toHaveText("How soon after order 3");
  const at = third.curve.days.indexOf(90);
  const told = await page.locator("#curves .chart:visible .mark").evaluateAll((marks) => marks.map((mark) => mark.getAttribute("aria-label")!));
  const ninety = told.find((text) => text.startsWith("Within 90 days"))!;
  expect(ninety).toContain(`Order 3: ${(100 * third.curve.returned[at].value).toFixed(2)}%`);
  expect(ninety).toContain(`95 % in ${(100 * third.curve.low[at]).toFixed(2)}%–${(100 * third.curve.high[at]).toFixed(2)}%`);
  await expect(page.locator("#curves .chart:visible .guideword")).toHaveText(`half · ${third.survival_median_days.value} days`);
  await page.goBack();
  await expect(page.locator("#curves h2")).toHaveText("How soon after order 1");
});

test("the arrow keys step along rungs and along the curve, Enter follows a rung", async ({ page }) => {
  await page.goto(`/ladder?${QUERY}&lang=zh-CN`);
  await ready(page);
  const rungs = page.locator("#steps .chart:visible a.mark");
  await rungs.first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(rungs.nth(2)).toBeFocused();
  await expect(rungs.nth(2).locator(".tip")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/rung=3-only/);
  await settled(page);
  const marks = page.locator("#curves .chart:visible .mark");
  await marks.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(marks.nth(1)).toBeFocused();
  await expect(marks.nth(1).locator(".tip")).toBeVisible();
});

test("without JavaScript the rungs are true under a filter and links work; nothing is wider than the page", async ({ browser, baseURL }) => {
  const truth = recounted("ladder", WINDOW, { regions: ["华东"] }, { rungs: 4 });
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "en", viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`/ladder?${QUERY}&region=${encodeURIComponent("华东")}`);
  await page.locator("#steps .segments a", { hasText: "4" }).click();
  await expect(page).toHaveURL(/rungs=4/);
  await expectRungs(page, truth);
  await page.locator("#rungs tbody tr").nth(2).locator("td a").click();
  await expect(page).toHaveURL(/rung=3-only/);
  expect(await page.locator("html").evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(360);
  await context.close();
});
