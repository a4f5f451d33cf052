//! What a plan is made of: jobs that count, asks that make answers of what was counted.

use std::ops::Range;

use model::{Align, Answer, By, Grain};

use crate::estimate::Walk;
use crate::partial::Tally;
use crate::view::View;

/// The days whose rows a job looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Of orders, anonymous ones included.
    pub(crate) orders: Range<usize>,
    /// Of touches.
    pub(crate) touches: Range<usize>,
    /// Whether it looks at members' histories, too; then its orders begin with the calendar.
    pub(crate) history: bool,
    /// The columns it looks at beside members and amounts.
    pub(crate) columns: Columns,
}

/// Columns that not every job needs, so that a filter need not copy them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) store: bool,
    pub(crate) channel: bool,
    pub(crate) kind: bool,
}

impl Columns {
    fn union(self, other: Self) -> Self {
        let Self { store, channel, kind } = other;
        Self { store: self.store | store, channel: self.channel | channel, kind: self.kind | kind }
    }
}

impl Reach {
    /// Orders of the first `days` days, as steps of their members' histories.
    pub(crate) fn history(days: usize) -> Self {
        Self { orders: 0..days, history: true, ..Self::default() }
    }

    /// The days of both.
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self {
            orders: union(&self.orders, &other.orders),
            touches: union(&self.touches, &other.touches),
            history: self.history | other.history,
            columns: self.columns.union(other.columns),
        }
    }
}

/// The smallest range that holds both; an empty range holds nothing.
pub(crate) fn union(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}

/// Counts one shard into counters.
///
/// Every counter is a sum over members, so that tallies of disjoint members add up.
pub(crate) trait Job: Send + Sync {
    /// Counters needed.
    fn len(&self) -> usize;
    /// Days looked at.
    fn reach(&self) -> Reach;
    /// Adds a shard's facts, of which `view` shows those that the filter keeps.
    fn count(&self, view: &View<'_>, tally: &mut Tally);
}

/// Makes the answer to one ask.
///
/// Every integer figure must be homogeneous of degree one in the counters, and every float figure of degree zero:
/// estimates are made by answering from a part of the members and scaling (see [`crate::estimate`]).
/// The number and order of figures must not depend on what was counted; what shall not be shown is taken out by
/// `arrange`, after the intervals are known.
pub(crate) trait Asked: Send + Sync {
    /// The answer that the counters give.
    fn answer(&self, sums: &Sums<'_>) -> Answer;
    /// Sorts, ranks, leaves out.
    fn arrange(&self, _answer: &mut Answer, _sums: &Sums<'_>) {}
}

/// The counters of all jobs.
#[derive(Clone, Copy)]
pub(crate) struct Sums<'a> {
    /// One for each job.
    pub(crate) tallies: &'a [Tally],
    /// Members there are for each member read: 1 when exact.
    pub(crate) scale: f64,
    /// Whether this is one of the recounts that an interval is made from: medians are then interpolated, so that they
    /// move with the data.
    pub(crate) smooth: bool,
}

impl<'a> Sums<'a> {
    /// The counters of one job.
    pub(crate) fn of(&self, job: JobId) -> &'a Tally {
        &self.tallies[job.0]
    }
}

/// A job's place in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JobId(usize);

/// What makes two jobs the same, so that asks share one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Both windows.
    Whole,
    /// Both windows, by a dimension; with or without touches.
    By(By, bool),
    /// Both windows, by period.
    Series(Grain, Align),
    /// Shared with nobody.
    Own,
}

/// The jobs of a plan.
#[derive(Default)]
pub(crate) struct Jobs(pub(crate) Vec<(Key, Box<dyn Job>)>);

impl Jobs {
    /// The job of this key, made where there is none yet.
    pub(crate) fn add<J: Job + 'static>(&mut self, key: Key, make: impl FnOnce() -> J) -> JobId {
        let known = self.0.iter().position(|(other, _)| key != Key::Own && *other == key);
        JobId(known.unwrap_or_else(|| {
            self.0.push((key, Box::new(make())));
            self.0.len() - 1
        }))
    }
}

/// An answer's figures, in an order that does not depend on their values.
pub(crate) fn walk_answer(answer: &mut Answer, visit: crate::estimate::Visit<'_>) {
    match answer {
        Answer::Growth(answer) => answer.walk(visit),
        Answer::Series(answer) => answer.walk(visit),
        Answer::Stores(answer) => answer.walk(visit),
        Answer::Cohorts(answer) => answer.walk(visit),
        Answer::Ladder(answer) => answer.walk(visit),
        Answer::Funnel(answer) => answer.walk(visit),
        Answer::Rfm(answer) => answer.walk(visit),
        Answer::Overlap(answer) => answer.walk(visit),
        Answer::Lifecycle(answer) => answer.walk(visit),
    }
}
