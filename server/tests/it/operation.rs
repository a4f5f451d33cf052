//! What those who run the server see, and what nobody else does.

use access::audit::Entry;
use wellspring::{MetricsToken, Operation, Proxies};

use crate::client::{get, get_with};
use crate::gate::{Form, Gate, PASSWORD, post_form};
use crate::regions::{EAST, WEST};
use crate::world::World;

const TOKEN: &str = "q8Zr1TnV5bXw0KfLs3Hd7GyJc9PmEa2U";

fn with_token() -> Operation {
    Operation { metrics: Some(MetricsToken::parse(TOKEN).expect("a good token")), ..Operation::default() }
}

fn proxies(trusted: &[&str], tls: bool) -> Operation {
    let trusted = trusted.iter().map(|text| text.parse().expect("a network")).collect();
    Operation { proxies: Proxies { trusted, tls }, ..Operation::default() }
}

/// A metric's value, by its name with labels.
fn value(metrics: &str, name: &str) -> Option<f64> {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.parse().ok()
}

#[test]
fn metrics_are_for_those_with_the_token() {
    let gate = Gate::run_as(with_token());
    let boss = gate.sign_in("admin");
    let bearer = format!("Bearer {TOKEN}");
    let cut = &bearer[..bearer.len() - 1];
    for headers in [
        vec![],
        vec![("Authorization", "Bearer x")],
        vec![("Authorization", cut)],
        vec![("Authorization", TOKEN)],
        vec![("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1")],
        vec![("Cookie", boss.cookie.as_str())],
    ] {
        let reply = get_with(gate.addr(), "/metrics", &headers);
        assert_eq!(reply.status, 401, "{headers:?}");
        assert!(!reply.text().contains("wellspring_"), "{headers:?}");
    }
    let reply = get_with(gate.addr(), "/metrics", &[("Authorization", &bearer)]);
    assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"));
    assert!(reply.text().ends_with("# EOF\n"));
    // This machine is no proof: a proxy on it makes everybody look like that.
    let closed = Gate::new();
    assert_eq!(get(closed.addr(), "/metrics").status, 404);
    assert_eq!(closed.sign_in("admin").get("/metrics").status, 404);
    assert_eq!(get_with(closed.addr(), "/metrics", &[("Authorization", &bearer)]).status, 404);
    let world = World::new();
    let open = world.serve();
    assert_eq!(get(open.addr, "/metrics").status, 200);
    assert_eq!(get_with(open.addr, "/metrics", &[("Host", "evil.example")]).status, 404);
}

#[test]
fn metrics_count_what_happens_and_name_nobody() {
    let gate = Gate::run_as(with_token());
    let (east, west) = (gate.sign_in("east"), gate.sign_in("west"));
    for page in
        ["/", "/", "/stores/EAST-S1", "/stores?region=%E5%8D%8E%E4%B8%9C", "/nothing/华东", "/export/growth.csv"]
    {
        east.get(&page.replace("华东", "%E5%8D%8E%E4%B8%9C"));
    }
    west.get("/");
    east.ask(r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#);
    east.ask("{");
    let manifest = snapshot::parse_manifest(&east.get("/snapshot/manifest.json").body).expect("whole");
    let shard = format!("/snapshot/shards/{}.arrow", manifest.shards[0].hash);
    let bytes = east.get(&shard).body.len();
    get(gate.addr(), "/snapshot/manifest.json");
    let reply = get_with(gate.addr(), "/metrics", &[("Authorization", &format!("Bearer {TOKEN}"))]);
    let metrics = reply.text();
    for (name, expected) in [
        ("wellspring_http_requests_total{route=\"/\",method=\"GET\",status=\"200\"}", 3.0),
        ("wellspring_http_requests_total{route=\"/stores/{id}\",method=\"GET\",status=\"200\"}", 1.0),
        ("wellspring_http_requests_total{route=\"/api/ask\",method=\"POST\",status=\"400\"}", 1.0),
        ("wellspring_http_requests_total{route=\"(file)\",method=\"GET\",status=\"404\"}", 1.0),
        ("wellspring_http_request_duration_seconds_count{route=\"/\"}", 3.0),
        ("wellspring_pages_total{from=\"memory\"}", 1.0),
        ("wellspring_pages_total{from=\"work\"}", 4.0),
        ("wellspring_refusals_total{code=\"question_form\"}", 1.0),
        ("wellspring_refusals_total{code=\"not_signed_in\"}", 1.0),
        ("wellspring_shard_sent_bytes_total", bytes as f64),
        ("wellspring_parts", 3.0),
        ("wellspring_connections_refused_total", 0.0),
    ] {
        assert_eq!(value(metrics, name), Some(expected), "{name} in {metrics}");
    }
    for (name, least) in [
        ("wellspring_answers_total{from=\"work\"}", 3.0),
        ("wellspring_database_queries_total", 1.0),
        ("wellspring_connections", 1.0),
        ("wellspring_process_resident_memory_bytes", 1_000_000.0),
        ("wellspring_snapshot_age_seconds", 0.0),
    ] {
        assert!(value(metrics, name).is_some_and(|value| value >= least), "{name} in {metrics}");
    }
    for name in EAST.all().into_iter().chain(WEST.all()).chain(["east", "west", "boss", &manifest.shards[0].hash]) {
        assert!(!metrics.contains(name), "{name} in {metrics}");
    }
}

#[test]
fn the_server_says_when_it_is_ready_and_when_it_is_not() {
    let gate = Gate::new();
    let ready = get(gate.addr(), "/readyz");
    assert_eq!((ready.status, ready.json()["status"].as_str()), (200, Some("ready")));
    assert_eq!(ready.json().as_object().map(serde_json::Map::len), Some(1), "nothing else is told to anybody");
    let world = World::new();
    assert_eq!(get(world.serve().addr, "/readyz").status, 200);
}

#[test]
fn only_a_trusted_proxy_says_who_the_reader_is() {
    let said = [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"), ("X-Real-IP", "203.0.113.9")];
    for (operation, expected) in [
        (proxies(&[], false), "127.0.0.1"),
        (proxies(&["10.0.0.0/8"], false), "127.0.0.1"),
        (proxies(&["127.0.0.0/8"], false), "203.0.113.9"),
    ] {
        let gate = Gate::run_as(operation);
        let form = Form::of(&get(gate.addr(), "/sign-in"));
        let origin = gate.origin();
        let headers: Vec<_> = said.into_iter().chain([("Cookie", form.cookie.as_str()), ("Origin", &origin)]).collect();
        let fields = [("form", form.token.as_str()), ("name", "east"), ("password", PASSWORD)];
        assert_eq!(post_form(gate.addr(), "/sign-in", &headers, &fields).status, 303);
        let entries = gate.with_access(async |access| access.audit.latest(10, None).await.expect("entries"));
        let address =
            entries.iter().find(|Entry { what, .. }| what == "sign_in").and_then(|entry| entry.address.clone());
        assert_eq!(address.as_deref(), Some(expected));
    }
}

#[test]
fn browsers_are_held_to_tls_only_where_there_is_some() {
    let https = [("X-Forwarded-Proto", "https")];
    let hsts = |operation: Operation, headers: &[(&str, &str)]| {
        let world = World::new();
        let served = world.serve_as(operation);
        let replies = ["/", "/healthz", "/favicon.svg", "/nothing", "/api/nothing"]
            .map(|path| get_with(served.addr, path, headers).header("strict-transport-security").to_owned());
        assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
        replies[0].clone()
    };
    assert_eq!(hsts(proxies(&[], false), &https), "");
    assert_eq!(hsts(proxies(&["10.0.0.0/8"], false), &https), "");
    assert_eq!(hsts(proxies(&["127.0.0.1"], false), &[]), "");
    assert_eq!(hsts(proxies(&["127.0.0.1"], false), &https), "max-age=31536000");
    assert_eq!(hsts(proxies(&[], true), &[]), "max-age=31536000");
}
