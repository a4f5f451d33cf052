//! What every response says, whatever the address: no framing, no guessing of types, nothing kept that should not be.

use crate::client::{Reply, get, send};
use crate::gate::Gate;
use crate::world::World;

/// Headers of every response, and what each must hold.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Files of the site, which say nothing of the data: views that portals sandbox have no origin of their own to load them from.
const PUBLIC: [&str; 5] =
    ["/favicon.svg", "/wellspring.js", "/service-worker.js", "/manifest.en.webmanifest", "/app-0123"];

fn hold(what: &str, reply: &Reply) {
    let (resource, allowed) =
        (reply.header("cross-origin-resource-policy"), reply.header("access-control-allow-origin"));
    if resource == "cross-origin" {
        assert!(PUBLIC.iter().any(|file| what.contains(file)), "{what}: {resource}");
        assert_eq!(allowed, "*", "{what}");
    } else {
        assert_eq!((resource, allowed), ("same-origin", ""), "{what}");
    }
    for (name, value) in ALWAYS {
        let all = reply.all(name);
        assert!(all.len() == 1 && all[0].contains(value), "{what}: {name}: {all:?}");
    }
    let policies = reply.all("content-security-policy");
    assert_eq!(policies.len(), 1, "{what}: {policies:?}");
    for part in ["default-src", "base-uri 'none'", "form-action", "frame-ancestors 'none'"] {
        assert!(policies[0].contains(part), "{what}: {part} in {}", policies[0]);
    }
    for forbidden in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", " *", "blob:"] {
        assert!(!policies[0].contains(forbidden), "{what}: {forbidden} in {}", policies[0]);
    }
    assert_ne!(reply.header("cache-control"), "", "{what}");
    for telling in ["server", "x-powered-by", "via"] {
        assert_eq!(reply.header(telling), "", "{what}: {telling}");
    }
    if reply.header("content-type").starts_with("text/html") {
        nonces(what, reply, policies[0]);
    }
}

/// Every script and style carries this response's nonce.
fn nonces(what: &str, reply: &Reply, policy: &str) {
    let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map(|(nonce, _)| nonce);
    let nonce = nonce.unwrap_or_else(|| panic!("{what}: no nonce in {policy}"));
    assert_eq!(nonce.len(), 32, "{what}");
    for tag in ["<script", "<style"] {
        for (at, _) in reply.text().match_indices(tag) {
            let tag = reply.text()[at..].split_inclusive('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{what}: {tag}");
        }
    }
}

#[test]
fn every_response_of_a_server_with_sign_in_holds_the_browser() {
    let gate = Gate::new();
    let east = gate.sign_in("east");
    let manifest = snapshot::parse_manifest(&east.get("/snapshot/manifest.json").body).expect("whole");
    let shard = format!("/snapshot/shards/{}.arrow", manifest.shards[0].hash);
    let paths = [
        "/",
        "/?lang=en",
        "/funnel",
        "/cohorts",
        "/stores",
        "/stores/EAST-S1",
        "/stores/nobody",
        "/ladder",
        "/members",
        "/channels",
        "/data",
        "/export/growth.csv",
        "/export/growth.xlsx",
        "/export/nothing",
        "/snapshot/manifest.json",
        "/snapshot/nothing",
        &shard,
        "/api/ask",
        "/api/nothing",
        "/sign-in",
        "/sign-out",
        "/account",
        "/healthz",
        "/readyz",
        "/metrics",
        "/favicon.svg",
        "/wellspring.js",
        "/index.html",
        "/nothing",
        "/.hidden",
        "/%00",
        "/service-worker.js",
        "/manifest.en.webmanifest",
        "/app-0123456789abcdef_bg.wasm",
    ];
    for path in paths {
        for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS"] {
            hold(
                &format!("{method} {path}, signed in"),
                &send(gate.addr(), method, path, &[("Cookie", &east.cookie)], b""),
            );
            hold(&format!("{method} {path}"), &send(gate.addr(), method, path, &[], b""));
        }
    }
    let north = gate.sign_in("north");
    hold("a region without data", &north.get("/"));
    hold("a question without sense", &east.ask("{"));
}

#[test]
fn every_response_of_an_open_server_holds_the_browser() {
    let world = World::new();
    let served = world.serve();
    for path in
        ["/", "/data", "/stores", "/export/stores.csv", "/snapshot/manifest.json", "/metrics", "/nothing", "/sign-in"]
    {
        hold(path, &get(served.addr, path));
    }
    for coding in ["gzip", "br", "identity"] {
        let reply =
            send(served.addr, "GET", "/", &[("Accept-Encoding", coding), ("Origin", "https://evil.example")], b"");
        assert_eq!(reply.header("access-control-allow-origin"), "", "{coding}");
    }
}
