//! Forms and questions that another site sends in a reader's name.

use crate::client::{get, send};
use crate::gate::{Form, Gate, PASSWORD, post_form, session_of};

/// A form's names and values.
type Fields = Vec<(&'static str, String)>;

const QUESTION: &[u8] = br#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#;

#[test]
fn nobody_is_signed_out_by_another_site() {
    let gate = Gate::new();
    let (east, west) = (gate.sign_in("east"), gate.sign_in("west"));
    let (token, of_west) = (east.token(), west.token());
    let of_form = Form::of(&get(gate.addr(), "/sign-in")).token;
    let [token, of_west, of_form] = [&token, &of_west, &of_form].map(String::as_str);
    let cut = &token[..token.len() - 1];
    let own = gate.origin();
    let port_off = format!("http://127.0.0.1:{}", gate.addr().port().wrapping_add(1));
    let origin = |origin: &str| vec![("Origin", origin.to_owned())];
    let site = |site: &str| vec![("Sec-Fetch-Site", site.to_owned()), ("Origin", own.clone())];
    let cases: Vec<(&str, &str, Fields)> = vec![
        ("no token", "", origin(&own)),
        ("a made-up token", "0000", origin(&own)),
        ("a token cut short", cut, origin(&own)),
        ("another session's token", of_west, origin(&own)),
        ("the sign-in form's token", of_form, origin(&own)),
        ("another site", token, origin("https://evil.example")),
        ("another port", token, origin(&port_off)),
        ("a sandboxed frame", token, origin("null")),
        ("ours as a prefix", token, origin(&format!("{own}.evil.example"))),
        ("no origin at all", token, vec![]),
        ("said to be cross-site", token, site("cross-site")),
        ("said to be a neighbour's", token, site("same-site")),
        ("said to be nobody's", token, site("none")),
        ("two headers that disagree", token, vec![("Sec-Fetch-Site", "cross-site".into()), ("Origin", own.clone())]),
    ];
    assert!(cases.len() >= 10);
    for path in ["/sign-out", "/sign-out-everywhere"] {
        for (what, token, headers) in &cases {
            let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
            let headers: Vec<_> = headers.chain([("Cookie", east.cookie.as_str())]).collect();
            let reply = post_form(gate.addr(), path, &headers, &[("form", *token)]);
            assert_eq!(reply.status, 403, "{path}, {what}: {}", reply.whole());
            assert!(reply.all("set-cookie").is_empty() && east.is_in(), "{path}, {what}");
        }
        // The token in the address, where it could be read from a log, is none.
        assert_eq!(east.post(&format!("{path}?form={token}"), &[]).status, 403);
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json", ""] {
            let headers = [("Cookie", east.cookie.as_str()), ("Origin", own.as_str()), ("Content-Type", kind)];
            let reply = send(gate.addr(), "POST", path, &headers, format!("form={token}").as_bytes());
            assert_eq!(reply.status, 400, "{path}, {kind}");
        }
        for method in ["GET", "PUT", "DELETE"] {
            let reply = send(gate.addr(), method, path, &[("Cookie", east.cookie.as_str())], b"");
            assert_eq!(reply.status, 405, "{method} {path}");
        }
        assert!(east.is_in());
    }
    assert_eq!(east.post("/sign-out", &[("form", token)]).status, 303, "the right one works");
}

#[test]
fn nobody_is_signed_in_as_somebody_else_by_another_site() {
    let gate = Gate::new();
    let (one, other) = (Form::of(&get(gate.addr(), "/sign-in")), Form::of(&get(gate.addr(), "/sign-in")));
    let own = gate.origin();
    let cases: [(&str, &str, &str, &str); 7] = [
        ("no cookie", "", one.token.as_str(), own.as_str()),
        ("another browser's cookie", &other.cookie, &one.token, &own),
        ("no token", &one.cookie, "", &own),
        ("another site", &one.cookie, &one.token, "https://evil.example"),
        ("a sandboxed frame", &one.cookie, &one.token, "null"),
        ("no origin", &one.cookie, &one.token, ""),
        ("a cookie of another name", &one.cookie.replace("__Host-", ""), &one.token, &own),
    ];
    for (what, cookie, token, origin) in cases {
        let fields = [("form", token), ("name", "east"), ("password", PASSWORD)];
        let reply = post_form(gate.addr(), "/sign-in", &[("Cookie", cookie), ("Origin", origin)], &fields);
        assert_eq!((reply.status, session_of(&reply)), (403, None), "{what}");
        assert!(!reply.text().contains(PASSWORD), "{what}");
    }
    let fields = [("form", one.token.as_str()), ("name", "east"), ("password", PASSWORD)];
    let reply = post_form(gate.addr(), "/sign-in", &[("Cookie", &one.cookie), ("Origin", &own)], &fields);
    assert_eq!(reply.status, 303);
    let large = "x".repeat(20_000);
    let fields = [("form", one.token.as_str()), ("name", large.as_str()), ("password", PASSWORD)];
    let reply = post_form(gate.addr(), "/sign-in", &[("Cookie", &one.cookie), ("Origin", &own)], &fields);
    assert_eq!(reply.status, 400, "a form larger than any of ours");
}

#[test]
fn no_other_site_asks_in_a_readers_name() {
    let gate = Gate::new();
    let east = gate.sign_in("east");
    let json = ("Content-Type", "application/json");
    let own = gate.origin();
    for (headers, status) in [
        (vec![json, ("Origin", "https://evil.example")], 403),
        (vec![json, ("Origin", "null")], 403),
        (vec![json, ("Sec-Fetch-Site", "cross-site")], 403),
        (vec![json, ("Sec-Fetch-Site", "same-site"), ("Origin", own.as_str())], 403),
        (vec![("Content-Type", "text/plain")], 415),
        (vec![("Content-Type", "application/x-www-form-urlencoded")], 415),
        (vec![json, ("Origin", own.as_str())], 200),
        (vec![json, ("Sec-Fetch-Site", "same-origin")], 200),
        (vec![json], 200),
    ] {
        let headers: Vec<_> = headers.into_iter().chain([("Cookie", east.cookie.as_str())]).collect();
        let reply = send(gate.addr(), "POST", "/api/ask", &headers, QUESTION);
        assert_eq!(reply.status, status, "{headers:?}: {}", reply.whole());
        assert_eq!(reply.header("access-control-allow-origin"), "");
    }
    let preflight = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
    let reply = send(gate.addr(), "OPTIONS", "/api/ask", &preflight, b"");
    assert!(reply.status >= 400 && reply.header("access-control-allow-origin").is_empty(), "{}", reply.whole());
}
