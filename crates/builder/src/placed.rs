//! Facts at their members' places, and the order in which they are cut.
//!
//! They are kept by ranges of shards, each of a size that memory sorts, and come out range by range. So what is sorted at
//! once does not grow with the retailer, and no sort of many files has to be merged.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{RecordBatch, UInt32Array};
use datafusion::arrow::compute::take_record_batch;
use datafusion::arrow::datatypes::UInt32Type;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use crate::BuildError;
use crate::engine::{self, Parts, column, integers, let_go, stream};
use crate::held::{Held, Room};

/// What a fact takes while it is sorted.
const FACT_BYTES: u64 = 40;
/// Each range of a table has a file that is open while the table is written.
const MOST_RANGES: u64 = 256;

/// A table of facts: its name, the query that makes it, the order in which it is read, and the tables that nobody reads
/// after it is made.
struct Placed {
    name: &'static str,
    sql: String,
    order: &'static str,
    read: &'static [&'static str],
}

/// Numbers alone, so that sorting moves little. Places come first in each join: the first side is the one that is held
/// in memory.
fn placed(shards: u32) -> [Placed; 4] {
    [
        Placed {
            name: "members_placed",
            sql: "SELECT p.shard, p.member, m.home_store, m.source_channel, m.tier, m.joined_day
                  FROM places p LEFT JOIN members m ON p.member_id = m.member_id"
                .to_owned(),
            order: "shard, member",
            read: &["members", "members_read", "members_twice", "one_id_members"],
        },
        Placed {
            name: "orders_placed",
            sql: "SELECT p.shard, o.day, p.member, o.store, o.channel, o.net, o.campaign, o.minute, o.seq
                  FROM places p JOIN orders_net o ON o.member_id = p.member_id
                  WHERE NOT o.gone"
                .to_owned(),
            order: "shard, day, member, minute, seq",
            read: &[],
        },
        Placed {
            name: "anonymous_placed",
            sql: format!(
                "SELECT shard_of(order_id, {shards}) AS shard, day, store, channel, net, campaign, minute, seq
                 FROM orders_net
                 WHERE member_id IS NULL AND NOT gone"
            ),
            order: "shard, day, minute, seq",
            read: &["orders_net"],
        },
        Placed {
            name: "touches_placed",
            sql: "SELECT p.shard, t.day, p.member, t.store, t.channel, t.kind, t.campaign, t.minute, t.seq
                  FROM places p JOIN touches_read t ON t.member_id = p.member_id"
                .to_owned(),
            order: "shard, day, member, minute, seq",
            read: &["touches_read", "one_id_touches", "places"],
        },
    ]
}

/// Facts at their places, before they are sorted.
pub(crate) struct Facts<'a> {
    context: &'a SessionContext,
    shards: u32,
    /// Shards of a range; the last one may have fewer.
    width: u32,
    tables: [Placed; 4],
}

/// Facts of a range of shards, by shard and in it by day.
pub(crate) struct Sorted {
    pub(crate) shards: Range<u32>,
    pub(crate) members: Cursor,
    pub(crate) orders: Cursor,
    pub(crate) anonymous: Cursor,
    pub(crate) touches: Cursor,
}

impl<'a> Facts<'a> {
    /// Places everything that is `places`, `members`, `orders_net` and `touches_read`, and lets these go.
    pub(crate) async fn place(context: &'a SessionContext, shards: u32) -> Result<Self, BuildError> {
        let [orders] = integers(context, "SELECT count(*) FROM orders_net").await?;
        let [touches] = integers(context, "SELECT count(*) FROM touches_read").await?;
        let room = context.copied_config().get_extension::<Room>().map_or(0, |room| room.for_one());
        let ranges = ranges(orders.max(touches) as u64, room as u64).min(shards.max(1));
        let facts = Self { context, shards, width: shards.div_ceil(ranges).max(1), tables: placed(shards) };
        for table in &facts.tables {
            facts.keep(table, ranges).await?;
            let_go(context, table.read)?;
        }
        Ok(facts)
    }

    async fn keep(&self, table: &Placed, ranges: u32) -> Result<(), BuildError> {
        if ranges == 1 {
            return engine::keep(self.context, &part(table.name, 0), &table.sql).await;
        }
        let began = Instant::now();
        let rows = Parts::of(self.context, &table.sql).await?;
        let part = |range| Held::new(self.context, &part(table.name, range), rows.schema.clone()).of_one_file();
        let parts: Arc<Vec<Held>> = Arc::new((0..ranges).map(part).collect());
        let (to, width) = (Arc::clone(&parts), self.width);
        rows.each(move |batch| {
            let mut of_range = vec![Vec::new(); to.len()];
            for (row, shard) in (0u32..).zip(column::<UInt32Type>(&batch, "shard")?) {
                of_range[(shard / width) as usize].push(row);
            }
            let mut parts = to.iter().zip(of_range).filter(|(_, rows)| !rows.is_empty());
            parts.try_for_each(|(part, rows)| part.push(take_record_batch(&batch, &UInt32Array::from(rows))?))
        })
        .await?;
        let parts =
            Arc::into_inner(parts).ok_or_else(|| BuildError::Engine(format!("{} is still written", table.name)))?;
        for part in parts {
            part.register(self.context).await?;
        }
        tracing::debug!(table = table.name, ranges, seconds = began.elapsed().as_secs_f64(), "placed");
        Ok(())
    }

    /// The shards, range by range.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range<u32>> + use<> {
        let (shards, width) = (self.shards, self.width);
        (0..shards).step_by(width as usize).map(move |first| first..(first + width).min(shards))
    }

    /// Sorts the facts of a range.
    pub(crate) async fn sorted(&self, shards: Range<u32>) -> Result<Sorted, BuildError> {
        let range = shards.start / self.width;
        let sorted = async |table: &Placed| {
            let sql = format!("SELECT * FROM {} ORDER BY {}", part(table.name, range), table.order);
            Ok::<_, BuildError>(Cursor { batches: stream(self.context, &sql).await?, rest: None })
        };
        let [members, orders, anonymous, touches] = &self.tables;
        Ok(Sorted {
            members: sorted(members).await?,
            orders: sorted(orders).await?,
            anonymous: sorted(anonymous).await?,
            touches: sorted(touches).await?,
            shards,
        })
    }

    /// A range is cut.
    pub(crate) fn let_go(&self, shards: &Range<u32>) -> Result<(), BuildError> {
        self.tables.iter().try_for_each(|table| let_go(self.context, &[&part(table.name, shards.start / self.width)]))
    }
}

/// A range of a table has a table of its own.
fn part(table: &str, range: u32) -> String {
    format!("{table}_{range}")
}

/// How many ranges so many facts of a table are kept in, where a table may take so many bytes: a quarter of it each,
/// for several tables are sorted at once. One, where nothing may be held: then workers sort, part by part.
fn ranges(facts: u64, room: u64) -> u32 {
    if room == 0 { 1 } else { (facts * FACT_BYTES).div_ceil((room / 4).max(1)).clamp(1, MOST_RANGES) as u32 }
}

/// Rows sorted by shard, taken shard by shard.
pub(crate) struct Cursor {
    batches: SendableRecordBatchStream,
    /// Rows not taken yet.
    rest: Option<RecordBatch>,
}

impl Cursor {
    /// Hands on all rows of a shard; shards are asked for in rising order.
    pub(crate) async fn take(
        &mut self,
        shard: u32,
        mut sink: impl FnMut(&RecordBatch) -> Result<(), BuildError>,
    ) -> Result<(), BuildError> {
        loop {
            let batch = match self.rest.take() {
                Some(batch) => batch,
                None => match self.batches.next().await {
                    Some(batch) => batch?,
                    None => return Ok(()),
                },
            };
            let end = column::<UInt32Type>(&batch, "shard")?.partition_point(|s| *s <= shard);
            if end > 0 {
                sink(&batch.slice(0, end))?;
            }
            if end < batch.num_rows() {
                self.rest = Some(batch.slice(end, batch.num_rows() - end));
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_the_facts_and_the_memory() {
        assert_eq!(ranges(0, 1 << 30), 1);
        assert_eq!(ranges(147_000_000, 1 << 30), 22);
        assert_eq!(ranges(147_000_000, 0), 1);
        assert_eq!(ranges(u64::from(u32::MAX), 1 << 20), 256);
    }
}
