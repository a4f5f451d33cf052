//! A funnel lying on its side, in pieces that stand between words: what narrows is what was lost.
//!
//! The pieces stretch to their boxes, so they hold no text; the words around them are the page's.

use super::tenth;

/// The part of `most` that `value` is, in hundredths; never quite nothing, so that a step can be seen.
fn height(value: f64, most: f64) -> f64 {
    if most > 0.0 { (value / most * 100.0).clamp(0.6, 100.0) } else { 0.6 }
}

fn stretched(class: &str, width: f64, inner: &str) -> String {
    let width = tenth(width);
    format!(
        "<svg class=\"chart {class}\" viewBox=\"0 0 {width} 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{inner}</svg>"
    )
}

fn bar(class: &str, x: f64, width: f64, height: f64) -> String {
    format!(
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
        tenth(x),
        tenth(50.0 - height / 2.0),
        tenth(width),
        tenth(height)
    )
}

/// A step of `value` where the first one has `most`; for phones a lying bar.
pub(crate) fn flow_step(value: f64, most: f64) -> String {
    let high = height(value, most);
    let upright = stretched("wide", 100.0, &bar("f-band", 0.0, 100.0, high));
    let lying = format!(
        "<rect class=\"f-lost\" width=\"100\" height=\"100\"/><rect class=\"f-band\" width=\"{}\" height=\"100\"/>",
        tenth(high)
    );
    upright + &stretched("narrow", 100.0, &lying)
}

/// Between two steps: those who go on, and those who are lost.
pub(crate) fn flow_drop(from: f64, to: f64, most: f64) -> String {
    let (a, b) = (height(from, most) / 2.0, height(to, most) / 2.0);
    let kept = format!(
        "<polygon class=\"f-kept\" points=\"0,{} 100,{} 100,{} 0,{}\"/>",
        tenth(50.0 - a),
        tenth(50.0 - b),
        tenth(50.0 + b),
        tenth(50.0 + a)
    );
    stretched("wide", 100.0, &(bar("f-lost", 0.0, 100.0, a * 2.0) + &kept))
}

/// The steps of a small funnel: of each the share that came on from the step before, and as an outline that of all
/// groups together, where `most` fills the box.
pub(crate) fn flow_small(shares: &[f64], of_whole: &[f64], most: f64) -> String {
    let each = 20.0;
    let standing = |class: &str, (i, share): (usize, &f64)| {
        let high = height(*share, most);
        format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            tenth(i as f64 * each),
            tenth(100.0 - high),
            tenth(each - 5.0),
            tenth(high)
        )
    };
    let bars = shares.iter().enumerate().map(|bar| standing("f-kept", bar));
    let outlines = of_whole.iter().enumerate().map(|bar| standing("outline", bar));
    let inner: String = bars.chain(outlines).collect();
    stretched("little", (shares.len() as f64 * each - 5.0).max(1.0), &inner)
}

/// Days in a row, the last of them, so many, not settled yet.
pub(crate) fn flow_days(days: i32, unsettled: i32) -> String {
    let share = f64::from(unsettled) / f64::from(days.max(1)) * 1_000.0;
    let hatch = (0..30)
        .map(|i| 1_000.0 - share + f64::from(i) * 34.0)
        .take_while(|x| *x < 1_000.0)
        .map(|x| {
            let end = (x + 17.0).min(1_000.0);
            format!(
                "<polygon class=\"f-lost\" points=\"{x0},0 {x1},0 {x1},100 {x0},100\"/>",
                x0 = tenth(x),
                x1 = tenth(end)
            )
        })
        .collect::<String>();
    let settled = format!("<rect class=\"f-kept\" width=\"{}\" height=\"100\"/>", tenth(1_000.0 - share));
    let open =
        format!("<rect class=\"f-open\" x=\"{}\" width=\"{}\" height=\"100\"/>", tenth(1_000.0 - share), tenth(share));
    stretched("days", 1_000.0, &(settled + &open + &hatch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_keep_to_their_box_whatever_the_numbers() {
        for (a, b, most) in [(0.0, 0.0, 0.0), (10.0, 0.0, 10.0), (10.0, 20.0, 10.0), (-5.0, f64::NAN, 5.0)] {
            for text in [flow_step(a, most), flow_drop(a, b, most)] {
                assert!(text.starts_with("<svg") && text.ends_with("</svg>"));
                assert!(!text.contains("=\"-") && !text.contains("style="), "{text}");
            }
        }
        assert!(flow_small(&[], &[], 0.0).contains("viewBox=\"0 0 1 100\""));
        assert!(flow_step(5.0, 10.0).contains("y=\"25\" width=\"100\" height=\"50\""));
        assert!(flow_days(90, 30).contains("f-open"));
        assert!(flow_days(0, 0).ends_with("</svg>"));
    }
}
