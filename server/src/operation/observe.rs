//! Counts every request and writes one line of log for it.
//!
//! Neither names who asked or what for: the address is told by its pattern, and the query not at all.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::AppState;

/// The pattern of a shard's address.
const SHARDS: &str = "/snapshot/shards/{file}";
/// Stands for every address that has no pattern: files of the site, and what is not there.
const FILES: &str = "(file)";

/// Why a request was refused, in a word; goes with a response to whoever counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused(pub(crate) &'static str);

/// Counts and logs a request.
pub(crate) async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = method(request.method());
    let response = next.run(request).await;
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    let route = route.as_ref().map_or(FILES, MatchedPath::as_str);
    let metrics = state.metrics();
    metrics.request(route, method, status, took);
    let refused = response.extensions().get::<Refused>().map(|refused| refused.0);
    if let Some(code) = refused {
        metrics.refusal(code);
    }
    if route == SHARDS && status < 300 {
        let length = response.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        metrics.shard(length.unwrap_or_default());
    }
    let millis = (took.as_secs_f64() * 1e5).round() / 100.0;
    tracing::debug!(method, route, status, millis, refused, "request");
    response
}

/// The method by name; a made-up one has none.
fn method(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 8] = [
        (Method::GET, "GET"),
        (Method::HEAD, "HEAD"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::OPTIONS, "OPTIONS"),
        (Method::TRACE, "TRACE"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or("other", |(_, name)| name)
}
