//! The ladder, recounted member by member.

use model::{Day, Filter};

use super::{days_between, histories, last_day};
use crate::world::World;

/// Members who reached one rung.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rung {
    /// Days to the next order of those who made one, rising.
    pub gaps: Vec<i64>,
    /// Days that the others were watched, rising.
    pub watched: Vec<i64>,
    /// Sum of the next orders' amounts.
    pub amounts: i64,
}

/// The rungs up to a day, from the first.
pub fn ladder(world: &World, filter: &Filter, to: Day, rungs: usize) -> Vec<Rung> {
    let end = to.min(last_day(world));
    let mut ladder = vec![Rung::default(); rungs];
    for history in histories(world, filter, end) {
        for (at, (rung, bought)) in ladder.iter_mut().zip(&history).enumerate() {
            match history.get(at + 1) {
                Some(next) => {
                    rung.gaps.push(days_between(bought.day, next.day));
                    rung.amounts += next.amount;
                }
                None => rung.watched.push(days_between(bought.day, end)),
            }
        }
    }
    for rung in &mut ladder {
        rung.gaps.sort_unstable();
        rung.watched.sort_unstable();
    }
    ladder
}

/// A share as a fraction in lowest terms, so that nothing rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Above the line.
    pub part: u128,
    /// Below it.
    pub of: u128,
}

impl Rung {
    /// The middle of the gaps.
    pub fn median_gap(&self) -> Option<f64> {
        let n = self.gaps.len();
        (n > 0).then(|| (self.gaps[(n - 1) / 2] + self.gaps[n / 2]) as f64 / 2.0)
    }

    fn at_risk(&self, day: i64) -> u128 {
        self.gaps.iter().chain(&self.watched).filter(|&&followed| followed >= day).count() as u128
    }

    fn back_on(&self, day: i64) -> u128 {
        self.gaps.iter().filter(|&&gap| gap == day).count() as u128
    }

    /// Kaplan and Meier's share not yet back by a day; none where nobody was followed so long.
    pub fn left(&self, day: i64) -> Option<Share> {
        if self.at_risk(day) == 0 {
            return None;
        }
        let (mut part, mut of) = (1u128, 1u128);
        for day in 0..=day {
            let (at_risk, back) = (self.at_risk(day), self.back_on(day));
            part *= at_risk - back;
            of *= at_risk;
            let (mut a, mut b) = (part, of);
            while b != 0 {
                (a, b) = (b, a % b);
            }
            part /= a;
            of /= a;
        }
        Some(Share { part, of })
    }

    /// Greenwood's sum by a day.
    pub fn spread(&self, day: i64) -> f64 {
        let term = |day| {
            let (n, d) = (self.at_risk(day) as f64, self.back_on(day) as f64);
            if d == 0.0 { 0.0 } else { d / (n * (n - d)) }
        };
        (0..=day).map(term).sum()
    }

    /// The first day by which at most half is left.
    pub fn half_back(&self) -> Option<i64> {
        (0..)
            .map_while(|day| Some((day, self.left(day)?)))
            .find(|(_, left)| 2 * left.part <= left.of)
            .map(|(day, _)| day)
    }
}
