//! `POST /api/ask`: a question as JSON in, its answers out, by the same engine as everywhere.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::question::parse_question;
use crate::rejection::Rejection;
use crate::state::AppState;
use crate::viewer::Viewer;

/// Answers one question.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Rejection> {
    if !is_json(&headers) {
        return Err(Rejection::NotJson);
    }
    let body = body.map_err(|fault| match fault.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Rejection::TooLarge,
        _ => Rejection::Unreadable,
    })?;
    let question = parse_question(&body).map_err(Rejection::Question)?;
    if let Some(reader) = viewer.rated(&state) {
        state.rates().ask(&reader, question.ask.len())?;
    }
    viewer.note(&state, "ask", "").await?;
    let answered = viewer.answer(&state, question).await?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], answered.json.clone()).into_response())
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}
