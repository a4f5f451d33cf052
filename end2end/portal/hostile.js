// @ts-check
// Another origin, with pages that a portal would rather not meet: one that poses as a view, one that frames views
// without being allowed to, and one around a portal.
import { file, listen } from "./listen.js";

/** @type {Record<string, string>} */
const FILES = { "/posing": "posing.html", "/posing.js": "posing.js", "/around": "around.html", "/page.js": "page.js" };

/** @param {{ views: string, portal: string }} origins */
export const hostile = ({ views, portal }) =>
  listen((url) => {
    const path = url.pathname === "/framing" ? "bench.html" : FILES[url.pathname];
    if (!path) return { status: 404, body: "no such page" };
    // A sandboxed page has no origin, not even this one, and modules are fetched by the rules for others' origins.
    return { ...file(path, { VIEWS: views, PORTAL: portal }), headers: { "access-control-allow-origin": "*" } };
  });
