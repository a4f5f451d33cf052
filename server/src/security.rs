//! Headers that hold the browser to what we mean: where code comes from, who may frame us, what may be kept.
//!
//! A page gets a policy with a nonce of its own; everything else gets one under which a worker and the example of
//! `/wellspring.js` can run: code, style and pictures from this server, WebAssembly, and fetches from this server.

use std::collections::BTreeSet;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::rejection::Rejection;

const FILE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A value that only this response's own scripts and styles know.
#[derive(Clone, Debug)]
pub(crate) struct Nonce(pub(crate) String);

impl Nonce {
    /// 128 random bits; an error where the operating system has none.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bits = [0u8; 16];
        getrandom::fill(&mut bits)?;
        Ok(Self(bits.iter().map(|b| format!("{b:02x}")).collect()))
    }
}

/// The policy of a page, and that a page is revalidated and kept by its reader's browser only.
pub(crate) fn page_policy(nonce: &Nonce) -> HeaderMap {
    policy(nonce, "'none'")
}

/// The policy of a page that some origins may frame, each as browsers send it; nobody where there are none.
pub(crate) fn framed_policy(nonce: &Nonce, origins: &BTreeSet<String>) -> HeaderMap {
    if origins.is_empty() {
        return policy(nonce, "'none'");
    }
    policy(nonce, &origins.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// Lets pages of every origin, also of none, load a response. Only for what is public, or what a token alone opens:
/// browsers send no cookie along then.
pub(crate) fn open_to_all(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    // What a portal's page verifies a manifest with.
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("wellspring-signature"));
}

fn policy(nonce: &Nonce, ancestors: &str) -> HeaderMap {
    let nonce = &nonce.0;
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors {ancestors}"
    );
    let mut headers = HeaderMap::new();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers
}

/// Gives every request a nonce, and every response what it does not say itself.
pub(crate) async fn with_headers(mut request: Request, next: Next) -> Response {
    const ALWAYS: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (RESOURCE_POLICY, "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";

    let mut response = match Nonce::random() {
        Ok(nonce) => {
            request.extensions_mut().insert(nonce);
            next.run(request).await
        }
        Err(fault) => Rejection::Page(format!("no random bits: {fault}")).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(FILE_POLICY);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
