//! The formula, whole and by a dimension, and what each factor contributed.

use std::collections::BTreeSet;

use model::{Answer, Contributions, Figure, GrowthAnswer, GrowthAsk, GrowthGroup};

use super::factors;
use crate::counts::Counts;
use crate::estimate::{Slot, Visit, Walk};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::{Cells, Cut, Spans};
use crate::lmdi::{Split, contributions};
use crate::plan::Frame;

/// A growth ask, resolved.
pub(crate) struct Growth {
    whole: JobId,
    /// The job of the split and the names of its values.
    by: Option<(JobId, Vec<String>)>,
    windows: usize,
    top: Option<usize>,
}

impl Growth {
    pub(crate) fn new(ask: &GrowthAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let windows = frame.spans();
        let by = ask.by.map(|by| {
            let cut = Cut::new(by, frame.manifest);
            let names = cut.names.clone();
            (jobs.add(Key::By(by, true), || Cells { windows: windows.clone(), cut, touches: true }), names)
        });
        let count = windows.len();
        let whole = jobs.add(Key::Whole, || Spans(windows));
        Self { whole, by, windows: count, top: ask.top.map(|top| top as usize) }
    }

    fn groups(&self, sums: &Sums<'_>) -> Vec<GrowthGroup> {
        let Some((job, names)) = &self.by else { return Vec::new() };
        let cells = Counts::cells(&sums.of(*job).counts);
        let group = |(value, name): (usize, &String)| {
            let after = &cells[value];
            let before = (self.windows > 1).then(|| &cells[names.len() + value]);
            let split = before.map(|before| contributions(after, before));
            GrowthGroup {
                id: name.clone(),
                window: factors(after),
                compare: before.map(factors),
                contributions: split.map(figures),
                zero_case: split.and_then(|s| s.zero_case),
            }
        };
        names.iter().enumerate().map(group).collect()
    }
}

impl Asked for Growth {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let whole = Counts::cells(&sums.of(self.whole).counts);
        let before = whole.get(1);
        let split = before.map(|before| contributions(&whole[0], before));
        let groups = self.groups(sums);
        Answer::Growth(Box::new(GrowthAnswer {
            window: factors(&whole[0]),
            compare: before.map(factors),
            contributions: split.map(figures),
            zero_case: split.and_then(|s| s.zero_case),
            mix: self.by.as_ref().and(split).map(|whole| mix(whole, &groups)),
            groups,
        }))
    }

    fn arrange(&self, answer: &mut Answer, _sums: &Sums<'_>) {
        let Answer::Growth(answer) = answer else { return };
        answer.groups.retain(|group| std::iter::once(&group.window).chain(&group.compare).any(has_facts));
        if let Some(top) = self.top {
            answer.groups = movers(std::mem::take(&mut answer.groups), top);
        }
    }
}

fn has_facts(factors: &model::Factors) -> bool {
    factors.users.value != 0 || factors.orders.value != 0
}

fn figures(split: Split) -> Contributions {
    let [users, conversion, frequency, aov] = split.parts.map(Figure::exact);
    Contributions { users, conversion, frequency, aov }
}

/// What is left of the whole's parts after the groups': shifting weights, and members who shop in several groups.
fn mix(whole: Split, groups: &[GrowthGroup]) -> Contributions {
    let mut left = whole.parts;
    for part in groups.iter().filter_map(|g| g.contributions) {
        for (left, figure) in left.iter_mut().zip([part.users, part.conversion, part.frequency, part.aov]) {
            *left -= figure.value;
        }
    }
    figures(Split { parts: left, zero_case: None })
}

/// The groups whose sales rose most and fell most, in the dimension's order.
fn movers(groups: Vec<GrowthGroup>, top: usize) -> Vec<GrowthGroup> {
    let change = |g: &GrowthGroup| g.window.sales.value - g.compare.as_ref().map_or(0, |c| c.sales.value);
    let mut order: Vec<(i64, usize)> = groups.iter().enumerate().map(|(i, group)| (change(group), i)).collect();
    order.sort_unstable();
    let fell = order.iter().filter(|(change, _)| *change < 0).take(top);
    let rose = order.iter().rev().filter(|(change, _)| *change > 0).take(top);
    let kept: BTreeSet<usize> = fell.chain(rose).map(|(_, i)| *i).collect();
    groups.into_iter().enumerate().filter(|(i, _)| kept.contains(i)).map(|(_, group)| group).collect()
}

impl Walk for GrowthAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        let walk_contributions = |parts: &mut Contributions, support: i64, visit: Visit<'_>| {
            for part in [&mut parts.users, &mut parts.conversion, &mut parts.frequency, &mut parts.aov] {
                visit(Slot::Derived(part), support);
            }
        };
        let support = |now: &model::Factors, before: Option<&model::Factors>| {
            now.buyers.value.min(before.map_or(0, |before| before.buyers.value))
        };
        let whole = support(&self.window, self.compare.as_ref());
        self.window.walk(visit);
        if let Some(compare) = &mut self.compare {
            compare.walk(visit);
        }
        if let Some(parts) = &mut self.contributions {
            walk_contributions(parts, whole, visit);
        }
        if let Some(mix) = &mut self.mix {
            walk_contributions(mix, whole, visit);
        }
        for group in &mut self.groups {
            let buyers = support(&group.window, group.compare.as_ref());
            group.window.walk(visit);
            if let Some(compare) = &mut group.compare {
                compare.walk(visit);
            }
            if let Some(parts) = &mut group.contributions {
                walk_contributions(parts, buyers, visit);
            }
        }
    }
}
