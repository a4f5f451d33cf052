//! Counts of both windows by a dimension.

use std::ops::Range;

use model::{By, Manifest};
use snapshot::{MAX_MEMBERS, NONE_U8};

use super::{MASK, PerMember, per_member};
use crate::counts::{Counts, square};
use crate::job::{Columns, Job, Reach, union};
use crate::partial::Tally;
use crate::select::domain_name;
use crate::view::View;

/// A dimension as numbers: the values it has, and the value of each store, channel or member code.
pub(crate) struct Cut {
    /// Names of the values, in order.
    pub(crate) names: Vec<String>,
    of: Of,
    /// The value of each code.
    values: Vec<u16>,
}

/// What a value belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Store,
    Channel,
    SourceChannel,
    Tier,
}

impl Cut {
    pub(crate) fn new(by: By, manifest: &Manifest) -> Self {
        let dimensions = &manifest.dimensions;
        let (stores, channels) = (&dimensions.stores, &dimensions.channels);
        match by {
            By::Region => Self {
                names: dimensions.regions.iter().map(|region| region.id.clone()).collect(),
                of: Of::Store,
                values: stores.iter().map(|store| store.region).collect(),
            },
            By::Store => Self::own(Of::Store, stores.iter().map(|store| store.id.clone())),
            By::City => Self::distinct(Of::Store, stores.iter().map(|store| store.city.as_str())),
            By::Format => Self::distinct(Of::Store, stores.iter().map(|store| store.format.as_str())),
            By::Channel => Self::own(Of::Channel, channels.iter().map(|channel| channel.id.clone())),
            By::Domain => Self::distinct(Of::Channel, channels.iter().map(|channel| domain_name(channel.domain))),
            By::SourceChannel => Self::of_members(Of::SourceChannel, channels.iter().map(|c| c.id.clone()).collect()),
            By::Tier => Self::of_members(Of::Tier, dimensions.tiers.clone()),
        }
    }

    /// Every code is a value of its own.
    fn own(of: Of, names: impl Iterator<Item = String>) -> Self {
        let names: Vec<String> = names.collect();
        Self { of, values: (0..names.len() as u16).collect(), names }
    }

    /// Codes of the same name share a value, in the order of first appearance.
    fn distinct<'a>(of: Of, names_of_codes: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<String> = Vec::new();
        let values = names_of_codes.map(|name| {
            let known = names.iter().position(|other| other == name);
            known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            }) as u16
        });
        let values = values.collect();
        Self { names, of, values }
    }

    /// As `own`, and one value more, without a name, for members without a code and for orders without a member.
    fn of_members(of: Of, mut names: Vec<String>) -> Self {
        let mut values: Vec<u16> = (0..256).map(|code: usize| code.min(names.len()) as u16).collect();
        values[usize::from(NONE_U8)] = names.len() as u16;
        names.push(String::new());
        Self { names, of, values }
    }

    /// The value in which most of a member's facts lie; the number of values where it has none.
    fn homes(&self, view: &View<'_>) -> PerMember<u16> {
        let nowhere = self.names.len() as u16;
        let mut homes = per_member(nowhere);
        let value = |code: usize| self.values.get(code).copied().unwrap_or(nowhere);
        let of_codes = |homes: &mut [u16], codes: &[u8]| {
            for (home, &code) in homes.iter_mut().zip(codes) {
                *home = value(code.into());
            }
        };
        match self.of {
            Of::Store => {
                for (home, &store) in homes.iter_mut().zip(view.shard.home_store()) {
                    *home = value(store.into());
                }
            }
            Of::Channel | Of::SourceChannel => of_codes(&mut homes[..], view.shard.source_channel()),
            Of::Tier => of_codes(&mut homes[..], view.shard.tier()),
        }
        homes
    }
}

/// One cell for each window and value.
pub(crate) struct Cells {
    pub(crate) windows: Vec<Range<usize>>,
    pub(crate) cut: Cut,
    /// Whether touches count, which users and conversion need.
    pub(crate) touches: bool,
}

/// What is known of a member in one pass, in one word: the value of its home below, then these flags.
///
/// One word, so that a fact costs one look at one place.
type Word = u32;

const MET: Word = 1 << 16;
const BOUGHT: Word = 1 << 17;
// And 1 << 18 for a member that bought again.
/// The member's first order ever lies in the window.
const NEW: Word = 1 << 19;

/// Members of one value in one shard: users, buyers, repeat buyers and new buyers, 16 bits each, so that one addition
/// counts all four. None exceeds [`MAX_MEMBERS`], since a member is counted once.
type Heads = u64;

/// What to add for the flags that a member's word gained, and 8 where the member is new.
const GAINS: [Heads; 16] = {
    let mut gains = [0; 16];
    let mut gained = 0;
    while gained < 16 {
        let (met, bought, again) = (gained & 1, (gained >> 1) & 1, (gained >> 2) & 1);
        let new = bought & (gained >> 3);
        gains[gained] = met as u64 | ((bought as u64) << 16) | ((again as u64) << 32) | ((new as u64) << 48);
        gained += 1;
    }
    gains
};

/// What a member whose word changed adds.
fn gain(before: Word, after: Word) -> Heads {
    // What was there before is not gained; that the member is new was always there.
    GAINS[(((after & !before) | (after & NEW)) / MET) as usize & 15]
}

/// The flags after one more order.
fn bought(word: Word) -> Word {
    word | MET | BOUGHT | ((word & BOUGHT) << 1)
}

/// What one value has in one window of one shard.
#[derive(Clone, Copy, Default)]
struct Cell {
    heads: Heads,
    orders: i64,
    amounts: i64,
    squares: i64,
}

impl Cell {
    fn add(&mut self, amount: i64) {
        self.orders += 1;
        self.amounts += amount;
        self.squares += square(amount);
    }
}

impl Job for Cells {
    fn len(&self) -> usize {
        self.windows.len() * self.cut.names.len() * Counts::LEN
    }

    fn reach(&self) -> Reach {
        let days = self.windows.iter().fold(0..0, |days, window| union(&days, window));
        let columns =
            Columns { store: self.cut.of == Of::Store, channel: self.cut.of == Of::Channel, ..Columns::default() };
        Reach { touches: if self.touches { days.clone() } else { 0..0 }, orders: days, columns, ..Reach::default() }
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let values = self.cut.names.len();
        if values == 0 {
            return;
        }
        let homes = self.cut.homes(view);
        let of = &self.cut.values[..];
        let (orders, touches, anonymous) = (&view.orders, &view.touches, &view.anonymous);
        for (window, counters) in self.windows.iter().zip(tally.counts.chunks_exact_mut(values * Counts::LEN)) {
            let mut pass = Pass::new(view, &homes, window.clone(), values);
            if self.touches {
                match self.cut.of {
                    Of::Store => pass.touches(touches.store, of),
                    Of::Channel => pass.touches(touches.channel, of),
                    Of::SourceChannel | Of::Tier => pass.touches(touches.member, &homes[..]),
                }
            }
            match self.cut.of {
                Of::Store => pass.orders(orders.store, of),
                Of::Channel => pass.orders(orders.channel, of),
                Of::SourceChannel | Of::Tier => pass.orders(orders.member, &homes[..]),
            }
            pass.count_away();
            match self.cut.of {
                Of::Store => pass.anonymous(anonymous.store.iter().map(|&code| of[usize::from(code)])),
                Of::Channel => pass.anonymous(anonymous.channel.iter().map(|&code| of[usize::from(code)])),
                // Orders without a member have the last value, which has no name.
                Of::SourceChannel | Of::Tier => pass.anonymous(std::iter::repeat(values as u16 - 1)),
            }
            pass.add_to(counters);
        }
    }
}

/// One window being counted.
///
/// A member counts once in each value where it is met. Facts in the member's home value need a few flags, and members
/// are counted when these change, so that nobody is searched in the end. Facts elsewhere are first noted, then looked
/// up in a small table of (value, member).
struct Pass<'a> {
    view: &'a View<'a>,
    window: Range<usize>,
    /// By value, and one more for members without a home.
    cells: Vec<Cell>,
    anonymous: Vec<Cell>,
    words: PerMember<Word>,
    away: Vec<u32>,
    noted: usize,
}

impl<'a> Pass<'a> {
    fn new(view: &'a View<'a>, homes: &PerMember<u16>, window: Range<usize>, values: usize) -> Self {
        let (from, days) = (window.start as u16, window.len() as u16);
        let mut words = per_member(0);
        for (word, &home) in words.iter_mut().zip(homes.iter()) {
            *word = Word::from(home);
        }
        for (word, &first) in words.iter_mut().zip(view.shard.first_order_day()) {
            *word |= NEW * Word::from(first.wrapping_sub(from) < days);
        }
        Self {
            view,
            window,
            cells: vec![Cell::default(); values + 1],
            anonymous: vec![Cell::default(); values],
            words,
            away: Vec::new(),
            noted: 0,
        }
    }

    /// Makes room to note so many facts more, and one place for the key that is written but not kept.
    fn room(&mut self, facts: usize) {
        self.away.resize(self.noted + facts + 1, 0);
    }

    /// `of` gives the value of each touch's code.
    fn touches<C: Copy + Into<usize>>(&mut self, codes: &[C], of: &[u16]) {
        let rows = self.view.touches.range(self.window.clone());
        self.room(rows.len());
        for (&member, &code) in self.view.touches.member[rows.clone()].iter().zip(&codes[rows]) {
            let value = of[code.into()];
            let word = &mut self.words[usize::from(member) & MASK];
            let at_home = Word::from(*word as u16 == value);
            let after = *word | (MET * at_home);
            self.cells[usize::from(value)].heads += Heads::from((after & !*word) / MET);
            *word = after;
            self.away[self.noted] = key(value, member, false);
            self.noted += at_home as usize ^ 1;
        }
    }

    /// `of` gives the value of each order's code.
    fn orders<C: Copy + Into<usize>>(&mut self, codes: &[C], of: &[u16]) {
        let orders = &self.view.orders;
        let rows = orders.range(self.window.clone());
        self.room(rows.len());
        let Self { cells, words, away, noted, .. } = self;
        let (cells, away) = (&mut cells[..], &mut away[..]);
        let facts = orders.member[rows.clone()].iter().zip(&codes[rows.clone()]);
        for_amounts!(orders, rows, facts, |(&member, &code), amount| {
            let value = of[code.into()];
            let word = &mut words[usize::from(member) & MASK];
            let at_home = Word::from(*word as u16 == value);
            // Nothing changes where the fact is away: a mask, since a branch would be mispredicted often.
            let after = *word | (bought(*word) & at_home.wrapping_neg());
            let cell = &mut cells[usize::from(value)];
            cell.heads += gain(*word, after);
            cell.add(amount);
            *word = after;
            away[*noted] = key(value, member, true);
            *noted += at_home as usize ^ 1;
        });
    }

    /// Orders without a member, by the value of each row.
    fn anonymous(&mut self, values: impl Iterator<Item = u16>) {
        let rows = self.view.anonymous.range(self.window.clone());
        let values = values.skip(rows.start);
        for_amounts!(self.view.anonymous, rows, values, |value, amount| {
            self.anonymous[usize::from(value)].add(amount);
        });
    }

    /// Counts the members met away from home.
    ///
    /// Open addressing with linear probing, at most half full. An entry holds the pair of value and member above and
    /// the flags below; an entry without flags is free.
    fn count_away(&mut self) {
        let slots = (2 * self.noted).next_power_of_two();
        let mut table = vec![(0u32, 0 as Word); slots];
        for &key in &self.away[..self.noted] {
            let (pair, order) = (key >> 1, key & 1 == 1);
            // Multiplicative hashing (Knuth 6.4): the upper bits of the product are well mixed.
            let mut slot = (pair.wrapping_mul(0x9E37_79B1) >> 7) as usize & (slots - 1);
            while table[slot].1 != 0 && table[slot].0 != pair {
                slot = (slot + 1) & (slots - 1);
            }
            let before = table[slot].1;
            let new = self.words[pair as usize & MASK] & NEW;
            let after = new | if order { bought(before) } else { before | MET };
            table[slot] = (pair, after);
            self.cells[(pair >> MEMBER_BITS) as usize].heads += gain(before, after);
        }
    }

    fn add_to(&self, counters: &mut [i64]) {
        let cells = self.cells.iter().zip(&self.anonymous);
        for ((cell, anonymous), counters) in cells.zip(counters.chunks_exact_mut(Counts::LEN)) {
            let lane = |number: u32| (cell.heads >> (16 * number)) as i64 & 0xffff;
            let counts = Counts {
                users: lane(0),
                buyers: lane(1),
                repeat_buyers: lane(2),
                new_buyers: lane(3),
                member_orders: cell.orders,
                member_sales: cell.amounts,
                anonymous_orders: anonymous.orders,
                anonymous_sales: anonymous.amounts,
                squares: cell.squares + anonymous.squares,
            };
            counts.add_to(counters);
        }
    }
}

const MEMBER_BITS: u32 = MAX_MEMBERS.ilog2();

/// Value above, member in the middle, 1 for an order below.
fn key(value: u16, member: u16, order: bool) -> u32 {
    (u32::from(value) << (MEMBER_BITS + 1)) | (u32::from(member) << 1) | u32::from(order)
}
