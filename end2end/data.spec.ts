// 数据 Data: why a number is what it is, sums that close, rows set aside; with and without JavaScript.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPARE, QUERY, WINDOW, expect, expectShown, ready, recount, shown, test } from "./fixtures";

test("the ⓘ of a card leads to how its number is made, and back", async ({ page, clean }) => {
  const [now] = recount([WINDOW, COMPARE]);
  await page.goto(`/?${QUERY}&lang=en`);
  await ready(page);
  await page.getByRole("link", { name: "Why this number: Conversion" }).click();
  await expect(page).toHaveURL(/\/data\?.*why=conversion/);
  await expect(page.locator(".equation a")).toHaveCount(2);
  expectShown(await page.locator(".equation .result b").innerText(), now.buyers / now.users, "conversion");
  const parts = await page.locator(".equation a b").allInnerTexts();
  expectShown(parts[0], now.buyers, "buyers");
  expectShown(parts[1], now.users, "users");
  await page.getByRole("link", { name: /Back to Growth/ }).click();
  await expect(page).toHaveURL(new RegExp(`/\\?${QUERY}`));
  expect(clean).toEqual([]);
});

test("the question shown is the question that was asked", async ({ page }) => {
  await page.goto(`/data?${QUERY}&region=%E5%8D%8E%E4%B8%9C&why=buyers&lang=en`);
  await ready(page);
  await page.locator(".asked summary").click();
  const question = JSON.parse(await page.locator(".asked pre").innerText());
  expect(question.filter.regions).toEqual(["华东"]);
  const answer = await page.request.post("/api/ask", { data: question });
  const buyers = (await answer.json()).answers[0].growth.window.buyers.value;
  await expect(page.locator(".equation .result b")).toHaveAttribute("title", buyers.toLocaleString("en-US"));
  await expect(page.locator("#why .facts")).toContainText("华东");
});

test("the steps of a funnel are explained with the same steps", async ({ page }) => {
  await page.goto(`/funnel?from=${WINDOW.from}&to=${WINDOW.to}&step=join&step=order-1&lang=en`);
  await ready(page);
  await page.locator("#steps .why").click();
  await expect(page).toHaveURL(/why=funnel&back=funnel&step=join&step=order-1/);
  await expect(page.locator(".stepfacts > div")).toHaveCount(2);
  await page.getByRole("link", { name: /Back to Funnel/ }).click();
  await expect(page).toHaveURL(/\/funnel\?.*step=join&step=order-1/);
});

test("every table and every sum closes, also without JavaScript", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto("/data?lang=en");
  for (const row of await page.locator("#tables tbody tr").all()) {
    const cells = (await row.locator("td").allInnerTexts()).slice(0, 4).map((text) => shown(text).value);
    expect(cells[0]).toBe(cells[1] + cells[2] + cells[3]);
  }
  await expect(page.locator("#sums .closes")).toHaveCount(3);
  await expect(page.locator("#sums .open")).toHaveCount(0);
  const aside = (await page.locator("#quarantine tbody td:nth-child(3)").allInnerTexts()).map((text) => shown(text).value);
  const set = (await page.locator("#tables tbody td:nth-child(5)").allInnerTexts()).map((text) => shown(text).value);
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  expect(sum(aside)).toBe(sum(set));
  await context.close();
});

test("the example of a row that was set aside is that row of the source file", async ({ page }) => {
  await page.goto("/data?lang=en");
  await ready(page);
  const examples = await page.locator("#quarantine tbody td:nth-child(4)").evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).title.split("\n")[0]));
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples) {
    const [, file, row, , value] = /^(\S+), row (\d+)(, \w+)?: “(.*)”$/.exec(example) ?? [];
    const line = readFileSync(join(process.env.WELLSPRING_SOURCE ?? "", file), "utf8").split("\n")[Number(row) - 1];
    expect(line, example).toContain(value);
  }
});

test("a word that is no figure is said, and the page stays", async ({ page }) => {
  await page.goto("/data?why=moon&lang=en");
  await ready(page);
  await expect(page.locator(".notes li")).toHaveCount(1);
  await expect(page.locator("#why")).toHaveCount(0);
  await expect(page.locator("#words dt").first()).toBeVisible();
});

test("both languages name the same reasons", async ({ page }) => {
  const count = async (lang: string) => {
    await page.goto(`/data?lang=${lang}`);
    await ready(page);
    return page.locator("#quarantine tbody tr").count();
  };
  expect(await count("zh-CN")).toBe(await count("en"));
  await expect(page.locator("#quarantine")).toContainText("Unreadable time");
});
