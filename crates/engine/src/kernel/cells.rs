//! Counts of both windows by a dimension.

use std::ops::Range;

use model::{By, Manifest};
use snapshot::{NONE_U8, NONE_U16, Rows};

use super::{MASK, for_amounts, per_member};
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

    /// The value of each row.
    fn rows(&self, view: &View<'_>, rows: &Rows<'_>, range: Range<usize>, into: &mut Vec<u16>) {
        into.clear();
        let value = |code: usize| self.values[code];
        let nobody = self.names.len() as u16 - 1;
        let member_code = |codes: &[u8], row: usize| match rows.member.get(row) {
            Some(&member) => value(codes[usize::from(member)].into()),
            None => nobody,
        };
        match self.of {
            Of::Store => into.extend(rows.store[range].iter().map(|&store| value(store.into()))),
            Of::Channel => into.extend(rows.channel[range].iter().map(|&channel| value(channel.into()))),
            Of::SourceChannel => into.extend(range.map(|row| member_code(view.shard.source_channel(), row))),
            Of::Tier => into.extend(range.map(|row| member_code(view.shard.tier(), row))),
        }
    }

    /// The value in which most of a member's facts lie; `NONE_U16` where it has none.
    fn homes(&self, view: &View<'_>) -> Vec<u16> {
        let value = |code: usize| self.values.get(code).copied().unwrap_or(NONE_U16);
        match self.of {
            Of::Store => view.shard.home_store().iter().map(|&store| value(store.into())).collect(),
            Of::Channel => view.shard.source_channel().iter().map(|&channel| value(channel.into())).collect(),
            Of::SourceChannel => {
                view.shard.source_channel().iter().map(|&code| self.values[usize::from(code)]).collect()
            }
            Of::Tier => view.shard.tier().iter().map(|&code| self.values[usize::from(code)]).collect(),
        }
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
const AGAIN: u8 = 4;

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
        for (window, counters) in self.windows.iter().zip(tally.counts.chunks_exact_mut(values * Counts::LEN)) {
            let mut cells = vec![Counts::default(); values];
            self.count_window(view, window.clone(), &homes, &mut cells);
            for (cell, counters) in cells.iter().zip(counters.chunks_exact_mut(Counts::LEN)) {
                cell.add_to(counters);
            }
        }
    }
}

impl Cells {
    /// A member counts once in each value where it is met. Facts in the member's home value need one byte of state;
    /// the others are noted as keys (value, member, order or touch), sorted once, and counted run by run.
    fn count_window(&self, view: &View<'_>, window: Range<usize>, homes: &[u16], cells: &mut [Counts]) {
        let mut state = per_member(0u8);
        let mut keys: Vec<u32> = Vec::new();
        let mut values: Vec<u16> = Vec::new();
        if self.touches {
            let rows = view.touches.range(window.clone());
            self.cut.rows(view, &view.touches, rows.clone(), &mut values);
            for (&member, &value) in view.touches.member[rows].iter().zip(&values) {
                if value == homes[usize::from(member)] {
                    state[usize::from(member) & MASK] |= MET;
                } else {
                    keys.push(key(value, member, 0));
                }
            }
        }
        let rows = view.orders.range(window.clone());
        self.cut.rows(view, &view.orders, rows.clone(), &mut values);
        for (&member, &value) in view.orders.member[rows.clone()].iter().zip(&values) {
            if value == homes[usize::from(member)] {
                let state = &mut state[usize::from(member) & MASK];
                *state = bought(*state);
            } else {
                keys.push(key(value, member, 1));
            }
        }
        for_amounts(&view.orders, rows.clone(), |row, amount| {
            let cell = &mut cells[usize::from(values[row - rows.start])];
            cell.member_orders += 1;
            cell.member_sales += amount;
            cell.squares += square(amount);
        });
        let rows = view.anonymous.range(window.clone());
        self.cut.rows(view, &view.anonymous, rows.clone(), &mut values);
        for_amounts(&view.anonymous, rows.clone(), |row, amount| {
            let cell = &mut cells[usize::from(values[row - rows.start])];
            cell.anonymous_orders += 1;
            cell.anonymous_sales += amount;
            cell.squares += square(amount);
        });
        let first_order = view.shard.first_order_day();
        let is_new = |member: usize| window.contains(&usize::from(first_order[member]));
        for (member, (&state, &home)) in state.iter().zip(homes).enumerate() {
            if state != 0 {
                add_member(&mut cells[usize::from(home)], state, is_new(member));
            }
        }
        keys.sort_unstable();
        for run in keys.chunk_by(|a, b| a >> 1 == b >> 1) {
            let state = run.iter().fold(MET, |state, key| if key & 1 == 1 { bought(state) } else { state });
            let (value, member) = (run[0] >> 15, (run[0] >> 1) as usize & MASK);
            add_member(&mut cells[value as usize], state, is_new(member));
        }
    }
}

/// The state after one more order.
fn bought(state: u8) -> u8 {
    state | MET | BOUGHT | ((state & BOUGHT) << 1)
}

fn add_member(cell: &mut Counts, state: u8, is_new: bool) {
    let bought = i64::from(state & BOUGHT != 0);
    cell.users += 1;
    cell.buyers += bought;
    cell.repeat_buyers += i64::from(state & AGAIN != 0);
    cell.new_buyers += bought * i64::from(is_new);
}

/// Value above, member (14 bits) in the middle, 1 for an order below: sorting brings a member's facts together.
fn key(value: u16, member: u16, order: u32) -> u32 {
    (u32::from(value) << 15) | (u32::from(member) << 1) | order
}
