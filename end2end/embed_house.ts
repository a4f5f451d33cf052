// A real server with a key for a real portal, on two origins of loopback: what embed_views.spec.ts looks at.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Page } from "@playwright/test";
import { expect, test as base } from "./fixtures";
import { portal } from "./portal/portal.js";
import { token } from "./portal/sign.js";

const binary = process.env.WELLSPRING_BIN ?? "../target/release/wellspring";
const site = process.env.WELLSPRING_SITE ?? "../dist";
const snapshot = process.env.WELLSPRING_SNAPSHOT ?? "../target/xtask/sample";
const SECRET = "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V";

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

export class House {
  folder = mkdtempSync(join(tmpdir(), "wellspring-embed-"));
  /** Wellspring's origin. */
  views = "";
  /** The claims of the next token, but for its times. */
  claims: Record<string, unknown> = {};
  /** How long tokens live, s. */
  life = 600;
  /** How many tokens the portal gave. */
  given = 0;
  portal!: Awaited<ReturnType<typeof portal>>;
  /** Somebody else's origin, whose page frames what it likes. */
  stranger!: Awaited<ReturnType<typeof portal>>;
  key = { kid: "", pem: "" };
  #server: ChildProcess | undefined;
  #environment = { ...process.env, WELLSPRING_DB: join(this.folder, "people.db"), WELLSPRING_SECRET: SECRET };

  async start() {
    const port = await freePort();
    this.views = `http://127.0.0.1:${port}`;
    const instead = () => {
      this.given += 1;
      return { body: this.token(), type: "text/plain" };
    };
    this.portal = await portal({ views: this.views, key: this.key, instead });
    this.stranger = await portal({ views: this.views, key: this.key, instead });
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const file = join(this.folder, "portal.pem");
    writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
    this.key.pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const views = "growth,stores,members,channels,ladder,funnel,cohorts";
    const add = ["embed-key", "add", "--name", "intranet", "--origins", this.portal.origin, "--scopes", "all", "--views", views];
    const said = execFileSync(binary, [...add, "--public-key", file], { env: this.#environment }).toString();
    this.key.kid = /^kid\s+(\S+)/m.exec(said)![1];
    const serve = ["serve", "--snapshot", snapshot, "--site", site, "--addr", `127.0.0.1:${port}`];
    this.#server = spawn(binary, serve, { stdio: "ignore", env: this.#environment });
    await expect.poll(() => fetch(`${this.views}/healthz`).then((said) => said.status, () => 0), { timeout: 40_000 }).toBe(200);
  }

  token() {
    const now = Math.floor(Date.now() / 1_000);
    const usual = { sub: "lin", scope: "all", views: ["growth", "stores"], iat: now, exp: now + this.life };
    return token(this.key, { ...usual, ...this.claims });
  }

  revoke() {
    execFileSync(binary, ["embed-key", "revoke", this.key.kid], { env: this.#environment });
  }

  async stop() {
    this.#server?.kill("SIGKILL");
    await Promise.all([this.portal.close(), this.stranger.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const test = base.extend<{ house: House }>({
  house: async ({ page }, use) => {
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    const house = new House();
    await house.start();
    await use(house);
    await house.stop();
  },
});
export { expect };

/** The framed document, drawn and taken over by the program. */
export async function framed(page: Page, views: string, ready = /framed|worker/): Promise<Frame> {
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith(`${views}/embed/`))).toBe(true);
  const frame = page.frames().find((frame) => frame.url().startsWith(`${views}/embed/`))!;
  await expect(frame.locator("html")).toHaveAttribute("data-ready", ready, { timeout: 40_000 });
  return frame;
}
