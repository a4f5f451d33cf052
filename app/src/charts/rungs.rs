//! The ladder drawn: each rung as wide as its members, its full part those who went on; beside it the money at stake.

use super::{Ink, Shape, Tip, mark_to, paint, svg, text_width, word};

/// One rung.
#[derive(Clone, Debug)]
pub(crate) struct RungBar {
    /// Its name.
    pub(crate) name: String,
    /// Members who reached it, and those of them who went on.
    pub(crate) members: i64,
    pub(crate) next: i64,
    /// Money at stake, minor units.
    pub(crate) stake: i64,
    /// The numbers as they are written.
    pub(crate) members_shown: String,
    pub(crate) pass_shown: String,
    /// How sure the pass rate is; empty where it is exact.
    pub(crate) pass_doubt: String,
    pub(crate) stake_shown: String,
    /// Whether it is the one with most at stake.
    pub(crate) leads: bool,
    /// Where a click leads.
    pub(crate) href: String,
    /// Lines of the tooltip.
    pub(crate) lines: Vec<String>,
}

/// The heads of the columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RungWords {
    pub(crate) members: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) stake: &'static str,
}

/// Draws the rungs, the first on top.
pub(crate) fn rungs(bars: &[RungBar], shape: Shape, label: &str, words: RungWords) -> String {
    match shape {
        Shape::Wide => wide(bars, label, words),
        Shape::Narrow => narrow(bars, label, words),
    }
}

fn largest(bars: &[RungBar], of: impl Fn(&RungBar) -> i64) -> f64 {
    bars.iter().map(of).max().unwrap_or(0).max(1) as f64
}

fn split(members: i64, next: i64, full: f64, most: f64) -> (f64, f64) {
    let all = (members.max(0) as f64 / most * full).max(2.0);
    let on = if members > 0 { all * (next.clamp(0, members) as f64 / members as f64) } else { 0.0 };
    (all, on)
}

fn wide(bars: &[RungBar], label: &str, words: RungWords) -> String {
    let (width, row, head, bar) = (1080.0, 42.0, 30.0, 26.0);
    let height = head + row * bars.len() as f64 + 2.0;
    let (most, dear) = (largest(bars, |b| b.members), largest(bars, |b| b.stake));
    let name_width = bars.iter().map(|b| text_width(&b.name)).fold(40.0, f64::max) + 18.0;
    let (left, full, pass, stake) = (name_width, 536.0 - name_width, 712.0, 770.0);
    let money = width - stake - bars.iter().map(|b| text_width(&b.stake_shown)).fold(60.0, f64::max) - 14.0;
    let top = |i: usize| head + row * i as f64 + (row - bar) / 2.0;
    let mut out = paint(width, height, &|pen| {
        for (i, b) in bars.iter().enumerate() {
            let (all, on) = split(b.members, b.next, full, most);
            pen.rect(left, top(i), all, bar, Ink::Rest);
            if on >= 0.5 {
                pen.rect(left, top(i), on, bar, Ink::Band);
            }
            let size = (b.stake.max(0) as f64 / dear * money).max(2.0);
            pen.rect(stake, top(i) + 5.0, size, bar - 10.0, if b.leads { Ink::Line1 } else { Ink::Total });
        }
    });
    word(&mut out, "colhead", left, 16.0, words.members);
    word(&mut out, "colhead end", pass, 16.0, words.pass);
    word(&mut out, "colhead", stake, 16.0, words.stake);
    for (i, b) in bars.iter().enumerate() {
        let base = top(i) + bar / 2.0 + 4.5;
        let (all, _) = split(b.members, b.next, full, most);
        word(&mut out, "rungname", 0.0, base, &b.name);
        word(&mut out, "rungnum", left + all + 8.0, base, &b.members_shown);
        word(&mut out, "rungpass", pass, base, &b.pass_shown);
        word(&mut out, "rungpm", pass, base + 12.0, &b.pass_doubt);
        let size = (b.stake.max(0) as f64 / dear * money).max(2.0);
        word(&mut out, if b.leads { "rungnum leads" } else { "rungnum" }, stake + size + 8.0, base, &b.stake_shown);
    }
    for (i, b) in bars.iter().enumerate() {
        let area = (0.0, head + row * i as f64 + 1.0, width, row - 2.0);
        mark_to(
            &mut out,
            area,
            width,
            Tip::Beside(left + full * 0.5, tip_top(area, b, height), false),
            "",
            &b.lines,
            &b.href,
            true,
        );
    }
    svg(Shape::Wide.class(), width, height, label, &out)
}

/// Below the row it tells of, or above where there is no room.
fn tip_top(area: (f64, f64, f64, f64), bar: &RungBar, height: f64) -> f64 {
    let tall = 12.0 + 17.0 * bar.lines.len() as f64;
    let below = area.1 + area.3 + 2.0;
    if below + tall > height { (area.1 - tall - 2.0).max(0.0) } else { below }
}

fn narrow(bars: &[RungBar], label: &str, words: RungWords) -> String {
    let (width, row, bar) = (360.0, 62.0, 18.0);
    let height = row * bars.len() as f64 + 4.0;
    let most = largest(bars, |b| b.members);
    let top = |i: usize| row * i as f64 + 22.0;
    let mut out = paint(width, height, &|pen| {
        for (i, b) in bars.iter().enumerate() {
            let (all, on) = split(b.members, b.next, width, most);
            pen.rect(0.0, top(i), all, bar, Ink::Rest);
            if on >= 0.5 {
                pen.rect(0.0, top(i), on, bar, Ink::Band);
            }
        }
    });
    for (i, b) in bars.iter().enumerate() {
        word(&mut out, "rungname", 0.0, top(i) - 6.0, &b.name);
        word(&mut out, "rungpass", width, top(i) - 6.0, &[words.pass, " ", &b.pass_shown, " ", &b.pass_doubt].concat());
        word(&mut out, "colhead", 0.0, top(i) + bar + 14.0, &b.members_shown);
        let class = if b.leads { "rungstake leads" } else { "rungstake" };
        word(&mut out, class, width, top(i) + bar + 14.0, &[words.stake, " ", &b.stake_shown].concat());
    }
    for (i, b) in bars.iter().enumerate() {
        let area = (0.0, row * i as f64, width, row - 2.0);
        mark_to(&mut out, area, width, Tip::Beside(0.0, tip_top(area, b, height), false), "", &b.lines, &b.href, true);
    }
    svg(Shape::Narrow.class(), width, height, label, &out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_zero_rungs_draw_without_panic_and_escape_what_they_say() {
        let bar = |members, next| RungBar {
            name: "<i>".into(),
            members,
            next,
            stake: 0,
            members_shown: "1".into(),
            pass_shown: "–".into(),
            pass_doubt: String::new(),
            stake_shown: "0".into(),
            leads: false,
            href: "/ladder?a=1&b=\"".into(),
            lines: vec!["x".into()],
        };
        let words = RungWords { members: "m", pass: "p", stake: "s" };
        for shape in [Shape::Wide, Shape::Narrow] {
            for bars in [vec![], vec![bar(0, 0)], vec![bar(10, 10), bar(10, 99), bar(-1, -1)]] {
                let text = rungs(&bars, shape, "l", words);
                assert!(text.starts_with("<svg") && !text.contains("NaN") && !text.contains("<i>"), "{text}");
                assert!(!text.contains("b=\"\""), "{text}");
            }
        }
    }
}
