//! Measures over time.

use model::{Answer, Factors, Figure, Measure, SeriesAnswer, SeriesAsk, SeriesPoints};

use super::factors;
use crate::counts::Counts;
use crate::estimate::{Slot, Visit, Walk, of_amounts};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::Spans;
use crate::periods::{Period, periods};
use crate::plan::Frame;

/// A series ask, resolved.
pub(crate) struct Series {
    job: JobId,
    /// The periods of each window.
    windows: Vec<Vec<Period>>,
    measures: Vec<Measure>,
}

impl Series {
    pub(crate) fn new(ask: &SeriesAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let (first, last) = (frame.manifest.first_day, frame.manifest.data_until);
        let mut windows: Vec<Vec<Period>> =
            frame.windows().into_iter().map(|window| periods(window, ask.grain, ask.align)).collect();
        for period in windows.iter_mut().flatten() {
            period.cut |= period.to > last || period.from < first;
        }
        let spans = windows.iter().flatten().map(|period| frame.days(period.from, period.to)).collect();
        Self {
            job: jobs.add(Key::Series(ask.grain, ask.align), || Spans(spans)),
            windows,
            measures: if ask.measures.is_empty() { Measure::ALL.to_vec() } else { ask.measures.clone() },
        }
    }
}

impl Asked for Series {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let all = Counts::cells(&sums.of(self.job).counts);
        let mut cells = &all[..];
        let mut points = self.windows.iter().map(|periods| {
            let (mine, rest) = cells.split_at(periods.len());
            cells = rest;
            let mut points = measures(&mine.iter().map(factors).collect::<Vec<_>>());
            points.periods = periods.iter().map(|p| p.from).collect();
            points.days = periods.iter().map(|p| (p.to.epoch_days() - p.from.epoch_days() + 1) as u32).collect();
            points.partial = periods.iter().map(|p| p.cut).collect();
            points
        });
        let window = points.next().expect("a question has its window");
        Answer::Series(SeriesAnswer { window, compare: points.next() })
    }

    fn arrange(&self, answer: &mut Answer, _sums: &Sums<'_>) {
        let Answer::Series(answer) = answer else { return };
        for points in std::iter::once(&mut answer.window).chain(&mut answer.compare) {
            points.retain(&self.measures);
        }
    }
}

impl Walk for SeriesAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        for points in std::iter::once(&mut self.window).chain(&mut self.compare) {
            walk_points(points, visit);
        }
    }
}

fn walk_points(points: &mut SeriesPoints, visit: Visit<'_>) {
    let values =
        |list: &Option<Vec<Figure<i64>>>| -> Vec<i64> { list.iter().flatten().map(|figure| figure.value).collect() };
    let orders = values(&points.orders);
    let users = values(&points.users);
    let buyers = values(&points.buyers);
    let repeat = values(&points.repeat_buyers);
    let new = values(&points.new_buyers);
    let anonymous = values(&points.anonymous_orders);
    let mut counts = |list: &mut Option<Vec<Figure<i64>>>, support: &[i64]| {
        for (figure, &support) in list.iter_mut().flatten().zip(support) {
            visit(Slot::Count(figure), support);
        }
    };
    let amounts = |support: &[i64]| -> Vec<i64> { support.iter().map(|&members| of_amounts(members)).collect() };
    counts(&mut points.sales, &amounts(&orders));
    counts(&mut points.member_sales, &amounts(&buyers));
    counts(&mut points.orders, &orders);
    counts(&mut points.users, &users);
    counts(&mut points.buyers, &buyers);
    counts(&mut points.repeat_buyers, &repeat);
    counts(&mut points.new_buyers, &new);
    counts(&mut points.anonymous_orders, &anonymous);
    counts(&mut points.anonymous_sales, &amounts(&anonymous));
    let mut ratios = |list: &mut Option<Vec<Figure<Option<f64>>>>, support: &[i64]| {
        for (figure, &support) in list.iter_mut().flatten().zip(support) {
            visit(Slot::Ratio(figure), support);
        }
    };
    ratios(&mut points.conversion, &buyers);
    ratios(&mut points.frequency, &buyers);
    ratios(&mut points.aov, &buyers);
    ratios(&mut points.repurchase_rate, &repeat);
}

/// Every measure of each period.
fn measures(periods: &[Factors]) -> SeriesPoints {
    let counts = |of: fn(&Factors) -> Figure<i64>| Some(periods.iter().map(of).collect());
    let ratios = |of: fn(&Factors) -> Figure<Option<f64>>| Some(periods.iter().map(of).collect());
    SeriesPoints {
        sales: counts(|f| f.sales),
        member_sales: counts(|f| f.member_sales),
        orders: counts(|f| f.orders),
        users: counts(|f| f.users),
        buyers: counts(|f| f.buyers),
        conversion: ratios(|f| f.conversion),
        frequency: ratios(|f| f.frequency),
        aov: ratios(|f| f.aov),
        repeat_buyers: counts(|f| f.repeat_buyers),
        repurchase_rate: ratios(|f| f.repurchase_rate),
        new_buyers: counts(|f| f.new_buyers),
        anonymous_orders: counts(|f| f.anonymous_orders),
        anonymous_sales: counts(|f| f.anonymous_sales),
        ..SeriesPoints::default()
    }
}
