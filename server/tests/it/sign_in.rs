//! Signing in and out, as a browser without JavaScript does it.

use access::audit::Entry;

use crate::client::{get, get_with, send};
use crate::gate::{Form, Gate, PASSWORD, Reader, session_of};
use crate::world::{World, wait_until};

#[test]
fn who_is_not_signed_in_is_led_to_the_form_and_back() {
    let gate = Gate::new();
    for (page, location) in [
        ("/", "/sign-in"),
        ("/stores?by=sales&lang=en", "/sign-in?lang=en&next=%2Fstores%3Fby%3Dsales%26lang%3Den"),
        ("/stores/EAST-S1", "/sign-in?next=%2Fstores%2FEAST-S1"),
        ("/account", "/sign-in?next=/account"),
    ] {
        let reply = get(gate.addr(), page);
        assert_eq!((reply.status, reply.header("location")), (303, location), "{page}");
        assert_eq!(reply.header("cache-control"), "no-store", "{page}");
    }
    let form = get(gate.addr(), "/sign-in?lang=en&next=%2Fstores%3Fby%3Dsales");
    assert!(form.text().contains("value=\"/stores?by=sales\"") && form.text().contains("Sign in</button>"));
    let reply = gate.try_sign_in("east", PASSWORD, "/stores?by=sales", "");
    assert_eq!((reply.status, reply.header("location")), (303, "/stores?by=sales"));
    let reader = Reader { addr: gate.addr(), cookie: session_of(&reply).expect("a session") };
    assert_eq!(reader.get("/stores?by=sales").status, 200);
    assert_eq!(reader.get("/sign-in?next=%2Fdata").header("location"), "/data", "who is in goes on");
}

#[test]
fn programs_are_told_in_json_and_strangers_learn_nothing() {
    let gate = Gate::new();
    for path in ["/snapshot/manifest.json", "/snapshot/shards/x.arrow", "/export/growth.csv", "/export/data.xlsx"] {
        let reply = get(gate.addr(), path);
        assert_eq!(reply.status, 401, "{path}");
        assert!(reply.json()["error"].as_str().is_some_and(|error| error.contains("/sign-in")), "{path}");
    }
    let ask = send(gate.addr(), "POST", "/api/ask", &[("Content-Type", "application/json")], b"{}");
    assert_eq!(ask.status, 401);
    assert_eq!(get(gate.addr(), "/healthz").json(), serde_json::json!({ "status": "ok" }));
    let (token, made_up) = ("A".repeat(86), format!("__Host-wellspring={}", "B".repeat(86)));
    for cookie in ["", "__Host-wellspring=", "__Host-wellspring=x", &made_up, &format!("wellspring={token}")] {
        assert_eq!(get_with(gate.addr(), "/snapshot/manifest.json", &[("Cookie", cookie)]).status, 401, "{cookie}");
    }
}

#[test]
fn the_form_is_kept_by_nobody_and_needs_no_script() {
    let gate = Gate::new();
    for (accepted, language) in [("zh-CN,zh;q=0.9", "登录</button>"), ("en-GB", "Sign in</button>")] {
        let form = get_with(gate.addr(), "/sign-in", &[("Accept-Language", accepted)]);
        assert_eq!((form.status, form.header("cache-control")), (200, "no-store"));
        assert!(form.text().contains(language), "{}", form.text());
        let policy = form.header("content-security-policy");
        assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(form.text().contains("href=\"/style-0123456789abcdef.css\""), "it has the look of the house");
        assert!(!form.text().contains("app-0123456789abcdef.js"), "no program takes it over");
        let cookie = form.header("set-cookie");
        for part in ["__Host-wellspring-form=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
}

#[test]
fn a_session_is_a_cookie_that_only_this_host_gets() {
    let gate = Gate::new();
    let reply = gate.try_sign_in("East", PASSWORD, "", "");
    let lines = reply.all("set-cookie");
    let session = lines.iter().find(|line| line.starts_with("__Host-wellspring=")).expect("a session");
    for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(session.contains(part) && !session.contains("Domain"), "{session}");
    }
    assert!(lines.iter().any(|line| line.starts_with("__Host-wellspring-form=;") && line.contains("Max-Age=0")));
}

#[test]
fn whatever_is_wrong_gets_the_same_answer() {
    let gate = Gate::new();
    gate.with_access(async |access| access.people.set_disabled("west", true).await.expect("a change"));
    let told = |name: &str, password: &str| {
        let reply = gate.try_sign_in(name, password, "/data", "");
        assert_eq!((reply.status, session_of(&reply)), (403, None), "{name}");
        let (_, form) = reply.text().split_once("<body").expect("a body");
        let typed = format!("name=\"name\" value=\"{name}\"");
        assert!(form.contains(&typed) && form.contains("value=\"/data\""), "what was typed stays: {form}");
        assert!(!reply.text().contains(password), "but for the password");
        let token =
            form.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
        form.replace(token, "TOKEN").replace(&typed, "NAME")
    };
    let wrong = told("east", "not the right password");
    assert!(wrong.contains("role=\"alert\""), "{wrong}");
    assert_eq!(told("nobody", "not the right password"), wrong);
    assert_eq!(told("west", PASSWORD), wrong, "disabled");
}

#[test]
fn the_next_page_is_always_one_of_ours() {
    let gate = Gate::new();
    for (name, next) in [
        ("east", "https://evil.example/"),
        ("east", "//evil.example"),
        ("east", "/\\evil.example"),
        ("east", "/\t/evil.example"),
        ("east", "javascript:alert(1)"),
        ("west", "/x\r\nSet-Cookie: a=b"),
        ("west", "/sign-out"),
        ("west", "/api/ask"),
    ] {
        let reply = gate.try_sign_in(name, PASSWORD, next, "");
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{next:?}");
        let form = get(gate.addr(), &format!("/sign-in?next={}", next.replace(['\r', '\n', '\t'], "%0A")));
        assert!(!form.text().contains("name=\"next\""), "{next:?}");
    }
}

#[test]
fn too_many_tries_wait_and_are_told_how_long() {
    let gate = Gate::new();
    let tries: Vec<_> = (0..11).map(|_| gate.try_sign_in("east", "not the right password", "", "")).collect();
    assert!(tries[..10].iter().all(|reply| reply.status == 403));
    let last = &tries[10];
    assert_eq!(last.status, 429);
    let seconds: u64 = last.header("retry-after").parse().expect("seconds");
    assert!((1..=31).contains(&seconds), "{seconds}");
    assert_eq!(gate.try_sign_in("east", PASSWORD, "", "").status, 429, "the right one waits as well");
    assert_eq!(gate.try_sign_in("west", PASSWORD, "", "").status, 303, "others do not");
}

#[test]
fn a_sign_in_ends_the_session_before_it_and_never_takes_its_token_over() {
    let gate = Gate::new();
    let first = gate.sign_in("east");
    let reply = gate.try_sign_in("west", PASSWORD, "", &first.cookie);
    let second = Reader { addr: gate.addr(), cookie: session_of(&reply).expect("a session") };
    assert_ne!(first.cookie, second.cookie);
    assert!(!first.is_in() && second.is_in());
    let fixed = format!("__Host-wellspring={}", "C".repeat(86));
    let reply = gate.try_sign_in("west", PASSWORD, "", &fixed);
    assert_ne!(session_of(&reply).expect("a session"), fixed, "a token that was there before is never the one after");
}

#[test]
fn signing_out_ends_one_session_and_clears_what_the_browser_kept() {
    let gate = Gate::new();
    let (here, there, other) = (gate.sign_in("east"), gate.sign_in("east"), gate.sign_in("west"));
    let reply = here.post("/sign-out", &[("form", &here.token())]);
    assert_eq!((reply.status, reply.header("location")), (303, "/sign-in"), "{}", reply.whole());
    assert_eq!(reply.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(
        reply.header("set-cookie").contains("__Host-wellspring=;") && reply.header("set-cookie").contains("Max-Age=0")
    );
    assert!(!here.is_in() && there.is_in());
    let reply = there.post("/sign-out-everywhere", &[("form", &there.token())]);
    assert_eq!(reply.status, 303);
    assert!(!there.is_in() && other.is_in());
    assert_eq!(here.post("/sign-out", &[]).status, 303, "who is out already is out");
}

#[test]
fn signing_out_everywhere_ends_every_session_of_that_user() {
    let gate = Gate::new();
    let sessions = [(); 3].map(|()| gate.sign_in("east"));
    assert_eq!(sessions[0].post("/sign-out-everywhere", &[("form", &sessions[0].token())]).status, 303);
    assert!(sessions.iter().all(|session| !session.is_in()));
}

#[test]
fn who_is_disabled_or_given_another_role_elsewhere_is_out_within_seconds() {
    let gate = Gate::new();
    let (east, west) = (gate.sign_in("east"), gate.sign_in("west"));
    gate.with_access(async |access| {
        access.people.set_disabled("east", true).await.expect("a change");
        access.people.set_role("west", &access::Role::Executive).await.expect("a change");
    });
    wait_until("both are out", || !east.is_in() && !west.is_in());
    assert_eq!(gate.sign_in("west").get("/snapshot/manifest.json").json()["scope"], "all");
}

#[test]
fn the_audit_says_who_did_what_and_holds_no_secret() {
    let gate = Gate::new();
    gate.try_sign_in("east", "my secret password", "", "");
    gate.try_sign_in("hunter2-typed-in-the-wrong-field", "x", "", "");
    let east = gate.sign_in("East");
    east.ask(r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#);
    east.get("/export/stores.csv?region=x");
    east.post("/sign-out", &[("form", &east.token())]);
    let (entries, sound) = gate.with_access(async |access| {
        (access.audit.latest(100, None).await.expect("entries"), access.audit.verify(None).await.expect("answers"))
    });
    let said: Vec<_> = entries
        .iter()
        .rev()
        .map(|Entry { who, what, subject, scope, .. }| {
            (who.as_str(), what.as_str(), subject.as_str(), scope.as_deref().unwrap_or_default())
        })
        .collect();
    let expected = [
        ("east", "sign_in.refused", "", ""),
        ("(unknown)", "sign_in.refused", "", ""),
        ("east", "sign_in", "", "region:华东"),
        ("east", "ask", "", "region:华东"),
        ("east", "export", "/export/stores.csv", "region:华东"),
        ("east", "sign_out", "", ""),
    ];
    assert_eq!(said, expected);
    assert_eq!(sound.expect("the chain is whole").entries, 6);
    assert!(entries.iter().all(|entry| entry.address.as_deref() == Some("127.0.0.1")));
    let text = format!("{entries:?}");
    let token = east.cookie.split_once('=').expect("a pair").1;
    assert!(!text.contains("hunter2") && !text.contains("my secret") && !text.contains(token), "{text}");
}

#[test]
fn an_open_server_has_no_door_and_serves_this_machine_alone() {
    let world = World::new();
    let served = world.serve();
    for path in ["/sign-in", "/account"] {
        assert_eq!(get(served.addr, path).status, 404, "{path}");
    }
    assert!(!get(served.addr, "/").text().contains("/account"));
    for path in ["/", "/snapshot/manifest.json", "/export/growth.csv"] {
        // As from a site whose name was made to lead here.
        let mut stream = std::net::TcpStream::connect(served.addr).expect("the server listens");
        let request = format!("GET {path} HTTP/1.0\r\nHost: evil.example:{}\r\n\r\n", served.addr.port());
        std::io::Write::write_all(&mut stream, request.as_bytes()).expect("sent");
        let mut reply = String::new();
        std::io::Read::read_to_string(&mut stream, &mut reply).expect("answered");
        assert!(reply.lines().next().is_some_and(|line| line.contains(" 421 ")), "{path}: {reply}");
    }
}

#[test]
fn the_account_says_who_is_in_and_what_they_see() {
    let gate = Gate::new();
    let (east, boss) = (gate.sign_in("east"), gate.sign_in("boss"));
    let page = east.get("/account?lang=en");
    assert!(page.text().contains("Signed in: east") && page.text().contains("华东"), "{}", page.text());
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(boss.get("/account?lang=en").text().contains("all regions"));
    assert!(east.get("/?lang=en").text().contains("href=\"/account?lang=en\""), "every page leads there");
    assert_ne!(Form::of(&page).token, boss.token());
}
