// Views in portals' pages: how they come, keep their tokens, take their height, and talk. Real Chromium, real origins on
// loopback, the real embed.js and embed-frame.js; the framed page is a stand-in (portal/stand-in.js), because what is
// looked at here is the protocol of docs/EMBEDDING.md. embed_tokens.spec.ts has the lives of tokens, embed_hostile.spec.ts
// those who do not keep to the protocol.
import { test as plain } from "@playwright/test";
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { expect, framed, height, mounted, said, shown, test, view } from "./embed_world";

plain("embed.js is one file, with its types, of at most 5,000 bytes", () => {
  const text = readFileSync("../public/embed.js", "utf8");
  expect(brotliCompressSync(text).length).toBeLessThanOrEqual(5_000);
  expect(text.replace(/\/\*.*?\*\//gs, "")).not.toMatch(/\bimport\b(?!\.meta)/);
  expect(readFileSync("../public/embed.d.ts", "utf8")).toContain('"wellspring-view": WellspringView');
});

plain("the documented backend is the one that signs here", () => {
  expect(readFileSync("../docs/EMBEDDING.md", "utf8")).toContain(readFileSync("portal/sign.js", "utf8"));
});

test("an element in a portal's page becomes a view", async ({ page, world, clean }) => {
  await page.goto(world.portal.origin);
  await shown(page);
  const frame = await framed(page);
  const url = new URL(frame.url());
  expect(url.origin).toBe(world.views.origin);
  expect(url.pathname).toBe("/embed/growth");
  const query = { from: "2025-01-01", to: "2025-03-31", lang: "en", theme: "light", kid: "intranet-1" };
  expect(Object.fromEntries(url.searchParams)).toEqual(query);
  expect(await frame.evaluate(() => window.frame.portal)).toBe(world.portal.origin);
  expect(world.views.seen.answered).toEqual(["lin"]);
  expect(world.asked).toHaveLength(1);

  // The portal's colours, in a view whose policy allows no inline style; light, whatever the device says.
  await expect(frame.locator("h1")).toHaveCSS("color", "rgb(10, 96, 64)");
  await expect(frame.locator("h1")).toHaveCSS("border-radius", "3px");
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.locator("wellspring-view iframe")).toHaveAttribute("title", "Why sales moved");

  // The portal's buttons, and the same frame throughout.
  await page.getByRole("button", { name: "East only" }).click();
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await frame.evaluate(() => wanted)).toEqual([["filter", "region=East"], ["lang", "zh-CN"]]);
  await expect(frame.locator("h1")).toHaveCSS("color", "rgb(10, 96, 64)");

  // What the reader does there.
  await frame.evaluate(() => {
    window.frame.filter("from=2025-02-01&to=2025-03-31");
    window.frame.drill("stores", "region=%E5%8D%8E%E4%B8%9C");
  });
  await expect.poll(() => said(page, "drill")).toEqual([{ view: "stores", query: "region=%E5%8D%8E%E4%B8%9C" }]);
  expect(await said(page, "filter")).toEqual([{ query: "from=2025-02-01&to=2025-03-31" }]);
  expect(world.views.seen.views).toHaveLength(1);
  // The portal's cookie is the portal's, and the views have none.
  expect(world.views.seen.cookies).toEqual([]);
  expect(clean).toEqual([]);
});

test("the function form: the portal's own function, options by their names, a view that can be taken away", async ({ page, world }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate(async () => {
    const getToken = async () => (await (await fetch("/token?view=growth")).json()).token;
    mount(document.body, { view: "growth", getToken, filters: { from: "2025-01-01", region: "华东" }, tokens: { accent: "#abc" } });
  });
  await shown(page);
  const frame = await framed(page);
  expect(new URL(frame.url()).searchParams.get("region")).toBe("华东");
  await expect(frame.locator("h1")).toHaveCSS("color", "rgb(170, 187, 204)");
  for (const [options, sentence] of [
    [{ view: "growth", colour: "red" }, "mount: there is no option `colour`"],
    [{ view: "../admin" }, 'mount: `view` must be a view\'s name, not "../admin"'],
  ] as const) {
    const error = await page.evaluate((options) => {
      try {
        mount(document.body, options);
      } catch (error) {
        return (error as TypeError).message;
      }
    }, options);
    expect(error).toBe(sentence);
  }

  await view(page).evaluate((view) => view.close());
  await expect(page.locator("wellspring-view iframe")).toHaveCount(0);
  // Put in again, it opens again, as another frame.
  await view(page).evaluate((view) => document.body.append(view));
  await expect.poll(() => said(page, "ready")).toHaveLength(2);
  await view(page).evaluate((view) => view.setAttribute("view", "sales figures"));
  await expect.poll(() => said(page, "error")).toMatchObject([{ code: "view_name" }]);
});

test("a frame is as tall as its content, up and down, up to a limit", async ({ page, world }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page, { maxHeight: 5_000 });
  await shown(page);
  const frame = await framed(page);
  const content = (name: string) => frame.locator("#content").evaluate((element, name) => element.setAttribute("class", name), name);
  const inner = () => frame.evaluate(() => {
    const { scrollHeight, clientWidth } = document.documentElement;
    return { missing: scrollHeight - innerHeight, bar: innerWidth - clientWidth };
  });
  const usual = await height(page);
  expect(usual).toBeGreaterThan(400);
  expect(usual).toBeLessThan(700);
  await content("tall");
  await expect.poll(() => height(page)).toBe(usual + 1_100);
  expect(await inner()).toEqual({ missing: 0, bar: 0 });
  await content("");
  await expect.poll(() => height(page)).toBe(usual);
  expect(await inner()).toEqual({ missing: 0, bar: 0 });

  // What shrinks by less than can be seen does not move the page; what grows is followed to the pixel.
  const exactly = (px: number) => frame.evaluate((px) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`#content { height: ${px}px !important }`);
    document.adoptedStyleSheets = [document.adoptedStyleSheets[0], sheet];
  }, px);
  await exactly(398);
  await page.waitForTimeout(300);
  expect(await height(page)).toBe(usual);
  await exactly(401);
  await expect.poll(() => height(page)).toBe(usual + 1);
  await frame.evaluate(() => (document.adoptedStyleSheets = [document.adoptedStyleSheets[0]]));

  await content("huge");
  await expect.poll(() => height(page)).toBe(5_000);
  await expect.poll(() => frame.evaluate(() => getComputedStyle(document.documentElement).overflowY)).toBe("auto");
  await content("");
  await expect.poll(() => height(page)).toBe(usual);
  await expect.poll(() => frame.evaluate(() => getComputedStyle(document.documentElement).overflowY)).toBe("hidden");
  expect(await said(page, "error")).toEqual([]);
});

test("content that is always taller than its frame does not grow for ever", async ({ page, world }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page, { maxHeight: 100_000 });
  await shown(page);
  const frame = await framed(page);
  await frame.locator("#content").evaluate((element) => element.setAttribute("class", "looping"));
  await expect.poll(() => said(page, "error")).toMatchObject([{ code: "height_loop" }]);
  const held = await height(page);
  expect(held).toBeLessThan(9_000);
  await page.waitForTimeout(600);
  expect(await height(page)).toBe(held);
});

test("a portal without scripts: the token stands in the fragment, once", async ({ page, world, clean }) => {
  await page.goto(`${world.portal.origin}/scriptless`);
  const frame = page.frames().find((frame) => frame.url().startsWith(world.views.origin))!;
  await expect(frame.locator("#status")).toHaveText("answered");
  expect(world.views.seen.answered).toEqual(["lin"]);
  const { hash, length, token } = await frame.evaluate(async () =>
    ({ hash: location.hash, length: history.length, token: await window.frame.token() }));
  expect(hash).toBe("");
  expect(length).toBe(await page.evaluate(() => history.length));
  // Fragments do not travel: the server saw none.
  expect(world.views.seen.views.join()).not.toContain(token);
  expect(clean).toEqual([]);
  // Nobody could give another.
  world.views.ended.add(token);
  expect(await frame.evaluate(() => ask())).toBe("token_ended");
});
