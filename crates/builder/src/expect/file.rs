//! The file of expectations, `expectations.toml`: what the feed promised, and what to do where it does not keep it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::BuildError;

/// Every expectation of a file, in its order within each kind.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectations {
    /// Rows of the newest day against the same weekday of the weeks before.
    #[serde(default)]
    pub(crate) rows: Vec<Rows>,
    /// Rows without a value in a column.
    #[serde(default)]
    pub(crate) empty: Vec<Empty>,
    /// Rows and sums by day against a control file.
    #[serde(default)]
    pub(crate) control: Vec<Control>,
    /// How old the newest fact may be.
    #[serde(default)]
    pub(crate) age: Vec<Age>,
}

/// What to do where an expectation is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    /// Publish and say it.
    Warn,
    /// Publish nothing.
    Stop,
}

/// A table of facts, which has days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Facts {
    Orders,
    Touches,
}

impl Facts {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Touches => "touches",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    pub(crate) table: Facts,
    /// How many weeks back are looked at.
    #[serde(default = "four")]
    pub(crate) weeks: u32,
    /// The least share of their median.
    pub(crate) least: Option<f64>,
    /// The most.
    pub(crate) most: Option<f64>,
    pub(crate) then: Then,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Empty {
    pub(crate) table: String,
    pub(crate) column: String,
    /// The most of all rows, 0 to 1.
    pub(crate) most: f64,
    pub(crate) then: Then,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Control {
    /// Relative to the file of expectations: table, day, rows, amount.
    pub(crate) file: PathBuf,
    /// Rows that may differ, over all days.
    #[serde(default)]
    pub(crate) rows_off: u64,
    /// Money that may differ, over all days, as the source writes amounts.
    #[serde(default = "nothing")]
    pub(crate) amount_off: String,
    pub(crate) then: Then,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Age {
    pub(crate) table: Facts,
    /// Days from the newest fact to today.
    pub(crate) most: u32,
    pub(crate) then: Then,
}

fn four() -> u32 {
    4
}

fn nothing() -> String {
    "0".to_owned()
}

/// Reads the file and checks what its form cannot say.
pub(crate) fn read(path: &Path) -> Result<Expectations, BuildError> {
    let text = std::fs::read_to_string(path).map_err(|e| BuildError::unreadable(&path.display().to_string(), e))?;
    let fault = |row: usize, what: String| BuildError::Expectations { file: path.display().to_string(), row, what };
    let expectations: Expectations = toml::from_str(&text).map_err(|e| {
        let row = e.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        fault(row, e.message().to_owned())
    })?;
    for rows in &expectations.rows {
        let is_share = |share: Option<f64>| share.is_none_or(|share| share.is_finite() && share >= 0.0);
        let is_sound = is_share(rows.least) && is_share(rows.most) && (1..=52).contains(&rows.weeks);
        if !is_sound || (rows.least.is_none() && rows.most.is_none()) {
            let what = "`rows` wants `least` or `most`, shares of the median such as 0.7, and `weeks` from 1 to 52";
            return Err(fault(1, what.to_owned()));
        }
    }
    for empty in &expectations.empty {
        if super::measure::is_empty(&empty.table, &empty.column).is_none() {
            let what = format!("`{}.{}` is no column that can be empty", empty.table, empty.column);
            return Err(fault(1, what));
        }
        if !(0.0..=1.0).contains(&empty.most) {
            return Err(fault(1, "`empty` wants `most`, a share from 0 to 1".to_owned()));
        }
    }
    Ok(expectations)
}
