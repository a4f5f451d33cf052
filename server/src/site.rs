//! What Trunk built: the tags that start the browser side, and the files of `dist/`.
//!
//! Without `dist/` the pages still read; they only have no JavaScript.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::head::Head;
use crate::rejection::{Rejection, not_found_page};
use crate::security::{Nonce, open_to_all};
use crate::state::AppState;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The folder that Trunk built, and the tags of its `index.html`.
#[derive(Debug)]
pub(crate) struct Site {
    folder: PathBuf,
    head: ArcSwap<Head>,
    stamp: Mutex<Option<SystemTime>>,
}

impl Site {
    /// Reads the tags; a missing folder is told in the log, not an error.
    pub(crate) fn open(folder: PathBuf) -> Self {
        let site = Self { folder, head: ArcSwap::default(), stamp: Mutex::new(None) };
        site.refresh();
        if site.stamp.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            tracing::warn!(
                "{} has no index.html: pages are shown without JavaScript; build it with `cargo xtask build`",
                site.folder.display()
            );
        }
        site
    }

    /// The tags of the head.
    pub(crate) fn head(&self) -> Arc<Head> {
        self.head.load_full()
    }

    /// The style sheets of the head as HTML.
    pub(crate) fn style_html(&self) -> String {
        self.head.load().style_html().to_owned()
    }

    /// Reads the tags again where `index.html` changed. While a build is replacing the folder, the old ones stay.
    pub(crate) fn refresh(&self) {
        let index = self.folder.join("index.html");
        let Ok(changed) = fs::metadata(&index).and_then(|m| m.modified()) else {
            return;
        };
        let mut stamp = self.stamp.lock().unwrap_or_else(PoisonError::into_inner);
        if *stamp == Some(changed) {
            return;
        }
        if let Ok(html) = fs::read_to_string(&index) {
            self.head.store(Arc::new(Head::from_html(&html)));
            *stamp = Some(changed);
        }
    }

    fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Hands out a file of the site; any other address gets the page that says so.
pub(crate) async fn file(
    State(state): State<AppState>,
    Extension(nonce): Extension<Nonce>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") || path.starts_with("/snapshot/") {
        return Rejection::NotFound.into_response();
    }
    if path == "/index.html" {
        return Redirect::permanent("/").into_response();
    }
    // Built files have plain names: a coded one is a disguise, a dot hides.
    if path.contains(['%', '\\']) || path.split('/').any(|part| part.starts_with('.')) {
        return not_found_page(&nonce);
    }
    let files = ServeDir::new(state.site().folder())
        .append_index_html_on_directories(false)
        .redirect_to_trailing_slash(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(mut response) = files.oneshot(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return not_found_page(&nonce);
    }
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let kept = if is_hashed(&path) { IMMUTABLE } else { REVALIDATED };
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
        // All of it is public, and a sandboxed view has no origin to be the same as.
        open_to_all(response.headers_mut());
        // By its ending alone it would be taken for a film.
        if path.ends_with(".d.ts") {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        }
    }
    response.into_response()
}

/// Whether the name carries a hash of the content, as Trunk writes it: `app-0123456789abcdef.js`, `…_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.split_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let Some((_, hash)) = stem.rsplit_once('-') else {
        return false;
    };
    (12..=64).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for path in ["/app-0123456789abcdef.js", "/app-0123456789abcdef_bg.wasm", "/a/style-0123456789abcdef.css"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in [
            "/wellspring.js",
            "/wellspring-simd_bg.wasm",
            "/wellspring-worker.js",
            "/favicon.svg",
            "/",
            "/a-b.js",
            "/app-0123456789abcdef/x.js",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_rebuilt_index_is_read_again() {
        let dist = tempfile::tempdir().unwrap();
        let index = dist.path().join("index.html");
        let site = Site::open(dist.path().to_owned());
        assert_eq!(site.head().html("n"), "");
        fs::write(&index, "<head><link href=a></head>").unwrap();
        site.refresh();
        assert!(site.head().html("n").contains("href=\"a\""));
        fs::remove_file(&index).unwrap();
        site.refresh();
        assert!(site.head().html("n").contains("href=\"a\""));
    }
}
