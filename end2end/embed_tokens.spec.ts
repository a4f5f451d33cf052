// The lives of tokens in portals' pages: renewed in time, when the server says so, and when the portal fails. As in
// embed.spec.ts, the framed page is a stand-in.
import { expect, framed, mounted, said, shown, test, view } from "./embed_world";

test("a token is renewed before it ends, one request at a time", async ({ page, world }) => {
  world.instead = () => world.short(4);
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page);
  await shown(page);
  const frame = await framed(page);
  const tokens = new Map<string, number>();
  await expect.poll(async () => {
    const [token, now] = await frame.evaluate(async () => [await window.frame.token(), Date.now()] as const);
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    expect(now).toBeLessThan(exp * 1_000);
    tokens.set(token, exp);
    return tokens.size;
  }, { intervals: [200] }).toBe(3);
  expect(await frame.evaluate(() => ask())).toBe("answered");
  const between = world.asked.slice(1).map((at, i) => at - world.asked[i]);
  // 70 to 85 % of four seconds, less the part of the first second that was over.
  for (const ms of between) expect(ms).toBeGreaterThan(1_800);
});

test("what the server says has ended is renewed at once, and only once for all who wait", async ({ page, world }) => {
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page);
  await shown(page);
  const frame = await framed(page);
  world.views.ended.add(await frame.evaluate(() => window.frame.token()));
  // A token says seconds: the next must not be the same text.
  await page.waitForTimeout(1_000);
  expect(await frame.evaluate(() => Promise.all([ask(), ask(), ask()]))).toEqual(["answered", "answered", "answered"]);
  expect(world.asked).toHaveLength(2);
  // A server that refuses every token must not have the portal asked without end.
  world.instead = () => world.short(600);
  const refused = await frame.evaluate(async () => {
    const until = performance.now() + 2_500;
    let token = await window.frame.token();
    for (; performance.now() < until; ) {
      const next = window.frame.renew(token);
      token = await Promise.race([next, new Promise<string>((late) => setTimeout(late, 100, token))]);
    }
  });
  expect(refused).toBeUndefined();
  expect(world.asked.length).toBeLessThanOrEqual(6);
});

test("a portal that fails is asked again, ever slower; one that says no is not", async ({ page, world }) => {
  world.instead = () => (world.asked.length <= 2 ? { status: 503, body: "busy" } : undefined);
  await page.goto(`${world.portal.origin}/bench`);
  await mounted(page);
  await shown(page);
  expect(world.asked).toHaveLength(3);
  expect(world.asked[1] - world.asked[0]).toBeGreaterThan(400);
  expect(world.asked[2] - world.asked[1]).toBeGreaterThan(900);
  expect(await said(page, "error")).toHaveLength(2);
  expect((await said(page, "error"))[0]).toMatchObject({ code: "token_failed", message: /503/ });

  world.instead = () => ({ status: 403, body: "no" });
  await view(page).evaluate((view) => view.refresh());
  await expect.poll(() => said(page, "error")).toHaveLength(3);
  await page.waitForTimeout(1_600);
  expect(world.asked).toHaveLength(4);
  world.instead = () => ({ body: "<!doctype html><title>Sign in</title>" });
  await view(page).evaluate((view) => view.refresh());
  await expect.poll(async () => (await said(page, "error")).at(-1)).toMatchObject({ message: /no JWT/ });
  world.instead = () => undefined;
  await view(page).evaluate((view) => view.refresh());
  await expect.poll(() => said(page, "ready")).not.toHaveLength(1);
});
