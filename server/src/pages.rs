//! Pages; beside `export` the only file that knows `app`.
//!
//! The URL becomes the one question the page needs and those beside it, the engine answers them, `app` draws the
//! document around them. A page drawn in the last minute is not drawn again: [`crate::kept`].

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use app::PageRequest;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use model::Answers;

use crate::edition::Edition;
use crate::head::Head;
use crate::kept::{KeptPage, Key, Marks, takes_gzip};
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
    let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let operation = state.operation();
    let mut request = PageRequest {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        // What the header leads to: those who write it differently see the same page.
        accept_language: Some(app::accepted_language(accept_language).to_owned()),
        now_unix_secs: 0,
        reader: viewer.signed.as_ref().map(|_| String::new()),
        verify_keys: operation.trust.keys.iter().map(ToString::to_string).collect(),
        stale_after_secs: operation.stale_after.map(|after| after.as_secs()),
    };
    let head = state.site().head();
    let key = key(&viewer.edition, &request)?;
    let known = state.pages().get(&key, &head);
    state.metrics().page(known.is_some());
    let page = match known {
        Some(page) => page,
        None => {
            request.now_unix_secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            draw(&state, &viewer.edition, request, key, head).await?
        }
    };
    let reader = viewer.signed.as_ref().map(|signed| signed.name.as_str());
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    // Without `lang` in the URL the reader's browser decides.
    let vary = HeaderValue::from_static("accept-language, accept-encoding");
    let policy = (page_policy(&nonce), [(header::VARY, vary), (header::CONTENT_TYPE, html)]);
    if takes_gzip(&headers) {
        let gzip = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        return Ok((policy, gzip, page.gzip(&nonce, reader)).into_response());
    }
    let plain = page.plain(&nonce, reader).map_err(|fault| Rejection::Page(fault.to_string()))?;
    Ok((policy, plain).into_response())
}

/// Everything of a request that its page depends on, but the time and the reader's name.
fn key(edition: &Edition, request: &PageRequest) -> Result<Key, Rejection> {
    let request = serde_json::to_string(request).map_err(|fault| Rejection::Page(fault.to_string()))?;
    Ok(Key { serial: edition.serial, request })
}

/// Draws a page, with marks in place of what differs between responses.
async fn draw(
    state: &AppState,
    edition: &Arc<Edition>,
    mut request: PageRequest,
    key: Key,
    head: Arc<Head>,
) -> Result<Arc<KeptPage>, Rejection> {
    let marks = Marks::random().map_err(|fault| Rejection::Page(format!("no random bits: {fault}")))?;
    request.reader = request.reader.map(|_| marks.reader.clone());
    let prepared = app::prepare(&request, &edition.snapshot.manifest);
    let answers = state.answer(edition, prepared.question.clone()).await;
    let answers = answers.map(|answered| answered.answers.clone()).map_err(|fault| fault.to_string());
    let beside = beside(state, edition, &prepared).await;
    let is_worth_keeping = answers.is_ok() && beside.iter().all(Result::is_ok);
    let edition = Arc::clone(edition);
    let draw = move |head: &Head, marks: &Marks| {
        let told = prepared.tells().then(|| edition.snapshot.told.clone());
        let boot = app::boot(prepared, &edition.snapshot.manifest, answers, beside).with_told(told);
        app::render_document(boot, &head.html(&marks.nonce), &marks.nonce)
    };
    state.pages().draw(key, head, marks, is_worth_keeping, draw).await
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
