// @ts-check
// The script of a document that a portal frames (/embed/VIEW): gets the portal's token, fetches what belongs in the
// document, puts it there and starts the program; then asks for it. Types: embed-view.d.ts; docs/EMBEDDING.md tells why.
// Nothing here touches cookies or storage.
import { connect } from "./embed-frame.js";

/** @typedef {import("./embed-view").Drawn} Drawn */
/** @typedef {import("./embed-view").Program} Program */
/** @typedef {import("./embed-frame").TokenError} TokenError */

const root = document.documentElement;
/** The program, once it has taken the page over. @type {Program | undefined} */
let program;
/** What the portal wanted before that. @type {(() => void)[]} */
let waiting = [];
/** The views of the token. @type {string[]} */
let views = [];

const soon = (/** @type {() => void} */ work) => {
  if (program) work();
  else waiting.push(work);
};

const frame = connect({
  filter: (query) => soon(() => program?.filter(query)),
  lang: (lang) => soon(() => program?.lang(lang)),
  refresh: () => location.reload(),
  close: () => document.body.replaceChildren(),
});

/** What the server said no with. */
class Refusal extends Error {
  /** @type {(status: number, said: { code?: string, message?: string, error?: string }) => void} */
  constructor(status, said) {
    super(said.message ?? said.error ?? `the server said ${status}`);
    this.code = said.code ?? `status_${status}`;
  }
}

/**
 * Asks the server with the portal's token; once more with another where it has ended.
 * @param {string} address
 * @param {{ body: string, type: string }} sent
 */
async function call(address, { body, type }) {
  const ask = (/** @type {string} */ token) =>
    fetch(address, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      body,
      credentials: "omit",
      cache: "no-store",
    });
  const token = await frame.token();
  let response = await ask(token);
  if (response.status === 401) {
    const said = await response.clone().json().catch(() => ({}));
    if (said.code === "expired") response = await ask(await frame.renew(token));
  }
  if (response.ok) return response;
  throw new Refusal(response.status, await response.json().catch(() => ({})));
}

/** Tells the portal what went wrong. @param {unknown} error */
function tell(error) {
  const { code = "view_failed", message } = /** @type {TokenError} */ (error);
  if (code !== "closed") frame.fail(code, String(message));
}

/** The portal's wish of colours stands behind the token's. @param {string} theme */
function hold(theme) {
  const put = () => {
    if (root.dataset.theme !== theme) root.dataset.theme = theme;
  };
  put();
  new MutationObserver(put).observe(root, { attributeFilter: ["data-theme"] });
}

/** @param {Drawn} drawn */
function draw(drawn) {
  root.lang = drawn.lang;
  root.dataset.updown = drawn.updown;
  document.title = drawn.title;
  views = drawn.views;
  if (drawn.theme) hold(drawn.theme);
  // Made by our own server from escaped names, as every page is; the policy lets no script in it run.
  document.body.innerHTML = drawn.html;
  const boot = Object.assign(document.createElement("script"), { id: "boot", type: "application/json" });
  boot.textContent = drawn.boot;
  document.body.append(boot);
  document.dispatchEvent(new Event("wellspring:start"));
  frame.shown(drawn.view);
}

async function show() {
  const asked = new URLSearchParams(location.search);
  const kid = asked.get("kid");
  asked.delete("kid");
  const address = location.pathname + (kid === null ? "" : `?${new URLSearchParams({ kid })}`);
  try {
    const response = await call(address, { body: asked.toString(), type: "text/plain;charset=utf-8" });
    draw(await response.json());
  } catch (error) {
    const { code = "view_failed", message } = /** @type {TokenError} */ (error);
    /** @type {HTMLElement | null} */
    const status = document.querySelector("[role=status]");
    if (status) status.textContent = `${status.dataset.refused ?? ""} ${code}: ${message}`;
    root.dataset.failed = code;
    tell(error);
  }
}

/** The name of a framed address's view. @param {URL} url */
const viewOf = (url) => url.pathname.split("/")[2] ?? "";

/** Tells the portal, and goes where the token lets it. @param {string} address */
function go(address) {
  const url = new URL(address, document.baseURI);
  const query = url.search.slice(1);
  if (viewOf(url) !== viewOf(new URL(location.href))) frame.drill(viewOf(url), query);
  else frame.filter(query);
  if (views.includes(viewOf(url))) load(url.href);
}

/** @type {typeof import("./embed-view").load} */
export const load = (address) => location.assign(frame.carry(address));

/** @type {typeof import("./embed-view").start} */
export function start(found) {
  program = found;
  root.dataset.ready = "framed";
  for (const work of waiting) work();
  waiting = [];
}

/** @type {typeof import("./embed-view").ask} */
export async function ask(question) {
  try {
    return await (await call("/api/ask", { body: question, type: "application/json" })).text();
  } catch (error) {
    tell(error);
    throw error;
  }
}

/** @type {typeof import("./embed-view").token} */
export const token = () => frame.token();

/** @type {typeof import("./embed-view").moved} */
export function moved(view, query, isElsewhere) {
  if (isElsewhere) frame.drill(view, query);
  else frame.filter(query);
}

// What the program does not see to, or not yet: addresses lose what the document is known by where a browser follows
// them itself.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0 || (program && link.hasAttribute("data-nav"))) return;
  const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
  if (!url.pathname.startsWith("/embed/") || url.hash.length > 1) return;
  event.preventDefault();
  go(url.href);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (program && form.hasAttribute("data-form")) return;
  event.preventDefault();
  const fields = /** @type {[string, string][]} */ ([...new FormData(form)]);
  const url = new URL(form.action);
  url.search = new URLSearchParams(fields).toString();
  go(url.href);
});

await show();
