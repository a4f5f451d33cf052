//! Pages; beside `export` the only file that knows `app`.
//!
//! The URL becomes the one question the page needs and those beside it, the engine answers them, `app` draws the
//! document around them.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use app::PageRequest;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use model::Answers;

use crate::edition::Edition;
use crate::rejection::Rejection;
use crate::security::{Nonce, page_policy};
use crate::state::AppState;
use crate::viewer::Viewer;

/// The page at an address, with true numbers in it.
pub(crate) async fn page(
    State(state): State<AppState>,
    Extension(nonce): Extension<Nonce>,
    Extension(viewer): Extension<Viewer>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Rejection> {
    let request = PageRequest {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        accept_language: headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(str::to_owned),
        now_unix_secs: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        reader: viewer.signed.as_ref().map(|signed| signed.name.clone()),
    };
    let edition = viewer.edition;
    let prepared = app::prepare(&request, &edition.snapshot.manifest);
    let answers = state.answer(&edition, prepared.question.clone()).await;
    let answers = answers.map(|answered| answered.answers.clone()).map_err(|fault| fault.to_string());
    let beside = beside(&state, &edition, &prepared).await;
    let policy = page_policy(&nonce);
    // Drawing takes milliseconds of computing; elsewhere it would hold up other requests.
    let draw = move || {
        let boot = app::boot(prepared, &edition.snapshot.manifest, answers, beside);
        app::render_document(boot, &state.site().head_html(&nonce.0), &nonce.0)
    };
    let html = tokio::task::spawn_blocking(draw).await.map_err(|fault| Rejection::Page(fault.to_string()))?;
    // Without `lang` in the URL the reader's browser decides.
    Ok((policy, [(header::VARY, "accept-language")], Html(html)).into_response())
}

/// The answers to the questions beside a page's own, or why there are none, in their order.
pub(crate) async fn beside(
    state: &AppState,
    edition: &Arc<Edition>,
    prepared: &app::Prepared,
) -> Vec<Result<Answers, String>> {
    let mut beside = Vec::with_capacity(prepared.beside.len());
    for question in prepared.beside.clone() {
        let answered = state.answer(edition, question).await;
        beside.push(answered.map(|answered| answered.answers.clone()).map_err(|fault| fault.to_string()));
    }
    beside
}
