// The public face of embed.js, for portals. How it works and why it is safe: docs/EMBEDDING.md.

import type { Lang, Scheme } from "./embed-protocol";

export type { Lang, Scheme } from "./embed-protocol";

/** Days, filters and options as in a page's address: `"from=2025-01-01&to=2025-03-31&region=East"`. */
export type Query = string | URLSearchParams | Record<string, string>;

/** Each is an attribute of `<wellspring-view>` too, written with dashes; `getToken` is a property. */
export interface ViewOptions {
  /** Which view: a name that the portal's key and token allow, such as `growth`. */
  view: string;
  /** The portal's own function that fetches a token from its backend; asked anew before each token ends. */
  getToken?: () => string | Promise<string>;
  /** Or where embed.js itself gets it by GET: the token as text, or JSON with a field `token`. */
  tokenUrl?: string;
  /** Cookies for `tokenUrl`: `same-origin` if not given. */
  tokenCredentials?: RequestCredentials;
  /** The key's public name. With it the server lets only this key's origins frame the view. */
  kid?: string;
  /** What the frame is called for those who do not see it; the view's name if not given. */
  title?: string;
  lang?: Lang;
  /** `auto`, the reader's own choice, if not given. */
  theme?: Scheme;
  /** Colours and shapes of the portal: `{ accent: "#0a6", radius: "4px" }`; as an attribute `accent: #0a6; radius: 4px`. */
  tokens?: Record<string, string>;
  /** What the view begins with. */
  filters?: Query;
  /** CSS pixels; 0 if not given. */
  minHeight?: number;
  /** CSS pixels; 10,000 if not given. A taller view scrolls within. */
  maxHeight?: number;
  /** Frames the view with `sandbox="allow-scripts"`: it has no origin, hence no cookies and no storage. */
  sandbox?: boolean;
}

/** Why a view has a problem; codes are those of docs/EMBEDDING.md. */
export interface ViewError {
  code: string;
  message: string;
}

/** What `<wellspring-view>` tells: bubbling events; none of them is sent by another page or frame. */
export interface ViewEventMap {
  /** The view is drawn. */
  "wellspring:ready": CustomEvent<{ view: string }>;
  /** The reader changed days or filters. */
  "wellspring:filter": CustomEvent<{ query: string }>;
  /** The reader went on to another view within the frame. */
  "wellspring:drill": CustomEvent<{ view: string; query: string }>;
  /** Also written to the console unless `preventDefault()` is called. */
  "wellspring:error": CustomEvent<ViewError>;
}

export interface WellspringView extends HTMLElement {
  getToken?: ViewOptions["getToken"];
  /** Replaces days, filters and the view's options. */
  setFilter(query: Query): void;
  /** Tokens that are not named stay as they were set. */
  setTheme(theme: Scheme, tokens?: Record<string, string>): void;
  setLang(lang: Lang): void;
  /** Gets a new token and has the view ask again; tries again what had been given up. */
  refresh(): void;
  /** Has the view forget its token, and takes the frame away. Putting the element into a page again opens it again. */
  close(): void;
  addEventListener<K extends keyof ViewEventMap>(
    kind: K,
    listener: (this: WellspringView, event: ViewEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    kind: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Appends a view to an element. Throws a `TypeError` that names the option if one is unknown or `view` is no name. */
export function mount(element: Element, options: ViewOptions): WellspringView;

declare global {
  interface HTMLElementTagNameMap {
    "wellspring-view": WellspringView;
  }
}
