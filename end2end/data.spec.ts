// 数据 Data: why a number is what it is, sums that close, rows set aside, identities joined; with and without JavaScript.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPARE, QUERY, WINDOW, expect, expectShown, ready, recount, shown, source, test } from "./fixtures";

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

type Identities = { identities: number; members: number; by: [number, number][]; values: Record<string, number>; orders: number };

/**
 * What joining must come to, by SQL over the source files. The checks' sample names every member and says in
 * `truth_identities.csv` whose each identity is, so whom it is joined to is counted without joining anything.
 */
function identities(): Identities {
  const code = `
import json, sys
import duckdb
import recount
database = recount.connect(sys.argv[1])
table = lambda name: f"read_csv('{sys.argv[1]}/{name}.csv', all_varchar = true, header = true)"
one = lambda sql: database.execute(sql).fetchone()[0]
nothing = "('', 'NULL', 'null', 'N/A', '\\N', '-', '无')"
by = database.execute(f"""
  SELECT least(n + 1, 10), count(*) FROM (SELECT person, count(*) AS n FROM {table("truth_identities")} GROUP BY person)
  GROUP BY 1 ORDER BY 1""").fetchall()
keys = ["union_id", "open_id", "payment_id", "phone_hash"]
print(json.dumps({
  # A row of members is an identity too: the member id by itself.
  "identities": one(f"SELECT count(*) FROM {table('identities')}") + one(f"SELECT count(DISTINCT member_id) FROM {table('members')}"),
  "members": one(f"SELECT count(DISTINCT person) FROM {table('truth_identities')}"),
  "by": by,
  "values": {key: one(f"SELECT count(DISTINCT {key}) FROM {table('identities')} WHERE coalesce({key}, '') NOT IN {nothing}") for key in keys},
  "orders": one("SELECT count(*) FROM latest_orders WHERE member IS NOT NULL"),
}))`;
  const python = process.env.WELLSPRING_PYTHON ?? "python3";
  return JSON.parse(execFileSync(python, ["-c", code, source]).toString());
}

test("identities become the members that the files' truth knows, key by key", async ({ page, clean }) => {
  const counted = identities();
  await page.goto("/data?lang=en");
  await ready(page);
  const facts = await page.locator("#one-id-apart .facts dd").allInnerTexts();
  expect(shown(facts[0]).value).toBe(counted.identities);
  expect(shown(facts[1]).value).toBe(counted.members);
  const rows = await page.locator("#one-id tbody tr").evaluateAll((rows) => rows.map((row) =>
    [row.querySelector("th")!.getAttribute("title")!, ...[...row.querySelectorAll("td")].map((cell) => cell.textContent!)]));
  const keys = Object.fromEntries(rows.map(([key, ...cells]) => [key, cells.map((cell) => shown(cell).value)]));
  for (const [key, values] of Object.entries(counted.values)) expect(keys[key][0], `values of ${key}`).toBe(values);
  expect(keys.member_id[5], "orders that name their member").toBe(counted.orders);
  // Every join takes two groups and leaves one.
  const joins = Object.values(keys).reduce((all, cells) => all + cells[1], 0);
  expect(joins).toBe(counted.identities - counted.members);
  expect(keys.phone_hash[2], "shared phones").toBeGreaterThan(0);
  expect(keys.phone_hash[4], "phones that changed hands").toBeGreaterThan(0);
  const twin = await page.locator("#one-id-members .twin tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("th, td")].slice(0, 2).map((cell) => Number.parseInt(cell.textContent!.replaceAll(",", ""), 10))));
  expect(twin.filter(([, members]) => members > 0)).toEqual(counted.by);
  const said = await page.locator("#one-id .lede").innerText();
  expectShown(said, counted.identities, "the sentence");
  expect(clean).toEqual([]);
});

test("the words of identities are a link away, in both languages", async ({ page }) => {
  for (const [lang, word] of [["en", "Identity"], ["zh-CN", "身份"]]) {
    await page.goto(`/data?lang=${lang}#word-identity`);
    await expect(page.locator("#word-identity dt")).toContainText(word);
    await expect(page.locator("#word-one_id dd")).not.toBeEmpty();
    await expect(page.locator("#word-identified dd")).not.toBeEmpty();
  }
});
