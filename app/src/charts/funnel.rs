//! The formula drawn as a funnel: users, those who bought, those who came back.
//!
//! Widths are true to the counts, so what narrows is what was lost; the compared period is an outline behind.

use super::{Ink, Shape, Tip, mark, paint, svg, tenth, word};

/// One level.
#[derive(Clone, Debug)]
pub(crate) struct FunnelStep {
    pub(crate) label: String,
    pub(crate) value: i64,
    pub(crate) then: Option<i64>,
    pub(crate) shown: String,
    /// `10.71% · ▼ −5.1%`, between this level and the one above.
    pub(crate) rate: String,
    pub(crate) lines: Vec<String>,
}

/// Draws the steps, first on top.
pub(crate) fn funnel(steps: &[FunnelStep], shape: Shape, label: &str) -> String {
    let (width, label_width) = match shape {
        Shape::Wide => (680.0, 132.0),
        Shape::Narrow => (360.0, 100.0),
    };
    let (bar, gap) = (44.0, 34.0);
    let height = steps.len() as f64 * (bar + gap) - gap + 12.0;
    let most = steps.iter().map(|s| s.value.max(s.then.unwrap_or(0))).max().unwrap_or(0).max(1) as f64;
    let (left, full) = (label_width, width - label_width - 12.0);
    let center = left + full / 2.0;
    let wide = |value: i64| (value.max(0) as f64 / most * full).max(3.0);
    let top = |i: usize| 6.0 + (bar + gap) * i as f64;

    let mut out = paint(width, height, &|pen| {
        for (i, pair) in steps.windows(2).enumerate() {
            let (a, b) = (wide(pair[0].value) / 2.0, wide(pair[1].value) / 2.0);
            let (y0, y1) = (top(i) + bar, top(i + 1));
            pen.polygon(&[(center - a, y0), (center + a, y0), (center + b, y1), (center - b, y1)], Ink::Taper);
        }
        for (i, step) in steps.iter().enumerate() {
            let w = wide(step.value);
            pen.rect(center - w / 2.0, top(i), w, bar, Ink::Band);
        }
    });
    for (i, step) in steps.iter().enumerate() {
        if let Some(then) = step.then {
            let w = wide(then);
            out.push_str(&format!(
                "<rect class=\"ghost\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>",
                tenth(center - w / 2.0),
                tenth(top(i) - 3.0),
                tenth(w),
                tenth(bar + 6.0)
            ));
        }
        word(&mut out, "step", 0.0, top(i) + 18.0, &step.label);
        word(&mut out, "stepnum", 0.0, top(i) + 38.0, &step.shown);
        if i > 0 && !step.rate.is_empty() {
            word(&mut out, "rate", center, top(i) - gap / 2.0 + 4.0, &step.rate);
        }
        mark(&mut out, (left, top(i), full, bar), width, Tip::Above, "", &step.lines);
    }
    svg(shape.class(), width, height, label, &out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_funnel_draws_without_panic() {
        let step = FunnelStep {
            label: "x".into(),
            value: 0,
            then: None,
            shown: "0".into(),
            rate: String::new(),
            lines: vec![],
        };
        assert!(funnel(&[step], Shape::Wide, "f").contains("f-band"));
        assert!(funnel(&[], Shape::Narrow, "f").starts_with("<svg"));
    }
}
