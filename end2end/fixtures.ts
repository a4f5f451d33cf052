// What the journeys share: the page as a reader finds it, its figures as numbers, and the independent recount.
import { test as base, expect, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

export type Question = { from: string; to: string; regions?: string[]; stores?: string[]; channels?: string[] };
export type Counts = {
  users: number; buyers: number; repeat_buyers: number; new_buyers: number;
  orders: number; member_orders: number; sales: number; member_sales: number;
  by_region: Record<string, Counts>;
};

/** The windows that every journey asks about: the sample's last quarter and the one a year before. */
export const WINDOW = { from: "2025-01-01", to: "2025-03-31" };
export const COMPARE = { from: "2024-01-01", to: "2024-03-31" };
/** The same as the page's address. */
export const QUERY = "from=2025-01-01&to=2025-03-31&compare=year";

/** The sample retailer's source files, as `cargo xtask test` makes them: every fact names its member there. */
export const source = process.env.WELLSPRING_SOURCE ?? "../target/xtask/sample-source";

/** Counts by SQL over the source files, by no code of Wellspring's. */
export function recount(questions: Question[]): Counts[] {
  const python = process.env.WELLSPRING_PYTHON ?? "python3";
  const out = execFileSync(python, ["recount.py", source], { input: JSON.stringify(questions), maxBuffer: 1 << 26 });
  return JSON.parse(out.toString());
}

/** The number a text shows and by how much rounding may have moved it: "1.24亿" is 124,000,000 ± 500,000. */
export function shown(text: string): { value: number; give: number } {
  const match = /([+−-])?[¥$£€]?([+−-])?([\d,]+)(?:\.(\d+))?\s*(万|亿|万亿|K|M|B|%)?/.exec(text);
  if (!match) throw new Error(`no number in "${text}"`);
  const units: Record<string, number> = { 万: 1e4, 亿: 1e8, 万亿: 1e12, K: 1e3, M: 1e6, B: 1e9, "%": 0.01 };
  const unit = units[match[5] ?? ""] ?? 1;
  const sign = match[1] && match[1] !== "+" || match[2] && match[2] !== "+" ? -1 : 1;
  const digits = match[4]?.length ?? 0;
  const value = sign * Number(match[3].replaceAll(",", "") + "." + (match[4] ?? "0")) * unit;
  return { value, give: (0.5000001 * unit) / 10 ** digits };
}

/** Expects a text to show a number, as exactly as its digits say. */
export function expectShown(text: string, actual: number, what: string) {
  const { value, give } = shown(text);
  expect(Math.abs(value - actual), `${what}: the page shows ${text}, the recount says ${actual}`).toBeLessThanOrEqual(give);
}

/** The formula's five cards and the heat table, as texts. */
export async function figures(page: Page) {
  const cards = await page.locator(".formula .card .val").allInnerTexts();
  const rows = await page.locator(".heat tbody tr").evaluateAll((rows) =>
    rows.map((row) => ({ region: row.querySelector("th")!.textContent!, change: row.querySelector("td.sum")!.getAttribute("title")! })));
  return { cards, rows };
}

/** Expects the cards and the regions' changes of sales to equal the recount, as soon as the page has drawn its answer. */
export async function expectRecounted(page: Page, now: Counts, before: Counts) {
  await expect(async () => expectFigures(await figures(page), now, before)).toPass({ timeout: 15_000 });
}

/** The same of figures that were read already: for where they must have stayed as they were. */
export function expectFigures({ cards, rows }: Awaited<ReturnType<typeof figures>>, now: Counts, before: Counts) {
  expect(cards).toHaveLength(5);
  expectShown(cards[0], now.member_sales / 100, "member sales");
  expectShown(cards[1], now.users, "users");
  expectShown(cards[2], now.buyers / now.users, "conversion");
  expectShown(cards[3], now.member_orders / now.buyers, "frequency");
  expectShown(cards[4], now.member_sales / now.member_orders / 100, "order value");
  expect(rows.length).toBe(Object.keys(now.by_region).length);
  for (const { region, change } of rows) {
    const cents = Math.round((now.by_region[region].sales - before.by_region[region].sales));
    expect(Math.round(shown(change).value * 100), `${region}: change of sales to the fen`).toBe(cents);
  }
}

/** Waits until the page listens and its worker has every shard. */
export async function ready(page: Page) {
  await expect(page.locator("html")).toHaveAttribute("data-ready", "worker", { timeout: 30_000 });
}

/** Waits until the page shows the answer to its address. What was just done has its effect a frame later. */
export async function settled(page: Page) {
  await page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
    setTimeout(done, 500);
  }));
  await expect(page.locator(".content")).toHaveAttribute("aria-busy", "false");
}

/** Has the page taken over, as the first key or tap does. */
export async function wake(page: Page) {
  await page.keyboard.press("Shift");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done)))));
}

export const screenshots = "artifacts/screenshots";
mkdirSync(screenshots, { recursive: true });

/** A page whose console stays clean: an error or a failed hydration fails the journey. */
export const test = base.extend<{ clean: string[] }>({
  clean: [
    async ({ page }, use) => {
      const said: string[] = [];
      // `innerText` is empty where a browser has not laid out yet what is far below the screen.
      await page.addInitScript(() => {
        if (window !== window.top) return;
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(":is(.app .panel, .ranks tbody) { content-visibility: visible !important; }");
        document.adoptedStyleSheets.push(sheet);
      });
      page.on("pageerror", (error) => said.push(`page error: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error" || /hydrat/i.test(message.text())) said.push(message.text());
      });
      await use(said);
      // A request still held when the journey ends is nobody's failure.
      await page.unrouteAll({ behavior: "ignoreErrors" });
    },
    { auto: true },
  ],
});
export { expect };
