//! The few rows of a real export that are wrong, planted at known places and counted exactly.

use std::collections::BTreeMap;

use crate::dice::Dice;

/// Wrong rows by file and reason; the reasons are the builder's codes.
pub type DirtyCounts = BTreeMap<String, BTreeMap<String, u64>>;

/// What is wrong with a planted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    BadAmount,
    NegativeAmount,
    AbsurdAmount,
    UnknownStore,
    DayOutOfRange,
    BadTime,
    Duplicate,
}

impl Fault {
    /// The builder's code for it.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::BadAmount => "bad_amount",
            Self::NegativeAmount => "negative_amount",
            Self::AbsurdAmount => "absurd_amount",
            Self::UnknownStore => "unknown_store",
            Self::DayOutOfRange => "day_out_of_range",
            Self::BadTime => "bad_time",
            Self::Duplicate => "duplicate",
        }
    }
}

/// Faults of each file, and one such row for how many members.
const PLAN: [(&str, Fault, u32); 12] = [
    ("orders.csv", Fault::BadAmount, 7000),
    ("orders.csv", Fault::NegativeAmount, 7000),
    ("orders.csv", Fault::AbsurdAmount, 20000),
    ("orders.csv", Fault::UnknownStore, 6000),
    ("orders.csv", Fault::DayOutOfRange, 9000),
    ("orders.csv", Fault::BadTime, 7000),
    ("orders.csv", Fault::Duplicate, 2500),
    ("touches.csv", Fault::UnknownStore, 1500),
    ("touches.csv", Fault::DayOutOfRange, 1500),
    ("touches.csv", Fault::BadTime, 1000),
    ("returns.csv", Fault::BadAmount, 20000),
    ("returns.csv", Fault::BadTime, 20000),
];

/// Where the wrong rows go, in the order of members.
pub(crate) struct Dirt {
    /// (member, file, fault), last first.
    planned: Vec<(u32, &'static str, Fault)>,
    counts: DirtyCounts,
}

impl Dirt {
    pub(crate) fn new(members: u32, dice: &mut Dice) -> Self {
        let mut planned = Vec::new();
        for (file, fault, one_in) in PLAN {
            for _ in 0..(members / one_in).max(1) {
                // Not among the last members, so that an order surely follows.
                planned.push((dice.below(members / 4 * 3), file, fault));
            }
        }
        planned.sort_by_key(|(member, file, fault)| std::cmp::Reverse((*member, *file, *fault as u8)));
        Self { planned, counts: DirtyCounts::new() }
    }

    /// The next fault due at or before a member, taken off the plan.
    pub(crate) fn due(&mut self, member: u32) -> Option<(&'static str, Fault)> {
        let (at, file, fault) = *self.planned.last()?;
        (at <= member).then(|| {
            self.planned.pop();
            (file, fault)
        })
    }

    /// Counts a row that was written.
    pub(crate) fn count(&mut self, file: &str, fault: Fault) {
        let by_reason = self.counts.entry(file.to_owned()).or_default();
        *by_reason.entry(fault.reason().to_owned()).or_default() += 1;
    }

    /// What was written.
    pub(crate) fn into_counts(self) -> DirtyCounts {
        self.counts
    }
}

/// Text that is no amount.
pub(crate) const NOT_AMOUNTS: [&str; 5] = ["N/A", "待核对", "1.2.3", "二百九十九", "#VALUE!"];
/// Text that is no time.
pub(crate) const NOT_TIMES: [&str; 4] = ["昨天下午", "2024-13-45T10:00:00", "2024-02-30T12:30:00", "#REF!"];
/// Well-formed times on days that cannot be.
pub(crate) const IMPOSSIBLE_DAYS: [&str; 3] = ["1887-06-01T10:00:00", "2199-01-01T09:30:00", "1970-01-01T08:00:00"];
