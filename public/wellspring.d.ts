// The public face of wellspring.js. Questions and answers are those of `wellspring ask` and `POST /api/ask`.

/** A business day, `YYYY-MM-DD`. */
export type Day = string;

/** Days from first to last, both included. */
export interface Window {
  from: Day;
  to: Day;
}

/** Lists of ids; an empty or missing list means all, several lists must all match. */
export interface Filter {
  regions?: string[];
  stores?: string[];
  channels?: string[];
}

export type By = "region" | "store" | "channel";
export type Grain = "day" | "week" | "month";
export type Align = "calendar" | "window";
export type Measure =
  | "sales"
  | "member_sales"
  | "orders"
  | "users"
  | "buyers"
  | "conversion"
  | "frequency"
  | "aov";

/** One thing asked. */
export type Ask =
  | { growth: { by?: By; top?: number } }
  | { series: { grain: Grain; align?: Align; measures?: Measure[] } }
  | { stores: { by: Measure; limit?: number } };

/** What a reader asks; unknown fields are an error that names them. */
export interface Question {
  window: Window;
  compare?: Window;
  filter?: Filter;
  /** At least one; answers come in this order. */
  ask: Ask[];
}

/** A value with its 95 % interval; exact where `low`, `value` and `high` are the same. */
export interface Figure<T = number> {
  value: T;
  low: T;
  high: T;
}

/** A ratio; `null` over nothing. */
export type Ratio = Figure<number | null>;

/** `member_sales = users × conversion × frequency × aov`; money in minor units. */
export interface Factors {
  users: Figure;
  buyers: Figure;
  orders: Figure;
  member_orders: Figure;
  sales: Figure;
  member_sales: Figure;
  conversion: Ratio;
  frequency: Ratio;
  aov: Ratio;
  repeat_buyers: Figure;
  repurchase_rate: Ratio;
  new_buyers: Figure;
  anonymous_orders: Figure;
  anonymous_sales: Figure;
}

/** What each factor explains of the change of member sales, minor units. */
export interface Contributions {
  users: Figure;
  conversion: Figure;
  frequency: Figure;
  aov: Figure;
}

export type ZeroCase = "no_sales" | "no_users" | "no_buyers" | "no_value";

/** The formula of one group, or of the whole. */
export interface Growth {
  window: Factors;
  compare?: Factors;
  contributions?: Contributions;
  zero_case?: ZeroCase;
}

export interface GrowthAnswer extends Growth {
  /** The split by region, store or channel, where asked. */
  groups?: (Growth & { id: string })[];
  mix?: Contributions;
}

/** Lists as long as `periods`; only what was asked is there. */
export interface SeriesPoints {
  periods: Day[];
  days: number[];
  partial: boolean[];
  sales?: Figure[];
  member_sales?: Figure[];
  orders?: Figure[];
  users?: Figure[];
  buyers?: Figure[];
  conversion?: Ratio[];
  frequency?: Ratio[];
  aov?: Ratio[];
}

export interface StoreRow extends Factors {
  store: string;
  rank: number;
  compare_rank?: number;
  compare?: Factors;
}

/** The answer to one ask, under the ask's name. */
export type Answer =
  | { growth: GrowthAnswer }
  | { series: { window: SeriesPoints; compare?: SeriesPoints } }
  | { stores: StoreRow[] };

export interface Answers {
  /** How much of the snapshot the answers rest on. */
  coverage: {
    snapshot: string;
    data_until: Day;
    shards: number;
    read: number;
    exact: boolean;
  };
  answers: Answer[];
}

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
