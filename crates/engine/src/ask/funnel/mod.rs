//! How many members went through steps, in which time.

mod events;
mod paths;

use std::ops::Range;

use model::{Answer, Figure, FunnelAnswer, FunnelAsk, FunnelBy, FunnelGroup, FunnelStep, StepOrder};

use super::ratio;
use crate::estimate::{Slot, Visit, Walk};
use crate::job::{Asked, Job, JobId, Jobs, Key, Reach, Sums};
use crate::median::median;
use crate::partial::Tally;
use crate::plan::Frame;
use crate::view::View;
use events::Events;
use paths::{AnyOrder, InOrder, Limits, Path, Strict, Walked};

/// A funnel ask, resolved.
pub(crate) struct Funnel {
    job: JobId,
    /// Names of the groups; none without a split.
    names: Vec<String>,
    layout: Layout,
}

/// Where the counters lie: for each group first those who entered, then for each later step a histogram of days.
#[derive(Clone, Copy)]
struct Layout {
    groups: usize,
    steps: usize,
    /// Entries of a histogram: no member takes longer than the limit, nor than there are days.
    days: usize,
}

impl Layout {
    fn group(self) -> usize {
        1 + (self.steps - 1) * self.days
    }
}

impl Funnel {
    pub(crate) fn new(ask: &FunnelAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let events = Events::new(ask, frame);
        let groups = Groups::new(ask.by, frame);
        let names = groups.names.clone();
        let layout = Layout {
            groups: names.len().max(1),
            steps: ask.steps.len(),
            days: (ask.within_days as usize + 1).min(events.days.len()).max(1),
        };
        let window = frame.days(frame.question.window.from(), frame.question.window.to());
        let job = jobs.add(Key::Own, || Count { ask: ask.clone(), window, events, groups, layout });
        Self { job, names, layout }
    }

    fn steps(&self, counters: &[i64], smooth: bool) -> Vec<FunnelStep> {
        let (entered, histograms) = counters.split_at(1);
        let mut before = None;
        let later = histograms.chunks_exact(self.layout.days);
        std::iter::once(entered)
            .chain(later)
            .map(|days| {
                let members: i64 = days.iter().sum();
                let step = FunnelStep {
                    members: Figure::exact(members),
                    rate_from_first: ratio(members, entered[0]),
                    rate_from_previous: before.map_or(Figure::exact(None), |before| ratio(members, before)),
                    median_days: Figure::exact(median(days, smooth && before.is_some())),
                };
                before = Some(members);
                step
            })
            .collect()
    }
}

impl Asked for Funnel {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let counts = &sums.of(self.job).counts;
        let parts = counts.chunks_exact(self.layout.group());
        // Each member is in one group, so the whole is their sum.
        let mut whole = vec![0; self.layout.group()];
        for part in parts.clone() {
            whole.iter_mut().zip(part).for_each(|(sum, count)| *sum += count);
        }
        let group =
            |(id, part): (&String, &[i64])| FunnelGroup { id: id.clone(), steps: self.steps(part, sums.smooth) };
        Answer::Funnel(FunnelAnswer {
            steps: self.steps(&whole, sums.smooth),
            groups: self.names.iter().zip(parts).map(group).collect(),
        })
    }

    fn arrange(&self, answer: &mut Answer, _sums: &Sums<'_>) {
        if let Answer::Funnel(answer) = answer {
            answer.groups.retain(|group| group.steps[0].members.value != 0);
        }
    }
}

impl Walk for FunnelAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        let groups = self.groups.iter_mut().map(|group| &mut group.steps);
        for step in std::iter::once(&mut self.steps).chain(groups).flatten() {
            let support = step.members.value;
            visit(Slot::Count(&mut step.members), support);
            visit(Slot::Ratio(&mut step.rate_from_first), support);
            visit(Slot::Ratio(&mut step.rate_from_previous), support);
            visit(Slot::Median(&mut step.median_days), support);
        }
    }
}

/// What a funnel is split by.
struct Groups {
    by: Option<FunnelBy>,
    names: Vec<String>,
    /// The group of each store or channel.
    of: Vec<u16>,
    /// The group of those without one.
    unknown: u16,
}

impl Groups {
    fn new(by: Option<FunnelBy>, frame: &Frame<'_>) -> Self {
        let dimensions = frame.dimensions();
        let channels = || (0..dimensions.channels.len() as u16).collect();
        let (mut names, of): (Vec<String>, Vec<u16>) = match by {
            None => (Vec::new(), Vec::new()),
            Some(FunnelBy::Region) => (
                dimensions.regions.iter().map(|region| region.id.clone()).collect(),
                dimensions.stores.iter().map(|store| store.region).collect(),
            ),
            Some(_) => (dimensions.channels.iter().map(|channel| channel.id.clone()).collect(), channels()),
        };
        let mut unknown = 0;
        if by.is_some() {
            unknown = names.iter().position(|name| name.is_empty()).unwrap_or(names.len());
            if unknown == names.len() {
                names.push(String::new());
            }
        }
        Self { by, names, of, unknown: unknown as u16 }
    }

    fn of(&self, code: u16) -> usize {
        self.of.get(usize::from(code)).copied().unwrap_or(self.unknown).into()
    }
}

/// Counts members through steps.
struct Count {
    ask: FunnelAsk,
    /// Days of entries.
    window: Range<usize>,
    events: Events,
    groups: Groups,
    layout: Layout,
}

impl Job for Count {
    fn len(&self) -> usize {
        self.layout.groups * self.layout.group()
    }

    fn reach(&self) -> Reach {
        self.events.reach()
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let limits = Limits::new(&self.ask);
        let walked = match self.ask.order {
            StepOrder::InOrder => self.walk(view, InOrder::new(limits)),
            StepOrder::Strict => self.walk(view, Strict::new(limits)),
            StepOrder::Any => self.walk(view, AnyOrder::new(limits)),
        };
        let sources = view.shard.source_channel();
        let (entered, later) = walked.taken.split_first().expect("a funnel has steps");
        let all = walked.place.iter().zip(sources).enumerate();
        for (member, (&place, &source)) in all.filter(|(member, _)| entered[*member] != 0) {
            let group = match self.groups.by {
                None => 0,
                Some(FunnelBy::SourceChannel) => self.groups.of(source.into()),
                Some(FunnelBy::Region | FunnelBy::Channel) => self.groups.of(place),
            };
            let counters = &mut tally.counts[group * self.layout.group()..][..self.layout.group()];
            counters[0] += 1;
            for (step, taken) in later.iter().enumerate().filter(|(_, taken)| taken[member] != 0) {
                counters[1 + step * self.layout.days + usize::from(taken[member]) - 1] += 1;
            }
        }
    }
}

impl Count {
    fn walk(&self, view: &View<'_>, mut path: impl Path) -> Walked {
        let mut walked = Walked::new(self.layout.steps);
        let start = self.events.days.start;
        self.events.for_each_day(view, |day, events| {
            path.day((day - start + 1) as u16, events, self.window.contains(&day), &mut walked);
        });
        walked
    }
}
