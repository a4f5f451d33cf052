// 留存 Cohorts: every cell is true, cells and names are links, the keyboard reaches them.
import { type Page } from "@playwright/test";
import { WINDOW, expect, expectShown, ready, settled, shown, test } from "./fixtures";
import { query, recounted, type Row } from "./members";

const ASK = { grain: "month", anchor: "first_order", mode: "exact", periods: 12 };
const QUERY = query(WINDOW);

/** The triangle as texts: `2024-05` to its size and its cells. */
async function triangle(page: Page) {
  const rows = await page.locator(".triangle tbody tr").evaluateAll((rows) =>
    rows.map((row) => ({
      name: row.querySelector("th")!.textContent!.trim(),
      size: row.querySelector(".size a")!.firstChild!.textContent!,
      cells: [...row.querySelectorAll(".spot")].map((spot) => spot.textContent!.trim()),
    })));
  return new Map(rows.map((row) => [row.name, row]));
}

/** Expects each cell to be what `of` makes of the recount's row; cells without members are not in it. */
async function expectTriangle(page: Page, truth: Record<string, Row>, of: (row: Row | undefined) => number) {
  const rows = await triangle(page);
  const names = new Set(Object.keys(truth).map((key) => key.split("/")[0]));
  expect([...rows.keys()].sort()).toEqual([...names].sort());
  for (const [name, { size, cells }] of rows) {
    expect(Number(size.replaceAll(",", "")), name).toBe(truth[`${name}/0`].size);
    cells.forEach((cell, k) => expectShown(cell, of(truth[`${name}/${k}`]), `${name}, period ${k}`));
  }
}

test("every cell of the triangle is what an independent recount says", async ({ page, clean }) => {
  const truth = recounted("cohorts", WINDOW, {}, ASK);
  await page.goto(`/cohorts?${QUERY}&measure=members&lang=zh-CN`);
  await ready(page);
  await expectTriangle(page, truth, (row) => row?.active ?? 0);
  await page.locator(".segments a", { hasText: "销售额" }).click();
  await expect(page).toHaveURL(/measure=sales/);
  await expectTriangle(page, truth, (row) => (row?.sales ?? 0) / 100);
  await page.locator(".segments a", { hasText: "留存率" }).click();
  await expect(page).not.toHaveURL(/measure=/);
  const first = (await triangle(page)).get("2024-05")!;
  first.cells.forEach((cell, k) => {
    const row = truth[`2024-05/${k}`];
    expectShown(cell, (100 * row.active) / row.size, `rate of period ${k}`);
  });
  expect(clean).toEqual([]);
});

test("another way of counting is asked and true: then or later, in English", async ({ page }) => {
  const truth = recounted("cohorts", WINDOW, {}, { ...ASK, mode: "on_or_after" });
  await page.goto(`/cohorts?${QUERY}&measure=members&lang=en`);
  await ready(page);
  await page.locator(".picker a", { hasText: "Then or later" }).click();
  await expect(page).toHaveURL(/mode=on_or_after/);
  await settled(page);
  await expectTriangle(page, truth, (row) => row?.active ?? 0);
  await expect(page.locator("#same-age")).toContainText("cannot be compared");
  await expect(page.locator(".answer")).not.toContainText("latest");
});

test("the weighted mean is the sum over cohorts that completed the period", async ({ page }) => {
  const truth = recounted("cohorts", WINDOW, {}, ASK);
  await page.goto(`/cohorts?${QUERY}&lang=zh-CN`);
  await ready(page);
  const means = await page.locator(".triangle tfoot .weighted td").allInnerTexts();
  const last = "2025-03";
  for (const k of [1, 5, 11]) {
    const [year, month] = last.split("-").map(Number);
    const youngest = new Date(Date.UTC(year, month - 1 - k, 1)).toISOString().slice(0, 7);
    const old = Object.keys(truth).filter((key) => key.endsWith("/0")).map((key) => key.slice(0, 7)).filter((name) => name <= youngest);
    const sum = (of: (name: string) => number) => old.map(of).reduce((a, b) => a + b, 0);
    const rate = sum((name) => truth[`${name}/${k}`]?.active ?? 0) / sum((name) => truth[`${name}/0`].size);
    expectShown(means[k + 1], 100 * rate, `mean of period ${k}`);
  }
});

test("a cell filters every page by its cohort, and Back undoes it", async ({ page }) => {
  const truth = recounted("cohorts", WINDOW, {}, ASK);
  await page.goto(`/cohorts?${QUERY}&lang=zh-CN`);
  await ready(page);
  const all = (await triangle(page)).size;
  await page.locator(".triangle tr", { hasText: "2024-05" }).locator(".spot").nth(2).click();
  await expect(page).toHaveURL(/cohort=2024-05/);
  await settled(page);
  const only = await triangle(page);
  expect([...only.keys()]).toEqual(["2024-05"]);
  expect(Number(only.get("2024-05")!.size)).toBe(truth["2024-05/0"].size);
  // The same members on the ladder.
  await page.goto(`/ladder?${new URL(page.url()).search.slice(1)}`);
  await ready(page);
  await expect(page.locator("#rungs tbody tr").first().locator("td").first()).toHaveText(String(truth["2024-05/0"].size));
  await page.goBack();
  await page.goBack();
  await expect(page).not.toHaveURL(/cohort=/);
  await ready(page);
  expect((await triangle(page)).size).toBe(all);
});

test("a name draws its cohort's curve, once more takes it away, and the table says the same", async ({ page, clean }) => {
  await page.goto(`/cohorts?${QUERY}&lang=zh-CN`);
  await ready(page);
  await expect(page.locator("#curves .curvekey")).toHaveCount(4);
  const name = page.locator(".triangle tbody th a", { hasText: "2024-05" });
  await name.click();
  await expect(page).toHaveURL(/curve=2024-05/);
  await expect(name).toHaveAttribute("aria-current", "true");
  // Names stand by height; which curve ends higher is the data's business.
  const ends = page.locator("#curves .chart:visible .endname");
  await expect.poll(async () => (await ends.allTextContents()).sort()).toEqual(["2024-05", "平均"]);
  const cells = (await triangle(page)).get("2024-05")!.cells;
  await page.locator("#curves .twin > summary").click();
  const rows = await page.locator("#curves tbody tr").evaluateAll((rows) => rows.map((row) => [row.querySelector("th")!.textContent!, row.querySelector("td:last-child")!.textContent!]));
  const filled = rows.filter(([, rate]) => rate.trim() !== "");
  expect(filled.length).toBeGreaterThan(3);
  for (const [k, rate] of filled) {
    expect(Math.abs(shown(rate).value * 100 - Number(cells[Number(k)]))).toBeLessThanOrEqual(0.05001);
  }
  await name.click();
  await expect(page).not.toHaveURL(/curve=/);
  await page.goBack();
  await expect(page).toHaveURL(/curve=2024-05/);
  expect(clean).toEqual([]);
});

test("the arrow keys step from cell to cell and each reads itself out; the curves have keys too", async ({ page }) => {
  const truth = recounted("cohorts", WINDOW, {}, ASK);
  await page.goto(`/cohorts?${QUERY}&lang=zh-CN`);
  await ready(page);
  await page.locator(".triangle .spot").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const told = page.locator(".triangle .spot:focus + .readout");
  await expect(told).toBeVisible();
  const row = truth["2025-01/1"];
  await expect(told).toContainText(`2025-01 · 第 1 期（2025-02）：${row.size} 位会员里 ${row.active} 位`);
  const marks = page.locator("#curves .chart:visible .mark");
  await marks.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(marks.nth(1)).toBeFocused();
  await expect(marks.nth(1).locator(".tip")).toBeVisible();
});

test("the latest cohorts are compared with the same months a year before, beyond chance or not", async ({ page }) => {
  const truth = recounted("cohorts", WINDOW, {}, ASK);
  await page.goto(`/cohorts?${QUERY}&lang=en`);
  await ready(page);
  const pooled = (names: string[]) => {
    const sum = (of: (row: Row) => number, k: number) => names.map((name) => of(truth[`${name}/${k}`])).reduce((a, b) => a + b, 0);
    return sum((row) => row.active, 1) / sum((row) => row.size, 0);
  };
  const [now, then] = [pooled(["2024-12", "2025-01", "2025-02"]), pooled(["2023-12", "2024-01", "2024-02"])];
  const cells = page.locator("#same-age tbody tr").first().locator("td");
  expectShown(await cells.nth(0).innerText(), now, "the latest");
  expectShown(await cells.nth(1).innerText(), then, "a year before");
  const verdict = (await cells.nth(3).textContent())!;
  const said = await page.locator(".answer").innerText();
  expect(said.includes("within chance"), verdict).toBe(verdict.includes("Within chance"));
  expect(said).toContain("2024-12 to 2025-02");
});

test("without JavaScript the cells are true and links work; nothing is wider than the page", async ({ browser, baseURL }) => {
  const truth = recounted("cohorts", WINDOW, {}, ASK);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "zh-CN", viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`/cohorts?${QUERY}&measure=members`);
  await expectTriangle(page, truth, (row) => row?.active ?? 0);
  await page.locator(".triangle tbody th a", { hasText: "2025-02" }).click();
  await expect(page).toHaveURL(/curve=2025-02/);
  await page.locator(".triangle tr", { hasText: "2025-02" }).locator(".spot").first().click();
  await expect(page).toHaveURL(/cohort=2025-02/);
  expect([...(await triangle(page)).keys()]).toEqual(["2025-02"]);
  expect(await page.locator("html").evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(360);
  await context.close();
});
