//! Spark lines: the last periods of one measure, no axis; the card beside it says the number.

use super::{Ink, paint, svg};

/// The view box.
const SIZE: (f64, f64) = (160.0, 36.0);

/// A spark line of the last 13 values; a gap where a value is missing.
pub(crate) fn spark(values: &[Option<f64>]) -> String {
    spark_of(values, 13)
}

/// The same of so many.
pub(crate) fn spark_of(values: &[Option<f64>], most: usize) -> String {
    let values = &values[values.len().saturating_sub(most)..];
    let known = || values.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let (width, height) = SIZE;
    let inner = if low.is_finite() && values.len() > 1 {
        let step = (width - 8.0) / (values.len() - 1) as f64;
        let span = if high > low { high - low } else { 1.0 };
        let at = |i: usize, value: f64| {
            let share = if high > low { (value - low) / span } else { 0.5 };
            (4.0 + step * i as f64, height - 5.0 - share * (height - 10.0))
        };
        let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
        for (i, value) in values.iter().enumerate() {
            match (value, runs.last_mut()) {
                (Some(value), Some(run)) => run.push(at(i, *value)),
                _ => runs.push(Vec::new()),
            }
        }
        paint(width, height, &|pen| {
            for run in &runs {
                if let (Some(first), Some(last)) = (run.first(), run.last()) {
                    let mut area = run.clone();
                    area.extend([(last.0, height), (first.0, height)]);
                    if run.len() > 1 {
                        pen.polygon(&area, Ink::Area);
                    }
                }
                pen.line(run, 1.6, Ink::Spark);
            }
            if let Some((x, y)) = runs.last().and_then(|run| run.last()) {
                pen.dot(*x, *y, 2.8, Ink::Dot);
            }
        })
    } else {
        String::new()
    };
    svg("spark", width, height, "", &inner).replacen("viewBox", "preserveAspectRatio=\"xMinYMid\" viewBox", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_flat_and_broken_series_draw_without_panic() {
        assert!(!spark(&[]).contains("polyline"));
        assert!(spark(&[Some(1.0); 5]).contains("s-spark"));
        assert!(spark(&[None, Some(1.0), None, Some(2.0), Some(3.0)]).contains("s-spark"));
    }
}
