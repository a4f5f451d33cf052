//! Files: what may be fetched, how long it may be kept, and that nothing else can be had.

use std::fs;
use std::io::Read;

use crate::client::{get, get_with, send};
use crate::world::World;

#[test]
fn the_manifest_is_revalidated() {
    let world = World::new();
    let served = world.serve();
    let first = get(served.addr, "/snapshot/manifest.json");
    assert_eq!((first.status, first.header("content-type")), (200, "application/json"));
    assert_eq!(first.body, fs::read(world.snapshot().join("manifest.json")).unwrap());
    assert!(first.header("cache-control").contains("no-cache"));
    let etag = first.header("etag");
    assert!(!etag.is_empty());
    let again = get_with(served.addr, "/snapshot/manifest.json", &[("If-None-Match", etag)]);
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, etag));
    let other = get_with(served.addr, "/snapshot/manifest.json", &[("If-None-Match", "\"other\"")]);
    assert_eq!(other.status, 200);
    let packed = get_with(served.addr, "/snapshot/manifest.json", &[("Accept-Encoding", "gzip, br")]);
    assert_eq!((packed.status, packed.header("content-encoding"), packed.header("etag")), (200, "gzip", etag));
    assert!(packed.vary("accept-encoding") && first.vary("accept-encoding"));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, first.body);
}

#[test]
fn a_shard_is_kept_for_ever_and_sent_compressed() {
    let world = World::new();
    let served = world.serve();
    let file = world.shard(0);
    let path = format!("/snapshot/shards/{}", file.file_name().unwrap().to_str().unwrap());
    let plain = get(served.addr, &path);
    assert_eq!((plain.status, plain.header("content-type")), (200, "application/vnd.apache.arrow.file"));
    assert_eq!(plain.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(plain.body, fs::read(&file).unwrap());
    let packed = get_with(served.addr, &path, &[("Accept-Encoding", "gzip, br")]);
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "br"));
    assert_eq!(packed.header("content-type"), "application/vnd.apache.arrow.file");
    assert!(packed.header("vary").contains("accept-encoding"));
    let mut unpacked = Vec::new();
    brotli_decompressor::Decompressor::new(packed.body.as_slice(), 4096).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    assert_eq!(send(served.addr, "HEAD", &path, &[], b"").body.len(), 0);
}

#[test]
fn nothing_but_the_shards_named_can_be_had_from_the_snapshot() {
    let world = World::new();
    let stray = world.snapshot().join("shards").join(format!("{}.arrow", "0".repeat(64)));
    fs::write(stray, "not named").unwrap();
    let served = world.serve();
    let hash = world.shard(0).file_stem().unwrap().to_str().unwrap().to_owned();
    let paths = [
        format!("/snapshot/shards/{}.arrow", "0".repeat(64)),
        format!("/snapshot/shards/{hash}.arrow.br"),
        format!("/snapshot/shards/{hash}"),
        format!("/snapshot/shards/{}.arrow", hash.to_uppercase()),
        format!("/snapshot/shards/{hash}.arrow/"),
        format!("/snapshot/shards/{hash}.arrow%00"),
        format!("/snapshot/shards/./{hash}.arrow"),
        format!("/snapshot/shards/..%2Fshards%2F{hash}.arrow"),
        "/snapshot/shards/../manifest.json".to_owned(),
        "/snapshot/shards/..%2fmanifest.json".to_owned(),
        "/snapshot/shards/%2e%2e/quarantine/orders.csv".to_owned(),
        "/snapshot/shards/..%2fquarantine%2forders.csv".to_owned(),
        "/snapshot/shards/..%5cquarantine%5corders.csv".to_owned(),
        "/snapshot/shards/".to_owned(),
        "/snapshot/shards".to_owned(),
        "/snapshot/".to_owned(),
        "/snapshot/quarantine/orders.csv".to_owned(),
        "/snapshot/versions/1/record.json".to_owned(),
        "/snapshot/versions/1/quarantine/orders.csv".to_owned(),
        "/snapshot/.lock".to_owned(),
        "/snapshot/../snapshot/quarantine/orders.csv".to_owned(),
        "/snapshot//quarantine/orders.csv".to_owned(),
    ];
    for path in paths {
        let reply = get(served.addr, &path);
        assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.status);
        assert!(!String::from_utf8_lossy(&reply.body).contains("secret"), "{path}");
    }
}

#[test]
fn no_path_leads_out_of_the_site() {
    let world = World::new();
    let served = world.serve();
    for path in [
        "/../secret.txt",
        "/../../../../etc/passwd",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/fonts/../../secret.txt",
        "/fonts/%2e%2e/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/....//secret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/%00/secret.txt",
        "/favicon.svg%00.txt",
        "/..;/secret.txt",
        "/../snapshot/quarantine/orders.csv",
        "/%c0%ae%c0%ae/secret.txt",
        "/.hidden",
        "/%2ehidden",
        "/fonts/../.hidden",
    ] {
        let reply = get(served.addr, path);
        let body = String::from_utf8_lossy(&reply.body);
        assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.status);
        assert!(!body.contains("secret") && !body.contains("root:"), "{path}");
    }
}

#[test]
fn names_with_a_hash_are_kept_and_others_asked_about() {
    let world = World::new();
    let served = world.serve();
    for (path, kind, kept) in [
        ("/app-0123456789abcdef.js", "text/javascript", true),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", true),
        ("/style-0123456789abcdef.css", "text/css", true),
        ("/wellspring.js", "text/javascript", false),
        ("/wellspring.d.ts", "text/plain", false),
        ("/wellspring-worker.js", "text/javascript", false),
        ("/wellspring-simd_bg.wasm", "application/wasm", false),
        ("/favicon.svg", "image/svg+xml", false),
        ("/manifest.en.webmanifest", "application/manifest+json", false),
        ("/service-worker.js", "text/javascript", false),
    ] {
        let reply = get(served.addr, path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.header("content-type").starts_with(kind), "{path}: {}", reply.header("content-type"));
        assert_eq!(reply.header("cache-control").contains("immutable"), kept, "{path}");
        let etag = reply.header("etag");
        assert!(!etag.is_empty(), "{path}");
        assert_eq!(get_with(served.addr, path, &[("If-None-Match", etag)]).status, 304, "{path}");
    }
    let packed = get_with(served.addr, "/app-0123456789abcdef.js", &[("Accept-Encoding", "br")]);
    assert_eq!((packed.header("content-encoding"), packed.body.as_slice()), ("br", &b"pretend brotli"[..]));
    assert!(packed.header("content-type").starts_with("text/javascript"));
}

#[test]
fn a_worker_may_run_webassembly_and_fetch_from_here() {
    let world = World::new();
    let served = world.serve();
    let policy = get(served.addr, "/wellspring-worker.js").header("content-security-policy").to_owned();
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval'") && policy.contains("connect-src 'self'"),
        "{policy}"
    );
}

#[test]
fn trunks_own_page_is_not_shown() {
    let world = World::new();
    let served = world.serve();
    let reply = get(served.addr, "/index.html");
    assert_eq!((reply.status, reply.header("location")), (308, "/"));
}
