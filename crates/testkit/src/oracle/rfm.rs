//! RFM, recounted with sorted lists.

use std::collections::BTreeMap;

use model::{Day, Filter, RfmAsk, RfmCuts};

use super::{days_between, histories};
use crate::world::World;

/// The answer by scores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rfm {
    /// Members with an order.
    pub members: i64,
    /// Where the quintiles lie.
    pub cuts: RfmCuts,
    /// Members and their amounts by recency, frequency and money.
    pub cells: BTreeMap<[u8; 3], (i64, i64)>,
    /// Members by recency and frequency before and after.
    pub moves: BTreeMap<(Option<[u8; 2]>, [u8; 2]), i64>,
}

/// A buyer's day of the last order, orders and amounts.
type Values = [i64; 3];

fn values(world: &World, filter: &Filter, until: Day) -> Vec<Option<Values>> {
    let value = |history: Vec<super::Bought>| {
        let last = history.last()?;
        let spent = history.iter().map(|bought| bought.amount).sum();
        Some([days_between(world.first_day, last.day), history.len() as i64, spent])
    };
    histories(world, filter, until).into_iter().map(value).collect()
}

/// The quintiles: each step between two neighbours in the sorted list is drawn as five fifths.
fn cuts(values: &[Option<Values>], which: usize) -> [i64; 4] {
    let mut sorted: Vec<i64> = values.iter().flatten().map(|value| value[which]).collect();
    sorted.sort_unstable();
    if sorted.is_empty() {
        return [0; 4];
    }
    let mut fifths = vec![5 * sorted[0]];
    for pair in sorted.windows(2) {
        fifths.extend((1..=5).map(|step| 5 * pair[0] + step * (pair[1] - pair[0])));
    }
    let steps = sorted.len() - 1;
    [steps, 2 * steps, 3 * steps, 4 * steps].map(|at| fifths[at])
}

fn score(value: i64, cuts: [i64; 4]) -> u8 {
    let mut score = 1;
    for cut in cuts {
        if cut < 5 * value {
            score += 1;
        }
    }
    score
}

/// The answer to an ask.
pub fn rfm(world: &World, filter: &Filter, ask: &RfmAsk) -> Rfm {
    let now = values(world, filter, ask.as_of);
    let [recency, frequency, monetary] = [0, 1, 2].map(|which| cuts(&now, which));
    let mut rfm = Rfm { cuts: RfmCuts { recency, frequency, monetary }, ..Rfm::default() };
    let before = ask.since.map(|since| values(world, filter, since));
    for (member, value) in now.iter().enumerate() {
        let Some([last, orders, spent]) = *value else { continue };
        rfm.members += 1;
        let to = [score(last, recency), score(orders, frequency)];
        let cell = rfm.cells.entry([to[0], to[1], score(spent, monetary)]).or_default();
        *cell = (cell.0 + 1, cell.1 + spent);
        if let Some(before) = &before {
            let from =
                before[member].map(|[last, orders, _]| [score(last, cuts(before, 0)), score(orders, cuts(before, 1))]);
            *rfm.moves.entry((from, to)).or_default() += 1;
        }
    }
    rfm
}
