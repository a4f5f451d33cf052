//! Plain vectors to Arrow columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, ListArray, StructArray, UInt8Array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field};

use crate::NONE_U16;

/// The columns of one table, by name.
pub(super) type Columns = Vec<(&'static str, ArrayRef)>;

/// A table with a list for each row of the file, which are days.
pub(super) fn by_day(day: &[u16], days: usize, columns: Columns) -> ArrayRef {
    let mut offsets = vec![0i32; days + 1];
    for &d in day {
        offsets[usize::from(d) + 1] += 1;
    }
    for d in 0..days {
        offsets[d + 1] += offsets[d];
    }
    list(offsets, columns)
}

/// A table that belongs to the shard, not to a day: all of it stands in the first row.
pub(super) fn whole(days: usize, columns: Columns) -> ArrayRef {
    let rows = columns.first().map_or(0, |(_, array)| array.len());
    let mut offsets = vec![rows as i32; days + 1];
    offsets[0] = 0;
    list(offsets, columns)
}

fn list(offsets: Vec<i32>, columns: Columns) -> ArrayRef {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
        columns.into_iter().map(|(name, array)| (Field::new(name, array.data_type().clone(), false), array)).unzip();
    let item = Arc::new(Field::new("item", DataType::Struct(fields.clone().into()), false));
    let rows = StructArray::new(fields.into(), arrays, None);
    Arc::new(ListArray::new(item, OffsetBuffer::new(offsets.into()), Arc::new(rows), None))
}

pub(super) fn u8s(values: impl IntoIterator<Item = u8>) -> ArrayRef {
    Arc::new(UInt8Array::from_iter_values(values))
}

/// Two-byte numbers as two columns: each half alone compresses better. The high one is left out where it is 0.
pub(super) fn wide(columns: &mut Columns, low: &'static str, high: &'static str, values: &[u16]) {
    columns.push((low, u8s(values.iter().map(|v| *v as u8))));
    if values.iter().any(|v| v >> 8 != 0) {
        columns.push((high, u8s(values.iter().map(|v| (v >> 8) as u8))));
    }
}

/// The same, where both are left out if all numbers are 0.
pub(super) fn wide_or_none(columns: &mut Columns, low: &'static str, high: &'static str, values: &[u16]) {
    if values.iter().any(|value| *value != 0) {
        wide(columns, low, high, values);
    }
}

/// Marks of rows, left out where no row is marked.
pub(super) fn marks(columns: &mut Columns, name: &'static str, marks: &[bool]) {
    if marks.contains(&true) {
        columns.push((name, Arc::new(BooleanArray::from(marks.to_vec()))));
    }
}

/// Marks the rows that have a campaign; gives back their campaigns.
pub(super) fn campaigns(columns: &mut Columns, campaign: &[u16]) -> Vec<u16> {
    marks(columns, "campaigned", &campaign.iter().map(|&c| c != NONE_U16).collect::<Vec<_>>());
    campaign.iter().copied().filter(|&c| c != NONE_U16).collect()
}
