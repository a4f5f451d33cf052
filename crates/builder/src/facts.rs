//! The rules of the large tables: members, orders, returns, touches.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Builder, Int64Builder, StringBuilder, UInt16Builder, UInt64Builder};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;

use crate::BuildError;
use crate::check::{Check, Fault, Row, bad, money_back};
use crate::names::Catalog;
use crate::one_id::{Borne, cell};
use crate::parse::Reason;

/// Days since 1970 where a member's day of joining is not known.
pub(crate) const UNKNOWN_DAY: i32 = i32::MIN;

pub(crate) fn schema(fields: &[(&str, DataType, bool)]) -> SchemaRef {
    let fields = fields.iter().map(|(name, data_type, nullable)| Field::new(*name, data_type.clone(), *nullable));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// member_id, joined_at, source_channel, home_store, tier
#[derive(Default)]
pub(crate) struct MembersCheck {
    member_id: StringBuilder,
    home_store: UInt16Builder,
    source_channel: UInt16Builder,
    tier: UInt16Builder,
    joined_day: Int32Builder,
    seq: UInt64Builder,
}

impl Check for MembersCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let id = row.id(0)?;
        let store = row.name(3, &catalog.stores, Reason::UnknownStore);
        let joined = match row.optional(1) {
            None => UNKNOWN_DAY,
            Some(_) => row.moment(1, store.zone(catalog))?.day,
        };
        let channel = row.name(2, &catalog.channels, Reason::UnknownChannel);
        channel.known()?;
        store.known()?;
        let channel = channel.code(&mut catalog.channels)?;
        let store = store.code(&mut catalog.stores)?;
        let tier = row.name(4, &catalog.tiers, Reason::MissingId).code(&mut catalog.tiers)?;
        self.member_id.append_value(id);
        self.home_store.append_value(store);
        self.source_channel.append_value(channel);
        self.tier.append_value(tier);
        self.joined_day.append_value(joined);
        self.seq.append_value(row.seq);
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.member_id.finish()),
            Arc::new(self.home_store.finish()),
            Arc::new(self.source_channel.finish()),
            Arc::new(self.tier.finish()),
            Arc::new(self.joined_day.finish()),
            Arc::new(self.seq.finish()),
        ];
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }

    fn schema(&self) -> SchemaRef {
        schema(&[
            ("member_id", DataType::Utf8, false),
            ("home_store", DataType::UInt16, false),
            ("source_channel", DataType::UInt16, false),
            ("tier", DataType::UInt16, false),
            ("joined_day", DataType::Int32, false),
            ("seq", DataType::UInt64, false),
        ])
    }
}

/// order_id, ordered_at, amount, member_id, store_id, channel_id, campaign_id, refunded, and the keys of identities
pub(crate) struct OrdersCheck {
    digits: u8,
    order_id: StringBuilder,
    member_id: StringBuilder,
    day: Int32Builder,
    minute: UInt16Builder,
    store: UInt16Builder,
    channel: UInt16Builder,
    campaign: UInt16Builder,
    amount: Int64Builder,
    refunded: Int64Builder,
    seq: UInt64Builder,
    borne: Option<Borne>,
}

impl OrdersCheck {
    pub(crate) fn new(digits: u8, borne: Option<Borne>) -> Self {
        Self {
            digits,
            order_id: StringBuilder::new(),
            member_id: StringBuilder::new(),
            day: Int32Builder::new(),
            minute: UInt16Builder::new(),
            store: UInt16Builder::new(),
            channel: UInt16Builder::new(),
            campaign: UInt16Builder::new(),
            amount: Int64Builder::new(),
            refunded: Int64Builder::new(),
            seq: UInt64Builder::new(),
            borne,
        }
    }
}

impl Check for OrdersCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let id = row.id(0)?;
        let store = row.name(4, &catalog.stores, Reason::UnknownStore);
        let moment = row.moment(1, store.zone(catalog))?;
        let amount = row.amount(2, self.digits)?;
        if amount < 0 {
            return Err(bad(2, Reason::NegativeAmount));
        }
        let refunded = money_back(row, 7, self.digits)?;
        let channel = row.name(5, &catalog.channels, Reason::UnknownChannel);
        store.known()?;
        channel.known()?;
        let store = store.code(&mut catalog.stores)?;
        let channel = channel.code(&mut catalog.channels)?;
        let campaign = row.name(6, &catalog.campaigns, Reason::MissingId).code(&mut catalog.campaigns)?;
        if let Some(borne) = &mut self.borne {
            borne.push(&borne.of(row));
        }
        let member = if self.borne.is_some() { cell(row, 3) } else { row.optional(3) };
        self.order_id.append_value(id);
        self.member_id.append_option(member);
        self.day.append_value(moment.day);
        self.minute.append_value(moment.minute);
        self.store.append_value(store);
        self.channel.append_value(channel);
        self.campaign.append_value(campaign);
        self.amount.append_value(amount);
        self.refunded.append_value(refunded);
        self.seq.append_value(row.seq);
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.order_id.finish()),
            Arc::new(self.member_id.finish()),
            Arc::new(self.day.finish()),
            Arc::new(self.minute.finish()),
            Arc::new(self.store.finish()),
            Arc::new(self.channel.finish()),
            Arc::new(self.campaign.finish()),
            Arc::new(self.amount.finish()),
            Arc::new(self.refunded.finish()),
            Arc::new(self.seq.finish()),
        ];
        if let Some(borne) = &mut self.borne {
            borne.take(&mut columns);
        }
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }

    fn schema(&self) -> SchemaRef {
        let mut fields = vec![
            ("order_id", DataType::Utf8, false),
            ("member_id", DataType::Utf8, true),
            ("day", DataType::Int32, false),
            ("minute", DataType::UInt16, false),
            ("store", DataType::UInt16, false),
            ("channel", DataType::UInt16, false),
            ("campaign", DataType::UInt16, false),
            ("amount", DataType::Int64, false),
            ("refunded", DataType::Int64, false),
            ("seq", DataType::UInt64, false),
        ];
        if let Some(borne) = &self.borne {
            borne.fields(&mut fields);
        }
        schema(&fields)
    }
}

/// return_id, returned_at, amount, order_id
pub(crate) struct ReturnsCheck {
    digits: u8,
    return_id: StringBuilder,
    order_id: StringBuilder,
    amount: Int64Builder,
    seq: UInt64Builder,
}

impl ReturnsCheck {
    pub(crate) fn new(digits: u8) -> Self {
        Self {
            digits,
            return_id: StringBuilder::new(),
            order_id: StringBuilder::new(),
            amount: Int64Builder::new(),
            seq: UInt64Builder::new(),
        }
    }
}

impl Check for ReturnsCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let id = row.id(0)?;
        row.moment(1, catalog.time_zone)?;
        let amount = row.amount(2, self.digits)?.abs();
        self.return_id.append_value(id);
        self.order_id.append_option(row.optional(3));
        self.amount.append_value(amount);
        self.seq.append_value(row.seq);
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.return_id.finish()),
            Arc::new(self.order_id.finish()),
            Arc::new(self.amount.finish()),
            Arc::new(self.seq.finish()),
        ];
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }

    fn schema(&self) -> SchemaRef {
        schema(&[
            ("return_id", DataType::Utf8, false),
            ("order_id", DataType::Utf8, true),
            ("amount", DataType::Int64, false),
            ("seq", DataType::UInt64, false),
        ])
    }
}

/// at, kind, member_id, store_id, channel_id, campaign_id, and the keys of identities
#[derive(Default)]
pub(crate) struct TouchesCheck {
    member_id: StringBuilder,
    day: Int32Builder,
    minute: UInt16Builder,
    store: UInt16Builder,
    channel: UInt16Builder,
    kind: UInt16Builder,
    campaign: UInt16Builder,
    seq: UInt64Builder,
    borne: Option<Borne>,
}

impl TouchesCheck {
    pub(crate) fn new(borne: Option<Borne>) -> Self {
        Self { borne, ..Self::default() }
    }
}

impl Check for TouchesCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let keys = self.borne.as_ref().map(|borne| borne.of(row));
        let member = match &keys {
            None => Some(row.id(2)?),
            Some(keys) if keys.sighting.is_none() => return Err(bad(2, Reason::MissingId)),
            Some(_) => cell(row, 2),
        };
        let store = row.name(3, &catalog.stores, Reason::UnknownStore);
        let moment = row.moment(0, store.zone(catalog))?;
        if row.cell(1).is_empty() {
            return Err(bad(1, Reason::MissingKind));
        }
        let channel = row.name(4, &catalog.channels, Reason::UnknownChannel);
        store.known()?;
        channel.known()?;
        let store = store.code(&mut catalog.stores)?;
        let channel = channel.code(&mut catalog.channels)?;
        let kind = row.name(1, &catalog.kinds, Reason::MissingKind).code(&mut catalog.kinds)?;
        let campaign = row.name(5, &catalog.campaigns, Reason::MissingId).code(&mut catalog.campaigns)?;
        if let (Some(borne), Some(keys)) = (&mut self.borne, &keys) {
            borne.push(keys);
        }
        self.member_id.append_option(member);
        self.day.append_value(moment.day);
        self.minute.append_value(moment.minute);
        self.store.append_value(store);
        self.channel.append_value(channel);
        self.kind.append_value(kind);
        self.campaign.append_value(campaign);
        self.seq.append_value(row.seq);
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.member_id.finish()),
            Arc::new(self.day.finish()),
            Arc::new(self.minute.finish()),
            Arc::new(self.store.finish()),
            Arc::new(self.channel.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.campaign.finish()),
            Arc::new(self.seq.finish()),
        ];
        if let Some(borne) = &mut self.borne {
            borne.take(&mut columns);
        }
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }

    fn schema(&self) -> SchemaRef {
        let mut fields = vec![
            ("member_id", DataType::Utf8, self.borne.is_some()),
            ("day", DataType::Int32, false),
            ("minute", DataType::UInt16, false),
            ("store", DataType::UInt16, false),
            ("channel", DataType::UInt16, false),
            ("kind", DataType::UInt16, false),
            ("campaign", DataType::UInt16, false),
            ("seq", DataType::UInt64, false),
        ];
        if let Some(borne) = &self.borne {
            borne.fields(&mut fields);
        }
        schema(&fields)
    }
}
