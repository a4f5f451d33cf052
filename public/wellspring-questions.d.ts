// What can be asked, as `crates/model` reads it. Unknown fields are an error that names them.

/** A business day, `YYYY-MM-DD`. */
export type Day = string;

/** Days from first to last, both included. */
export interface Window {
  from: Day;
  to: Day;
}

/**
 * Which facts and members count. Lists of ids: an empty or missing one means all, several must all match.
 *
 * The first seven look at a fact's store, channel and campaign; `source_channels`, `tiers` and `segment` look at its
 * member, and where one of them names something, orders without a member do not count.
 */
export interface Filter {
  /** Region names. */
  regions?: string[];
  /** City names. */
  cities?: string[];
  /** Store ids. */
  stores?: string[];
  /** Formats of stores, such as `franchise`. */
  formats?: string[];
  /** Channel ids. */
  channels?: string[];
  /** Whose ground the channel is on. */
  domains?: Domain[];
  /** Campaign ids; a fact without a campaign matches none. */
  campaigns?: string[];
  /** Ids of channels through which members came. */
  source_channels?: string[];
  /** Tiers of members. */
  tiers?: string[];
  /** Members in one cell of another answer. */
  segment?: Segment;
}

/** Whose ground a channel is on: one's own, such as an app, or somebody's, such as a marketplace. */
export type Domain = "public" | "private";

/** Members in one cell of another answer, counted under the rest of the filter over their whole history. */
export type Segment =
  /** A cohort: `grain` (`month` if not given, never `day`) and `anchor` as asked, `from` as answered. */
  | { cohort: { grain?: Grain; anchor?: Anchor; from: Day } }
  /** Members with at least so many orders by `as_of`; `exactly` so many where it is true. */
  | { rung: { orders: number; exactly?: boolean; as_of: Day } }
  /** Cells of RFM: scores that match, none meaning all, under the cuts of the answer they stand in. */
  | { rfm: { as_of: Day; cuts: RfmCuts; recency?: Score[]; frequency?: Score[]; monetary?: Score[] } };

/** From 1 to 5, the best. */
export type Score = 1 | 2 | 3 | 4 | 5;

type Four = [number, number, number, number];

/** Where the quintiles lie, in fifths of a unit; a score is one more than the number of cuts strictly below a value. */
export interface RfmCuts {
  /** Of the day of the last order, counted from the snapshot's first day. */
  recency: Four;
  /** Of the number of orders. */
  frequency: Four;
  /** Of the sum of amounts, minor units. */
  monetary: Four;
}

/** What facts can be split by; each fact has one value of it, so sales of the groups add up to the whole's. */
export type By = "region" | "city" | "store" | "format" | "channel" | "domain" | "source_channel" | "tier";
/** The length of a period; a week is Monday to Sunday where it is aligned to the calendar. */
export type Grain = "day" | "week" | "month";
/** Where periods begin: by the calendar (if not given), or on the window's first day. */
export type Align = "calendar" | "window";
export type Measure =
  /** Sum of amounts, anonymous orders included, minor units. */
  | "sales"
  /** Sum of amounts of members' orders, minor units. */
  | "member_sales"
  /** Orders, anonymous ones included. */
  | "orders"
  /** Distinct members with a touch or an order. */
  | "users"
  /** Distinct members with an order. */
  | "buyers"
  /** `buyers / users`. */
  | "conversion"
  /** Members' orders over buyers. */
  | "frequency"
  /** Member sales over members' orders, minor units. */
  | "aov"
  /** Distinct members with two orders or more. */
  | "repeat_buyers"
  /** `repeat_buyers / buyers`. */
  | "repurchase_rate"
  /** Buyers whose first order ever lies in the window. */
  | "new_buyers"
  /** Orders without a member. */
  | "anonymous_orders"
  /** Their amounts, minor units. */
  | "anonymous_sales";

/** What puts a member into a cohort: its first order that the filter keeps (if not given), or the day it joined. */
export type Anchor = "first_order" | "joined";

/** The growth formula of both windows, what each factor contributed, and the same split by a dimension. */
export interface GrowthAsk {
  by?: By;
  /** Only so many groups that rose most and so many that fell most; those with the largest sales if not compared. */
  top?: number;
}

/** Measures for each period; at most 1,200 periods. */
export interface SeriesAsk {
  grain: Grain;
  align?: Align;
  /** All if not given. */
  measures?: Measure[];
}

/** Stores in the order of a measure, best first; rates rank by their shrunken value. */
export interface StoresAsk {
  by: Measure;
  /** All rows if not given. */
  limit?: number;
  /** Measures wanted beside the one that ranks; all if not given. What is not asked is not counted. */
  measures?: Measure[];
}

/** Members by the period of their first order or of joining, and what each cohort did later. */
export interface CohortsAsk {
  /** `month` if not given; `day` is refused. */
  grain?: Exclude<Grain, "day">;
  anchor?: Anchor;
  /** What counts as staying: an order in period k (if not given), or in k or later. */
  mode?: "exact" | "on_or_after";
  /** Periods followed, the cohort's own included: 1 to 120, 12 if not given. */
  periods?: number;
}

/** Members who reached at least n orders by the window's last day, who came back, and when. */
export interface LadderAsk {
  /** 1 to 50, 8 if not given. */
  rungs?: number;
}

/** One step: exactly one of `touch`, `order` and `join`. */
export type FunnelStepAsk = (
  /** A touch of one of these kinds. */
  | { touch: string[] }
  /** The member's n-th order that the filter keeps, over its whole history; 0 means any. */
  | { order: number }
  /** Joining. */
  | { join: Record<string, never> }
) & {
  /** Days from the step before; not on the first step, nor in a funnel of any order. */
  within_days?: number;
};

/** How many members went through steps; entered inside the window, followed past its end. */
export interface FunnelAsk {
  /** 2 to 8; no event may belong to two of them. */
  steps: FunnelStepAsk[];
  /** In the order given (if not given); without events of other steps between; in any order. */
  order?: "in_order" | "strict" | "any";
  /** Days from the entry to the last step, the entry's day being 0; 30 if not given. */
  within_days?: number;
  /** Split by where members entered. */
  by?: "region" | "channel" | "source_channel";
}

/** Buyers scored by recency, frequency and money, by quintiles. */
export interface RfmAsk {
  /** The last day that counts. */
  as_of: Day;
  /** An earlier day, to tell who moved from where. */
  since?: Day;
}

/** Members of several channels. */
export interface OverlapAsk {
  /** What puts a member into a channel: an order in the window (if not given), or a touch or an order. */
  of?: "buyers" | "users";
}

/** Stock and flow of members by how long ago they last ordered. */
export interface LifecycleAsk {
  /** `month` if not given, by the calendar. */
  grain?: Grain;
  /** A member is active up to so many days after its last order; 90 if not given. */
  active_days?: number;
  /** Then dormant, up to so many days after it, then lost; 365 if not given, more than `active_days`. */
  dormant_days?: number;
}

/** One thing asked. */
export type Ask =
  | { growth: GrowthAsk }
  | { series: SeriesAsk }
  | { stores: StoresAsk }
  | { cohorts: CohortsAsk }
  | { ladder: LadderAsk }
  | { funnel: FunnelAsk }
  | { rfm: RfmAsk }
  | { overlap: OverlapAsk }
  | { lifecycle: LifecycleAsk };

/** What a reader asks; unknown fields are an error that names them. */
export interface Question {
  window: Window;
  compare?: Window;
  filter?: Filter;
  /** At least one, at most 32; answers come in this order. */
  ask: Ask[];
}
