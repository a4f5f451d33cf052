//! Pages drawn before, compressed, with holes for what differs between two responses: nonces and the reader's name.
//!
//! A page is drawn once a minute for each edition, address and language, whoever reads it. How a hole is filled in
//! something compressed: [`splice`].

mod splice;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use moka::sync::Cache;
use tokio::sync::Semaphore;

use crate::head::Head;
use crate::rejection::Rejection;
use crate::security::Nonce;
use splice::{Hole, Spliced};

/// Bytes that kept pages may take, about.
const CACHE_BYTES: u64 = 64 << 20;
/// How long a page is kept: it says how old the data is, in minutes.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// What the boot element begins with: after it, a name is JSON.
const BOOT: &str = "<script id=\"boot\"";

/// What a page is kept by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Of the edition shown.
    pub(crate) serial: u64,
    /// Everything of the request that the page depends on, without the reader's name.
    pub(crate) request: String,
}

/// The pages.
pub(crate) struct KeptPages {
    pages: Cache<Key, Arc<KeptPage>>,
    /// As many pages at once as there are cores: a rush for one page draws it once, not a thousand times.
    drawing_room: Semaphore,
}

impl fmt::Debug for KeptPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptPages(…)")
    }
}

impl KeptPages {
    /// None yet.
    pub(crate) fn new(cores: usize) -> Self {
        let pages = Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(|key: &Key, page: &Arc<KeptPage>| {
                u32::try_from(key.request.len() + page.spliced.bytes() + 512).unwrap_or(u32::MAX)
            })
            .time_to_live(KEPT_FOR)
            .build();
        Self { pages, drawing_room: Semaphore::new(cores) }
    }

    /// The page if it was drawn before, under this very head.
    pub(crate) fn get(&self, key: &Key, head: &Arc<Head>) -> Option<Arc<KeptPage>> {
        self.pages.get(key).filter(|page| Arc::ptr_eq(&page.head, head))
    }

    /// Draws a page and keeps it, or takes the one that somebody else has drawn meanwhile. A page that is not worth
    /// keeping, such as one whose answer failed, is drawn for each that asks.
    ///
    /// # Errors
    /// When drawing or compressing breaks down.
    pub(crate) async fn draw(
        &self,
        key: Key,
        head: Arc<Head>,
        marks: Marks,
        is_worth_keeping: bool,
        draw: impl FnOnce(&Head, &Marks) -> String + Send + 'static,
    ) -> Result<Arc<KeptPage>, Rejection> {
        let _seat = self.drawing_room.acquire().await.map_err(|fault| Rejection::Page(fault.to_string()))?;
        if let Some(page) = self.get(&key, &head) {
            return Ok(page);
        }
        // Drawing takes milliseconds of computing; elsewhere it would hold up other requests.
        let page = move || KeptPage::new(&draw(&head, &marks), &marks, head).map(Arc::new);
        let page = tokio::task::spawn_blocking(page).await.map_err(|fault| Rejection::Page(fault.to_string()))?;
        let page = page.map_err(|fault| Rejection::Page(format!("a page cannot be compressed: {fault}")))?;
        if is_worth_keeping {
            self.pages.insert(key, Arc::clone(&page));
        }
        Ok(page)
    }
}

/// What stands in a drawn page where the nonce and the reader's name go; random, so that no data can look like it.
#[derive(Clone, Debug)]
pub(crate) struct Marks {
    /// In place of the nonce.
    pub(crate) nonce: String,
    /// In place of the reader's name.
    pub(crate) reader: String,
}

impl Marks {
    /// New ones; an error where the operating system has no random bits.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        Ok(Self { nonce: Nonce::random()?.0, reader: Nonce::random()?.0 })
    }
}

/// A page that needs nothing but a nonce and a name.
#[derive(Debug)]
pub(crate) struct KeptPage {
    head: Arc<Head>,
    spliced: Spliced,
}

impl KeptPage {
    fn new(html: &str, marks: &Marks, head: Arc<Head>) -> io::Result<Self> {
        let boot = html.rfind(BOOT).unwrap_or(html.len());
        let nonces = html.match_indices(&marks.nonce).map(|(at, mark)| (at, mark.len(), Hole::Nonce));
        let readers = html
            .match_indices(&marks.reader)
            .map(|(at, mark)| (at, mark.len(), if at < boot { Hole::ReaderAsHtml } else { Hole::ReaderAsJson }));
        let mut holes: Vec<_> = nonces.chain(readers).collect();
        holes.sort_by_key(|(at, ..)| *at);
        Ok(Self { head, spliced: Spliced::new(html.as_bytes(), &holes)? })
    }

    /// The page for one response, as one gzip file.
    pub(crate) fn gzip(&self, nonce: &Nonce, reader: Option<&str>) -> Vec<u8> {
        let (html, json) = reader.map_or_else(Default::default, |reader| (as_html(reader), as_json(reader)));
        self.spliced.gzip(|hole| match hole {
            Hole::Nonce => &nonce.0,
            Hole::ReaderAsHtml => &html,
            Hole::ReaderAsJson => &json,
        })
    }

    /// The page for a client that takes no gzip.
    ///
    /// # Errors
    /// When what was compressed cannot be read back; a bug of ours.
    pub(crate) fn plain(&self, nonce: &Nonce, reader: Option<&str>) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        io::Read::read_to_end(&mut flate2::read::GzDecoder::new(self.gzip(nonce, reader).as_slice()), &mut plain)?;
        Ok(plain)
    }
}

/// Whether a client takes gzip, which is what pages and manifests are kept in.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|line| line.to_str().ok());
    let mut codings = lines.flat_map(|line| line.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// A name as it stands in text or between quotation marks.
fn as_html(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#x27;")
}

/// A name as it stands within the quotation marks of JSON within a script.
fn as_json(name: &str) -> String {
    let quoted = serde_json::Value::from(name).to_string().replace('<', "\\u003c");
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use axum::http::HeaderValue;

    use super::*;

    fn marks() -> Marks {
        Marks { nonce: "0123456789abcdef0123456789abcdef".into(), reader: "fedcba9876543210fedcba9876543210".into() }
    }

    fn page(html: &str) -> KeptPage {
        KeptPage::new(html, &marks(), Arc::new(Head::default())).expect("it compresses")
    }

    #[test]
    fn every_response_has_its_own_nonce_and_name_and_nothing_else_changes() {
        let Marks { nonce, reader } = marks();
        let drawn = |nonce: &str, html: &str, json: &str| {
            let rows = (0..2_000).map(|row| format!("<td>{row}</td>")).collect::<String>();
            format!(
                "<script nonce=\"{nonce}\">1</script><p>{html}</p>{rows}<i title=\"{html}\"></i>\
                 <script id=\"boot\" type=\"application/json\" nonce=\"{nonce}\">{{\"reader\":\"{json}\"}}</script>"
            )
        };
        let kept = page(&drawn(&nonce, &reader, &reader));
        for (nonce, name, html, json) in [
            ("n1", "li", "li", "li"),
            ("n2", "王 \"小\" </script>", "王 &quot;小&quot; &lt;/script&gt;", "王 \\\"小\\\" \\u003c/script>"),
            ("n3", "", "", ""),
        ] {
            let expected = drawn(nonce, html, json);
            let plain = kept.plain(&Nonce(nonce.to_owned()), Some(name)).expect("it is whole");
            assert_eq!(String::from_utf8(plain).expect("text"), expected);
        }
        assert!(kept.spliced.bytes() < 12_000, "{} bytes", kept.spliced.bytes());
    }

    #[test]
    fn gzip_is_for_those_who_take_it() {
        for (line, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip, deflate, br, zstd", true),
            ("gzip;q=1.0", true),
            ("", false),
            ("br", false),
            ("gzip;q=0", false),
            ("gzip;q=0.000", false),
            ("gzip;q=x", false),
            ("xgzip", false),
            ("*", false),
        ] {
            let value = HeaderValue::from_static(line);
            assert_eq!(takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, value)])), takes, "{line}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn a_rush_draws_a_page_once_and_a_failed_one_is_not_kept() {
        let pages = KeptPages::new(1);
        let head = Arc::new(Head::default());
        let key = |request: &str| Key { serial: 1, request: request.to_owned() };
        let drawn = Arc::new(AtomicU64::new(0));
        for (request, is_worth_keeping, times) in [("a", true, 1), ("b", false, 4)] {
            for _ in 0..3 {
                let counted = Arc::clone(&drawn);
                let draw = move |_: &Head, _: &Marks| {
                    counted.fetch_add(1, Ordering::Relaxed);
                    "<p>".to_owned()
                };
                pages.draw(key(request), Arc::clone(&head), marks(), is_worth_keeping, draw).await.expect("drawn");
            }
            assert_eq!(drawn.load(Ordering::Relaxed), times, "{request}");
        }
        assert!(pages.get(&key("a"), &head).is_some());
        assert!(pages.get(&key("a"), &Arc::new(Head::default())).is_none(), "another build's tags");
        assert!(pages.get(&Key { serial: 2, ..key("a") }, &head).is_none(), "another edition");
    }
}
