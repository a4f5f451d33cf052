//! Medians of days from a histogram.

/// The middle of the days that `counts` tells by day: of an even number, the mean of the middle two; none of nothing.
///
/// With `smooth`, the median of grouped data: each day's members lie spread evenly over the day, half of it before
/// and half after, so that the median moves when some of them are left out.
pub(crate) fn median(counts: &[i64], smooth: bool) -> Option<f64> {
    let total: i64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    if smooth {
        let half = total as f64 / 2.0;
        let (day, before) = find(counts, (total + 1) / 2);
        return Some(day as f64 - 0.5 + (half - before as f64) / counts[day] as f64);
    }
    let (low, _) = find(counts, (total + 1) / 2);
    let (high, _) = find(counts, total / 2 + 1);
    Some((low + high) as f64 / 2.0)
}

/// The day of the member of this rank, counted from 1, and how many stand on earlier days.
fn find(counts: &[i64], rank: i64) -> (usize, i64) {
    let mut before = 0;
    for (day, &count) in counts.iter().enumerate() {
        if before + count >= rank {
            return (day, before);
        }
        before += count;
    }
    unreachable!("the rank is at most the total")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_a_day_or_lies_between_two() {
        assert_eq!(median(&[0, 0], false), None);
        assert_eq!(median(&[1, 0, 2], false), Some(2.0));
        assert_eq!(median(&[1, 0, 1], false), Some(1.0));
        assert_eq!(median(&[2, 0, 0, 1], false), Some(0.0));
    }

    #[test]
    fn the_smooth_middle_moves_with_the_data() {
        assert_eq!(median(&[0, 4], true), Some(1.0));
        assert_eq!(median(&[1, 2, 1], true), Some(1.0));
        assert!(median(&[1, 2, 2], true) > median(&[1, 2, 1], true));
    }
}
