//! The addresses of the server, one line each, and what every request passes on its way in and out.

use std::time::Instant;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::door::Door;
use crate::rejection::{MAX_QUESTION_BYTES, Rejection};
use crate::state::AppState;
use crate::{admin, ask, company, export, pages, security, sign_in, site, snapshot_files, viewer};

/// The whole server as one service.
pub(crate) fn router(state: AppState) -> Router {
    // Level 1 takes 3 ms for a page of a megabyte, level 4 takes 14; files are compressed when they are built.
    let squeeze = CompressionLayer::new().quality(CompressionLevel::Precise(1));
    let data = Router::new()
        .route("/", get(pages::page))
        .route("/funnel", get(pages::page))
        .route("/cohorts", get(pages::page))
        .route("/stores", get(pages::page))
        .route("/stores/{id}", get(pages::page))
        .route("/ladder", get(pages::page))
        .route("/members", get(pages::page))
        .route("/channels", get(pages::page))
        .route("/data", get(pages::page))
        .route("/export/{*file}", get(export::file))
        .route("/api/ask", post(ask::ask).layer(DefaultBodyLimit::max(MAX_QUESTION_BYTES)))
        .route("/snapshot/manifest.json", get(snapshot_files::manifest))
        .layer(squeeze)
        .route("/snapshot/shards/{file}", get(snapshot_files::shard))
        .layer(from_fn_with_state(state.clone(), viewer::admit));
    let door = match state.door() {
        Door::Open => Router::new(),
        Door::Guarded(_) => sign_in::router().merge(company::router()).merge(admin::router()),
    };
    Router::new()
        .merge(data)
        .merge(door)
        .route("/healthz", get(health))
        .fallback(site::file)
        .method_not_allowed_fallback(async || Rejection::Method)
        .layer(CatchPanicLayer::custom(|_| Rejection::Page("a handler panicked".to_owned()).into_response()))
        .layer(from_fn(security::with_headers))
        .layer(from_fn(log))
        .with_state(state)
}

async fn health(State(state): State<AppState>) -> Json<Value> {
    if state.door().guard().is_some() {
        // Anybody may ask.
        return Json(json!({ "status": "ok" }));
    }
    let edition = state.parts().whole().edition();
    let snapshot = &edition.snapshot;
    Json(json!({ "status": "ok", "snapshot": snapshot.id, "data_until": snapshot.manifest.data_until }))
}

/// One line a request. The query stays out: it says what a reader looks at.
async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let millis = begun.elapsed().as_secs_f64() * 1000.0;
    tracing::debug!("{method} {path} {} {millis:.1} ms", response.status().as_u16());
    response
}
