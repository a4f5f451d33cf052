//! Ranks and shrunken rates, straight from their definitions.

/// Rates drawn towards the mean of all stores, for pairs of successes and observations; none over nothing.
///
/// The beta prior by moments (Kleinman 1973) and the posterior mean, written out from the formulas.
pub fn shrunken(pairs: &[(i64, i64)]) -> Vec<Option<f64>> {
    let seen: Vec<(f64, f64)> = pairs.iter().filter(|(_, n)| *n > 0).map(|&(x, n)| (x as f64, n as f64)).collect();
    let all: f64 = seen.iter().map(|(_, n)| n).sum();
    let mean = seen.iter().map(|(x, _)| x).sum::<f64>() / all;
    let chance = mean * (1.0 - mean);
    let spread: f64 = seen.iter().map(|(x, n)| n * (x / n - mean).powi(2)).sum();
    let room = all - seen.iter().map(|(_, n)| n * n).sum::<f64>() / all;
    let between = (spread - (seen.len() as f64 - 1.0) * chance) / room;
    // Where stores differ no more than chance lets them, all share one rate.
    let strength = if between > 0.0 && chance > 0.0 { (chance / between - 1.0).max(0.0) } else { 1e12 };
    let posterior = |&(x, n): &(i64, i64)| (n > 0).then(|| (x as f64 + strength * mean) / (n as f64 + strength));
    pairs.iter().map(posterior).collect()
}

/// One more than the number of greater values; those without a value share the rank after all others.
pub fn ranks(values: &[Option<f64>]) -> Vec<u32> {
    let valued = values.iter().flatten();
    let rank = |value: &Option<f64>| match value {
        Some(value) => valued.clone().filter(|&other| other > value).count() as u32 + 1,
        None => valued.clone().count() as u32 + 1,
    };
    values.iter().map(rank).collect()
}
