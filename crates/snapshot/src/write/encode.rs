//! Plain columns in, one Arrow IPC file out.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Int32Array, Int64Array, ListArray, StructArray, UInt8Array, UInt16Array, UInt32Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;

use crate::{MAX_MEMBERS, NONE_U16, SnapshotError};

/// The rows of one shard, before coding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShardData {
    /// The calendar's first day, days since 1970-01-01; day 0 of the facts.
    pub first_day: i32,
    /// Days of the calendar, at most 65,535.
    pub days: u32,
    /// Members, numbered by position.
    pub members: Members,
    /// Orders of members, sorted by (day, member).
    pub orders: Orders,
    /// Orders without a member, sorted by day.
    pub anonymous: Anonymous,
    /// Touches, sorted by (day, member).
    pub touches: Touches,
}

/// Attributes of members; all columns have one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Index into the manifest's stores, or [`NONE_U16`].
    pub home_store: Vec<u16>,
    /// Index into the manifest's channels, or [`crate::NONE_U8`].
    pub source_channel: Vec<u8>,
    /// Index into the manifest's tiers, or [`crate::NONE_U8`].
    pub tier: Vec<u8>,
    /// Days since 1970-01-01, or [`crate::UNKNOWN_DAY`].
    pub joined_day: Vec<i32>,
}

/// Orders of members; all columns have one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Days since the calendar's first day.
    pub day: Vec<u16>,
    /// Local member number.
    pub member: Vec<u16>,
    /// Index into the manifest's stores.
    pub store: Vec<u16>,
    /// Index into the manifest's channels.
    pub channel: Vec<u8>,
    /// Net paid, minor units, never negative.
    pub amount: Vec<i64>,
    /// Index into the manifest's campaigns, or [`NONE_U16`].
    pub campaign: Vec<u16>,
    /// Minute of the business day, or [`NONE_U16`].
    pub minute: Vec<u16>,
}

/// Orders without a member; all columns have one length. The columns mean what they mean in [`Orders`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anonymous {
    /// See [`Orders::day`].
    pub day: Vec<u16>,
    /// See [`Orders::store`].
    pub store: Vec<u16>,
    /// See [`Orders::channel`].
    pub channel: Vec<u8>,
    /// See [`Orders::amount`].
    pub amount: Vec<i64>,
    /// See [`Orders::campaign`].
    pub campaign: Vec<u16>,
    /// See [`Orders::minute`].
    pub minute: Vec<u16>,
}

/// Touches; all columns have one length. Columns shared with [`Orders`] mean the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// See [`Orders::day`].
    pub day: Vec<u16>,
    /// See [`Orders::member`].
    pub member: Vec<u16>,
    /// See [`Orders::store`].
    pub store: Vec<u16>,
    /// See [`Orders::channel`].
    pub channel: Vec<u8>,
    /// Index into the manifest's touch kinds.
    pub kind: Vec<u8>,
    /// See [`Orders::campaign`].
    pub campaign: Vec<u16>,
}

/// Encodes a shard; rows that break a rule of the format are an error, never a wrong file.
pub fn encode_shard(data: &ShardData) -> Result<Vec<u8>, SnapshotError> {
    check(data)?;
    let days = data.days as usize;
    let day_column = Date32Array::from_iter_values((0..data.days as i32).map(|d| data.first_day + d));
    let mut columns: Vec<(&str, ArrayRef)> = vec![("day", Arc::new(day_column))];
    columns.push(("members", members(data, days)));
    columns.push(("orders", orders(data, days)));
    columns.push(("anonymous", anonymous(data, days)));
    columns.push(("touches", touches(data, days)));
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), false)).collect();
    let schema = Arc::new(Schema::new(fields));
    let broken = |e: arrow::error::ArrowError| SnapshotError::Rows { what: e.to_string() };
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(broken)?;
    let mut writer = FileWriter::try_new(Vec::new(), &schema).map_err(broken)?;
    writer.write(&batch).map_err(broken)?;
    writer.into_inner().map_err(broken)
}

fn members(data: &ShardData, days: usize) -> ArrayRef {
    let members = &data.members;
    let mut first_order = vec![NONE_U16; members.home_store.len()];
    for (&day, &member) in data.orders.day.iter().zip(&data.orders.member) {
        let first = &mut first_order[usize::from(member)];
        *first = (*first).min(day);
    }
    // All members stand in the first day's row: they belong to the shard, not to a day.
    let mut offsets = vec![members.home_store.len() as i32; days + 1];
    offsets[0] = 0;
    list(
        offsets,
        vec![
            ("home_store", u16s(&members.home_store)),
            ("source_channel", u8s(&members.source_channel)),
            ("tier", u8s(&members.tier)),
            ("joined_day", Arc::new(Int32Array::from(members.joined_day.clone()))),
            ("first_order_day", u16s(&first_order)),
        ],
    )
}

fn orders(data: &ShardData, days: usize) -> ArrayRef {
    let o = &data.orders;
    let mut columns = vec![
        ("member_gap", u16s(&gaps(&o.day, &o.member))),
        ("store", u16s(&coded_stores(data, &o.store, &o.member))),
        ("channel", u8s(&coded_channels(data, &o.channel, &o.member))),
        ("amount", amounts(&o.amount)),
    ];
    optional(&mut columns, &o.campaign, &o.minute);
    list(offsets(&o.day, days), columns)
}

fn anonymous(data: &ShardData, days: usize) -> ArrayRef {
    let a = &data.anonymous;
    let mut columns = vec![
        ("store", u16s(&a.store.iter().map(|s| s + 1).collect::<Vec<_>>())),
        ("channel", u8s(&a.channel.iter().map(|c| c + 1).collect::<Vec<_>>())),
        ("amount", amounts(&a.amount)),
    ];
    optional(&mut columns, &a.campaign, &a.minute);
    list(offsets(&a.day, days), columns)
}

fn touches(data: &ShardData, days: usize) -> ArrayRef {
    let t = &data.touches;
    let mut columns = vec![
        ("member_gap", u16s(&gaps(&t.day, &t.member))),
        ("store", u16s(&coded_stores(data, &t.store, &t.member))),
        ("channel", u8s(&coded_channels(data, &t.channel, &t.member))),
        ("kind", u8s(&t.kind)),
    ];
    optional(&mut columns, &t.campaign, &[]);
    list(offsets(&t.day, days), columns)
}

/// Columns without any value are left out.
fn optional(columns: &mut Vec<(&'static str, ArrayRef)>, campaign: &[u16], minute: &[u16]) {
    for (name, values) in [("campaign", campaign), ("minute", minute)] {
        if values.iter().any(|&v| v != NONE_U16) {
            columns.push((name, u16s(values)));
        }
    }
}

fn list(offsets: Vec<i32>, columns: Vec<(&'static str, ArrayRef)>) -> ArrayRef {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
        columns.into_iter().map(|(name, array)| (Field::new(name, array.data_type().clone(), false), array)).unzip();
    let item = Arc::new(Field::new("item", DataType::Struct(fields.clone().into()), false));
    let rows = StructArray::new(fields.into(), arrays, None);
    Arc::new(ListArray::new(item, OffsetBuffer::new(offsets.into()), Arc::new(rows), None))
}

fn offsets(day: &[u16], days: usize) -> Vec<i32> {
    let mut offsets = vec![0i32; days + 1];
    for &d in day {
        offsets[usize::from(d) + 1] += 1;
    }
    for d in 0..days {
        offsets[d + 1] += offsets[d];
    }
    offsets
}

/// Distance to the row before of the same day; small numbers compress well.
fn gaps(day: &[u16], member: &[u16]) -> Vec<u16> {
    (0..day.len()).map(|i| if i > 0 && day[i] == day[i - 1] { member[i] - member[i - 1] } else { member[i] }).collect()
}

fn coded_stores(data: &ShardData, store: &[u16], member: &[u16]) -> Vec<u16> {
    let home = &data.members.home_store;
    store.iter().zip(member).map(|(&s, &m)| if home[usize::from(m)] == s { 0 } else { s + 1 }).collect()
}

fn coded_channels(data: &ShardData, channel: &[u8], member: &[u16]) -> Vec<u8> {
    let source = &data.members.source_channel;
    channel.iter().zip(member).map(|(&c, &m)| if source[usize::from(m)] == c { 0 } else { c + 1 }).collect()
}

fn amounts(amount: &[i64]) -> ArrayRef {
    let narrow: Option<Vec<u32>> = amount.iter().map(|&a| u32::try_from(a).ok()).collect();
    match narrow {
        Some(values) => Arc::new(UInt32Array::from(values)),
        None => Arc::new(Int64Array::from(amount.to_vec())),
    }
}

fn u16s(values: &[u16]) -> ArrayRef {
    Arc::new(UInt16Array::from(values.to_vec()))
}

fn u8s(values: &[u8]) -> ArrayRef {
    Arc::new(UInt8Array::from(values.to_vec()))
}

fn check(data: &ShardData) -> Result<(), SnapshotError> {
    let rule = |holds: bool, what: &str| {
        if holds { Ok(()) } else { Err(SnapshotError::Rows { what: what.to_owned() }) }
    };
    let members = data.members.home_store.len();
    let ShardData { orders: o, anonymous: a, touches: t, members: m, .. } = data;
    rule(members <= MAX_MEMBERS, "more than 16,384 members")?;
    rule((1..=65_535).contains(&data.days), "a calendar of no day or of more than 65,535")?;
    let same = |len: usize, lens: &[usize]| lens.iter().all(|&l| l == len);
    rule(
        same(members, &[m.source_channel.len(), m.tier.len(), m.joined_day.len()])
            && same(
                o.day.len(),
                &[o.member.len(), o.store.len(), o.channel.len(), o.amount.len(), o.campaign.len(), o.minute.len()],
            )
            && same(a.day.len(), &[a.store.len(), a.channel.len(), a.amount.len(), a.campaign.len(), a.minute.len()])
            && same(t.day.len(), &[t.member.len(), t.store.len(), t.channel.len(), t.kind.len(), t.campaign.len()]),
        "columns of different lengths",
    )?;
    let sorted = |day: &[u16], member: &[u16]| {
        day.iter().zip(member).is_sorted() && day.iter().all(|&d| u32::from(d) < data.days)
    };
    rule(sorted(&o.day, &o.member) && sorted(&t.day, &t.member), "facts out of order")?;
    rule(a.day.is_sorted() && a.day.iter().all(|&d| u32::from(d) < data.days), "anonymous orders out of order")?;
    rule(o.member.iter().chain(&t.member).all(|&n| usize::from(n) < members), "a fact of no member")?;
    rule(o.amount.iter().chain(&a.amount).all(|&amount| amount >= 0), "a negative amount")?;
    let stores = o.store.iter().chain(&a.store).chain(&t.store);
    rule(stores.copied().all(|s| s < 65_000), "a store number above the format's 65,000")?;
    let channels = o.channel.iter().chain(&a.channel).chain(&t.channel);
    rule(channels.copied().all(|c| c < 254), "a channel number above the format's 254")
}
