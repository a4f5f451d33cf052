// What a reader meets when something is missing, wrong or broken.
import { readFileSync } from "node:fs";
import { COMPARE, QUERY, WINDOW, expect, expectRecounted, ready, recount, settled, source, test } from "./fixtures";

test("where no engine can be loaded the server answers, quietly", async ({ page }) => {
  const [east, eastBefore] = recount([{ ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] }]);
  await page.route("**/wellspring-*_bg.wasm", (route) => route.abort());
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await expect(page.locator(".fresh .live")).toHaveText("由服务器计算");
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  await expectRecounted(page, east, eastBefore);
});

test("while shards are on their way the page shows estimates, says how many it read, and ends exact", async ({ page }) => {
  const [east, eastBefore] = recount([{ ...WINDOW, regions: ["华东"] }, { ...COMPARE, regions: ["华东"] }]);
  let held = 0;
  await page.route("**/snapshot/shards/*", async (route) => {
    held += 1;
    await new Promise((resolve) => setTimeout(resolve, held * 400));
    await route.continue();
  });
  await page.goto(`/?${QUERY}&lang=en`);
  await expect(page.locator(".fresh .live")).toHaveText(/Read \d+ of \d+ shards/);
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page.locator(".fresh .badge")).toHaveText(/Sample \d+\/\d+/);
  await expect(page.locator(".content")).toHaveAttribute("aria-busy", "true");
  await expect(page.locator(".content")).not.toHaveClass(/busy/);
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
  // Every card says how sure it is, in its own unit, and the last doubt leaves without moving anything.
  const doubts = page.locator(".formula .card .pm");
  await expect(doubts).toHaveText([/^(±[\d.,]+[KMB]?|too few)$/, /^(±[\d.,]+[KMB]?|too few)$/, /^(±[\d.]+%|too few)$/, /^(±[\d.]+|too few)$/, /^(±[\d.]+|too few)$/]);
  await expect(page.locator(".makeup .pm").first()).toHaveText(/^(±|too few)/);
  const places = () =>
    page.locator(".formula .card, .makeup th, .foot > div").evaluateAll((all) =>
      all.map((one) => { const { left, width } = one.getBoundingClientRect(); return [Math.round(left), Math.round(width)]; }));
  const estimated = await places();
  expect(await page.locator(".content").getAttribute("aria-busy"), "still estimates").toBe("true");
  await settled(page);
  await expect(page.locator(".fresh .badge")).toHaveText("Exact");
  await expect(doubts).toHaveText(["", "", "", "", ""]);
  expect(await places()).toEqual(estimated);
  await expectRecounted(page, east, eastBefore);
});

test("in Chinese the doubt is in Chinese units", async ({ page }) => {
  let held = 0;
  await page.route("**/snapshot/shards/*", async (route) => {
    held += 1;
    await new Promise((resolve) => setTimeout(resolve, held * 400));
    await route.continue();
  });
  await page.goto(`/?${QUERY}&lang=zh-CN`);
  await expect(page.locator(".fresh .live")).toHaveText(/已读/);
  await page.locator(".heat tbody th a", { hasText: "华东" }).click();
  await expect(page.locator(".fresh .badge")).toHaveText(/样本/);
  await expect(page.locator(".formula .card .pm").first()).toHaveText(/^(±[\d.]+[万亿]?|样本太少)$/);
});

test("a shard that was changed on the way is refused, and the server answers", async ({ page }) => {
  await page.route("**/snapshot/shards/*", async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length >> 1] ^= 1;
    const headers = { ...response.headers() };
    delete headers["content-encoding"];
    await route.fulfill({ status: 200, headers, body });
  });
  await page.goto(`/?${QUERY}&lang=en`);
  await expect(page.locator(".fresh .live")).toHaveText("Computed by the server");
});

test("where neither worker nor server answers, the page says so and offers another try", async ({ page }) => {
  await page.route("**/wellspring-*_bg.wasm", (route) => route.abort());
  await page.route("**/api/ask", (route) => route.abort());
  await page.goto(`/?${QUERY}&lang=en`);
  await expect(page.locator(".fresh .live")).toHaveText("Computed by the server");
  await page.locator(".heat tbody th a").first().click();
  await expect(page.getByRole("alert")).toContainText("No answer right now");
  await page.unroute("**/api/ask");
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.locator(".heat tbody tr")).toHaveCount(1);
});

test("a filter without members explains itself and offers the way back", async ({ page }) => {
  // The planted store that closed has no touch and no order after its last day.
  const truths = JSON.parse(readFileSync(`${source}/truths.json`, "utf8")).truths;
  const store = truths.find((truth: { id: string }) => truth.id === "store_closes").scope.store;
  await page.goto(`/?from=2025-01-01&to=2025-03-31&compare=none&store=${store}&lang=en`);
  await expect(page.locator(".state")).toContainText("Nothing in what is chosen");
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page.locator(".formula .card")).toHaveCount(5);
});

test("an impossible address opens the nearest page that exists and says what changed", async ({ page }) => {
  await page.goto("/?from=2025-13-40&region=Atlantis&store=%3Cscript%3E&compare=never&lang=en");
  await expect(page.locator(".formula .card")).toHaveCount(5);
  await expect(page.locator(".notes li")).not.toHaveCount(0);
  await expect(page.locator(".notes")).toContainText("Atlantis");
  await expect(page.locator(".notes script")).toHaveCount(0);
});

test("the language of the address is the language of the page", async ({ page }) => {
  await page.goto("/?lang=en");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.locator("h1")).toHaveText("Growth");
  await page.goto("/?lang=zh-CN");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(page.locator("h1")).toHaveText("增长");
});

test("every chart's marks are reached by keyboard and every chart has its table", async ({ page }) => {
  await page.goto(`/?${QUERY}&lang=en`);
  await ready(page);
  const figures = await page.locator("figure.panel").all();
  expect(figures.length).toBeGreaterThanOrEqual(3);
  for (const figure of figures) {
    await expect(figure.locator("details.twin table tbody tr")).not.toHaveCount(0);
    const first = figure.locator(".mark:visible").first();
    await first.focus();
    await expect(first).toBeFocused();
    await expect(first).toHaveAttribute("aria-label", /\d/);
    await page.keyboard.press("ArrowRight");
    await expect(first).not.toBeFocused();
    await expect(figure.locator(".mark:focus")).toHaveCount(1);
  }
});
