//! Buyers by recency, frequency and money, and who moved.

use model::{Answer, Day, Figure, RfmAnswer, RfmAsk, RfmCell, RfmCuts, RfmMove};

use crate::estimate::{Slot, Visit, Walk};
use crate::job::{Asked, JobId, Jobs, Key, Sums};
use crate::kernel::People;
use crate::partial::Person;
use crate::plan::Frame;
use crate::segment::score;

/// An RFM ask, resolved.
pub(crate) struct Rfm {
    job: JobId,
    as_of: Day,
    moves: bool,
}

const SCORES: usize = 5;
/// The place of members without an order, after all pairs of recency and frequency.
const NOBODY: usize = SCORES * SCORES;

impl Rfm {
    pub(crate) fn new(ask: &RfmAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let until = |day: Day| frame.days(frame.manifest.first_day, day).end;
        let people = || People { since: ask.since.map_or(0, until), days: until(ask.as_of) };
        Self { job: jobs.add(Key::Own, people), as_of: ask.as_of, moves: ask.since.is_some() }
    }
}

impl Asked for Rfm {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let people = &sums.of(self.job).people;
        let cuts = RfmCuts {
            recency: counted_cuts(people.iter().map(|person| person.last)),
            frequency: counted_cuts(people.iter().map(|person| person.orders)),
            monetary: ranked_cuts(people.iter().map(|person| person.money).collect()),
        };
        let mut cells = [(0i64, 0i64); NOBODY * SCORES];
        for person in people {
            let place =
                place(person.last, person.orders, &cuts) * SCORES + SCORES - score(person.money, &cuts.monetary);
            cells[place].0 += 1;
            cells[place].1 += person.money;
        }
        let cell = |(place, &(members, sales)): (usize, &(i64, i64))| {
            let [recency, frequency] = scores(place / SCORES);
            RfmCell {
                recency,
                frequency,
                monetary: (SCORES - place % SCORES) as u8,
                members: Figure::exact(members),
                sales: Figure::exact(sales),
            }
        };
        Answer::Rfm(RfmAnswer {
            as_of: self.as_of,
            members: Figure::exact(people.len() as i64),
            cuts,
            cells: cells.iter().enumerate().map(cell).collect(),
            migration: self.moves.then(|| migration(people, &cuts)),
        })
    }

    fn arrange(&self, answer: &mut Answer, _sums: &Sums<'_>) {
        let Answer::Rfm(answer) = answer else { return };
        answer.cells.retain(|cell| cell.members.value != 0);
        if let Some(moves) = &mut answer.migration {
            moves.retain(|row| row.members.value != 0);
        }
    }
}

/// Where a pair of scores stands, the best first.
fn place(last: u32, orders: u32, cuts: &RfmCuts) -> usize {
    let down = |value: u32, cuts: &[i64; 4]| SCORES - score(value.into(), cuts);
    down(last, &cuts.recency) * SCORES + down(orders, &cuts.frequency)
}

/// The scores of recency and frequency that stand there.
fn scores(place: usize) -> [u8; 2] {
    [place / SCORES, place % SCORES].map(|below_best| (SCORES - below_best) as u8)
}

/// Every move there can be, from the best place and to the best first; the cuts of each day are those of its members.
fn migration(people: &[Person], cuts: &RfmCuts) -> Vec<RfmMove> {
    let before = people.iter().filter(|person| person.orders_since > 0);
    let earlier = RfmCuts {
        recency: counted_cuts(before.clone().map(|person| person.last_since)),
        frequency: counted_cuts(before.map(|person| person.orders_since)),
        ..RfmCuts::default()
    };
    let mut moves = [[0i64; NOBODY]; NOBODY + 1];
    for person in people {
        let from = match person.orders_since {
            0 => NOBODY,
            orders => place(person.last_since, orders, &earlier),
        };
        moves[from][place(person.last, person.orders, cuts)] += 1;
    }
    let row = |(from, row): (usize, &[i64; NOBODY])| -> Vec<RfmMove> {
        let from = (from != NOBODY).then(|| scores(from));
        let one = |(to, &members): (usize, &i64)| RfmMove { from, to: scores(to), members: Figure::exact(members) };
        row.iter().enumerate().map(one).collect()
    };
    moves.iter().enumerate().flat_map(row).collect()
}

/// The most that is counted number by number.
const MOST_COUNTED: u32 = 1 << 20;

/// The cuts of small numbers, counted one by one: several times faster than ranking them, which matters where the
/// answer is made again without each group.
fn counted_cuts(values: impl Iterator<Item = u32> + Clone) -> [i64; 4] {
    let most = values.clone().max().unwrap_or(0);
    if most >= MOST_COUNTED {
        return ranked_cuts(values.map(i64::from).collect());
    }
    let mut counts = vec![0usize; most as usize + 1];
    values.for_each(|value| counts[value as usize] += 1);
    let (mut value, mut up_to) = (0, counts[0]);
    cuts(counts.iter().sum(), |rank| {
        while up_to <= rank {
            value += 1;
            up_to += counts[value];
        }
        value as i64
    })
}

/// The cuts of any numbers. Each rank is selected among those above the one before: about three passes in all, of the
/// order of 20 ns a member.
fn ranked_cuts(mut values: Vec<i64>) -> [i64; 4] {
    let mut done = 0;
    let total = values.len();
    cuts(total, |rank| {
        let (_, &mut value, _) = values[done..].select_nth_unstable(rank - done);
        done = rank + 1;
        value
    })
}

/// The 20, 40, 60 and 80 % points in fifths of a unit; `ranked` gives the value of a rank, counted from 0, and is asked
/// for each once, in rising order.
///
/// Hyndman & Fan (1996), definition 7: the point of share p stands at rank (n − 1)·p, between its neighbours.
fn cuts(total: usize, mut ranked: impl FnMut(usize) -> i64) -> [i64; 4] {
    let Some(last) = total.checked_sub(1) else { return [0; 4] };
    let mut known: Vec<(usize, i64)> = Vec::with_capacity(8);
    let mut at = |rank: usize| match known.iter().find(|(known, _)| *known == rank) {
        Some(&(_, value)) => value,
        None => {
            let value = ranked(rank);
            known.push((rank, value));
            value
        }
    };
    [1, 2, 3, 4].map(|fifth| {
        let (rank, rest) = (last * fifth / 5, last * fifth % 5);
        let low = at(rank);
        let high = if rest == 0 { low } else { at(rank + 1) };
        5 * low + (high - low) * rest as i64
    })
}

impl Walk for RfmAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        let members = self.members.value;
        visit(Slot::Count(&mut self.members), members);
        for cell in &mut self.cells {
            let members = cell.members.value;
            visit(Slot::Derived(&mut cell.members), members);
            visit(Slot::Derived(&mut cell.sales), members);
        }
        for row in self.migration.iter_mut().flatten() {
            let members = row.members.value;
            visit(Slot::Derived(&mut row.members), members);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_are_those_of_numpy() {
        // numpy.percentile([1, 1, 2, 4, 10, 11], [20, 40, 60, 80]) = 1, 2, 4, 10; of [3, 8] it is 4, 5, 6, 7.
        assert_eq!(ranked_cuts(vec![10, 1, 4, 11, 2, 1]), [5, 10, 20, 50]);
        assert_eq!(ranked_cuts(vec![8, 3]), [20, 25, 30, 35]);
        assert_eq!(ranked_cuts(vec![7]), [35; 4]);
        assert_eq!(ranked_cuts(vec![]), [0; 4]);
    }

    #[test]
    fn counting_and_ranking_agree() {
        for size in 0..60u32 {
            let values: Vec<u32> = (0..size).map(|i| i * 7919 % 23).collect();
            assert_eq!(counted_cuts(values.iter().copied()), ranked_cuts(values.iter().map(|&v| v.into()).collect()));
        }
        assert_eq!(counted_cuts([1, 2_000_000].into_iter()), [2_000_004, 4_000_003, 6_000_002, 8_000_001]);
    }
}
