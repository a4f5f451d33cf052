// Embedding among those who do not keep to the protocol of docs/EMBEDDING.md: other origins, other windows, other words,
// too many of them, and browsers that keep nothing. As in embed.spec.ts, the framed page is a stand-in.
import { type World, expect, framed, height, mounted, said, shown, test, view } from "./embed_world";
import type { Frame, Page } from "@playwright/test";

/** Puts a page of somebody else's into the portal's, beside the view. */
async function beside(page: Page, address: string, loaded = "pose"): Promise<Frame> {
  await page.evaluate((address) => {
    document.body.append(Object.assign(document.createElement("iframe"), { src: address, className: "beside" }));
  }, address);
  const frame = await (await page.locator(".beside").last().elementHandle())!.contentFrame();
  // Not by frames drawn: what is below the fold draws none.
  await frame!.waitForFunction((loaded) => loaded in globalThis, loaded, { polling: 100 });
  return frame!;
}

/** Has the view's own frame show something else, as any page around the portal's could. */
async function replaced(page: Page, address: string): Promise<Frame> {
  await page.locator("wellspring-view iframe").evaluate((frame, address) => ((frame as HTMLIFrameElement).src = address), address);
  await expect.poll(() => page.frames().map((frame) => frame.url())).toContain(address);
  const frame = await framed(page);
  await frame.waitForFunction(() => "pose" in globalThis);
  return frame;
}

/** What only the framed document and the portal know. */
const secret = (page: Page) =>
  page.locator("wellspring-view iframe").evaluate((frame) => new URLSearchParams(new URL((frame as HTMLIFrameElement).src).hash.slice(1)).get("frame")!);

/** A portal's page that frames a view by hand, and has the port. */
async function byHand(page: Page, world: World, portal = world.portal.origin): Promise<Frame> {
  await page.goto(`${world.portal.origin}/bench`);
  await page.evaluate(({ views, portal }) => {
    const frame = document.createElement("iframe");
    globalThis.heard = [];
    addEventListener("message", ({ data, origin, ports: [port] }) => {
      heard.push({ ...data, origin });
      globalThis.port = port;
      port.onmessage = ({ data }) => heard.push(data);
    });
    Object.assign(frame, { id: "hand", src: `${views}/embed/growth#${new URLSearchParams({ portal, frame: "by-hand" })}` });
    document.body.append(frame);
  }, { views: world.views.origin, portal });
  const frame = (await (await page.locator("#hand").elementHandle())!.contentFrame())!;
  await frame.waitForFunction(() => "wanted" in globalThis);
  return frame;
}

/** More than anyone looks at, in one breath; and one word after it. */
const FLOOD = () => {
  for (let i = 0; i < 20_000; i += 1) port.postMessage({ wellspring: 1, kind: "filter", query: `i=${i}` });
};
const AFTER = () => port.postMessage({ wellspring: 1, kind: "filter", query: "after=1" });
/** Sixty in each second since then, the ones that were under way included. */
const bound = (begun: number) => 60 * (2 + (Date.now() - begun) / 1_000);

test("who poses as the view from another window gets no token", async ({ page, world, clean }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page);
  await shown(page);
  const other = await beside(page, `${world.hostile.origin}/posing`);
  // Even with the secret: it is another window.
  await other.evaluate((secret) => {
    for (let i = 0; i < 500; i += 1) pose(parent, secret);
    flood(parent);
  }, await secret(page));
  // And were it of Wellspring's own origin.
  const twin = await beside(page, `${world.views.origin}/embed/raw#${new URLSearchParams({ portal: world.portal.origin, frame: await secret(page) })}`, "heard");
  await view(page).evaluate((view) => view.refresh());
  await expect.poll(() => said(page, "ready")).toHaveLength(2);
  expect(world.asked).toHaveLength(2);
  expect(await twin.evaluate(() => heard)).toEqual([]);
  expect(await other.evaluate(() => heard)).toEqual([]);
  expect(await said(page, "error")).toEqual([]);
  expect(await said(page, "drill")).toEqual([]);
  expect(clean).toEqual([]);
});

for (const sandbox of [false, true]) {
  const kind = sandbox ? "sandboxed, where every origin is null" : "by its origin";
  test(`who takes the place of the view in its frame gets no token: ${kind}`, async ({ page, world }) => {
    await page.goto(`${world.portal.origin}/bench`);
    await mounted(page, { sandbox });
    await shown(page);
    const known = await secret(page);
    const other = await replaced(page, `${world.hostile.origin}/posing`);
    await other.evaluate(() => {
      for (const frame of ["", "0-0-0-0", "undefined"]) pose(parent, frame);
    });
    // By its origin, the secret would not help; without one it is all that counts, and never leaves the two who know it.
    if (!sandbox) await other.evaluate((known) => pose(parent, known), known);
    await view(page).evaluate((view) => view.refresh());
    await expect.poll(() => world.asked.length).toBe(2);
    await page.waitForTimeout(300);
    expect(await other.evaluate(() => heard)).toEqual([]);
    expect(await said(page, "ready")).toHaveLength(1);
  });
}

test("a sandboxed view has no origin and no storage, and works", async ({ page, world, clean }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page, { sandbox: true, tokens: { accent: "#0a6040" }, filters: "region=East" });
  await shown(page);
  const frame = await framed(page);
  expect(await page.locator("wellspring-view iframe").getAttribute("sandbox")).toBe("allow-scripts");
  expect(await frame.evaluate(() => self.origin)).toBe("null");
  expect(await frame.evaluate(() => {
    try {
      return localStorage.length;
    } catch (error) {
      return (error as Error).name;
    }
  })).toBe("SecurityError");
  await expect(frame.locator("h1")).toHaveCSS("color", "rgb(10, 96, 64)");
  await frame.locator("#content").evaluate((element) => element.setAttribute("class", "tall"));
  await expect.poll(() => height(page)).toBeGreaterThan(1_500);
  await view(page).evaluate((view) => view.setFilter({ region: "West" }));
  await expect.poll(() => frame.evaluate(() => wanted)).toEqual([["filter", "region=West"]]);
  // Loaded anew, and on to another document by an address that carries what it is known by.
  await frame.evaluate(() => location.reload());
  await expect.poll(() => said(page, "ready")).toHaveLength(2);
  await (await framed(page)).evaluate(() => location.assign(window.frame.carry("/embed/stores?region=West")));
  await expect.poll(() => said(page, "ready")).toEqual([{ view: "growth" }, { view: "growth" }, { view: "stores" }]);
  expect(clean).toEqual([]);
});

test("where a browser refuses every storage, nothing is missed", async ({ page, world, clean }) => {
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("refused", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"]) {
      Object.defineProperty(globalThis, name, { get: refuse });
    }
    Object.defineProperty(document, "cookie", { get: refuse, set: refuse });
    Object.defineProperty(navigator, "serviceWorker", { get: refuse });
  });
  await page.goto(world.portal.origin);
  await shown(page);
  expect(await (await framed(page)).evaluate(() => ask())).toBe("answered");
  expect(clean).toEqual([]);
});

test("an origin that the key does not list cannot frame a view, and is told why nothing comes", async ({ page, world }) => {
  await page.clock.install();
  await page.goto(`${world.hostile.origin}/framing`);
  await mounted(page);
  await page.clock.runFor(16_000);
  await expect.poll(async () => (await said(page, "error")).map((error) => error.code)).toContain("frame_silent");
  expect(await said(page, "ready")).toEqual([]);
});

test("a portal in another page: every page above the view must be listed", async ({ page, world }) => {
  const inner = async () => {
    await page.goto(`${world.hostile.origin}/around`);
    const portal = page.frames().find((frame) => frame.url().startsWith(world.portal.origin))!;
    await mounted(portal);
    return portal;
  };
  const refused = await inner();
  await page.waitForTimeout(500);
  expect(await said(refused, "ready")).toEqual([]);
  world.ancestors.push(world.hostile.origin);
  // The portal's cookie is SameSite=Lax: in another site's page its readers are known by something else.
  const listed = await inner();
  await expect.poll(() => said(listed, "error")).toMatchObject([{ code: "token_failed", message: /401/ }]);
  await listed.evaluate((token) => {
    document.querySelector("wellspring-view")!.getToken = () => token;
    document.querySelector("wellspring-view")!.refresh();
  }, String(world.short(600).body));
  await shown(listed);
});

test("a view greets its portal's origin and no other", async ({ page, world }) => {
  const greeted = await byHand(page, world);
  await expect.poll(() => page.evaluate(() => heard[0])).toEqual({ wellspring: 1, kind: "ready", frame: "by-hand", origin: world.views.origin });
  expect(await greeted.evaluate(() => window.frame.portal)).toBe(world.portal.origin);
  for (const portal of [world.hostile.origin, "https://portal.example"]) {
    await byHand(page, world, portal);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => heard)).toEqual([]);
  }
  for (const portal of ["*", "null", "data:text/html,x", `${world.portal.origin}/`]) {
    const frame = await byHand(page, world, portal);
    expect(await frame.evaluate(() => window.frame.portal)).toBe(null);
    expect(await page.evaluate(() => heard)).toEqual([]);
  }
});

test("a view takes no words but those of the protocol, and not too many", async ({ page, world, clean }) => {
  const frame = await byHand(page, world);
  await expect.poll(() => page.evaluate(() => "port" in globalThis)).toBe(true);
  const bad = {
    accent: "url(https://elsewhere.example/x)", surface: "var(--ink)", panel: "red; } body { display: none", ink: "image-set('x')",
    line: "rgb(1,2,3) !important", radius: "calc(1px)", font: "x; --ink: red", display: "none", "ink-quiet": "env(x)", toString: "red",
  };
  await page.evaluate((bad) => {
    const junk: unknown[] = [null, 1, "token", [], {}, { wellspring: 2, kind: "refresh" }, { wellspring: "1", kind: "refresh" }];
    const kinds = [{ kind: "token", token: 7, left: 1e9 }, { kind: "token", token: "x".repeat(9_000), left: 1 }, { kind: "token", token: "a.b.c" }, { kind: "token", token: "a.b.c", left: ["9"] },
      { kind: "lang", lang: "xx" }, { kind: "lang", lang: ["en"] }, { kind: "lang" }, { kind: "filter", query: { toString: "x" } }, { kind: "filter", query: "x".repeat(5_000) },
      { kind: "theme", theme: "dark", tokens: null }, { kind: "theme", tokens: 3 }, { kind: "constructor" }, { kind: {} }, { kind: "eval", code: "1" }];
    for (const said of [...junk, ...kinds.map((said) => ({ wellspring: 1, ...said }))]) port.postMessage(said);
    port.postMessage({ wellspring: 1, kind: "theme", theme: "x' onload='y", tokens: bad });
    frames[0].postMessage({ wellspring: 1, kind: "token", token: "a.b.c", left: 1e9 }, "*");
    frames[0].postMessage({ wellspring: 1, kind: "refresh" }, "*");
  }, bad);
  const errors = () => page.evaluate(() => heard.filter(({ kind }) => kind === "error"));
  await expect.poll(errors).toMatchObject([{ code: "theme_value" }]);
  for (const name of Object.keys(bad)) expect((await errors())[0].message).toContain(name);
  const set = await frame.evaluate(() => [document.documentElement.dataset.theme, ...document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText))]);
  expect(set.join()).not.toMatch(/red|url|var|none|env|calc/);
  expect(set[0]).toBeUndefined();
  expect(await frame.evaluate(() => wanted)).toEqual([]);

  await page.waitForTimeout(1_000);
  const begun = Date.now();
  await page.evaluate(FLOOD);
  await expect.poll(async () => {
    await page.evaluate(AFTER);
    return await frame.evaluate(() => wanted.at(-1));
  }).toEqual(["filter", "after=1"]);
  const taken = await frame.evaluate(() => wanted.length);
  expect(taken).toBeGreaterThan(1);
  expect(taken).toBeLessThanOrEqual(bound(begun));
  expect(clean).toEqual([]);
});

test("a portal takes no words but those of the protocol, and not too many", async ({ page, world, clean }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page, { view: "raw" });
  const frame = await framed(page);
  await expect.poll(() => frame.evaluate(() => heard.map(({ kind }) => kind).sort())).toEqual(["theme", "token"]);
  const before = await height(page);
  await frame.evaluate(() => {
    const junk: unknown[] = [null, 1, "renew", [], {}, { kind: "renew" }, { wellspring: 2, kind: "renew" }];
    const kinds = [{ kind: "height", height: "900" }, { kind: "height", height: NaN }, { kind: "height", height: -5 }, { kind: "height", height: Infinity },
      { kind: "height", height: [900] }, { kind: "height" }, { kind: "shown", view: "<b>" }, { kind: "shown" }, { kind: "filter", query: 1 }, { kind: "filter", query: "x".repeat(5_000) },
      { kind: "drill", view: "growth" }, { kind: "drill", query: "" }, { kind: "drill", view: ["growth"], query: "" }, { kind: "drill", view: "../x", query: "" }, { kind: "error", code: "A B", message: "x" },
      { kind: "error", code: "x", message: "x".repeat(501) }, { kind: "error", code: "x" }, { kind: "toString" }, { kind: {} }];
    for (const said of [...junk, ...kinds.map((said) => ({ wellspring: 1, ...said }))]) port.postMessage(said);
    parent.postMessage({ wellspring: 1, kind: "ready", frame: "" }, "*");
    parent.postMessage({ wellspring: 1, kind: "filter", query: "x=1" }, "*");
  });
  await page.waitForTimeout(1_100);
  expect(await page.evaluate(() => window.said)).toEqual([]);
  expect(await height(page)).toBe(before);
  expect(world.asked).toHaveLength(1);

  const begun = Date.now();
  await frame.evaluate(FLOOD);
  await expect.poll(async () => {
    await frame.evaluate(AFTER);
    return (await said(page, "filter")).at(-1);
  }).toEqual({ query: "after=1" });
  const heard = await said(page, "filter");
  expect(heard.length).toBeGreaterThan(1);
  expect(heard.length).toBeLessThanOrEqual(bound(begun));
  await frame.evaluate(() => {
    for (let i = 0; i < 50; i += 1) port.postMessage({ wellspring: 1, kind: "renew" });
  });
  // Heeded once, soon.
  await expect.poll(() => world.asked.length).toBe(2);
  await page.waitForTimeout(1_100);
  expect(world.asked.length).toBeLessThanOrEqual(3);
  expect(clean).toEqual([]);
});
