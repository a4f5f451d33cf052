//! Pages framed in portals: `GET /embed/VIEW` is a document without data, `POST /embed/VIEW` what belongs in it.
//!
//! The document is the same for everybody and knows nobody; its script gets the portal's token and posts the address's
//! query with it. What comes back is drawn by the very code that draws pages for people who sign in.

use std::time::{SystemTime, UNIX_EPOCH};

use access::embed::{Locale, Refusal, Theme};
use app::{Frame, PageRequest};
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::bearer;
use crate::rejection::{Rejection, not_found_page};
use crate::security::{Nonce, framed_policy, open_to_all};
use crate::state::AppState;
use crate::viewer::Viewer;

/// Bytes that the query of an address may have.
const QUERY_MAX_BYTES: usize = 16 * 1024;

/// The documents; no cookie and no token is looked at.
pub(crate) fn shells() -> Router<AppState> {
    Router::new().route("/embed/{*page}", get(shell))
}

/// What belongs in them; behind [`crate::viewer::admit`].
pub(crate) fn pages() -> Router<AppState> {
    let page = post(page).layer(DefaultBodyLimit::max(QUERY_MAX_BYTES)).options(bearer::asked_before);
    Router::new().route("/embed/{*page}", page)
}

async fn shell(
    State(state): State<AppState>,
    Extension(nonce): Extension<Nonce>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Rejection> {
    let guard = state.door().guard().ok_or(Rejection::NoViews)?;
    if app::framed_view(uri.path()).is_none() {
        return Ok(not_found_page(&nonce));
    }
    let origins = guard.access.keys.origins(kid(&uri).as_deref()).await?;
    let mut said = framed_policy(&nonce, &origins);
    open_to_all(&mut said);
    // Who may frame it may change within seconds.
    said.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let html =
        app::render_shell(&request(&uri, String::new(), &headers), &state.site().head().html(&nonce.0), &nonce.0);
    Ok((said, Html(html)).into_response())
}

async fn page(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    uri: Uri,
    headers: HeaderMap,
    query: String,
) -> Result<Response, Rejection> {
    let grant = viewer.grant.clone().ok_or(Rejection::Token(Refusal::Missing))?;
    let view = app::framed_view(uri.path()).ok_or(Rejection::NotFound)?;
    if !grant.views.iter().any(|granted| granted == view) {
        let sentence = format!("this token is not for the view {view}");
        return Err(Rejection::Beyond { code: "view_not_allowed", sentence });
    }
    if kid(&uri).is_some_and(|kid| kid != grant.key.kid) {
        let sentence = "the address names another portal's key than the token".to_owned();
        return Err(Rejection::Beyond { code: "kid_other", sentence });
    }
    if view == "data" && !grant.filters.locked.is_all() {
        let sentence = "the view data speaks of a whole part; this token holds a filter".to_owned();
        return Err(Rejection::Beyond { code: "filter_locked", sentence });
    }
    let frame = Frame {
        views: grant.views.clone(),
        locked: grant.filters.locked.clone(),
        free: grant.filters.free.iter().cloned().collect(),
        groups_only: grant.aggregate_only,
        lang: grant.locale.map(|locale| match locale {
            Locale::Chinese => "zh-CN".to_owned(),
            Locale::English => "en".to_owned(),
        }),
    };
    let manifest = &viewer.edition.snapshot.manifest;
    let prepared = app::prepare_framed(&request(&uri, query, &headers), manifest, frame);
    if let Some(reader) = viewer.rated(&state) {
        let beside: usize = prepared.beside.iter().map(|question| question.ask.len()).sum();
        state.rates().ask(&reader, prepared.question.ask.len() + beside)?;
    }
    viewer.note(&state, "view", view).await?;
    let mut answers = Vec::with_capacity(1 + prepared.beside.len());
    for question in std::iter::once(&prepared.question).chain(&prepared.beside) {
        let answered = viewer.answer(&state, question.clone()).await;
        answers.push(answered.map(|answered| answered.answers.clone()).map_err(|refused| refused.sentence()));
    }
    let main = answers.remove(0);
    let edition = viewer.edition.clone();
    let theme = grant.theme.map(|theme| match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    });
    // Drawing takes milliseconds of computing; elsewhere it would hold up other requests.
    let draw = move || app::render_framed(app::boot(prepared, &edition.snapshot.manifest, main, answers));
    let drawn = tokio::task::spawn_blocking(draw).await.map_err(|fault| Rejection::Page(fault.to_string()))?;
    let said = json!({
        "view": view, "views": grant.views, "html": drawn.html, "boot": drawn.boot, "lang": drawn.lang, "updown": drawn.updown,
        "title": drawn.title, "theme": theme,
    });
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(said)).into_response())
}

/// A frame in a portal holds no keys: what it verifies with is the portal's to say.
fn request(uri: &Uri, query: String, headers: &HeaderMap) -> PageRequest {
    let query = if query.is_empty() { uri.query().unwrap_or_default().to_owned() } else { query };
    PageRequest {
        path: uri.path().to_owned(),
        query,
        accept_language: headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(str::to_owned),
        now_unix_secs: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        ..PageRequest::default()
    }
}

/// The key that an address names.
fn kid(uri: &Uri) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "kid").map(|(_, kid)| kid.into_owned())
}
