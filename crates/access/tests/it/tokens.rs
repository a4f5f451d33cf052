//! What tokens show, and a table of what they must not: each line says what is wrong and the code it gives.

use access::Scope;
use access::embed::{Locale, Theme};
use serde_json::json;

use crate::mint::{Portals, claims, with};
use crate::world::{NOW, World, on_both};
use crate::{refused, refused_claims};

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
    let cases = [refused::cases(&portals), refused_claims::cases(&portals)].concat();
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
