//! The addresses of the server, one line each, and what every request passes on its way in and out.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::door::Door;
use crate::rejection::{MAX_QUESTION_BYTES, Rejection};
use crate::state::AppState;
use crate::{
    admin, ask, bearer, company, embed, export, operation, pages, security, sign_in, site, snapshot_files, viewer,
};

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
        .route(
            "/api/ask",
            post(ask::ask).layer(DefaultBodyLimit::max(MAX_QUESTION_BYTES)).options(bearer::asked_before),
        )
        .route("/snapshot/manifest.json", get(snapshot_files::manifest).options(bearer::asked_before))
        .route("/snapshot/told.json", get(snapshot_files::told).options(bearer::asked_before))
        .merge(embed::pages())
        .layer(squeeze)
        .route("/snapshot/shards/{file}", get(snapshot_files::shard).options(bearer::asked_before))
        .layer(from_fn_with_state(state.clone(), viewer::admit))
        .layer(from_fn(bearer::across_origins));
    let door = match state.door() {
        Door::Open => Router::new(),
        Door::Guarded(_) => sign_in::router().merge(company::router()).merge(admin::router()),
    };
    Router::new()
        .merge(data)
        .merge(embed::shells())
        .merge(door)
        .merge(operation::router())
        .fallback(site::file)
        .method_not_allowed_fallback(async || Rejection::Method)
        .layer(CatchPanicLayer::custom(|_| Rejection::Page("a handler panicked".to_owned()).into_response()))
        .layer(from_fn_with_state(state.clone(), operation::seated))
        .layer(from_fn_with_state(state.clone(), operation::in_time))
        .layer(from_fn(security::with_headers))
        .layer(from_fn_with_state(state.clone(), operation::seen_through))
        .layer(from_fn_with_state(state.clone(), operation::observe))
        .with_state(state)
}
