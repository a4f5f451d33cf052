//! Files of pages: `/export/growth.csv?…` holds the tables that `/?…` shows.

use std::time::{SystemTime, UNIX_EPOCH};

use app::PageRequest;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::pages;
use crate::rejection::Rejection;
use crate::state::AppState;
use crate::viewer::Viewer;

/// The file at an address, made from exact answers.
pub(crate) async fn file(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Rejection> {
    let Some((path, format)) = app::export_address(uri.path()) else {
        return Err(Rejection::NotFound);
    };
    let request = PageRequest {
        path,
        query: uri.query().unwrap_or_default().to_owned(),
        accept_language: headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(str::to_owned),
        now_unix_secs: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        ..PageRequest::default()
    };
    if let Some(reader) = viewer.rated(&state) {
        state.rates().export(&reader)?;
    }
    viewer.note(&state, "export", uri.path()).await?;
    let edition = &viewer.edition;
    let prepared = app::prepare(&request, &edition.snapshot.manifest);
    let answered = state.answer(edition, prepared.question.clone()).await.map_err(Rejection::Answer)?;
    let beside = pages::beside(&state, edition, &prepared).await;
    // Writing a workbook takes milliseconds of computing; elsewhere it would hold up other requests.
    let write = move || app::export(prepared, answered.answers.clone(), beside, format);
    let file = tokio::task::spawn_blocking(write).await.map_err(|fault| Rejection::Page(fault.to_string()))?;
    let file = file.map_err(Rejection::Page)?;
    // The name has no character that a header could take amiss.
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let headers = [
        (header::CONTENT_TYPE, file.content_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::VARY, "accept-language".to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, file.bytes).into_response())
}
