//! Reads a question's JSON so that a fault names the field, for the command line and for `POST /api/ask` alike.

use model::Question;
use thiserror::Error;

/// Why some bytes are no question.
#[derive(Debug, Error)]
pub(crate) enum QuestionFault {
    /// Not JSON at all.
    #[error("the question is not JSON: {0}")]
    NotJson(String),
    /// JSON, but a field is unknown, missing or has an impossible value.
    #[error("the question's `{field}`: {fault}")]
    Field {
        /// Path of the field, such as `filter.region` or `ask[0].series`.
        field: String,
        /// What is wrong with it.
        fault: String,
    },
    /// JSON, but no object of the question's form.
    #[error("the question: {0}")]
    Form(String),
}

/// Reads a question; whether a snapshot knows its names is the engine's business.
pub(crate) fn parse_question(text: &[u8]) -> Result<Question, QuestionFault> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let question = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        let fault = error.inner();
        match fault.classify() {
            serde_json::error::Category::Data if field == "." => QuestionFault::Form(fault.to_string()),
            serde_json::error::Category::Data => QuestionFault::Field { field, fault: fault.to_string() },
            _ => QuestionFault::NotJson(fault.to_string()),
        }
    })?;
    reader.end().map_err(|error| QuestionFault::NotJson(error.to_string()))?;
    Ok(question)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_field() {
        let cases = [
            (r#"{"window":{"from":"2024-02-01","to":"2024-01-01"},"ask":[{"growth":{}}]}"#, "`window`"),
            (r#"{"window":{"from":"2024-02-30","to":"2024-03-01"},"ask":[{"growth":{}}]}"#, "2024-02-30"),
            (
                r#"{"window":{"from":"2024-01-01","to":"2024-01-02"},"filter":{"region":["x"]},"ask":[]}"#,
                "unknown field `region`",
            ),
            (r#"{"window":{"from":"2024-01-01","to":"2024-01-02"},"ask":[{"grow":{}}]}"#, "`ask[0]"),
            (r#"{"window":{"from":"2024-01-01","to":"2024-01-02"},"ask":[{"growth":{"by":"town"}}]}"#, "`town`"),
            (r#"{"ask":[]}"#, "missing field `window`"),
            (r#"{"window":"#, "not JSON"),
            ("{} trailing", "missing field"),
            ("", "not JSON"),
            ("[1]", "question"),
            ("\u{0}\u{0}", "not JSON"),
        ];
        for (text, expected) in cases {
            let fault = parse_question(text.as_bytes()).expect_err(text).to_string();
            assert!(fault.contains(expected), "{text}: {fault}");
        }
    }

    #[test]
    fn a_deep_nest_is_refused_and_does_not_overflow() {
        let deep = "[".repeat(100_000);
        assert!(parse_question(deep.as_bytes()).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_no_fault() {
        let text = "\u{feff}{\"window\":{\"from\":\"2024-01-01\",\"to\":\"2024-01-02\"},\"ask\":[{\"growth\":{}}]}";
        assert!(parse_question(text.as_bytes()).is_ok());
    }
}
