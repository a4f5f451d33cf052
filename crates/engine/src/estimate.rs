//! Intervals from a part of the shards.
//!
//! Members are dealt to shards by hash, so the shards read are a simple random sample of members in clusters of equal
//! expected size. A figure is answered once from all members read and once without each of k groups of shards; how
//! much the answers differ gives the variance: the delete-a-group jackknife for groups of unequal size (Busing, Meijer
//! & van der Leeden 1999, equation 8), which is sound for totals, ratios, medians of many and smooth functions such as
//! contributions. The variance shrinks by the finite-population correction 1 − n/N (Cochran 1977, section 2.6), and the
//! interval is ± Student's t of k − 1 degrees of freedom.
//!
//! Integer figures are homogeneous of degree one in the counters: they are scaled by N/n. Float figures are of degree
//! zero: they are not. Where too few members stand behind a figure, no interval would hold, and it says so.

use model::{Answer, Figure};

use crate::job::walk_answer;

/// The fewest groups for an interval.
const FEWEST_GROUPS: usize = 4;
/// The fewest members (or orders) read behind a figure for an interval.
pub(crate) const FEWEST_MEMBERS: i64 = 30;

/// The fewest members (or orders) read behind a sum of amounts: a few large ones may carry it, so that its distribution
/// is further from normal than a count's.
const FEWEST_BUYERS: i64 = 100;

/// The support of a sum of amounts, made comparable with that of counts.
pub(crate) fn of_amounts(support: i64) -> i64 {
    support.saturating_mul(FEWEST_MEMBERS) / FEWEST_BUYERS
}

/// One figure of an answer.
pub(crate) enum Slot<'a> {
    /// A count or a sum that each member read adds to: degree one, and what was seen is certain.
    Count(&'a mut Figure<i64>),
    /// Another quantity of degree one, such as a contribution; more members may lower it.
    Derived(&'a mut Figure<i64>),
    /// A ratio or another quantity of degree zero.
    Ratio(&'a mut Figure<Option<f64>>),
    /// A median of whole days: a multiple of one half.
    Median(&'a mut Figure<Option<f64>>),
}

/// Takes each figure with its support: how many members or orders read stand behind it.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(Slot<'_>, i64);

/// Shows its figures, always in the same order.
pub(crate) trait Walk {
    /// Calls `visit` for every figure.
    fn walk(&mut self, visit: Visit<'_>);
}

/// One group left out: the share of members it holds, and the answers without it.
pub(crate) struct Replicate {
    /// Members in the group left out over members read, between 0 and 1.
    pub(crate) share: f64,
    /// Answers without the group.
    pub(crate) answers: Vec<Answer>,
}

/// Scales the answers from `read` of `all` members up and gives each figure its interval.
///
/// `smooth` are the same answers made as the replicates are, so that both move in the same steps.
pub(crate) fn give_intervals(
    answers: &mut [Answer],
    mut smooth: Vec<Answer>,
    replicates: &mut [Replicate],
    read: u64,
    all: u64,
) {
    let centres = self::values(&mut smooth);
    let values: Vec<Vec<f64>> = replicates.iter_mut().map(|r| values(&mut r.answers)).collect();
    let scale = if read == 0 { 1.0 } else { all as f64 / read as f64 };
    let unread = if all == 0 { 0.0 } else { 1.0 - read as f64 / all as f64 };
    let shares: Vec<f64> = replicates.iter().map(|r| r.share).collect();
    let mut column = vec![0.0; values.len()];
    let mut index = 0;
    for answer in answers {
        walk_answer(answer, &mut |slot, support| {
            for (cell, values) in column.iter_mut().zip(&values) {
                *cell = values[index];
            }
            let centre = centres[index];
            index += 1;
            let enough = support >= FEWEST_MEMBERS && column.len() >= FEWEST_GROUPS;
            let certain = matches!(slot, Slot::Count(_));
            match slot {
                Slot::Count(figure) | Slot::Derived(figure) => {
                    // Without its group a replicate rests on fewer members: it is scaled up by as much more.
                    for (cell, share) in column.iter_mut().zip(&shares) {
                        *cell /= 1.0 - share;
                    }
                    let half = half_width(centre, &column, &shares, unread) * scale;
                    scale_count(figure, scale, if enough { half } else { f64::NAN }, certain);
                }
                Slot::Ratio(figure) => {
                    let Some(value) = figure.value else { return };
                    let half = half_width(centre, &column, &shares, unread);
                    if enough && half.is_finite() {
                        figure.low = Some((value - half).max(0.0));
                        figure.high = Some(value + half);
                    } else {
                        figure.too_few = true;
                    }
                }
                Slot::Median(figure) => {
                    let Some(value) = figure.value else { return };
                    let half = half_width(centre, &column, &shares, unread);
                    if enough && half.is_finite() {
                        (figure.low, figure.high) = median_ends(value, centre, half);
                    } else {
                        figure.too_few = true;
                    }
                }
            }
        });
    }
}

/// The median spread over the day lies within half a day of the median itself, which is a multiple of one half.
fn median_ends(value: f64, centre: f64, half: f64) -> (Option<f64>, Option<f64>) {
    let low = libm::ceil(2.0 * (centre - half) - 1.0) / 2.0;
    let high = libm::floor(2.0 * (centre + half) + 1.0) / 2.0;
    (Some(low.max(0.0).min(value)), Some(high.max(value)))
}

fn scale_count(figure: &mut Figure<i64>, scale: f64, half: f64, certain: bool) {
    let seen = figure.value;
    let value = seen as f64 * scale;
    figure.value = value.round() as i64;
    (figure.low, figure.high) = (figure.value, figure.value);
    if !half.is_finite() {
        figure.too_few = true;
        return;
    }
    figure.low = (value - half).floor() as i64;
    figure.high = (value + half).ceil() as i64;
    if certain {
        figure.low = figure.low.max(seen).min(figure.value);
    }
}

/// Half of the 95 % interval of a figure, `NaN` where a replicate has no value.
///
/// `replicates` are the figure without each group, scaled to the members that the figure itself rests on; `shares` are
/// the groups' members over all members read; `unread` is the finite-population correction.
fn half_width(value: f64, replicates: &[f64], shares: &[f64], unread: f64) -> f64 {
    let groups = replicates.len() as f64;
    let count = replicates.len();
    if count < FEWEST_GROUPS {
        return f64::NAN;
    }
    // Busing et al.: with h = n / n_j, the pseudo-value of group j is h·θ − (h − 1)·θ_j, and their mean is θ_J.
    let pseudo = |i: usize| {
        let h = 1.0 / shares[i];
        (h * value - (h - 1.0) * replicates[i], h)
    };
    let jackknife: f64 = groups * value - (0..count).map(|i| (1.0 - shares[i]) * replicates[i]).sum::<f64>();
    let variance: f64 = (0..count)
        .map(|i| {
            let (pseudo, h) = pseudo(i);
            (pseudo - jackknife) * (pseudo - jackknife) / (h - 1.0)
        })
        .sum::<f64>()
        / groups;
    student(count - 1) * libm::sqrt(variance * unread)
}

fn values(answers: &mut [Answer]) -> Vec<f64> {
    let mut values = Vec::new();
    for answer in answers {
        walk_answer(answer, &mut |slot, _| {
            values.push(match slot {
                Slot::Count(figure) | Slot::Derived(figure) => figure.value as f64,
                Slot::Ratio(figure) | Slot::Median(figure) => figure.value.unwrap_or(f64::NAN),
            });
        });
    }
    values
}

/// The 97.5 % point of Student's t (NIST/SEMATECH e-Handbook, table 1.3.6.7.2).
fn student(degrees: usize) -> f64 {
    const TABLE: [f64; 31] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042, 2.040,
    ];
    TABLE[degrees.clamp(1, TABLE.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_groups_give_the_plain_delete_one_jackknife() {
        // The jackknife variance of a mean is s²/n: of 1, 2, 3, 4 it is 5/12.
        let data = [1.0, 2.0, 3.0, 4.0];
        let sum: f64 = data.iter().sum();
        let without: Vec<f64> = data.iter().map(|x| (sum - x) / 3.0).collect();
        let half = half_width(sum / 4.0, &without, &[0.25; 4], 1.0);
        let expected = 3.182 * (5.0f64 / 12.0).sqrt();
        assert!((half - expected).abs() < 1e-12, "{half} {expected}");
    }

    #[test]
    fn nothing_is_uncertain_when_all_was_read() {
        assert!(half_width(2.5, &[2.0, 2.5, 3.0, 2.6], &[0.25; 4], 0.0).abs() < 1e-12);
    }
}
