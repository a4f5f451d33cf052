// What the pool and its workers say to each other. Internal: pages use wellspring.d.ts.

/** From the pool to a worker; one key a message. */
export interface ToWorker {
  /** Sent once, first: which share of which snapshot. */
  open?: {
    /** The bytes of `manifest.json`. */
    manifest: ArrayBuffer;
    /** Absolute URL of the folder of shards, with its slash. */
    folder: string;
    /** Shards `index`, `index + of`, … are this worker's; worker 0 is the lead. */
    index: number;
    of: number;
    /** Bytes on the wire that the whole pool may fetch; at least one shard is fetched. */
    budgetBytes: number;
    token?: string;
  };
  /** A question in place of the one before. */
  ask?: {
    id: number;
    /** Question as JSON text. */
    question: string;
    /** Whether every shard is in memory, so that the exact answer is near. */
    near: boolean;
  };
  /** To the lead: what another worker counted. */
  merge?: { id: number; bytes: Uint8Array<ArrayBuffer>; counted: number };
  /** Forget this question. */
  stop?: number;
}

/** What a manifest says, and how many of its shards the budget allows. */
export interface Opened {
  snapshot: string;
  firstDay: string;
  dataUntil: string;
  shards: number;
  wanted: number;
}

/** From a worker to the pool; one key a message. */
export interface FromWorker {
  /** The manifest is sound; `wanted` shards fit the budget. */
  opened?: Opened;
  /** Shards of its own that the worker holds now. */
  loaded?: number;
  /** What a worker that is not the lead counted since its last partial; `done` with the last. */
  partial?: { id: number; bytes: Uint8Array<ArrayBuffer>; counted: number; done: boolean };
  /** The lead's answer (Answers as JSON text) over `read` shards; `last` where nothing more will come. */
  answer?: { id: number; text: string; read: number; last: boolean };
  /** Nothing new, but at work. */
  alive?: true;
  /** A sentence; with an id the question is at fault, without one no other worker would fare better. */
  failed?: { id?: number; message: string };
  /** The worker's WebAssembly trapped; it must be replaced. */
  broken?: string;
}
