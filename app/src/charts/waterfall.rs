//! The waterfall from one period to the other: totals stand on the ground, changes hang between.
//!
//! The axis is cut where all bars are far above zero, so that the changes can be seen; the totals then carry a notch
//! and the caption says so. A bar of nothing is drawn as a line.

use super::{Ink, Shape, Tip, escape, mark, paint, svg, text_width, word};

/// What a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BarKind {
    /// Stands on the ground.
    Total,
    /// Hangs at the running sum.
    Change,
}

/// One bar.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) kind: BarKind,
    pub(crate) label: String,
    pub(crate) value: i64,
    pub(crate) shown: String,
    /// Lines of the tooltip below the label.
    pub(crate) detail: Vec<String>,
}

/// Draws the bars; whether the axis is cut comes back with the drawing.
pub(crate) fn waterfall(bars: &[Bar], shape: Shape, label: &str) -> (String, bool) {
    let spans = running(bars);
    let (base, high, cut) = range(bars, &spans);
    let drawing = match shape {
        Shape::Wide => standing(bars, &spans, base, high, cut),
        Shape::Narrow => lying(bars, &spans, base, high, cut),
    };
    let (width, height) = size(bars, shape);
    (svg(shape.class(), width, height, label, &drawing), cut)
}

fn size(bars: &[Bar], shape: Shape) -> (f64, f64) {
    match shape {
        Shape::Wide => (680.0, 280.0),
        Shape::Narrow => (340.0, 40.0 * bars.len() as f64 + 4.0),
    }
}

/// The ends of the axis, and whether it is cut above zero.
fn range(bars: &[Bar], spans: &[(f64, f64)]) -> (f64, f64, bool) {
    let high = spans.iter().map(|s| s.0.max(s.1)).fold(0.0, f64::max);
    let low = spans.iter().map(|s| s.0.min(s.1)).fold(f64::INFINITY, f64::min);
    // The lowest point of the changes, not of the totals' feet.
    let changes = bars.iter().zip(spans).filter(|(b, _)| b.kind == BarKind::Change);
    let valley = changes.map(|(_, s)| s.0.min(s.1)).fold(high, f64::min);
    let cut = valley > high * 0.5;
    let base = if cut { valley - (high - valley) * 0.9 - high * 0.004 } else { low.min(0.0) };
    (base, high, cut)
}

/// Bars that stand side by side, for wide places.
fn standing(bars: &[Bar], spans: &[(f64, f64)], base: f64, high: f64, cut: bool) -> String {
    let (width, height) = size(bars, Shape::Wide);
    let (top, ground) = (30.0, height - 36.0);
    let scale = if high > base { (ground - top) / (high - base) } else { 0.0 };
    let y = |value: f64| ground - (value.max(base) - base) * scale;
    let slot = width / bars.len().max(1) as f64;
    let bar_width = (slot * 0.64).min(64.0);
    let x = |i: usize| slot * i as f64 + (slot - bar_width) / 2.0;

    let shapes = paint(width, height, &|pen| {
        pen.line(&[(0.0, ground), (width, ground)], 1.0, Ink::Grid);
        for (i, (bar, (from, to))) in bars.iter().zip(spans).enumerate() {
            let (upper, lower) = (y(from.max(*to)), y(from.min(*to)));
            let ink = match (bar.kind, bar.value < 0) {
                (BarKind::Total, _) => Ink::Total,
                (BarKind::Change, true) => Ink::Down,
                (BarKind::Change, false) => Ink::Up,
            };
            pen.rect(x(i), upper, bar_width, (lower - upper).max(1.6), ink);
            if i + 1 < bars.len() {
                pen.line(&[(x(i) + bar_width, y(*to)), (x(i + 1), y(*to))], 1.0, Ink::Link);
            }
        }
    });
    let mut out = shapes;
    for (i, (bar, (from, to))) in bars.iter().zip(spans).enumerate() {
        let center = x(i) + bar_width / 2.0;
        let (upper, lower) = (y(from.max(*to)), y(from.min(*to)));
        if cut && bar.kind == BarKind::Total {
            let notch = ground - 14.0;
            out.push_str(&format!(
                "<path class=\"notch\" d=\"M{} {}l{} -6v5l-{} 6z\"/>",
                (x(i) - 2.0) as i32,
                notch as i32,
                (bar_width + 4.0) as i32,
                (bar_width + 4.0) as i32
            ));
        }
        word(&mut out, "num", center, upper - 7.0, &bar.shown);
        label_under(&mut out, center, ground, slot, &bar.label);
        let mut lines = vec![bar.label.clone()];
        lines.extend(bar.detail.iter().cloned());
        let area = (x(i) - 4.0, (upper - 20.0).max(0.0), bar_width + 8.0, lower - upper + 24.0);
        mark(&mut out, area, width, Tip::Above, "", &lines);
    }
    out
}

/// Bars that lie under each other, for narrow places: name left, amount right.
fn lying(bars: &[Bar], spans: &[(f64, f64)], base: f64, high: f64, cut: bool) -> String {
    let (width, _) = size(bars, Shape::Narrow);
    let (left, right) = (78.0, width - 74.0);
    let scale = if high > base { (right - left) / (high - base) } else { 0.0 };
    let x = |value: f64| left + (value.max(base) - base) * scale;
    let y = |i: usize| 40.0 * i as f64 + 8.0;
    let mut out = paint(width, 40.0 * bars.len() as f64 + 4.0, &|pen| {
        for (i, (bar, (from, to))) in bars.iter().zip(spans).enumerate() {
            let (first, last) = (x(from.min(*to)), x(from.max(*to)));
            let ink = match (bar.kind, bar.value < 0) {
                (BarKind::Total, _) => Ink::Total,
                (BarKind::Change, true) => Ink::Down,
                (BarKind::Change, false) => Ink::Up,
            };
            pen.rect(first, y(i), (last - first).max(1.6), 26.0, ink);
            if i + 1 < bars.len() {
                pen.line(&[(x(*to), y(i) + 26.0), (x(*to), y(i + 1))], 1.0, Ink::Link);
            }
        }
    });
    for (i, bar) in bars.iter().enumerate() {
        if cut && bar.kind == BarKind::Total {
            out.push_str(&format!(
                "<path class=\"notch\" d=\"M{} {}l6 30h-5l-6 -30z\"/>",
                left as i32 + 14,
                y(i) as i32 - 2
            ));
        }
        word(&mut out, "row", 0.0, y(i) + 17.0, &bar.label);
        word(&mut out, "end", width, y(i) + 17.0, &bar.shown);
        let mut lines = vec![bar.label.clone()];
        lines.extend(bar.detail.iter().cloned());
        mark(&mut out, (0.0, y(i) - 7.0, width, 40.0), width, Tip::Above, "", &lines);
    }
    out
}

/// Labels wider than their slot are set in two lines.
fn label_under(out: &mut String, center: f64, ground: f64, slot: f64, label: &str) {
    if text_width(label) <= slot - 2.0 {
        return word(out, "lab", center, ground + 18.0, label);
    }
    let chars: Vec<char> = label.chars().collect();
    let split = chars.iter().position(|c| *c == ' ').unwrap_or(chars.len().div_ceil(2));
    let (first, second): (String, String) = (chars[..split].iter().collect(), chars[split..].iter().collect());
    out.push_str(&format!(
        "<text class=\"lab\" y=\"{0}\"><tspan x=\"{1}\">{2}</tspan><tspan x=\"{1}\" dy=\"14\">{3}</tspan></text>",
        (ground + 16.0) as i32,
        center.round() as i32,
        escape(first.trim()),
        escape(second.trim())
    ));
}

fn running(bars: &[Bar]) -> Vec<(f64, f64)> {
    let mut sum = 0.0;
    bars.iter()
        .map(|bar| {
            let from = if bar.kind == BarKind::Total { 0.0 } else { sum };
            sum = from + bar.value as f64;
            (from, sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(kind: BarKind, value: i64) -> Bar {
        Bar { kind, label: "<b>".into(), value, shown: value.to_string(), detail: vec![] }
    }

    #[test]
    fn changes_hang_at_the_running_sum_and_close_on_the_last_total() {
        let bars =
            [bar(BarKind::Total, 100), bar(BarKind::Change, 30), bar(BarKind::Change, -50), bar(BarKind::Total, 80)];
        assert_eq!(running(&bars), [(0.0, 100.0), (100.0, 130.0), (130.0, 80.0), (0.0, 80.0)]);
    }

    #[test]
    fn empty_zero_and_negative_bars_draw_without_panic() {
        assert!(!waterfall(&[], Shape::Wide, "x").1);
        let bars = [bar(BarKind::Total, 0), bar(BarKind::Change, -10), bar(BarKind::Total, -10)];
        let (text, _) = waterfall(&bars, Shape::Narrow, "x");
        assert!(text.contains("&lt;b&gt;") && !text.contains("NaN"), "{text}");
    }
}
