//! A question resolved against a manifest: numbers instead of names, row ranges instead of dates.

use std::ops::Range;

use model::{Answer, Answers, Ask, Coverage, Day, Dimensions, Manifest, Question, QuestionError, Window};
use snapshot::{Shard, snapshot_id};

use crate::ask;
use crate::estimate::{self, Replicate};
use crate::job::{Asked, Jobs, Reach, Sums};
use crate::partial::{GROUPS, Group, Partial, PartialError, Tally};
use crate::select::{Scratch, Selection};

/// A question ready to be counted.
pub struct Plan {
    snapshot: String,
    data_until: Day,
    /// Members of each shard.
    members: Vec<u32>,
    selection: Selection,
    jobs: Jobs,
    asks: Vec<Box<dyn Asked>>,
    reach: Reach,
}

/// What asks are resolved against.
pub(crate) struct Frame<'a> {
    pub(crate) question: &'a Question,
    pub(crate) manifest: &'a Manifest,
}

impl Frame<'_> {
    /// The window and, if there is one, the compared window.
    pub(crate) fn windows(&self) -> Vec<Window> {
        std::iter::once(self.question.window).chain(self.question.compare).collect()
    }

    /// The windows as days of the shards.
    pub(crate) fn spans(&self) -> Vec<Range<usize>> {
        self.windows().into_iter().map(|window| self.days(window.from(), window.to())).collect()
    }

    /// Inclusive days as a half-open range of a shard's days; what lies outside the calendar is cut off.
    pub(crate) fn days(&self, from: Day, to: Day) -> Range<usize> {
        let all = self.index(self.manifest.data_until) + 1;
        let at = |day: i64| usize::try_from(day).unwrap_or(0).min(all as usize);
        at(self.index(from))..at(self.index(to) + 1)
    }

    /// A day counted from the snapshot's first; negative before it.
    pub(crate) fn index(&self, day: Day) -> i64 {
        i64::from(day.epoch_days()) - i64::from(self.manifest.first_day.epoch_days())
    }

    /// All days up to and with the window's last: what questions about members' histories look at.
    pub(crate) fn history(&self) -> Range<usize> {
        self.days(self.manifest.first_day, self.question.window.to())
    }

    /// The last day that is both in the history and in the data: up to here members were watched.
    pub(crate) fn end(&self) -> Day {
        self.question.window.to().min(self.manifest.data_until)
    }

    pub(crate) fn dimensions(&self) -> &Dimensions {
        &self.manifest.dimensions
    }
}

impl Plan {
    /// Resolves a question; an error names the field and value that the snapshot does not know.
    pub fn new(question: &Question, manifest: &Manifest) -> Result<Self, QuestionError> {
        question.check(&manifest.dimensions)?;
        let frame = Frame { question, manifest };
        let mut jobs = Jobs::default();
        let asks = question.ask.iter().map(|ask| resolve(ask, &frame, &mut jobs)).collect();
        Ok(Self {
            snapshot: snapshot_id(manifest),
            data_until: manifest.data_until,
            members: manifest.shards.iter().map(|shard| shard.members).collect(),
            selection: Selection::new(&question.filter, manifest),
            reach: jobs.0.iter().fold(Reach::default(), |reach, (_, job)| reach.union(&job.reach())),
            jobs,
            asks,
        })
    }

    /// A partial of no shard.
    pub fn empty(&self) -> Partial {
        Partial { groups: vec![None; GROUPS] }
    }

    /// Counts shard number `index` of the plan's manifest; each shard must be counted once.
    pub fn count(&self, shard: &Shard, index: usize, scratch: &mut Scratch, into: &mut Partial) {
        let group = into.groups[index % GROUPS].get_or_insert_with(|| self.no_group());
        group.shards += 1;
        group.members += shard.members() as u64;
        let view = self.selection.view(shard, &self.reach, scratch);
        for ((_, job), tally) in self.jobs.0.iter().zip(&mut group.tallies) {
            job.count(&view, tally);
        }
    }

    /// Reads the bytes of a partial of this plan, made by another worker.
    pub fn read_partial(&self, bytes: &[u8]) -> Result<Partial, PartialError> {
        let lens: Vec<usize> = self.jobs.0.iter().map(|(_, job)| job.len()).collect();
        Partial::from_bytes(bytes, &lens)
    }

    /// The answers that the counted shards give: exact when all of them were counted, else estimates with intervals.
    pub fn finish(&self, partial: &Partial) -> Answers {
        let shards = self.members.len() as u32;
        let read = partial.shards();
        let exact = read == shards;
        let coverage = Coverage { snapshot: self.snapshot.clone(), data_until: self.data_until, shards, read, exact };
        let groups: Vec<&Group> = partial.groups.iter().flatten().collect();
        let total = self.sum(&groups, None);
        let all: u64 = self.members.iter().map(|&members| u64::from(members)).sum();
        let scale = if total.members == 0 { 1.0 } else { all as f64 / total.members as f64 };
        let mut answers = self.answers(&total, scale, false);
        if !exact {
            let without = (0..groups.len()).filter(|&left_out| groups[left_out].members < total.members);
            let mut replicates: Vec<Replicate> = without
                .map(|left_out| Replicate {
                    share: groups[left_out].members as f64 / total.members as f64,
                    answers: self.answers(&self.sum(&groups, Some(left_out)), scale, true),
                })
                .collect();
            // A group of empty shards says nothing of how members differ.
            replicates.retain(|replicate| replicate.share > 0.0);
            let smooth = self.answers(&total, scale, true);
            estimate::give_intervals(&mut answers, smooth, &mut replicates, total.members, all);
        }
        let sums = Sums { tallies: &total.tallies, scale, smooth: false };
        for (ask, answer) in self.asks.iter().zip(&mut answers) {
            ask.arrange(answer, &sums);
        }
        Answers { coverage, answers }
    }

    fn answers(&self, group: &Group, scale: f64, smooth: bool) -> Vec<Answer> {
        let sums = Sums { tallies: &group.tallies, scale, smooth };
        self.asks.iter().map(|ask| ask.answer(&sums)).collect()
    }

    fn no_group(&self) -> Group {
        let tally = |len: usize| Tally { counts: vec![0; len], people: Vec::new() };
        Group { tallies: self.jobs.0.iter().map(|(_, job)| tally(job.len())).collect(), ..Group::default() }
    }

    fn sum(&self, groups: &[&Group], left_out: Option<usize>) -> Group {
        let mut sum = self.no_group();
        for (_, group) in groups.iter().enumerate().filter(|(i, _)| Some(*i) != left_out) {
            sum.add(group);
        }
        sum
    }
}

fn resolve(ask: &Ask, frame: &Frame<'_>, jobs: &mut Jobs) -> Box<dyn Asked> {
    match ask {
        Ask::Growth(ask) => Box::new(ask::Growth::new(ask, frame, jobs)),
        Ask::Series(ask) => Box::new(ask::Series::new(ask, frame, jobs)),
        Ask::Stores(ask) => Box::new(ask::Stores::new(ask, frame, jobs)),
        Ask::Cohorts(ask) => Box::new(ask::Cohorts::new(ask, frame, jobs)),
        Ask::Ladder(ask) => Box::new(ask::Ladder::new(ask, frame, jobs)),
        Ask::Funnel(ask) => Box::new(ask::Funnel::new(ask, frame, jobs)),
        Ask::Rfm(ask) => Box::new(ask::Rfm::new(ask, frame, jobs)),
        Ask::Overlap(ask) => Box::new(ask::Overlap::new(ask, frame, jobs)),
        Ask::Lifecycle(ask) => Box::new(ask::Lifecycle::new(ask, frame, jobs)),
    }
}
