// What a portal's page (embed.js) and the framed view (embed-frame.js) say to each other; docs/EMBEDDING.md tells why.
// The first message goes from window to window and carries a port; all others go through that port.

/** What a frame says first, to its portal's origin only, with one `MessagePort`. */
export interface Ready {
  wellspring: 1;
  kind: "ready";
  /** What the portal put into the fragment as `frame`; empty where the address has lost it. */
  frame: string;
}

export type Scheme = "light" | "dark" | "auto";
export type Lang = "zh-CN" | "en";

/** Without it, a message is none of ours. */
export interface Mark {
  wellspring: 1;
}

/** From the portal to the view, before it is marked. */
export type SaidToFrame =
  | {
      kind: "token";
      token: string;
      /** Milliseconds for which it still holds. */
      left: number;
    }
  | {
      kind: "theme";
      theme: Scheme;
      /** Names of embed-frame.js's list, without dashes before them, and their values as CSS; all others as usual. */
      tokens: Record<string, string>;
    }
  | { kind: "lang"; lang: Lang }
  | {
      kind: "filter";
      /** As in a page's address, without `?`: days and filters, and the view's own options. */
      query: string;
    }
  | {
      kind: "sized";
      /** The frame's height now, CSS pixels. */
      height: number;
      /** Whether that is less than the view asked for, so that it must scroll within. */
      limited: boolean;
    }
  | { kind: "refresh" }
  | { kind: "close" };

/** From the view to the portal, before it is marked. */
export type SaidFromFrame =
  /** The token no longer holds: give another. */
  | { kind: "renew" }
  | {
      kind: "height";
      /** What the whole content needs, CSS pixels. */
      height: number;
    }
  /** The view is drawn, with true numbers. */
  | { kind: "shown"; view: string }
  /** The reader changed days or filters. */
  | { kind: "filter"; query: string }
  /** The reader went on to another view. */
  | { kind: "drill"; view: string; query: string }
  /** `code` is one of docs/EMBEDDING.md; `message` is a sentence for the portal's developers. */
  | { kind: "error"; code: string; message: string };

export type ToFrame = Mark & SaidToFrame;
export type FromFrame = Mark & SaidFromFrame;
