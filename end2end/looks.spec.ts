// How it looks and whether everyone can use it: screenshots in every coat, and axe on each.
import AxeBuilder from "@axe-core/playwright";
import { QUERY, expect, ready, screenshots, test, wake } from "./fixtures";

const PAGES = ["growth", "funnel", "cohorts", "stores", "ladder", "members", "channels", "data"];

for (const page of PAGES.map((name) => ({ name, path: name === "growth" ? "/" : `/${name}` }))) {
  for (const lang of ["zh-CN", "en"]) {
    for (const theme of ["light", "dark"]) {
      test(`${page.name} in ${lang}, ${theme}`, async ({ page: tab, clean }, info) => {
        await tab.emulateMedia({ colorScheme: theme as "light" | "dark", reducedMotion: "reduce" });
        await tab.goto(`${page.path}?${QUERY}&lang=${lang}`);
        await ready(tab);
        await tab.screenshot({ path: `${screenshots}/${page.name}-${info.project.name}-${theme}-${lang}.png`, fullPage: true });
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide, "the page does not scroll sideways").toBeLessThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page: tab }).analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`)).toEqual([]);
        const drawn = await tab.locator("main").textContent();
        await wake(tab);
        expect(await tab.locator("main").textContent(), "taking the page over changes nothing").toBe(drawn);
        expect(clean).toEqual([]);
      });
    }
  }
}

test("nothing scrolls sideways at 360 px", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
