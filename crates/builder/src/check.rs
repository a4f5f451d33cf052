//! Each row of text is checked once, on its way in: it becomes typed values and codes, or is set aside with a reason.
//!
//! The first fault of a row, from ids over times and amounts to names, is the one reported.
//! Names are coded last, so that a row set aside leaves no name behind.

use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use model::{Channel, ChannelDomain};

use crate::BuildError;
use crate::names::{Catalog, Coded, Names, StoreRow};
use crate::parse::{LARGEST_AMOUNT, Moment, Reason};
use crate::read::RawBatch;

/// What stops a row.
pub(crate) enum Fault {
    /// It is set aside; the column is a position in [`crate::table::Table::columns`].
    Bad { column: usize, reason: Reason },
    /// It stops the build: one name more than fit.
    Full { column: usize, what: &'static str, limit: usize },
}

pub(crate) fn bad(column: usize, reason: Reason) -> Fault {
    Fault::Bad { column, reason }
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    batch: &'a RawBatch,
    index: usize,
    /// Rises in the order of files and rows; no two rows of a table share it.
    pub(crate) seq: u64,
}

impl<'a> Row<'a> {
    pub(crate) fn new(batch: &'a RawBatch, index: usize, seq: u64) -> Self {
        Self { batch, index, seq }
    }

    pub(crate) fn cell(self, column: usize) -> &'a str {
        self.batch.cell(column, self.index)
    }

    /// The cell of an id that must be there.
    pub(crate) fn id(self, column: usize) -> Result<&'a str, Fault> {
        Some(self.cell(column)).filter(|id| !id.is_empty()).ok_or(bad(column, Reason::MissingId))
    }

    /// The cell, or nothing where it is empty.
    pub(crate) fn optional(self, column: usize) -> Option<&'a str> {
        Some(self.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// The time in a cell, as its file writes times.
    pub(crate) fn moment(self, column: usize, zone: Tz) -> Result<Moment, Fault> {
        in_column(column, self.batch.forms.dates.read(self.cell(column), zone))
    }

    /// The minor units in a cell, as its file writes amounts.
    pub(crate) fn amount(self, column: usize, digits: u8) -> Result<i64, Fault> {
        self.amount_up_to(column, digits, LARGEST_AMOUNT)
    }

    /// The same; what is larger than `largest`, without its sign, is absurd.
    pub(crate) fn amount_up_to(self, column: usize, digits: u8, largest: i64) -> Result<i64, Fault> {
        in_column(column, self.batch.forms.amounts.read(self.cell(column), digits, largest))
    }

    /// The name in a cell, looked up once where its list is closed.
    pub(crate) fn name(self, column: usize, names: &Names, unknown: Reason) -> Name<'a> {
        let id = self.cell(column);
        Name { id, column, unknown, settled: names.settled(id) }
    }
}

/// A cell that names an entry of a list.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    id: &'a str,
    column: usize,
    /// Why a row is set aside that names what a closed list does not have.
    unknown: Reason,
    /// What a closed list has for it.
    settled: Option<Coded>,
}

impl Name<'_> {
    /// Whether the name may be coded. Leaves nothing behind.
    pub(crate) fn known(self) -> Result<(), Fault> {
        match self.settled {
            Some(Coded::Unknown) => Err(bad(self.column, self.unknown)),
            _ => Ok(()),
        }
    }

    /// The code of the name; an open list takes it.
    pub(crate) fn code(self, names: &mut Names) -> Result<u16, Fault> {
        match self.settled.unwrap_or_else(|| names.code(self.id)) {
            Coded::Code(code) => Ok(code),
            Coded::Unknown => Err(bad(self.column, self.unknown)),
            Coded::Full => Err(Fault::Full { column: self.column, what: names.what, limit: names.limit }),
        }
    }

    /// Of a store: the zone of its business days, where the table of stores knows one.
    pub(crate) fn zone(self, catalog: &Catalog) -> Tz {
        match self.settled {
            Some(Coded::Code(code)) => catalog.zone(code),
            _ => catalog.time_zone,
        }
    }
}

/// The rules of one table.
pub(crate) trait Check: Send {
    /// Takes a row, or says why not; a row refused leaves nothing behind.
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault>;
    /// The rows taken since the last call.
    fn take(&mut self) -> Result<RecordBatch, BuildError>;
    /// What [`Self::take`] gives.
    fn schema(&self) -> SchemaRef;
}

/// Stores: the last row of an id counts.
#[derive(Default)]
pub(crate) struct StoresCheck(pub(crate) Vec<StoreRow>);

impl Check for StoresCheck {
    fn row(&mut self, row: Row<'_>, _: &mut Catalog) -> Result<(), Fault> {
        let id = row.id(0)?.to_owned();
        let zone = match row.optional(5) {
            None => None,
            Some(zone) => Some(zone.parse::<Tz>().map_err(|_| bad(5, Reason::BadTimeZone))?),
        };
        self.0.push(StoreRow {
            name: row.optional(1).unwrap_or(&id).to_owned(),
            region: row.cell(2).to_owned(),
            city: row.cell(3).to_owned(),
            format: row.cell(4).to_lowercase(),
            zone,
            id,
        });
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        Ok(RecordBatch::new_empty(self.schema()))
    }

    fn schema(&self) -> SchemaRef {
        Arc::new(datafusion::arrow::datatypes::Schema::empty())
    }
}

/// Channels: the last row of an id counts.
#[derive(Default)]
pub(crate) struct ChannelsCheck(pub(crate) Vec<Channel>);

impl Check for ChannelsCheck {
    fn row(&mut self, row: Row<'_>, _: &mut Catalog) -> Result<(), Fault> {
        let id = row.id(0)?.to_owned();
        self.0.push(Channel {
            name: row.optional(1).unwrap_or(&id).to_owned(),
            kind: row.cell(2).to_lowercase(),
            domain: match row.cell(3).to_lowercase().as_str() {
                "public" => Some(ChannelDomain::Public),
                "private" => Some(ChannelDomain::Private),
                _ => None,
            },
            id,
        });
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        Ok(RecordBatch::new_empty(self.schema()))
    }

    fn schema(&self) -> SchemaRef {
        Arc::new(datafusion::arrow::datatypes::Schema::empty())
    }
}

/// The fault of a cell that does not parse.
pub(crate) fn in_column<T>(column: usize, result: Result<T, Reason>) -> Result<T, Fault> {
    result.map_err(|reason| bad(column, reason))
}

/// The refund or return in a cell: its sign does not matter, an empty cell is nothing.
pub(crate) fn money_back(row: Row<'_>, column: usize, digits: u8) -> Result<i64, Fault> {
    match row.optional(column) {
        None => Ok(0),
        Some(_) => row.amount(column, digits).map(i64::abs),
    }
}
