// The worker's two builds, in a real Chromium's worker: each generated case must give the native engine's very text.
//
//     node cases/run.mjs FOLDER CASES
//
// FOLDER has `wellspring-<build>.js` and `_bg.wasm` (crates/xtask/src/engines.rs); CASES is what testkit's example
// `cases` wrote. The last line is `N passed, N failed`, a check for each build.
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const [folder, cases] = process.argv.slice(2);
const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
const builds = ["simd", "scalar"];

const files = new Map([["/", () => "<!doctype html><title>cases</title>"]]);
for (const build of builds) {
  for (const name of [`wellspring-${build}.js`, `wellspring-${build}_bg.wasm`]) {
    files.set(`/${name}`, () => readFile(join(folder, name)));
  }
}
files.set("/worker.js", () => readFile(new URL("worker.js", import.meta.url)));
files.set("/cases.bin", () => readFile(cases));

const server = createServer(async (request, response) => {
  const file = files.get(request.url);
  const type = types[request.url.split(".")[1] ?? "html"] ?? "application/octet-stream";
  response.writeHead(file ? 200 : 404, { "content-type": type }).end(file ? await file() : "");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? usual.find((path) => existsSync(path));
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const browser = await chromium.launch({ executablePath, args });
let failed = 0;
for (const build of builds) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const said = await page.evaluate(
    (build) =>
      new Promise((resolve) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => resolve({ cases: 0, fault: message || "the worker did not start" });
        worker.postMessage(build);
      }),
    build,
  );
  // Too few would prove little; none would prove nothing.
  const holds = !said.fault && said.cases >= 100;
  if (!holds) failed += 1;
  console.log(`${build}: ${said.cases} cases, ${said.fault || "each the same text, exact and estimated"}`);
  await page.close();
}
await browser.close();
server.close();
console.log(`${builds.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
