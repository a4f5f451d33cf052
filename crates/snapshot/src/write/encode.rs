//! Plain columns in, one Arrow IPC file out, coded as FORMAT.md says so that general compression bites.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, UInt16Array};
use arrow::datatypes::{Field, Schema};
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;

use super::arrays::{Columns, by_day, campaigns, marks, u8s, whole, wide};
use super::data::ShardData;
use crate::SnapshotError;

/// Encodes a shard; rows that break a rule of the format are an error, never a wrong file.
pub fn encode_shard(data: &ShardData) -> Result<Vec<u8>, SnapshotError> {
    data.check()?;
    let day_column = Date32Array::from_iter_values((0..data.days as i32).map(|d| data.first_day + d));
    let mut file = File { days: data.days as usize, columns: vec![("day", Arc::new(day_column))] };
    file.members(data);
    let prices = prices(data);
    file.columns.push(("amounts", whole(file.days, vec![("step", steps(&prices.values))])));
    file.orders(data, &prices);
    file.anonymous(data, &prices);
    file.touches(data);
    file.finish()
}

/// The record batch so far.
struct File {
    days: usize,
    columns: Columns,
}

impl File {
    fn members(&mut self, data: &ShardData) {
        let members = &data.members;
        let mut columns = Columns::new();
        wide(&mut columns, "home_low", "home_high", &members.home_store);
        columns.push(("source_channel", u8s(members.source_channel.iter().copied())));
        columns.push(("tier", u8s(members.tier.iter().copied())));
        // Ids tend to rise with the day of joining, so steps are small.
        let before = std::iter::once(0).chain(members.joined_day.iter().copied());
        let joined = members.joined_day.iter().zip(before).map(|(day, before)| day.wrapping_sub(before));
        columns.push(("joined_step", Arc::new(Int32Array::from_iter_values(joined))));
        self.whole("members", columns);
    }

    fn orders(&mut self, data: &ShardData, prices: &Prices) {
        let o = &data.orders;
        let mut columns = Columns::new();
        wide(&mut columns, "member_low", "member_high", &gaps(&o.day, &o.member));
        let away = away(&mut columns, data, &o.store, &o.member);
        columns.push(("channel", u8s(o.channel.iter().copied())));
        let rare = amounts(&mut columns, &o.amount, prices);
        let campaigns = campaigns(&mut columns, &o.campaign);
        self.columns.push(("orders", by_day(&o.day, self.days, columns)));
        self.stores("orders_away", &away);
        self.rare("orders_rare", rare);
        self.campaigns("orders_campaigns", campaigns);
    }

    fn anonymous(&mut self, data: &ShardData, prices: &Prices) {
        let a = &data.anonymous;
        let mut columns = Columns::new();
        wide(&mut columns, "store_low", "store_high", &a.store);
        columns.push(("channel", u8s(a.channel.iter().copied())));
        let rare = amounts(&mut columns, &a.amount, prices);
        let campaigns = campaigns(&mut columns, &a.campaign);
        self.columns.push(("anonymous", by_day(&a.day, self.days, columns)));
        self.rare("anonymous_rare", rare);
        self.campaigns("anonymous_campaigns", campaigns);
    }

    fn touches(&mut self, data: &ShardData) {
        let t = &data.touches;
        let mut columns = Columns::new();
        wide(&mut columns, "member_low", "member_high", &gaps(&t.day, &t.member));
        let away = away(&mut columns, data, &t.store, &t.member);
        let pairs = || t.channel.iter().copied().zip(t.kind.iter().copied());
        let ways = most_frequent_first(pairs());
        let number: HashMap<(u8, u8), u16> = ways.iter().enumerate().map(|(i, &(way, _))| (way, i as u16)).collect();
        wide(&mut columns, "way_low", "way_high", &pairs().map(|pair| number[&pair]).collect::<Vec<_>>());
        let campaigns = campaigns(&mut columns, &t.campaign);
        self.columns.push(("touches", by_day(&t.day, self.days, columns)));
        self.stores("touches_away", &away);
        self.whole(
            "ways",
            vec![
                ("channel", u8s(ways.iter().map(|((channel, _), _)| *channel))),
                ("kind", u8s(ways.iter().map(|((_, kind), _)| *kind))),
            ],
        );
        self.campaigns("touches_campaigns", campaigns);
    }

    fn whole(&mut self, name: &'static str, columns: Columns) {
        self.columns.push((name, whole(self.days, columns)));
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

    fn finish(self) -> Result<Vec<u8>, SnapshotError> {
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

/// Amounts that occur twice or more, and their codes, from 1.
struct Prices {
    values: Vec<i64>,
    codes: HashMap<i64, u16>,
}

fn prices(data: &ShardData) -> Prices {
    let counted = most_frequent_first(data.orders.amount.iter().chain(&data.anonymous.amount).copied());
    let values: Vec<i64> =
        counted.into_iter().filter(|(_, count)| *count > 1).map(|(value, _)| value).take(u16::MAX.into()).collect();
    let codes = values.iter().zip(1..).map(|(value, code)| (*value, code)).collect();
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
