//! Every way the server refuses a request: its status and its sentence.
//!
//! Programs get `{"error": "…"}`; people who mistyped an address get a small page in both languages.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::question::QuestionFault;
use crate::security::{Nonce, page_policy};
use crate::state::AnswerError;

/// The most bytes a question may have.
pub(crate) const MAX_QUESTION_BYTES: usize = 64 * 1024;

/// A refusal.
#[derive(Debug)]
pub(crate) enum Rejection {
    /// The body is no question.
    Question(QuestionFault),
    /// The question got no answer.
    Answer(AnswerError),
    /// The body is larger than [`MAX_QUESTION_BYTES`].
    TooLarge,
    /// The body did not arrive whole.
    Unreadable,
    /// The body is not declared as JSON.
    NotJson,
    /// No such address under `/api` or `/snapshot`.
    NotFound,
    /// The address is there, the method is not.
    Method,
    /// A page could not be made; a bug of ours.
    Page(String),
    /// Nobody is signed in, or not any more.
    NotSignedIn,
    /// The password was made by somebody else: first it has to be changed.
    PasswordOnce,
    /// The body is no form, or larger than any of ours.
    NotForm,
    /// The request comes from another site.
    Foreign,
    /// Without sign-in only this machine is served, and the request names another.
    OtherHost,
    /// The reader's region, by name, has no snapshot.
    NoPart(String),
    /// People, sessions or the audit cannot be reached, or what they hold is not readable.
    Access(access::Error),
}

impl From<access::Error> for Rejection {
    fn from(error: access::Error) -> Self {
        Self::Access(error)
    }
}

impl Rejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::Question(_) | Self::Unreadable | Self::NotForm => StatusCode::BAD_REQUEST,
            Self::Answer(AnswerError::Question(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Answer(AnswerError::Broken(_)) | Self::Page(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Access(error) if !error.is_temporary() => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Access(_) | Self::NoPart(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::Foreign | Self::PasswordOnce => StatusCode::FORBIDDEN,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Question(fault) => fault.to_string(),
            Self::Answer(AnswerError::Question(fault)) => fault.to_string(),
            Self::Answer(AnswerError::Broken(_)) | Self::Page(_) => {
                "the server failed to compute this; its log says why".to_owned()
            }
            Self::Access(_) => "who asks cannot be told just now; try again in a moment".to_owned(),
            Self::NotSignedIn => "sign in at /sign-in first".to_owned(),
            Self::PasswordOnce => "change the password at /account/password first".to_owned(),
            Self::NotForm => "send the form as the page does, application/x-www-form-urlencoded and short".to_owned(),
            Self::Foreign => "this request comes from another site".to_owned(),
            Self::OtherHost => "open this server by 127.0.0.1 or localhost: it runs without sign-in".to_owned(),
            Self::NoPart(_) => "there is no snapshot of your region: build with `--scopes all,regions`".to_owned(),
            Self::TooLarge => format!("a question may have at most {MAX_QUESTION_BYTES} bytes"),
            Self::Unreadable => "the question did not arrive whole; send it again".to_owned(),
            Self::NotJson => "send the question as JSON, with `Content-Type: application/json`".to_owned(),
            Self::NotFound => "there is nothing at this address".to_owned(),
            Self::Method => "this address does not take this method".to_owned(),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match &self {
            Self::Answer(AnswerError::Broken(why)) | Self::Page(why) => tracing::error!("a request failed: {why}"),
            Self::Access(error) => tracing::error!("people and sessions: {error}"),
            _ => {}
        }
        let mut response = (self.status(), Json(json!({ "error": self.sentence() }))).into_response();
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// The page for an address that is not there.
pub(crate) fn not_found_page(nonce: &Nonce) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>404 · Wellspring</title>\
         <style nonce=\"{nonce}\">:root{{color-scheme:light dark}}body{{font:16px/1.7 system-ui,sans-serif;\
         max-width:32rem;margin:18vh auto;padding:0 1.5rem}}h1{{font-size:1.25rem}}</style></head>\
         <body><main><h1>没有这个页面</h1><p>地址可能写错了，或页面已经移走。<a href=\"/\">回到增长总览</a></p>\
         <div lang=\"en\"><h2>No such page</h2><p>The address may be mistyped, or the page has moved. \
         <a href=\"/?lang=en\">Back to Growth</a></p></div></main></body></html>",
        nonce = nonce.0
    );
    (StatusCode::NOT_FOUND, page_policy(nonce), Html(html)).into_response()
}
