// The framed view's half of docs/EMBEDDING.md. Pages that are framed load it; portals never do.

import type { Lang } from "./embed-protocol";

/** What the portal may want of the view. */
export interface Handlers {
  /** Days, filters and options in place of those shown, as in an address. The server's rules hold whatever it says. */
  filter?(query: string): void;
  lang?(lang: Lang): void;
  /** Ask again. */
  refresh?(): void;
  /** The portal has closed the view; the token is forgotten. */
  close?(): void;
}

/** Why there is no token. */
export interface TokenError extends Error {
  /** `closed`; `token_late`: the portal gave none in time; `token_ended`: it stood in the address and no other can come. */
  code: "closed" | "token_late" | "token_ended";
}

export interface Frame {
  /** The origin that the view speaks to; null where it speaks to nobody: not framed, or in a portal without scripts. */
  readonly portal: string | null;
  /** A token that holds, as far as this device can tell; waits for the portal. Rejects with a {@link TokenError}. */
  token(): Promise<string>;
  /** Another one than `refused`, about which the server said that it ended. */
  renew(refused: string): Promise<string>;
  /** The view is drawn. */
  shown(view: string): void;
  /** The reader changed days or filters. */
  filter(query: string): void;
  /** The reader went on to another view. */
  drill(view: string, query: string): void;
  /** Something the portal's developers should know, by the server's code. */
  fail(code: string, message: string): void;
  /**
   * The same address with what the next document needs to be known to the portal. A sandboxed view has nothing else to
   * be known by; where addresses are changed without loading, nothing is needed.
   */
  carry(address: string): string;
}

/** Greets the portal, if there is one. Once a document. */
export function connect(handlers?: Handlers): Frame;
