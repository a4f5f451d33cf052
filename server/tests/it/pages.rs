//! Pages: status, headers, and a nonce that fits.

use crate::client::{get, get_with, send};
use crate::world::World;

#[test]
fn a_page_says_how_it_may_be_used() {
    let world = World::new();
    let served = world.serve();
    let page = get(served.addr, "/");
    assert_eq!(page.status, 200);
    assert_eq!(get(served.addr, "/data?lang=en").status, 200);
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "private, no-cache"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-robots-tag", "noindex, nofollow"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"));
}

#[test]
fn every_script_and_style_carries_the_nonce_of_its_response() {
    let world = World::new();
    let served = world.serve();
    let page = get(served.addr, "/?lang=en");
    let nonce = nonce(page.header("content-security-policy")).to_owned();
    let html = page.text();
    assert!(html.contains("/app-0123456789abcdef.js"), "Trunk's tags are in the page");
    for tag in tags(html, "<script").chain(tags(html, "<style")) {
        let data = tag.contains("application/json");
        assert!(data || tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
    }
    let again = get(served.addr, "/?lang=en");
    assert_ne!(nonce, self::nonce(again.header("content-security-policy")));
}

#[test]
fn nothing_in_a_page_needs_what_its_policy_forbids() {
    let world = World::new();
    let served = world.serve();
    let pages = ["/", "/funnel", "/cohorts", "/stores", "/stores/nowhere", "/ladder", "/members", "/channels", "/data"];
    for path in pages.into_iter().chain(["/?compare=none", "/?region=%E5%8D%8E%E4%B8%9C&lang=en", "/nothing"]) {
        let page = get(served.addr, path);
        for tag in tags(page.text(), "<") {
            for forbidden in [" style=", " onclick=", " onload=", "href=\"javascript:", "src=\"http", "href=\"http"] {
                assert!(!tag.contains(forbidden), "{path}: {tag}");
            }
        }
    }
}

#[test]
fn a_page_reads_without_a_built_site() {
    let world = World::new();
    std::fs::remove_dir_all(world.site()).unwrap();
    let served = world.serve();
    let page = get(served.addr, "/");
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("/app-"), "{}", page.text());
    assert_eq!(get(served.addr, "/app-0123456789abcdef.js").status, 404);
}

#[test]
fn a_page_is_compressed_for_those_who_take_it() {
    let world = World::new();
    let served = world.serve();
    for coding in ["br", "gzip"] {
        let page = get_with(served.addr, "/", &[("Accept-Encoding", coding)]);
        assert_eq!(page.header("content-encoding"), coding);
        assert!(page.vary("accept-encoding") && page.vary("accept-language"));
    }
    assert_eq!(get(served.addr, "/").header("content-encoding"), "");
}

#[test]
fn no_query_breaks_a_page() {
    let world = World::new();
    let served = world.serve();
    for query in [
        "from=2025-02-01&to=2025-01-01",
        "from=x&to=%00&region=%FF%FE",
        "region=%3Cscript%3Ealert(1)%3C/script%3E",
        "store=S001%22%3E%3Cscript%3E&channel=%E6%B8%A0",
        "lang=%00&compare=nonsense&&&===",
        "from=9999-99-99&to=-1&lang=en",
    ] {
        let page = get(served.addr, &format!("/?{query}"));
        assert_eq!(page.status, 200, "{query}");
        assert!(!page.text().contains("<script>alert(1)"), "{query}");
    }
    let long = format!("/?region={}", "%E5%8D%8E".repeat(3_000));
    assert!(matches!(get(served.addr, &long).status, 200 | 414 | 431));
}

#[test]
fn an_unknown_address_gets_a_page_in_both_languages() {
    let world = World::new();
    let served = world.serve();
    for path in ["/nothing", "/a/b/c", "/fonts", "/fonts/", "/%E5%A2%9E%E9%95%BF"] {
        let page = get(served.addr, path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("没有这个页面") && page.text().contains("No such page"), "{path}");
        assert!(page.text().contains(nonce(page.header("content-security-policy"))), "{path}");
    }
    assert_eq!(send(served.addr, "POST", "/", &[], b"").status, 405);
}

#[test]
fn health_names_the_snapshot() {
    let world = World::new();
    let served = world.serve();
    let health = get(served.addr, "/healthz");
    assert_eq!((health.status, health.json()["status"].as_str()), (200, Some("ok")));
    assert_eq!(health.json()["snapshot"], "all-1");
    assert_eq!(health.header("cache-control"), "no-store");
}

fn nonce(policy: &str) -> &str {
    let rest = policy.split_once("'nonce-").expect("the policy has a nonce").1;
    rest.split_once('\'').expect("the nonce ends").0
}

fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    html.match_indices(name).map(|(at, _)| html[at..].split_inclusive('>').next().unwrap_or_default())
}
