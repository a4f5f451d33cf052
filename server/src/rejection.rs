//! Every way the server refuses a request: its status and its sentence.
//!
//! Programs get `{"error": "…"}`, those that hold a portal's token a `code` and a `message` as well; people who mistyped an address get a small page in both languages.

use access::embed::Refusal;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::operation::{Refused, Wait};
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
    /// Views are framed with tokens, and without sign-in there are no keys.
    NoViews,
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
    /// A portal's token shows nothing, or nothing any more.
    Token(Refusal),
    /// A portal's token is good, but not for this.
    Beyond {
        /// A word that never changes, for the portal's developers.
        code: &'static str,
        /// What is not granted.
        sentence: String,
    },
    /// More is asked of the server than it can work on.
    Busy,
    /// The answer, or the question's body, took too long.
    TooSlow,
    /// The reader asked for too much in a minute.
    TooMuch(Wait),
    /// Metrics are for those who have the token.
    NoMetricsToken,
    /// People, sessions or the audit cannot be reached, or what they hold is not readable.
    Access(access::Error),
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Token(refusal)
    }
}

impl From<Wait> for Rejection {
    fn from(wait: Wait) -> Self {
        Self::TooMuch(wait)
    }
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
            Self::Access(_) | Self::NoPart(_) | Self::Busy | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Token(refusal) if refusal.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMuch(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotSignedIn | Self::NoMetricsToken | Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::Foreign | Self::PasswordOnce | Self::Beyond { .. } => StatusCode::FORBIDDEN,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotFound | Self::NoViews => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The word that portals look up; none where only people are spoken to.
    fn code(&self) -> Option<&'static str> {
        match self {
            Self::Token(refusal) => Some(refusal.code()),
            Self::Beyond { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Why, in a word, for those who count.
    fn reason(&self) -> &'static str {
        match self {
            Self::Question(_) => "question_form",
            Self::Answer(AnswerError::Question(_)) => "question",
            Self::Answer(AnswerError::Broken(_)) | Self::Page(_) => "broken",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
            Self::NotJson => "not_json",
            Self::NotFound => "not_found",
            Self::Method => "method",
            Self::NotSignedIn => "not_signed_in",
            Self::NotForm => "not_form",
            Self::Foreign => "foreign",
            Self::OtherHost => "other_host",
            Self::NoPart(_) => "no_part",
            Self::Busy => "busy",
            Self::TooSlow => "too_slow",
            Self::TooMuch(_) => "too_much",
            Self::NoMetricsToken => "no_metrics_token",
            Self::Access(_) => "access",
            Self::PasswordOnce => "password_once",
            Self::NoViews => "no_views",
            Self::Token(refusal) => refusal.code(),
            Self::Beyond { code, .. } => code,
        }
    }

    /// What is said to who asked.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Question(fault) => fault.to_string(),
            Self::Answer(AnswerError::Question(fault)) => fault.to_string(),
            Self::Answer(AnswerError::Broken(_)) | Self::Page(_) => {
                "the server failed to compute this; its log says why".to_owned()
            }
            Self::Access(_) => "who asks cannot be told just now; try again in a moment".to_owned(),
            Self::Token(refusal) => {
                format!("the token is refused: {}; the server's log says more", refusal.code())
            }
            Self::Beyond { sentence, .. } => sentence.clone(),
            Self::NotSignedIn => "sign in at /sign-in first".to_owned(),
            Self::Busy => "the server has too much to do just now; try again in a moment".to_owned(),
            Self::TooSlow => "this took too long; try again in a moment".to_owned(),
            Self::TooMuch(wait) => format!("too much in one minute; try again in {} s", wait.secs),
            Self::NoMetricsToken => "send the token of --metrics-token-file as `Authorization: Bearer …`".to_owned(),
            Self::PasswordOnce => "change the password at /account/password first".to_owned(),
            Self::NotForm => "send the form as the page does, application/x-www-form-urlencoded and short".to_owned(),
            Self::Foreign => "this request comes from another site".to_owned(),
            Self::OtherHost => "open this server by 127.0.0.1 or localhost: it runs without sign-in".to_owned(),
            Self::NoPart(_) => "there is no snapshot of your region: build with `--scopes all,regions`".to_owned(),
            Self::TooLarge => format!("a question may have at most {MAX_QUESTION_BYTES} bytes"),
            Self::Unreadable => "the question did not arrive whole; send it again".to_owned(),
            Self::NotJson => "send the question as JSON, with `Content-Type: application/json`".to_owned(),
            Self::NotFound => "there is nothing at this address".to_owned(),
            Self::NoViews => {
                "views are framed with portals' tokens, which a server without sign-in (--open) has no keys \
                              for"
                .to_owned()
            }
            Self::Method => "this address does not take this method".to_owned(),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match &self {
            Self::Answer(AnswerError::Broken(why)) | Self::Page(why) => tracing::error!("a request failed: {why}"),
            Self::Access(error) => tracing::error!("people and sessions: {error}"),
            Self::Token(refusal) if refusal.is_temporary() => tracing::error!("a portal's token: {refusal}"),
            Self::Token(refusal) => tracing::info!("a portal's token is refused: {refusal}"),
            _ => {}
        }
        let sentence = self.sentence();
        let said = match self.code() {
            Some(code) => json!({ "error": sentence, "code": code, "message": sentence }),
            None => json!({ "error": sentence }),
        };
        let mut response = (self.status(), Json(said)).into_response();
        let again = match &self {
            Self::TooMuch(wait) => Some(wait.secs),
            Self::Busy => Some(1),
            _ => (response.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(5),
        };
        if let Some(seconds) = again {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Refused(self.reason()));
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
