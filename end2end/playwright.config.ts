// How the journeys are run: one real Chromium, a desktop and a phone, and a server that is already up.
// `cargo xtask test` starts the server and sets WELLSPRING_URL; by hand, start `cargo xtask demo` first.
import { defineConfig } from "@playwright/test";
import { existsSync } from "node:fs";

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? usual.find((path) => existsSync(path));

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "artifacts/results",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "artifacts/results.json" }]],
  use: {
    baseURL: process.env.WELLSPRING_URL ?? "http://127.0.0.1:3000",
    browserName: "chromium",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    // Journeys see and hold up requests of the page itself; offline.spec.ts allows what answers between.
    serviceWorkers: "block",
    screenshot: "only-on-failure",
    // Recording costs every journey a third of its time.
    trace: process.env.WELLSPRING_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 900 } } },
    {
      name: "phone",
      // These draw nothing that a width could change.
      testIgnore: ["wellspring.spec.ts", "embed_tokens.spec.ts", "embed_hostile.spec.ts", "oidc.spec.ts"],
      // A phone has no arrow keys.
      grepInvert: /@keys/,
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    },
  ],
});
