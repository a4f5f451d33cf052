//! Several curves over one axis: each named at its end, one of them with its band, a mark for each place that can be
//! pointed at.

use super::{Ink, Shape, Tip, mark, paint, svg, tenth, text_width, ticks, word};

/// One curve.
#[derive(Clone, Debug, Default)]
pub(crate) struct Curve {
    /// Written at its end.
    pub(crate) name: String,
    /// From left to right.
    pub(crate) points: Vec<(f64, f64)>,
    /// How many of the points are settled; the rest is dotted.
    pub(crate) settled: usize,
    /// Which of the six colours; none for curves that stand behind.
    pub(crate) ink: Option<usize>,
    /// Place, lower and upper end.
    pub(crate) band: Vec<(f64, f64, f64)>,
}

/// A place to point at: where, and what is told there.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) x: f64,
    pub(crate) lines: Vec<String>,
}

/// A line to be read off: from the axis at `y` to the curve at `x`, and down.
#[derive(Clone, Debug)]
pub(crate) struct Guide {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) name: String,
}

/// Everything drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plot {
    pub(crate) curves: Vec<Curve>,
    pub(crate) stops: Vec<Stop>,
    /// Under the axis.
    pub(crate) labels: Vec<(f64, String)>,
    pub(crate) guide: Option<Guide>,
    /// Whether the upright axis must begin at zero.
    pub(crate) from_zero: bool,
    /// Width and height of the wide shape.
    pub(crate) wide: (f64, f64),
}

const LINES: [Ink; 6] = [Ink::Line0, Ink::Line1, Ink::Line2, Ink::Line3, Ink::Line4, Ink::Line5];

/// Draws the curves, the first on top; `axis` writes a tick's value.
pub(crate) fn curves(plot: &Plot, shape: Shape, label: &str, axis: &dyn Fn(f64) -> String) -> String {
    let (width, height) = match shape {
        Shape::Wide => plot.wide,
        Shape::Narrow => (360.0, 280.0),
    };
    let points = || plot.curves.iter().flat_map(|curve| &curve.points).filter(|(x, y)| x.is_finite() && y.is_finite());
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
    let bands = || plot.curves.iter().flat_map(|curve| &curve.band);
    let high = most(&mut points().map(|p| p.1).chain(bands().map(|b| b.2)));
    let low = least(&mut points().map(|p| p.1).chain(bands().map(|b| b.1)));
    if !(high.is_finite() && low.is_finite()) {
        return svg(shape.class(), width, height, label, "");
    }
    let floor = if low > high * 0.6 && !plot.from_zero { low } else { low.min(0.0) };
    let steps = if high > floor { ticks(floor, high, 4.5) } else { ticks(0.0, high.abs().max(1.0), 4.5) };
    let (bottom, top) = (steps[0], steps[steps.len() - 1]);
    let (first, last) = (least(&mut points().map(|p| p.0)), most(&mut points().map(|p| p.0)));
    let gutter = steps.iter().map(|v| text_width(&axis(*v))).fold(20.0, f64::max) * 0.94 + 8.0;
    let names = plot.curves.iter().map(|curve| text_width(&curve.name)).fold(0.0, f64::max);
    let right = (width - names - 14.0).max(width * 0.55);
    let (left, ceiling, ground) = (gutter, 14.0, height - 32.0);
    let x = |value: f64| if last > first { left + (value - first) / (last - first) * (right - left) } else { left };
    let y = |value: f64| ground - (value - bottom) / (top - bottom) * (ground - ceiling);

    let mut out = paint(width, height, &|pen| {
        for tick in &steps {
            pen.line(&[(left, y(*tick)), (right, y(*tick))], 1.0, Ink::Grid);
        }
        for curve in plot.curves.iter().rev() {
            let mut outline: Vec<_> = curve.band.iter().map(|b| (x(b.0), y(b.2))).collect();
            outline.extend(curve.band.iter().rev().map(|b| (x(b.0), y(b.1))));
            if curve.band.len() > 1 {
                pen.polygon(&outline, Ink::Taper);
            }
            let path: Vec<_> = curve.points.iter().map(|p| (x(p.0), y(p.1))).collect();
            let (ink, thick) = match curve.ink {
                Some(i) => (LINES[i % LINES.len()], 2.2),
                None => (Ink::Behind, 1.4),
            };
            let settled = curve.settled.min(path.len());
            pen.line(&path[..settled], thick, ink);
            for pair in path[settled.saturating_sub(1)..].windows(2) {
                dashes(pair[0], pair[1], &|from, to| pen.line(&[from, to], thick, ink));
            }
            if let [only] = path.as_slice() {
                pen.dot(only.0, only.1, 3.2, ink);
            }
        }
    });
    for tick in &steps {
        word(&mut out, "ax", left - 8.0, y(*tick) + 4.0, &axis(*tick));
    }
    let mut free = f64::NEG_INFINITY;
    for (at, text) in &plot.labels {
        let half = text_width(text) / 2.0;
        if *at >= first && *at <= last && x(*at) - half > free {
            word(&mut out, "lab", x(*at), height - 10.0, text);
            free = x(*at) + half + 6.0;
        }
    }
    if let Some(guide) = &plot.guide {
        let (gx, gy) = (tenth(x(guide.x)), tenth(y(guide.y)));
        out.push_str(&format!(
            "<path class=\"guide\" d=\"M{} {gy}H{gx}V{}\"/><circle class=\"guidedot\" cx=\"{gx}\" cy=\"{gy}\" r=\"4\"/>",
            tenth(left),
            tenth(ground)
        ));
        word(&mut out, "guideword", x(guide.x) + 6.0, ground - 8.0, &guide.name);
    }
    ends(&mut out, plot, right, (ceiling, ground), &x, &y);
    for (i, stop) in plot.stops.iter().enumerate() {
        let middle = |other: Option<&Stop>, edge: f64| other.map_or(edge, |other| (x(other.x) + x(stop.x)) / 2.0);
        let from = middle(i.checked_sub(1).and_then(|i| plot.stops.get(i)), left - 6.0);
        let to = middle(plot.stops.get(i + 1), right + 6.0);
        let mut extra =
            format!("<path class=\"cursor\" d=\"M{0} {1}V{2}\"/>", tenth(x(stop.x)), tenth(ceiling), tenth(ground));
        for curve in &plot.curves {
            let here = curve.points.iter().find(|p| (p.0 - stop.x).abs() < 1e-9);
            if let Some((_, value)) = here {
                let class = curve.ink.map_or("behind".to_owned(), |i| format!("line{}", i % LINES.len()));
                let (cx, cy) = (tenth(x(stop.x)), tenth(y(*value)));
                extra.push_str(&format!("<circle class=\"dot f-{class}\" cx=\"{cx}\" cy=\"{cy}\" r=\"4\"/>"));
            }
        }
        let tip = Tip::Beside(x(stop.x), ceiling + 2.0, false);
        mark(&mut out, (from, ceiling, (to - from).max(1.0), ground - ceiling), width, tip, &extra, &stop.lines);
    }
    svg(shape.class(), width, height, label, &out)
}

/// A dashed line as strokes: one rule for every colour.
fn dashes(from: (f64, f64), to: (f64, f64), draw: &dyn Fn((f64, f64), (f64, f64))) {
    let length = ((to.0 - from.0) * (to.0 - from.0) + (to.1 - from.1) * (to.1 - from.1)).sqrt();
    let count = ((length / 7.0) as usize).clamp(1, 200);
    let at = |share: f64| (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
    for i in 0..count {
        draw(at(i as f64 / count as f64), at((i as f64 + 0.55) / count as f64));
    }
}

/// The names at the right, each near its curve's end and none over another; a curve that ends early has its name there.
fn ends(out: &mut String, plot: &Plot, right: f64, within: (f64, f64), x: &dyn Fn(f64) -> f64, y: &dyn Fn(f64) -> f64) {
    let mut names: Vec<(f64, &Curve)> = Vec::new();
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for curve in &plot.curves {
        let Some(end) = curve.points.last() else {
            continue;
        };
        let (from, height) = (x(end.0) + 7.0, y(end.1) + 4.0);
        let to = from + text_width(&curve.name);
        if to + 9.0 >= right {
            names.push((y(end.1), curve));
            continue;
        }
        // Beside the end, or a line lower or higher where another name stands there; the tooltip names it in any case.
        let free = |height: &f64| !taken.iter().any(|t| from < t.1 && t.0 < to && (t.2 - height).abs() < 13.0);
        if let Some(height) = [height, height + 13.0, height - 13.0].into_iter().find(free) {
            let class =
                curve.ink.map_or("endname early".to_owned(), |i| format!("endname early w-line{}", i % LINES.len()));
            word(out, &class, from, height, &curve.name);
            taken.push((from, to, height));
        }
    }
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let gap = 14.0;
    for i in 1..names.len() {
        names[i].0 = names[i].0.max(names[i - 1].0 + gap);
    }
    let mut lowest = within.1;
    for name in names.iter_mut().rev() {
        name.0 = name.0.min(lowest);
        lowest = name.0 - gap;
    }
    for (at, curve) in names {
        let class = curve.ink.map_or("endname".to_owned(), |i| format!("endname w-line{}", i % LINES.len()));
        word(out, &class, right + 8.0, at.max(within.0 - 4.0) + 4.0, &curve.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(curves: Vec<Curve>) -> Plot {
        let stop = Stop { x: 1.0, lines: vec!["<a>".into()] };
        Plot { curves, stops: vec![stop], labels: vec![(1.0, "1".into())], wide: (400.0, 300.0), ..Plot::default() }
    }

    #[test]
    fn nothing_one_point_flat_and_broken_values_draw_without_panic() {
        let axis = |v: f64| (v as i64).to_string();
        let curve =
            |points: Vec<(f64, f64)>| Curve { name: "<b>".into(), settled: 1, ink: Some(7), points, band: vec![] };
        for curves_ in [
            vec![],
            vec![curve(vec![])],
            vec![curve(vec![(1.0, 0.0)])],
            vec![curve(vec![(1.0, 5.0), (2.0, 5.0)]), curve(vec![(1.0, -3.0)])],
            vec![Curve {
                settled: 9,
                band: vec![(1.0, 0.0, 1.0), (2.0, 0.5, 2.0)],
                ..curve(vec![(1.0, 1.0), (2.0, 1.5)])
            }],
            vec![curve(vec![(1.0, f64::NAN)])],
        ] {
            let text = curves(&plot(curves_), Shape::Narrow, "x", &axis);
            assert!(text.starts_with("<svg") && !text.contains("NaN") && !text.contains("<b>"), "{text}");
        }
    }

    #[test]
    fn names_at_the_ends_never_lie_over_each_other() {
        let axis = |v: f64| (v as i64).to_string();
        let same =
            |_: usize| Curve { name: "n".into(), points: vec![(0.0, 1.0), (1.0, 1.0)], settled: 2, ..Curve::default() };
        let text = curves(&plot((0..6).map(same).collect()), Shape::Wide, "x", &axis);
        let mut heights: Vec<f64> = text
            .split("class=\"endname\"")
            .skip(1)
            .filter_map(|rest| rest.split("y=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        heights.sort_by(f64::total_cmp);
        assert_eq!(heights.len(), 6);
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] > 12.0), "{heights:?}");
    }
}
