// Serves the rivals of the browser benchmark: their pages, their packages and their data, brotli where it pays.

import { build } from "esbuild";
import { createServer } from "node:http";
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const packages = dirname(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
const types = { html: "text/html; charset=utf-8", js: "text/javascript", json: "application/json", wasm: "application/wasm" };

/** Starts the server over `data`, the folder that prepare.py wrote; gives its address and how to end it. */
export async function serve(data) {
  const files = await site(data);
  const server = createServer((request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
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
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
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
