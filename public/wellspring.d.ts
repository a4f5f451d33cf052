// The public face of wellspring.js. Questions and answers are those of `wellspring ask` and `POST /api/ask`.

import type { Answers } from "./wellspring-answers";
import type { Day, Question } from "./wellspring-questions";

export type * from "./wellspring-answers";
export type * from "./wellspring-questions";

export interface OpenOptions {
  /** Where `manifest.json` is, relative to the page; the shards lie beside it. */
  manifest: string | URL;
  /** Sent with the manifest and every shard as `Authorization: Bearer`. */
  token?: string;
  /** Workers to count with; one for each spare core, at most 4, if not given. */
  workers?: number;
  /**
   * Bytes of shards that may be fetched; at least one shard is. What lies beyond is not fetched and answers stay
   * estimates (`coverage.exact` false). Unlimited if not given; 4 MB where the reader saves data or the device has
   * 2 GB of memory or less.
   */
  budgetBytes?: number;
  /** False takes the build without SIMD even where the browser knows SIMD. */
  simd?: boolean;
  /**
   * Public keys (64 hex digits) of which one must have signed the manifest. With them a manifest that is not signed, or
   * older than one this browser has seen, is refused: the error's `kind` is `"signature"` or `"older"`. A browser that
   * knows no Ed25519 leaves the signature to the server.
   */
  verifyKeys?: string[];
  /** Hears of every shard: `read` of `wanted`, which is `shards` or what the budget allows of them. */
  onLoad?(progress: { read: number; wanted: number; shards: number }): void;
  /** Hears, after the opening, that the workers were given up; every question is rejected from then on. */
  onFail?(error: Error): void;
}

export interface AskOptions<T> {
  /** Hears every better answer, the last one included. */
  onProgress?(answers: T): void;
  /** Ends the question; `ask` rejects with the signal's reason, an `AbortError` if none was given. */
  signal?: AbortSignal;
}

/** An open snapshot. Its workers fetch shards from the moment it opens. */
export interface Wellspring {
  /** `<scope>-<version>`. */
  readonly snapshot: string;
  /** The first day with data. */
  readonly firstDay: Day;
  /** The last day with data. */
  readonly dataUntil: Day;
  /** Shards the snapshot has. */
  readonly shards: number;
  /**
   * Resolves to the exact answers, or to the best within the budget. One question is counted at a time: a new one
   * ends the one before, which rejects with an `AbortError`; put several asks into one question instead.
   * A question that the snapshot cannot answer rejects with a sentence that names the field.
   */
  ask(question: Question, options?: AskOptions<Answers>): Promise<Answers>;
  /** The same as JSON text, in and out; sums beyond 2^53 keep every digit. */
  askText(question: string, options?: AskOptions<string>): Promise<string>;
  /** Ends the workers and frees their memory; a question under way rejects with an `AbortError`. */
  close(): void;
}

/**
 * Opens a snapshot; resolves when its manifest is read and found sound.
 *
 * Needs module workers, and no SharedArrayBuffer, so it runs in frames of other sites' pages too. The wellspring
 * files must come from the origin of the page (or frame) that opens: browsers start no workers from elsewhere.
 */
export function open(options: OpenOptions): Promise<Wellspring>;
