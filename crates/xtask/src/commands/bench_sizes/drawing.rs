//! Seconds and memory against members: two panels, both axes by powers of ten, so that whatever grows in proportion is
//! a straight line of one slope.

use std::fmt::Write as _;

/// One panel: a title and lines over a common axis.
pub(super) struct Panel {
    pub(super) title: &'static str,
    /// The lowest and the highest power of ten that the axis shows.
    pub(super) powers: (i32, i32),
    pub(super) lines: Vec<Line>,
}

/// A line with its name.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) color: &'static str,
    pub(super) dashed: bool,
    /// Members and what was measured.
    pub(super) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 470.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 440.0;
const TOP: f64 = 80.0;
const BOTTOM: f64 = 300.0;
/// Powers of ten of the members: 0.1 M to 10 M.
const MEMBERS: (i32, i32) = (5, 7);

/// Panels side by side, as SVG.
pub(super) fn drawing(panels: &[Panel]) -> String {
    let width = WIDTH * panels.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" font-family=\"system-ui, sans-serif\" \
         font-size=\"12\">\n<title>Seconds and memory of a build against members</title>\n\
         <rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    for (index, panel) in panels.iter().enumerate() {
        let _ = write!(svg, "<g transform=\"translate({} 0)\">\n{}</g>\n", WIDTH * index as f64, inside(panel));
    }
    svg.push_str("</svg>\n");
    svg
}

fn inside(panel: &Panel) -> String {
    let x = |members: f64| place(members, MEMBERS, LEFT, RIGHT);
    let y = |value: f64| place(value, panel.powers, BOTTOM, TOP);
    let mut svg = format!("<text x=\"{LEFT}\" y=\"24\" font-weight=\"600\">{}</text>\n", panel.title);
    for power in panel.powers.0..=panel.powers.1 {
        let at = y(10f64.powi(power));
        let _ = writeln!(svg, "<path d=\"M{LEFT} {at:.1}H{RIGHT}\" stroke=\"#dde2e8\"/>");
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            at + 4.0,
            10f64.powi(power)
        );
    }
    for power in MEMBERS.0..=MEMBERS.1 {
        let members = 10f64.powi(power);
        let (at, label) = (x(members), members / 1e6);
        let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label} M</text>", BOTTOM + 22.0);
    }
    for (index, Line { name, color, dashed, points }) in panel.lines.iter().enumerate() {
        let dash = if *dashed { " stroke-dasharray=\"4 4\"" } else { "" };
        let points: Vec<String> = points.iter().map(|(m, v)| format!("{:.1},{:.1}", x(*m), y(*v))).collect();
        let points = points.join(" ");
        let _ = writeln!(
            svg,
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dash}/>\n\
             <text x=\"{}\" y=\"{}\" fill=\"{color}\">{name}</text>",
            LEFT + 190.0 * (index % 2) as f64,
            44 + 16 * (index / 2)
        );
    }
    svg
}

/// Where a value lies between two ends of an axis of powers of ten; what is beyond them lies at the end.
fn place(value: f64, (low, high): (i32, i32), from: f64, to: f64) -> f64 {
    let share = (value.max(1e-9).log10() - f64::from(low)) / f64::from(high - low);
    from + (to - from) * share.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_in_proportion_is_straight() {
        let points = vec![(1e5, 1.0), (1e6, 10.0), (1e7, 100.0)];
        let line = Line { name: "ours", color: "#000", dashed: false, points };
        let svg = drawing(&[Panel { title: "Seconds", powers: (0, 3), lines: vec![line] }]);
        assert!(svg.contains("points=\"60.0,300.0 250.0,226.7 440.0,153.3\""), "{svg}");
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    }

    #[test]
    fn what_is_beyond_an_axis_stays_inside_the_drawing() {
        assert_eq!([0.0, 0.01, 5e9].map(|value| place(value, (0, 3), 300.0, 80.0)), [300.0, 300.0, 80.0]);
    }
}
