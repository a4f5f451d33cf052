// A server with sign-in of a journey's own, over a build with regions: an admin, an executive, and the manager of the
// first region. By `localhost`: over plain HTTP browsers keep `Secure` cookies for that name only.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import { source } from "./fixtures";

const binary = process.env.WELLSPRING_BIN ?? "../target/release/wellspring";
/** What builds the snapshot, where the program above was compiled without it. */
const builder = process.env.WELLSPRING_BUILD_BIN ?? binary;
const site = process.env.WELLSPRING_SITE ?? "../dist";
export const password = "correct horse battery";

export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

/** The server and its people. */
export class House {
  folder = mkdtempSync(join(tmpdir(), "wellspring-house-"));
  region = "";
  port = 0;
  #server: ChildProcess | undefined;
  #environment = {
    ...process.env,
    WELLSPRING_DB: join(this.folder, "people.db"),
    WELLSPRING_SECRET: "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V",
  };
  /** Begins to serve; `more` are further arguments, made once the port is known. */
  async start(more: (port: number) => string[] = () => []) {
    const snapshot = join(this.folder, "snapshot");
    execFileSync(builder, ["build", "--source", source, "--out", snapshot, "--scopes", "all,regions"], { stdio: "ignore" });
    const { dimensions } = JSON.parse(readFileSync(join(snapshot, "manifest.json"), "utf8"));
    this.region = dimensions.regions.find(({ id }: { id: string }) => id !== "").id;
    this.user("add", "admin", "--role", "admin", "--password-stdin");
    this.user("add", "boss", "--role", "executive", "--password-stdin");
    this.user("add", "manager", "--role", "region-manager", "--region", this.region, "--password-stdin");
    this.port = await freePort();
    const serve = ["serve", "--snapshot", snapshot, "--site", site, "--addr", `127.0.0.1:${this.port}`];
    this.#server = spawn(binary, [...serve, ...more(this.port)], { stdio: "ignore", env: this.#environment });
    await expect.poll(() => fetch(`http://127.0.0.1:${this.port}/healthz`).then((said) => said.status, () => 0)).toBe(200);
  }
  stop() {
    this.#server?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
  user(...arguments_: string[]) {
    execFileSync(binary, ["user", ...arguments_], { input: password, env: this.#environment });
  }
}

export const test = base.extend<{ baseURL: string }, { house: House }>({
  house: [
    async ({}, use) => {
      const house = new House();
      await house.start();
      await use(house);
      house.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ house }, use) => use(`http://localhost:${house.port}`),
});

export async function signIn(page: Page, name: string, typed = password) {
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=password]").fill(typed);
  await page.locator("form button").click();
}

export async function signOut(page: Page) {
  await page.goto("/account?lang=en");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
}
