// @ts-check
// What the little servers here have in common: a free port, texts with a few values put in, nothing kept by browsers.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** @typedef {{ status?: number, type?: string, body?: string, headers?: Record<string, string> }} Said */

const TYPES = /** @type {Record<string, string>} */ ({
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
});

/**
 * @param {(url: URL, request: import("node:http").IncomingMessage) => Said | Promise<Said>} answer
 * @param {{ host?: string, port?: number }} [at]
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export function listen(answer, { host = "127.0.0.1", port = 0 } = {}) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const { status = 200, type = TYPES.html, body = "", headers = {} } = await answer(url, request);
    response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers }).end(body);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => {
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      /** @type {() => Promise<void>} */
      const close = () =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ origin: `http://${host}:${address.port}`, close });
    });
  });
}

/**
 * A file beside this one, or above; `{{NAME}}` gives way to a value. Nothing here is named by who asks.
 * @type {(path: string, values?: Record<string, string>) => Said}
 */
export function file(path, values = {}) {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  const body = text.replace(/\{\{(\w+)\}\}/g, (whole, name) => values[name] ?? whole);
  return { body, type: TYPES[path.split(".").at(-1) ?? ""] };
}
