// @ts-check
// For portals: <wellspring-view> frames one view, brings it tokens, and gives it the height it needs.
// Types: embed.d.ts. The protocol and its reasons: docs/EMBEDDING.md. This file is all that a portal loads.

/** @typedef {import("./embed-protocol").FromFrame} FromFrame */
/** @typedef {import("./embed").Query} Query */
/** @typedef {import("./embed-protocol").SaidToFrame} Said */

/** Whom views are fetched from and trusted as: where this file lies, nothing that a page can set. */
const HOME = new URL(import.meta.url).origin;
/** Messages a second that are looked at; a view at its liveliest says a dozen. */
const A_SECOND = 60;
/** ms until a frame that says nothing is reported. */
const SILENT = 15_000;
/** ms until a portal that gives no token is asked again. */
const LATE = 30_000;
/** What content shrinks by before the frame follows, CSS pixels: rounding must not make it tremble. */
const SLACK = 4;
/** So many changes of height, none of them `REST` ms after the one before, and it is a loop. */
const CHANGES = 30;
const REST = 1_000;

const NAME = /^[a-z0-9_-]+$/;
/** Attributes that need a new frame, and those that are told to the one there is. */
const FRAMED = ["view", "kid", "sandbox"];
const TOLD = ["lang", "theme", "tokens", "filters"];

/** @type {(value: unknown, longest: number) => value is string} */
const isText = (value, longest) => typeof value === "string" && value.length <= longest;
/** @type {(value: unknown) => value is string} */
const isName = (value) => isText(value, 32) && NAME.test(value);
/** @type {(query: Query) => string} */
const written = (query) => new URLSearchParams(query).toString();
/** @type {(tokens: Record<string, string>) => string} */
const declared = (tokens) => Object.entries(tokens).map((pair) => pair.join(": ")).join("; ");

/** What trying again would not change. */
class Refused extends Error {}

/** Whether one more message may be looked at now. */
function limiter() {
  let second = 0;
  let seen = 0;
  return () => {
    const now = Math.floor(performance.now() / 1_000);
    [second, seen] = [now, now === second ? seen + 1 : 1];
    return seen <= A_SECOND;
  };
}

/**
 * How long a token still holds, ms. Its own clock is the portal's: where this device's is wrong, its whole life counts.
 * @param {unknown} token
 */
function lifetime(token) {
  if (!isText(token, 8_192) || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Refused("what came is no JWT");
  const { exp, iat } = JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
  const [left, life] = [exp * 1_000 - Date.now(), (exp - iat) * 1_000];
  if (left > 0 && !(left > life)) return left;
  if (life > 0) return life;
  throw new Refused("the token has no `exp`, or has ended");
}

/** Has a token that holds: asks the portal for one at a time, ahead of its end, and with back-off where that fails. */
class Tokens {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #next;
  /** The portal is being asked. */ #asking = false;
  /** It is about to be, out of turn. */ #soon = false;
  #tries = 0;
  #ended = false;
  token = "";
  ends = 0;

  /**
   * @param {() => unknown} ask
   * @param {() => void} tell there is a new one
   * @param {(code: string, message: string) => void} fail
   */
  constructor(ask, tell, fail) {
    [this.ask, this.tell, this.fail] = [ask, tell, fail];
  }

  async renew() {
    if (this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#next);
    try {
      const late = new Promise((_, reject) => setTimeout(reject, LATE, new Error(`none came in ${LATE / 1_000} s`)));
      const token = await Promise.race([this.ask(), late]);
      const left = lifetime(token);
      if (this.#ended) return;
      [this.token, this.ends] = [/** @type {string} */ (token), Date.now() + left];
      // Not all views of all readers at one moment.
      this.#later(Math.min(left, 3.6e6) * (0.7 + 0.15 * Math.random()), false);
      this.tell();
    } catch (error) {
      if (this.#ended) return;
      this.#tries += 1;
      if (!(error instanceof Refused)) this.#later(this.#pause(), true);
      this.fail("token_failed", String(error));
    } finally {
      this.#asking = false;
    }
  }

  /** The view says that its token no longer holds: at once the first time, and ever slower if none ever does. */
  again() {
    if (this.#asking || this.#soon) return;
    this.#later(this.#pause(), true);
    this.#tries += 1;
  }

  /** As if nothing had failed before. */
  afresh() {
    this.#tries = 0;
    this.renew();
  }

  end() {
    this.#ended = true;
    this.token = "";
    clearTimeout(this.#next);
  }

  #pause() {
    return this.#tries && Math.min(60_000, 500 << Math.min(this.#tries, 7)) * (0.5 + Math.random());
  }

  /** @type {(ms: number, soon: boolean) => void} */
  #later(ms, soon) {
    clearTimeout(this.#next);
    this.#soon = soon;
    this.#next = setTimeout(() => {
      this.#soon = false;
      soon ? this.renew() : this.afresh();
    }, ms);
  }
}

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(":host{display:block}:host([hidden]){display:none}iframe{display:block;width:100%;border:0}");

class WellspringView extends HTMLElement {
  static observedAttributes = [...FRAMED, ...TOLD];

  #root = this.attachShadow({ mode: "open" });
  /** Ends all that belongs to one frame. @type {AbortController | undefined} */ #life;
  /** The way to the document that proved what it is. @type {MessagePort | undefined} */ #port;
  /** @type {Tokens | undefined} */ #tokens;
  #height = 0;
  #changes = 0;
  #changed = 0;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [SHEET];
  }

  connectedCallback() {
    this.#open();
  }

  disconnectedCallback() {
    this.close();
  }

  /** @type {(name: string, before: string | null, now: string | null) => void} */
  attributeChangedCallback(name, before, now) {
    if (TOLD.includes(name)) this.#tell(name);
    else if (this.#life && before !== now) this.#open();
  }

  /** @param {Query} query */
  setFilter(query) {
    this.setAttribute("filters", written(query));
  }

  /** @type {(theme: import("./embed").Scheme, tokens?: Record<string, string>) => void} */
  setTheme(theme, tokens) {
    if (tokens) this.setAttribute("tokens", declared(tokens));
    this.setAttribute("theme", theme);
  }

  /** @param {import("./embed").Lang} lang */
  setLang(lang) {
    this.setAttribute("lang", lang);
  }

  refresh() {
    this.#changes = 0;
    this.#tokens?.afresh();
    this.#say({ kind: "refresh" });
  }

  close() {
    this.#say({ kind: "close" });
    this.#life?.abort();
    this.#life = undefined;
  }

  #open() {
    this.close();
    const life = (this.#life = new AbortController());
    // What is set in the same turn as the element is put into the page belongs to it.
    queueMicrotask(() => life.signal.aborted || this.#frame(life.signal));
  }

  /** @param {AbortSignal} signal */
  #frame(signal) {
    const view = this.getAttribute("view") ?? "";
    if (!isName(view)) return this.#fail("view_name", `"${view}" is no view: lower-case letters, digits, - and _`);
    const query = new URLSearchParams(this.getAttribute("filters") ?? "");
    for (const name of ["lang", "theme", "kid"]) {
      const value = this.getAttribute(name);
      if (value && value !== "auto") query.set(name, value);
    }
    // Only the document at this address learns it. Without an origin a frame has nothing else to be known by.
    const secret = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const sandboxed = this.hasAttribute("sandbox");
    const frame = document.createElement("iframe");
    frame.title = this.title || view;
    frame.referrerPolicy = "strict-origin";
    if (sandboxed) frame.setAttribute("sandbox", "allow-scripts");
    frame.src = `${HOME}/embed/${view}?${query}#${new URLSearchParams({ portal: self.origin, frame: secret })}`;

    const fail = this.#fail.bind(this);
    const tokens = new Tokens(() => this.#ask(signal), () => this.#hand(), fail);
    const why = "the view says nothing: is this page's origin listed for the key, and the server in reach?";
    const silent = setTimeout(fail, SILENT, "frame_silent", why);
    const allow = limiter();
    const hear = (/** @type {MessageEvent} */ event) => {
      if (event.source !== frame.contentWindow || !allow()) return;
      const known = sandboxed ? event.origin === "null" && event.data?.frame === secret : event.origin === HOME;
      if (!known || event.data?.wellspring !== 1 || event.data.kind !== "ready" || event.ports.length !== 1) return;
      clearTimeout(silent);
      this.#meet(event.ports[0]);
    };
    addEventListener("message", hear, { signal });
    signal.addEventListener("abort", () => {
      clearTimeout(silent);
      tokens.end();
      this.#port?.close();
      this.#port = undefined;
      frame.remove();
    });
    this.#tokens = tokens;
    this.#set(frame, Math.max(300, this.#pixels("min-height", 0)));
    this.#root.replaceChildren(frame);
    // The token is fetched while the frame is; it leaves this page only through the port.
    tokens.renew();
  }

  /** A document has come, the first or one after it. @param {MessagePort} port */
  #meet(port) {
    this.#port?.close();
    this.#port = port;
    this.#changes = 0;
    const allow = limiter();
    port.onmessage = ({ data }) => {
      if (allow() && data?.wellspring === 1) this.#hear(data);
    };
    this.#tell("theme");
    this.#hand();
  }

  /** Unknown kinds are of a newer view, and nothing to us. @param {FromFrame} said */
  #hear(said) {
    const { kind } = said;
    if (kind === "renew") this.#tokens?.again();
    else if (kind === "height" && Number.isFinite(said.height) && said.height > 0) this.#follow(said.height);
    else if (kind === "shown" && isName(said.view)) this.#emit("ready", { view: said.view });
    else if (kind === "filter" && isText(said.query, 4_096)) this.#emit("filter", { query: said.query });
    else if (kind === "drill" && isName(said.view) && isText(said.query, 4_096)) {
      this.#emit("drill", { view: said.view, query: said.query });
    } else if (kind === "error" && isName(said.code) && isText(said.message, 500)) this.#fail(said.code, said.message);
  }

  /** @param {number} wanted */
  #follow(wanted) {
    const frame = this.#root.querySelector("iframe");
    if (!frame) return;
    const [least, most] = [this.#pixels("min-height", 0), this.#pixels("max-height", 10_000)];
    const fits = Math.max(least, Math.min(Math.ceil(wanted), most));
    if ((fits > this.#height || fits < this.#height - SLACK) && this.#changes < CHANGES) {
      const now = performance.now();
      this.#changes = now - this.#changed < REST ? this.#changes + 1 : 0;
      this.#changed = now;
      this.#set(frame, fits);
      if (this.#changes === CHANGES) this.#fail("height_loop", "the view's height depends on its frame's: it stays");
    }
    this.#say({ kind: "sized", height: this.#height, limited: this.#height < wanted });
  }

  /** @type {(frame: HTMLIFrameElement, height: number) => void} */
  #set(frame, height) {
    this.#height = height;
    frame.style.height = `${height}px`;
  }

  /** @type {(name: string, usual: number) => number} */
  #pixels(name, usual) {
    const value = parseFloat(this.getAttribute(name) ?? "");
    return value >= 0 ? value : usual;
  }

  /** What an attribute says, to the view. @param {string} name */
  #tell(name) {
    const value = this.getAttribute(name) ?? "";
    if (name === "filters") this.#say({ kind: "filter", query: value });
    else if (name === "lang") this.#say({ kind: "lang", lang: /** @type {import("./embed").Lang} */ (value) });
    else {
      const pairs = (this.getAttribute("tokens") ?? "").split(";").filter((text) => text.includes(":"));
      const tokens = Object.fromEntries(pairs.map((text) => text.split(/:(.*)/s, 2).map((part) => part.trim())));
      const theme = /** @type {import("./embed").Scheme} */ (this.getAttribute("theme") || "auto");
      this.#say({ kind: "theme", theme, tokens });
    }
  }

  /** The token there is, if it holds. */
  #hand() {
    const { token = "", ends = 0 } = this.#tokens ?? {};
    const left = ends - Date.now();
    if (token && left > 0) this.#say({ kind: "token", token, left });
  }

  /** @param {Said} said */
  #say(said) {
    this.#port?.postMessage({ wellspring: 1, ...said });
  }

  /** A token, from the portal's function or address. @param {AbortSignal} signal @returns {Promise<unknown>} */
  async #ask(signal) {
    const { getToken } = /** @type {import("./embed").WellspringView} */ (/** @type {unknown} */ (this));
    if (getToken) return getToken();
    const url = this.getAttribute("token-url");
    if (url === null) throw new Refused("neither getToken nor token-url is set");
    const credentials = /** @type {RequestCredentials} */ (this.getAttribute("token-credentials") ?? "same-origin");
    const response = await fetch(url, { credentials, cache: "no-store", signal });
    if (!response.ok) {
      const { status } = response;
      throw new (status < 500 && status !== 429 && status !== 408 ? Refused : Error)(`token-url said ${status}`);
    }
    const text = (await response.text()).trim();
    return text.startsWith("{") ? JSON.parse(text).token : text;
  }

  /** @type {(code: string, message: string) => void} */
  #fail(code, message) {
    if (this.#emit("error", { code, message })) console.warn(`wellspring-view: ${code}: ${message}`);
  }

  /** @type {(kind: string, detail: object) => boolean} */
  #emit(kind, detail) {
    return this.dispatchEvent(new CustomEvent(`wellspring:${kind}`, { detail, bubbles: true, cancelable: true }));
  }
}

if (!customElements.get("wellspring-view")) customElements.define("wellspring-view", WellspringView);

/** Each option and how it is written as an attribute. @type {Record<string, (value: any) => string>} */
const OPTIONS = {
  view: String,
  tokenUrl: String,
  tokenCredentials: String,
  kid: String,
  title: String,
  lang: String,
  theme: String,
  tokens: declared,
  filters: written,
  minHeight: String,
  maxHeight: String,
};

/** @type {typeof import("./embed").mount} */
export function mount(element, options) {
  const { getToken, sandbox, ...rest } = options;
  if (!isName(rest.view)) throw new TypeError(`mount: \`view\` must be a view's name, not "${rest.view}"`);
  const view = document.createElement("wellspring-view");
  for (const [name, value] of Object.entries(rest)) {
    if (!Object.hasOwn(OPTIONS, name)) throw new TypeError(`mount: there is no option \`${name}\``);
    const attribute = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    if (value !== undefined) view.setAttribute(attribute, OPTIONS[name](value));
  }
  view.toggleAttribute("sandbox", Boolean(sandbox));
  view.getToken = getToken;
  element.append(view);
  return view;
}
