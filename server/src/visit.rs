//! A request at the door: what every form and page there needs to know of it, and how they are answered.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::{DoorContent, DoorPage, render_door};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::cookies;
use crate::door::Guard;
use crate::origin::{self, Origin};
use crate::rejection::Rejection;
use crate::security::{Nonce, page_policy};
use crate::state::AppState;

/// Bytes that an address to go to after signing in may have.
const NEXT_MAX_BYTES: usize = 2_000;

/// A request at the door.
pub(crate) struct Visit {
    state: AppState,
    nonce: Nonce,
    query: Fields,
    /// The request's headers.
    pub(crate) headers: HeaderMap,
    /// The address at the other end of the connection.
    pub(crate) peer: IpAddr,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Rejection> {
        let nonce = parts.extensions.get::<Nonce>().cloned();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
        Ok(Self {
            state: state.clone(),
            nonce: nonce.ok_or_else(|| Rejection::Page("a request without a nonce".to_owned()))?,
            query: Fields::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            headers: parts.headers.clone(),
            peer: peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        })
    }
}

impl Visit {
    /// Whoever keeps the door; a server without sign-in has none of these addresses.
    pub(crate) fn guard(&self) -> Result<&Guard, Rejection> {
        self.state.door().guard().ok_or(Rejection::NotFound)
    }

    /// What every request shares.
    pub(crate) fn state(&self) -> &AppState {
        &self.state
    }

    /// A value of the address.
    pub(crate) fn asked(&self, name: &str) -> &str {
        self.query.get(name)
    }

    /// Whether a form was drawn by us for this very browser.
    ///
    /// Two checks that fail on their own: where the browser says the request comes from, and a token that goes with a
    /// cookie no other site can read or set. Neither alone holds everywhere: the one rests on what a browser or a proxy
    /// sends along, the other on markup staying secret.
    pub(crate) fn is_own(&self, fields: &Fields, cookie: &str) -> Result<bool, Rejection> {
        let Some(cookie) = cookies::read(&self.headers, cookie) else { return Ok(false) };
        let fits = self.guard()?.form_fits(cookie, fields.get("form"));
        Ok(fits && origin::of(&self.headers) == Origin::Own)
    }

    /// A page at the door.
    pub(crate) fn page(&self, status: StatusCode, content: DoorContent) -> Response {
        let (lang, accept_language) = self.language();
        self.html(status, |style, nonce| render_door(&DoorPage { lang, accept_language, content }, style, nonce))
    }

    /// The language that is asked for, and those that the browser accepts.
    pub(crate) fn language(&self) -> (Option<String>, Option<String>) {
        let accepted = self.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let lang = Some(self.asked("lang")).filter(|lang| !lang.is_empty()).map(str::to_owned);
        (lang, accepted.map(str::to_owned))
    }

    /// A page from the elements that link the style sheet and a nonce; nobody keeps it.
    pub(crate) fn html(&self, status: StatusCode, render: impl FnOnce(&str, &str) -> String) -> Response {
        let html = render(&self.state.site().style_html(), &self.nonce.0);
        let mut response = (status, page_policy(&self.nonce), Html(html)).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// The pairs of a form or of an address.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a form that was sent.
    pub(crate) fn sent(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Self, Rejection> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Rejection::NotForm);
        }
        body.map(|body| Self::parse(&body)).map_err(|_| Rejection::NotForm)
    }

    fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// All values of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of this name, or the empty text.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// An address of ours to go to; nothing that leads to another host, however a browser reads it.
pub(crate) fn own_path(text: &str) -> Option<String> {
    // `//host` and `/\host` are other hosts; browsers drop tabs and line breaks, and take `\` for `/`.
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    // These are no pages to come back to.
    let is_page = !["/sign-", "/api/", "/snapshot/", "/account/"].iter().any(|prefix| text.starts_with(prefix));
    (is_path && is_plain && is_page && text.len() <= NEXT_MAX_BYTES).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_gone_to() {
        for own in ["/", "/stores?by=sales&lang=en", "/stores/S001", "/?region=%E5%8D%8E%E4%B8%9C", "/a//b", "/@x"] {
            assert_eq!(own_path(own).as_deref(), Some(own));
        }
        let long = format!("/{}", "x".repeat(2_000));
        for other in [
            "",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/ /evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "evil.example",
            " /x",
            "/x\r\nSet-Cookie: a=b",
            "/\u{0}",
            "/华东",
            "/sign-out",
            "/sign-in?next=/",
            "/api/ask",
            "/snapshot/manifest.json",
            &long,
        ] {
            assert_eq!(own_path(other), None, "{other:?}");
        }
    }
}
