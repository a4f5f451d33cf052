//! Who comes with a portal's token: where it opens anything, and what may be asked with it.
//!
//! A token is sent as `Authorization: Bearer`, which no browser does unasked: so pages of every origin may, and none can
//! in a reader's name.

use std::sync::Arc;

use access::embed::{Filters, Grant};
use aggregates::{Plan, Refused};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::{Filter, Question};
use serde_json::Value;

use crate::edition::{Answered, Edition};
use crate::rejection::Rejection;
use crate::security::open_to_all;
use crate::state::AppState;

/// The token of a request; the empty one where the header is there and has none.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (kind, token) = value.split_once(' ').unwrap_or((value, ""));
    Some(if kind.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

/// Whether a token opens an address.
///
/// # Errors
/// Pages and exports of people who sign in are not for tokens, nor are rows of members for tokens of groups.
pub(crate) fn check_path(grant: &Grant, path: &str) -> Result<(), Rejection> {
    let is_rows = path.starts_with("/snapshot/");
    if !is_rows && path != "/api/ask" && !path.starts_with("/embed/") {
        let sentence = "a token opens /embed/, /api/ask and /snapshot/ alone".to_owned();
        return Err(Rejection::Beyond { code: "not_for_tokens", sentence });
    }
    if is_rows && grant.aggregate_only {
        let sentence = "this token shows groups only: ask at /api/ask".to_owned();
        return Err(Rejection::Beyond { code: "members_not_allowed", sentence });
    }
    if is_rows && !grant.filters.locked.is_all() {
        // A shard holds the whole part: what a filter takes away would be in it.
        let sentence = "this token holds a filter, and files hold all of a part: ask at /api/ask".to_owned();
        return Err(Rejection::Beyond { code: "filter_locked", sentence });
    }
    Ok(())
}

/// Answers a question within what a token grants.
///
/// # Errors
/// When it goes beyond that, when the snapshot does not know a name, or when it is about too few.
pub(crate) async fn answer(
    state: &AppState,
    edition: &Arc<Edition>,
    grant: &Grant,
    question: Question,
) -> Result<Arc<Answered>, Rejection> {
    check_filter(&grant.filters, &question.filter)?;
    if !grant.aggregate_only {
        return state.answer(edition, question).await.map_err(Rejection::Answer);
    }
    let plan = Plan::new(&question, &grant.filters.locked)?;
    let mut answers = Vec::with_capacity(plan.questions().len());
    for question in plan.questions() {
        let answered = state.answer(edition, question.clone()).await.map_err(Rejection::Answer)?;
        answers.push(answered.answers.clone());
    }
    let edition = Arc::clone(edition);
    // Thousands of rows take milliseconds of computing; elsewhere it would hold up other requests.
    let publish = move || plan.publish(&edition.snapshot.manifest, &answers).map(Answered::new);
    let published = tokio::task::spawn_blocking(publish).await.map_err(|fault| Rejection::Page(fault.to_string()))?;
    Ok(Arc::new(published?))
}

/// Whether a filter is exactly what a token holds, apart from the fields that are free.
///
/// # Errors
/// With the name of the first field that is not.
fn check_filter(filters: &Filters, asked: &Filter) -> Result<(), Rejection> {
    let (locked, asked) = (fields(&filters.locked), fields(asked));
    for name in access::embed::FILTER_FIELDS.into_iter().filter(|name| !filters.free.contains(*name)) {
        let (held, wanted) = (locked.get(name), asked.get(name));
        if sorted(held) != sorted(wanted) {
            let sentence = match held {
                Some(_) => format!("`filter.{name}` is held by the token: send it as the token has it"),
                None => format!("`filter.{name}` is not free in this token: leave it out"),
            };
            return Err(Rejection::Beyond { code: "filter_locked", sentence });
        }
    }
    Ok(())
}

fn fields(filter: &Filter) -> Value {
    serde_json::to_value(filter).unwrap_or_default()
}

/// A list in an order of its own, each value once: what it lets through does not depend on either.
fn sorted(value: Option<&Value>) -> Option<Value> {
    let Some(Value::Array(list)) = value else { return value.cloned() };
    let mut texts: Vec<String> = list.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    Some(Value::from(texts))
}

impl From<Refused> for Rejection {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Form(_) => Self::Page(refused.to_string()),
            Refused::Week { .. } | Refused::Value { .. } => {
                Self::Beyond { code: "too_few", sentence: refused.to_string() }
            }
            _ => Self::Beyond { code: "groups_only", sentence: refused.to_string() },
        }
    }
}

/// `OPTIONS` that is no browser's question beforehand; those [`across_origins`] answers.
pub(crate) async fn asked_before() -> Rejection {
    Rejection::Method
}

/// Answers browsers that ask beforehand, and lets pages of every origin read what a token opened for them.
pub(crate) async fn across_origins(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let announced = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).and_then(|names| names.to_str().ok());
    // Without a token, other sites have nothing to ask.
    let asks_before = *request.method() == Method::OPTIONS
        && announced.unwrap_or_default().split(',').any(|name| name.trim().eq_ignore_ascii_case("authorization"));
    let path = request.uri().path();
    let is_for_tokens = ["/api/", "/snapshot/", "/embed/"].iter().any(|prefix| path.starts_with(prefix));
    if asks_before && is_for_tokens {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let said = response.headers_mut();
        open_to_all(said);
        said.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
        said.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        said.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        return response;
    }
    let has_token = token(headers).is_some() && is_for_tokens;
    let mut response = next.run(request).await;
    if has_token {
        open_to_all(response.headers_mut());
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("authorization"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_must_be_what_the_token_holds_but_where_it_is_free() {
        let text = |text: &str| serde_json::from_str::<Filter>(text).expect("a filter");
        let filters: Filters =
            serde_json::from_str(r#"{"locked":{"regions":["a","b"],"tiers":["x"]},"free":["channels"]}"#)
                .expect("filters");
        for good in
            [r#"{"regions":["a","b"],"tiers":["x"]}"#, r#"{"regions":["b","a","a"],"tiers":["x"],"channels":["c"]}"#]
        {
            assert!(check_filter(&filters, &text(good)).is_ok(), "{good}");
        }
        for (bad, field) in [
            (r"{}", "regions"),
            (r#"{"regions":["a","b"]}"#, "tiers"),
            (r#"{"regions":["a"],"tiers":["x"]}"#, "regions"),
            (r#"{"regions":["a","b","c"],"tiers":["x"]}"#, "regions"),
            (r#"{"regions":["c"],"tiers":["x"]}"#, "regions"),
            (r#"{"regions":["a","b"],"tiers":["x"],"stores":["s"]}"#, "stores"),
            (r#"{"regions":["a","b"],"tiers":["x"],"domains":["public"]}"#, "domains"),
        ] {
            let refused = format!("{:?}", check_filter(&filters, &text(bad)).expect_err(bad));
            assert!(refused.contains(&format!("filter.{field}")), "{bad}: {refused}");
        }
    }

    #[test]
    fn a_token_is_what_stands_after_bearer() {
        let of = |value: &'static str| HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]);
        assert_eq!(token(&HeaderMap::new()), None);
        for (value, expected) in
            [("Bearer a.b.c", "a.b.c"), ("bearer  x", "x"), ("Basic x", ""), ("Bearer", ""), ("", "")]
        {
            assert_eq!(token(&of(value)), Some(expected), "{value}");
        }
    }
}
