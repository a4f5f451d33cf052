// What the embedding tests share: three real origins on loopback (a portal, the stand-in for Wellspring's server, and
// somebody else), new for each test, and a look inside. The stand-in serves the real embed.js and embed-frame.js; see
// portal/stand-in.js for what it is not.
import { generateKeyPairSync } from "node:crypto";
import type { Frame as PageFrame, Page } from "@playwright/test";
import type { Frame } from "../public/embed-frame";
import type { ViewOptions, WellspringView, mount as Mount } from "../public/embed";
import { expect, test as base } from "./fixtures";
import { hostile } from "./portal/hostile.js";
import { portal } from "./portal/portal.js";
import { token } from "./portal/sign.js";
import { standIn } from "./portal/stand-in.js";
import type { Said } from "./portal/listen.js";

export const key = {
  kid: "intranet-1",
  pem: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
};
export const CLAIMS = { sub: "lin", scope: "all", views: ["growth"] };

/** What the pages under test keep for us: the portal's, the view's, and those that pose. */
declare global {
  var mount: typeof Mount;
  var said: { kind: string; detail: Record<string, string> }[];
  var frame: Frame;
  var wanted: [string, string?][];
  var ask: () => Promise<string>;
  var port: MessagePort;
  var heard: { kind: string; [name: string]: unknown }[];
  var pose: (target: Window, frame?: string) => void;
  var flood: (target: Window) => void;
}

export class World {
  /** When the portal was asked for a token, ms. */
  asked: number[] = [];
  /** The portal's answer in place of a token of ten minutes. */
  instead: () => Said | undefined = () => undefined;
  views!: Awaited<ReturnType<typeof standIn>>;
  portal!: Awaited<ReturnType<typeof portal>>;
  hostile!: Awaited<ReturnType<typeof hostile>>;
  ancestors: string[] = [];

  async start() {
    this.views = await standIn({ ancestors: this.ancestors, key });
    const views = this.views.origin;
    const instead = () => {
      this.asked.push(Date.now());
      return this.instead();
    };
    // The portal's own policy cannot name an origin that is only made after it; loopback is all there is.
    this.portal = await portal({ views, key, guest: "http://127.0.0.1:*", instead });
    this.hostile = await hostile({ views, portal: this.portal.origin });
    this.ancestors.push(this.portal.origin);
  }

  stop = () => Promise.all([this.views.close(), this.portal.close(), this.hostile.close()]);

  /** A token that lives so many seconds. */
  short = (seconds: number): Said => {
    const now = Math.floor(Date.now() / 1_000);
    return { body: token(key, { ...CLAIMS, iat: now, exp: now + seconds }), type: "text/plain" };
  };
}

export const test = base.extend<{ world: World }>({
  world: async ({ page }, use) => {
    // Browsers ask for it where a page names none.
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    const world = new World();
    await world.start();
    await use(world);
    await world.stop();
  },
});
export { expect };

/** Mounts a view on the portal's empty page (or on another one that is open), with tokens from the portal. */
export async function mounted(page: Page | PageFrame, options: Partial<ViewOptions> = {}) {
  await page.waitForFunction(() => "mount" in globalThis);
  await page.evaluate((options) => {
    mount(document.body, { view: "growth", tokenUrl: "/token?view=growth", ...options });
  }, options);
}

/** The document that is framed, once it is there. */
export async function framed(page: Page | PageFrame): Promise<PageFrame> {
  const element = await page.locator("wellspring-view iframe").elementHandle();
  const frame = await element!.contentFrame();
  await frame!.waitForLoadState();
  return frame!;
}

/** What the portal's page heard of one kind. */
export const said = (page: Page | PageFrame, kind: string) =>
  page.evaluate((kind) => window.said.filter((one) => one.kind === kind).map((one) => one.detail), kind);

/** Resolves when the view has been shown, with a token that the server took. */
export const shown = (page: Page | PageFrame) => expect.poll(() => said(page, "ready")).toContainEqual({ view: "growth" });

/** The element, as the portal's page has it. */
export const view = (page: Page | PageFrame) => page.locator("wellspring-view") as unknown as {
  evaluate<T, A>(run: (view: WellspringView, argument: A) => T, argument?: A): Promise<T>;
};

/** The frame's height in the portal, CSS pixels. */
export const height = (page: Page) =>
  page.locator("wellspring-view iframe").evaluate((frame) => frame.getBoundingClientRect().height);
