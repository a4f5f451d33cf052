//! `POST /api/ask`: answers, and refusals that name what is wrong.

use crate::client::{get, post_json, send};
use crate::world::World;

const GOOD: &str = r#"{"window":{"from":"2025-02-01","to":"2025-02-28"},
    "compare":{"from":"2025-01-01","to":"2025-01-31"},"ask":[{"growth":{"by":"region"}},{"stores":{"by":"sales"}}]}"#;

#[test]
fn a_question_is_answered_exactly() {
    let world = World::new();
    let served = world.serve();
    let reply = post_json(served.addr, "/api/ask", GOOD);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    let answers = reply.json();
    assert_eq!(answers["coverage"]["exact"], true);
    assert_eq!(answers["coverage"]["snapshot"], "all-1");
    assert_eq!(answers["coverage"]["read"], 2);
    // Members 30 to 39 of both shards bought in February, members 0 to 29 and ten strangers in January.
    let growth = &answers["answers"][0]["growth"];
    assert_eq!(growth["window"]["sales"]["value"], 10 * 10_000 + 10 * 10_001);
    assert_eq!(growth["compare"]["buyers"]["value"], 60);
    assert_eq!(growth["compare"]["anonymous_orders"]["value"], 10);
    assert_eq!(answers["answers"][1]["stores"].as_array().map(Vec::len), Some(2));
    assert_eq!(post_json(served.addr, "/api/ask", GOOD).body, reply.body, "the second answer comes from memory");
}

#[test]
fn every_ask_is_answered_under_its_name() {
    let world = World::new();
    let served = world.serve();
    let asks = [
        ("growth", "{}"),
        ("series", r#"{"grain":"week"}"#),
        ("stores", r#"{"by":"repurchase_rate","measures":["sales"]}"#),
        ("cohorts", "{}"),
        ("ladder", "{}"),
        ("funnel", r#"{"steps":[{"order":1},{"order":2}]}"#),
        ("rfm", r#"{"as_of":"2025-02-28"}"#),
        ("overlap", "{}"),
        ("lifecycle", "{}"),
    ];
    let all: Vec<String> = asks.iter().map(|(name, ask)| format!("{{\"{name}\":{ask}}}")).collect();
    let question = format!(r#"{{"window":{{"from":"2025-01-01","to":"2025-02-28"}},"ask":[{}]}}"#, all.join(","));
    let reply = post_json(served.addr, "/api/ask", &question);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let answers = reply.json();
    for (at, (name, _)) in asks.iter().enumerate() {
        assert!(!answers["answers"][at][name].is_null(), "{name}: {}", answers["answers"][at]);
    }
    // Each of the 80 members bought once; nobody came back.
    let ladder = &answers["answers"][4]["ladder"];
    assert_eq!(ladder[0]["exactly"]["value"], ladder[0]["members"]["value"]);
    assert_eq!(ladder[0]["members"]["value"], 80);
    let unknown = r#"{"window":{"from":"2025-02-01","to":"2025-02-28"},"ask":[{"grow":{}}]}"#;
    let refused = post_json(served.addr, "/api/ask", unknown);
    let error = refused.text();
    for (name, _) in asks {
        assert!(error.contains(name), "the refusal names {name}: {error}");
    }
}

#[test]
fn a_bad_question_is_told_what_is_wrong() {
    let world = World::new();
    let served = world.serve();
    let window = r#""window":{"from":"2025-02-01","to":"2025-02-28"}"#;
    let ask = r#""ask":[{"growth":{}}]"#;
    let cases = [
        (String::new(), 400, "not JSON"),
        ("{".to_owned(), 400, "not JSON"),
        ("\u{0}".to_owned(), 400, "not JSON"),
        ("[".repeat(60_000), 400, "question"),
        ("null".to_owned(), 400, "question"),
        (format!("{{{ask}}}"), 400, "missing field `window`"),
        (format!("{{{window}}}"), 400, "missing field `ask`"),
        (format!("{{{window},{ask},\"where\":1}}"), 400, "unknown field `where`"),
        (format!("{{{window},\"filter\":{{\"region\":[]}},{ask}}}"), 400, "unknown field `region`"),
        (format!("{{{window},\"ask\":[{{\"grow\":{{}}}}]}}"), 400, "`grow`"),
        (format!("{{{window},\"ask\":[{{\"series\":{{\"grain\":\"hour\"}}}}]}}"), 400, "`hour`"),
        (
            r#"{"window":{"from":"2025-03-01","to":"2025-02-01"},"ask":[{"growth":{}}]}"#.to_owned(),
            400,
            "before it begins",
        ),
        (r#"{"window":{"from":"2025-02-30","to":"2025-03-01"},"ask":[{"growth":{}}]}"#.to_owned(), 400, "2025-02-30"),
        (r#"{"window":{"from":"1900-01-01","to":"2025-03-01"},"ask":[{"growth":{}}]}"#.to_owned(), 400, "1900-01-01"),
        (format!("{{{window},\"ask\":[]}}"), 422, "`ask` is empty"),
        (format!("{{{window},\"ask\":[{}]}}", vec![r#"{"growth":{}}"#; 33].join(",")), 422, "33"),
        (format!("{{{window},\"filter\":{{\"stores\":[\"S999\"]}},{ask}}}"), 422, "S999"),
        (format!("{{{window},\"filter\":{{\"regions\":[\"Atlantis\"]}},{ask}}}"), 422, "filter.regions"),
    ];
    for (question, status, expected) in cases {
        let shown: String = question.chars().take(120).collect();
        let reply = post_json(served.addr, "/api/ask", &question);
        assert_eq!(reply.status, status, "{shown}: {}", reply.text());
        let error = reply.json()["error"].as_str().unwrap_or_default().to_owned();
        assert!(error.contains(expected), "{shown}: {error}");
    }
    assert_eq!(post_json(served.addr, "/api/ask", GOOD).status, 200, "it goes on");
}

#[test]
fn what_is_no_question_is_refused_early() {
    let world = World::new();
    let served = world.serve();
    let large = format!("{{\"window\":\"{}\"}}", "x".repeat(70_000));
    let reply = post_json(served.addr, "/api/ask", &large);
    assert_eq!(reply.status, 413, "{}", reply.text());
    assert!(reply.json()["error"].as_str().is_some_and(|e| e.contains("65536")));
    for declared in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"] {
        let reply = send(served.addr, "POST", "/api/ask", &[("Content-Type", declared)], GOOD.as_bytes());
        assert_eq!(reply.status, 415, "{declared}");
    }
    let declared = [("Content-Type", "application/json; charset=utf-8")];
    assert_eq!(send(served.addr, "POST", "/api/ask", &declared, GOOD.as_bytes()).status, 200);
    let reply = get(served.addr, "/api/ask");
    assert_eq!(reply.status, 405);
    assert!(reply.json()["error"].is_string());
    let reply = get(served.addr, "/api/nothing");
    assert_eq!(reply.status, 404);
    assert!(reply.json()["error"].is_string());
}
