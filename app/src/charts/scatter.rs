//! Two measures against each other, one dot each, its area by a third; guide lines at the middle of both.
//!
//! A dot is a link; the arrow keys step through them from left to right, Tab enters at the first.

use super::{Ink, Shape, Tip, mark_to, paint, svg, tenth, text_width, ticks, word};

/// One dot.
#[derive(Clone, Debug)]
pub(crate) struct ScatterDot {
    /// Across and up.
    pub(crate) at: (f64, f64),
    /// From 0 to 1, the share of the largest; its area.
    pub(crate) size: f64,
    /// Rose or fell beyond chance, or neither.
    pub(crate) ink: Ink,
    /// Written beside it where there is room, if it is one of the outermost.
    pub(crate) label: String,
    /// Lines of the tooltip.
    pub(crate) lines: Vec<String>,
    /// Where it leads.
    pub(crate) href: String,
}

/// What is across, or up.
pub(crate) struct Axis<'a> {
    /// What it measures.
    pub(crate) name: String,
    /// How a value is written.
    pub(crate) write: &'a dyn Fn(f64) -> String,
    /// Where the guide line stands, and what is written at it.
    pub(crate) middle: Option<(f64, String)>,
}

/// The largest dot's radius in view-box units.
const LARGEST: f64 = 15.0;

/// Labels longer than this are cut.
const LABEL: usize = 12;

/// Draws the dots, which come sorted from left to right.
pub(crate) fn scatter(dots: &[ScatterDot], across: &Axis, up: &Axis, shape: Shape, label: &str) -> String {
    let (width, height) = match shape {
        Shape::Wide => (1080.0, 420.0),
        Shape::Narrow => (360.0, 360.0),
    };
    let known: Vec<&ScatterDot> = dots.iter().filter(|d| d.at.0.is_finite() && d.at.1.is_finite()).collect();
    if known.is_empty() {
        return svg(shape.class(), width, height, label, "");
    }
    let steps_up = steps(known.iter().map(|d| d.at.1), 7.0);
    let steps_across = steps(known.iter().map(|d| d.at.0), if shape == Shape::Wide { 9.0 } else { 4.0 });
    let gutter = steps_up.iter().map(|v| text_width(&(up.write)(*v))).fold(20.0, f64::max) * 0.94 + 8.0;
    let (left, right, ceiling, ground) = (gutter, width - 18.0, 28.0, height - 44.0);
    let x = scale(&steps_across, left, right);
    let y = scale(&steps_up, ground, ceiling);
    let radius = |d: &ScatterDot| (d.size.clamp(0.0, 1.0).sqrt() * LARGEST).max(3.0);

    let mut out = paint(width, height, &|pen| {
        for step in &steps_up {
            pen.line(&[(left, y(*step)), (right, y(*step))], 1.0, Ink::Grid);
        }
        if let Some((middle, _)) = &across.middle {
            pen.line(&[(x(*middle), ceiling), (x(*middle), ground)], 1.2, Ink::Link);
        }
        if let Some((middle, _)) = &up.middle {
            pen.line(&[(left, y(*middle)), (right, y(*middle))], 1.2, Ink::Link);
        }
        // The largest first, so that small ones stay in sight.
        let mut order = known.clone();
        order.sort_by(|a, b| b.size.total_cmp(&a.size));
        for dot in order {
            pen.dot(x(dot.at.0), y(dot.at.1), radius(dot), dot.ink);
        }
    });
    for step in &steps_up {
        word(&mut out, "ax", left - 8.0, y(*step) + 4.0, &(up.write)(*step));
    }
    for step in &steps_across {
        word(&mut out, "lab", x(*step), ground + 18.0, &(across.write)(*step));
    }
    word(&mut out, "lab start", 0.0, 14.0, &up.name);
    word(&mut out, "end quiet", right, height - 6.0, &across.name);
    if let Some((middle, text)) = &across.middle {
        let class = if x(*middle) + text_width(text) > right { "ax" } else { "lab start" };
        word(&mut out, class, x(*middle) + if class == "ax" { -4.0 } else { 4.0 }, ceiling - 6.0, text);
    }
    if let Some((middle, text)) = &up.middle {
        word(&mut out, "ax", right, y(*middle) - 5.0, text);
    }
    labels(&mut out, &known, &x, &y, &radius, right, if shape == Shape::Wide { 12 } else { 5 });
    for (i, dot) in known.iter().enumerate() {
        let (cx, cy, r) = (x(dot.at.0), y(dot.at.1), radius(dot));
        let reach = r.max(10.0);
        let ring =
            format!("<circle class=\"ring\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>", tenth(cx), tenth(cy), tenth(r + 1.5));
        let area = (cx - reach, cy - reach, 2.0 * reach, 2.0 * reach);
        mark_to(&mut out, area, width, Tip::Above, &ring, &dot.lines, &dot.href, i == 0);
    }
    svg(&[shape.class(), " scatter"].concat(), width, height, label, &out)
}

/// Ticks around all values.
fn steps(values: impl Iterator<Item = f64> + Clone, count: f64) -> Vec<f64> {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    if high > low {
        let air = (high - low) * 0.04;
        ticks((low - air).max(low.min(0.0)), high + air, count)
    } else {
        let size = high.abs().max(1e-6);
        ticks(low - size * 0.1, high + size * 0.1, count)
    }
}

/// From a value to its place between two ends.
fn scale(steps: &[f64], from: f64, to: f64) -> impl Fn(f64) -> f64 {
    let (low, high) = (steps[0], steps[steps.len() - 1]);
    move |value| if high > low { from + (value - low) / (high - low) * (to - from) } else { (from + to) / 2.0 }
}

/// Names of the outermost and the largest, where they cover nothing.
fn labels(
    out: &mut String,
    dots: &[&ScatterDot],
    x: &dyn Fn(f64) -> f64,
    y: &dyn Fn(f64) -> f64,
    radius: &dyn Fn(&ScatterDot) -> f64,
    right: f64,
    most: usize,
) {
    let mut taken: Vec<[f64; 4]> = dots
        .iter()
        .map(|d| {
            let (cx, cy, r) = (x(d.at.0), y(d.at.1), radius(d));
            [cx - r, cy - r, cx + r, cy + r]
        })
        .collect();
    let mut written = 0;
    for place in outermost(dots) {
        let dot = dots[place];
        let (cx, cy, r) = (x(dot.at.0), y(dot.at.1), radius(dot));
        let text = cut(&dot.label);
        let wide = text_width(&text);
        let start = if cx + r + 4.0 + wide > right { cx - r - 4.0 - wide } else { cx + r + 4.0 };
        let own = [start, cy - 8.0, start + wide, cy + 6.0];
        let free = |(i, b): (usize, &[f64; 4])| {
            i == place || own[0] >= b[2] || own[2] <= b[0] || own[1] >= b[3] || own[3] <= b[1]
        };
        if start < 0.0 || written == most || !taken.iter().enumerate().all(free) {
            continue;
        }
        word(out, "lab start name", start, cy + 4.0, &text);
        taken.push(own);
        written += 1;
    }
}

/// Places of the dots worth a name, the most worth first.
fn outermost(dots: &[&ScatterDot]) -> Vec<usize> {
    let ranked = |key: &dyn Fn(&ScatterDot) -> f64| {
        let mut places: Vec<usize> = (0..dots.len()).collect();
        places.sort_by(|a, b| key(dots[*b]).total_cmp(&key(dots[*a])));
        places.truncate(4);
        places
    };
    let mut out: Vec<usize> = (0..dots.len()).filter(|i| dots[*i].ink != Ink::Bubble).collect();
    let ends =
        [ranked(&|d| d.at.0), ranked(&|d| -d.at.0), ranked(&|d| d.at.1), ranked(&|d| -d.at.1), ranked(&|d| d.size)];
    for k in 0..4 {
        out.extend(ends.iter().filter_map(|end| end.get(k).copied()));
    }
    let mut seen = vec![false; dots.len()];
    out.retain(|i| !std::mem::replace(&mut seen[*i], true));
    out
}

fn cut(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: f64, y: f64, size: f64) -> ScatterDot {
        ScatterDot {
            at: (x, y),
            size,
            ink: Ink::Bubble,
            label: "<b>".into(),
            lines: vec!["a".into()],
            href: "/stores/\"x\"".into(),
        }
    }

    fn draw(dots: &[ScatterDot], shape: Shape) -> String {
        let write = |v: f64| (v as i64).to_string();
        let axis = || Axis { name: "n".into(), write: &write, middle: Some((1.0, "m".into())) };
        scatter(dots, &axis(), &axis(), shape, "x")
    }

    #[test]
    fn none_one_equal_and_odd_dots_draw_without_panic() {
        for dots in [
            vec![],
            vec![dot(1.0, 1.0, 1.0)],
            vec![dot(0.0, 0.0, 0.0); 3],
            vec![dot(f64::NAN, 1.0, 1.0), dot(2.0, -5.0, f64::INFINITY)],
        ] {
            for shape in [Shape::Wide, Shape::Narrow] {
                let text = draw(&dots, shape);
                assert!(text.starts_with("<svg") && !text.contains("NaN") && !text.contains("<b>"), "{text}");
            }
        }
    }

    #[test]
    fn every_dot_is_a_link_and_tab_enters_once() {
        let dots: Vec<ScatterDot> = (0..40).map(|i| dot(f64::from(i % 7), f64::from(i % 11), 0.5)).collect();
        let text = draw(&dots, Shape::Wide);
        assert_eq!(text.matches("<a class=\"mark\" href=\"/stores/&quot;x&quot;\" data-nav=\"\"").count(), 40);
        assert_eq!(text.matches("tabindex=\"0\"").count(), 1);
    }
}
