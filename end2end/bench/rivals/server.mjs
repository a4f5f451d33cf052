// Serves the rivals of the browser benchmark: their pages, their packages and their data, brotli where it pays.

import { build } from "esbuild";
import { createServer } from "node:http";
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const packages = dirname(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
const types = { html: "text/html; charset=utf-8", js: "text/javascript", json: "application/json", wasm: "application/wasm" };

/**
 * Starts the server over `data`, the folder that prepare.py wrote, and, where we compete, over our built site and the
 * folder of our snapshot: everybody's files come the same way. Gives its address, what the next page reports, and how
 * to end it.
 */
export async function serve(data, ours) {
  const files = { ...(await site(data)), ...(ours ? own(data, ours) : {}) };
  let hear = () => {};
  const server = createServer((request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    if (name === "report" && request.method === "POST") {
      let text = "";
      request.on("data", (part) => (text += part));
      request.on("end", () => {
        hear(JSON.parse(text));
        response.writeHead(204).end();
      });
      return;
    }
    const file = files[name];
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const packed = existsSync(`${file}.br`) ? `${file}.br` : null;
    response.writeHead(200, {
      "content-type": types[name.split(".").pop()] ?? "application/octet-stream",
      "content-length": statSync(packed ?? file).size,
      "cache-control": "no-cache",
      ...(packed ? { "content-encoding": "br" } : {}),
    });
    createReadStream(packed ?? file, { highWaterMark: 1 << 20 }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const report = () => new Promise((resolve) => (hear = resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, report, close: () => server.close() };
}

/** Our module, workers and engines, the snapshot, and the page that asks. */
function own(data, { site, snapshot }) {
  const files = { "ours-page.js": join(data, "site/ours-page.js"), "ours.html": join(data, "site/ours.html") };
  writeFileSync(files["ours.html"], '<!doctype html><title>ours</title><script type="module" src="/ours-page.js"></script>');
  for (const name of readdirSync(site)) if (/^wellspring.*\.(js|wasm)$/.test(name)) files[name] = join(site, name);
  files["snapshot/manifest.json"] = join(snapshot, "manifest.json");
  for (const name of readdirSync(join(snapshot, "shards"))) {
    if (name.endsWith(".arrow")) files[`snapshot/shards/${name}`] = join(snapshot, "shards", name);
  }
  return files;
}

/** Every served name and its file. Scripts are bundled and packed once into the data's folder. */
async function site(data) {
  const out = join(data, "site");
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: ["ours-page.js", "typed-page.js", "typed-worker.js", "duckdb-page.js"].map((name) => join(here, "site", name)),
    bundle: true,
    external: ["/wellspring.js"],
    minify: true,
    format: "esm",
    outdir: out,
    logLevel: "error",
  });
  const files = {};
  const add = (name, from) => {
    files[name] = join(out, name);
    const bytes = from === undefined ? readFileSync(files[name]) : readFileSync(from);
    if (from !== undefined) writeFileSync(files[name], bytes);
    const packed = `${files[name]}.br`;
    // The engine's package is large and does not change; our own scripts are small.
    if (from === undefined || !existsSync(packed) || statSync(packed).mtimeMs < statSync(from).mtimeMs) {
      const quality = bytes.length > 10_000_000 ? 9 : 11;
      writeFileSync(packed, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
    }
  };
  for (const name of ["typed-page.js", "typed-worker.js", "duckdb-page.js"]) add(name);
  for (const name of ["duckdb-eh.wasm", "duckdb-browser-eh.worker.js"]) add(name, join(packages, name));
  for (const name of ["typed", "duckdb", "blank"]) {
    const script = name === "blank" ? "" : `<script type="module" src="/${name}-page.js"></script>`;
    files[`${name}.html`] = join(out, `${name}.html`);
    writeFileSync(files[`${name}.html`], `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title>${script}`);
  }
  for (const name of ["typed.bin", "typed.json", "facts.duckdb"]) {
    files[name] = join(data, name);
  }
  return files;
}
