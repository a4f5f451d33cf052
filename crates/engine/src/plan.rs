//! A question resolved against a manifest: numbers instead of names, row ranges instead of dates.

use std::ops::Range;

use model::{Align, Ask, By, Grain, Manifest, Question, QuestionError, Window};
use snapshot::Shard;

use crate::counts::{Counts, Partial};
use crate::kernel::{self, Filter, Scratch};
use crate::periods::{Period, periods};

/// A question ready to be counted.
pub struct Plan {
    pub(crate) question: Question,
    pub(crate) manifest: Manifest,
    pub(crate) jobs: Vec<Job>,
    /// The window and, if there is one, the compared window, with their days counted from the manifest's first day.
    pub(crate) windows: Vec<(Window, Range<usize>)>,
    filter: Filter,
}

/// One way of cutting facts into cells; asks that need the same cut share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// One cell.
    Whole,
    /// One cell for each region, store or channel.
    By(By),
    /// One cell for each period.
    Series { grain: Grain, align: Align },
}

impl Plan {
    /// Resolves a question; an error names the field and value that the snapshot does not know.
    pub fn new(question: &Question, manifest: &Manifest) -> Result<Self, QuestionError> {
        question.check(&manifest.dimensions)?;
        let mut jobs = Vec::new();
        for ask in &question.ask {
            for job in jobs_of(ask) {
                if !jobs.contains(&job) {
                    jobs.push(job);
                }
            }
        }
        let first = manifest.first_day.epoch_days();
        let days_of = |w: Window| (w, day_range(w.from().epoch_days(), w.to().epoch_days(), first));
        let windows = std::iter::once(question.window).chain(question.compare).map(days_of).collect();
        let filter = Filter::new(question, manifest);
        Ok(Self { question: question.clone(), manifest: manifest.clone(), jobs, windows, filter })
    }

    /// A partial of no shard.
    pub fn empty(&self) -> Partial {
        let cells = |job: &Job| {
            self.windows.iter().map(|(window, _)| vec![Counts::default(); self.cells(job, *window)]).collect()
        };
        Partial { shards: 0, cells: self.jobs.iter().map(cells).collect() }
    }

    /// Reads a partial that another worker made by the same plan; none where it is of another plan.
    pub fn read_partial(&self, bytes: &[u8]) -> Option<Partial> {
        let mut partial = self.empty();
        partial.fill(bytes).then_some(partial)
    }

    /// Counts one shard, which must belong to the plan's manifest.
    pub fn partial(&self, shard: &Shard) -> Partial {
        let mut partial = self.empty();
        partial.shards = 1;
        let mut scratch = Scratch::default();
        for (job, cells) in self.jobs.iter().zip(&mut partial.cells) {
            for ((window, days), cells) in self.windows.iter().zip(cells) {
                self.count(job, *window, days.clone(), shard, &mut scratch, cells);
            }
        }
        partial
    }

    fn count(
        &self,
        job: &Job,
        window: Window,
        days: Range<usize>,
        shard: &Shard,
        scratch: &mut Scratch,
        cells: &mut [Counts],
    ) {
        match job {
            Job::Whole => cells[0] = kernel::count(shard, days, &self.filter, scratch),
            Job::By(by) => {
                let cut = kernel::Cut::new(*by, &self.manifest, shard);
                kernel::count_by(shard, days, &self.filter, &cut, scratch, cells);
            }
            Job::Series { grain, align } => {
                let first = self.manifest.first_day.epoch_days();
                for (period, cell) in periods(window, *grain, *align).iter().zip(cells) {
                    let days = day_range(period.from.epoch_days(), period.to.epoch_days(), first);
                    *cell = kernel::count(shard, days, &self.filter, scratch);
                }
            }
        }
    }

    fn cells(&self, job: &Job, window: Window) -> usize {
        let dimensions = &self.manifest.dimensions;
        match job {
            Job::Whole => 1,
            Job::By(By::Region) => dimensions.regions.len(),
            Job::By(By::Store) => dimensions.stores.len(),
            Job::By(By::Channel) => dimensions.channels.len(),
            Job::Series { grain, align } => periods(window, *grain, *align).len(),
        }
    }

    /// The periods of a series job in a window, and whether the data ends inside each.
    pub(crate) fn periods(&self, window: Window, grain: Grain, align: Align) -> Vec<Period> {
        let (first, last) = (self.manifest.first_day, self.manifest.data_until);
        let mut periods = periods(window, grain, align);
        for period in &mut periods {
            period.cut |= period.to > last || period.from < first;
        }
        periods
    }

    pub(crate) fn job(&self, job: &Job) -> usize {
        self.jobs.iter().position(|j| j == job).expect("every ask's jobs were planned")
    }
}

/// The jobs an ask needs.
pub(crate) fn jobs_of(ask: &Ask) -> Vec<Job> {
    match ask {
        Ask::Growth(growth) => std::iter::once(Job::Whole).chain(growth.by.map(Job::By)).collect(),
        Ask::Stores(_) => vec![Job::By(By::Store)],
        Ask::Series(series) => vec![Job::Series { grain: series.grain, align: series.align }],
    }
}

/// Inclusive epoch days as a half-open range of a shard's days; what lies before the first day is cut off.
fn day_range(from: i32, to: i32, first: i32) -> Range<usize> {
    let at = |day: i32| usize::try_from(day - first).unwrap_or(0);
    at(from)..at(to + 1)
}
