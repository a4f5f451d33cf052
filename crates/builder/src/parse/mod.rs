//! Text of a cell to exact values: money in minor units, instants to a business day and a minute.
//!
//! No float is ever made. A cell that is not clearly a value is refused, never guessed at: `1e3` and `12.345` yuan are
//! bad amounts, `$5` is one where amounts are in yuan, and `05/06/2024` is read only where its form is declared or
//! proven by other rows of the file.

mod amount;
mod digits;
mod moment;

pub(crate) use amount::{AmountForm, Currency, LARGEST_AMOUNT};
pub(crate) use digits::narrow;
pub(crate) use moment::{Dates, Moment, Slashed, month, slashed};

use serde::{Deserialize, Serialize};

/// Why a row is set aside; the text is the stable code in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Reason {
    AbsurdAmount,
    AmbiguousDate,
    BadAmount,
    BadMonth,
    BadTime,
    BadTimeZone,
    DayOutOfRange,
    EndsBeforeStart,
    MissingId,
    MissingKind,
    NegativeAmount,
    RaggedRow,
    SharedIdentity,
    UnknownChannel,
    UnknownRegion,
    UnknownStore,
}

impl Reason {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::AbsurdAmount => "absurd_amount",
            Self::AmbiguousDate => "ambiguous_date",
            Self::BadAmount => "bad_amount",
            Self::BadMonth => "bad_month",
            Self::BadTime => "bad_time",
            Self::BadTimeZone => "bad_time_zone",
            Self::DayOutOfRange => "day_out_of_range",
            Self::EndsBeforeStart => "ends_before_start",
            Self::MissingId => "missing_id",
            Self::MissingKind => "missing_kind",
            Self::NegativeAmount => "negative_amount",
            Self::RaggedRow => "ragged_row",
            Self::SharedIdentity => "shared_identity",
            Self::UnknownChannel => "unknown_channel",
            Self::UnknownRegion => "unknown_region",
            Self::UnknownStore => "unknown_store",
        }
    }
}

/// How the cells of a file are written, where they do not say it themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct CellForms {
    pub(crate) dates: Dates,
    pub(crate) amounts: AmountForm,
}
