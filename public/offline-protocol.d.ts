// What a page says to the service worker. Internal: pages use offline.js.

/** `{ keep: Keep }`: this page has read and verified its snapshot; it may be kept for when there is no network. */
export interface Keep {
  /** `<scope>-<version>`. */
  snapshot: string;
  /** How many shards, from the first, the page has verified. */
  shards: number;
  /** The page's address, without its fragment. */
  page: string;
  /** Paths of files without a hash in their names that a page needs. */
  files: string[];
}
