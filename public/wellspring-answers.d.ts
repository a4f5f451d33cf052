// What is answered, as `crates/model` writes it. Money is in minor units, counts and money are whole numbers.

import type { Day, Measure, RfmCuts, Score } from "./wellspring-questions";

/** A value with its 95 % interval; exact where `low`, `value` and `high` are the same and `too_few` is missing. */
export interface Figure<T = number> {
  value: T;
  low: T;
  high: T;
  /** Too few members were read for an interval that holds; the value is a first hint, and both ends are it. */
  too_few?: true;
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

/** What each factor explains of the change of member sales, minor units; the four add up to it exactly. */
export interface Contributions {
  users: Figure;
  conversion: Figure;
  frequency: Figure;
  aov: Figure;
}

/** Which factor was zero in one window, so that it takes the whole change. */
export type ZeroCase = "no_sales" | "no_users" | "no_buyers" | "no_value";

/** The formula of one group, or of the whole. */
export interface Growth {
  window: Factors;
  compare?: Factors;
  contributions?: Contributions;
  zero_case?: ZeroCase;
}

export interface GrowthAnswer extends Growth {
  /** The split, where asked; `id` is empty where unknown. */
  groups?: (Growth & { id: string })[];
  /** For each factor: the whole's contribution less the sum over all groups. */
  mix?: Contributions;
}

/** Lists as long as `periods`; of the measures only those asked are there. */
export interface SeriesPoints extends Partial<Record<Exclude<Measure, RatioMeasure>, Figure[]>>, Partial<Record<RatioMeasure, Ratio[]>> {
  /** First day of each period inside the window. */
  periods: Day[];
  /** Days of each period that lie inside the window. */
  days: number[];
  /** Whether the window or the data's end cuts the period short. */
  partial: boolean[];
}

/** The measures that have no value over nothing. */
export type RatioMeasure = "conversion" | "frequency" | "aov" | "repurchase_rate";

export interface SeriesAnswer {
  window: SeriesPoints;
  compare?: SeriesPoints;
}

/** The measures asked for; the others are left out. */
export interface Measures extends Partial<Record<Exclude<Measure, RatioMeasure>, Figure>>, Partial<Record<RatioMeasure, Ratio>> {}

/** One store in a ranking, with its measures in the window. */
export interface StoreRow extends Measures {
  store: string;
  /** 1 is best; equal values share a rank, the next rank skips. */
  rank: number;
  /** The best and the worst rank that chance in what customers did allows; they stay apart when all was read. */
  rank_low: number;
  rank_high: number;
  /** Missing where the store had no fact in the compared window. */
  compare_rank?: number;
  /** Rates drawn towards the mean of all stores by how little each store's own data says (empirical Bayes). */
  shrunken?: { conversion?: Ratio; repurchase_rate?: Ratio };
  compare?: Measures;
  /** Change of sales in standard errors of chance: beyond ±1.96 it is more than noise. */
  sales_z?: number;
}

/** Members who began in one period; the lists hold one entry for each period k that has begun. */
export interface Cohort {
  /** `2024-01`, or the Monday of a week. */
  period: string;
  from: Day;
  size: Figure;
  /** Members with an order in period k, or in k or later, as asked. */
  active: Figure[];
  /** `active / size`. */
  rate: Ratio[];
  /** Amounts in period k, minor units. */
  sales: Figure[];
  /** Amounts up to and with period k for each member of the cohort, minor units. */
  value: Ratio[];
  /** The first k not complete by the window's or the data's last day; shown, never averaged in. */
  immature_from: number;
}

export interface CohortsAnswer {
  /** In time order, empty cohorts included. */
  cohorts: Cohort[];
  /** For each k, the rate of all cohorts whose period k is complete, taken together. */
  weighted: Ratio[];
  /** For each k, the plain mean of their rates. */
  simple: Ratio[];
}

/** Members who reached at least n orders. */
export interface Rung {
  n: number;
  members: Figure;
  /** Members with exactly n orders. */
  exactly: Figure;
  /** Members with at least n + 1 orders. */
  next: Figure;
  /** `exactly / members`. */
  no_next_rate: Ratio;
  /** Among those who made a next order. */
  median_days_to_next: Ratio;
  /** The day by which half of all have ordered again (Kaplan & Meier); null while the curve stays below one half. */
  survival_median_days: Ratio;
  /** Mean amount of (n + 1)-th orders, minor units. */
  next_value: Ratio;
  /** `exactly × next_value`, minor units. */
  at_stake: Figure;
  curve: ReturnCurve;
}

/** The share who ordered again within so many days (Kaplan & Meier); all lists have one length. */
export interface ReturnCurve {
  days: number[];
  returned: Ratio[];
  /** The 95 % band of chance (Greenwood, log-log); it stays when all was read. */
  low: (number | null)[];
  high: (number | null)[];
}

/** Members who reached a step. */
export interface FunnelStep {
  members: Figure;
  rate_from_first: Ratio;
  /** Null at the first step. */
  rate_from_previous: Ratio;
  /** From the entry to this step. */
  median_days: Ratio;
}

export interface FunnelAnswer {
  steps: FunnelStep[];
  groups?: { id: string; steps: FunnelStep[] }[];
}

export interface RfmAnswer {
  as_of: Day;
  /** Members with an order by then. */
  members: Figure;
  /** Estimates while shards are missing. */
  cuts: RfmCuts;
  /** Cells with members, the best first; `sales` over their whole history, minor units. */
  cells: { recency: Score; frequency: Score; monetary: Score; members: Figure; sales: Figure }[];
  /** By recency and frequency; `from` is null for members without an order by `since`. */
  migration?: { from: [Score, Score] | null; to: [Score, Score]; members: Figure }[];
}

/** A channel and whom it shares with the others; sales are spent through this one, minor units. */
export interface OverlapChannel {
  channel: string;
  members: Figure;
  /** Members met in no other channel. */
  only: Figure;
  sales: Figure;
  with: { channel: string; members: Figure; sales: Figure }[];
}

export interface OverlapAnswer {
  /** Channels with members, in the manifest's order. */
  channels: OverlapChannel[];
  /** Members by the number of their channels, 4 meaning four or more; `value` is `sales / members`. */
  breadth: { channels: number; members: Figure; orders: Figure; sales: Figure; value: Ratio }[];
}

/** Members by state. */
export interface Stock {
  active: Figure;
  dormant: Figure;
  lost: Figure;
}

/** Stock at both ends of a period and the flow between; they balance exactly. */
export interface LifecyclePeriod {
  from: Day;
  to: Day;
  /** Whether the window or the data's end cuts the period short. */
  partial: boolean;
  opening: Stock;
  closing: Stock;
  /** First order in the period. */
  new: Figure;
  /** Dormant or lost before, active at the end. */
  woken: Figure;
  /** Active before, dormant or lost at the end. */
  slipped: Figure;
  /** Active or dormant before, lost at the end. */
  lost: Figure;
  /** By the state before, each split by the state after. */
  moves: { none: Stock; active: Stock; dormant: Stock; lost: Stock };
}

/** The answer to one ask, under the ask's name. */
export type Answer =
  | { growth: GrowthAnswer }
  | { series: SeriesAnswer }
  | { stores: StoreRow[] }
  | { cohorts: CohortsAnswer }
  | { ladder: Rung[] }
  | { funnel: FunnelAnswer }
  | { rfm: RfmAnswer }
  | { overlap: OverlapAnswer }
  | { lifecycle: LifecyclePeriod[] };

export interface Answers {
  /** How much of the snapshot the answers rest on. */
  coverage: {
    /** `<scope>-<version>`. */
    snapshot: string;
    data_until: Day;
    shards: number;
    read: number;
    /** Whether every figure is exact. */
    exact: boolean;
  };
  /** One for each ask, in its order. */
  answers: Answer[];
}
