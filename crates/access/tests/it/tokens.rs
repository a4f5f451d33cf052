//! What tokens show, and a table of what they must not: each line says what is wrong and the code it gives.

use access::Scope;
use access::embed::{Locale, Theme};
use serde_json::{Value, json};

use crate::mint::{Portals, claims, header, message, sign_hs256, with};
use crate::world::{NOW, World, on_both};

on_both! {
    an_honest_token_shows_what_it_says,
    a_token_says_little_and_gets_little,
    clocks_may_differ_a_little,
    a_key_that_demands_gets_what_it_demands,
    everything_else_is_refused_by_name,
}

async fn an_honest_token_shows_what_it_says(world: World) {
    let keys = &world.access.keys;
    let portals = Portals::new(keys).await;
    let payload = json!({
        "exp": NOW.0 + 3_600, "iat": NOW.0, "nbf": NOW.0, "sub": "员工 7", "jti": "x", "iss": "anyone",
        "scope": "region:East", "views": ["funnel", "growth"], "locale": "zh-CN", "theme": "dark",
        "aggregate_only": false,
        "filters": {"locked": {"channels": ["wechat"], "tiers": ["gold"]}, "free": ["stores", "campaigns"]},
    });
    let grant = keys.verify(&portals.ed(&payload.to_string()), NOW).await.expect("honest");
    assert_eq!(grant.scope, Scope::Region("East".into()));
    assert_eq!(grant.views, ["funnel", "growth"]);
    assert_eq!((grant.locale, grant.theme), (Some(Locale::Chinese), Some(Theme::Dark)));
    assert_eq!((grant.subject.as_deref(), grant.aggregate_only), (Some("员工 7"), false));
    assert_eq!(
        (grant.filters.locked.channels, grant.filters.locked.tiers),
        (vec!["wechat".into()], vec!["gold".into()])
    );
    assert!(grant.filters.free.iter().eq(["campaigns", "stores"]));
    assert_eq!((grant.expires, grant.key.kid.as_str()), (NOW.plus(3_600), portals.ed.kid.as_str()));
    assert!(grant.key.allows_origin("https://portal.example"));
}

async fn a_token_says_little_and_gets_little(world: World) {
    let keys = &world.access.keys;
    let portals = Portals::new(keys).await;
    for token in [portals.ed(&claims().to_string()), portals.hs(&claims().to_string())] {
        let grant = keys.verify(&token, NOW).await.expect("honest");
        assert!(grant.aggregate_only && grant.filters.free.is_empty() && grant.filters.locked.is_all());
        assert_eq!((grant.locale, grant.theme, grant.subject), (None, None, None));
    }
    for header in
        [json!({"kid": portals.ed.kid, "alg": "EdDSA"}), json!({"alg": "EdDSA", "typ": "jwt", "kid": portals.ed.kid})]
    {
        keys.verify(&portals.headed(&header.to_string()), NOW).await.expect("typ may be missing or small");
    }
}

async fn clocks_may_differ_a_little(world: World) {
    let keys = &world.access.keys;
    let portals = Portals::new(keys).await;
    for (payload, now) in [
        (with("nbf", json!(NOW.0 + 30)), NOW),
        (with("iat", json!(NOW.0 + 30)), NOW),
        (with("exp", json!(NOW.0 + 1)), NOW),
        (claims().to_string(), NOW.plus(599)),
        (claims().to_string(), NOW.plus(600 - 3_600)),
    ] {
        keys.verify(&portals.ed(&payload), now).await.unwrap_or_else(|refusal| panic!("{payload}: {refusal}"));
    }
}

async fn a_key_that_demands_gets_what_it_demands(world: World) {
    let keys = &world.access.keys;
    let portals = Portals::new(keys).await;
    for aud in [json!("wells"), json!(["other", "wells"])] {
        let mut payload = claims();
        (payload["iss"], payload["aud"]) = (json!("https://portal.example"), aud);
        keys.verify(&portals.strict(&payload.to_string()), NOW).await.expect("as demanded");
    }
}

async fn everything_else_is_refused_by_name(world: World) {
    let keys = &world.access.keys;
    let portals = Portals::new(keys).await;
    let cases = cases(&portals);
    assert!(cases.len() >= 100, "{}", cases.len());
    for (wrong, code, token) in cases {
        let refusal = match keys.verify(&token, NOW).await {
            Err(refusal) => refusal,
            Ok(grant) => panic!("{wrong}: {grant:?}"),
        };
        assert_eq!(refusal.code(), code, "{wrong}: {refusal}");
        let sentence = refusal.to_string();
        assert!(sentence.len() < 400 && !sentence.contains('\n'), "{wrong}: {sentence}");
        assert!(token.len() < 20 || !sentence.contains(&token), "{wrong}: the log has the token");
        for part in token.split('.').filter(|part| part.len() > 40) {
            assert!(!sentence.contains(part), "{wrong}: the log has a part of the token");
        }
    }
}

type Case = (&'static str, &'static str, String);

fn cases(portals: &Portals) -> Vec<Case> {
    [shapes(portals), headers(portals), signatures(portals), payloads(portals), times(portals), grants(portals)]
        .concat()
}

fn shapes(portals: &Portals) -> Vec<Case> {
    let good = portals.ed(&claims().to_string());
    let parts: Vec<&str> = good.split('.').collect();
    vec![
        ("nothing", "token_missing", String::new()),
        ("one part", "token_parts", "abc".into()),
        ("two dots missing", "token_parts", parts.concat()),
        ("one dot missing", "token_parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", "token_parts", format!("{good}.")),
        ("five parts, as encrypted tokens have", "token_parts", format!("{good}.a.b")),
        ("100 kB", "token_too_long", "a".repeat(100_000)),
        ("one byte too long", "token_too_long", "a".repeat(8_193)),
        ("only dots", "header_form", "..".into()),
        ("no signature", "signature", format!("{}.{}.", parts[0], parts[1])),
        ("no payload", "signature", format!("{}..{}", parts[0], parts[2])),
        ("no header", "header_form", format!(".{}.{}", parts[1], parts[2])),
        ("padded header", "token_encoding", format!("{}==.{}.{}", parts[0], parts[1], parts[2])),
        ("padded payload", "token_encoding", format!("{}.{}==.{}", parts[0], parts[1], parts[2])),
        ("padded signature", "token_encoding", format!("{good}==")),
        ("standard base64", "token_encoding", format!("{}.{}.++//", parts[0], parts[1])),
        ("white space before", "token_encoding", format!(" {good}")),
        ("a line break after", "token_encoding", format!("{good}\n")),
        ("a zero byte", "token_encoding", format!("{good}\u{0}")),
        ("full-width letters", "token_encoding", format!("{}.{}.Ａ", parts[0], parts[1])),
        ("a scheme before it", "token_encoding", format!("Bearer {good}")),
    ]
}

fn headers(portals: &Portals) -> Vec<Case> {
    let kid = &portals.ed.kid;
    let plus = |name: &str, value: Value| {
        let mut header = json!({"alg": "EdDSA", "kid": kid});
        header[name] = value;
        portals.headed(&header.to_string())
    };
    vec![
        ("header no JSON", "header_form", portals.headed("EdDSA")),
        ("header cut", "header_form", portals.headed(r#"{"alg":"EdDSA""#)),
        ("header a list", "header_form", portals.headed(r#"["EdDSA"]"#)),
        ("header followed by more", "header_form", portals.headed(&(header("EdDSA", kid) + "{}"))),
        ("header not UTF-8", "header_form", "__8.e30.e30".into()),
        ("alg twice", "header_form", portals.headed(&format!(r#"{{"alg":"none","alg":"EdDSA","kid":"{kid}"}}"#))),
        ("kid twice", "header_form", portals.headed(&format!(r#"{{"alg":"EdDSA","kid":"{kid}","kid":"{kid}"}}"#))),
        ("alg a number", "header_form", plus("alg", json!(1))),
        ("alg null", "header_form", plus("alg", Value::Null)),
        ("alg missing", "alg_not_allowed", portals.headed(&json!({"kid": kid}).to_string())),
        ("alg empty", "alg_not_allowed", plus("alg", json!(""))),
        ("alg none", "alg_not_allowed", message(&header("none", kid), &claims().to_string()) + "."),
        ("alg None", "alg_not_allowed", message(&header("None", kid), &claims().to_string()) + "."),
        ("alg nOnE, signed", "alg_not_allowed", portals.headed(&header("nOnE", kid))),
        ("alg eddsa in small letters", "alg_not_allowed", portals.headed(&header("eddsa", kid))),
        (
            "alg HS512",
            "alg_not_allowed",
            sign_hs256(portals.secret.as_str().as_bytes(), &header("HS512", &portals.hs.kid), &claims().to_string()),
        ),
        ("alg RS256", "alg_not_allowed", portals.headed(&header("RS256", kid))),
        ("alg ES256", "alg_not_allowed", portals.headed(&header("ES256", kid))),
        ("kid missing", "kid_missing", portals.headed(r#"{"alg":"EdDSA"}"#)),
        ("kid a number", "header_form", plus("kid", json!(7))),
        ("kid null", "header_form", plus("kid", Value::Null)),
        ("kid empty", "kid_form", portals.headed(&header("EdDSA", ""))),
        ("kid a path", "kid_form", portals.headed(&header("EdDSA", "../../../../dev/null"))),
        ("kid a Windows path", "kid_form", portals.headed(&header("EdDSA", "..\\key"))),
        ("kid SQL", "kid_form", portals.headed(&header("EdDSA", "x' UNION SELECT 'key' --"))),
        ("kid an address", "kid_form", portals.headed(&header("EdDSA", "https://evil.example/key"))),
        ("kid a command", "kid_form", portals.headed(&header("EdDSA", "$(id)|id"))),
        ("kid with a zero", "kid_form", portals.headed(&header("EdDSA", "a\u{0}b"))),
        ("kid with a line break", "kid_form", portals.headed(&header("EdDSA", "a\nlevel=info all is well"))),
        ("kid with white space", "kid_form", portals.headed(&header("EdDSA", &format!(" {kid}")))),
        ("kid too long", "kid_form", portals.headed(&header("EdDSA", &"k".repeat(65)))),
        ("kid of nobody", "kid_unknown", portals.headed(&header("EdDSA", "nobodys"))),
        ("kid in other case", "kid_unknown", portals.headed(&header("EdDSA", &swapped_case(kid)))),
        ("kid revoked", "key_revoked", portals.headed(&header("EdDSA", &portals.revoked.kid))),
        ("typ another", "header_typ", plus("typ", json!("at+jwt"))),
        ("typ a list", "header_form", plus("typ", json!(["JWT"]))),
        ("crit", "header_field", plus("crit", json!(["exp"]))),
        ("b64 off", "header_field", plus("b64", json!(false))),
        (
            "a key brought along",
            "header_field",
            plus("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": portals.stranger.public_key()})),
        ),
        ("an address of keys", "header_field", plus("jku", json!("https://evil.example/jwks.json"))),
        ("a certificate", "header_field", plus("x5c", json!(["MIIB"]))),
        ("an address of a certificate", "header_field", plus("x5u", json!("https://evil.example/c.pem"))),
        ("compressed", "header_field", plus("zip", json!("DEF"))),
        ("nested", "header_field", plus("cty", json!("JWT"))),
    ]
}

fn signatures(portals: &Portals) -> Vec<Case> {
    let (good, kid) = (claims().to_string(), &portals.ed.kid);
    let signed = portals.ed(&good);
    let (unsigned, signature) = signed.rsplit_once('.').expect("three parts");
    let x = portals.signer.public_key();
    let raw = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &x).expect("its own");
    let secret = portals.secret.as_str();
    let hs = |secret: &[u8], kid: &str| sign_hs256(secret, &header("HS256", kid), &good);
    vec![
        ("HS256 with the public key's bytes as secret", "alg_mismatch", hs(&raw, kid)),
        ("HS256 with the public key's text as secret", "alg_mismatch", hs(x.as_bytes(), kid)),
        ("HS256 with no secret for an EdDSA key", "alg_mismatch", hs(b"", kid)),
        ("EdDSA for an HS256 key", "alg_mismatch", portals.signer.sign(&header("EdDSA", &portals.hs.kid), &good)),
        ("HS256 with no secret", "signature", hs(b"", &portals.hs.kid)),
        ("HS256 with the kid as secret", "signature", hs(portals.hs.kid.as_bytes(), &portals.hs.kid)),
        ("HS256 with part of the secret", "signature", hs(&secret.as_bytes()[..42], &portals.hs.kid)),
        ("HS256 with the server's secret", "signature", hs(crate::world::SECRET.as_bytes(), &portals.hs.kid)),
        ("signed by another portal", "signature", portals.stranger.sign(&header("EdDSA", kid), &good)),
        (
            "signed by us in another portal's name",
            "signature",
            portals.signer.sign(&header("EdDSA", &portals.strangers.kid), &good),
        ),
        (
            "another token's signature",
            "signature",
            format!("{}.{signature}", message(&header("EdDSA", kid), &with("scope", json!("region:East")))),
        ),
        ("signature of zeros", "signature", format!("{unsigned}.{}", "A".repeat(86))),
        ("signature cut", "token_encoding", format!("{unsigned}.{}", &signature[..85])),
        ("signature half", "signature", format!("{unsigned}.{}", &signature[..44])),
        ("signature twice", "signature", format!("{unsigned}.{signature}{signature}")),
        (
            "the revoked key's with its kid exchanged",
            "key_revoked",
            portals.signer.sign(&header("EdDSA", &portals.revoked.kid), &good),
        ),
    ]
}

fn payloads(portals: &Portals) -> Vec<Case> {
    let raw = |text: &str| portals.ed(text);
    let (exp, plus) = (NOW.0 + 600, |name: &str, value: Value| portals.ed(&with(name, value)));
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().expect("an object").remove(name);
        portals.ed(&claims.to_string())
    };
    vec![
        ("payload empty", "payload_form", raw("")),
        ("payload no JSON", "payload_form", raw("exp")),
        ("payload a list", "payload_form", raw("[]")),
        ("payload null", "payload_form", raw("null")),
        ("payload cut", "payload_form", raw(&claims().to_string()[..20])),
        ("payload followed by more", "payload_form", raw(&(claims().to_string() + " {}"))),
        ("payload deep", "payload_form", raw(&format!("{{\"scope\":{}", "[".repeat(3_000)))),
        (
            "payload of very many claims",
            "payload_form",
            raw(&format!("{{{}}}", (0..500).map(|n| format!("\"c{n}\":1")).collect::<Vec<_>>().join(","))),
        ),
        ("payload empty object", "claim_missing", raw("{}")),
        ("exp missing", "claim_missing", without("exp")),
        ("scope missing", "claim_missing", without("scope")),
        ("views missing", "claim_missing", without("views")),
        (
            "exp twice",
            "claim_repeated",
            raw(&format!(r#"{{"exp":{exp},"exp":9999999999,"scope":"all","views":["growth"]}}"#)),
        ),
        (
            "exp twice, once escaped",
            "claim_repeated",
            raw(&format!(r#"{{"exp":{exp},"\u0065xp":1,"scope":"all","views":["growth"]}}"#)),
        ),
        (
            "scope twice",
            "claim_repeated",
            raw(&format!(r#"{{"exp":{exp},"scope":"region:East","scope":"all","views":["growth"]}}"#)),
        ),
        ("an unknown claim", "claim_unknown", plus("admin", json!(true))),
        ("a misspelt claim", "claim_unknown", plus("agregate_only", json!(true))),
        ("a claim in other case", "claim_unknown", plus("Scope", json!("all"))),
        ("a claim of objects", "claim_unknown", plus("__proto__", json!({"scope": "all"}))),
        ("an empty claim", "claim_unknown", plus("", json!(1))),
        ("sub a number", "claim_value", plus("sub", json!(7))),
        ("sub with a line break", "claim_value", plus("sub", json!("a\nb"))),
        ("sub very long", "claim_value", plus("sub", json!("x".repeat(201)))),
        ("iss a list", "claim_value", plus("iss", json!(["a"]))),
        ("jti a number", "claim_value", plus("jti", json!(1))),
        ("aud a number", "claim_value", plus("aud", json!(1))),
        ("aud an empty list", "claim_value", plus("aud", json!([]))),
        ("locale of another language", "claim_value", plus("locale", json!("fr"))),
        ("locale null", "claim_value", plus("locale", Value::Null)),
        ("theme of another colour", "claim_value", plus("theme", json!("pink"))),
        ("theme a style", "claim_value", plus("theme", json!("dark;background:url(//evil.example)"))),
        ("aggregate_only a text", "claim_value", plus("aggregate_only", json!("false"))),
        ("aggregate_only a number", "claim_value", plus("aggregate_only", json!(0))),
        ("aggregate_only null", "claim_value", plus("aggregate_only", Value::Null)),
    ]
}

fn times(portals: &Portals) -> Vec<Case> {
    let now = NOW.0;
    let at = |name: &str, text: &str| {
        let others = if name == "exp" { String::new() } else { format!("\"exp\":{},", now + 600) };
        portals.ed(&format!(r#"{{{others}"{name}":{text},"scope":"all","views":["growth"]}}"#))
    };
    vec![
        ("exp passed", "expired", at("exp", &(now - 1).to_string())),
        ("exp now", "expired", at("exp", &now.to_string())),
        ("exp long passed", "expired", at("exp", "1")),
        ("exp zero", "expired", at("exp", "0")),
        ("exp an hour and a second ahead", "too_long_lived", at("exp", &(now + 3_601).to_string())),
        ("exp a year ahead", "too_long_lived", at("exp", &(now + 31_536_000).to_string())),
        ("exp in milliseconds", "claim_value", at("exp", &((now + 600) * 1_000).to_string())),
        ("exp a text", "claim_value", at("exp", &format!("\"{}\"", now + 600))),
        ("exp a fraction", "claim_value", at("exp", &format!("{}.5", now + 600))),
        ("exp a float without fraction", "claim_value", at("exp", &format!("{}.0", now + 600))),
        ("exp with an exponent", "claim_value", at("exp", "1.8000006e9")),
        ("exp negative", "claim_value", at("exp", "-1")),
        ("exp minus zero", "claim_value", at("exp", "-0")),
        ("exp larger than any integer", "claim_value", at("exp", "99999999999999999999")),
        ("exp the largest integer", "claim_value", at("exp", &i64::MAX.to_string())),
        ("exp null", "claim_value", at("exp", "null")),
        ("exp true", "claim_value", at("exp", "true")),
        ("exp a list", "claim_value", at("exp", &format!("[{}]", now + 600))),
        ("exp an object", "claim_value", at("exp", "{}")),
        ("nbf in the future", "not_yet", at("nbf", &(now + 31).to_string())),
        ("nbf a text", "claim_value", at("nbf", &format!("\"{now}\""))),
        ("nbf null", "claim_value", at("nbf", "null")),
        ("nbf the largest integer", "claim_value", at("nbf", &i64::MAX.to_string())),
        ("iat in the future", "issued_later", at("iat", &(now + 31).to_string())),
        ("iat a text", "claim_value", at("iat", &format!("\"{now}\""))),
        ("iat a fraction", "claim_value", at("iat", &format!("{now}.5"))),
        ("made for a day, in its last hour", "too_long_lived", at("iat", &(now - 85_000).to_string())),
    ]
}

fn grants(portals: &Portals) -> Vec<Case> {
    let plus = |name: &str, value: Value| portals.ed(&with(name, value));
    let strict = |iss: Value, aud: Value| {
        let mut claims = claims();
        (claims["iss"], claims["aud"]) = (iss, aud);
        portals.strict(&claims.to_string())
    };
    let ours = json!("https://portal.example");
    vec![
        ("iss missing", "issuer", portals.strict(&with("aud", json!("wells")))),
        ("iss another", "issuer", strict(json!("https://evil.example"), json!("wells"))),
        ("iss longer", "issuer", strict(json!("https://portal.example/"), json!("wells"))),
        ("aud missing", "audience", portals.strict(&with("iss", ours.clone()))),
        ("aud another", "audience", strict(ours.clone(), json!("other"))),
        ("aud others", "audience", strict(ours.clone(), json!(["other", "wells2"]))),
        ("aud for someone else", "audience", plus("aud", json!("other"))),
        ("scope of another portal", "scope_not_allowed", plus("scope", json!("region:West"))),
        ("scope in other case", "scope_not_allowed", plus("scope", json!("region:east"))),
        ("scope with white space", "scope_not_allowed", plus("scope", json!("region:East "))),
        ("scope a path", "scope_not_allowed", plus("scope", json!("region:../all"))),
        ("scope all for a portal of one region", "scope_not_allowed", portals.stranger.sign(&header("EdDSA", &portals.strangers.kid), &with("views", json!(["stores"])))),
        ("scope a star", "claim_value", plus("scope", json!("*"))),
        ("scope empty", "claim_value", plus("scope", json!(""))),
        ("scope of an empty region", "claim_value", plus("scope", json!("region:"))),
        ("scope a list", "claim_value", plus("scope", json!(["all"]))),
        ("scope null", "claim_value", plus("scope", Value::Null)),
        ("a view that is not allowed", "view_not_allowed", plus("views", json!(["growth", "stores"]))),
        ("a view in other case", "view_not_allowed", plus("views", json!(["Growth"]))),
        ("a view that is a path", "view_not_allowed", plus("views", json!(["../admin"]))),
        ("a star for views", "view_not_allowed", plus("views", json!(["*"]))),
        ("no view", "claim_value", plus("views", json!([]))),
        ("a view twice", "claim_value", plus("views", json!(["growth", "growth"]))),
        ("views a text", "claim_value", plus("views", json!("growth"))),
        ("views null", "claim_value", plus("views", Value::Null)),
        ("very many views", "claim_value", plus("views", json!((0..501).map(|n| n.to_string()).collect::<Vec<_>>()))),
        ("members for a key of aggregates", "members_not_allowed", portals.hs(&with("aggregate_only", json!(false)))),
        ("filters a list", "claim_value", plus("filters", json!([1]))),
        ("filters null", "claim_value", plus("filters", Value::Null)),
        ("filters of another kind", "claim_value", plus("filters", json!({"open": []}))),
        ("an unknown filter locked", "claim_value", plus("filters", json!({"locked": {"shops": ["a"]}}))),
        ("a filter locked twice", "claim_value", portals.ed(&format!(r#"{{"exp":{},"scope":"all","views":["growth"],"filters":{{"locked":{{"stores":["a"],"stores":[]}}}}}}"#, NOW.0 + 600))),
        ("a filter locked to a text", "claim_value", plus("filters", json!({"locked": {"stores": "a"}}))),
        ("an unknown filter free", "claim_value", plus("filters", json!({"free": ["shops"]}))),
        ("a filter both locked and free", "claim_value", plus("filters", json!({"locked": {"stores": ["a"]}, "free": ["stores"]}))),
    ]
}

fn swapped_case(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}
