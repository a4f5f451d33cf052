//! The rules of the table of identities: accounts of channels, and the keys that are known of them.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Builder, StringBuilder, UInt64Builder};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;

use super::borne::Borne;
use super::key;
use crate::BuildError;
use crate::check::{Check, Fault, Row, bad};
use crate::facts::schema;
use crate::names::Catalog;
use crate::parse::Reason;

/// channel_id, external_id, member_id, phone_hash, union_id, open_id, payment_id, seen_at
pub(crate) struct IdentitiesCheck {
    channel_id: StringBuilder,
    external_id: StringBuilder,
    member_id: StringBuilder,
    day: Int32Builder,
    seq: UInt64Builder,
    borne: Borne,
}

impl Default for IdentitiesCheck {
    fn default() -> Self {
        let places = [Some(2), Some(1), Some(4), Some(5), Some(6), Some(3)];
        Self {
            channel_id: StringBuilder::new(),
            external_id: StringBuilder::new(),
            member_id: StringBuilder::new(),
            day: Int32Builder::new(),
            seq: UInt64Builder::new(),
            borne: Borne::new(places, 0).expect("it has more keys than the member's"),
        }
    }
}

impl Check for IdentitiesCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let channel = row.id(0)?;
        let external = key::cell(row, 1).ok_or(bad(1, Reason::MissingId))?;
        let day = match row.optional(7) {
            None => None,
            Some(_) => Some(row.moment(7, catalog.time_zone)?.day),
        };
        row.name(0, &catalog.channels, Reason::UnknownChannel).known()?;
        let values = self.borne.of(row);
        self.channel_id.append_value(channel);
        self.external_id.append_value(external);
        self.member_id.append_option(key::cell(row, 2));
        self.day.append_option(day);
        self.seq.append_value(row.seq);
        self.borne.push(&values);
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.channel_id.finish()),
            Arc::new(self.external_id.finish()),
            Arc::new(self.member_id.finish()),
            Arc::new(self.day.finish()),
            Arc::new(self.seq.finish()),
        ];
        self.borne.take(&mut columns);
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }

    fn schema(&self) -> SchemaRef {
        let mut fields = vec![
            ("channel_id", DataType::Utf8, false),
            ("external_id", DataType::Utf8, false),
            ("member_id", DataType::Utf8, true),
            ("day", DataType::Int32, true),
            ("seq", DataType::UInt64, false),
        ];
        self.borne.fields(&mut fields);
        schema(&fields)
    }
}
