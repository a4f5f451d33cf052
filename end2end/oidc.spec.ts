// Signing in with the company's account, at a real provider of OpenID Connect (the npm package `oidc-provider`).
import { expect, test as base } from "@playwright/test";
import type { Page } from "@playwright/test";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import Provider from "oidc-provider";
import { House, freePort } from "./house";

const secret = "a-secret-that-provider-and-server-share";

/** A provider at which every name signs in, with an address of the company's. */
class Accounts {
  port = 0;
  #server: Server | undefined;
  #redirect = "";
  async start(redirect: string) {
    this.#redirect = redirect;
    this.port ||= await freePort();
    // New keys every time: a server that knew the ones before has to look.
    const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
    const provider = new Provider(`http://localhost:${this.port}`, {
      clients: [{ client_id: "wellspring", client_secret: secret, redirect_uris: [redirect] }],
      jwks: { keys: [{ ...jwk, kid: randomUUID(), use: "sig", alg: "RS256" }] },
      cookies: { keys: [randomUUID()] },
      claims: { openid: ["sub"], email: ["email", "email_verified"] },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@corp.example`, email_verified: true }),
      }),
    });
    await new Promise<void>((listening) => (this.#server = provider.listen(this.port, "127.0.0.1", listening)));
  }
  restart = () => this.start(this.#redirect);
  async stop() {
    this.#server?.closeAllConnections();
    await new Promise((closed) => this.#server?.close(closed));
  }
}

const test = base.extend<{ baseURL: string }, { world: { house: House; accounts: Accounts } }>({
  world: [
    async ({}, use) => {
      const [house, accounts] = [new House(), new Accounts()];
      accounts.port = await freePort();
      const file = join(house.folder, "client-secret");
      writeFileSync(file, secret);
      let redirect = "";
      await house.start((port) => {
        redirect = `http://localhost:${port}/sign-in/company/return`;
        const issuer = `http://localhost:${accounts.port}`;
        return ["--oidc-issuer", issuer, "--oidc-client-id", "wellspring", "--oidc-client-secret-file", file, "--oidc-redirect", redirect];
      });
      await accounts.start(redirect);
      house.user("add", "li", "--role", "executive", "--company", "li@corp.example", "--no-password");
      await use({ house, accounts });
      await accounts.stop();
      house.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ world }, use) => use(`http://localhost:${world.house.port}`),
});
test.describe.configure({ mode: "serial", timeout: 120_000 });

/** At the provider: who one is, and that this server may know. */
async function consent(page: Page, name: string) {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
}

test("who was added gets in and back to the page asked for, and out again", async ({ page }) => {
  await page.goto("/stores?lang=en");
  await page.getByRole("link", { name: "company account" }).click();
  await consent(page, "li");
  await expect(page).toHaveURL(/\/stores\?lang=en$/);
  await page.goto("/account?lang=en");
  await expect(page.locator("main")).toContainText("li");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.goto("/data?lang=en");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("who was not added is told so", async ({ page }) => {
  await page.goto("/sign-in?lang=en");
  await page.getByRole("link", { name: "company account" }).click();
  await consent(page, "stranger");
  await expect(page.getByRole("alert")).toContainText("administrator");
  await page.goto("/data?lang=en");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("who turns round at the provider is back at the form", async ({ page }) => {
  await page.goto("/sign-in?lang=zh-CN");
  await page.getByRole("link", { name: "公司账号" }).click();
  await page.getByRole("link", { name: /cancel/i }).click();
  await expect(page.getByRole("alert")).toContainText("没有完成");
});

test("a provider that was started anew signs with new keys, and one that is down leaves passwords", async ({ page, world }) => {
  await world.accounts.stop();
  await page.goto("/sign-in?lang=en");
  await page.locator("input[name=name]").fill("boss");
  await page.locator("input[name=password]").fill("correct horse battery");
  await page.locator("form button").click();
  await expect(page).toHaveURL(/localhost:\d+\/(\?.*)?$/);
  await world.accounts.restart();
  await page.context().clearCookies();
  await page.goto("/sign-in?lang=en&next=%2Fdata%3Flang%3Den");
  await page.getByRole("link", { name: "company account" }).click();
  await consent(page, "li");
  await expect(page).toHaveURL(/\/data\?lang=en$/);
});
