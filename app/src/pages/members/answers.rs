//! The page's answers by name, and sums over them.

use model::{Answer, Figure, LifecyclePeriod, Money, RfmAnswer, RfmCell};

use crate::boot::Page;
use crate::format::sum;

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    pub(super) rfm: &'a RfmAnswer,
    /// One row for each period.
    pub(super) lifecycle: &'a [LifecyclePeriod],
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Rfm(rfm), Answer::Lifecycle(lifecycle)] => Some(Answered { rfm, lifecycle }),
        _ => None,
    }
}

/// Members and money of one recency and frequency, over all scores of money or of one; none where nobody is.
pub(super) fn cell(rfm: &RfmAnswer, recency: u8, frequency: u8, money: Option<u8>) -> Option<(Figure<i64>, Money)> {
    let here = move |c: &&RfmCell| {
        (c.recency, c.frequency) == (recency, frequency) && money.is_none_or(|money| c.monetary == money)
    };
    let cells = || rfm.cells.iter().filter(here);
    cells().next()?;
    Some((sum(cells().map(|c| c.members)), sum(cells().map(|c| c.sales))))
}

/// What members of all cells spent over their whole history.
pub(super) fn all_sales(rfm: &RfmAnswer) -> Money {
    sum(rfm.cells.iter().map(|c| c.sales))
}

/// What came to and went from the active members over all periods: the stock before, the flows, the stock after.
/// They balance to the member where everything was read: a member who slips and wakes again counts in both flows.
pub(super) struct Balance {
    /// Active at the end of the day before the first period.
    pub(super) opening: Figure<i64>,
    /// First order in a period, and active at its end.
    pub(super) joined: Figure<i64>,
    /// Dormant before a period, active at its end.
    pub(super) woken: Figure<i64>,
    /// Lost before a period, active at its end.
    pub(super) won_back: Figure<i64>,
    /// Active before a period, no longer so at its end.
    pub(super) slipped: Figure<i64>,
    /// Active at the end of the last period.
    pub(super) closing: Figure<i64>,
}

/// The balance over the periods; none without periods.
pub(super) fn balance(periods: &[LifecyclePeriod]) -> Option<Balance> {
    let (first, last) = (periods.first()?, periods.last()?);
    let flow = |read: fn(&LifecyclePeriod) -> Figure<i64>| sum(periods.iter().map(read));
    Some(Balance {
        opening: first.opening.active,
        joined: flow(|p| p.moves.none.active),
        woken: flow(|p| p.moves.dormant.active),
        won_back: flow(|p| p.moves.lost.active),
        slipped: flow(|p| sum([p.moves.active.dormant, p.moves.active.lost])),
        closing: last.closing.active,
    })
}

impl Balance {
    /// Whether stock and flows add up as they are written: always where everything was read.
    pub(super) fn closes(&self) -> bool {
        let inflow = [self.opening, self.joined, self.woken, self.won_back].map(|f| f.value);
        inflow.into_iter().fold(0i64, i64::saturating_add).saturating_sub(self.slipped.value) == self.closing.value
    }
}
