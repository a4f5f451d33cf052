//! Typed access to the columns inside a file. Copies values out, so nothing need be aligned.

use std::ops::Range;

use model::Manifest;

use crate::NONE_U16;
use crate::ipc::{Kind, Layout, Table};

/// The days that facts may be on, those of the manifest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    /// Days since 1970-01-01.
    pub(crate) first: i32,
    pub(crate) days: usize,
}

impl Calendar {
    pub(crate) fn of(manifest: &Manifest) -> Result<Self, &'static str> {
        let first = manifest.first_day.epoch_days();
        let days = usize::try_from(manifest.data_until.epoch_days() - first + 1);
        let days = days.ok().filter(|days| (1..usize::from(NONE_U16)).contains(days));
        Ok(Self { first, days: days.ok_or("its calendar has too many days")? })
    }
}

/// A file, where its tables lie, and which day each of its rows is.
pub(super) struct Source<'a> {
    file: &'a [u8],
    layout: &'a Layout,
    /// Of each row the day, counted from the calendar's first; rising.
    axis: Vec<u16>,
    days: usize,
}

impl<'a> Source<'a> {
    /// A file whose rows are days of this calendar.
    pub(super) fn new(file: &'a [u8], layout: &'a Layout, calendar: Calendar) -> Result<Self, &'static str> {
        let day = layout.flat.iter().find(|c| c.name == "day").ok_or("its days are missing")?;
        if day.kind != (Kind::Int { bytes: 4, signed: true }) || layout.rows == 0 {
            return Err("its days are missing");
        }
        let of = |day: i32| day.checked_sub(calendar.first).and_then(|day| usize::try_from(day).ok());
        let mut axis = Vec::with_capacity(layout.rows.min(calendar.days));
        for day in integers(&file[day.bytes.clone()]).map(i32::from_le_bytes) {
            let day = of(day).filter(|day| *day < calendar.days).ok_or("a day is not in the manifest's calendar")?;
            if axis.last().is_some_and(|before| usize::from(*before) >= day) {
                return Err("its days are out of order");
            }
            axis.push(day as u16);
        }
        Ok(Self { file, layout, axis, days: calendar.days })
    }

    /// Whether the rows are days that follow each other.
    pub(super) fn is_without_gaps(&self) -> bool {
        self.axis.windows(2).all(|pair| pair[1] - pair[0] == 1)
    }

    /// A table with a list for each row.
    pub(super) fn table(&self, name: &str) -> Result<Columns<'a>, &'static str> {
        let table = self.layout.tables.iter().find(|t| t.name == name).ok_or("a table is missing")?;
        Ok(Columns { file: self.file, table: Some(table) })
    }

    /// A table that is left out where it has no rows.
    pub(super) fn table_or_none(&self, name: &str) -> Columns<'a> {
        let table = self.layout.tables.iter().find(|t| t.name == name);
        Columns { file: self.file, table }
    }

    /// A table that belongs to the shard, not to a day: all of it stands in the first row.
    pub(super) fn whole(&self, name: &str) -> Result<Columns<'a>, &'static str> {
        self.table(name)?.whole()
    }

    /// Where each day of the calendar begins in a table: one more than there are days, from 0 to the number of rows,
    /// never falling.
    pub(super) fn offsets(&self, columns: Columns<'a>) -> Result<Vec<u32>, &'static str> {
        let mut by_day = vec![0; self.days + 1];
        if columns.table.is_none() {
            return Ok(by_day);
        }
        let mut before = 0;
        let mut offsets = columns.raw_offsets();
        let mut ordered = offsets.next() == Some(0);
        for (&day, offset) in self.axis.iter().zip(offsets) {
            ordered &= before <= offset;
            before = offset;
            by_day[usize::from(day) + 1] = offset;
        }
        if !ordered || before as usize != columns.len() {
            return Err("its days are out of order");
        }
        let mut end = 0;
        for offset in &mut by_day {
            end = end.max(*offset);
            *offset = end;
        }
        Ok(by_day)
    }
}

/// One table of a file; one that is left out has no rows.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    file: &'a [u8],
    table: Option<&'a Table>,
}

impl<'a> Columns<'a> {
    pub(super) fn len(self) -> usize {
        self.table.map_or(0, |table| table.len)
    }

    fn raw_offsets(self) -> impl Iterator<Item = u32> + 'a {
        let none: Range<usize> = 0..0;
        let offsets = self.table.map_or(none, |table| table.offsets.clone());
        integers(&self.file[offsets]).map(u32::from_le_bytes)
    }

    /// The same, where all of it stands in the first row.
    pub(super) fn whole(self) -> Result<Self, &'static str> {
        let mut offsets = self.raw_offsets();
        let first = offsets.next().unwrap_or(0);
        let all = u32::try_from(self.len()).map_err(|_| "a table is too long")?;
        if first != 0 || !offsets.all(|o| o == all) {
            return Err("a table of the shard is spread over days");
        }
        Ok(self)
    }

    fn find(self, name: &str, kind: Kind) -> Result<Option<&'a [u8]>, &'static str> {
        let Some(table) = self.table else { return Ok(Some(&[])) };
        match table.columns.iter().find(|c| c.name == name) {
            None => Ok(None),
            Some(column) if column.kind == kind => Ok(Some(&self.file[column.bytes.clone()])),
            Some(_) => Err("a column has an unknown type"),
        }
    }

    fn unsigned(self, name: &str, bytes: usize) -> Result<Option<&'a [u8]>, &'static str> {
        self.find(name, Kind::Int { bytes, signed: false })
    }

    fn signed(self, name: &str, bytes: usize) -> Result<&'a [u8], &'static str> {
        self.find(name, Kind::Int { bytes, signed: true })?.ok_or(MISSING)
    }

    pub(super) fn u8s(self, name: &str) -> Result<&'a [u8], &'static str> {
        self.unsigned(name, 1)?.ok_or(MISSING)
    }

    pub(super) fn u16s(self, name: &str) -> Result<Vec<u16>, &'static str> {
        Ok(integers(self.unsigned(name, 2)?.ok_or(MISSING)?).map(u16::from_le_bytes).collect())
    }

    pub(super) fn u32s(self, name: &str) -> Result<impl Iterator<Item = u32> + 'a, &'static str> {
        Ok(integers(self.unsigned(name, 4)?.ok_or(MISSING)?).map(u32::from_le_bytes))
    }

    pub(super) fn i32s(self, name: &str) -> Result<impl Iterator<Item = i32> + 'a, &'static str> {
        Ok(integers(self.signed(name, 4)?).map(i32::from_le_bytes))
    }

    pub(super) fn i64s(self, name: &str) -> Result<impl Iterator<Item = i64> + 'a, &'static str> {
        Ok(integers(self.signed(name, 8)?).map(i64::from_le_bytes))
    }

    /// Two-byte numbers in two columns, of which the second is left out where it is 0 throughout.
    pub(super) fn wide(self, low: &str, high: &str) -> Result<Wide<'a>, &'static str> {
        Ok(Wide { low: self.u8s(low)?, high: self.unsigned(high, 1)? })
    }

    /// The same, where the first is left out too if all numbers are 0: empty then.
    pub(super) fn wide_or_none(self, low: &str, high: &str) -> Result<Vec<u16>, &'static str> {
        match self.unsigned(low, 1)? {
            None => Ok(Vec::new()),
            Some(_) => Ok(self.wide(low, high)?.values()),
        }
    }

    /// Marks of rows; a column of them is left out where no row is marked.
    pub(super) fn marks(self, name: &str) -> Result<Marks<'a>, &'static str> {
        Ok(Marks { bytes: self.find(name, Kind::Bit)?.unwrap_or_default() })
    }
}

const MISSING: &str = "a column is missing";

fn integers<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
    bytes.as_chunks::<N>().0.iter().copied()
}

/// Two-byte numbers, low and high bytes apart.
#[derive(Clone, Copy)]
pub(super) struct Wide<'a> {
    low: &'a [u8],
    high: Option<&'a [u8]>,
}

impl Wide<'_> {
    pub(super) fn values(self) -> Vec<u16> {
        match self.high {
            None => self.low.iter().map(|&low| low.into()).collect(),
            Some(high) => self.low.iter().zip(high).map(|(&low, &high)| u16::from_le_bytes([low, high])).collect(),
        }
    }

    pub(super) fn get(self, row: usize) -> u16 {
        u16::from_le_bytes([self.low[row], self.high.map_or(0, |high| high[row])])
    }
}

/// One bit for each row, or none at all.
#[derive(Clone, Copy)]
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
}

impl Marks<'_> {
    pub(super) fn get(self, row: usize) -> bool {
        self.bytes.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
    }
}
