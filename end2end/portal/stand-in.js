// @ts-check
// Stands in for Wellspring's server where only the protocol is looked at: it serves the real embed.js and
// embed-frame.js, a page that is framed, and one address that wants a token. The page has the server's content policy
// and answers nothing about sales; what a real view shows to whom is tested against the real server.
import { createPublicKey, verify } from "node:crypto";
import { file, listen } from "./listen.js";

const open = (/** @type {string} */ origin) => ({
  "access-control-allow-origin": origin,
  "cross-origin-resource-policy": "cross-origin",
});

/** What is public and may be fetched by everyone's pages, framed views without an origin among them. */
const FILES = /** @type {Record<string, string>} */ ({
  "/embed.js": "../../public/embed.js",
  // What view.js calls it, so that tsc finds its types.
  "/public/embed-frame.js": "../../public/embed-frame.js",
  "/view.js": "view.js",
  "/raw.js": "raw.js",
  "/view.css": "view.css",
});

/**
 * @param {object} options
 * @param {string[]} options.ancestors who may frame the views; the list may grow later
 * @param {{ kid: string, pem: string }} options.key the portal's
 */
export async function standIn({ ancestors, key }) {
  /** The views asked for, as addresses; the readers who were answered; cookies that anyone sent. */
  /** @type {{ views: string[], answered: string[], cookies: string[] }} */
  const seen = { views: [], answered: [], cookies: [] };
  /** Tokens that no longer hold, whatever they say. @type {Set<string>} */
  const ended = new Set();

  /** @param {string} header */
  function refusal(header) {
    const token = header.replace(/^Bearer /, "");
    const [head, payload, signature] = token.split(".");
    if (signature === undefined) return "token_missing";
    const signed = Buffer.from(`${head}.${payload}`);
    const good = verify(null, signed, createPublicKey(key.pem), Buffer.from(signature, "base64url"));
    const { exp, sub } = JSON.parse(Buffer.from(payload, "base64url").toString());
    if (!good) return "signature";
    if (exp * 1000 <= Date.now() || ended.has(token)) return "expired";
    seen.answered.push(sub);
  }

  const server = await listen((url, request) => {
    if (request.headers.cookie) seen.cookies.push(request.headers.cookie);
    const path = FILES[url.pathname];
    if (path !== undefined) return { ...file(path), headers: open("*") };
    if (url.pathname === "/api/ask") {
      const headers = { ...open("*"), "access-control-allow-headers": "authorization" };
      if (request.method === "OPTIONS") return { status: 204, headers };
      const code = refusal(request.headers.authorization ?? "");
      return { status: code ? 401 : 200, type: "application/json", body: JSON.stringify({ code }), headers };
    }
    if (!url.pathname.startsWith("/embed/")) return { status: 404, body: "no such page" };
    seen.views.push(url.href);
    const policy =
      `default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; ` +
      `object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors ${ancestors.join(" ") || "'none'"}`;
    const page = url.pathname === "/embed/raw" ? "raw" : "view";
    return { ...file("view.html", { SCRIPT: page }), headers: { "content-security-policy": policy } };
  });
  return { ...server, seen, ended };
}
