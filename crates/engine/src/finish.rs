//! From summed counts to answers: names instead of numbers, ratios, contributions, ranks.

use std::collections::BTreeSet;

use model::{
    Answer, Answers, Ask, By, Contributions, Coverage, Factors, Figure, GrowthAnswer, GrowthAsk, GrowthGroup, Measure,
    SeriesAnswer, SeriesAsk, SeriesPoints, StoreRow, StoresAsk,
};
use snapshot::snapshot_id;

use crate::counts::{Counts, Partial};
use crate::lmdi::{Split, contributions};
use crate::plan::{Job, Plan};

impl Plan {
    /// The answers that the counted shards give; exact when all of them were counted.
    pub fn finish(&self, partial: &Partial) -> Answers {
        let shards = self.manifest.shards.len() as u32;
        let coverage = Coverage {
            snapshot: snapshot_id(&self.manifest),
            data_until: self.manifest.data_until,
            shards,
            read: partial.shards,
            exact: partial.shards == shards,
        };
        let answers = self.question.ask.iter().map(|ask| match ask {
            Ask::Growth(ask) => Answer::Growth(Box::new(self.growth(ask, partial))),
            Ask::Series(ask) => Answer::Series(self.series(ask, partial)),
            Ask::Stores(ask) => Answer::Stores(self.stores(ask, partial)),
        });
        Answers { coverage, answers: answers.collect() }
    }

    fn growth(&self, ask: &GrowthAsk, partial: &Partial) -> GrowthAnswer {
        let whole = &partial.cells[self.job(&Job::Whole)];
        let compare = whole.get(1).map(|cells| cells[0]);
        let split = compare.map(|before| contributions(&whole[0][0], &before));
        let groups = ask.by.map(|by| self.groups(by, partial)).unwrap_or_default();
        let mix = ask.by.and(split).map(|whole| mix(whole, &groups));
        let groups = match ask.top {
            Some(top) => movers(groups, top as usize),
            None => groups,
        };
        GrowthAnswer {
            window: factors(&whole[0][0]),
            compare: compare.map(|before| factors(&before)),
            contributions: split.map(figures),
            zero_case: split.and_then(|s| s.zero_case),
            groups,
            mix,
        }
    }

    fn groups(&self, by: By, partial: &Partial) -> Vec<GrowthGroup> {
        let windows = &partial.cells[self.job(&Job::By(by))];
        let mut groups = Vec::new();
        for (cell, after) in windows[0].iter().enumerate() {
            let before = windows.get(1).map(|cells| cells[cell]);
            if after.is_empty() && before.is_none_or(|b| b.is_empty()) {
                continue;
            }
            let split = before.map(|before| contributions(after, &before));
            groups.push(GrowthGroup {
                id: self.cell_id(by, cell).to_owned(),
                window: factors(after),
                compare: before.map(|before| factors(&before)),
                contributions: split.map(figures),
                zero_case: split.and_then(|s| s.zero_case),
            });
        }
        groups
    }

    fn cell_id(&self, by: By, cell: usize) -> &str {
        let dimensions = &self.manifest.dimensions;
        match by {
            By::Region => &dimensions.regions[cell].id,
            By::Store => &dimensions.stores[cell].id,
            By::Channel => &dimensions.channels[cell].id,
        }
    }

    fn series(&self, ask: &SeriesAsk, partial: &Partial) -> SeriesAnswer {
        let cells = &partial.cells[self.job(&Job::Series { grain: ask.grain, align: ask.align })];
        let mut windows = self.windows.iter().zip(cells).map(|((window, _), cells)| {
            let periods = self.periods(*window, ask.grain, ask.align);
            let mut points = measures(ask, cells);
            points.periods = periods.iter().map(|p| p.from).collect();
            points.days = periods.iter().map(|p| (p.to.epoch_days() - p.from.epoch_days() + 1) as u32).collect();
            points.partial = periods.iter().map(|p| p.cut).collect();
            points
        });
        let window = windows.next().expect("a plan has its window");
        SeriesAnswer { window, compare: windows.next() }
    }

    fn stores(&self, ask: &StoresAsk, partial: &Partial) -> Vec<StoreRow> {
        let windows = &partial.cells[self.job(&Job::By(By::Store))];
        let ranks = ranks(&windows[0], ask.by);
        let compare_ranks = windows.get(1).map(|cells| self::ranks(cells, ask.by));
        let row = |cell: usize| StoreRow {
            store: self.manifest.dimensions.stores[cell].id.clone(),
            rank: ranks[cell],
            compare_rank: compare_ranks.as_ref().filter(|_| !windows[1][cell].is_empty()).map(|ranks| ranks[cell]),
            window: factors(&windows[0][cell]),
            compare: windows.get(1).map(|cells| factors(&cells[cell])),
        };
        let met = |cell: &usize| windows.iter().any(|cells| !cells[*cell].is_empty());
        let mut order: Vec<usize> = (0..windows[0].len()).filter(met).collect();
        order.sort_by_key(|&cell| (ranks[cell], cell));
        order.truncate(ask.limit.map_or(usize::MAX, |limit| limit as usize));
        order.into_iter().map(row).collect()
    }
}

/// Rank of each cell by a measure, 1 the highest; equal values share a rank; cells without a value come last.
fn ranks(cells: &[Counts], by: Measure) -> Vec<u32> {
    let values: Vec<f64> = cells.iter().map(|c| factors(c).measure(by).unwrap_or(f64::NEG_INFINITY)).collect();
    // Stores without any fact must not push the others down.
    let mut order: Vec<usize> = (0..cells.len()).filter(|&i| !cells[i].is_empty()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let mut ranks = vec![order.len() as u32 + 1; cells.len()];
    for (place, &cell) in order.iter().enumerate() {
        let tied = place > 0 && values[order[place - 1]] == values[cell];
        ranks[cell] = if tied { ranks[order[place - 1]] } else { place as u32 + 1 };
    }
    ranks
}

fn factors(c: &Counts) -> Factors {
    Factors {
        users: Figure::exact(c.users),
        buyers: Figure::exact(c.buyers),
        orders: Figure::exact(c.member_orders + c.anonymous_orders),
        member_orders: Figure::exact(c.member_orders),
        sales: Figure::exact(c.member_sales + c.anonymous_sales),
        member_sales: Figure::exact(c.member_sales),
        conversion: ratio(c.buyers, c.users),
        frequency: ratio(c.member_orders, c.buyers),
        aov: ratio(c.member_sales, c.member_orders),
        repeat_buyers: Figure::exact(c.repeat_buyers),
        repurchase_rate: ratio(c.repeat_buyers, c.buyers),
        new_buyers: Figure::exact(c.new_buyers),
        anonymous_orders: Figure::exact(c.anonymous_orders),
        anonymous_sales: Figure::exact(c.anonymous_sales),
    }
}

fn ratio(part: i64, of: i64) -> Figure<Option<f64>> {
    Figure::exact((of != 0).then(|| part as f64 / of as f64))
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
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&i| (change(&groups[i]), i));
    let fell = order.iter().copied().filter(|&i| change(&groups[i]) < 0).take(top);
    let rose = order.iter().rev().copied().filter(|&i| change(&groups[i]) > 0).take(top);
    let kept: BTreeSet<usize> = fell.chain(rose).collect();
    groups.into_iter().enumerate().filter(|(i, _)| kept.contains(i)).map(|(_, group)| group).collect()
}

fn measures(ask: &SeriesAsk, cells: &[Counts]) -> SeriesPoints {
    let asked = |measure: Measure| ask.measures.is_empty() || ask.measures.contains(&measure);
    let counts = |measure, of: fn(&Factors) -> Figure<i64>| {
        asked(measure).then(|| cells.iter().map(|c| of(&factors(c))).collect())
    };
    let ratios = |measure, of: fn(&Factors) -> Figure<Option<f64>>| {
        asked(measure).then(|| cells.iter().map(|c| of(&factors(c))).collect())
    };
    SeriesPoints {
        sales: counts(Measure::Sales, |f| f.sales),
        member_sales: counts(Measure::MemberSales, |f| f.member_sales),
        orders: counts(Measure::Orders, |f| f.orders),
        users: counts(Measure::Users, |f| f.users),
        buyers: counts(Measure::Buyers, |f| f.buyers),
        conversion: ratios(Measure::Conversion, |f| f.conversion),
        frequency: ratios(Measure::Frequency, |f| f.frequency),
        aov: ratios(Measure::Aov, |f| f.aov),
        ..SeriesPoints::default()
    }
}
