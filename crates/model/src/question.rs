//! What a reader asks: two windows, a filter, a list of asks.
//!
//! Unknown fields are errors that name them. A filter that names nothing means all.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Dimensions, Window};

/// A question to the engine; answers come in the order of `ask`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The days asked about.
    pub window: Window,
    /// The days compared with; without it nothing is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Window>,
    /// Which stores and channels count.
    #[serde(default, skip_serializing_if = "Filter::is_all")]
    pub filter: Filter,
    /// What is asked, at least one.
    pub ask: Vec<Ask>,
}

/// Lists of ids; an empty list means all, several lists must all match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// Region names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Store ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<String>,
    /// Channel ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

impl Filter {
    /// Whether nothing is named, so that all matches.
    pub fn is_all(&self) -> bool {
        self.regions.is_empty() && self.stores.is_empty() && self.channels.is_empty()
    }
}

/// One thing asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// The growth formula of both windows and what each factor contributed.
    Growth(GrowthAsk),
    /// Measures over time.
    Series(SeriesAsk),
    /// Stores in the order of a measure.
    Stores(StoresAsk),
}

impl Ask {
    /// About how many periods the ask cuts a window into.
    fn most_periods(&self, window: Window) -> i32 {
        match self {
            Self::Series(SeriesAsk { grain: Grain::Day, .. }) => window.len_days(),
            Self::Series(SeriesAsk { grain: Grain::Week, .. }) => window.len_days() / 7,
            Self::Series(SeriesAsk { grain: Grain::Month, .. }) => window.len_days() / 28,
            Self::Growth(_) | Self::Stores(_) => 1,
        }
    }
}

/// The growth formula, whole and, where asked, split by a dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GrowthAsk {
    /// The dimension to split by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Answer only the groups whose sales rose most and those whose sales fell most, so many of each at the most;
    /// without a comparison, those with the largest sales. None answers all. The mix is that of all either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
}

/// A dimension that facts can be split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The region of the fact's store.
    Region,
    /// The fact's store.
    Store,
    /// The fact's channel.
    Channel,
}

/// Measures for each period of both windows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesAsk {
    /// The length of a period.
    pub grain: Grain,
    /// Where periods begin.
    #[serde(default)]
    pub align: Align,
    /// The measures wanted; none means all.
    #[serde(default)]
    pub measures: Vec<Measure>,
}

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One business day.
    Day,
    /// Seven days; in the calendar, Monday to Sunday.
    Week,
    /// A calendar month; aligned to the window, the same day of the month onward.
    Month,
}

/// Where periods begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// On Mondays and firsts of months; the window's ends may cut a period short.
    #[default]
    Calendar,
    /// On the window's first day, so that period k of both windows has the same length.
    Window,
}

/// A measure of the growth formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Sum of amounts, anonymous orders included, minor units.
    Sales,
    /// Sum of amounts of members' orders, minor units.
    MemberSales,
    /// Count of orders, anonymous ones included.
    Orders,
    /// Distinct members with a touch or an order.
    Users,
    /// Distinct members with an order.
    Buyers,
    /// Buyers over users.
    Conversion,
    /// Members' orders over buyers.
    Frequency,
    /// Member sales over members' orders, minor units.
    Aov,
}

impl Measure {
    /// Every measure, in the order in which answers list them.
    pub const ALL: [Self; 8] = [
        Self::Sales,
        Self::MemberSales,
        Self::Orders,
        Self::Users,
        Self::Buyers,
        Self::Conversion,
        Self::Frequency,
        Self::Aov,
    ];
}

/// Stores in the order of a measure, best first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoresAsk {
    /// The measure that ranks.
    pub by: Measure,
    /// How many rows at the most; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Why a well-formed question cannot be asked of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionError {
    /// `ask` is empty.
    NothingAsked,
    /// More than [`Question::MAX_ASKS`] asks.
    TooMuchAsked(usize),
    /// A series of more periods than [`Question::MAX_PERIODS`].
    TooManyPeriods(i32),
    /// A name in the filter that the snapshot does not know.
    Unknown {
        /// The question's field, such as `filter.regions`.
        field: &'static str,
        /// The unknown name.
        value: String,
    },
}

impl fmt::Display for QuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingAsked => write!(f, "`ask` is empty; ask for at least one of growth, series, stores"),
            Self::TooMuchAsked(n) => {
                write!(f, "`ask` has {n} entries; at most {} fit one question", Question::MAX_ASKS)
            }
            Self::TooManyPeriods(n) => write!(
                f,
                "`series.grain` cuts the window into {n} periods; choose a longer grain or a shorter window, at most {}",
                Question::MAX_PERIODS
            ),
            Self::Unknown { field, value } => {
                let shown: String = value.chars().take(60).collect();
                write!(f, "`{field}` names `{shown}`, which this snapshot does not have")
            }
        }
    }
}

impl std::error::Error for QuestionError {}

impl Question {
    /// The most asks one question may hold.
    pub const MAX_ASKS: usize = 32;

    /// The most periods a series may have in one window.
    pub const MAX_PERIODS: i32 = 1_200;

    /// Checks the question against the names of a snapshot; the first fault is returned.
    pub fn check(&self, dimensions: &Dimensions) -> Result<(), QuestionError> {
        if self.ask.is_empty() {
            return Err(QuestionError::NothingAsked);
        }
        if self.ask.len() > Self::MAX_ASKS {
            return Err(QuestionError::TooMuchAsked(self.ask.len()));
        }
        for window in std::iter::once(self.window).chain(self.compare) {
            let longest = self.ask.iter().map(|ask| ask.most_periods(window)).max().unwrap_or(0);
            if longest > Self::MAX_PERIODS {
                return Err(QuestionError::TooManyPeriods(longest));
            }
        }
        let unknown = |field, names: &[String], known: &dyn Fn(&str) -> bool| {
            names
                .iter()
                .find(|name| !known(name))
                .map_or(Ok(()), |name| Err(QuestionError::Unknown { field, value: name.clone() }))
        };
        let filter = &self.filter;
        unknown("filter.regions", &filter.regions, &|name| dimensions.regions.iter().any(|r| r.id == name))?;
        unknown("filter.stores", &filter.stores, &|id| dimensions.stores.iter().any(|s| s.id == id))?;
        unknown("filter.channels", &filter.channels, &|id| dimensions.channels.iter().any(|c| c.id == id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_field_is_an_error_that_names_it() {
        let text =
            r#"{"window":{"from":"2024-01-01","to":"2024-01-31"},"filter":{"region":["East"]},"ask":[{"growth":{}}]}"#;
        let error = serde_json::from_str::<Question>(text).unwrap_err().to_string();
        assert!(error.contains("unknown field `region`"), "{error}");
    }

    #[test]
    fn the_blueprint_question_reads() {
        let text = r#"{"window":{"from":"2025-01-01","to":"2025-03-31"},"compare":{"from":"2024-10-03","to":"2024-12-31"},
            "filter":{"regions":["East"],"stores":[],"channels":[]},
            "ask":[{"growth":{}},{"series":{"grain":"week","measures":["sales","buyers"]}},{"stores":{"by":"sales"}}]}"#;
        let question: Question = serde_json::from_str(text).unwrap();
        assert_eq!(question.ask.len(), 3);
        assert_eq!(question.filter.regions, ["East"]);
    }
}
