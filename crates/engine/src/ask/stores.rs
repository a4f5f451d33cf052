//! The ranking of stores: values, ranks with the room that chance leaves them, and shrunken rates.

use model::{Answer, By, Figure, Measure, Measures, Ratio, Shrunken, StoreRow, StoresAnswer, StoresAsk};

use super::factors;
use crate::counts::{Counts, SQUARE_UNIT};
use crate::estimate::{Slot, Visit, Walk, of_amounts};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::{Cells, Cut};
use crate::plan::Frame;
use crate::shrink::Prior;

/// Two values differ with 95 % confidence where their intervals of ± so many standard errors do not meet
/// (Goldstein & Healy 1995, for equal errors).
const RANK_ERRORS: f64 = 1.39;

/// A stores ask, resolved.
pub(crate) struct Stores {
    ask: StoresAsk,
    job: JobId,
    names: Vec<String>,
    windows: usize,
}

impl Stores {
    pub(crate) fn new(ask: &StoresAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let windows = frame.spans();
        let cut = Cut::new(By::Store, frame.manifest);
        let names = cut.names.clone();
        let touches = Measure::ALL.into_iter().any(|measure| measure.needs_touches() && ask.wants(measure));
        let count = windows.len();
        let job = jobs.add(Key::By(By::Store, touches), || Cells { windows, cut, touches });
        Self { ask: ask.clone(), job, names, windows: count }
    }

    /// The cells of one window.
    fn cells(&self, sums: &Sums<'_>, window: usize) -> Vec<Counts> {
        let counters = self.names.len() * Counts::LEN;
        Counts::cells(&sums.of(self.job).counts[window * counters..][..counters])
    }

    /// By store, the posterior mean and standard deviation of a rate; none where the store has no observation, or the
    /// rate is not asked for.
    fn posteriors(&self, cells: &[Counts], scale: f64, measure: Measure) -> Vec<Option<(f64, f64)>> {
        let pairs = cells.iter().map(|cell| {
            let (hits, all) = match measure {
                Measure::Conversion => (cell.buyers, cell.users),
                _ => (cell.repeat_buyers, cell.buyers),
            };
            (hits as f64 * scale, all as f64 * scale)
        });
        let prior = if self.ask.wants(measure) { Prior::fit(pairs.clone()) } else { None };
        pairs.map(|(hits, all)| Some(prior.filter(|_| all > 0.0)?.posterior(hits, all))).collect()
    }

    /// Where nothing was observed there is no rate, but still a figure: their number must not depend on the data.
    fn shrunken(&self, cells: &[Counts], scale: f64, measure: Measure) -> Vec<Option<Ratio>> {
        let asked = self.ask.wants(measure);
        let posteriors = self.posteriors(cells, scale, measure).into_iter();
        posteriors.map(|rate| asked.then(|| Figure::exact(rate.map(|(mean, _)| mean)))).collect()
    }

    /// Each store's value of the measure that ranks, and its standard error of chance; none where it has no fact or the
    /// measure no value.
    fn ranked<'a>(
        &self,
        cells: &[Counts],
        measures: impl Iterator<Item = &'a Measures>,
        scale: f64,
    ) -> Vec<Option<(f64, f64)>> {
        let by = self.ask.by;
        if matches!(by, Measure::Conversion | Measure::RepurchaseRate) {
            return self.posteriors(cells, scale, by);
        }
        let valued = measures.zip(cells).map(|(measures, cell)| {
            let value = measures.value(by).filter(|_| met(cell))?;
            Some((value, chance(cell, by, value, scale)))
        });
        valued.collect()
    }
}

/// Whether a store has a fact.
fn met(cell: &Counts) -> bool {
    cell.users != 0 || cell.orders() != 0
}

impl Asked for Stores {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let cells = self.cells(sums, 0);
        let before = (self.windows > 1).then(|| self.cells(sums, 1));
        let conversion = self.shrunken(&cells, sums.scale, Measure::Conversion);
        let repurchase = self.shrunken(&cells, sums.scale, Measure::RepurchaseRate);
        let row = |(store, id): (usize, &String)| StoreRow {
            store: id.clone(),
            rank: 0,
            rank_low: 0,
            rank_high: 0,
            compare_rank: None,
            window: factors(&cells[store]).into(),
            shrunken: Shrunken { conversion: conversion[store], repurchase_rate: repurchase[store] },
            compare: before.as_ref().map(|before| factors(&before[store]).into()),
            sales_z: None,
        };
        Answer::Stores(self.names.iter().enumerate().map(row).collect())
    }

    fn arrange(&self, answer: &mut Answer, sums: &Sums<'_>) {
        let Answer::Stores(rows) = answer else { return };
        let cells = self.cells(sums, 0);
        let now = Ranking::new(&cells, self.ranked(&cells, rows.iter().map(|row| &row.window), sums.scale));
        now.give_ranks(rows);
        if self.windows > 1 {
            let earlier = self.cells(sums, 1);
            let compared = rows.iter().map(|row| row.compare.as_ref().expect("a comparison was asked"));
            let before = Ranking::new(&earlier, self.ranked(&earlier, compared, sums.scale));
            for (store, row) in rows.iter_mut().enumerate() {
                row.compare_rank = before.rank(store);
                row.sales_z = sales_z(&cells[store], &earlier[store], sums.scale);
            }
        }
        let met = |row: &StoreRow| std::iter::once(&row.window).chain(&row.compare).any(has_facts);
        rows.retain(met);
        // Rows stand in the manifest's order, which decides between equal ranks.
        rows.sort_by_key(|row| row.rank);
        rows.truncate(self.ask.limit.map_or(usize::MAX, |limit| limit as usize));
        for row in rows {
            row.window = row.window.only(|measure| self.ask.wants(measure));
            row.compare = row.compare.map(|compare| compare.only(|measure| self.ask.wants(measure)));
        }
    }
}

fn has_facts(measures: &Measures) -> bool {
    let some = |figure: Option<Figure<i64>>| figure.is_some_and(|f| f.value != 0);
    some(measures.users) || some(measures.orders)
}

/// The change of sales in standard errors of chance.
fn sales_z(now: &Counts, before: &Counts, scale: f64) -> Option<f64> {
    let variance = (now.squares + before.squares) as f64 * scale;
    let unit = SQUARE_UNIT as f64;
    (variance > 0.0).then(|| (now.sales() - before.sales()) as f64 * scale / (unit * libm::sqrt(variance)))
}

/// The ranks of all stores that have a fact.
struct Ranking {
    /// By store: value and standard error of chance; none where it has no fact or the measure has no value.
    values: Vec<Option<(f64, f64)>>,
    /// Values, lower and upper ends, each from the highest.
    sorted: [Vec<f64>; 3],
    /// By store: whether it has a fact.
    met: Vec<bool>,
}

impl Ranking {
    fn new(cells: &[Counts], values: Vec<Option<(f64, f64)>>) -> Self {
        let column = |of: fn(&(f64, f64)) -> f64| {
            let mut column: Vec<f64> = values.iter().flatten().map(of).collect();
            column.sort_unstable_by(|a, b| b.total_cmp(a));
            column
        };
        let sorted = [
            column(|(value, _)| *value),
            column(|(value, error)| value - RANK_ERRORS * error),
            column(|(value, error)| value + RANK_ERRORS * error),
        ];
        Self { values, sorted, met: cells.iter().map(met).collect() }
    }

    /// One more than the number of better stores; stores without a value come last, together.
    fn rank(&self, store: usize) -> Option<u32> {
        let last = self.sorted[0].len() as u32 + 1;
        self.met[store].then(|| self.values[store].map_or(last, |(value, _)| above(&self.sorted[0], value) + 1))
    }

    fn give_ranks(&self, rows: &mut [StoreRow]) {
        let valued = self.sorted[0].len() as u32;
        for (store, row) in rows.iter_mut().enumerate() {
            row.rank = self.rank(store).unwrap_or(self.met.iter().filter(|&&met| met).count() as u32 + 1);
            (row.rank_low, row.rank_high) = (row.rank, row.rank);
            if let Some((value, error)) = self.values[store] {
                let reach = RANK_ERRORS * error;
                row.rank_low = (above(&self.sorted[1], value + reach) + 1).min(row.rank);
                // All but those that are surely worse; itself is among them.
                let not_worse = valued - below(&self.sorted[2], value - reach);
                row.rank_high = not_worse.max(row.rank);
            }
        }
    }
}

/// Values of a falling list that are above `value`.
fn above(falling: &[f64], value: f64) -> u32 {
    falling.partition_point(|&other| other > value) as u32
}

/// Values of a falling list that are below `value`.
fn below(falling: &[f64], value: f64) -> u32 {
    (falling.len() - falling.partition_point(|&other| other >= value)) as u32
}

/// The standard error that chance gives a store's value: counts as Poisson, sums as compound Poisson, means by their
/// orders. Rates have that of their posterior (see [`Stores::posteriors`]).
fn chance(cell: &Counts, by: Measure, value: f64, scale: f64) -> f64 {
    let sum = SQUARE_UNIT as f64 * libm::sqrt(cell.squares as f64 * scale);
    match by {
        Measure::Sales | Measure::MemberSales | Measure::AnonymousSales => sum,
        // The error of a mean of n amounts: the spread of one over the root of n.
        Measure::Aov => {
            let orders = cell.orders() as f64 * scale;
            let spread = (sum * sum / orders.max(1.0) - value * value).max(0.0);
            libm::sqrt(spread / orders.max(1.0))
        }
        Measure::Frequency => libm::sqrt(value / (cell.buyers as f64 * scale).max(1.0)),
        _ => libm::sqrt(value.max(0.0)),
    }
}

impl Walk for StoresAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        for row in self {
            let support = row.window.buyers.map_or(0, |f| f.value);
            walk_measures(&mut row.window, visit);
            if let Some(compare) = &mut row.compare {
                walk_measures(compare, visit);
            }
            for rate in [&mut row.shrunken.conversion, &mut row.shrunken.repurchase_rate].into_iter().flatten() {
                visit(Slot::Ratio(rate), support);
            }
        }
    }
}

fn walk_measures(m: &mut Measures, visit: Visit<'_>) {
    let value = |figure: Option<Figure<i64>>| figure.map_or(0, |f| f.value);
    let (users, buyers, repeat) = (value(m.users), value(m.buyers), value(m.repeat_buyers));
    let (orders, new, anonymous) = (value(m.orders), value(m.new_buyers), value(m.anonymous_orders));
    let counts = [
        (&mut m.sales, of_amounts(orders)),
        (&mut m.member_sales, of_amounts(buyers)),
        (&mut m.orders, orders),
        (&mut m.users, users),
        (&mut m.buyers, buyers),
        (&mut m.repeat_buyers, repeat),
        (&mut m.new_buyers, new),
        (&mut m.anonymous_orders, anonymous),
        (&mut m.anonymous_sales, of_amounts(anonymous)),
    ];
    for (figure, support) in counts {
        if let Some(figure) = figure {
            visit(Slot::Count(figure), support);
        }
    }
    let ratios = [
        (&mut m.conversion, buyers),
        (&mut m.frequency, buyers),
        (&mut m.aov, buyers),
        (&mut m.repurchase_rate, repeat),
    ];
    for (figure, support) in ratios {
        if let Some(figure) = figure {
            visit(Slot::Ratio(figure), support);
        }
    }
}
