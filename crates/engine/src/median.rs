//! Medians of whole days from a histogram.

/// The median of a histogram whose entry `d` counts the members that took `d` days; none of nobody.
///
/// Of an even number, the mean of the middle two. With `smooth` the members of a day are spread evenly over it, from
/// half a day before to half a day after (the median of grouped data), so that it moves with every member.
pub(crate) fn median(days: &[i64], smooth: bool) -> Option<f64> {
    let all: i64 = days.iter().sum();
    if all == 0 {
        return None;
    }
    if smooth {
        let half = all as f64 / 2.0;
        let mut below = 0.0;
        for (day, &count) in days.iter().enumerate() {
            let count = count as f64;
            if below + count >= half {
                return Some(day as f64 - 0.5 + (half - below) / count);
            }
            below += count;
        }
    }
    let at = |rank: i64| {
        let mut below = 0;
        days.iter().position(|count| {
            below += count;
            below > rank
        })
    };
    let (low, high) = (at((all - 1) / 2)?, at(all / 2)?);
    Some((low + high) as f64 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_or_the_mean_of_the_middle_two() {
        assert_eq!(median(&[], false), None);
        assert_eq!(median(&[0, 0], true), None);
        assert_eq!(median(&[1, 1, 1], false), Some(1.0));
        assert_eq!(median(&[2, 0, 0, 2], false), Some(1.5));
        assert_eq!(median(&[2, 0, 0, 3], false), Some(3.0));
    }

    #[test]
    fn the_smooth_median_moves_within_the_day() {
        assert_eq!(median(&[0, 4], true), Some(1.0));
        assert_eq!(median(&[1, 4], true), Some(0.875));
        assert_eq!(median(&[0, 4, 1], true), Some(1.125));
    }
}
