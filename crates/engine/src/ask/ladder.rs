//! The ladder: how many reach the next order, and when.

use model::{Answer, Figure, LadderAnswer, LadderAsk, ReturnCurve, Rung};

use super::ratio;
use super::survival::Survival;
use crate::estimate::{Slot, Visit, Walk};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::{RungCell, RungCells};
use crate::median::median;
use crate::plan::Frame;

/// Days at which the curve is told.
const DAYS: [u32; 23] = [0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 365, 450, 540, 730];

/// A ladder ask, resolved.
pub(crate) struct Ladder {
    job: JobId,
    cells: RungCells,
}

impl Ladder {
    pub(crate) fn new(ask: &LadderAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let (rungs, days) = (ask.rungs as usize, frame.history().len());
        Self { job: jobs.add(Key::Own, || RungCells { rungs, days }), cells: RungCells { rungs, days } }
    }
}

impl Asked for Ladder {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let cells = self.cells.cells(&sums.of(self.job).counts).enumerate();
        Answer::Ladder(cells.map(|(below, cell)| rung(below as u32 + 1, &cell, sums.smooth)).collect())
    }
}

fn rung(n: u32, cell: &RungCell<'_>, smooth: bool) -> Rung {
    let (next, exactly): (i64, i64) = (cell.returned.iter().sum(), cell.watched.iter().sum());
    let survival = Survival::new(cell.returned, cell.watched);
    // To the nearest, in integers.
    let at_stake = |next: i128| (2 * i128::from(exactly) * i128::from(cell.amounts) + next) / (2 * next);
    Rung {
        n,
        members: Figure::exact(next + exactly),
        exactly: Figure::exact(exactly),
        next: Figure::exact(next),
        no_next_rate: ratio(exactly, next + exactly),
        median_days_to_next: Figure::exact(median(cell.returned, smooth)),
        survival_median_days: Figure::exact(survival.median(smooth)),
        next_value: ratio(cell.amounts, next),
        at_stake: Figure::exact(if next == 0 { 0 } else { at_stake(next.into()) as i64 }),
        curve: curve(&survival, cell.returned.len()),
    }
}

/// The curve at the listed days that the history is long enough for.
fn curve(survival: &Survival, history: usize) -> ReturnCurve {
    let days: Vec<u32> = DAYS.into_iter().filter(|&day| (day as usize) < history).collect();
    let points = days.iter().map(|&day| survival.at(day as usize));
    let bands = points.clone().map(|point| point.and_then(|point| point.band()));
    ReturnCurve {
        returned: points.map(|point| Figure::exact(point.map(|point| point.returned()))).collect(),
        low: bands.clone().map(|band| band.map(|(low, _)| low)).collect(),
        high: bands.map(|band| band.map(|(_, high)| high)).collect(),
        days,
    }
}

impl Walk for LadderAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        for rung in self {
            let (members, exactly, next) = (rung.members.value, rung.exactly.value, rung.next.value);
            visit(Slot::Count(&mut rung.members), members);
            visit(Slot::Count(&mut rung.exactly), exactly);
            visit(Slot::Count(&mut rung.next), next);
            visit(Slot::Ratio(&mut rung.no_next_rate), exactly.min(next));
            visit(Slot::Median(&mut rung.median_days_to_next), next);
            visit(Slot::Median(&mut rung.survival_median_days), next);
            visit(Slot::Ratio(&mut rung.next_value), next);
            visit(Slot::Derived(&mut rung.at_stake), exactly.min(next));
            for returned in &mut rung.curve.returned {
                // About as many had come back by then.
                let by_then = (returned.value.unwrap_or(0.0) * members as f64) as i64;
                visit(Slot::Ratio(returned), by_then.min(next));
            }
        }
    }
}
