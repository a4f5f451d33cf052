//! Columns of stacked parts: what a whole was made of at the end of each period.
//!
//! The first part stands on the ground, where columns compare best. A column may lead somewhere.

use super::{Shape, Tip, escape, mark, svg, tenth, text_width, ticks, word};

/// One column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Under the axis.
    pub(crate) label: String,
    /// Sizes from the ground up; drawn in the classes `part-0`, `part-1` …
    pub(crate) parts: Vec<i64>,
    /// Where it leads.
    pub(crate) href: Option<String>,
    /// Lines of the tooltip.
    pub(crate) lines: Vec<String>,
}

/// Draws the columns; `axis` writes a tick's value.
pub(crate) fn stacked(columns: &[Column], shape: Shape, label: &str, axis: &dyn Fn(f64) -> String) -> String {
    let (width, height) = match shape {
        Shape::Wide => (520.0, 290.0),
        Shape::Narrow => (360.0, 240.0),
    };
    let whole = |column: &Column| column.parts.iter().map(|part| (*part).max(0) as f64).sum::<f64>();
    let high = columns.iter().map(whole).fold(0.0, f64::max);
    let steps = ticks(0.0, high.max(1.0), 4.5);
    let top = steps.last().copied().unwrap_or(1.0);
    let left = steps.iter().map(|v| text_width(&axis(*v))).fold(20.0, f64::max) * 0.94 + 8.0;
    let (right, ceiling, ground) = (width - 4.0, 14.0, height - 32.0);
    let y = |value: f64| ground - value / top * (ground - ceiling);
    let slot = (right - left) / columns.len().max(1) as f64;
    let wide = (slot * 0.66).clamp(1.0, 56.0);

    let mut out = String::new();
    for tick in &steps {
        let at = tenth(y(*tick));
        out.push_str(&format!("<path class=\"s-grid\" d=\"M{} {at}H{}\"/>", tenth(left), tenth(right)));
        word(&mut out, "ax", left - 8.0, y(*tick) + 4.0, &axis(*tick));
    }
    let widest = columns.iter().map(|c| text_width(&c.label)).fold(1.0, f64::max) + 10.0;
    let every = ((widest / slot).ceil() as usize).max(1);
    for (i, column) in columns.iter().enumerate() {
        let middle = left + slot * (i as f64 + 0.5);
        let mut extra = String::new();
        let mut sum = 0.0;
        for (k, part) in column.parts.iter().enumerate() {
            let size = (*part).max(0) as f64;
            extra.push_str(&format!(
                "<rect class=\"part-{k}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                tenth(middle - wide / 2.0),
                tenth(y(sum + size)),
                tenth(wide),
                tenth(y(sum) - y(sum + size)),
            ));
            sum += size;
        }
        // The last column is the one that counts: its label stands, others give way.
        if (columns.len() - 1 - i).is_multiple_of(every) {
            word(&mut out, "lab", middle, height - 10.0, &column.label);
        }
        let tip = Tip::Beside(middle, ceiling, false);
        let area = (left + slot * i as f64, ceiling, slot, ground - ceiling);
        let mut one = String::new();
        mark(&mut one, area, width, tip, &extra, &column.lines);
        out.push_str(&match &column.href {
            Some(href) => linked(&one, href),
            None => one,
        });
    }
    svg(shape.class(), width, height, label, &out)
}

/// A mark as a link: the same look, name and keys.
fn linked(mark: &str, href: &str) -> String {
    let open = format!("<a class=\"mark\" href=\"{}\" data-nav=\"\"", escape(href));
    let inner = mark.replacen("<g class=\"mark\" tabindex=\"0\" role=\"img\"", &open, 1);
    inner.strip_suffix("</g>").map(|rest| rest.to_owned() + "</a>").unwrap_or(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(parts: &[i64]) -> Column {
        Column { label: "<1>".into(), parts: parts.to_vec(), href: Some("/?a=1&b=2".into()), lines: vec!["x".into()] }
    }

    #[test]
    fn columns_are_links_that_close_where_they_opened() {
        let text = stacked(&[column(&[3, 2, 1]), column(&[0, 0, 0])], Shape::Wide, "l", &|v| (v as i64).to_string());
        assert_eq!(text.matches("<a class=\"mark\" href=\"/?a=1&amp;b=2\"").count(), 2);
        assert_eq!(text.matches("<a ").count(), text.matches("</a>").count());
        assert_eq!(text.matches("<g").count(), text.matches("</g>").count());
        assert!(text.contains("&lt;1&gt;") && !text.contains("NaN"), "{text}");
    }

    #[test]
    fn none_and_hostile_sizes_draw_without_panic() {
        for columns in [vec![], vec![column(&[])], vec![column(&[-5, i64::MAX, i64::MAX])]] {
            let text = stacked(&columns, Shape::Narrow, "", &|_| String::new());
            assert!(text.starts_with("<svg") && !text.contains("NaN"), "{text}");
        }
    }
}
