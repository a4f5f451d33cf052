//! `/healthz`, `/readyz`, `/metrics`: for those who run the server.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::door::Door;
use crate::origin;
use crate::rejection::Rejection;
use crate::state::AppState;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// How long one look at the database counts; anybody may ask.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether requests should be sent here: a snapshot is open, or there would be no server, and the database answers. A
/// server that is told to stop takes no connections any more.
#[derive(Debug, Default)]
pub(crate) struct Readiness {
    looked: Mutex<Option<(Instant, bool)>>,
}

impl Readiness {
    async fn is_ready(&self, state: &AppState) -> bool {
        let Some(guard) = state.door().guard() else { return true };
        let mut looked = self.looked.lock().await;
        if let Some((_, answers)) = looked.filter(|(at, _)| at.elapsed() < LOOK_EVERY) {
            return answers;
        }
        let ping = tokio::time::timeout(PATIENCE, guard.access.store.ping()).await;
        let answers = matches!(ping, Ok(Ok(())));
        *looked = Some((Instant::now(), answers));
        answers
    }
}

/// The addresses.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(health)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// Whether the process lives.
async fn health(State(state): State<AppState>) -> Json<Value> {
    if state.door().guard().is_some() {
        // Anybody may ask.
        return Json(json!({ "status": "ok" }));
    }
    let edition = state.parts().whole().edition();
    let snapshot = &edition.snapshot;
    Json(json!({ "status": "ok", "snapshot": snapshot.id, "data_until": snapshot.manifest.data_until }))
}

/// Whether it can answer.
async fn ready(State(state): State<AppState>) -> Response {
    let (status, said) = match state.readiness().is_ready(&state).await {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    (status, Json(json!({ "status": said }))).into_response()
}

/// What the server counts of itself.
///
/// That a request comes from this machine is no proof of anything where people sign in: a proxy on the same machine
/// makes all of them look like it. There only the token counts.
async fn metrics(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Rejection> {
    match (&state.operation().metrics, state.door()) {
        (Some(token), _) if token.is_in(&headers) => {}
        (Some(_), _) => return Err(Rejection::NoMetricsToken),
        (None, Door::Open) if origin::names_this_machine(&headers) => {}
        (None, _) => return Err(Rejection::NotFound),
    }
    let now = access::UnixSeconds::now().0;
    let text = state.metrics().text(&state, now).map_err(|fault| Rejection::Page(fault.to_string()))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
