// Campaigns day by day, and sales targets: both windows recounted by SQL, the targets from their source file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { QUERY, WINDOW, expect, expectRecounted, expectShown, ready, recount, settled, source, test } from "./fixtures";

/** 三八焕新 of two years, four days each. */
const NOW = { from: "2025-03-05", to: "2025-03-08" };
const THEN = { from: "2024-03-05", to: "2024-03-08" };

/** Chooses the same days of an earlier campaign in the menu of comparisons. */
async function compareWith(page: Page, group: string, earlier: string) {
  await page.locator("#menu-compare summary").click();
  await page.locator("#menu-compare .group", { hasText: group }).getByRole("link", { name: earlier }).click();
  await expect(page).toHaveURL(/compare=campaign&cnow=C202503&cthen=C202403/);
}

test("a campaign is compared with that of the year before, day 1 on day 1", async ({ page, clean }) => {
  const [now, before, part, partBefore] = recount([NOW, THEN, { ...NOW, to: "2025-03-06" }, { ...THEN, to: "2024-03-06" }]);
  await page.goto("/?from=2025-03-01&to=2025-03-31&lang=en");
  await ready(page);
  await compareWith(page, "2025三八焕新", "2024三八焕新, days 1–4");
  await expect(page).toHaveURL(/from=2025-03-05&to=2025-03-08/);
  await settled(page);
  await expect(page.locator(".aligned")).toHaveText("Days 1–4 of 2025三八焕新 against days 1–4 of 2024三八焕新");
  await expect(page.locator("#menu-compare > summary")).toHaveText("vs 2024三八焕新");
  await expectRecounted(page, now, before);

  // A part of its days is compared with the same part.
  await page.goto(page.url().replace("to=2025-03-08", "to=2025-03-06"));
  await ready(page);
  await expect(page.locator(".aligned")).toHaveText("Days 1–2 of 2025三八焕新 against days 1–2 of 2024三八焕新");
  await expectRecounted(page, part, partBefore);
  expect(clean).toEqual([]);
});

test("without JavaScript the same comparison is a link away", async ({ browser, baseURL }) => {
  const [now, before] = recount([NOW, THEN]);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto("/?from=2025-03-06&to=2025-03-07");
  await compareWith(page, "2025三八焕新", "2024三八焕新 第 1–4 天");
  await expect(page.locator(".aligned")).toContainText("第 1–4 天");
  await expectRecounted(page, now, before);
  await context.close();
});

test("campaigns are filtered by name, and two that are compared are both let through", async ({ page, clean }) => {
  await page.goto(`/?${QUERY}&lang=en`);
  await ready(page);
  await page.locator("#menu-more summary").click();
  await page.locator("#menu-more").getByRole("link", { name: "2025三八焕新" }).click();
  await expect(page).toHaveURL(/campaign=C202503(&|$)/);
  await settled(page);
  await page.keyboard.press("Escape");
  await compareWith(page, "2025三八焕新", "2024三八焕新, days 1–4");
  await expect(page).toHaveURL(/campaign=C202503&campaign=C202403/);
  await settled(page);
  // Facts of the earlier campaign bear its own name: without it there would be nothing to compare with.
  await page.locator("#trend .twin summary").click();
  const then = await page.locator("#trend .twin tbody td:nth-child(3)").allInnerTexts();
  expect(then.some((text) => /[1-9]/.test(text))).toBe(true);
  await page.locator("#menu-compare summary").click();
  await page.locator("#menu-compare").getByRole("link", { name: "Year before" }).first().click();
  await expect(page).not.toHaveURL(/C202403/);
  expect(clean).toEqual([]);
});

test("an impossible pair of campaigns is said, and the default compared", async ({ page }) => {
  await page.goto("/?compare=campaign&cnow=C202403&cthen=C202503&lang=en");
  await ready(page);
  await expect(page.locator(".notes li")).toHaveCount(1);
  await expect(page.locator(".notes")).toContainText("no days to compare");
  await expect(page.locator("#menu-compare > summary")).toHaveText("vs Year before");
  await expect(page.locator(".aligned")).toHaveCount(0);
});

type Scope = { region?: string; store?: string };
const rows = readFileSync(join(source, "targets.csv"), "utf8").trim().split("\n").slice(1).map((line) => {
  const [month, amount, region, store] = line.split(",");
  return { month, fen: Math.round(Number(amount) * 100), region, store };
});

/** The target of a window in fen: each month's, spread evenly over its days, from the source file. */
function target(scope: Scope, window: { from: string; to: string }): number {
  const of = rows.filter((row) => row.region === (scope.region ?? "") && row.store === (scope.store ?? ""));
  let sum = 0;
  for (const { month, fen } of of) {
    const [year, number] = month.split("-").map(Number);
    const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
    let inside = [0, 0];
    const until = (day: number) => Math.floor((fen * day) / days);
    const first = Math.max(1, 1 + (Date.parse(window.from) - Date.parse(`${month}-01`)) / 86_400_000);
    const last = Math.min(days, 1 + (Date.parse(window.to) - Date.parse(`${month}-01`)) / 86_400_000);
    if (first <= last) inside = [until(first - 1), until(last)];
    sum += inside[1] - inside[0];
  }
  return sum;
}

async function expectTarget(page: Page, fen: number, sales: number, what: string) {
  const line = page.locator("#target b");
  const money = (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  await expect(line, what).toHaveAttribute("title", `¥${money}`);
  const share = /[\d.,]+%/.exec(await line.innerText())?.[0] ?? "";
  expectShown(share, sales / fen, `${what}: share of the target`);
  await expect(page.locator("#target .pm")).toHaveText("");
}

test("the target of what is filtered, how much of it is reached, and its line", async ({ page, clean }) => {
  const store = rows.find((row) => row.store !== "" && row.month === "2025-03")!.store;
  const part = { from: "2025-02-10", to: "2025-03-06" };
  const [whole, east, one, days] = recount([WINDOW, { ...WINDOW, regions: ["华东"] }, { ...WINDOW, stores: [store] }, part]);
  await page.goto(`/?${QUERY}&lang=en&grain=month`);
  await ready(page);
  await expectTarget(page, target({}, WINDOW), whole.sales, "the whole");
  await expect(page.locator("#trend .k3")).toBeVisible();
  await page.locator("#trend .twin summary").click();
  const cells = await page.locator("#trend .twin tbody td:last-child").allInnerTexts();
  const months = rows.filter((row) => row.region === "" && row.store === "" && row.month >= "2025-01");
  expect(cells).toHaveLength(months.length);
  months.forEach((row, at) => expectShown(cells[at], row.fen / 100, `target of ${row.month}`));

  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page).toHaveURL(/region=/);
  await settled(page);
  await expectTarget(page, target({ region: "华东" }, WINDOW), east.sales, "a region");

  // What has no target of its own has no line.
  await page.locator("#menu-channel summary").click();
  await page.locator("#menu-channel a", { hasText: "门店POS" }).click();
  await expect(page).toHaveURL(/channel=pos/);
  await settled(page);
  await expect(page.locator("#target")).toHaveCount(0);
  await expect(page.locator("#trend .k3")).toBeHidden();

  await page.goto(`/?${QUERY}&store=${store}&lang=en`);
  await ready(page);
  await expectTarget(page, target({ store }, WINDOW), one.sales, "a store");
  await page.goto(`/?from=${part.from}&to=${part.to}&lang=en`);
  await ready(page);
  await expectTarget(page, target({}, part), days.sales, "parts of two months");
  await page.goto(`/?${QUERY}&measure=orders&lang=en`);
  await ready(page);
  await expect(page.locator("#trend .k3")).toBeHidden();
  expect(clean).toEqual([]);
});

test("the target of a store that is first named in the browser is fetched", async ({ page, clean }) => {
  await page.goto(`/?${QUERY}&lang=en&grain=month`);
  await ready(page);
  const boot = JSON.parse((await page.locator("#boot").textContent()) ?? "");
  expect(boot.catalog.targets_left, "a page without a filter on stores carries none").toBe(true);
  // Not one that was closed and has no targets any more.
  const planned = new Set(rows.filter((row) => row.month === "2025-03").map((row) => row.store));
  const links = await page.locator(".movers a").evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).pathname));
  const at = links.findIndex((path) => planned.has(path.split("/").pop() ?? ""));
  await page.locator(".movers a").nth(at).click();
  await expect(page).toHaveURL(/\/stores\/S/);
  await settled(page);
  await expect(page.locator("#trend .k3")).toBeVisible();
  const drawn = () => page.locator("#trend .twin tbody").textContent();
  const here = await drawn();
  await page.reload();
  await ready(page);
  expect(await drawn(), "as the server draws it").toBe(here);
  expect(clean).toEqual([]);
});
