//! From the file's columns to those that kernels scan: undoes the coding of FORMAT.md and checks every value.

use model::{Dimensions, Manifest, ShardEntry};

use super::columns::{Calendar, Columns, Source};
use super::facts::{Added, Facts, Plan};
use super::{Members, Shard, Steps};
use crate::{MAX_MEMBERS, MOST_SUM, NONE_U8, NONE_U16, ipc};

/// A shard while its files are read, one after the other.
pub(crate) struct Draft {
    pub(crate) calendar: Calendar,
    pub(crate) members: Members,
    pub(crate) orders: Facts,
    pub(crate) anonymous: Facts,
    pub(crate) touches: Facts,
    pub(crate) lists: Lists,
}

/// What codes stand for; a tail's lists go on where those of the files before it end.
#[derive(Default)]
pub(crate) struct Lists {
    /// Code `n` above 0 is the `n`th.
    pub(crate) amounts: Vec<i64>,
    /// Channels and kinds.
    pub(crate) ways: Vec<(u8, u8)>,
}

impl Draft {
    /// Reads a base file: everything that is done after the checksum, since a file with a true name may still be wrong.
    pub(super) fn base(file: &[u8], manifest: &Manifest) -> Result<Self, &'static str> {
        let calendar = Calendar::of(manifest)?;
        let layout = ipc::layout(file)?;
        let source = Source::new(file, &layout, calendar)?;
        if !source.is_without_gaps() {
            return Err("it has not one row for each day");
        }
        let dimensions = &manifest.dimensions;
        let members = attributes(source.whole("members")?, dimensions)?;
        if members.home_store.len() > MAX_MEMBERS {
            return Err(TOO_MANY);
        }
        let tables = ["orders", "anonymous", "touches"].map(|name| source.table(name));
        for list in LISTS {
            source.table(list)?;
        }
        let [orders, anonymous, touches] = tables;
        let mut lists = Lists::default();
        let decoder = Decoder { source: &source, dimensions, members: &members };
        let wide = decoder.lists(&mut lists)?;
        let orders = decoder.orders(orders?, &lists, wide)?;
        let anonymous = decoder.anonymous(anonymous?, &lists, wide)?;
        let touches = decoder.touches(touches?, &lists)?;
        Ok(Self { calendar, members, orders, anonymous, touches, lists })
    }

    /// Reads a tail, which changes the shard so far.
    pub(super) fn tail(&mut self, file: &[u8], dimensions: &Dimensions) -> Result<(), &'static str> {
        let layout = ipc::layout(file)?;
        let source = Source::new(file, &layout, self.calendar)?;
        self.change_members(&source, dimensions)?;
        let decoder = Decoder { source: &source, dimensions, members: &self.members };
        let lists = &mut self.lists;
        let wide = decoder.lists(lists)?;
        let [orders, anonymous, touches] = ["orders", "anonymous", "touches"].map(|name| source.table_or_none(name));
        // One kind after the other, so that only one is in memory twice.
        let added = decoder.orders(orders, lists, wide)?;
        change(&mut self.orders, added, orders, source.table_or_none("orders_removed"))?;
        let added = decoder.anonymous(anonymous, lists, wide)?;
        change(&mut self.anonymous, added, anonymous, source.table_or_none("anonymous_removed"))?;
        let added = decoder.touches(touches, lists)?;
        change(&mut self.touches, added, touches, source.table_or_none("touches_removed"))?;
        let wide = self.orders.is_wide() || self.anonymous.is_wide();
        for facts in [&mut self.orders, &mut self.anonymous] {
            if wide {
                facts.widen();
            } else {
                facts.narrow();
            }
            // Neither sum is above MOST_SUM before, so this cannot overflow.
            if facts.rows().amount.iter().sum::<i64>() > MOST_SUM {
                return Err(ABSURD);
            }
        }
        Ok(())
    }

    fn change_members(&mut self, source: &Source<'_>, dimensions: &Dimensions) -> Result<(), &'static str> {
        let changed = source.table_or_none("members_changed").whole()?;
        let to = attributes(changed, dimensions)?;
        let mut member = 0;
        for (row, step) in changed.wide("member_low", "member_high")?.values().into_iter().enumerate() {
            member += usize::from(step);
            if member >= self.members.home_store.len() {
                return Err("a member is not in the shard");
            }
            self.members.home_store[member] = to.home_store[row];
            self.members.source_channel[member] = to.source_channel[row];
            self.members.tier[member] = to.tier[row];
            self.members.joined_day[member] = to.joined_day[row];
        }
        let more = attributes(source.table_or_none("members").whole()?, dimensions)?;
        if self.members.home_store.len() + more.home_store.len() > MAX_MEMBERS {
            return Err(TOO_MANY);
        }
        self.members.home_store.extend(more.home_store);
        self.members.source_channel.extend(more.source_channel);
        self.members.tier.extend(more.tier);
        self.members.joined_day.extend(more.joined_day);
        Ok(())
    }

    /// The shard, where it holds what its manifest says.
    pub(super) fn finish(self, entry: &ShardEntry) -> Result<Shard, &'static str> {
        let Self { calendar, members, orders, anonymous, touches, .. } = self;
        let counts = [entry.members, entry.orders, entry.anonymous, entry.touches];
        let found = [members.home_store.len(), orders.len(), anonymous.len(), touches.len()];
        if found.map(u32::try_from) != counts.map(Ok) {
            return Err("its counts are not the manifest's");
        }
        let mut steps = Steps::default();
        steps.retrace(&orders.offsets, &orders.member, members.home_store.len());
        Ok(Shard { days: calendar.days, members, orders, steps: steps.settled(), anonymous, touches })
    }
}

/// Puts the rows that come among those that stay.
fn change(facts: &mut Facts, added: Facts, table: Columns<'_>, removed: Columns<'_>) -> Result<(), &'static str> {
    let steps = removed.whole()?.u32s("step")?;
    if added.len() == 0 && removed.len() == 0 {
        return Ok(());
    }
    if facts.len() + added.len() > i32::MAX as usize {
        return Err("it has too many rows");
    }
    let mut row = 0u32;
    let mut rows = Vec::with_capacity(removed.len());
    for step in steps {
        row = row.checked_add(step).filter(|_| step > 0 || rows.is_empty()).ok_or("rows that go are out of order")?;
        rows.push(row);
    }
    let behind = table.wide_or_none("behind_low", "behind_high")?;
    let coming = Added { offsets: &added.offsets, member: &added.member, behind: &behind };
    let plan = Plan::new(&facts.offsets, &facts.member, &rows, &coming)?;
    *facts = std::mem::take(facts).merged(added, plan);
    Ok(())
}

/// Attributes of members, one row each.
fn attributes(table: Columns<'_>, dimensions: &Dimensions) -> Result<Members, &'static str> {
    let Dimensions { stores, channels, tiers, .. } = dimensions;
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

/// Tables that a base has beside its facts.
const LISTS: [&str; 9] = [
    "amounts",
    "orders_away",
    "orders_rare",
    "orders_campaigns",
    "anonymous_rare",
    "anonymous_campaigns",
    "touches_away",
    "ways",
    "touches_campaigns",
];

/// Reads the facts of one file.
struct Decoder<'a> {
    source: &'a Source<'a>,
    dimensions: &'a Dimensions,
    members: &'a Members,
}

impl<'a> Decoder<'a> {
    fn whole(&self, name: &str) -> Result<Columns<'a>, &'static str> {
        self.source.table_or_none(name).whole()
    }

    /// Goes on with the lists; whether an amount that the file's rows may take needs more than 32 bits.
    fn lists(&self, lists: &mut Lists) -> Result<bool, &'static str> {
        let mut value = 0i64;
        let coded = self.whole("amounts")?;
        lists.amounts.reserve_exact(coded.len());
        for step in coded.i64s("step")? {
            value = value.checked_add(step).filter(|v| (0..=MOST_SUM).contains(v)).ok_or(ABSURD)?;
            lists.amounts.push(value);
        }
        let mut wide = lists.amounts.iter().any(|&amount| u32::try_from(amount).is_err());
        for rare in ["orders_rare", "anonymous_rare"] {
            for amount in self.whole(rare)?.i64s("amount")? {
                if !(0..=MOST_SUM).contains(&amount) {
                    return Err(ABSURD);
                }
                wide |= u32::try_from(amount).is_err();
            }
        }
        let ways = self.whole("ways")?;
        let (channel, kind) = (ways.u8s("channel")?, ways.u8s("kind")?);
        self.check_channels(channel)?;
        if !kind.iter().all(|&k| usize::from(k) < self.dimensions.touch_kinds.len()) {
            return Err("a touch kind is not in the manifest");
        }
        lists.ways.reserve_exact(ways.len());
        lists.ways.extend(channel.iter().copied().zip(kind.iter().copied()));
        Ok(wide)
    }

    fn orders(&self, table: Columns<'a>, lists: &Lists, wide: bool) -> Result<Facts, &'static str> {
        let mut facts = self.of_members(table, "orders_away")?;
        facts.channel = self.channels(table)?;
        self.campaigns(table, "orders_campaigns", &mut facts)?;
        add_amounts(table, &lists.amounts, self.whole("orders_rare")?, wide, &mut facts)?;
        Ok(facts)
    }

    fn anonymous(&self, table: Columns<'a>, lists: &Lists, wide: bool) -> Result<Facts, &'static str> {
        let store = table.wide("store_low", "store_high")?.values();
        self.check_stores(&store)?;
        let (offsets, channel) = (self.source.offsets(table)?, self.channels(table)?);
        let mut facts = Facts { offsets, store, channel, ..Facts::default() };
        self.campaigns(table, "anonymous_campaigns", &mut facts)?;
        add_amounts(table, &lists.amounts, self.whole("anonymous_rare")?, wide, &mut facts)?;
        Ok(facts)
    }

    fn touches(&self, table: Columns<'a>, lists: &Lists) -> Result<Facts, &'static str> {
        let mut facts = self.of_members(table, "touches_away")?;
        let packed = self.dimensions.touch_kinds.len() <= 16;
        let rows = table.len();
        let way = table.wide("way_low", "way_high")?;
        facts.kind_bits = if packed { 4 } else { 8 };
        facts.kind = vec![0; if packed { rows.div_ceil(2) } else { rows }];
        facts.channel = Vec::with_capacity(rows);
        for row in 0..rows {
            let Some(&(channel, kind)) = lists.ways.get(usize::from(way.get(row))) else {
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
    fn of_members(&self, table: Columns<'a>, away: &str) -> Result<Facts, &'static str> {
        let offsets = self.source.offsets(table)?;
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
        let away = self.whole(away)?;
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
        let codes = self.whole(list)?.u16s("campaign")?;
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

const TOO_MANY: &str = "it has more than 16,384 members";

/// Code 0 takes the next rare value; code `n` is the `n`th of those with codes.
fn add_amounts(
    table: Columns<'_>,
    coded: &[i64],
    rare: Columns<'_>,
    wide: bool,
    facts: &mut Facts,
) -> Result<(), &'static str> {
    // Both halves must be there, so that eight bytes of memory have at least two in the file.
    table.u8s("amount_high")?;
    let codes = table.wide("amount_low", "amount_high")?;
    if wide {
        facts.amount_wide.reserve_exact(table.len());
    } else {
        facts.amount_narrow.reserve_exact(table.len());
    }
    let mut rare = rare.i64s("amount")?;
    let mut sum = 0i64;
    for row in 0..table.len() {
        let amount = match usize::from(codes.get(row)) {
            0 => rare.next().ok_or(UNEVEN)?,
            code => *coded.get(code - 1).ok_or("an amount's code has no value")?,
        };
        // Neither is above MOST_SUM, so this cannot overflow.
        sum += amount;
        if sum > MOST_SUM {
            return Err(ABSURD);
        }
        if wide {
            facts.amount_wide.push(amount);
        } else {
            facts.amount_narrow.push(amount as u32);
        }
    }
    if rare.next().is_none() { Ok(()) } else { Err(UNEVEN) }
}
