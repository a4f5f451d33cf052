//! Views in portals' frames: who gets which, and who gets none.

use std::fs;

use access::embed::FILTER_FIELDS;
use serde_json::{Value, json};
use snapshot::scope::{SCOPES, region_scope};

use crate::client::{get, get_with, send};
use crate::gate::Gate;
use crate::portal::{Portal, scope};
use crate::regions::{EAST, WEST};
use crate::world::{World, wait_until};

/// Three whole weeks in which 14 members a week buy, seven in each region.
const WEEKS: &str = "from=2025-01-06&to=2025-01-26&compare=none&lang=en";

fn question(filter: Value) -> Value {
    json!({ "window": { "from": "2025-01-06", "to": "2025-01-26" }, "filter": filter, "ask": [{ "growth": {} }] })
}

/// The hash of a part's shard.
fn shard(gate: &Gate, part: Option<&str>) -> String {
    let folder = gate.world.snapshot();
    let folder = part.map_or(folder.clone(), |region| folder.join(SCOPES).join(region_scope(region)));
    let bytes = fs::read(folder.join("manifest.json")).expect("a manifest");
    let manifest = snapshot::parse_manifest(&bytes).expect("it is whole");
    format!("/snapshot/shards/{}.arrow", manifest.shards[0].hash)
}

#[test]
fn a_document_says_who_may_frame_it_and_knows_nobody() {
    let gate = Gate::new();
    let (one, two) = (Portal::new(&gate, "one"), Portal::new(&gate, "two"));
    let boss = gate.sign_in("boss");
    let ancestors = |path: &str| {
        let reply = boss.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.whole());
        let policy = reply.header("content-security-policy").to_owned();
        policy.split("frame-ancestors ").nth(1).expect("a list").to_owned()
    };
    assert_eq!(ancestors(&format!("/embed/growth?kid={}", one.kid)), "https://one.example");
    assert_eq!(ancestors(&format!("/embed/growth?kid={}", two.kid)), "https://two.example");
    assert_eq!(ancestors("/embed/growth"), "https://one.example https://two.example");
    assert_eq!(ancestors("/embed/growth?kid=nobody"), "'none'");
    one.revoke();
    wait_until("a revoked key's origins may frame nothing", || {
        ancestors(&format!("/embed/growth?kid={}", one.kid)) == "'none'"
            && ancestors("/embed/growth") == "https://two.example"
    });
    for path in ["/embed/growth", "/embed/stores/EAST-S1", "/embed/members?lang=en&theme=dark"] {
        let reply = boss.get(path);
        assert_eq!(reply.header("set-cookie"), "", "{path}");
        assert_eq!(reply.header("x-frame-options"), "", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert!(reply.text().contains("src=\"/embed-view.js\""), "{path}");
        for mark in EAST.all().into_iter().chain(WEST.all()).chain(["boss", "Two regions"]) {
            assert!(!reply.text().contains(mark), "{path}: {mark}");
        }
        // Each script has the answer's nonce.
        let scripts = reply.text().matches("<script").count();
        assert_eq!(reply.text().matches(" nonce=\"").count(), scripts + 2, "{path}: {}", reply.text());
    }
    for path in ["/embed/", "/embed/nothing", "/embed/growth/x", "/embed/stores/a/b", "/embed/..%2fgrowth"] {
        assert_eq!(boss.get(path).status, 404, "{path}");
    }
}

#[test]
fn without_sign_in_there_are_no_views() {
    let world = World::new();
    let served = world.serve();
    let reply = get(served.addr, "/embed/growth");
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("--open"), "{}", reply.text());
}

#[test]
fn a_token_brings_the_page_of_its_part_by_the_same_code() {
    let gate = Gate::new();
    let portal = Portal::new(&gate, "intranet");
    let reply = portal.page("/embed/growth", &portal.usual(), WEEKS);
    assert_eq!(reply.status, 200, "{}", reply.whole());
    let drawn = reply.json();
    assert_eq!((&drawn["view"], &drawn["lang"], &drawn["theme"]), (&json!("growth"), &json!("en"), &Value::Null));
    let (html, boot) = (drawn["html"].as_str().expect("HTML"), drawn["boot"].as_str().expect("a boot"));
    // 21 orders of 100 and of 1,000 yuan, to three digits.
    assert!(html.contains("¥23.1K"), "{html}");
    assert!(html.contains("app framed") && !html.contains("class=\"rail\"") && !html.contains("/account"), "{html}");
    assert!(html.contains("href=\"/embed/stores?") && !html.contains("href=\"/stores") && !html.contains("/export/"));
    assert!(html.contains("groups of fewer than 10 members are not shown"));
    let boot: Value = serde_json::from_str(boot).expect("JSON");
    assert_eq!(boot["catalog"]["frame"]["groups_only"], true);
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("set-cookie"), "");

    // The token's language and colours go before the address's; other parts' names do not come along.
    let east = portal.token(json!({
        "scope": scope(EAST.region).to_string(), "locale": "zh-CN", "theme": "dark", "aggregate_only": false,
    }));
    let reply = portal.page("/embed/growth", &east, WEEKS);
    let drawn = reply.json();
    assert_eq!((&drawn["lang"], &drawn["theme"]), (&json!("zh-CN"), &json!("dark")));
    for mark in WEST.all() {
        assert!(!reply.text().contains(mark), "{mark}");
    }
    // Few members a week: exact for who may see rows, nothing for who may not.
    assert!(drawn["html"].as_str().expect("HTML").contains("2,100"), "{}", drawn["html"]);
    let groups = portal.token(json!({ "scope": scope(EAST.region).to_string() }));
    let drawn = portal.page("/embed/growth", &groups, WEEKS).json();
    assert!(drawn["html"].as_str().expect("HTML").contains("fewer than 10 members"));
    assert!(!drawn["html"].as_str().expect("HTML").contains("2,1"), "{}", drawn["html"]);
}

#[test]
fn who_is_not_granted_it_gets_nothing() {
    let gate = Gate::new();
    let (portal, other) = (Portal::new(&gate, "intranet"), Portal::new(&gate, "other"));
    let gone = Portal::new(&gate, "gone");
    let of_gone = gone.usual();
    gone.revoke();
    wait_until("revocation bites", || gone.page("/embed/growth", &of_gone, "").status == 401);
    let usual = portal.usual();
    let rows = portal.token(json!({ "aggregate_only": false }));
    let east = portal.token(json!({ "aggregate_only": false, "scope": scope(EAST.region).to_string() }));
    let held = json!({ "locked": { "regions": [EAST.region] } });
    let held_rows = portal.token(json!({ "aggregate_only": false, "filters": held }));
    let held_data = portal.token(json!({ "views": ["data"], "filters": held }));
    let mut tampered = usual.clone();
    tampered.replace_range(usual.len() - 4.., "AAAA");
    let page = |path: &str| ("POST", path.to_owned());
    let file = |path: &str| ("GET", path.to_owned());
    let (all, of_east, of_west) =
        (shard(&gate, None), shard(&gate, Some(EAST.region)), shard(&gate, Some(WEST.region)));
    let cases: Vec<((&str, String), &str, u16, &str)> = vec![
        (page("/embed/growth"), "", 401, "token_missing"),
        (page("/embed/growth"), "x", 401, "token_parts"),
        (page("/embed/growth"), &tampered, 401, "signature"),
        (page("/embed/growth"), &of_gone, 401, "key_revoked"),
        (page("/embed/members"), &usual, 403, "view_not_allowed"),
        (page("/embed/data"), &held_data, 403, "filter_locked"),
        (page("/embed/nothing"), &usual, 404, ""),
        (file("/"), &usual, 403, "not_for_tokens"),
        (file("/stores"), &rows, 403, "not_for_tokens"),
        (file("/export/growth.csv"), &rows, 403, "not_for_tokens"),
        (file("/export/growth.xlsx"), &usual, 403, "not_for_tokens"),
        (file("/snapshot/manifest.json"), &usual, 403, "members_not_allowed"),
        (file(&all), &usual, 403, "members_not_allowed"),
        (file("/snapshot/manifest.json"), &held_rows, 403, "filter_locked"),
        (file(&all), &held_rows, 403, "filter_locked"),
        (file("/snapshot/manifest.json"), "", 401, "token_missing"),
        (file("/snapshot/manifest.json"), &of_gone, 401, "key_revoked"),
        (file(&of_west), &east, 404, ""),
        (file(&all), &rows, 200, ""),
        (file(&of_east), &east, 200, ""),
        (file(&of_west), &rows, 404, ""),
    ];
    for ((method, path), token, status, code) in &cases {
        let reply = portal.send(method, path, token, &[("Content-Type", "text/plain")], "");
        assert_eq!(reply.status, *status, "{method} {path}: {}", reply.whole());
        if !code.is_empty() {
            assert_eq!(reply.json()["code"], *code, "{method} {path}");
            assert!(reply.json()["message"].as_str().is_some_and(|said| !said.is_empty()));
        }
        assert!(*status == 200 || token.len() < 9 || !reply.whole().contains(*token), "a token is repeated");
    }
    for (claims, code) in [
        (json!({ "scope": "region:华北" }), "scope_not_allowed"),
        (json!({ "views": ["cohorts"] }), "view_not_allowed"),
        (json!({ "exp": 1_700_000_000 }), "expired"),
        (json!({ "exp": "soon" }), "claim_value"),
        (json!({ "admin": true }), "claim_unknown"),
    ] {
        let reply = portal.page("/embed/growth", &portal.token(claims.clone()), "");
        assert_eq!((reply.status, &reply.json()["code"]), (401, &json!(code)), "{claims}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
    }
    // The document of one portal, the token of another.
    let reply = portal.page(&format!("/embed/growth?kid={}", other.kid), &usual, "");
    assert_eq!((reply.status, &reply.json()["code"]), (403, &json!("kid_other")));
    assert_eq!(portal.page(&format!("/embed/growth?kid={}", portal.kid), &usual, WEEKS).status, 200);
}

#[test]
fn a_token_decides_whatever_cookie_comes_along_and_a_cookie_opens_no_frame() {
    let gate = Gate::new();
    let portal = Portal::new(&gate, "intranet");
    let boss = gate.sign_in("boss");
    let cookie = [("Content-Type", "application/json"), ("Cookie", boss.cookie.as_str())];
    let east = portal.token(json!({ "aggregate_only": false, "scope": scope(EAST.region).to_string() }));
    let asked = question(json!({})).to_string();
    let reply = portal.send("POST", "/api/ask", &east, &cookie, &asked);
    assert_eq!(reply.json()["answers"][0]["growth"]["window"]["sales"]["value"], 21 * 10_000);
    let reply = portal.send("GET", "/snapshot/manifest.json", &east, &cookie, "");
    assert_eq!(reply.json()["scope"], region_scope(EAST.region).as_str());
    // A token that is none does not fall back on the cookie.
    for token in ["", "x.y.z", "x"] {
        assert_eq!(portal.send("POST", "/api/ask", token, &cookie, &asked).status, 401, "{token}");
        assert_eq!(portal.send("GET", "/", token, &cookie, "").status, 401, "{token}");
    }
    // With the cookie alone, as of a page that somebody frames.
    let headers = [("Content-Type", "text/plain"), ("Cookie", boss.cookie.as_str())];
    let reply = send(gate.addr(), "POST", "/embed/growth", &headers, b"lang=en");
    assert_eq!((reply.status, &reply.json()["code"]), (401, &json!("token_missing")));
    let reply = send(gate.addr(), "POST", "/embed/growth", &[("Content-Type", "text/plain")], b"");
    assert_eq!(reply.status, 401);
}

#[test]
fn what_a_token_holds_cannot_be_widened_in_any_field() {
    let gate = Gate::new();
    let portal = Portal::new(&gate, "intranet");
    let value = |field: &str, other: bool| match field {
        "domains" => json!([if other { "public" } else { "private" }]),
        "segment" => json!({ "rung": { "orders": if other { 2 } else { 1 }, "as_of": "2025-01-26" } }),
        _ => json!([if other { WEST.region } else { EAST.region }]),
    };
    for field in FILTER_FIELDS {
        let locked = json!({ field: value(field, false) });
        for rows in [false, true] {
            let held = portal.token(json!({ "filters": { "locked": locked }, "aggregate_only": !rows }));
            let mut wider = vec![json!({}), json!({ field: value(field, true) })];
            if !["segment", "domains"].contains(&field) {
                wider.push(json!({ field: [EAST.region, WEST.region] }));
                wider.push(json!({ field: [] }));
            }
            for filter in wider {
                let reply = portal.ask(&held, &question(filter.clone()));
                assert_eq!(reply.status, 403, "{field} {filter}: {}", reply.whole());
                assert_eq!(reply.json()["code"], "filter_locked", "{field}");
            }
            // What is neither held nor free cannot be set.
            let bare = portal.token(json!({ "aggregate_only": !rows }));
            let reply = portal.ask(&bare, &question(json!({ field: value(field, false) })));
            assert_eq!((reply.status, &reply.json()["code"]), (403, &json!("filter_locked")), "{field}");
        }
    }
    let held = portal.token(json!({ "aggregate_only": false, "filters": { "locked": { "regions": [EAST.region] } } }));
    let reply = portal.ask(&held, &question(json!({ "regions": [EAST.region] })));
    assert_eq!(reply.json()["answers"][0]["growth"]["window"]["sales"]["value"], 21 * 10_000, "{}", reply.whole());
    // A page asks within what is held by itself, and names nothing else.
    let reply = portal.page("/embed/growth", &held, &format!("{WEEKS}&region=%E8%A5%BF%E5%8D%97&store=WEST-S1"));
    let html = reply.json()["html"].as_str().expect("HTML").to_owned();
    assert!(html.contains("2,100"), "{html}");
    let boot = reply.json()["boot"].as_str().expect("a boot").to_owned();
    for mark in [WEST.store_name, WEST.city, WEST.channel_name] {
        assert!(mark == WEST.channel_name || !boot.contains(mark), "{mark}");
    }
    let reply = portal.page("/embed/stores/WEST-S1", &held, WEEKS);
    assert!(!reply.text().contains(WEST.store_name), "{}", reply.text());
}

#[test]
fn groups_are_told_in_whole_weeks_rounded_and_never_few() {
    let gate = Gate::new();
    let portal = Portal::new(&gate, "intranet");
    let free = portal.token(json!({ "filters": { "free": FILTER_FIELDS } }));
    let answer = portal.ask(&free, &question(json!({})));
    assert_eq!(answer.status, 200, "{}", answer.whole());
    let window = answer.json()["answers"][0]["growth"]["window"].clone();
    assert_eq!(window["buyers"]["value"], 40, "42 members, by fives");
    assert_eq!(window["sales"]["value"], 2_310_000);
    for (asked, code) in [
        (json!({ "window": { "from": "2025-01-07", "to": "2025-01-26" }, "ask": [{ "growth": {} }] }), "groups_only"),
        (json!({ "window": { "from": "2025-01-06", "to": "2025-01-25" }, "ask": [{ "growth": {} }] }), "groups_only"),
        (json!({ "window": { "from": "2025-01-06", "to": "2025-01-06" }, "ask": [{ "growth": {} }] }), "groups_only"),
        (
            json!({ "window": { "from": "2025-01-06", "to": "2025-01-12" },
                    "ask": [{ "series": { "grain": "day" } }] }),
            "groups_only",
        ),
        (
            json!({ "window": { "from": "2025-01-06", "to": "2025-01-12" }, "ask": [{ "rfm": { "as_of": "2025-01-10" } }] }),
            "groups_only",
        ),
        (question(json!({ "campaigns": [EAST.campaign] })), "groups_only"),
        (question(json!({ "segment": { "rung": { "orders": 1, "as_of": "2025-01-26" } } })), "groups_only"),
        // Seven members a week.
        (question(json!({ "regions": [EAST.region] })), "too_few"),
        (question(json!({ "stores": [WEST.store] })), "too_few"),
        (question(json!({ "tiers": [WEST.tier] })), "too_few"),
    ] {
        let reply = portal.ask(&free, &asked);
        assert_eq!((reply.status, &reply.json()["code"]), (403, &json!(code)), "{asked}: {}", reply.whole());
    }
}

#[test]
fn sandboxed_frames_may_ask_and_everything_is_noted() {
    let gate = Gate::new();
    let portal = Portal::new(&gate, "intranet");
    let headers = [
        ("Origin", "null"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization,content-type"),
    ];
    for path in ["/api/ask", "/embed/growth", "/embed/stores/S1", "/snapshot/manifest.json", "/snapshot/shards/a.arrow"]
    {
        let reply = send(gate.addr(), "OPTIONS", path, &headers, b"");
        assert_eq!(reply.status, 204, "{path}: {}", reply.whole());
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
        assert!(reply.header("access-control-allow-headers").contains("authorization"), "{path}");
        assert_eq!(reply.header("access-control-allow-credentials"), "", "{path}");
    }
    assert_ne!(send(gate.addr(), "OPTIONS", "/account", &headers, b"").header("access-control-allow-origin"), "*");
    for path in ["/wellspring.js", "/style-0123456789abcdef.css", "/app-0123456789abcdef_bg.wasm"] {
        let reply = get_with(gate.addr(), path, &[("Origin", "null")]);
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin", "{path}");
    }
    // A page of people who sign in is nobody else's.
    let page = gate.sign_in("boss").get("/");
    assert_eq!(page.header("access-control-allow-origin"), "");
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");

    assert_eq!(portal.page("/embed/growth", &portal.usual(), WEEKS).status, 200);
    assert_eq!(portal.ask(&portal.usual(), &question(json!({}))).status, 200);
    let entries = gate.with_access(async |access| access.audit.latest(10, None).await.expect("entries"));
    for what in ["view", "ask"] {
        let entry = entries.iter().find(|entry| entry.what == what).expect(what);
        assert_eq!(entry.who, "intranet/lin");
        assert_eq!(entry.portal.as_deref(), Some(format!("intranet ({})", portal.kid).as_str()));
        assert_eq!(entry.scope.as_deref(), Some("all"));
    }
}
