//! One region's snapshot while it is being cut.

use std::collections::{HashMap, HashSet};

use model::{Dimensions, Manifest, Region, ShardEntry, Store, Targets, Totals};
use snapshot::write::ShardData;
use snapshot::{MAX_MEMBERS, NONE_U8, NONE_U16};

use crate::BuildError;
use crate::coverage::Coverage;
use crate::derive::shard_count;
use crate::output::Output;

/// Rows of one shard of the whole that belong to a part.
#[derive(Default)]
pub(crate) struct Rows {
    /// Numbers in the whole's shard, rising, each once.
    pub(crate) members: Vec<u16>,
    pub(crate) orders: Vec<u32>,
    pub(crate) anonymous: Vec<u32>,
    pub(crate) touches: Vec<u32>,
}

/// A region's manifest and shards in the making.
pub(crate) struct Part {
    scope: String,
    region: String,
    pub(crate) output: Output,
    pub(crate) shards: Vec<ShardEntry>,
    pub(crate) totals: Totals,
    coverage: Coverage,
    names: Numbers,
    /// Rows that are not encoded yet; facts are sorted when they are.
    data: ShardData,
    /// Members a shard of this part holds at the most.
    limit: Option<usize>,
}

/// The whole's codes by the part's numbers.
#[derive(Default)]
struct Numbers {
    stores: Renumber,
    channels: Renumber,
    campaigns: Renumber,
    kinds: Renumber,
    tiers: Renumber,
}

/// Numbers codes as they come.
#[derive(Default)]
struct Renumber {
    numbers: HashMap<u16, u16>,
    codes: Vec<u16>,
}

impl Renumber {
    fn of(&mut self, code: u16) -> u16 {
        *self.numbers.entry(code).or_insert_with(|| {
            self.codes.push(code);
            self.codes.len() as u16 - 1
        })
    }

    /// For optional codes.
    fn of_some(&mut self, code: u16) -> u16 {
        if code == NONE_U16 { NONE_U16 } else { self.of(code) }
    }

    fn small(&mut self, code: u8) -> u8 {
        if code == NONE_U8 { NONE_U8 } else { self.of(code.into()) as u8 }
    }

    /// The names of the numbers.
    fn names<T: Clone>(&self, of_codes: &[T]) -> Vec<T> {
        self.codes.iter().filter_map(|&code| of_codes.get(usize::from(code)).cloned()).collect()
    }
}

impl Part {
    /// A part of these stores, which its manifest names all, in their order.
    pub(crate) fn new(scope: String, region: String, output: Output, stores: impl Iterator<Item = u16>) -> Self {
        let mut names = Numbers::default();
        for store in stores {
            names.stores.of(store);
        }
        let (shards, totals, data) = (Vec::new(), Totals::default(), ShardData::default());
        Self { scope, region, output, shards, totals, coverage: Coverage::default(), names, data, limit: None }
    }

    /// Says how many members there will be, roughly; the first word counts.
    pub(crate) fn expect_members(&mut self, members: u64, shard_members: u32) {
        self.limit.get_or_insert_with(|| {
            let even = members.div_ceil(u64::from(shard_count(members, shard_members)));
            // A little more than even, so that chance does not make one shard more of a few members.
            (even + even / 16 + 1).min(MAX_MEMBERS as u64) as usize
        });
    }

    /// Gives back the rows so far where so many members more would be too many.
    pub(crate) fn make_room(&mut self, members: usize) -> Option<ShardData> {
        let held = self.data.members.home_store.len();
        (held > 0 && held + members > self.limit.unwrap_or(MAX_MEMBERS)).then(|| self.full()).flatten()
    }

    /// The rows not encoded yet; a part without any gives one empty shard, so that it can be read.
    pub(crate) fn rest(&mut self) -> Option<ShardData> {
        self.full().or_else(|| self.shards.is_empty().then(|| self.data.clone()))
    }

    fn full(&mut self) -> Option<ShardData> {
        let ShardData { first_day, days, .. } = self.data;
        let empty = ShardData { first_day, days, ..ShardData::default() };
        let mut full = std::mem::replace(&mut self.data, empty);
        if full.members.home_store.is_empty() && full.anonymous.day.is_empty() {
            return None;
        }
        in_order(&mut full);
        self.coverage.add(&full);
        Some(full)
    }

    /// Takes its rows of a shard of the whole.
    pub(crate) fn take(&mut self, whole: &ShardData, rows: &Rows) {
        let Self { data, names, totals, .. } = self;
        (data.first_day, data.days) = (whole.first_day, whole.days);
        let base = data.members.home_store.len() as u16;
        let mut number = vec![0u16; whole.members.home_store.len()];
        for (local, &member) in (base..).zip(&rows.members) {
            let from = usize::from(member);
            number[from] = local;
            let home = names.stores.numbers.get(&whole.members.home_store[from]);
            data.members.home_store.push(home.copied().unwrap_or(NONE_U16));
            data.members.source_channel.push(names.channels.small(whole.members.source_channel[from]));
            data.members.tier.push(names.tiers.small(whole.members.tier[from]));
            data.members.joined_day.push(whole.members.joined_day[from]);
        }
        for row in rows.orders.iter().map(|&row| row as usize) {
            let (from, to) = (&whole.orders, &mut data.orders);
            to.day.push(from.day[row]);
            to.member.push(number[usize::from(from.member[row])]);
            to.store.push(names.stores.of(from.store[row]));
            to.channel.push(names.channels.of(from.channel[row].into()) as u8);
            to.amount.push(from.amount[row]);
            to.campaign.push(names.campaigns.of_some(from.campaign[row]));
            totals.sales += from.amount[row];
        }
        for row in rows.anonymous.iter().map(|&row| row as usize) {
            let (from, to) = (&whole.anonymous, &mut data.anonymous);
            to.day.push(from.day[row]);
            to.store.push(names.stores.of(from.store[row]));
            to.channel.push(names.channels.of(from.channel[row].into()) as u8);
            to.amount.push(from.amount[row]);
            to.campaign.push(names.campaigns.of_some(from.campaign[row]));
            totals.sales += from.amount[row];
            totals.anonymous_sales += from.amount[row];
        }
        for row in rows.touches.iter().map(|&row| row as usize) {
            let (from, to) = (&whole.touches, &mut data.touches);
            to.day.push(from.day[row]);
            to.member.push(number[usize::from(from.member[row])]);
            to.store.push(names.stores.of(from.store[row]));
            to.channel.push(names.channels.of(from.channel[row].into()) as u8);
            to.kind.push(names.kinds.of(from.kind[row].into()) as u8);
            to.campaign.push(names.campaigns.of_some(from.campaign[row]));
        }
        totals.members += rows.members.len() as u64;
        totals.orders += rows.orders.len() as u64;
        totals.anonymous_orders += rows.anonymous.len() as u64;
        totals.touches += rows.touches.len() as u64;
    }

    /// Its manifest; what is said of the whole's source stays with the whole.
    pub(crate) fn manifest(mut self, whole: &Manifest) -> Result<Manifest, BuildError> {
        let of = &whole.dimensions;
        let stores = self.names.stores.names(&of.stores).into_iter().map(|store| Store { region: 0, ..store });
        let dimensions = Dimensions {
            regions: vec![Region { id: self.region.clone() }],
            stores: stores.collect(),
            channels: self.names.channels.names(&of.channels),
            touch_kinds: self.names.kinds.names(&of.touch_kinds),
            campaigns: self.names.campaigns.names(&of.campaigns),
            tiers: self.names.tiers.names(&of.tiers),
        };
        let used: HashSet<String> = dimensions.campaigns.iter().cloned().collect();
        let totals = std::mem::take(&mut self.totals);
        let identified = std::mem::take(&mut self.coverage).finish(&totals)?;
        Ok(Manifest {
            format: whole.format,
            tenant: whole.tenant.clone(),
            scope: self.scope.clone(),
            version: 0,
            built_at: String::new(),
            first_day: whole.first_day,
            data_until: whole.data_until,
            currency: whole.currency.clone(),
            currency_digits: whole.currency_digits,
            dimensions,
            shards: std::mem::take(&mut self.shards),
            totals,
            identified,
            tables: Vec::new(),
            campaigns: whole.campaigns.iter().filter(|campaign| used.contains(&campaign.id)).cloned().collect(),
            targets: whole.targets.as_ref().and_then(|targets| self.targets(targets, &of.regions)),
            ..Manifest::empty()
        })
    }

    /// The targets of the region and of its stores.
    fn targets(&self, whole: &Targets, regions: &[Region]) -> Option<Targets> {
        let months = whole.months as usize;
        let region = regions.iter().position(|region| region.id == self.region);
        let region = whole.regions.iter().position(|&index| Some(usize::from(index)) == region);
        let mut stores: Vec<(u16, usize)> = (0..whole.stores.len())
            .filter_map(|row| Some((*self.names.stores.numbers.get(&whole.stores[row])?, row)))
            .collect();
        stores.sort_unstable();
        let amounts = |of: &[Option<i64>], row: usize| of[row * months..][..months].to_vec();
        let targets = Targets {
            from: whole.from,
            months: whole.months,
            unit: whole.unit,
            whole: Vec::new(),
            regions: region.iter().map(|_| 0).collect(),
            region_amounts: region.iter().flat_map(|&row| amounts(&whole.region_amounts, row)).collect(),
            stores: stores.iter().map(|(store, _)| *store).collect(),
            store_amounts: stores.iter().flat_map(|(_, row)| amounts(&whole.store_amounts, *row)).collect(),
        };
        (!targets.regions.is_empty() || !targets.stores.is_empty()).then_some(targets)
    }
}

/// Sorts facts by day; within a day they stand by member already, since members are numbered as they come.
fn in_order(data: &mut ShardData) {
    fn order(days: &[u16]) -> Option<Vec<u32>> {
        if days.is_sorted() {
            return None;
        }
        let mut order: Vec<u32> = (0..days.len() as u32).collect();
        order.sort_by_key(|&row| days[row as usize]);
        Some(order)
    }
    fn put<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
        *column = order.iter().map(|&row| column[row as usize]).collect();
    }
    if let Some(order) = order(&data.orders.day) {
        let orders = &mut data.orders;
        put(&mut orders.day, &order);
        put(&mut orders.member, &order);
        put(&mut orders.store, &order);
        put(&mut orders.channel, &order);
        put(&mut orders.amount, &order);
        put(&mut orders.campaign, &order);
    }
    if let Some(order) = order(&data.anonymous.day) {
        let anonymous = &mut data.anonymous;
        put(&mut anonymous.day, &order);
        put(&mut anonymous.store, &order);
        put(&mut anonymous.channel, &order);
        put(&mut anonymous.amount, &order);
        put(&mut anonymous.campaign, &order);
    }
    if let Some(order) = order(&data.touches.day) {
        let touches = &mut data.touches;
        put(&mut touches.day, &order);
        put(&mut touches.member, &order);
        put(&mut touches.store, &order);
        put(&mut touches.channel, &order);
        put(&mut touches.kind, &order);
        put(&mut touches.campaign, &order);
    }
}
