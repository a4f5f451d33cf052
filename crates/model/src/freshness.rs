//! How fresh a build's data are, what was expected of them, and what the builds before found.

use serde::{Deserialize, Serialize};

use crate::Day;

/// Builds whose findings are kept.
pub const HISTORY: usize = 60;

/// From an event in a shop to a number on screen: what a build knows of the way there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// When the build began, RFC 3339 in UTC; when it published is [`crate::Manifest::built_at`].
    pub started_at: String,
    /// The tables of facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableFreshness>,
}

/// How fresh one table is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFreshness {
    /// `orders` or `touches`.
    pub table: String,
    /// The newest fact, `2026-11-28 21:14` in its store's time zone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub newest: String,
    /// When the newest of its files was last written, RFC 3339 in UTC; empty where the source does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub written_at: String,
}

/// What one expectation found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What is looked at.
    pub kind: CheckKind,
    /// The table.
    pub table: String,
    /// The column; empty where the whole table is looked at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// What was found, in the unit of the kind; none where nothing could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<i64>,
    /// The least that was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// The most that was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Check {
    /// What tells it from others: the same in every build.
    pub fn id(&self) -> String {
        let kind = match self.kind {
            CheckKind::Rows => "rows",
            CheckKind::Empty => "empty",
            CheckKind::ControlRows => "control_rows",
            CheckKind::ControlAmount => "control_amount",
            CheckKind::Age => "age",
        };
        let Self { table, column, .. } = self;
        if column.is_empty() { format!("{kind}.{table}") } else { format!("{kind}.{table}.{column}") }
    }
}

/// What an expectation looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Rows of the newest day.
    Rows,
    /// Rows without a value, of a million.
    Empty,
    /// Rows more than the control file says, over all its days.
    ControlRows,
    /// Money more than the control file says, minor units, over all its days.
    ControlAmount,
    /// Days from the newest fact to the build.
    Age,
}

/// What became of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Otherwise, and published with a warning.
    Warned,
    /// Otherwise, and nothing was published.
    Stopped,
    /// There is nothing to compare with yet.
    Unknown,
}

/// What one of the builds before found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastBuild {
    /// The version that it published; 0 where it was stopped.
    pub version: u64,
    /// When, RFC 3339 in UTC.
    pub built_at: String,
    /// The last day with a fact.
    pub data_until: Day,
    /// Rows of that day, by table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<(String, u64)>,
    /// What each expectation found, by its id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<(String, Option<i64>, Outcome)>,
    /// Whether a later rollback took it back: what it found is no measure for others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}
