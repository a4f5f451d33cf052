// A night's build goes on from the one before: a browser that read the snapshot before fetches what is new and no more.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, ready, source, test as base } from "./fixtures";
import { freePort } from "./house";

const binary = process.env.WELLSPRING_BIN ?? "../target/release/wellspring";
const builder = process.env.WELLSPRING_BUILD_BIN ?? binary;
const site = process.env.WELLSPRING_SITE ?? "../dist";

type Manifest = { version: number; shards: { hash: string; tails?: { hash: string }[] }[] };

/** A snapshot that grows, a server over it, and a door before the server that writes down which files were fetched. */
class Growing {
  folder = mkdtempSync(join(tmpdir(), "wellspring-deltas-"));
  snapshot = join(this.folder, "snapshot");
  port = 0;
  fetched: string[] = [];
  #server: ChildProcess | undefined;
  #door: Server | undefined;

  async start() {
    this.build(true);
    const behind = await freePort();
    const serve = ["serve", "--open", "--snapshot", this.snapshot, "--site", site, "--addr", `127.0.0.1:${behind}`];
    this.#server = spawn(binary, serve, { stdio: "ignore" });
    this.#door = createServer((asked, answer) => {
      const hash = asked.url?.match(/^\/snapshot\/shards\/(\w+)\.arrow/)?.[1];
      if (hash) this.fetched.push(hash);
      const { url: path, method, headers } = asked;
      const onward = request({ port: behind, host: "127.0.0.1", path, method, headers }, (said) => {
        answer.writeHead(said.statusCode ?? 502, said.headers);
        said.pipe(answer);
      });
      onward.on("error", () => answer.writeHead(502).end());
      asked.pipe(onward);
    });
    // A build lies between two requests: a connection that is closed meanwhile would be taken for a fault.
    this.#door.keepAliveTimeout = 120_000;
    this.port = await freePort();
    this.#door.listen(this.port, "127.0.0.1");
    await expect.poll(() => this.#said("/healthz").then((said) => said.status, () => 0)).toBe(200);
  }

  #said = (path: string) => fetch(`http://127.0.0.1:${this.port}${path}`);

  manifest = (): Manifest => JSON.parse(readFileSync(join(this.snapshot, "manifest.json"), "utf8"));

  files = () => this.manifest().shards.flatMap((shard) => [shard.hash, ...(shard.tails ?? []).map((tail) => tail.hash)]).sort();

  /** Builds the source, without its last day where that has not come yet. */
  build(yesterday: boolean) {
    const from = join(this.folder, "source");
    mkdirSync(from, { recursive: true });
    for (const name of readdirSync(source).filter((name) => name.endsWith(".csv"))) {
      if (yesterday && (name === "orders.csv" || name === "touches.csv")) {
        const rows = readFileSync(join(source, name), "utf8").split("\n");
        writeFileSync(join(from, name), rows.filter((row) => !row.includes("2025-03-31T")).join("\n"));
      } else copyFileSync(join(source, name), join(from, name));
    }
    execFileSync(builder, ["build", "--source", from, "--out", this.snapshot], { stdio: "ignore" });
  }

  async shown() {
    const version = this.manifest().version;
    await expect.poll(async () => ((await (await this.#said("/snapshot/manifest.json")).json()) as Manifest).version, { timeout: 20_000 }).toBe(version);
  }

  stop() {
    this.#server?.kill("SIGKILL");
    this.#door?.closeAllConnections();
    this.#door?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const test = base.extend<{ baseURL: string }, { growing: Growing }>({
  growing: [
    async ({}, use) => {
      const growing = new Growing();
      await growing.start();
      await use(growing);
      growing.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: async ({ growing }, use) => use(`http://127.0.0.1:${growing.port}`),
});

test("after a night a browser fetches tails and no base, and counts what the server counts", async ({ page, growing, clean }) => {
  const read = async () => {
    growing.fetched.length = 0;
    await page.goto("/?lang=en");
    await ready(page);
    await expect(page.locator(".fresh")).not.toContainText("Read ");
    return [...new Set(growing.fetched)].sort();
  };
  const before = growing.files();
  expect(await read()).toEqual(before);
  growing.build(false);
  await growing.shown();
  const fresh = growing.files().filter((hash) => !before.includes(hash));
  expect(fresh.length).toBeGreaterThan(0);
  const bases = growing.manifest().shards.map((shard) => shard.hash);
  expect(bases.filter((hash) => !before.includes(hash)), "bases stay").toEqual([]);
  expect(await read(), "only what is new").toEqual(fresh);

  const question = {
    window: { from: "2025-03-01", to: "2025-03-31" },
    compare: { from: "2025-02-01", to: "2025-02-28" },
    ask: [{ growth: { by: "region" } }, { ladder: { rungs: 4 } }, { series: { grain: "day" } }],
  };
  const server = await page.request.post("/api/ask", { data: question });
  const counted = await page.evaluate(async (question) => {
    const path = "/wellspring.js";
    const { open } = await import(path);
    const snapshot = await open({ manifest: "/snapshot/manifest.json" });
    return snapshot.askText(question);
  }, JSON.stringify(question));
  expect(counted).toBe((await server.text()).trim());
  expect(clean).toEqual([]);
});
