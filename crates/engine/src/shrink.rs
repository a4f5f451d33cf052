//! Rates drawn towards their common mean: empirical Bayes with a beta prior.
//!
//! Each store's count of successes x of n is binomial with a rate that varies between stores as a beta distribution of
//! mean m and strength s (worth s observations). The posterior mean is (x + s·m) / (n + s). The prior is fitted by
//! moments as Kleinman (1973, JASA 68, equation 2.3) does for unequal n.

/// A beta prior by its mean and its strength in observations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prior {
    mean: f64,
    strength: f64,
}

/// More than any store's observations: all stores alike.
const ALL_ALIKE: f64 = 1e12;

impl Prior {
    /// Fits the prior to (successes, observations) pairs; none without an observation.
    pub(crate) fn fit(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let (mut stores, mut hits, mut all, mut squares) = (0.0, 0.0, 0.0, 0.0);
        for (x, n) in pairs.clone().filter(|(_, n)| *n > 0.0) {
            stores += 1.0;
            hits += x;
            all += n;
            squares += n * n;
        }
        if all == 0.0 {
            return None;
        }
        let mean = hits / all;
        let spread: f64 = pairs.filter(|(_, n)| *n > 0.0).map(|(x, n)| n * (x / n - mean) * (x / n - mean)).sum();
        // Between-store variance beyond what binomial chance gives.
        let chance = mean * (1.0 - mean);
        let between = (spread - (stores - 1.0) * chance) / (all - squares / all);
        let strength = if between > 0.0 && chance > 0.0 { (chance / between - 1.0).max(0.0) } else { ALL_ALIKE };
        Some(Self { mean, strength })
    }

    /// Posterior mean and standard deviation of a rate.
    pub(crate) fn posterior(self, hits: f64, all: f64) -> (f64, f64) {
        let weight = all + self.strength;
        let mean = (hits + self.strength * self.mean) / weight;
        (mean, libm::sqrt(mean * (1.0 - mean) / (weight + 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tiny_store_stays_near_the_mean_and_a_large_one_near_its_own_rate() {
        let stores = [(1.0, 1.0), (300.0, 1000.0), (100.0, 1000.0), (220.0, 1000.0)];
        let prior = Prior::fit(stores.into_iter()).unwrap();
        let (tiny, _) = prior.posterior(1.0, 1.0);
        let (large, _) = prior.posterior(300.0, 1000.0);
        assert!(tiny < 0.3, "one buyer of one visitor is no rate of 100 %: {tiny}");
        assert!((large - 0.3).abs() < 0.01, "{large}");
    }

    #[test]
    fn stores_that_differ_by_chance_alone_share_one_rate() {
        let stores = [(10.0, 100.0), (10.0, 100.0), (10.0, 100.0)];
        let prior = Prior::fit(stores.into_iter()).unwrap();
        assert!((prior.posterior(0.0, 50.0).0 - 0.1).abs() < 1e-6);
    }

    #[test]
    fn nothing_observed_is_no_prior() {
        assert_eq!(Prior::fit([(0.0, 0.0)].into_iter()), None);
    }
}
