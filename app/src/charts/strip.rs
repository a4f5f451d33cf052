//! Values on one line, a dot each, stacked where they are near; one of them stands out.
//!
//! A dot is a link; the arrow keys step through them from left to right, Tab enters at the first.

use super::{Ink, Shape, Tip, mark_to, paint, svg, tenth, text_width, ticks, word};

/// One dot.
#[derive(Clone, Debug)]
pub(crate) struct StripDot {
    /// Where on the line.
    pub(crate) at: f64,
    /// The one that stands out.
    pub(crate) own: bool,
    /// Lines of the tooltip.
    pub(crate) lines: Vec<String>,
    /// Where it leads.
    pub(crate) href: String,
}

/// A dot's width, and how many fit over each other.
const DOT: f64 = 14.0;
const STACK: usize = 8;

/// Draws the dots, which come sorted; `axis` writes a value, `guide` is a value to mark and its words.
pub(crate) fn strip(
    dots: &[StripDot],
    shape: Shape,
    label: &str,
    axis: &dyn Fn(f64) -> String,
    guide: Option<(f64, &str)>,
) -> String {
    let (width, height) = match shape {
        Shape::Wide => (680.0, 210.0),
        Shape::Narrow => (360.0, 170.0),
    };
    let known: Vec<&StripDot> = dots.iter().filter(|d| d.at.is_finite()).collect();
    if known.is_empty() {
        return svg(shape.class(), width, height, label, "");
    }
    let guided = guide.filter(|(value, _)| value.is_finite());
    let ends = known.iter().map(|d| d.at).chain(guided.map(|(value, _)| value)).chain([0.0]);
    let (low, high) = (ends.clone().fold(0.0, f64::min), ends.fold(0.0, f64::max));
    let steps =
        if high > low { ticks(low, high, if shape == Shape::Wide { 7.0 } else { 4.0 }) } else { vec![-0.1, 0.1] };
    let (left, right, ground) = (20.0, width - 20.0, height - 30.0);
    let (first, last) = (steps[0], steps[steps.len() - 1]);
    let x = |value: f64| left + (value - first) / (last - first) * (right - left);
    // Dots of one column stand over each other; a full column goes on at its foot.
    let mut columns = std::collections::HashMap::<i64, usize>::new();
    let places: Vec<(f64, f64)> = known
        .iter()
        .map(|dot| {
            let column = (x(dot.at) / DOT).round();
            let over = columns.entry(column as i64).or_insert(0);
            *over += 1;
            (x(dot.at), ground - 9.0 - ((*over - 1) % STACK) as f64 * (DOT - 1.0))
        })
        .collect();
    let mut out = paint(width, height, &|pen| {
        pen.line(&[(left, ground), (right, ground)], 1.0, Ink::Grid);
        pen.line(&[(x(0.0), 22.0), (x(0.0), ground)], 1.0, Ink::Grid);
        if let Some((value, _)) = guided {
            pen.line(&[(x(value), 22.0), (x(value), ground)], 1.4, Ink::Link);
        }
        for (dot, (cx, cy)) in known.iter().zip(&places).filter(|(dot, _)| !dot.own) {
            let _ = dot;
            pen.dot(*cx, *cy, DOT / 2.0 - 0.5, Ink::Bubble);
        }
        for (_, (cx, cy)) in known.iter().zip(&places).filter(|(dot, _)| dot.own) {
            pen.dot(*cx, *cy, DOT / 2.0 + 1.5, Ink::Dot);
        }
    });
    for step in &steps {
        word(&mut out, "lab", x(*step), height - 10.0, &axis(*step));
    }
    if let Some((value, words)) = guided {
        let wide = text_width(words);
        let start = (x(value) - wide / 2.0).clamp(0.0, (width - wide).max(0.0));
        word(&mut out, "lab start", start, 14.0, words);
    }
    for (i, (dot, (cx, cy))) in known.iter().zip(&places).enumerate() {
        let ring = format!(
            "<circle class=\"ring\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            tenth(*cx),
            tenth(*cy),
            tenth(DOT / 2.0 + 1.0)
        );
        let area = (cx - DOT / 2.0, cy - DOT / 2.0, DOT, DOT);
        mark_to(&mut out, area, width, Tip::Above, &ring, &dot.lines, &dot.href, i == 0);
    }
    svg(&[shape.class(), " scatter"].concat(), width, height, label, &out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_one_equal_and_odd_values_draw_without_panic() {
        let dot = |at: f64| StripDot { at, own: at > 0.0, lines: vec!["<a>".into()], href: "/".into() };
        for values in [vec![], vec![0.0], vec![0.2; 30], vec![f64::NAN, -0.5, 4.0]] {
            let dots: Vec<StripDot> = values.into_iter().map(dot).collect();
            for guide in [None, Some((0.1, "g")), Some((f64::INFINITY, "g"))] {
                let text = strip(&dots, Shape::Narrow, "x", &|v| (v as i64).to_string(), guide);
                assert!(text.starts_with("<svg") && !text.contains("NaN") && !text.contains("<a>"), "{text}");
            }
        }
    }
}
