//! The page's answers by name, and shares made from them.

use model::{Answer, Factors, Figure, GrowthAnswer, OverlapAnswer, Ratio};

use crate::boot::Page;

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    pub(super) overlap: &'a OverlapAnswer,
    /// Split by channel.
    pub(super) channels: &'a GrowthAnswer,
    /// Split by whose ground the channel is on.
    pub(super) domains: &'a GrowthAnswer,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Overlap(overlap), Answer::Growth(channels), Answer::Growth(domains)] => {
            Some(Answered { overlap, channels, domains })
        }
        _ => None,
    }
}

/// Share of orders, and of sales, whose member is known; none over nothing.
pub(super) fn identified(factors: &Factors) -> [Ratio; 2] {
    [share(&factors.member_orders, &factors.orders), share(&factors.member_sales, &factors.sales)]
}

/// A part over its whole. Its interval is the part's alone: the whole rises and falls with its part, so that the true
/// one is no wider.
pub(super) fn share(part: &Figure<i64>, whole: &Figure<i64>) -> Ratio {
    let over = |n: i64| (whole.value > 0).then(|| n as f64 / whole.value as f64);
    Ratio { value: over(part.value), low: over(part.low), high: over(part.high), too_few: part.too_few }
}

/// Members of two channels or more, of all, and what one of each kind is worth, minor units.
pub(super) struct Breadths {
    /// Share of members in two channels or more.
    pub(super) several: f64,
    /// Sales over members, of those in one channel; none where there are none.
    pub(super) single_value: Option<f64>,
    /// Likewise, of those in several.
    pub(super) several_value: Option<f64>,
}

/// None where nobody is in any channel.
pub(super) fn breadths(overlap: &OverlapAnswer) -> Option<Breadths> {
    let sum = |several: bool| {
        let rows = overlap.breadth.iter().filter(|row| (row.channels > 1) == several);
        rows.fold((0i64, 0i64), |(n, money), row| {
            (n.saturating_add(row.members.value), money.saturating_add(row.sales.value))
        })
    };
    let ((one, one_money), (more, more_money)) = (sum(false), sum(true));
    let mean = |n: i64, money: i64| (n > 0).then(|| money as f64 / n as f64);
    let all = one.saturating_add(more);
    (all > 0).then(|| Breadths {
        several: more as f64 / all as f64,
        single_value: mean(one, one_money),
        several_value: mean(more, more_money),
    })
}
