//! The shops: where, how large, since when, and which one stands in while one is shut.

use crate::calendar::{CLOSES, DAYS, DayNumber, date_of};
use crate::dice::{Dice, Weighted};
use crate::places::{NORTH, NORTHEAST, REGIONS, store_names};

/// The fewest stores a sample has: two to a region, one of them larger.
pub(crate) const FEWEST: u32 = 16;
/// From this many on, every region also has an online store.
const WITH_ONLINE: u32 = 40;

/// A shop, or a region's online store.
pub(crate) struct Store {
    /// `store_id`.
    pub(crate) id: String,
    /// Display name, unique.
    pub(crate) name: String,
    /// Index into [`REGIONS`].
    pub(crate) region: usize,
    /// City.
    pub(crate) city: &'static str,
    /// `direct`, `franchise`, `dealer`, `online`.
    pub(crate) format: &'static str,
    /// Opening day, `YYYY-MM-DD`.
    pub(crate) opened_on: String,
    /// First day with facts.
    pub(crate) opens: DayNumber,
    /// First day without facts again; [`DAYS`] if it stays open.
    pub(crate) closes: DayNumber,
    /// Guides working there.
    pub(crate) guides: u8,
    /// Floor area, square metres.
    pub(crate) area: u32,
    /// Index of the shop that serves its members while it is shut.
    stand_in: u16,
}

/// All shops and how to draw one.
pub(crate) struct Stores {
    /// Ordered by region.
    pub(crate) list: Vec<Store>,
    /// Per region, shops by size.
    shops: Vec<Weighted<u16>>,
    /// Per region, its online store.
    online: Vec<Option<u16>>,
    /// The shop whose order value doubles.
    pub(crate) doubled: u16,
    /// The shop that closes.
    pub(crate) closed: u16,
}

/// How many of `stores` each region gets: by share, largest remainders first, never fewer than two.
fn counts(stores: u32) -> [u32; 8] {
    let spare = stores - 2 * REGIONS.len() as u32;
    let mut counts = [2; 8];
    let mut remainders = Vec::new();
    for (index, region) in REGIONS.iter().enumerate() {
        counts[index] += spare * region.share / 1000;
        remainders.push((spare * region.share % 1000, index));
    }
    let missing = stores - counts.iter().sum::<u32>();
    remainders.sort_by_key(|(rest, index)| (std::cmp::Reverse(*rest), *index));
    for (_, index) in remainders.iter().take(missing as usize) {
        counts[*index] += 1;
    }
    counts
}

impl Stores {
    /// `stores` shops, at least [`FEWEST`].
    pub(crate) fn new(stores: u32, dice: &mut Dice) -> Self {
        let mut made = Self { list: Vec::new(), shops: Vec::new(), online: Vec::new(), doubled: 0, closed: 0 };
        for (index, count) in counts(stores).into_iter().enumerate() {
            made.add_region(index, count, stores >= WITH_ONLINE, dice);
        }
        made
    }

    fn add_region(&mut self, index: usize, count: u32, with_online: bool, dice: &mut Dice) {
        let region = &REGIONS[index];
        let first = self.list.len();
        let shops = (count - u32::from(with_online)) as usize;
        let mut weights = Vec::new();
        for (nth, (city, name)) in store_names(region, shops).into_iter().enumerate() {
            let planted = nth == 1 && (index == NORTH || index == NORTHEAST);
            let size = match nth {
                // The shops with a planted change keep to a middling size, lest they move the whole.
                _ if planted => 2200,
                0..4 => dice.between(3600, 6000) - 500 * nth as u32,
                _ => ((900.0 * libm::exp(0.75 * dice.normal())) as u32 + 60).min(2600),
            };
            let late = nth >= 4 && dice.chance(0.06);
            let opens = if late { dice.between(20, DAYS - 100) } else { 0 };
            let before = dice.between(30, 5000);
            let format = match dice.below(100) {
                _ if nth < 4 => "direct",
                0..42 => "direct",
                42..80 => "franchise",
                _ => "dealer",
            };
            weights.push((self.list.len() as u16, size));
            self.list.push(Store {
                id: format!("S{:04}", self.list.len() + 1),
                name,
                region: index,
                city,
                format,
                opened_on: if late {
                    date_of(opens).to_string()
                } else {
                    (date_of(0) - chrono::Days::new(before.into())).to_string()
                },
                opens,
                closes: DAYS,
                guides: (2 + size / 500).min(9) as u8,
                area: 60 + size / 12,
                stand_in: self.list.len() as u16,
            });
        }
        if index == NORTH {
            self.doubled = first as u16 + 1;
        }
        if index == NORTHEAST {
            self.closed = first as u16 + 1;
            self.list[first + 1].closes = CLOSES;
        }
        self.set_stand_ins(first);
        self.shops.push(Weighted::new(weights));
        self.online.push(with_online.then_some(self.list.len() as u16));
        if with_online {
            self.list.push(Store {
                id: format!("S{:04}", self.list.len() + 1),
                name: format!("{}线上旗舰店", region.name),
                region: index,
                city: region.cities[0],
                format: "online",
                opened_on: "2016-11-01".to_owned(),
                opens: 0,
                closes: DAYS,
                guides: 6,
                area: 0,
                stand_in: self.list.len() as u16,
            });
        }
    }

    /// A shop that is always open, in the same city where there is one.
    fn set_stand_ins(&mut self, first: usize) {
        let always: Vec<usize> =
            (first..self.list.len()).filter(|at| self.list[*at].opens == 0 && self.list[*at].closes == DAYS).collect();
        for at in first..self.list.len() {
            let near = always.iter().find(|other| self.list[**other].city == self.list[at].city);
            let stand_in = near.copied().unwrap_or(always[at % always.len()]);
            self.list[at].stand_in = stand_in as u16;
        }
    }

    /// A shop of a region, the larger the likelier.
    pub(crate) fn draw(&self, region: usize, dice: &mut Dice) -> u16 {
        self.shops[region].draw(dice)
    }

    /// The shop itself, or the one standing in for it on a day it is shut.
    pub(crate) fn open_on(&self, store: u16, day: DayNumber) -> u16 {
        let it = &self.list[usize::from(store)];
        if (it.opens..it.closes).contains(&day) { store } else { it.stand_in }
    }

    /// The region's online store.
    pub(crate) fn online(&self, region: usize) -> Option<u16> {
        self.online[region]
    }

    /// Region of a store.
    pub(crate) fn region(&self, store: u16) -> usize {
        self.list[usize::from(store)].region
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn four_thousand_stores_have_four_thousand_names_in_eight_regions() {
        let stores = Stores::new(4000, &mut Dice::new(1, 0));
        let names: HashSet<_> = stores.list.iter().map(|s| &s.name).collect();
        let regions: HashSet<_> = stores.list.iter().map(|s| s.region).collect();
        assert_eq!((stores.list.len(), names.len(), regions.len()), (4000, 4000, 8));
    }

    #[test]
    fn the_planted_stores_are_there_however_few_there_are() {
        for count in [FEWEST, 24, 39, 40, 60, 400] {
            let stores = Stores::new(count, &mut Dice::new(1, 0));
            assert_eq!(stores.list.len(), count as usize);
            assert_eq!(stores.list[usize::from(stores.doubled)].name, "北京三里屯店");
            assert_eq!(stores.list[usize::from(stores.closed)].name, "沈阳中街店");
            assert_ne!(stores.open_on(stores.closed, CLOSES), stores.closed);
        }
    }
}
