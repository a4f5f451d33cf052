// @ts-check
// The framed view's half: greets the portal, keeps its token in memory, tells it the height, wears its colours.
// Types: embed-frame.d.ts. The protocol and its reasons: docs/EMBEDDING.md. Nothing here touches cookies or storage.

/** @typedef {import("./embed-protocol").ToFrame} ToFrame */
/** @typedef {import("./embed-protocol").SaidFromFrame} Said */
/** @typedef {import("./embed-frame").TokenError} TokenError */

/** Messages a second that are looked at. */
const A_SECOND = 60;
/** ms between two reports of the height. */
const BETWEEN = 100;
/** ms that the view waits for a token. */
const LATE = 60_000;

const COLOURS = ["surface", "panel", "sunken", "ink", "ink-quiet", "line", "line-strong", "accent", "accent-soft"];
/** No names that refer to anything else, no functions but those of colours. */
const COLOUR = /^(#[\da-f]{3,8}|[a-z]{3,24}|(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([-\d\s.,%/a-z]{1,60}\))$/i;
/** What a portal may set, and how it must look. @type {Record<string, (value: string) => boolean>} */
const TOKENS = {
  ...Object.fromEntries(COLOURS.map((name) => [name, (value) => COLOUR.test(value) && CSS.supports("color", value)])),
  radius: (value) => /^\d{1,2}(\.\d{1,2})?(px|rem|em)?$/.test(value) && CSS.supports("border-radius", value),
  font: (value) => /^[-\p{L}\p{N} ,"']{1,200}$/u.test(value) && CSS.supports("font-family", value),
};
/** What the fragment may say of the portal and of the frame. */
const KNOWN = ["portal", "frame"];

/** Read when the module is, so that a token stands in the address for as short as can be. */
const given = readFragment();

function readFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token") ?? "";
  if (token) {
    fragment.delete("token");
    const rest = fragment.toString();
    history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
  }
  const [portal, frame] = KNOWN.map((name) => fragment.get(name) ?? "");
  return { token, portal: portal || (location.ancestorOrigins?.[0] ?? ""), frame };
}

/** Whether a message can be meant for exactly this origin; "null" and "*" stand for many. @param {string} text */
function isOrigin(text) {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && /^https?:$/.test(protocol);
  } catch {
    return false;
  }
}

/** @type {(value: unknown, longest: number) => value is string} */
const isText = (value, longest) => typeof value === "string" && value.length <= longest;

/** @type {(code: TokenError["code"], message: string) => TokenError} */
const tokenError = (code, message) => Object.assign(new Error(message), { code });

/** The token of this document, and who waits for one. */
class Holder {
  #token = given.token;
  /** By this device's clock; the server has the last word. */
  #ends = Infinity;
  /** @type {{ promise: Promise<string>, take(token: string): void, fail(error: TokenError): void } | undefined} */
  #waiting;
  /** Why none will come. @type {TokenError | undefined} */ #never;

  /** @param {(() => void) | undefined} ask asks the portal, where there is one */
  constructor(ask) {
    this.ask = ask;
  }

  /** @param {string} [refused] */
  get(refused) {
    if (this.#never) return Promise.reject(this.#never);
    if (this.#token && this.#token !== refused && Date.now() < this.#ends) return Promise.resolve(this.#token);
    if (!this.ask) return Promise.reject(tokenError("token_ended", "the address's token has ended: open it anew"));
    if (!this.#waiting) {
      this.#wait();
      // The first comes unasked.
      if (this.#token) this.ask();
    }
    return /** @type {NonNullable<typeof this.#waiting>} */ (this.#waiting).promise;
  }

  /** @type {(token: string, left: number) => void} */
  put(token, left) {
    if (this.#never) return;
    [this.#token, this.#ends] = [token, Date.now() + left];
    this.#waiting?.take(token);
    this.#waiting = undefined;
  }

  forget() {
    this.#token = "";
    this.#never = tokenError("closed", "the portal has closed this view");
    this.#waiting?.fail(this.#never);
    this.#waiting = undefined;
  }

  #wait() {
    let [take, fail] = [(/** @type {string} */ _) => {}, (/** @type {TokenError} */ _) => {}];
    const promise = new Promise((resolve, reject) => ([take, fail] = [resolve, reject]));
    const late = setTimeout(() => {
      this.#waiting = undefined;
      fail(tokenError("token_late", `the portal gave no token in ${LATE / 1_000} s`));
    }, LATE);
    const settled = () => clearTimeout(late);
    promise.then(settled, settled);
    this.#waiting = { promise, take, fail };
  }
}

/** The portal's colours, set value by value: nothing that a portal says is ever parsed as a rule. */
class Dress {
  #sheet = new CSSStyleSheet();
  #root;

  constructor() {
    // A root as tall as its frame would never let the frame shrink.
    this.#sheet.replaceSync(":root,body{height:auto!important;min-height:0!important}:root:root{}");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    this.#root = /** @type {CSSStyleRule} */ (this.#sheet.cssRules[1]).style;
  }

  /** The names that were not worn. @type {(theme: unknown, tokens: Record<string, unknown>) => string[]} */
  wear(theme, tokens) {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const name of Object.keys(TOKENS)) this.#root.removeProperty(`--${name}`);
    const pairs = Object.entries(tokens).slice(0, 40);
    const fits = (/** @type {string} */ name, /** @type {unknown} */ value) =>
      Object.hasOwn(TOKENS, name) && typeof value === "string" && TOKENS[name](value);
    for (const [name, value] of pairs) if (fits(name, value)) this.#root.setProperty(`--${name}`, String(value));
    return pairs.filter(([name, value]) => !fits(name, value)).map(([name]) => name.slice(0, 40));
  }

  /** A frame that is as tall as its content has no bars, which would change its width and with it the height. */
  scroll(/** @type {boolean} */ within) {
    this.#root.setProperty("overflow-y", within ? "auto" : "hidden", "important");
  }
}

/**
 * Tells the height of the whole document whenever it changes, at most every `BETWEEN` ms.
 * @param {(height: number) => void} tell
 */
function measure(tell) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let due;
  let told = -1;
  const report = () => {
    due = undefined;
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    tell(height);
    due = setTimeout(report, BETWEEN);
  };
  new ResizeObserver(() => {
    if (due === undefined) report();
  }).observe(document.documentElement);
}

/** @type {typeof import("./embed-frame").connect} */
export function connect(handlers = {}) {
  // A token in the address is of a portal without scripts: nobody would answer.
  const framed = parent !== self && !given.token && isOrigin(given.portal);
  const { port1: port, port2: theirs } = new MessageChannel();
  const say = (/** @type {Said} */ said) => {
    if (framed) port.postMessage({ wellspring: 1, ...said });
  };
  const holder = new Holder(framed ? () => say({ kind: "renew" }) : undefined);
  const dress = new Dress();
  let [second, seen] = [0, 0];

  /** Unknown kinds are of a newer portal, and nothing to us. @param {ToFrame} said */
  function hear(said) {
    const { kind } = said;
    if (kind === "token" && isText(said.token, 8_192) && Number.isFinite(said.left)) {
      holder.put(said.token, said.left);
    } else if (kind === "theme" && said.tokens !== null && typeof said.tokens === "object") {
      const bare = dress.wear(said.theme, said.tokens);
      const message = `not set: ${bare.join(", ")}; names are ${Object.keys(TOKENS).join(", ")}, values plain CSS`;
      if (bare.length > 0) say({ kind: "error", code: "theme_value", message: message.slice(0, 500) });
    } else if (kind === "lang" && (said.lang === "zh-CN" || said.lang === "en")) handlers.lang?.(said.lang);
    else if (kind === "filter" && isText(said.query, 4_096)) handlers.filter?.(said.query);
    else if (kind === "sized") dress.scroll(said.limited === true);
    else if (kind === "refresh") handlers.refresh?.();
    else if (kind === "close") {
      holder.forget();
      port.close();
      handlers.close?.();
    }
  }

  if (framed) {
    port.onmessage = ({ data }) => {
      const now = Math.floor(performance.now() / 1_000);
      [second, seen] = [now, now === second ? seen + 1 : 1];
      if (seen <= A_SECOND && data?.wellspring === 1) hear(data);
    };
    parent.postMessage({ wellspring: 1, kind: "ready", frame: given.frame }, given.portal, [theirs]);
    measure((height) => say({ kind: "height", height }));
  }

  return {
    portal: framed ? given.portal : null,
    token: () => holder.get(),
    renew: (refused) => holder.get(refused),
    shown: (view) => say({ kind: "shown", view }),
    filter: (query) => say({ kind: "filter", query }),
    drill: (view, query) => say({ kind: "drill", view, query }),
    fail: (code, message) => say({ kind: "error", code, message: message.slice(0, 500) }),
    carry(address) {
      const url = new URL(address, document.baseURI);
      if (url.origin !== new URL(document.URL).origin) return address;
      url.hash = new URLSearchParams({ portal: given.portal, frame: given.frame }).toString();
      return url.href;
    },
  };
}
