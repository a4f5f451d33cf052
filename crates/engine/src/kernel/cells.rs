//! Counts of both windows by a dimension.

use std::ops::Range;

use model::{By, Manifest};
use snapshot::{MAX_MEMBERS, NONE_U8, Rows};

use super::{MASK, PerMember, for_amounts, per_member};
use crate::counts::{Counts, square};
use crate::job::{Job, Reach, union};
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

const MET: u8 = 1;
const BOUGHT: u8 = 2;
// And 4 for a member that bought again.

/// Members of one value in one shard: users, buyers, repeat buyers and new buyers, 16 bits each, so that one addition
/// counts all four. None exceeds [`MAX_MEMBERS`], since a member is counted once.
type Heads = u64;

/// What to add for the bits that a member's state gained, and 8 where the member is new.
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

/// What a member whose state changed adds.
fn gain(before: u8, after: u8, is_new: bool) -> Heads {
    GAINS[usize::from((after & !before) & 7) | (usize::from(is_new) << 3)]
}

/// Orders of one value.
#[derive(Clone, Copy, Default)]
struct Sales {
    orders: i64,
    amounts: i64,
    squares: i64,
}

impl Sales {
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
        Reach { touches: if self.touches { days.clone() } else { 0..0 }, orders: days }
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let values = self.cut.names.len();
        if values == 0 {
            return;
        }
        let homes = self.cut.homes(view);
        let of = &self.cut.values[..];
        for (window, counters) in self.windows.iter().zip(tally.counts.chunks_exact_mut(values * Counts::LEN)) {
            let mut pass = Pass::new(self, view, &homes, window.clone());
            match self.cut.of {
                Of::Store => pass.run(self.touches, |rows, row| of[usize::from(rows.store[row])]),
                Of::Channel => pass.run(self.touches, |rows, row| of[usize::from(rows.channel[row])]),
                // A member's value is its home; orders without a member have the last one, which has no name.
                Of::SourceChannel | Of::Tier => pass.run(self.touches, |rows, row| match rows.member.get(row) {
                    Some(&member) => homes[usize::from(member) & MASK],
                    None => values as u16 - 1,
                }),
            }
            pass.add_to(counters);
        }
    }
}

/// One window being counted.
///
/// A member counts once in each value where it is met. Facts in the member's home value need one byte of state, and
/// members are counted when that byte changes, so that nobody is searched in the end. Facts elsewhere are first
/// noted, then looked up in a small table of (value, member).
struct Pass<'a> {
    view: &'a View<'a>,
    homes: &'a PerMember<u16>,
    window: Range<usize>,
    /// By value, and one more for members without a home.
    heads: Vec<Heads>,
    sales: Vec<Sales>,
    anonymous: Vec<Sales>,
    state: PerMember<u8>,
    away: Vec<u32>,
}

impl<'a> Pass<'a> {
    fn new(cells: &Cells, view: &'a View<'a>, homes: &'a PerMember<u16>, window: Range<usize>) -> Self {
        let values = cells.cut.names.len();
        Self {
            view,
            homes,
            window,
            heads: vec![0; values + 1],
            sales: vec![Sales::default(); values],
            anonymous: vec![Sales::default(); values],
            state: per_member(0u8),
            away: Vec::new(),
        }
    }

    fn run(&mut self, with_touches: bool, value: impl Fn(&Rows<'_>, usize) -> u16) {
        let Self { view, homes, window, heads, sales, anonymous, state, away } = self;
        let (heads, homes) = (&mut heads[..], *homes);
        let first = view.shard.first_order_day();
        let touches = view.touches.range(if with_touches { window.clone() } else { 0..0 });
        let orders = view.orders.range(window.clone());
        // One place more than facts, for the key that is written but not kept.
        away.resize(touches.len() + orders.len() + 1, 0);
        let mut noted = 0;
        for row in touches {
            let (member, value) = (view.touches.member[row], value(&view.touches, row));
            let at = usize::from(member) & MASK;
            let at_home = u8::from(value == homes[at]);
            let before = state[at];
            heads[usize::from(value)] += u64::from(!before & MET & at_home);
            state[at] = before | (MET & at_home);
            away[noted] = key(value, member, false);
            noted += usize::from(at_home == 0);
        }
        for row in orders.clone() {
            let (member, value) = (view.orders.member[row], value(&view.orders, row));
            let at = usize::from(member) & MASK;
            let at_home = value == homes[at];
            let before = state[at];
            let after = if at_home { bought(before) } else { before };
            let is_new = window.contains(&usize::from(first[usize::from(member)]));
            heads[usize::from(value)] += gain(before, after, is_new);
            state[at] = after;
            away[noted] = key(value, member, true);
            noted += usize::from(!at_home);
        }
        away.truncate(noted);
        count_away(away, heads, |member| window.contains(&usize::from(first[member])));
        let sales = &mut sales[..];
        for_amounts(&view.orders, orders, |row, amount| {
            sales[usize::from(value(&view.orders, row))].add(amount);
        });
        let anonymous = &mut anonymous[..];
        for_amounts(&view.anonymous, view.anonymous.range(window.clone()), |row, amount| {
            anonymous[usize::from(value(&view.anonymous, row))].add(amount);
        });
    }

    fn add_to(&self, counters: &mut [i64]) {
        let cells = self.heads.iter().zip(&self.sales).zip(&self.anonymous);
        for (((heads, sales), anonymous), counters) in cells.zip(counters.chunks_exact_mut(Counts::LEN)) {
            let lane = |number: u32| (heads >> (16 * number)) as i64 & 0xffff;
            let cell = Counts {
                users: lane(0),
                buyers: lane(1),
                repeat_buyers: lane(2),
                new_buyers: lane(3),
                member_orders: sales.orders,
                member_sales: sales.amounts,
                anonymous_orders: anonymous.orders,
                anonymous_sales: anonymous.amounts,
                squares: sales.squares + anonymous.squares,
            };
            cell.add_to(counters);
        }
    }
}

/// Counts the members met away from home.
///
/// Open addressing with linear probing, at most half full. An entry holds the pair of value and member above and the
/// state below; an entry without state is free.
fn count_away(away: &[u32], heads: &mut [Heads], is_new: impl Fn(usize) -> bool) {
    let slots = (2 * away.len()).next_power_of_two();
    let mut table = vec![0u64; slots];
    for &key in away {
        let (pair, order) = (key >> 1, key & 1 == 1);
        // Multiplicative hashing (Knuth 6.4): the upper bits of the product are well mixed.
        let mut slot = (pair.wrapping_mul(0x9E37_79B1) >> 7) as usize & (slots - 1);
        while table[slot] & 0xff != 0 && table[slot] >> 8 != u64::from(pair) {
            slot = (slot + 1) & (slots - 1);
        }
        let before = (table[slot] & 0xff) as u8;
        let after = if order { bought(before) } else { before | MET };
        table[slot] = (u64::from(pair) << 8) | u64::from(after);
        heads[(pair >> MEMBER_BITS) as usize] += gain(before, after, is_new(pair as usize & MASK));
    }
}

/// The state after one more order.
fn bought(state: u8) -> u8 {
    state | MET | BOUGHT | ((state & BOUGHT) << 1)
}

const MEMBER_BITS: u32 = MAX_MEMBERS.ilog2();

/// Value above, member in the middle, 1 for an order below.
fn key(value: u16, member: u16, order: bool) -> u32 {
    (u32::from(value) << (MEMBER_BITS + 1)) | (u32::from(member) << 1) | u32::from(order)
}
