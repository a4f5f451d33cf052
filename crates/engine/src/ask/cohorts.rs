//! Cohorts: how many come back in each later period, and what they are worth.

use model::{Align, Answer, Cohort, CohortsAnswer, CohortsAsk, Day, Figure, Grain, Question, Window};

use super::ratio;
use crate::estimate::{Slot, Visit, Walk, of_amounts};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::CohortCells;
use crate::periods::periods;
use crate::plan::Frame;

/// A cohorts ask, resolved.
pub(crate) struct Cohorts {
    job: JobId,
    /// First days of the cohorts' periods.
    from: Vec<Day>,
    grain: Grain,
    /// Periods asked.
    asked: usize,
    /// Counters of a cohort.
    stride: usize,
    /// Whether the last period is complete.
    last_complete: bool,
}

impl Cohorts {
    pub(crate) fn new(ask: &CohortsAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let first = frame.manifest.first_day;
        // Nothing where the window ends before the data begin.
        let periods =
            Window::new(first, frame.end()).map_or(Vec::new(), |all| periods(all, ask.grain, Align::Calendar));
        let start = |day: Day| match ask.grain {
            Grain::Month => day.month_start(),
            Grain::Day | Grain::Week => day.week_start(),
        };
        let skip = periods.len().saturating_sub(Question::MAX_PERIODS as usize);
        let asked = ask.periods as usize;
        let cells = CohortCells {
            periods: periods.iter().map(|period| frame.days(period.from, period.to)).collect(),
            skip,
            width: asked.min(periods.len() - skip),
            anchor: ask.anchor,
            mode: ask.mode,
            first_day: first.epoch_days(),
        };
        let last_complete = periods.last().is_some_and(|period| {
            let next =
                if ask.grain == Grain::Month { start(period.from).plus_months(1) } else { start(period.from).plus(7) };
            // At the calendar's end there is no next period, and this one ends with it.
            next.epoch_days() == period.to.epoch_days() + 1 || next <= period.to
        });
        Self {
            from: periods[skip..].iter().map(|period| start(period.from)).collect(),
            grain: ask.grain,
            asked,
            stride: cells.stride(),
            last_complete,
            job: jobs.add(Key::Own, || cells),
        }
    }

    /// Periods that have begun for a cohort, at most as many as asked.
    fn begun(&self, cohort: usize) -> usize {
        (self.from.len() - cohort).min(self.asked)
    }

    /// Those of them that are complete.
    fn mature(&self, cohort: usize) -> usize {
        let complete = self.from.len() - cohort - usize::from(!self.last_complete);
        complete.min(self.asked)
    }

    fn cohort(&self, index: usize, counters: &[i64]) -> Cohort {
        let size = counters[0];
        let cells = counters[1..].chunks_exact(2).take(self.begun(index));
        let mut spent = 0;
        let value = cells.clone().map(|cell| {
            spent += cell[1];
            ratio(spent, size)
        });
        let from = self.from[index];
        Cohort {
            period: match self.grain {
                Grain::Month => format!("{:04}-{:02}", from.year(), from.month()),
                Grain::Day | Grain::Week => from.to_string(),
            },
            from,
            size: Figure::exact(size),
            value: value.collect(),
            active: cells.clone().map(|cell| Figure::exact(cell[0])).collect(),
            rate: cells.clone().map(|cell| ratio(cell[0], size)).collect(),
            sales: cells.map(|cell| Figure::exact(cell[1])).collect(),
            immature_from: self.mature(index) as u32,
        }
    }
}

impl Asked for Cohorts {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let counters = sums.of(self.job).counts.chunks_exact(self.stride);
        let cohorts: Vec<Cohort> = counters.enumerate().map(|(index, c)| self.cohort(index, c)).collect();
        let mature = |k: usize| cohorts.iter().filter(move |cohort| k < cohort.immature_from as usize);
        let weighted = (0..self.asked).map(|k| {
            let sum = |of: fn(&Cohort, usize) -> i64| mature(k).map(|cohort| of(cohort, k)).sum();
            ratio(sum(|cohort, k| cohort.active[k].value), sum(|cohort, _| cohort.size.value))
        });
        let simple = (0..self.asked).map(|k| {
            let rates: Vec<f64> = mature(k).filter_map(|cohort| cohort.rate[k].value).collect();
            Figure::exact((!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64))
        });
        let (weighted, simple) = (weighted.collect(), simple.collect());
        Answer::Cohorts(CohortsAnswer { weighted, simple, cohorts })
    }
}

impl Walk for CohortsAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        let mut active = vec![0; self.weighted.len()];
        for cohort in &self.cohorts {
            let mature = cohort.active.iter().take(cohort.immature_from as usize);
            for (sum, figure) in active.iter_mut().zip(mature) {
                *sum += figure.value;
            }
        }
        for cohort in &mut self.cohorts {
            let size = cohort.size.value;
            visit(Slot::Count(&mut cohort.size), size);
            let mut bought = 0;
            let figures = cohort.active.iter_mut().zip(&mut cohort.rate).zip(&mut cohort.sales).zip(&mut cohort.value);
            for (((active, rate), sales), value) in figures {
                let support = active.value;
                bought = (bought + support).min(size);
                visit(Slot::Count(active), support);
                visit(Slot::Ratio(rate), support);
                visit(Slot::Count(sales), of_amounts(support));
                visit(Slot::Ratio(value), bought);
            }
        }
        for means in [&mut self.weighted, &mut self.simple] {
            for (mean, &support) in means.iter_mut().zip(&active) {
                visit(Slot::Ratio(mean), support);
            }
        }
    }
}
