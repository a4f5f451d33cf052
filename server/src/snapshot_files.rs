//! Hands out the files of the reader's part: the manifest, revalidated, and the shards it names, kept for ever, but by
//! the reader's own browser only.
//!
//! Nothing else in the folder has an address; quarantined rows in particular do not.

use axum::Json;
use axum::extract::{Extension, Path, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::edition::Edition;
use crate::kept::takes_gzip;
use crate::rejection::Rejection;
use crate::viewer::Viewer;

const ARROW: HeaderValue = HeaderValue::from_static("application/vnd.apache.arrow.file");
/// The manifest's signature, `ed25519 <public key> <signature>`: browsers check it against the keys they were told.
const SIGNATURE: HeaderName = HeaderName::from_static("wellspring-signature");
const IMMUTABLE: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The manifest; 304 where the reader has it already.
pub(crate) async fn manifest(Extension(viewer): Extension<Viewer>, headers: HeaderMap) -> Response {
    let edition = &viewer.edition;
    let Some(etag) = etag(edition) else {
        return Rejection::Page("an ETag could not be made".to_owned()).into_response();
    };
    let known = headers.typed_get::<IfNoneMatch>().is_some_and(|seen| !seen.precondition_passes(&etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let gzip = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        match takes_gzip(&headers).then(|| edition.manifest_gzip()) {
            None => (json, edition.snapshot.manifest_bytes.clone()).into_response(),
            Some(Ok(packed)) => (json, gzip, packed).into_response(),
            Some(Err(fault)) => return Rejection::Page(fault.to_string()).into_response(),
        }
    };
    // Header values are ASCII without line ends, and so is what we write.
    let signature = edition.snapshot.signature.as_deref().map(|text| HeaderValue::from_str(text.trim()));
    if let Some(Ok(signature)) = signature {
        response.headers_mut().insert(SIGNATURE, signature);
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response.headers_mut().typed_insert(etag);
    response.headers_mut().insert(header::CACHE_CONTROL, REVALIDATED);
    response
}

/// Weak, since the same manifest also goes out compressed. Its checksum stands at its beginning: `{"blake3":"…`.
fn etag(edition: &Edition) -> Option<ETag> {
    let checksum = edition.snapshot.manifest_bytes.get(11..75)?;
    format!("W/\"{}\"", std::str::from_utf8(checksum).ok()?).parse().ok()
}

/// How fresh the reader's part is, and what was expected of its source: what the Data page tells beside the manifest.
pub(crate) async fn told(Extension(viewer): Extension<Viewer>) -> Response {
    ([(header::CACHE_CONTROL, REVALIDATED)], Json(&viewer.edition.snapshot.told)).into_response()
}

/// A shard of the reader's part, shown now or just before, by its file name `<hash>.arrow`.
pub(crate) async fn shard(
    Extension(viewer): Extension<Viewer>,
    Path(file): Path<String>,
    request: Request,
) -> Response {
    let Some(path) = file.strip_suffix(".arrow").and_then(|hash| viewer.part.shard(hash)) else {
        return Rejection::NotFound.into_response();
    };
    let Ok(response) = ServeFile::new(&path).precompressed_br().oneshot(request).await;
    let mut response = response.into_response();
    match response.status() {
        StatusCode::NOT_FOUND => {
            tracing::error!("{} is gone; build the snapshot again with `wellspring build`", path.display());
            Rejection::NotFound.into_response()
        }
        status if status.is_success() || status == StatusCode::NOT_MODIFIED => {
            response.headers_mut().insert(header::CONTENT_TYPE, ARROW);
            response.headers_mut().insert(header::CACHE_CONTROL, IMMUTABLE);
            response
        }
        _ => response,
    }
}
