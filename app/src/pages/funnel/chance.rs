//! What chance in people's behaviour leaves open about a share, even where everybody was counted.

use model::{Figure, FunnelGroup, Ratio};

/// The quantile of 95 %.
const Z: f64 = 1.96;

/// The 95 % interval of a share of so many members (Wilson), widened by what the estimate leaves open; none of nobody.
pub(super) fn interval(share: &Ratio, of: &Figure<i64>) -> Option<(f64, f64)> {
    let n = of.value as f64;
    if share.too_few || of.too_few || n < 1.0 {
        return None;
    }
    let end = |p: f64, sign: f64| {
        let p = p.clamp(0.0, 1.0);
        let middle = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        ((middle + sign * half) / (1.0 + Z * Z / n)).clamp(0.0, 1.0)
    };
    Some((end(share.low?, -1.0), end(share.high?, 1.0)))
}

/// [`interval`] of the share of a group that reached the last step.
pub(super) fn through(group: &FunnelGroup) -> Option<(f64, f64)> {
    let (first, last) = (group.steps.first()?, group.steps.last()?);
    interval(&last.rate_from_first, &first.members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_wilsons_interval() {
        let (low, high) = interval(&Ratio::exact(Some(0.1)), &Figure::exact(100)).expect("an interval");
        // R: binom::binom.wilson(10, 100).
        assert!((low - 0.055_229).abs() < 1e-5 && (high - 0.174_367).abs() < 1e-5, "{low} {high}");
        let (low, high) = interval(&Ratio::exact(Some(0.0)), &Figure::exact(28)).expect("an interval");
        assert!(low == 0.0 && (0.11..0.13).contains(&high), "{low} {high}");
        assert_eq!(interval(&Ratio::exact(Some(0.0)), &Figure::exact(0)), None);
        assert_eq!(interval(&Ratio::exact(None), &Figure::exact(5)), None);
    }
}
