//! The trend of a measure with both periods laid over each other, period k on period k, and its target, if any.
//!
//! The axis starts at zero unless the values are far above it; a last period cut short is dotted.

use super::{Ink, Shape, Tip, mark, paint, svg, tenth, text_width, ticks, word};

/// One period.
#[derive(Clone, Debug)]
pub(crate) struct TrendPoint {
    /// Under the axis.
    pub(crate) label: String,
    /// This window's value.
    pub(crate) now: Option<f64>,
    /// The compared window's.
    pub(crate) then: Option<f64>,
    /// What this window's should be.
    pub(crate) target: Option<f64>,
    /// Whether this window's period is cut short.
    pub(crate) partial: bool,
    /// Lines of the tooltip.
    pub(crate) lines: Vec<String>,
}

/// Which of the lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Now,
    Then,
    Target,
}

impl TrendPoint {
    fn value(&self, line: Line) -> Option<f64> {
        match line {
            Line::Now => self.now,
            Line::Then => self.then,
            Line::Target => self.target,
        }
    }
}

/// Draws the points; `axis` writes a tick's value.
pub(crate) fn trend(points: &[TrendPoint], shape: Shape, label: &str, axis: &dyn Fn(f64) -> String) -> String {
    let (width, height) = match shape {
        Shape::Wide => (520.0, 306.0),
        Shape::Narrow => (360.0, 240.0),
    };
    let known = || points.iter().flat_map(|p| [p.now, p.then, p.target]).flatten().filter(|v| v.is_finite());
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    let low = known().fold(f64::INFINITY, f64::min);
    if !high.is_finite() {
        return svg(shape.class(), width, height, label, "");
    }
    let floor = if low > high * 0.6 { low } else { low.min(0.0) };
    let steps = if high > floor { ticks(floor, high, 4.5) } else { ticks(0.0, high.abs().max(1.0), 4.5) };
    let (bottom, top) = (steps[0], steps[steps.len() - 1]);
    let gutter = steps.iter().map(|v| text_width(&axis(*v))).fold(20.0, f64::max) * 0.94 + 8.0;
    let (left, right, ceiling, ground) = (gutter, width - 12.0, 14.0, height - 32.0);
    let gap = if points.len() > 1 { (right - left) / (points.len() - 1) as f64 } else { 0.0 };
    let x = |i: usize| if points.len() > 1 { left + gap * i as f64 } else { (left + right) / 2.0 };
    let y = |value: f64| ground - (value - bottom) / (top - bottom) * (ground - ceiling);

    let mut out = paint(width, height, &|pen| {
        for tick in &steps {
            pen.line(&[(left, y(*tick)), (right, y(*tick))], 1.0, Ink::Grid);
        }
        for run in runs(points, Line::Then) {
            let path = place(&run, &x, &y);
            pen.line(&path, 2.0, Ink::Previous);
            if path.len() == 1 {
                pen.dot(path[0].0, path[0].1, 3.5, Ink::Total);
            }
        }
        for run in runs(points, Line::Target) {
            let path = place(&run, &x, &y);
            pen.line(&path, 2.0, Ink::Target);
            if let [(x, y)] = path.as_slice() {
                pen.line(&[(x - 8.0, *y), (x + 8.0, *y)], 2.0, Ink::Target);
            }
        }
        for run in runs(points, Line::Now) {
            let path = place(&run, &x, &y);
            if let ([first, .., last], true) = (path.as_slice(), bottom == 0.0) {
                let mut area = path.clone();
                area.extend([(last.0, ground), (first.0, ground)]);
                pen.polygon(&area, Ink::Area);
            }
            let whole = path.len() - usize::from(run.last().is_some_and(|(i, _)| points[*i].partial));
            pen.line(&path[..whole], 2.4, Ink::Current);
            pen.line(&path[whole.saturating_sub(1)..], 2.4, Ink::Partial);
            if path.len() == 1 {
                pen.dot(path[0].0, path[0].1, 3.5, Ink::Dot);
            }
        }
    });
    for tick in &steps {
        word(&mut out, "ax", left - 8.0, y(*tick) + 4.0, &axis(*tick));
    }
    let every = label_step(points, gap);
    for (i, point) in points.iter().enumerate().filter(|(i, _)| i % every == 0) {
        let class = if points.len() > 1 && i == 0 { "lab start" } else { "lab" };
        word(&mut out, class, if i == 0 && points.len() > 1 { left } else { x(i) }, height - 10.0, &point.label);
    }
    let column = if gap > 0.0 { gap } else { right - left };
    for (i, point) in points.iter().enumerate() {
        let from = (x(i) - column / 2.0).max(0.0);
        let to = (x(i) + column / 2.0).min(width);
        let mut extra = format!("<path class=\"cursor\" d=\"M{0} {1}V{2}\"/>", tenth(x(i)), ceiling, ground);
        for (line, class) in [(Line::Target, "dot aim"), (Line::Then, "dot then"), (Line::Now, "dot now")] {
            if let Some(value) = point.value(line) {
                extra.push_str(&format!(
                    "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"4\"/>",
                    tenth(x(i)),
                    tenth(y(value))
                ));
            }
        }
        // The half of the chart where the lines are not.
        let middle = (ceiling + ground) / 2.0;
        let high = point.now.or(point.then).is_some_and(|value| y(value) < middle);
        let tip = Tip::Beside(x(i), if high { ground - 8.0 } else { ceiling + 4.0 }, high);
        mark(&mut out, (from, ceiling, to - from, ground - ceiling), width, tip, &extra, &point.lines);
    }
    svg(shape.class(), width, height, label, &out)
}

/// Every how many periods a label fits.
fn label_step(points: &[TrendPoint], gap: f64) -> usize {
    let widest = points.iter().map(|p| text_width(&p.label)).fold(1.0, f64::max) + 14.0;
    if gap <= 0.0 { 1 } else { ((widest / gap).ceil() as usize).max(1) }
}

/// Unbroken stretches of a line.
fn runs(points: &[TrendPoint], line: Line) -> Vec<Vec<(usize, f64)>> {
    let mut out = vec![Vec::new()];
    for (i, point) in points.iter().enumerate() {
        match point.value(line) {
            Some(value) => out.last_mut().expect("never empty").push((i, value)),
            None => out.push(Vec::new()),
        }
    }
    out.retain(|run| !run.is_empty());
    out
}

fn place(run: &[(usize, f64)], x: &dyn Fn(usize) -> f64, y: &dyn Fn(f64) -> f64) -> Vec<(f64, f64)> {
    run.iter().map(|(i, value)| (x(*i), y(*value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(now: Option<f64>, then: Option<f64>) -> TrendPoint {
        TrendPoint { label: "3/1".into(), now, then, target: None, partial: false, lines: vec!["a".into()] }
    }

    #[test]
    fn empty_single_zero_and_broken_lines_draw_without_panic() {
        let axis = |v: f64| (v as i64).to_string();
        for points in [
            vec![],
            vec![point(None, None)],
            vec![point(Some(0.0), Some(0.0))],
            vec![point(Some(5.0), None), point(None, Some(3.0)), point(Some(-2.0), Some(1.0))],
            vec![TrendPoint { partial: true, ..point(Some(1.0), None) }],
        ] {
            let text = trend(&points, Shape::Wide, "x", &axis);
            assert!(text.starts_with("<svg") && !text.contains("NaN"), "{text}");
        }
    }

    #[test]
    fn a_target_has_a_line_of_its_own_inside_the_axis() {
        let axis = |v: f64| (v as i64).to_string();
        let aimed = |target| TrendPoint { target, ..point(Some(50.0), None) };
        let drawn = |points: &[TrendPoint]| trend(points, Shape::Wide, "x", &axis);
        let text = drawn(&[aimed(Some(190.0)), aimed(Some(180.0)), aimed(None)]);
        assert_eq!(text.matches("s-aim").count(), 1, "{text}");
        assert_eq!(text.matches("dot aim").count(), 2, "{text}");
        assert!(text.contains(">200<"), "the axis reaches the target: {text}");
        assert_eq!(drawn(&[aimed(None), aimed(Some(5.0)), aimed(None)]).matches("s-aim").count(), 1);
        assert!(!drawn(&[aimed(None), aimed(None)]).contains("aim"));
    }
}
