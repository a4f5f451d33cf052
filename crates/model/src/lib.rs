//! The words Wellspring speaks: days and windows, questions, answers, and the manifest of a snapshot.
//!
//! This crate knows nobody. It holds plain data with its JSON form and the rules that make a value valid;
//! it computes nothing. The same types are used by the builder, the engine, the server, the worker and the page.

mod answer;
mod day;
mod manifest;
mod question;
mod wire;

pub use answer::{
    Answer, Answers, Contributions, Coverage, Factor, Factors, Figure, GrowthAnswer, GrowthGroup, Money, Ratio,
    SeriesAnswer, SeriesPoints, StoreRow, StoresAnswer, ZeroCase,
};
pub use day::{Day, DayError, Window};
pub use manifest::{
    Channel, ChannelDomain, Dimensions, FORMAT_VERSION, Manifest, QuarantineCount, Region, ShardEntry, Store,
    TableReport, Totals,
};
pub use question::{Align, Ask, By, Filter, Grain, GrowthAsk, Measure, Question, QuestionError, SeriesAsk, StoresAsk};
pub use wire::{FromWorker, ToWorker};
