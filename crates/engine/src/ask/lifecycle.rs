//! Stock and flow of members by how long ago they last ordered.

use model::{Align, Answer, Figure, LifecycleAnswer, LifecycleAsk, LifecyclePeriod, Moves, Stock};

use crate::estimate::{Slot, Visit, Walk};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::{MOVES, Moved};
use crate::periods::{Period, periods};
use crate::plan::Frame;

/// A lifecycle ask, resolved.
pub(crate) struct Lifecycle {
    job: JobId,
    periods: Vec<Period>,
}

impl Lifecycle {
    pub(crate) fn new(ask: &LifecycleAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let mut periods = periods(frame.question.window, ask.grain, Align::Calendar);
        for period in &mut periods {
            period.cut |= period.to > frame.manifest.data_until || period.from < frame.manifest.first_day;
        }
        let job = jobs.add(Key::Own, || Moved {
            periods: periods.iter().map(|period| (frame.index(period.from), frame.index(period.to))).collect(),
            days: frame.history().len(),
            active_days: ask.active_days.into(),
            dormant_days: ask.dormant_days.into(),
        });
        Self { job, periods }
    }
}

impl Asked for Lifecycle {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let cells = sums.of(self.job).counts.chunks_exact(MOVES);
        Answer::Lifecycle(self.periods.iter().zip(cells).map(|(period, moves)| row(period, moves)).collect())
    }

    /// Scaled counts are rounded each for itself; stocks and flows are what the rounded moves make them.
    fn arrange(&self, answer: &mut Answer, _sums: &Sums<'_>) {
        let Answer::Lifecycle(rows) = answer else { return };
        for (period, given) in self.periods.iter().zip(rows) {
            let moves = [given.moves.none, given.moves.active, given.moves.dormant, given.moves.lost];
            let moves = moves.map(|stock| [stock.active, stock.dormant, stock.lost].map(|figure| figure.value));
            let mut balanced = row(period, moves.as_flattened());
            for (figure, balanced) in totals(given).into_iter().zip(totals(&mut balanced)) {
                let Figure { low, high, too_few, .. } = *figure;
                let value = balanced.value;
                let (low, high) = if too_few { (value, value) } else { (low.min(value), high.max(value)) };
                *figure = Figure { value, low, high, too_few };
            }
        }
    }
}

/// `moves` are by the state before (none, active, dormant, lost), then by the state after (active, dormant, lost).
fn row(period: &Period, moves: &[i64]) -> LifecyclePeriod {
    let by_state = |counts: [i64; 3]| {
        let [active, dormant, lost] = counts.map(Figure::exact);
        Stock { active, dormant, lost }
    };
    let from = |before: usize| [0, 1, 2].map(|after| moves[3 * before + after]);
    let into = |after: usize| (0..4).map(|before| moves[3 * before + after]).sum::<i64>();
    let [none, active, dormant, lost] = [0, 1, 2, 3].map(from);
    let all = |counts: [i64; 3]| counts.iter().sum::<i64>();
    LifecyclePeriod {
        from: period.from,
        to: period.to,
        partial: period.cut,
        opening: by_state([all(active), all(dormant), all(lost)]),
        closing: by_state([into(0), into(1), into(2)]),
        new: Figure::exact(all(none)),
        woken: Figure::exact(dormant[0] + lost[0]),
        slipped: Figure::exact(active[1] + active[2]),
        lost: Figure::exact(active[2] + dormant[2]),
        moves: Moves {
            none: by_state(none),
            active: by_state(active),
            dormant: by_state(dormant),
            lost: by_state(lost),
        },
    }
}

/// The figures that are sums of moves.
fn totals(period: &mut LifecyclePeriod) -> [&mut Figure<i64>; 10] {
    let LifecyclePeriod { opening, closing, new, woken, slipped, lost, .. } = period;
    let [[a, b, c], [d, e, f]] = [opening, closing].map(stock);
    [a, b, c, d, e, f, new, woken, slipped, lost]
}

fn stock(stock: &mut Stock) -> [&mut Figure<i64>; 3] {
    [&mut stock.active, &mut stock.dormant, &mut stock.lost]
}

impl Walk for LifecycleAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        for period in self {
            let mut count = |figure: &mut Figure<i64>| {
                let members = figure.value;
                visit(Slot::Count(figure), members);
            };
            totals(period).into_iter().for_each(&mut count);
            let Moves { none, active, dormant, lost } = &mut period.moves;
            for before in [none, active, dormant, lost] {
                stock(before).into_iter().for_each(&mut count);
            }
        }
    }
}
