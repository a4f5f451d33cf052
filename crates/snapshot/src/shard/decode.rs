//! From the file's columns to those that kernels scan: undoes the coding of FORMAT.md and checks every value.

use std::ops::Range;

use model::{Dimensions, Manifest, ShardEntry};

use super::columns::{Columns, Source};
use super::{Amounts, Kinds, Members, Rows, Shard, Sparse, Steps};
use crate::{MAX_MEMBERS, MOST_SUM, NONE_U8, NONE_U16, ipc};

/// One kind of fact; columns a kind lacks are empty.
#[derive(Default)]
pub(super) struct Facts {
    offsets: Vec<u32>,
    member: Vec<u16>,
    store: Vec<u16>,
    channel: Vec<u8>,
    kind: Vec<u8>,
    kind_bits: u8,
    campaign_rows: Vec<u32>,
    campaign_codes: Vec<u16>,
    amount_narrow: Vec<u32>,
    /// Instead of the narrow ones, where the shard has an amount that needs more than 32 bits.
    amount_wide: Vec<i64>,
}

impl Facts {
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows {
            offsets: &self.offsets,
            member: &self.member,
            store: &self.store,
            channel: &self.channel,
            kind: Kinds { bytes: &self.kind, bits: self.kind_bits },
            campaign: Sparse { rows: &self.campaign_rows, codes: &self.campaign_codes },
            amount: match self.amount_wide.as_slice() {
                [] => Amounts::Narrow(&self.amount_narrow),
                amounts => Amounts::Wide(amounts),
            },
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        4 * (self.offsets.len() + self.campaign_rows.len() + self.amount_narrow.len())
            + 2 * (self.member.len() + self.store.len() + self.campaign_codes.len())
            + self.channel.len()
            + self.kind.len()
            + 8 * self.amount_wide.len()
    }
}

/// Everything that [`Shard::open`] does after the checksum: what a file with a true name may still get wrong.
pub(super) fn decode(file: &[u8], manifest: &Manifest, entry: &ShardEntry) -> Result<Shard, &'static str> {
    let layout = ipc::layout(file)?;
    let days = manifest.data_until.epoch_days() - manifest.first_day.epoch_days() + 1;
    if i32::try_from(layout.rows) != Ok(days) || layout.rows >= usize::from(NONE_U16) {
        return Err("it has not one row for each day");
    }
    let source = Source { file, layout: &layout };
    let [members, orders] = [source.whole("members")?, source.table("orders")?];
    let [anonymous, touches] = [source.table("anonymous")?, source.table("touches")?];
    let counts = [entry.members, entry.orders, entry.anonymous, entry.touches];
    if [members, orders, anonymous, touches].map(|t| u32::try_from(t.len())) != counts.map(Ok) {
        return Err("its counts are not the manifest's");
    }
    let decoder = Decoder { source, dimensions: &manifest.dimensions, members: read_members(members, manifest)? };
    decoder.shard(orders, anonymous, touches)
}

fn read_members(table: Columns<'_>, manifest: &Manifest) -> Result<Members, &'static str> {
    if table.len() > MAX_MEMBERS {
        return Err("it has more than 16,384 members");
    }
    let Dimensions { stores, channels, tiers, .. } = &manifest.dimensions;
    let home_store = table.wide("home_low", "home_high")?.values();
    if !home_store.iter().all(|&s| s == NONE_U16 || usize::from(s) < stores.len()) {
        return Err("a home store is not in the manifest");
    }
    let source_channel = table.u8s("source_channel")?.to_vec();
    if !source_channel.iter().all(|&c| c == NONE_U8 || usize::from(c) < channels.len()) {
        return Err("a source channel is not in the manifest");
    }
    let tier = table.u8s("tier")?.to_vec();
    if !tier.iter().all(|&t| t == NONE_U8 || usize::from(t) < tiers.len()) {
        return Err("a tier is not in the manifest");
    }
    let mut day = 0i32;
    let joined_day = table.i32s("joined_step")?.map(|step| {
        day = day.wrapping_add(step);
        day
    });
    let joined_day = joined_day.collect();
    Ok(Members { home_store, source_channel, tier, joined_day })
}

struct Decoder<'a> {
    source: Source<'a>,
    dimensions: &'a Dimensions,
    members: Members,
}

impl Decoder<'_> {
    fn shard(self, orders: Columns<'_>, anonymous: Columns<'_>, touches: Columns<'_>) -> Result<Shard, &'static str> {
        let coded = self.source.whole("amounts")?;
        let [order_rare, anonymous_rare] = [self.source.whole("orders_rare")?, self.source.whole("anonymous_rare")?];
        let mut amounts = Vec::with_capacity(coded.len() + order_rare.len() + anonymous_rare.len());
        let mut value = 0i64;
        for step in coded.i64s("step")? {
            value = value.checked_add(step).filter(|v| *v >= 0).ok_or(ABSURD)?;
            amounts.push(value);
        }
        for rare in [order_rare, anonymous_rare] {
            amounts.extend(rare.i64s("amount")?);
        }
        if amounts.iter().any(|&a| !(0..=MOST_SUM).contains(&a)) {
            return Err(ABSURD);
        }
        let wide = amounts.iter().any(|&a| u32::try_from(a).is_err());
        let (coded, rare) = (coded.len(), coded.len() + order_rare.len());
        let orders = self.orders(orders, &Values { all: &amounts, wide, coded, rare: coded..rare })?;
        let anonymous = self.anonymous(anonymous, &Values { all: &amounts, wide, coded, rare: rare..amounts.len() })?;
        let touches = self.touches(touches)?;
        let mut steps = Steps::default();
        steps.retrace(&orders.offsets, &orders.member, self.members.home_store.len());
        let days = orders.offsets.len() - 1;
        Ok(Shard { days, members: self.members, orders, steps: steps.settled(), anonymous, touches })
    }

    fn orders(&self, table: Columns<'_>, values: &Values<'_>) -> Result<Facts, &'static str> {
        let mut facts = self.of_members(table, "orders_away")?;
        facts.channel = self.channels(table)?;
        self.campaigns(table, "orders_campaigns", &mut facts)?;
        add_amounts(table, values, &mut facts)?;
        Ok(facts)
    }

    fn anonymous(&self, table: Columns<'_>, values: &Values<'_>) -> Result<Facts, &'static str> {
        let store = table.wide("store_low", "store_high")?.values();
        self.check_stores(&store)?;
        let mut facts = Facts { offsets: table.offsets()?, store, channel: self.channels(table)?, ..Facts::default() };
        self.campaigns(table, "anonymous_campaigns", &mut facts)?;
        add_amounts(table, values, &mut facts)?;
        Ok(facts)
    }

    fn touches(&self, table: Columns<'_>) -> Result<Facts, &'static str> {
        let mut facts = self.of_members(table, "touches_away")?;
        let ways = self.source.whole("ways")?;
        let (channel, kind) = (ways.u8s("channel")?, ways.u8s("kind")?);
        self.check_channels(channel)?;
        if !kind.iter().all(|&k| usize::from(k) < self.dimensions.touch_kinds.len()) {
            return Err("a touch kind is not in the manifest");
        }
        let packed = self.dimensions.touch_kinds.len() <= 16;
        let rows = table.len();
        let way = table.wide("way_low", "way_high")?;
        facts.kind_bits = if packed { 4 } else { 8 };
        facts.kind = vec![0; if packed { rows.div_ceil(2) } else { rows }];
        facts.channel = Vec::with_capacity(rows);
        for row in 0..rows {
            let way = usize::from(way.get(row));
            let (Some(&channel), Some(&kind)) = (channel.get(way), kind.get(way)) else {
                return Err("a touch goes a way that is not listed");
            };
            facts.channel.push(channel);
            if packed {
                facts.kind[row / 2] |= kind << (row % 2 * 4);
            } else {
                facts.kind[row] = kind;
            }
        }
        self.campaigns(table, "touches_campaigns", &mut facts)?;
        Ok(facts)
    }

    /// Days, members and stores of facts that have members.
    fn of_members(&self, table: Columns<'_>, away: &str) -> Result<Facts, &'static str> {
        let offsets = table.offsets()?;
        let mut member = table.wide("member_low", "member_high")?.values();
        let count = self.members.home_store.len() as u32;
        for rows in offsets.windows(2) {
            let mut at = 0u32;
            for member in &mut member[rows[0] as usize..rows[1] as usize] {
                at += u32::from(*member);
                if at >= count {
                    return Err("a member is not in the shard");
                }
                *member = at as u16;
            }
        }
        let marks = table.marks("away")?;
        let away = self.source.whole(away)?;
        let away_stores = away.wide("store_low", "store_high")?;
        let mut next = 0;
        let mut store = Vec::with_capacity(member.len());
        for (row, &member) in member.iter().enumerate() {
            if marks.get(row) {
                if next == away.len() {
                    return Err(UNEVEN);
                }
                store.push(away_stores.get(next));
                next += 1;
            } else {
                store.push(self.members.home_store[usize::from(member)]);
            }
        }
        if next != away.len() {
            return Err(UNEVEN);
        }
        self.check_stores(&store)?;
        Ok(Facts { offsets, member, store, ..Facts::default() })
    }

    fn check_stores(&self, stores: &[u16]) -> Result<(), &'static str> {
        let known = stores.iter().all(|&s| usize::from(s) < self.dimensions.stores.len());
        if known { Ok(()) } else { Err("a store is not in the manifest") }
    }

    fn check_channels(&self, channels: &[u8]) -> Result<(), &'static str> {
        let known = channels.iter().all(|&c| usize::from(c) < self.dimensions.channels.len());
        if known { Ok(()) } else { Err("a channel is not in the manifest") }
    }

    fn channels(&self, table: Columns<'_>) -> Result<Vec<u8>, &'static str> {
        let channel = table.u8s("channel")?;
        self.check_channels(channel)?;
        Ok(channel.to_vec())
    }

    fn campaigns(&self, table: Columns<'_>, list: &str, facts: &mut Facts) -> Result<(), &'static str> {
        let codes = self.source.whole(list)?.u16s("campaign")?;
        if !codes.iter().all(|&c| usize::from(c) < self.dimensions.campaigns.len()) {
            return Err("a campaign is not in the manifest");
        }
        let marks = table.marks("campaigned")?;
        let mut rows = Vec::with_capacity(codes.len());
        for row in (0..table.len()).filter(|&row| marks.get(row)) {
            if rows.len() == codes.len() {
                return Err(UNEVEN);
            }
            rows.push(row as u32);
        }
        if rows.len() != codes.len() {
            return Err(UNEVEN);
        }
        (facts.campaign_rows, facts.campaign_codes) = (rows, codes);
        Ok(())
    }
}

const ABSURD: &str = "an amount is negative or absurd";
const UNEVEN: &str = "marked rows and their values differ in number";

/// The values that the amounts of one kind of order take.
struct Values<'a> {
    /// Those with a code, then the rare ones of orders, then those of anonymous orders.
    all: &'a [i64],
    /// Whether one of them needs more than 32 bits.
    wide: bool,
    /// How many have a code.
    coded: usize,
    /// Positions of this kind's rare ones.
    rare: Range<usize>,
}

/// Code 0 takes the next rare value; code `n` is the value at `n - 1`.
fn add_amounts(table: Columns<'_>, values: &Values<'_>, facts: &mut Facts) -> Result<(), &'static str> {
    // Both halves must be there, so that eight bytes of memory have at least two in the file.
    table.u8s("amount_high")?;
    let codes = table.wide("amount_low", "amount_high")?;
    if values.wide {
        facts.amount_wide.reserve_exact(table.len());
    } else {
        facts.amount_narrow.reserve_exact(table.len());
    }
    let mut rare = values.rare.clone();
    let mut sum = 0i64;
    for row in 0..table.len() {
        let at = match usize::from(codes.get(row)) {
            0 => rare.next().ok_or(UNEVEN)?,
            code if code <= values.coded => code - 1,
            _ => return Err("an amount's code has no value"),
        };
        // Neither is above MOST_SUM, so this cannot overflow.
        sum += values.all[at];
        if sum > MOST_SUM {
            return Err(ABSURD);
        }
        if values.wide {
            facts.amount_wide.push(values.all[at]);
        } else {
            facts.amount_narrow.push(values.all[at] as u32);
        }
    }
    if rare.is_empty() { Ok(()) } else { Err(UNEVEN) }
}
