//! Signing in by the company's provider of accounts, and every way in which its answer may not hold.

use std::time::{Duration, Instant};

use access::audit::Filter;
use access::{NewUser, Role, UnixSeconds};
use serde_json::json;

use crate::client::{Reply, get, get_with};
use crate::gate::{Gate, PASSWORD, Reader, session_of};
use crate::provider::{CLIENT, Key, Provider, SECRET, Says, claims_of, joined, now};

const RETURN: &str = "/sign-in/company/return";

/// A server with a provider, and one person who signs in by it.
struct House {
    gate: Gate,
    provider: Provider,
}

/// A browser on its way: where it was sent, and the cookie it carries.
struct Trip {
    sent: String,
    cookie: String,
}

impl Trip {
    fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 303, "{}", reply.whole());
        let cookies = reply.all("set-cookie");
        let line = cookies.iter().find(|line| line.starts_with("__Host-wellspring-company=")).expect("a cookie");
        for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"] {
            assert!(line.contains(part), "{line}");
        }
        let cookie = line.split(';').next().unwrap_or_default().to_owned();
        Self { sent: reply.header("location").to_owned(), cookie }
    }

    fn value(&self, name: &str) -> String {
        let query = self.sent.split_once('?').expect("a query").1;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

impl House {
    fn new() -> Self {
        let provider = Provider::start();
        Self { gate: Self::gate(&provider.issuer()), provider }
    }

    fn gate(issuer: &str) -> Gate {
        let config = |addr: std::net::SocketAddr| {
            let redirect = format!("http://{addr}{RETURN}");
            oidc::Config::new(issuer, CLIENT, Some(SECRET), &redirect, RETURN, oidc::NameClaim::Email).expect("good")
        };
        // The provider only compares the address of return; the test goes there itself.
        let gate = Gate::with_company(config(([127, 0, 0, 1], 1).into()));
        gate.with_access(async |access| {
            let (role, company) = (&Role::Executive, Some("li@corp.example"));
            let new = NewUser { name: "li", role, password: None, password_once: false, company };
            access.people.add_new(&new, UnixSeconds::now()).await.expect("added");
        });
        gate
    }

    fn begin(&self, query: &str) -> Trip {
        let trip = Trip::of(&get(self.gate.addr(), &format!("/sign-in/company{query}")));
        let mut says = self.provider.says();
        (says.nonce, says.challenge) = (Some(trip.value("nonce")), trip.value("code_challenge"));
        trip
    }

    fn come_back(&self, query: &str, cookie: &str) -> Reply {
        get_with(self.gate.addr(), &format!("{RETURN}?{query}"), &[("Cookie", cookie)])
    }

    /// Goes there and back, with a code that was never used.
    fn round(&self, change: impl FnOnce(&mut Says)) -> Reply {
        let trip = self.begin("?lang=en&next=%2Fstores%3Flang%3Den");
        change(&mut self.provider.says());
        self.come_back(&format!("code={}&state={}", trip.value("nonce"), trip.value("state")), &trip.cookie)
    }

    fn last_entry(&self) -> (String, String, String) {
        self.gate.with_access(async |access| {
            let found = access.audit.search(&Filter::default(), 1, None).await.expect("the audit");
            let entry = found.entries[0].entry.clone().expect("readable");
            (entry.who, entry.what, entry.subject)
        })
    }
}

fn refused(reply: &Reply, problem: &str) {
    assert_eq!((reply.status, session_of(reply)), (303, None), "{}", reply.whole());
    let location = reply.header("location");
    assert!(location.starts_with("/sign-in?") && location.ends_with(&format!("problem={problem}")), "{location}");
}

#[test]
fn who_is_known_here_is_led_to_the_provider_and_back() {
    let house = House::new();
    let form = get(house.gate.addr(), "/sign-in?lang=en&next=%2Fstores");
    assert!(form.text().contains("href=\"/sign-in/company?lang=en&amp;next=%2Fstores\""), "{}", form.text());
    let trip = house.begin("?lang=en&next=%2Fstores%3Flang%3Den");
    assert!(trip.sent.starts_with(&format!("{}/auth?", house.provider.issuer())), "{}", trip.sent);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("code_challenge_method", "S256"),
        ("scope", "openid email"),
        ("redirect_uri", "http://127.0.0.1:1/sign-in/company/return"),
    ] {
        assert_eq!(trip.value(name), value, "{}", trip.sent);
    }
    assert!(!trip.sent.contains("stores"), "the provider need not know what a reader looks at");
    let (state, nonce) = (trip.value("state"), trip.value("nonce"));
    assert!(state.len() == 64 && nonce.len() == 64 && state != nonce && !trip.cookie.contains(&state));
    let reply = house.come_back(&format!("code=c1&state={state}&iss={}", house.provider.issuer()), &trip.cookie);
    assert_eq!((reply.status, reply.header("location")), (303, "/stores?lang=en"), "{}", reply.whole());
    let cleared = reply.all("set-cookie").iter().any(|line| line.starts_with("__Host-wellspring-company=;"));
    assert!(cleared, "{}", reply.whole());
    let reader = Reader { addr: house.gate.addr(), cookie: session_of(&reply).expect("a session") };
    assert!(reader.is_in() && reader.get("/account").text().contains("li"));
    assert!(!reader.get("/account").text().contains("/account/password"), "there is no password to change");
    assert_eq!(house.last_entry(), ("li".into(), "sign_in".into(), "company".into()));
    assert_eq!(house.provider.says().discovered, 1, "asked once, and only when somebody wanted to");
}

#[test]
fn a_session_before_ends_and_every_sign_in_has_a_token_of_its_own() {
    let house = House::new();
    let east = house.gate.sign_in("east");
    let trip = house.begin("");
    let cookie = format!("{}; {}", trip.cookie, east.cookie);
    let reply = house.come_back(&format!("code=c&state={}", trip.value("state")), &cookie);
    let li = Reader { addr: house.gate.addr(), cookie: session_of(&reply).expect("a session") };
    assert!(!east.is_in() && li.is_in() && li.cookie != east.cookie);
    let again = session_of(&house.round(|_| ())).expect("a session");
    assert_ne!(again, li.cookie);
}

#[test]
fn the_next_page_is_always_one_of_ours() {
    let house = House::new();
    for next in
        ["https://evil.example", "//evil.example", "/\\evil.example", "/%09/evil.example", "/sign-out", "/api/ask"]
    {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let trip = house.begin(&format!("?{query}"));
        let back = format!("code={}&state={}&next={next}", trip.value("nonce"), trip.value("state"));
        let reply = house.come_back(&back, &trip.cookie);
        let location = reply.header("location");
        assert!(location == "/" || location == "/%09/evil.example", "{next}: {location}");
        assert!(session_of(&reply).is_some());
    }
}

#[test]
fn a_token_that_does_not_hold_signs_nobody_in() {
    type Change = fn(&mut Says);
    let cases: [(&str, Change, &str); 21] = [
        ("another nonce", |says| says.nonce = Some("x".into()), "nonce"),
        ("no nonce", |says| says.nonce = None, "nonce"),
        ("another issuer", |says| says.claims["iss"] = json!("https://evil.example"), "issuer"),
        (
            "the issuer with a slash",
            |says| says.claims["iss"] = json!(format!("{}/", says.claims["iss"].as_str().expect("text"))),
            "issuer",
        ),
        ("for another client", |says| says.claims["aud"] = json!("another"), "audience"),
        ("for another client too", |says| says.claims["aud"] = json!([CLIENT, "another"]), "audience"),
        ("for nobody", |says| says.claims["aud"] = json!([]), "audience"),
        ("expired", |says| says.claims["exp"] = json!(now() - 1), "expired"),
        ("without an end", |says| drop(says.claims.as_object_mut().expect("an object").remove("exp")), "token"),
        ("made long ago", |says| says.claims["iat"] = json!(now() - 3_600), "expired"),
        ("made tomorrow", |says| says.claims["iat"] = json!(now() + 86_400), "expired"),
        ("without a subject", |says| drop(says.claims.as_object_mut().expect("an object").remove("sub")), "token"),
        ("another key of that name", |says| says.key = Key::new("one"), "signature"),
        ("a key that is not published", |says| says.key = Key::new("two"), "signature"),
        (
            "unsigned",
            |says| says.twist = |token, _| format!("{}.", joined(&json!({ "alg": "none" }), &claims_of(&token))),
            "signature",
        ),
        (
            "signed with the client's secret",
            |says| {
                says.twist = |token, _| {
                    let signed = joined(&json!({ "alg": "HS256" }), &claims_of(&token));
                    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
                    let tag = ring::hmac::sign(&key, signed.as_bytes());
                    format!(
                        "{signed}.{}",
                        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, tag.as_ref())
                    )
                }
            },
            "signature",
        ),
        (
            "changed after it was signed",
            |says| {
                says.twist = |token, _| {
                    let mut claims = claims_of(&token);
                    claims["sub"] = json!("another");
                    let (head, rest) = token.split_once('.').expect("a head");
                    let signature = rest.split_once('.').expect("a signature").1;
                    let claims = joined(&json!({}), &claims);
                    format!("{head}.{}.{signature}", claims.split_once('.').expect("claims").1)
                }
            },
            "signature",
        ),
        ("with its signature cut", |says| says.twist = |token, _| token[..token.len() - 8].to_owned(), "signature"),
        ("no token", |says| says.twist = |_, _| String::new(), "token"),
        ("no JWT", |says| says.twist = |_, _| "x.y".to_owned(), "token"),
        ("another one's challenge", |says| says.challenge = "x".repeat(43), "code"),
    ];
    for (what, change, word) in cases {
        let house = House::new();
        refused(&house.round(change), "company_refused");
        assert_eq!(
            house.last_entry(),
            ("(unknown)".into(), "sign_in.refused".into(), format!("company: {word}")),
            "{what}"
        );
    }
}

#[test]
fn an_answer_fits_only_the_browser_that_asked_and_only_once() {
    let house = House::new();
    let (one, other) = (house.begin(""), house.begin(""));
    let (state, of_other) = (one.value("state"), other.value("state"));
    let (later, _) = one.cookie.split_once(':').expect("a time");
    let later = format!("{later}:{}::", now() + 60);
    let cases: [(String, &str, &str); 9] = [
        ("code=c".into(), &one.cookie, "company: state"),
        ("code=c&state=".into(), &one.cookie, "company: state"),
        (format!("code=c&state={of_other}"), &one.cookie, "company: state"),
        (format!("code=c&state={}", &state[..63]), &one.cookie, "company: state"),
        (format!("code=c&state={state}"), "", "company: cookie"),
        (format!("code=c&state={state}"), &later, "company: state"),
        (format!("code=c&state={state}"), "__Host-wellspring-company=x", "company: cookie"),
        (format!("error=access_denied&state={state}"), &one.cookie, "company: cancelled"),
        (format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example"), &one.cookie, "company: issuer"),
    ];
    for (query, cookie, word) in cases {
        let reply = house.come_back(&query, cookie);
        refused(&reply, "company_refused");
        assert_eq!(house.last_entry().2, word, "{query}");
        let cleared = reply.all("set-cookie").iter().any(|line| line.starts_with("__Host-wellspring-company=;"));
        assert!(cleared, "it came once, whatever came of it");
    }
    let trip = house.begin("");
    let query = format!("code=once&state={}", trip.value("state"));
    assert!(session_of(&house.come_back(&query, &trip.cookie)).is_some());
    refused(&house.come_back(&query, &trip.cookie), "company_refused");
    assert_eq!(house.last_entry().2, "company: code", "the provider takes a code once");
}

#[test]
fn only_whom_an_admin_added_by_a_verified_address_gets_in() {
    type Change = fn(&mut Says);
    let cases: [(&str, Change, bool); 8] = [
        ("as it is", |_| (), true),
        ("in capitals", |says| says.claims["email"] = json!("LI@corp.example"), true),
        ("another address", |says| says.claims["email"] = json!("wang@corp.example"), false),
        ("not verified", |says| says.claims["email_verified"] = json!(false), false),
        (
            "not said to be",
            |says| drop(says.claims.as_object_mut().expect("an object").remove("email_verified")),
            false,
        ),
        ("no address", |says| drop(says.claims.as_object_mut().expect("an object").remove("email")), false),
        ("a local name", |says| says.claims["email"] = json!("east"), false),
        ("an admin by claim", |says| says.claims["role"] = json!("admin"), true),
    ];
    for (what, change, gets_in) in cases {
        let house = House::new();
        let reply = house.round(change);
        match gets_in {
            true => assert!(session_of(&reply).is_some(), "{what}: {}", reply.whole()),
            false => refused(&reply, "company_unknown"),
        }
        let reader = Reader { addr: house.gate.addr(), cookie: session_of(&reply).unwrap_or_default() };
        assert_ne!(reader.get("/admin").status, 200, "{what}: what they may do is said here alone");
    }
    let house = House::new();
    assert!(session_of(&house.round(|_| ())).is_some());
    refused(&house.round(|says| says.claims["sub"] = json!("heir")), "company_unknown");
    assert!(
        session_of(&house.round(|says| {
            says.claims["sub"] = json!("7f3a");
            says.claims["email"] = json!("li.married@corp.example");
        }))
        .is_some()
    );
    house.gate.with_access(async |access| access.people.set_disabled("li", true).await.expect("disabled"));
    refused(&house.round(|_| ()), "company_unknown");
}

#[test]
fn what_the_token_has_no_room_for_is_asked_for() {
    let without = |says: &mut Says, info| {
        let claims = says.claims.as_object_mut().expect("an object");
        claims.remove("email");
        claims.remove("email_verified");
        says.info = Some(info);
    };
    let info = json!({ "sub": "7f3a", "email": "li@corp.example", "email_verified": true });
    for (what, info, problem) in [
        ("as it is", info.clone(), None),
        ("not verified", json!({ "sub": "7f3a", "email": "li@corp.example" }), Some("company_unknown")),
        (
            "of another account",
            json!({ "sub": "9b21", "email": "li@corp.example", "email_verified": true }),
            Some("company_refused"),
        ),
        ("of nobody", json!({ "email": "li@corp.example", "email_verified": true }), Some("company_refused")),
    ] {
        let house = House::new();
        without(&mut house.provider.says(), info);
        let reply = house.round(|_| ());
        match problem {
            None => assert!(session_of(&reply).is_some(), "{what}: {}", reply.whole()),
            Some(problem) => refused(&reply, problem),
        }
    }
}

#[test]
fn a_key_that_is_new_is_looked_for() {
    let house = House::new();
    assert!(session_of(&house.round(|_| ())).is_some());
    let reply = house.round(|says| {
        says.key = Key::new("two");
        says.published = vec![says.key.public()];
    });
    assert!(session_of(&reply).is_some(), "{}", reply.whole());
    assert_eq!(house.provider.says().discovered, 2);
    refused(&house.round(|says| says.key = Key::new("three")), "company_refused");
    assert_eq!(house.provider.says().discovered, 2, "not again and again");
}

#[test]
fn a_provider_that_is_down_breaks_no_password() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let gate = House::gate(&format!("http://{closed}"));
    let reply = get(gate.addr(), "/sign-in/company?lang=en&next=%2Fstores");
    refused(&reply, "company_down");
    let form = get(gate.addr(), reply.header("location"));
    assert!(form.text().contains("does not answer") && form.text().contains("value=\"/stores\""), "{}", form.text());
    assert_eq!(gate.try_sign_in("east", PASSWORD, "", "").status, 303);

    let house = House::new();
    house.provider.says().delay = Duration::from_secs(30);
    let addr = house.gate.addr();
    let slow = std::thread::spawn(move || (Instant::now(), get(addr, "/sign-in/company"), Instant::now()));
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    assert_eq!(house.gate.try_sign_in("east", PASSWORD, "", "").status, 303);
    assert!(begun.elapsed() < Duration::from_secs(3), "nobody waits for the provider");
    let (begun, reply, ended) = slow.join().expect("it ends");
    refused(&reply, "company_down");
    assert!(ended - begun < Duration::from_secs(12), "{:?}", ended - begun);
    let begun = Instant::now();
    refused(&get(addr, "/sign-in/company"), "company_down");
    assert!(begun.elapsed() < Duration::from_secs(2), "it is spared for a while, and so is the reader");
}

#[test]
fn a_provider_that_is_another_or_sends_people_to_plain_http_is_none() {
    for (what, discovery) in [
        ("another issuer", json!({ "issuer": "https://evil.example" })),
        ("a page without TLS", json!({ "authorization_endpoint": "http://accounts.example/auth" })),
        ("keys without TLS", json!({ "jwks_uri": "http://accounts.example/jwks" })),
    ] {
        let house = House::new();
        house.provider.says().discovery = discovery;
        let reply = get(house.gate.addr(), "/sign-in/company");
        refused(&reply, "company_down");
        assert!(reply.all("set-cookie").is_empty(), "{what}");
    }
    let house = House::new();
    house.provider.says().discovery = json!({ "token_endpoint": "http://accounts.example/token" });
    refused(&house.round(|_| ()), "company_down");
}

#[test]
fn a_server_without_a_provider_has_no_such_addresses() {
    let gate = Gate::new();
    assert!(!get(gate.addr(), "/sign-in").text().contains("/sign-in/company"));
    for path in ["/sign-in/company", RETURN] {
        assert_eq!(get(gate.addr(), path).status, 404, "{path}");
    }
    for word in ["company_down", "company_refused", "company_unknown", "", "x", "%3Cscript%3E"] {
        assert_eq!(get(gate.addr(), &format!("/sign-in?problem={word}")).status, 200, "{word}");
    }
}
