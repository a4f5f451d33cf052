//! Typed access to the columns inside a file. Copies values out, so nothing need be aligned.

use crate::ipc::{Kind, Layout, Table};

/// A file and where its tables lie.
pub(super) struct Source<'a> {
    pub(super) file: &'a [u8],
    pub(super) layout: &'a Layout,
}

impl<'a> Source<'a> {
    /// A table with a list for each day.
    pub(super) fn table(&self, name: &str) -> Result<Columns<'a>, &'static str> {
        let table = self.layout.tables.iter().find(|t| t.name == name).ok_or("a table is missing")?;
        Ok(Columns { file: self.file, table })
    }

    /// A table that belongs to the shard, not to a day: all of it stands in the first row.
    pub(super) fn whole(&self, name: &str) -> Result<Columns<'a>, &'static str> {
        let columns = self.table(name)?;
        let mut offsets = columns.raw_offsets();
        let first = offsets.next();
        let all = u32::try_from(columns.len()).map_err(|_| "a table is too long")?;
        if first != Some(0) || !offsets.all(|o| o == all) {
            return Err("a table of the shard is spread over days");
        }
        Ok(columns)
    }
}

/// One table of a file.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    file: &'a [u8],
    table: &'a Table,
}

impl<'a> Columns<'a> {
    pub(super) fn len(self) -> usize {
        self.table.len
    }

    fn raw_offsets(self) -> impl Iterator<Item = u32> + 'a {
        integers(&self.file[self.table.offsets.clone()]).map(u32::from_le_bytes)
    }

    /// One more than there are days, from 0 to the number of rows, never falling.
    pub(super) fn offsets(self) -> Result<Vec<u32>, &'static str> {
        let offsets: Vec<u32> = self.raw_offsets().collect();
        let ordered = offsets.first() == Some(&0)
            && offsets.windows(2).all(|pair| pair[0] <= pair[1])
            && offsets.last().map(|&last| last as usize) == Some(self.len());
        if ordered { Ok(offsets) } else { Err("its days are out of order") }
    }

    fn find(self, name: &str, kind: Kind) -> Result<Option<&'a [u8]>, &'static str> {
        match self.table.columns.iter().find(|c| c.name == name) {
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
