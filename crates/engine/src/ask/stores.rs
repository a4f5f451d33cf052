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

    fn shrunken(
        &self,
        cells: &[Counts],
        scale: f64,
        measure: Measure,
        pair: fn(&Counts) -> (i64, i64),
    ) -> Vec<Option<Ratio>> {
        let pairs = cells.iter().map(|cell| {
            let (hits, all) = pair(cell);
            (hits as f64 * scale, all as f64 * scale)
        });
        let asked = self.ask.wants(measure);
        // Where nothing was observed there is no prior, but still a figure: their number must not depend on the data.
        let prior = if asked { Prior::fit(pairs.clone()) } else { None };
        pairs
            .map(|(hits, all)| {
                let rate = prior.filter(|_| all > 0.0).map(|prior| prior.posterior(hits, all).0);
                asked.then(|| Figure::exact(rate))
            })
            .collect()
    }
}

impl Asked for Stores {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let cells = self.cells(sums, 0);
        let before = (self.windows > 1).then(|| self.cells(sums, 1));
        let conversion = self.shrunken(&cells, sums.scale, Measure::Conversion, |c| (c.buyers, c.users));
        let repurchase = self.shrunken(&cells, sums.scale, Measure::RepurchaseRate, |c| (c.repeat_buyers, c.buyers));
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
        let now = Ranking::new(&cells, rows.iter().map(|row| (&row.window, &row.shrunken)), self.ask.by, sums.scale);
        now.give_ranks(rows);
        if self.windows > 1 {
            let earlier = self.cells(sums, 1);
            let shrunken = self.compare_shrunken(&earlier, sums.scale);
            let compared = rows
                .iter()
                .zip(&shrunken)
                .map(|(row, shrunken)| (row.compare.as_ref().expect("a comparison was asked"), shrunken));
            let before = Ranking::new(&earlier, compared, self.ask.by, sums.scale);
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

impl Stores {
    fn compare_shrunken(&self, cells: &[Counts], scale: f64) -> Vec<Shrunken> {
        let conversion = self.shrunken(cells, scale, Measure::Conversion, |c| (c.buyers, c.users));
        let repurchase = self.shrunken(cells, scale, Measure::RepurchaseRate, |c| (c.repeat_buyers, c.buyers));
        let both = conversion.into_iter().zip(repurchase);
        both.map(|(conversion, repurchase_rate)| Shrunken { conversion, repurchase_rate }).collect()
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
    fn new<'a>(
        cells: &[Counts],
        rows: impl Iterator<Item = (&'a Measures, &'a Shrunken)>,
        by: Measure,
        scale: f64,
    ) -> Self {
        let met: Vec<bool> = cells.iter().map(|cell| cell.users != 0 || cell.orders() != 0).collect();
        let values: Vec<Option<(f64, f64)>> = rows
            .zip(cells)
            .zip(&met)
            .map(|(((measures, shrunken), cell), &met)| {
                let value = match by {
                    Measure::Conversion => shrunken.conversion.and_then(|f| f.value),
                    Measure::RepurchaseRate => shrunken.repurchase_rate.and_then(|f| f.value),
                    _ => measures.value(by),
                };
                value.filter(|_| met).map(|value| (value, chance(cell, by, value, scale)))
            })
            .collect();
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
        Self { values, sorted, met }
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

/// The standard error that chance gives a store's value: counts as Poisson, sums as compound Poisson, rates as
/// binomial, means by their orders.
fn chance(cell: &Counts, by: Measure, value: f64, scale: f64) -> f64 {
    let share = |of: i64| {
        let of = of as f64 * scale;
        if of > 0.0 { libm::sqrt((value * (1.0 - value)).max(0.0) / of) } else { 0.0 }
    };
    let sum = SQUARE_UNIT as f64 * libm::sqrt(cell.squares as f64 * scale);
    match by {
        Measure::Sales | Measure::MemberSales | Measure::AnonymousSales => sum,
        Measure::Conversion => share(cell.users),
        Measure::RepurchaseRate => share(cell.buyers),
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
