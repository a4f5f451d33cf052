//! Charts as SVG text, the same on server and browser.
//!
//! Shapes are drawn by plotters on a canvas ten times as fine as the view box; words are left to the browser.
//! Colours leave plotters as markers and become classes ([`Ink`]), so that themes change without a new drawing
//! and no `style` attribute is ever needed. Marks that can be focused carry their own tooltip, shown by CSS.

mod curves;
mod flow;
mod funnel;
mod rungs;
mod scatter;
mod spark;
mod stacked;
mod strip;
mod trend;
mod waterfall;

use plotters::coord::Shift;
use plotters::prelude::*;

pub(crate) use curves::{Curve, Guide, Plot, Stop, curves};
pub(crate) use flow::{flow_days, flow_drop, flow_small, flow_step};
pub(crate) use funnel::{FunnelStep, funnel};
pub(crate) use rungs::{RungBar, RungWords, rungs};
pub(crate) use scatter::{Axis, ScatterDot, scatter};
pub(crate) use spark::{spark, spark_of};
pub(crate) use stacked::{Column, stacked};
pub(crate) use strip::{StripDot, strip};
pub(crate) use trend::{TrendPoint, trend};
pub(crate) use waterfall::{Bar, BarKind, waterfall};

/// Units of plotters' canvas in one unit of the view box.
const FINE: f64 = 10.0;

/// The canvas charts are drawn on.
type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// What a shape means; its class is `f-…` when filled, `s-…` when stroked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Total,
    Up,
    Down,
    Current,
    Previous,
    Partial,
    Target,
    Grid,
    Link,
    Area,
    Band,
    Taper,
    Spark,
    Dot,
    Bubble,
    /// The first of several lines, and the others: told apart by colour and by their names at their ends.
    Line0,
    Line1,
    Line2,
    Line3,
    Line4,
    Line5,
    /// A line that stands behind the others.
    Behind,
    /// What is left of a bar.
    Rest,
}

const INKS: [(Ink, &str); 23] = [
    (Ink::Total, "total"),
    (Ink::Up, "up"),
    (Ink::Down, "down"),
    (Ink::Current, "cur"),
    (Ink::Previous, "prev"),
    (Ink::Partial, "part"),
    (Ink::Target, "aim"),
    (Ink::Grid, "grid"),
    (Ink::Link, "link"),
    (Ink::Area, "area"),
    (Ink::Band, "band"),
    (Ink::Taper, "taper"),
    (Ink::Spark, "spark"),
    (Ink::Dot, "dot"),
    (Ink::Bubble, "bubble"),
    (Ink::Line0, "line0"),
    (Ink::Line1, "line1"),
    (Ink::Line2, "line2"),
    (Ink::Line3, "line3"),
    (Ink::Line4, "line4"),
    (Ink::Line5, "line5"),
    (Ink::Behind, "behind"),
    (Ink::Rest, "rest"),
];

impl Ink {
    fn color(self) -> RGBColor {
        RGBColor(1, 2, 16 + self as u8)
    }
}

/// Two shapes of the same chart: for wide and for narrow places; CSS shows one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Wide,
    Narrow,
}

impl Shape {
    fn class(self) -> &'static str {
        match self {
            Self::Wide => "chart wide",
            Self::Narrow => "chart narrow",
        }
    }
}

/// Draws shapes and returns their markup, colours turned into classes, to be put into an `<svg>`.
fn paint(width: f64, height: f64, draw: &dyn Fn(&Pen<'_, '_>)) -> String {
    let mut text = String::new();
    {
        let size = ((width * FINE) as u32, (height * FINE) as u32);
        let canvas = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&Pen(&canvas));
        // Writing into a string cannot fail; dropping the canvas closes the document.
        let _ = canvas.present();
    }
    let start = text.find('>').map_or(0, |i| i + 1);
    let end = text.rfind("</svg>").unwrap_or(text.len());
    let mut inner = text.get(start..end).unwrap_or_default().replace('\n', "");
    for (ink, class) in INKS {
        let RGBColor(r, g, b) = ink.color();
        let marker = format!("\"#{r:02X}{g:02X}{b:02X}\"");
        inner = inner
            .replace(&format!("fill={marker}"), &format!("class=\"f-{class}\""))
            .replace(&format!("stroke={marker}"), &format!("class=\"s-{class}\""));
    }
    inner = inner.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace("<rect ", "<rect rx=\"25\" ");
    format!("<g transform=\"scale(.1)\" aria-hidden=\"true\">{inner}</g>")
}

/// Draws in view-box units.
struct Pen<'a, 'b>(&'a Canvas<'b>);

impl Pen<'_, '_> {
    fn rect(&self, x: f64, y: f64, width: f64, height: f64, ink: Ink) {
        let corners = [fine(x, y), fine(x + width, y + height)];
        let _ = self.0.draw(&Rectangle::new(corners, ink.color().filled()));
    }

    fn line(&self, points: &[(f64, f64)], width: f64, ink: Ink) {
        let points: Vec<_> = points.iter().map(|(x, y)| fine(*x, *y)).collect();
        if points.len() > 1 {
            let style = ink.color().stroke_width((width * FINE) as u32);
            let _ = self.0.draw(&PathElement::new(points, style));
        }
    }

    fn polygon(&self, points: &[(f64, f64)], ink: Ink) {
        let points: Vec<_> = points.iter().map(|(x, y)| fine(*x, *y)).collect();
        let _ = self.0.draw(&Polygon::new(points, ink.color().filled()));
    }

    fn dot(&self, x: f64, y: f64, radius: f64, ink: Ink) {
        let size = (radius * FINE) as i32;
        let _ = self.0.draw(&Circle::new(fine(x, y), size, ink.color().filled()));
    }
}

fn fine(x: f64, y: f64) -> (i32, i32) {
    ((x * FINE).round() as i32, (y * FINE).round() as i32)
}

/// Wraps drawings into an accessible `<svg>`; a label of nothing makes it decoration.
fn svg(class: &str, width: f64, height: f64, label: &str, inner: &str) -> String {
    let role = if label.is_empty() {
        "aria-hidden=\"true\"".to_owned()
    } else {
        format!("role=\"group\" aria-label=\"{}\"", escape(label))
    };
    format!("<svg class=\"{class}\" viewBox=\"0 0 {} {}\" {role}>{inner}</svg>", width as i32, height as i32)
}

/// A word in a drawing.
fn word(out: &mut String, class: &str, x: f64, y: f64, text: &str) {
    out.push_str(&format!("<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", tenth(x), tenth(y), escape(text)));
}

/// Where a mark's tooltip stands.
#[derive(Clone, Copy)]
enum Tip {
    /// Centred above the mark.
    Above,
    /// Beside this `x`, its top edge here, or its foot where `true`, so that lines stay in sight.
    Beside(f64, f64, bool),
}

/// A focusable mark: an invisible area to hit, its name for screen readers, its tooltip.
fn mark(out: &mut String, area: (f64, f64, f64, f64), canvas_width: f64, tip: Tip, extra: &str, lines: &[String]) {
    let open = format!("<g class=\"mark\" tabindex=\"0\" role=\"img\" aria-label=\"{}\">", escape(&lines.join(", ")));
    out.push_str(&open);
    marked(out, area, canvas_width, tip, extra, lines);
    out.push_str("</g>");
}

/// A mark that is a link. Where a drawing has hundreds, Tab enters at the `first` alone, and arrows do the rest.
#[expect(clippy::too_many_arguments, reason = "a mark's place, words and target")]
fn mark_to(
    out: &mut String,
    area: (f64, f64, f64, f64),
    canvas_width: f64,
    tip: Tip,
    extra: &str,
    lines: &[String],
    href: &str,
    first: bool,
) {
    out.push_str(&format!(
        "<a class=\"mark\" href=\"{}\" data-nav=\"\" tabindex=\"{}\" aria-label=\"{}\">",
        escape(href),
        if first { 0 } else { -1 },
        escape(&lines.join(", "))
    ));
    marked(out, area, canvas_width, tip, extra, lines);
    out.push_str("</a>");
}

/// What is inside a mark.
fn marked(out: &mut String, area: (f64, f64, f64, f64), canvas_width: f64, tip: Tip, extra: &str, lines: &[String]) {
    let (x, y, width, height) = area;
    let longest = lines.iter().map(|line| text_width(line)).fold(0.0, f64::max);
    let (tip_width, tip_height) = (longest + 20.0, 12.0 + 17.0 * lines.len() as f64);
    let furthest = (canvas_width - tip_width).max(0.0);
    let (tip_x, tip_y) = match tip {
        Tip::Above => {
            let centred = (x + width / 2.0 - tip_width / 2.0).clamp(0.0, furthest);
            (centred, (y - tip_height - 6.0).max(2.0))
        }
        Tip::Beside(x, edge, foot) => {
            let right = x + 12.0;
            let side = if right > furthest { x - 12.0 - tip_width } else { right };
            (side.max(0.0), if foot { edge - tip_height } else { edge })
        }
    };
    out.push_str(&format!(
        "<rect class=\"hit\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>{extra}\
         <g class=\"tip\" aria-hidden=\"true\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>",
        tenth(x),
        tenth(y),
        tenth(width),
        tenth(height),
        tenth(tip_x),
        tenth(tip_y),
        tenth(tip_width),
        tenth(tip_height),
    ));
    for (i, line) in lines.iter().enumerate() {
        let class = if i == 0 { "t0" } else { "t1" };
        word(out, class, tip_x + 10.0, tip_y + 19.0 + 17.0 * i as f64, line);
    }
    out.push_str("</g>");
}

/// About how wide a line of 12-unit text is: full-width signs take 12, others 7.
fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if c >= '\u{2e80}' { 12.4 } else { 7.0 }).sum()
}

/// Text for markup: `<`, `>`, `&`, quotes escaped, control characters dropped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A coordinate with one decimal, without the float formatter.
fn tenth(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let size = tenths.unsigned_abs();
    match size % 10 {
        0 => format!("{sign}{}", size / 10),
        rest => format!("{sign}{}.{rest}", size / 10),
    }
}

/// Round values that span `low..=high` in about `count` steps of 1, 2 or 5 times a power of ten.
fn ticks(low: f64, high: f64, count: f64) -> Vec<f64> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return vec![low];
    }
    let mut step = 1e-9;
    'search: loop {
        for factor in [1.0, 2.0, 5.0] {
            if span / (step * factor) <= count {
                step *= factor;
                break 'search;
            }
        }
        step *= 10.0;
    }
    let first = (low / step).floor() as i64;
    let last = (high / step).ceil() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_span() {
        assert_eq!(ticks(3.0, 97.0, 5.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(5.0, 5.0, 5.0), [5.0]);
        assert_eq!(ticks(f64::NAN, 5.0, 5.0).len(), 1);
    }

    #[test]
    fn colours_become_classes_and_no_style_attribute_appears() {
        let text = paint(100.0, 50.0, &|pen| {
            pen.rect(0.0, 0.0, 10.0, 10.0, Ink::Up);
            pen.line(&[(0.0, 0.0), (5.0, 5.0)], 2.0, Ink::Current);
            pen.polygon(&[(0.0, 0.0), (5.0, 5.0), (0.0, 5.0)], Ink::Taper);
            pen.dot(1.0, 1.0, 2.5, Ink::Dot);
        });
        for class in ["f-up", "s-cur", "f-taper", "f-dot"] {
            assert!(text.contains(class), "{class} in {text}");
        }
        assert!(!text.contains("style=") && !text.contains('#'), "{text}");
    }

    #[test]
    fn markup_in_names_stays_text() {
        assert_eq!(escape("<b>\"&'\u{7}"), "&lt;b&gt;&quot;&amp;&#39;");
    }
}
