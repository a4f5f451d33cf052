//! The page in one sentence: how many entered, how many came through, where most were lost, and which groups differ.

use model::{Figure, FunnelAnswer, FunnelGroup, FunnelStep, Ratio};

use super::answers::{answers, group_name, step_names};
use super::chance;
use super::groups::filtered;
use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

/// Groups with fewer entries are not called best or worst.
const FEW: i64 = 30;

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answer) = answers(page) else {
        return Vec::new();
    };
    let names = step_names(page);
    let (Some(first), Some(last)) = (answer.steps.first(), answer.steps.last()) else {
        return Vec::new();
    };
    let (Some(entry), Some(goal)) = (names.first(), names.last()) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    if first.members.value == 0 {
        out.say(&t!(lang, funnel.say_funnel_nobody, step = strong(entry)));
        return out.0;
    }
    let entered = style.count(first.members.value);
    let through = format::percent(last.rate_from_first.value);
    out.say(&t!(
        lang,
        funnel.say_funnel,
        entered = strong(entered),
        entry = strong(entry.clone()),
        share = strong(through),
        goal = strong(goal.clone())
    ));
    if let Some((at, lost)) = worst(&answer.steps)
        && let (Some(from), Some(to)) = (names.get(at), names.get(at + 1))
    {
        out.say(&t!(
            lang,
            funnel.say_funnel_lost,
            from = strong(from.clone()),
            to = strong(to.clone()),
            lost = strong(style.count(lost))
        ));
    }
    if let Some((low, high)) = ends(answer) {
        let name = |group: &FunnelGroup| group_name(page, group);
        let share = |group: &FunnelGroup| format::percent(through_of(group).value);
        out.plain(t!(lang, funnel.say_groups));
        link(&mut out, page, low, name(low));
        out.say(&t!(lang, funnel.say_lowest, share = strong(share(low))));
        link(&mut out, page, high, name(high));
        out.say(&t!(lang, funnel.say_highest, share = strong(share(high))));
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}

fn link(out: &mut Sentence, page: &Page, group: &FunnelGroup, name: String) {
    match filtered(page, &group.id) {
        Some(href) => out.link(name, href),
        None => out.strong(name),
    }
}

/// The step after which most are lost, and how many; none where no loss is surely the largest.
pub(super) fn worst(steps: &[FunnelStep]) -> Option<(usize, i64)> {
    if steps.len() < 3 {
        return None;
    }
    let losses: Vec<Figure<i64>> = steps.windows(2).map(|pair| lost(&pair[0].members, &pair[1].members)).collect();
    let (at, most) = losses.iter().enumerate().max_by_key(|(_, lost)| lost.value)?;
    let sure = |(other, lost): (usize, &Figure<i64>)| other == at || most.low > lost.high;
    (most.low > 0 && !most.too_few && losses.iter().enumerate().all(sure)).then_some((at, most.value))
}

/// How many of one step did not reach the next; the interval is wider than it need be, never narrower.
pub(super) fn lost(before: &Figure<i64>, after: &Figure<i64>) -> Figure<i64> {
    Figure {
        value: before.value.saturating_sub(after.value),
        low: before.low.saturating_sub(after.high),
        high: before.high.saturating_sub(after.low),
        too_few: before.too_few || after.too_few,
    }
}

fn through_of(group: &FunnelGroup) -> Ratio {
    group.steps.last().map_or(Ratio::exact(None), |step| step.rate_from_first)
}

/// The groups of which fewest and most came through, where chance does not explain that they do.
fn ends(answer: &FunnelAnswer) -> Option<(&FunnelGroup, &FunnelGroup)> {
    let large = |group: &&FunnelGroup| group.steps.first().is_some_and(|step| step.members.value >= FEW);
    let known = answer.groups.iter().filter(large);
    let mut rated: Vec<(f64, &FunnelGroup)> =
        known.filter(|g| !through_of(g).too_few).filter_map(|g| Some((through_of(g).value?, g))).collect();
    rated.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (low, high) = (rated.first()?.1, rated.last()?.1);
    let apart =
        |a: &FunnelGroup, b: &FunnelGroup| chance::through(a).zip(chance::through(b)).is_some_and(|(a, b)| a.1 < b.0);
    apart(low, high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use model::Answer;

    use super::*;
    use crate::i18n::Lang;
    use crate::pages::tests::said;

    fn around(value: i64, half: i64) -> Figure<i64> {
        Figure { value, low: value - half, high: value + half, too_few: false }
    }

    fn chain(counts: &[i64], half: i64) -> Vec<FunnelStep> {
        let first = counts[0].max(1) as f64;
        let share = |n: i64| n as f64 / first;
        let rate = |n: i64| Figure {
            value: Some(share(n)),
            low: Some(share(n - half)),
            high: Some(share(n + half)),
            too_few: false,
        };
        let step = |n: &i64| FunnelStep {
            members: around(*n, half),
            rate_from_first: rate(*n),
            rate_from_previous: rate(*n),
            median_days: Ratio::exact(Some(1.0)),
        };
        counts.iter().map(step).collect()
    }

    #[test]
    fn the_largest_loss_is_named_only_where_it_surely_is_the_largest() {
        assert_eq!(worst(&chain(&[100, 40, 30], 0)), Some((0, 60)));
        // As many lost at either step, or within what is not known yet.
        assert_eq!(worst(&chain(&[100, 70, 40], 0)), None);
        assert_eq!(worst(&chain(&[100, 40, 30], 20)), None);
        assert_eq!(worst(&chain(&[100, 40, 30], 5)), Some((0, 60)));
        assert_eq!(worst(&chain(&[100, 100, 100], 0)), None);
        assert_eq!(worst(&chain(&[100, 40], 0)), None);
        let mut few = chain(&[100, 40, 30], 0);
        few[1].members.too_few = true;
        assert_eq!(worst(&few), None);
    }

    /// Every list of three counts that falls, with every doubt: what is said never contradicts the numbers.
    #[test]
    fn what_is_said_holds_at_both_ends_of_every_interval() {
        let mut named = 0;
        for a in 0..8 {
            for (b, c) in (0..=a).flat_map(|b| (0..=b).map(move |c| (b, c))) {
                for half in 0..3 {
                    let steps = chain(&[a * 10, b * 10, c * 10], half * 5);
                    let Some((at, lost)) = worst(&steps) else { continue };
                    named += 1;
                    let losses = [(a - b) * 10, (b - c) * 10];
                    assert_eq!(lost, losses[at]);
                    assert!(losses[at] - half * 10 > losses[1 - at] + half * 10, "{a} {b} {c} ± {half}");
                }
            }
        }
        assert!(named > 50, "{named}");
    }

    fn grouped(groups: &[(&str, &[i64])], half: i64) -> Answer {
        let group = |(id, counts): &(&str, &[i64])| FunnelGroup { id: (*id).into(), steps: chain(counts, half) };
        Answer::Funnel(FunnelAnswer {
            steps: chain(&[1000, 500, 300, 100], 0),
            groups: groups.iter().map(group).collect(),
        })
    }

    #[test]
    fn groups_are_called_best_and_worst_only_where_they_surely_are() {
        let say = |groups: &[(&str, &[i64])], half| said("/funnel", "", Lang::En, vec![grouped(groups, half)]);
        let two: &[(&str, &[i64])] = &[("华东", &[200, 99, 98, 4]), ("华南", &[100, 99, 98, 30])];
        assert!(
            say(two, 0).contains("; least came through in 华东 (2.00%), most in 华南 (30.00%)."),
            "{}",
            say(two, 0)
        );
        assert!(!say(two, 12).contains("least"), "the intervals meet");
        let small: &[(&str, &[i64])] = &[("华东", &[200, 99, 98, 4]), ("华南", &[29, 29, 29, 29])];
        assert!(!say(small, 0).contains("least"), "too few entered in one");
        let same: &[(&str, &[i64])] = &[("华东", &[200, 9, 8, 4]), ("华南", &[100, 9, 8, 5])];
        assert!(!say(same, 0).contains("least"), "chance alone explains it");
    }
}
