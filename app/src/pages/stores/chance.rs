//! Which of many stores moved by more than chance, when all of them are looked at.
//!
//! Of 400 stores in which nothing happened, 20 lie beyond the 95 % limits of a single one. The step-up rule of
//! Benjamini and Hochberg (1995, "Controlling the false discovery rate", JRSS B 57, 289–300) lists stores so that at
//! most the wanted share of the list is expected to be false alarms, as long as stores do not move against each other
//! by construction (Benjamini & Yekutieli 2001); a season that moves all of them together does no harm.

/// The expected share of false alarms among the stores listed, at the most.
pub(super) const FALSE_ALARMS: f64 = 0.05;

/// Beyond so many standard errors the change of a single store is more than noise: 95 %, two-sided.
pub(super) const ALONE: f64 = 1.96;

/// The chance of a value at least so many standard errors from nothing, either way.
fn chance_of(z: f64) -> f64 {
    libm::erfc(z.abs() / core::f64::consts::SQRT_2)
}

/// The fewest standard errors with which a store is listed at this rate of false alarms; none where none is.
/// Values that are no numbers count as no store.
pub(super) fn least_errors(z: impl IntoIterator<Item = f64>, rate: f64) -> Option<f64> {
    let mut sizes: Vec<f64> = z.into_iter().filter(|z| !z.is_nan()).map(f64::abs).collect();
    sizes.sort_unstable_by(|a, b| b.total_cmp(a));
    let all = sizes.len() as f64;
    // The k-th smallest chance belongs to the k-th largest size; the last one under its line takes all before it.
    let last = sizes.iter().enumerate().rposition(|(k, z)| chance_of(*z) <= rate * (k + 1) as f64 / all)?;
    sizes.get(last).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_the_tables() {
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_310_5), (-1.959_964, 0.05), (2.575_829, 0.01), (6.0, 1.973e-9)] {
            assert!((chance_of(z) / p - 1.0).abs() < 1e-3, "{z}");
        }
    }

    #[test]
    fn one_store_is_judged_as_by_a_single_test() {
        assert_eq!(least_errors([1.95], 0.05), None);
        assert_eq!(least_errors([-1.97], 0.05), Some(1.97));
        assert_eq!(least_errors([], 0.05), None);
        assert_eq!(least_errors([f64::NAN], 0.05), None);
    }

    #[test]
    fn the_example_of_the_paper_lists_four_of_fifteen() {
        // Benjamini & Hochberg 1995, section 3.2: 15 chances, of which the rule at 5 % rejects the first four.
        let chances = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let sizes = chances.map(|p| {
            let (mut low, mut high) = (0.0, 40.0);
            for _ in 0..200 {
                let middle = (low + high) / 2.0;
                if chance_of(middle) > p { low = middle } else { high = middle }
            }
            (low + high) / 2.0
        });
        let least = least_errors(sizes, 0.05).expect("some");
        assert_eq!(sizes.iter().filter(|z| **z >= least).count(), 4);
    }

    #[test]
    fn among_stores_where_nothing_happened_hardly_any_is_listed() {
        // The middles of 400 equal slices of the normal distribution: 20 of them lie beyond 1.96.
        let slice = |i: usize| {
            let (wanted, mut low, mut high) = ((i as f64 + 0.5) / 400.0, -10.0, 10.0);
            for _ in 0..100 {
                let middle = (low + high) / 2.0;
                if 0.5 * libm::erfc(-middle / core::f64::consts::SQRT_2) < wanted {
                    low = middle
                } else {
                    high = middle
                }
            }
            low
        };
        let calm: Vec<f64> = (0..400).map(slice).collect();
        assert_eq!(calm.iter().filter(|z| z.abs() > ALONE).count(), 20);
        assert_eq!(least_errors(calm.iter().copied(), FALSE_ALARMS), None);
        let one = calm.iter().copied().chain([-9.0]);
        assert_eq!(least_errors(one, FALSE_ALARMS), Some(9.0));
    }
}
