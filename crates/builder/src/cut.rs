//! Cuts the facts into shards: placed and sorted, they stream out shard after shard, while some shards are encoded
//! beside it, one a core.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Int32Type, Int64Type, UInt16Type, UInt32Type};
use datafusion::prelude::SessionContext;
use snapshot::write::{Anonymous, Grown, Members, Orders, Publisher, ShardData, Touches};

use crate::coverage::Coverage;
use crate::encode::{Encoders, Over};
use crate::engine::column;
use crate::facts::UNKNOWN_DAY;
use crate::growing::Before;
use crate::names::Numbering;
use crate::placed::Facts;
use crate::scopes::Scopes;
use crate::{BuildError, Progress};

/// The calendar of a snapshot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    /// Days since 1970-01-01.
    pub(crate) first: i32,
    pub(crate) last: i32,
}

impl Calendar {
    pub(crate) fn days(self) -> u32 {
        (self.last - self.first + 1) as u32
    }

    /// Begins no later than that of the build before: the days of its shards stay what they are.
    pub(crate) fn after(self, before: Option<&Before>) -> Self {
        let first = before.map_or(self.first, |before| before.whole.manifest.first_day.epoch_days().min(self.first));
        Self { first, ..self }
    }
}

/// What the shards hold, counted as they were cut.
#[derive(Default)]
pub(crate) struct Cut {
    pub(crate) shards: Vec<Grown>,
    pub(crate) members: u64,
    pub(crate) orders: u64,
    pub(crate) anonymous: u64,
    pub(crate) touches: u64,
    pub(crate) member_sales: i64,
    pub(crate) anonymous_sales: i64,
    pub(crate) coverage: Coverage,
}

impl Cut {
    fn count(&mut self, data: &ShardData) {
        self.members += data.members.home_store.len() as u64;
        self.orders += data.orders.day.len() as u64;
        self.anonymous += data.anonymous.day.len() as u64;
        self.touches += data.touches.day.len() as u64;
        self.member_sales += data.orders.amount.iter().sum::<i64>();
        self.anonymous_sales += data.anonymous.amount.iter().sum::<i64>();
        self.coverage.add(data);
    }
}

/// Where the rows of a cut go.
pub(crate) struct Sinks<'a> {
    pub(crate) whole: &'a Arc<Publisher>,
    /// What the whole's shards are put over; none where they are all written whole.
    pub(crate) over: Option<Over>,
    pub(crate) scopes: &'a mut Scopes,
}

/// Cuts, encodes and stores all `shards`, those of the parts too.
pub(crate) async fn cut(
    context: &SessionContext,
    shards: u32,
    calendar: Calendar,
    numbering: &Numbering,
    sinks: Sinks<'_>,
    progress: &dyn Progress,
) -> Result<Cut, BuildError> {
    let facts = Facts::place(context, shards).await?;
    let mut cut = Cut::default();
    let mut encoders = Encoders::new();
    for range in facts.ranges() {
        let mut sorted = facts.sorted(range).await?;
        for shard in sorted.shards.clone() {
            let mut data = ShardData { first_day: calendar.first, days: calendar.days(), ..ShardData::default() };
            sorted.members.take(shard, |rows| add_members(&mut data.members, rows, numbering)).await?;
            sorted.orders.take(shard, |rows| add_orders(&mut data.orders, rows, calendar, numbering)).await?;
            sorted.anonymous.take(shard, |rows| add_anonymous(&mut data.anonymous, rows, calendar, numbering)).await?;
            sorted.touches.take(shard, |rows| add_touches(&mut data.touches, rows, calendar, numbering)).await?;
            cut.count(&data);
            progress.advance((data.orders.day.len() + data.anonymous.day.len() + data.touches.day.len()) as u64);
            sinks.scopes.add(&data, shard, shards).await?;
            let over = sinks.over.clone().map(|over| (over, shard as usize));
            cut.shards.extend(encoders.add((), data, sinks.whole, over).await?.map(|((), grown)| grown));
        }
        facts.let_go(&sorted.shards)?;
    }
    while let Some(((), grown)) = encoders.finish_one().await? {
        cut.shards.push(grown);
    }
    Ok(cut)
}

fn add_members(members: &mut Members, rows: &RecordBatch, numbering: &Numbering) -> Result<(), BuildError> {
    // A member that only facts name has no row in the table: its columns are null, and their values mean nothing.
    let is_known = |name: &str, row: usize| rows.column_by_name(name).is_some_and(|c| c.is_valid(row));
    let stores = column::<UInt16Type>(rows, "home_store")?;
    let channels = column::<UInt16Type>(rows, "source_channel")?;
    let tiers = column::<UInt16Type>(rows, "tier")?;
    let joined = column::<Int32Type>(rows, "joined_day")?;
    for row in 0..rows.num_rows() {
        let known = is_known("joined_day", row);
        let code = |codes: &[u16]| if known { codes[row] } else { crate::names::NO_CODE };
        members.home_store.push(numbering.home_stores.of(code(stores)));
        members.source_channel.push(numbering.source_channels.small(code(channels)));
        members.tier.push(numbering.tiers.small(code(tiers)));
        members.joined_day.push(if known { joined[row] } else { UNKNOWN_DAY });
    }
    Ok(())
}

fn add_orders(
    orders: &mut Orders,
    rows: &RecordBatch,
    calendar: Calendar,
    numbering: &Numbering,
) -> Result<(), BuildError> {
    orders.day.extend(days(rows, calendar)?);
    orders.member.extend(column::<UInt32Type>(rows, "member")?.iter().map(|m| *m as u16));
    orders.store.extend(column::<UInt16Type>(rows, "store")?.iter().map(|c| numbering.stores.of(*c)));
    orders.channel.extend(column::<UInt16Type>(rows, "channel")?.iter().map(|c| numbering.channels.small(*c)));
    orders.amount.extend_from_slice(column::<Int64Type>(rows, "net")?);
    orders.campaign.extend(column::<UInt16Type>(rows, "campaign")?.iter().map(|c| numbering.campaigns.of(*c)));
    Ok(())
}

fn add_anonymous(
    orders: &mut Anonymous,
    rows: &RecordBatch,
    calendar: Calendar,
    numbering: &Numbering,
) -> Result<(), BuildError> {
    orders.day.extend(days(rows, calendar)?);
    orders.store.extend(column::<UInt16Type>(rows, "store")?.iter().map(|c| numbering.stores.of(*c)));
    orders.channel.extend(column::<UInt16Type>(rows, "channel")?.iter().map(|c| numbering.channels.small(*c)));
    orders.amount.extend_from_slice(column::<Int64Type>(rows, "net")?);
    orders.campaign.extend(column::<UInt16Type>(rows, "campaign")?.iter().map(|c| numbering.campaigns.of(*c)));
    Ok(())
}

fn add_touches(
    touches: &mut Touches,
    rows: &RecordBatch,
    calendar: Calendar,
    numbering: &Numbering,
) -> Result<(), BuildError> {
    touches.day.extend(days(rows, calendar)?);
    touches.member.extend(column::<UInt32Type>(rows, "member")?.iter().map(|m| *m as u16));
    touches.store.extend(column::<UInt16Type>(rows, "store")?.iter().map(|c| numbering.stores.of(*c)));
    touches.channel.extend(column::<UInt16Type>(rows, "channel")?.iter().map(|c| numbering.channels.small(*c)));
    touches.kind.extend(column::<UInt16Type>(rows, "kind")?.iter().map(|c| numbering.kinds.small(*c)));
    touches.campaign.extend(column::<UInt16Type>(rows, "campaign")?.iter().map(|c| numbering.campaigns.of(*c)));
    Ok(())
}

/// The day column, counted from the calendar's first day.
fn days(rows: &RecordBatch, calendar: Calendar) -> Result<impl Iterator<Item = u16> + '_, BuildError> {
    let days = column::<Int32Type>(rows, "day")?;
    Ok(days.iter().map(move |day| (day - calendar.first) as u16))
}
