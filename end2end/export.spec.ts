// 导出 Files: what is saved is what is on screen, to the last fen, and nothing in it runs. Comparisons by address,
// and settings that the browser keeps.
import { readFileSync } from "node:fs";
import type { Download, Page } from "@playwright/test";
import { COMPARE, QUERY, WINDOW, expect, expectShown, ready, recount, settled, test } from "./fixtures";

/** Records of a CSV file by RFC 4180; numbers are those that stand without quotes. */
function records(text: string): (string | number)[][] {
  expect(text.startsWith("\ufeff"), "a byte order mark").toBe(true);
  const out: (string | number)[][] = [];
  let row: (string | number)[] = [];
  const cell = /"((?:[^"]|"")*)"|([^,\r\n]*)/y;
  let at = 1;
  while (at < text.length) {
    cell.lastIndex = at;
    const match = cell.exec(text)!;
    at = cell.lastIndex;
    row.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2] === "" ? "" : Number(match[2]));
    if (text[at] === ",") { at += 1; continue; }
    out.push(row);
    row = [];
    at += 2;
  }
  return out;
}

/** The rows of one table of a file, below its head. */
function table(rows: (string | number)[][], title: string) {
  const start = rows.findIndex((row) => row.length === 1 && row[0] === title);
  expect(start, `a table "${title}"`).toBeGreaterThan(-1);
  const rest = rows.slice(start + 2);
  const end = rest.findIndex((row) => row.length === 1 && row[0] === "");
  return end < 0 ? rest : rest.slice(0, end);
}

async function saved(page: Page, act: () => Promise<void>): Promise<{ download: Download; bytes: Buffer }> {
  const coming = page.waitForEvent("download");
  await act();
  const download = await coming;
  return { download, bytes: readFileSync(await download.path()) };
}

/** Opens a panel's menu, or the page's, and saves what an item of it gives. */
async function save(page: Page, panel: string, item: string) {
  const menu = page.locator(panel);
  await menu.locator("summary").click();
  return saved(page, () => menu.locator(".pop").getByText(item, { exact: true }).click());
}

test("the page's CSV holds the numbers of an independent recount", async ({ page, clean }) => {
  const [now, before] = recount([WINDOW, COMPARE]);
  await page.goto(`/?${QUERY}&lang=en`);
  await ready(page);
  const { download, bytes } = await save(page, ".whole", "CSV");
  expect(download.suggestedFilename()).toBe("growth-2025-01-01-2025-03-31.csv");
  const rows = records(bytes.toString("utf8"));
  const title = (await page.locator(".formula").getAttribute("aria-label"))!;
  const formula = table(rows, title);
  expect(formula[0].slice(1, 3)).toEqual([now.member_sales / 100, before.member_sales / 100]);
  expect(formula[1].slice(1, 3)).toEqual([now.users, before.users]);
  expect(Number(formula[2][1])).toBeCloseTo(now.buyers / now.users, 5);
  const heat = table(rows, (await page.locator("#heat-title").textContent())!);
  for (const [region, counts] of Object.entries(now.by_region)) {
    const row = heat.find((row) => row[0] === region)!;
    expect(Math.round(Number(row.at(-1)) * 100), region).toBe(counts.sales - before.by_region[region].sales);
  }
  expect(clean).toEqual([]);
});

test("a figure's CSV is its table twin", async ({ page, clean }) => {
  await page.goto(`/?${QUERY}&lang=en&grain=month`);
  await ready(page);
  const twin = await page.locator("#trend .twin tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent!)));
  const { download, bytes } = await save(page, "#trend .export", "CSV");
  expect(download.suggestedFilename()).toBe("growth-trend-2025-01-01-2025-03-31.csv");
  const file = table(records(bytes.toString("utf8")), (await page.locator("#trend h2").textContent())!);
  expect(file.map((row) => row[0])).toEqual(twin.map((row) => row[0]));
  file.forEach((row, at) => {
    expectShown(twin[at][1], Number(row[1]), `${row[0]}, now`);
    expectShown(twin[at][2], Number(row[2]), `${row[0]}, then`);
  });
  expect(clean).toEqual([]);
});

test("a filter changes the file, and the file says so", async ({ page, clean }) => {
  const [east] = recount([{ ...WINDOW, regions: ["华东"] }]);
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await ready(page);
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page).toHaveURL(/region=/);
  await settled(page);
  const { bytes } = await save(page, ".whole", "CSV");
  const rows = records(bytes.toString("utf8"));
  expect(rows).toContainEqual(["大区", "华东"]);
  expect(rows).toContainEqual(["本期", "2025-01-01 至 2025-03-31"]);
  const formula = rows.find((row) => row[0] === "会员销售额" && typeof row[1] === "number")!;
  expect(formula[1]).toBe(east.member_sales / 100);
  expect(clean).toEqual([]);
});

test("a chart as SVG stands alone and as PNG has its size", async ({ page, clean }) => {
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await ready(page);
  const svg = await save(page, "#waterfall .export", "SVG");
  expect(svg.download.suggestedFilename()).toMatch(/^growth-waterfall-.*\.svg$/);
  const text = svg.bytes.toString("utf8");
  const parsed = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, "image/svg+xml");
    const all = [...document.querySelectorAll("*")];
    return {
      fault: document.querySelector("parsererror")?.textContent ?? "",
      names: [...new Set(all.map((element) => element.localName))],
      odd: all.flatMap((element) => element.getAttributeNames()).filter((name) => /^(on|class$|style$|href|xlink)/.test(name)),
      filled: all.filter((element) => /^rgb/.test(element.getAttribute("fill") ?? "")).length,
      texts: [...document.querySelectorAll("text")].map((element) => element.textContent),
    };
  }, text);
  expect(parsed.fault).toBe("");
  expect(parsed.odd).toEqual([]);
  expect(parsed.names.filter((name) => !["svg", "g", "rect", "path", "line", "polyline", "polygon", "circle", "text"].includes(name))).toEqual([]);
  expect(parsed.filled).toBeGreaterThan(7);
  expect(parsed.texts).toContain((await page.locator("#waterfall h2").textContent())!);
  expect(parsed.texts.join(" ")).toContain("2025-01-01");

  const png = await save(page, "#waterfall .export", "PNG");
  expect([...png.bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const width = Number(/<svg[^>]* width="(\d+)"/.exec(text)![1]);
  expect(png.bytes.readUInt32BE(16)).toBe(2 * width);
  expect(png.bytes.length).toBeGreaterThan(5_000);
  expect(clean).toEqual([]);
});

test("without JavaScript the server's file has the same numbers", async ({ browser, baseURL }) => {
  const [now] = recount([WINDOW]);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto(`/?${QUERY}`);
  const { bytes } = await save(page, ".whole", "CSV");
  const formula = records(bytes.toString("utf8")).find((row) => row[0] === "会员销售额" && typeof row[1] === "number")!;
  expect(formula[1]).toBe(now.member_sales / 100);
  const workbook = await page.request.get(`/export/growth.xlsx?${QUERY}`);
  expect(workbook.headers()["content-type"]).toContain("spreadsheetml");
  expect(workbook.headers()["content-disposition"]).toBe('attachment; filename="growth-2025-01-01-2025-03-31.xlsx"');
  expect((await workbook.body()).subarray(0, 2).toString()).toBe("PK");
  expect((await page.request.get("/export/growth.pdf")).status()).toBe(404);
  await context.close();
});

test("around the lunar new year the year before is asked about the same days before and after it", async ({ page, clean }) => {
  const [now, before] = recount([{ from: "2025-01-15", to: "2025-02-12" }, { from: "2024-01-27", to: "2024-02-24" }]);
  await page.goto("/?from=2025-01-15&to=2025-02-12&lang=en");
  await ready(page);
  await page.locator("#menu-compare summary").click();
  await page.locator("#menu-compare a", { hasText: "lunar new year" }).click();
  await expect(page).toHaveURL(/compare=lunar/);
  await settled(page);
  const { bytes } = await save(page, ".whole", "CSV");
  const rows = records(bytes.toString("utf8"));
  expect(rows).toContainEqual(["Around lunar new year before", "2024-01-27 to 2024-02-24"]);
  const formula = rows.find((row) => row[0] === "Member sales" && typeof row[1] === "number")!;
  expect(formula.slice(1, 3)).toEqual([now.member_sales / 100, before.member_sales / 100]);
  await page.goBack();
  await expect(page).not.toHaveURL(/compare=/);
  expect(clean).toEqual([]);
});

test("settings are kept for addresses that name none, and an address that names one has its way", async ({ page, clean }) => {
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await ready(page);
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-updown", "red-up");
  const choose = async (name: string) => {
    await page.locator(".settings summary").click();
    await page.locator(".settings .pop a", { hasText: name }).click();
  };
  await choose("绿涨红跌");
  await expect(root).toHaveAttribute("data-updown", "green-up");
  await expect(page).toHaveURL(/updown=green/);
  await choose("深色");
  await choose("English");
  await expect(root).toHaveAttribute("lang", "en");

  // A bare address: what was kept holds before the page's own code runs.
  await page.goto(`/?${QUERY}`);
  await expect(page).toHaveURL(/lang=en/);
  await expect(root).toHaveAttribute("lang", "en");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(root).toHaveAttribute("data-updown", "green-up");
  await ready(page);
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(page.locator(".settings a[aria-current]", { hasText: "Green is up" })).toHaveCount(1);

  await page.goto(`/?${QUERY}&lang=zh-CN&theme=light&updown=red`);
  await expect(root).toHaveAttribute("data-theme", "light");
  await expect(root).toHaveAttribute("data-updown", "red-up");
  await ready(page);
  await expect(root).toHaveAttribute("data-theme", "light");

  // Taken back: as the system and the language have it.
  await choose("跟随系统");
  await choose("按语言习惯");
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await ready(page);
  await expect(root).not.toHaveAttribute("data-theme", /./);
  await expect(root).toHaveAttribute("data-updown", "red-up");
  expect(clean).toEqual([]);
});

test("menus are reached by keyboard, closed by Escape, and stay inside the page", async ({ page }) => {
  await page.goto(`/?${QUERY}&lang=en`);
  await ready(page);
  for (const panel of [".whole", "#trend .export", "#waterfall .export"]) {
    const menu = page.locator(panel);
    await menu.locator("summary").focus();
    await page.keyboard.press("Enter");
    const box = (await menu.locator(".pop").boundingBox())!;
    expect(box.x, panel).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width, panel).toBeLessThanOrEqual(page.viewportSize()!.width);
    await page.keyboard.press("Tab");
    await expect(menu.locator(".pop a").first()).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(menu).not.toHaveAttribute("open", /.*/);
    await expect(menu.locator("summary")).toBeFocused();
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(page.viewportSize()!.width);
});

test("on paper there are the terms, no menus, and no chart is cut", async ({ page }) => {
  await page.goto(`/?${QUERY}&lang=en&theme=dark`);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".terms")).toBeVisible();
  await expect(page.locator(".terms")).toContainText("2025-01-01 to 2025-03-31");
  for (const gone of [".rail", ".chips", ".settings", ".whole", "#trend .export", "#trend .twin"]) {
    await expect(page.locator(gone).first(), gone).toBeHidden();
  }
  expect(await page.evaluate(() => getComputedStyle(document.querySelector("#trend")!).breakInside)).toBe("avoid");
  expect(await page.evaluate(() => getComputedStyle(document.querySelector("#trend")!).backgroundColor)).toBe("rgb(255, 255, 255)");
});
