//! The words Wellspring speaks: days and windows, questions, answers, and the manifest of a snapshot.
//!
//! This crate knows nobody. It holds plain data with its JSON form and the rules that make a value valid;
//! it computes nothing. The same types are used by the builder, the engine, the server, the worker and the page.

mod answers;
mod asks;
mod check;
mod day;
mod filter;
mod freshness;
mod manifest;
mod one_id;
mod plans;
mod question;
mod record;
#[cfg(feature = "schema")]
mod schema;

pub use answers::{
    Answer, Answers, Breadth, Cohort, CohortsAnswer, Contributions, Coverage, Factor, Factors, Figure, FunnelAnswer,
    FunnelGroup, FunnelStep, GrowthAnswer, GrowthGroup, LadderAnswer, LifecycleAnswer, LifecyclePeriod, Measures,
    Money, Moves, OverlapAnswer, OverlapChannel, Ratio, ReturnCurve, RfmAnswer, RfmCell, RfmMove, Rung, SeriesAnswer,
    SeriesPoints, Shared, Shrunken, Stock, StoreRow, StoresAnswer, ZeroCase, compactly,
};
pub use asks::{
    Align, Anchor, Ask, By, CohortsAsk, FunnelAsk, FunnelBy, Grain, GrowthAsk, Join, LadderAsk, LifecycleAsk, Measure,
    OverlapAsk, OverlapOf, Retention, RfmAsk, SeriesAsk, Step, StepOrder, StoresAsk,
};
pub use check::QuestionError;
pub use day::{Day, DayError, Window, parse_utc_seconds};
pub use filter::{Filter, RfmCuts, Segment};
pub use freshness::{Check, CheckKind, Freshness, HISTORY, Outcome, PastBuild, TableFreshness};
pub use manifest::{
    Channel, ChannelDomain, Dimensions, FORMAT_VERSION, Manifest, QuarantineCount, QuarantineExample, Region,
    ShardEntry, ShardFile, Store, TableReport, Totals,
};
pub use one_id::{ChannelIdentified, Identified, KeyReport, OneId, OneIdConflict};
pub use plans::{Campaign, Targets};
pub use question::Question;
pub use record::{PartRecord, Record, Told};
#[cfg(feature = "schema")]
pub use schema::{answers_schema, question_schema};
