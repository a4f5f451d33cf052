//! Tokens that are refused before anything they claim is read: what is wrong, the code, the token.

use serde_json::{Value, json};

use crate::mint::{Portals, claims, header, message, sign_hs256, with};

pub(crate) type Case = (&'static str, &'static str, String);

pub(crate) fn cases(portals: &Portals) -> Vec<Case> {
    [shapes(portals), headers(portals), signatures(portals)].concat()
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

fn swapped_case(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}
