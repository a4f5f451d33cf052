//! The page's answers by name.

use model::{Answer, Ratio, Rung};

use crate::boot::Page;
use crate::chance::{Gap, Share};

/// Days by which rungs are compared: long enough for most returns, short enough for most members to be watched.
pub(super) const FAIR_DAYS: u32 = 90;

/// The rungs, from the first order on; none where the answer failed.
pub(super) fn answers(page: &Page) -> Option<&[Rung]> {
    match page.answered()? {
        [Answer::Ladder(rungs)] => Some(rungs),
        _ => None,
    }
}

/// Share of a rung's members who ordered again: one less the share who did not.
pub(super) fn pass_rate(rung: &Rung) -> Ratio {
    let other = |share: Option<f64>| share.map(|share| 1.0 - share);
    let no_next = rung.no_next_rate;
    Ratio { value: other(no_next.value), low: other(no_next.high), high: other(no_next.low), too_few: no_next.too_few }
}

/// Share who ordered again within [`FAIR_DAYS`]; none where nobody was followed so long.
pub(super) fn fair(rung: &Rung) -> Option<Ratio> {
    let at = rung.curve.days.iter().position(|days| *days == FAIR_DAYS)?;
    rung.curve.returned.get(at).copied().filter(|share| share.value.is_some())
}

fn fair_share(rung: &Rung) -> Option<Share> {
    let at = rung.curve.days.iter().position(|days| *days == FAIR_DAYS)?;
    let end = |ends: &[Option<f64>]| ends.get(at).copied().flatten();
    Share::banded(rung.curve.returned.get(at)?, end(&rung.curve.low), end(&rung.curve.high))
}

/// How much more (or less) members return within [`FAIR_DAYS`] on this rung than on the one before.
///
/// The members of a rung are those of the one before who went on, but what they did next is a trial of its own: shares
/// of successive rungs are uncorrelated, as hazards of successive times are (Cox & Oakes 1984, section 4.3), so the
/// difference is one of independent shares.
pub(super) fn gap(before: &Rung, rung: &Rung) -> Option<Gap> {
    Some(Gap::between(fair_share(rung)?, fair_share(before)?))
}

/// The place of the rung with most money at stake, where that is sure: its interval lies above all others'. Never
/// where there is only one.
pub(super) fn top_stake(rungs: &[Rung]) -> Option<usize> {
    if rungs.len() < 2 || rungs.iter().any(|rung| rung.at_stake.too_few) {
        return None;
    }
    let (top, rung) = rungs.iter().enumerate().max_by_key(|(_, rung)| rung.at_stake.value)?;
    let clear = |(i, other): (usize, &Rung)| i == top || other.at_stake.high < rung.at_stake.low;
    (rung.at_stake.value > 0 && rungs.iter().enumerate().all(clear)).then_some(top)
}

/// How many rungs from the first on the return within [`FAIR_DAYS`] climbs beyond chance, each above the one before.
pub(super) fn climbs(rungs: &[Rung]) -> usize {
    rungs.windows(2).take_while(|pair| gap(&pair[0], &pair[1]).is_some_and(|gap| gap.low > 0.0)).count()
}
