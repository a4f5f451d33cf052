//! The keys that a row of a large table bears, as columns of numbers beside what else is read of it.
//!
//! Columns that no file of the table has are not made, so that a source without identities is built as if there
//! were none of this.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, UInt32Builder, UInt64Builder};
use datafusion::arrow::datatypes::DataType;

use super::key::{self, Key};
use crate::check::Row;

/// Fields as the checks list them.
pub(crate) type Fields = Vec<(&'static str, DataType, bool)>;

/// Where a table has the keys, and the values of the rows taken since they were last given away.
pub(crate) struct Borne {
    /// Positions of the columns in the table; none where no file has it. The member's is none where it is not there.
    places: [Option<usize>; 6],
    channel: usize,
    values: [UInt64Builder; 6],
    /// The channel of an account.
    account_channel: UInt32Builder,
    sighting: UInt64Builder,
}

impl Borne {
    /// Nothing, where a table has no keys but the member's; that one is read as it always was.
    pub(crate) fn new(places: [Option<usize>; 6], channel: usize) -> Option<Self> {
        let any = Key::ALL.into_iter().any(|key| key != Key::Member && places[key.index()].is_some());
        any.then(|| Self {
            places,
            channel,
            values: Default::default(),
            account_channel: UInt32Builder::new(),
            sighting: UInt64Builder::new(),
        })
    }

    /// The values of a row.
    pub(crate) fn of(&self, row: Row<'_>) -> Values {
        let channel = row.cell(self.channel);
        let values = Key::ALL.map(|key| {
            let text = key::cell(row, self.places[key.index()]?)?;
            Some(if key == Key::External { key::account(channel, text) } else { key.value(text) })
        });
        let account_channel = values[Key::External.index()].map(|_| key::channel(channel));
        Values { sighting: key::sighting(&values), values, account_channel }
    }

    pub(crate) fn push(&mut self, values: &Values) {
        for key in self.present() {
            self.values[key.index()].append_option(values.values[key.index()]);
        }
        self.account_channel.append_option(values.account_channel);
        self.sighting.append_option(values.sighting);
    }

    pub(crate) fn take(&mut self, columns: &mut Vec<ArrayRef>) {
        for key in self.present() {
            columns.push(Arc::new(self.values[key.index()].finish()));
        }
        columns.push(Arc::new(self.account_channel.finish()));
        columns.push(Arc::new(self.sighting.finish()));
    }

    pub(crate) fn fields(&self, fields: &mut Fields) {
        fields.extend(self.present().map(|key| (key.column(), DataType::UInt64, true)));
        fields.push(("k_channel", DataType::UInt32, true));
        fields.push(("who", DataType::UInt64, true));
    }

    fn present(&self) -> impl Iterator<Item = Key> + use<> {
        let places = self.places;
        Key::ALL.into_iter().filter(move |key| places[key.index()].is_some())
    }
}

/// The keys of one row.
pub(crate) struct Values {
    values: [Option<u64>; 6],
    account_channel: Option<u32>,
    /// What was seen together; none where the row bears no key.
    pub(crate) sighting: Option<u64>,
}
