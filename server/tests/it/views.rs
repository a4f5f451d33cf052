//! A view makes no database query, and is drawn once for all who look at it.

use std::collections::HashSet;
use std::io::Read;
use std::time::Instant;

use wellspring::{MetricsToken, Operation};

use crate::client::get_with;
use crate::gate::Gate;

const TOKEN: &str = "q8Zr1TnV5bXw0KfLs3Hd7GyJc9PmEa2U";
const PAGES: [&str; 10] = [
    "/",
    "/funnel",
    "/cohorts",
    "/stores",
    "/stores/EAST-S1",
    "/ladder",
    "/members",
    "/channels",
    "/data",
    "/?lang=en",
];

fn counted(gate: &Gate, name: &str) -> u64 {
    let reply = get_with(gate.addr(), "/metrics", &[("Authorization", &format!("Bearer {TOKEN}"))]);
    let line = reply.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
    line.unwrap_or_else(|| panic!("{name} in {}", reply.text()))
}

#[test]
fn a_thousand_views_make_no_database_query() {
    let metrics = Some(MetricsToken::parse(TOKEN).expect("a good token"));
    let gate = Gate::run_as(Operation { metrics, ..Operation::default() });
    let readers = ["boss", "east", "west"].map(|name| gate.sign_in(name));
    for reader in &readers {
        assert_eq!(reader.get("/").status, 200, "a session is read once");
    }
    let queries = "wellspring_database_queries_total";
    // What the background asks by itself: a reading of the counters each tenth of a second, and once a minute two
    // statements that tidy up.
    let idle = |begun: Instant| u64::try_from(begun.elapsed().as_millis() / 100).unwrap_or(u64::MAX) + 10;
    let (before, begun) = (counted(&gate, queries), Instant::now());
    for view in 0..1_000 {
        let page = PAGES[view % PAGES.len()];
        assert_eq!(readers[view % readers.len()].get(page).status, 200, "{page}");
    }
    let asked = counted(&gate, queries) - before;
    assert!(asked <= idle(begun), "{asked} queries in {:?}", begun.elapsed());
    assert!(asked < 500, "far from one a view: {asked}");
    let drawn = counted(&gate, "wellspring_pages_total{from=\"work\"}");
    // Three parts, ten addresses; more only where drawing them took longer than a minute.
    assert!(drawn <= 60, "{drawn} pages were drawn");
}

/// A page as a browser gets it, unpacked, with its nonce.
fn page(reader: &crate::gate::Reader, path: &str, coding: &str) -> (String, String) {
    let reply = reader.get_with(path, &[("Accept-Encoding", coding)]);
    assert_eq!((reply.status, reply.header("content-encoding")), (200, coding), "{path}");
    assert!(reply.vary("accept-encoding") && reply.vary("accept-language"), "{path}");
    let mut text = String::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(reply.body.as_slice()).read_to_string(&mut text).expect("whole"),
        _ => brotli_decompressor::Decompressor::new(reply.body.as_slice(), 4096)
            .read_to_string(&mut text)
            .expect("whole"),
    };
    let policy = reply.header("content-security-policy");
    let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).expect("a nonce").0;
    (text, nonce.to_owned())
}

#[test]
fn a_kept_page_has_a_nonce_of_its_own_and_its_readers_name_in_whatever_coding() {
    let gate = Gate::new();
    let readers = ["admin", "boss"].map(|name| (name, gate.sign_in(name)));
    for path in ["/?lang=en", "/stores?lang=zh-CN"] {
        let mut nonces = HashSet::new();
        let mut pages = HashSet::new();
        for (name, reader) in &readers {
            for coding in ["gzip", "gzip", "br"] {
                let (text, nonce) = page(reader, path, coding);
                assert!(text.matches(&format!("nonce=\"{nonce}\"")).count() > 3, "{path}");
                assert_eq!(text.matches(&format!("\"reader\":\"{name}\"")).count(), 1, "{path}");
                assert_eq!(text.matches(&format!("<span>{name}<")).count(), 1, "{path}");
                pages.insert(text.replace(&nonce, "nonce").replace(name, "name"));
                nonces.insert(nonce);
            }
        }
        assert_eq!((nonces.len(), pages.len()), (6, 1), "{path}: a nonce for each response, and one page for all");
    }
}
