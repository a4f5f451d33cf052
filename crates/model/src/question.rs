//! What a reader asks: two windows, a filter, a list of asks.
//!
//! Unknown fields are errors that name them. A filter that names nothing means all.

use serde::{Deserialize, Serialize};

use crate::{Ask, Filter, Window};

/// A question to the engine; answers come in the order of `ask`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The days asked about.
    pub window: Window,
    /// The days compared with; without it nothing is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Window>,
    /// Which facts and members count.
    #[serde(default, skip_serializing_if = "Filter::is_all")]
    pub filter: Filter,
    /// What is asked, at least one.
    pub ask: Vec<Ask>,
}

impl Question {
    /// The most asks one question may hold.
    pub const MAX_ASKS: usize = 32;

    /// The most periods a series or lifecycle may have in one window, and the most cohorts.
    pub const MAX_PERIODS: i32 = 1_200;
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
            "ask":[{"growth":{}},{"series":{"grain":"week","measures":["sales","buyers"]}},{"stores":{"by":"sales"}},
            {"cohorts":{"grain":"month","anchor":"first_order","mode":"exact","periods":24}},{"ladder":{"rungs":8}},
            {"funnel":{"steps":[{"touch":["visit"]},{"touch":["add_friend"]},{"order":1},{"order":2}],"order":"in_order","within_days":30}},
            {"rfm":{"as_of":"2025-03-31"}},{"overlap":{}},{"lifecycle":{}}]}"#;
        let question: Question = serde_json::from_str(text).unwrap();
        assert_eq!(question.ask.len(), 9);
        assert_eq!(question.filter.regions, ["East"]);
        let again = serde_json::to_string(&question).unwrap();
        assert_eq!(serde_json::from_str::<Question>(&again).unwrap(), question);
    }
}
