// @ts-check
// An example portal: its pages, and the address at which its signed-in readers get tokens.
//
// By hand, with a Wellspring that knows the key: `wellspring embed-key add …` names it, then
//   WELLSPRING_URL=http://127.0.0.1:3000 EMBED_KID=… EMBED_KEY=portal.pem node end2end/portal/portal.js
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { file, listen } from "./listen.js";
import { token } from "./sign.js";

/** Pages and scripts by their paths. @type {Record<string, string>} */
const FILES = {
  "/": "index.html",
  "/scriptless": "scriptless.html",
  "/bench": "bench.html",
  "/page.js": "page.js",
  "/page.css": "page.css",
};

/**
 * @typedef {object} Options
 * @property {string} views Wellspring's origin
 * @property {{ kid: string, pem: string }} key the portal's
 * @property {string} [guest] an origin that the portal's pages may frame besides
 * @property {string} [host]
 * @property {number} [port]
 * @property {(url: URL) => import("./listen.js").Said | undefined} [instead] what the backend says in place of a token
 */

/** @param {Options} options */
export function portal({ views, key, guest = "", host = "localhost", port = 0, instead = () => undefined }) {
  // As strict as portals are: no inline script or style, frames of Wellspring only.
  const policy =
    `default-src 'none'; script-src 'self' ${views}; style-src 'self'; connect-src 'self'; frame-src ${views} ${guest}`;
  return listen(
    (url, request) => {
      if (url.pathname === "/token") {
        // A portal knows its readers by its own cookie; Wellspring never sees it.
        const reader = /(?:^|; )reader=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
        if (!reader) return { status: 401, body: "sign in to the portal first" };
        const said = instead(url);
        if (said) return said;
        const view = url.searchParams.get("view") ?? "growth";
        return { type: "application/json", body: JSON.stringify({ token: token(key, claims(reader, view)) }) };
      }
      const path = FILES[url.pathname];
      if (path === undefined) return { status: 404, body: "no such page" };
      const values = { VIEWS: views, TOKEN: token(key, claims("lin", "growth")), KID: key.kid };
      const headers = { "content-security-policy": policy, "set-cookie": "reader=lin; SameSite=Lax; HttpOnly; Path=/" };
      return { ...file(path, values), headers };
    },
    { host, port },
  );
}

/** What a reader of this portal may see. @type {(reader: string, view: string) => object} */
const claims = (reader, view) => ({ sub: reader, scope: "all", views: [view] });

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { WELLSPRING_URL = "http://127.0.0.1:3000", EMBED_KID = "", EMBED_KEY = "" } = process.env;
  const key = { kid: EMBED_KID, pem: readFileSync(EMBED_KEY, "utf8") };
  const { origin } = await portal({ views: new URL(WELLSPRING_URL).origin, key, port: 8080 });
  console.log(`the portal is at ${origin}`);
}
