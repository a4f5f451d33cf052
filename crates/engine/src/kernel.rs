//! The loops over a shard's rows.
//!
//! Facts lie in time order, so a window is one range of rows. What a question must remember of a member is one byte
//! in an array of fixed size, which stays in the first cache and needs no bounds check; rows outside the filter are
//! multiplied by 0 instead of branched around.

use std::ops::Range;

use model::{By, Manifest, Question};
use snapshot::{Amounts, MAX_MEMBERS, NONE_U8, NONE_U16, Rows, Shard};

use crate::counts::Counts;

/// Member numbers are below `MAX_MEMBERS`, a power of two: masking says so to the compiler.
const MASK: usize = MAX_MEMBERS - 1;
const SEEN: u8 = 1;
const BOUGHT: u8 = 2;
const BOUGHT_AGAIN: u8 = 4;

/// Which stores and channels count, as 0 or 1 by number.
pub(crate) struct Filter {
    stores: Vec<u8>,
    channels: [u8; 256],
}

impl Filter {
    pub(crate) fn new(question: &Question, manifest: &Manifest) -> Self {
        let filter = &question.filter;
        let dimensions = &manifest.dimensions;
        let any = |names: &[String], id: &str| names.is_empty() || names.iter().any(|n| n == id);
        let region = |index: u16| dimensions.regions[usize::from(index)].id.as_str();
        let stores = dimensions.stores.iter();
        let stores = stores.map(|s| u8::from(any(&filter.stores, &s.id) && any(&filter.regions, region(s.region))));
        let mut channels = [0; 256];
        for (code, channel) in channels.iter_mut().zip(&dimensions.channels) {
            *code = u8::from(any(&filter.channels, &channel.id));
        }
        Self { stores: stores.collect(), channels }
    }

    fn keeps(&self, rows: &Rows<'_>, row: usize) -> u8 {
        self.stores[usize::from(rows.store[row])] & self.channels[usize::from(rows.channel[row])]
    }
}

/// Memory that jobs of one shard share.
pub(crate) struct Scratch {
    state: Box<[u8; MAX_MEMBERS]>,
    keys: Vec<u32>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { state: Box::new([0; MAX_MEMBERS]), keys: Vec::new() }
    }
}

/// Counts the facts of `days` that the filter keeps.
pub(crate) fn count(shard: &Shard, days: Range<usize>, filter: &Filter, scratch: &mut Scratch) -> Counts {
    let state = &mut *scratch.state;
    state.fill(0);
    let touches = shard.touches();
    for row in touches.range(days.clone()) {
        state[usize::from(touches.member[row]) & MASK] |= filter.keeps(&touches, row);
    }
    let orders = shard.orders();
    let rows = orders.range(days.clone());
    for row in rows.clone() {
        let keep = filter.keeps(&orders, row);
        let member = &mut state[usize::from(orders.member[row]) & MASK];
        *member |= order_bits(*member, keep);
    }
    let (member_orders, member_sales) = sum(&orders, rows, filter);
    let anonymous = shard.anonymous();
    let (anonymous_orders, anonymous_sales) = sum(&anonymous, anonymous.range(days.clone()), filter);
    let mut counts = Counts { member_orders, member_sales, anonymous_orders, anonymous_sales, ..Counts::default() };
    for (&state, &first) in state.iter().zip(shard.first_order_day()) {
        count_member(&mut counts, state, days.contains(&usize::from(first)));
    }
    counts
}

/// Seen, bought, and bought again where it had bought before; nothing where `keep` is 0.
fn order_bits(state: u8, keep: u8) -> u8 {
    keep * (SEEN | BOUGHT | ((state & BOUGHT) << 1))
}

fn count_member(counts: &mut Counts, state: u8, first_order_inside: bool) {
    let bought = i64::from(state & BOUGHT != 0);
    counts.users += i64::from(state != 0);
    counts.buyers += bought;
    counts.repeat_buyers += i64::from(state & BOUGHT_AGAIN != 0);
    counts.new_buyers += bought * i64::from(first_order_inside);
}

fn sum(orders: &Rows<'_>, rows: Range<usize>, filter: &Filter) -> (i64, i64) {
    match orders.amount {
        Amounts::Coded { codes, values } => sum_amounts(orders, |row| values[usize::from(codes[row])], rows, filter),
        Amounts::Plain(amounts) => sum_amounts(orders, |row| amounts[row], rows, filter),
    }
}

fn sum_amounts(orders: &Rows<'_>, amount: impl Fn(usize) -> i64, rows: Range<usize>, filter: &Filter) -> (i64, i64) {
    let (mut count, mut sum) = (0, 0);
    for row in rows {
        let keep = i64::from(filter.keeps(orders, row));
        count += keep;
        sum += keep * amount(row);
    }
    (count, sum)
}

/// A dimension as numbers: the cell of each fact, and of each member's home.
pub(crate) struct Cut {
    by_channel: bool,
    /// Cell of each store, or of each channel.
    cells: Vec<u16>,
    /// Cell of each member's home store or source channel: most facts are there.
    homes: Vec<u16>,
}

impl Cut {
    pub(crate) fn new(by: By, manifest: &Manifest, shard: &Shard) -> Self {
        let stores = &manifest.dimensions.stores;
        let own = |count: usize| (0..count).map(|i| i as u16).collect::<Vec<u16>>();
        let (by_channel, cells) = match by {
            By::Region => (false, stores.iter().map(|s| s.region).collect()),
            By::Store => (false, own(stores.len())),
            By::Channel => (true, own(manifest.dimensions.channels.len())),
        };
        let cell = |code: usize| cells.get(code).copied().unwrap_or(NONE_U16);
        let homes = if by_channel {
            shard.source_channel().iter().map(|&c| if c == NONE_U8 { NONE_U16 } else { cell(c.into()) }).collect()
        } else {
            shard.home_store().iter().map(|&s| cell(s.into())).collect()
        };
        Self { by_channel, cells, homes }
    }

    fn cell(&self, rows: &Rows<'_>, row: usize) -> u16 {
        let code = if self.by_channel { u16::from(rows.channel[row]) } else { rows.store[row] };
        self.cells[usize::from(code)]
    }
}

/// Counts the facts of `days` that the filter keeps, for each cell of a dimension.
///
/// A member counts once in each cell where it is met. Facts in the member's home cell need one byte of state;
/// the others are noted as keys (cell, member, order or touch), sorted once, and counted run by run.
pub(crate) fn count_by(
    shard: &Shard,
    days: Range<usize>,
    filter: &Filter,
    cut: &Cut,
    scratch: &mut Scratch,
    cells: &mut [Counts],
) {
    let Scratch { state, keys } = scratch;
    state.fill(0);
    keys.clear();
    let touches = shard.touches();
    for row in touches.range(days.clone()) {
        let keep = filter.keeps(&touches, row);
        let member = touches.member[row];
        let cell = cut.cell(&touches, row);
        if cell == cut.homes[usize::from(member)] {
            state[usize::from(member) & MASK] |= keep;
        } else if keep != 0 {
            keys.push(key(cell, member, 0));
        }
    }
    let orders = shard.orders();
    let rows = orders.range(days.clone());
    for row in rows.clone() {
        let keep = filter.keeps(&orders, row);
        let member = orders.member[row];
        let cell = cut.cell(&orders, row);
        if cell == cut.homes[usize::from(member)] {
            let state = &mut state[usize::from(member) & MASK];
            *state |= order_bits(*state, keep);
        } else if keep != 0 {
            keys.push(key(cell, member, 1));
        }
    }
    add_sales(&orders, rows, filter, cut, |count, sum, cell| {
        cells[cell].member_orders += count;
        cells[cell].member_sales += sum;
    });
    let anonymous = shard.anonymous();
    add_sales(&anonymous, anonymous.range(days.clone()), filter, cut, |count, sum, cell| {
        cells[cell].anonymous_orders += count;
        cells[cell].anonymous_sales += sum;
    });
    let first_order = shard.first_order_day();
    let is_new = |member: usize| days.contains(&usize::from(first_order[member]));
    for (member, (&state, &home)) in state.iter().zip(&cut.homes).enumerate() {
        if state != 0 {
            count_member(&mut cells[usize::from(home)], state, is_new(member));
        }
    }
    keys.sort_unstable();
    for run in keys.chunk_by(|a, b| a >> 1 == b >> 1) {
        let state = run.iter().fold(0, |state, key| state | SEEN | order_bits(state, (key & 1) as u8));
        let (cell, member) = (run[0] >> 15, (run[0] >> 1) as usize & MASK);
        count_member(&mut cells[cell as usize], state, is_new(member));
    }
}

/// Cell above, member (14 bits) in the middle, 1 for an order below: sorting brings a member's facts of a cell together.
fn key(cell: u16, member: u16, order: u32) -> u32 {
    (u32::from(cell) << 15) | (u32::from(member) << 1) | order
}

fn add_sales(orders: &Rows<'_>, rows: Range<usize>, filter: &Filter, cut: &Cut, mut add: impl FnMut(i64, i64, usize)) {
    for row in rows {
        let keep = i64::from(filter.keeps(orders, row));
        add(keep, keep * orders.amount.get(row), usize::from(cut.cell(orders, row)));
    }
}
