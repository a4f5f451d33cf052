//! Plain columns in, one Arrow IPC file out, coded as FORMAT.md says so that general compression bites.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Date32Array, Int32Array, Int64Array, UInt16Array, UInt32Array};
use arrow::datatypes::{Field, Schema};
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;

use super::arrays::{Columns, by_day, campaigns, marks, u8s, whole, wide, wide_or_none};
use super::data::{Members, ShardData};
use crate::SnapshotError;
use crate::shard::Lists;

/// Encodes a shard; rows that break a rule of the format are an error, never a wrong file.
pub fn encode_shard(data: &ShardData) -> Result<Vec<u8>, SnapshotError> {
    data.check()?;
    let none = Lists::default();
    let mut file = File::new((0..data.days as i32).map(|day| data.first_day + day).collect(), &none, false);
    file.members("members", &data.members, None);
    file.facts(data, &Behind::default());
    file.finish()
}

/// The record batch so far.
pub(super) struct File<'a> {
    rows: usize,
    columns: Columns,
    /// The lists of the files before this one.
    known: &'a Lists,
    /// Whether tables without rows are left out.
    sparse: bool,
}

/// Of each row that is added, how many rows that stay come after it on its day, its member's own only.
#[derive(Default)]
pub(super) struct Behind {
    pub(super) orders: Vec<u16>,
    pub(super) anonymous: Vec<u16>,
    pub(super) touches: Vec<u16>,
}

impl<'a> File<'a> {
    /// A file with a row for each of these days; the days of its facts are positions among them.
    pub(super) fn new(days: Vec<i32>, known: &'a Lists, sparse: bool) -> Self {
        let rows = days.len();
        Self { rows, columns: vec![("day", Arc::new(Date32Array::from(days)))], known, sparse }
    }

    /// Attributes of members; `which` are their numbers where they are not all of the shard's from its first on.
    pub(super) fn members(&mut self, name: &'static str, members: &Members, which: Option<&[u16]>) {
        let mut columns = Columns::new();
        if let Some(which) = which {
            let before = std::iter::once(0).chain(which.iter().copied());
            let steps: Vec<u16> = which.iter().zip(before).map(|(member, before)| member - before).collect();
            wide(&mut columns, "member_low", "member_high", &steps);
        }
        wide(&mut columns, "home_low", "home_high", &members.home_store);
        columns.push(("source_channel", u8s(members.source_channel.iter().copied())));
        columns.push(("tier", u8s(members.tier.iter().copied())));
        // Ids tend to rise with the day of joining, so steps are small.
        let before = std::iter::once(0).chain(members.joined_day.iter().copied());
        let joined = members.joined_day.iter().zip(before).map(|(day, before)| day.wrapping_sub(before));
        columns.push(("joined_step", Arc::new(Int32Array::from_iter_values(joined))));
        self.whole(name, columns);
    }

    /// The facts with their lists. Members are those of the whole shard.
    pub(super) fn facts(&mut self, data: &ShardData, behind: &Behind) {
        let prices = prices(data, &self.known.amounts);
        self.whole("amounts", vec![("step", steps(&prices.values))]);
        self.orders(data, &prices, &behind.orders);
        self.anonymous(data, &prices, &behind.anonymous);
        self.touches(data, &behind.touches);
    }

    fn orders(&mut self, data: &ShardData, prices: &Prices, behind: &[u16]) {
        let o = &data.orders;
        let mut columns = Columns::new();
        wide(&mut columns, "member_low", "member_high", &gaps(&o.day, &o.member));
        let away = away(&mut columns, data, &o.store, &o.member);
        columns.push(("channel", u8s(o.channel.iter().copied())));
        let rare = amounts(&mut columns, &o.amount, prices);
        let campaigns = campaigns(&mut columns, &o.campaign);
        wide_or_none(&mut columns, "behind_low", "behind_high", behind);
        self.by_day("orders", &o.day, columns);
        self.stores("orders_away", &away);
        self.rare("orders_rare", rare);
        self.campaigns("orders_campaigns", campaigns);
    }

    fn anonymous(&mut self, data: &ShardData, prices: &Prices, behind: &[u16]) {
        let a = &data.anonymous;
        let mut columns = Columns::new();
        wide(&mut columns, "store_low", "store_high", &a.store);
        columns.push(("channel", u8s(a.channel.iter().copied())));
        let rare = amounts(&mut columns, &a.amount, prices);
        let campaigns = campaigns(&mut columns, &a.campaign);
        wide_or_none(&mut columns, "behind_low", "behind_high", behind);
        self.by_day("anonymous", &a.day, columns);
        self.rare("anonymous_rare", rare);
        self.campaigns("anonymous_campaigns", campaigns);
    }

    fn touches(&mut self, data: &ShardData, behind: &[u16]) {
        let t = &data.touches;
        let mut columns = Columns::new();
        wide(&mut columns, "member_low", "member_high", &gaps(&t.day, &t.member));
        let away = away(&mut columns, data, &t.store, &t.member);
        let pairs = || t.channel.iter().copied().zip(t.kind.iter().copied());
        let mut number: HashMap<(u8, u8), u16> =
            self.known.ways.iter().enumerate().map(|(i, &way)| (way, i as u16)).collect();
        let ways: Vec<(u8, u8)> = most_frequent_first(pairs().filter(|pair| !number.contains_key(pair)))
            .into_iter()
            .map(|(w, _)| w)
            .collect();
        number.extend(ways.iter().zip(self.known.ways.len()..).map(|(&way, i)| (way, i as u16)));
        wide(&mut columns, "way_low", "way_high", &pairs().map(|pair| number[&pair]).collect::<Vec<_>>());
        let campaigns = campaigns(&mut columns, &t.campaign);
        wide_or_none(&mut columns, "behind_low", "behind_high", behind);
        self.by_day("touches", &t.day, columns);
        self.stores("touches_away", &away);
        self.whole(
            "ways",
            vec![
                ("channel", u8s(ways.iter().map(|(channel, _)| *channel))),
                ("kind", u8s(ways.iter().map(|(_, kind)| *kind))),
            ],
        );
        self.campaigns("touches_campaigns", campaigns);
    }

    /// Numbers of rows that go, rising.
    pub(super) fn removed(&mut self, name: &'static str, rows: &[u32]) {
        let before = std::iter::once(0).chain(rows.iter().copied());
        let steps = rows.iter().zip(before).map(|(row, before)| row - before);
        self.whole(name, vec![("step", Arc::new(UInt32Array::from_iter_values(steps)))]);
    }

    fn by_day(&mut self, name: &'static str, day: &[u16], columns: Columns) {
        if !self.sparse || !day.is_empty() {
            self.columns.push((name, by_day(day, self.rows, columns)));
        }
    }

    fn whole(&mut self, name: &'static str, columns: Columns) {
        if !self.sparse || columns.first().is_some_and(|(_, array)| !array.is_empty()) {
            self.columns.push((name, whole(self.rows, columns)));
        }
    }

    fn stores(&mut self, name: &'static str, stores: &[u16]) {
        let mut columns = Columns::new();
        wide(&mut columns, "store_low", "store_high", stores);
        self.whole(name, columns);
    }

    fn rare(&mut self, name: &'static str, amounts: Vec<i64>) {
        self.whole(name, vec![("amount", Arc::new(Int64Array::from(amounts)))]);
    }

    fn campaigns(&mut self, name: &'static str, campaigns: Vec<u16>) {
        self.whole(name, vec![("campaign", Arc::new(UInt16Array::from(campaigns)))]);
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, SnapshotError> {
        let fields: Vec<Field> =
            self.columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), false)).collect();
        let schema = Arc::new(Schema::new(fields));
        let broken = |e: arrow::error::ArrowError| SnapshotError::Rows { what: e.to_string() };
        let arrays = self.columns.into_iter().map(|(_, array)| array).collect();
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(broken)?;
        let mut writer = FileWriter::try_new(Vec::new(), &schema).map_err(broken)?;
        writer.write(&batch).map_err(broken)?;
        writer.into_inner().map_err(broken)
    }
}

/// Amounts that get codes here, and the codes of all that have one, from 1.
struct Prices {
    values: Vec<i64>,
    codes: HashMap<i64, u16>,
}

/// Amounts that occur twice or more get codes after those that are known.
fn prices(data: &ShardData, known: &[i64]) -> Prices {
    let most = usize::from(u16::MAX);
    let mut codes: HashMap<i64, u16> =
        known.iter().take(most).enumerate().map(|(before, value)| (*value, before as u16 + 1)).collect();
    let amounts = data.orders.amount.iter().chain(&data.anonymous.amount).copied();
    let counted = most_frequent_first(amounts.filter(|amount| !codes.contains_key(amount)));
    let room = most.saturating_sub(known.len());
    let values: Vec<i64> =
        counted.into_iter().filter(|(_, count)| *count > 1).map(|(value, _)| value).take(room).collect();
    codes.extend(values.iter().zip(known.len()..).map(|(value, before)| (*value, before as u16 + 1)));
    Prices { values, codes }
}

/// Different values with how often they occur: by the power of two of that number, falling, then by value, so that
/// frequent ones have small numbers and neighbours are near each other.
fn most_frequent_first<T: Copy + Eq + Ord + Hash>(values: impl Iterator<Item = T>) -> Vec<(T, u32)> {
    let mut counts: HashMap<T, u32> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut counted: Vec<(T, u32)> = counts.into_iter().collect();
    counted.sort_unstable_by_key(|&(value, count)| (Reverse(count.ilog2()), value));
    counted
}

/// Adds the codes of amounts; gives back those that have none, which take code 0.
fn amounts(columns: &mut Columns, amount: &[i64], prices: &Prices) -> Vec<i64> {
    let code = |amount: &i64| prices.codes.get(amount).copied().unwrap_or(0);
    columns.push(("amount_low", u8s(amount.iter().map(|a| code(a) as u8))));
    columns.push(("amount_high", u8s(amount.iter().map(|a| (code(a) >> 8) as u8))));
    amount.iter().copied().filter(|a| code(a) == 0).collect()
}

/// Each value's distance to the one before.
fn steps(values: &[i64]) -> ArrayRef {
    let before = std::iter::once(0).chain(values.iter().copied());
    Arc::new(Int64Array::from_iter_values(values.iter().zip(before).map(|(value, before)| value - before)))
}

/// Distance to the row before of the same day; small numbers compress well.
fn gaps(day: &[u16], member: &[u16]) -> Vec<u16> {
    (0..day.len()).map(|i| if i > 0 && day[i] == day[i - 1] { member[i] - member[i - 1] } else { member[i] }).collect()
}

/// Marks the rows away from their member's home store; gives back the stores of those.
fn away(columns: &mut Columns, data: &ShardData, store: &[u16], member: &[u16]) -> Vec<u16> {
    let home = &data.members.home_store;
    let away: Vec<bool> = store.iter().zip(member).map(|(&s, &m)| home[usize::from(m)] != s).collect();
    marks(columns, "away", &away);
    store.iter().zip(&away).filter(|(_, away)| **away).map(|(s, _)| *s).collect()
}
