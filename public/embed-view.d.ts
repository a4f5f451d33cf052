// The script of documents that portals frame, as the program sees it; docs/EMBEDDING.md.

import type { Lang } from "./embed-protocol";

/** What `POST /embed/VIEW` answers. */
export interface Drawn {
  view: string;
  /** The views of the token. */
  views: string[];
  /** The inside of the body. */
  html: string;
  /** The text of the element `boot`. */
  boot: string;
  lang: Lang;
  updown: "red-up" | "green-up";
  title: string;
  /** Where the token says it. */
  theme: "light" | "dark" | null;
}

/** What the portal may want of the program. */
export interface Program {
  /** Days, filters and options in place of those shown, as in an address. */
  filter(query: string): void;
  lang(lang: Lang): void;
}

/** The program has taken the page over. */
export function start(program: Program): void;
/** An answer as JSON, to a question as JSON. Rejects with the server's sentence; the portal has heard of it. */
export function ask(question: string): Promise<string>;
/** A token that holds. */
export function token(): Promise<string>;
/** The reader went to another view, or changed days or filters. */
export function moved(view: string, query: string, isElsewhere: boolean): void;
/** Goes to an address by loading it. */
export function load(address: string): void;
