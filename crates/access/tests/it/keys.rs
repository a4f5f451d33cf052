//! Keys: added, revoked, rotated, sealed.

use std::time::{Duration, Instant};

use access::embed::{NewKey, NewMaterial};
use access::{Access, Secret, Settings};

use crate::mint::{Portals, Signer, bounds, claims, header, sign_hs256};
use crate::world::{NOW, SETTINGS, World, on_both, open_with, until};

on_both! {
    a_key_is_kept_as_it_was_given,
    a_thousand_tokens_make_no_query,
    revoking_bites_at_once_here_and_within_seconds_elsewhere,
    a_new_key_of_another_process_is_known_within_seconds,
    two_keys_of_a_portal_overlap_while_it_rotates,
    secrets_are_sealed_and_open_for_their_own_key_alone,
    a_row_that_cannot_be_read_refuses_its_own_tokens_only,
    without_the_database_tokens_are_refused_after_a_while,
    unusable_keys_are_refused_and_unknown_ones_named,
}

async fn a_key_is_kept_as_it_was_given(world: World) {
    let portals = Portals::new(&world.access.keys).await;
    let all = world.another().await.keys.all().await.expect("keys");
    assert_eq!(all.len(), 5);
    let kept = |kid: &str| all.iter().find(|key| key.kid == kid).expect("kept").clone();
    for key in [&portals.ed, &portals.hs, &portals.strict, &portals.strangers] {
        assert_eq!(kept(&key.kid), *key);
    }
    assert_eq!(kept(&portals.revoked.kid).revoked, Some(NOW));
    world.access.keys.revoke(&portals.revoked.kid, NOW.plus(9)).await.expect("again");
    let again = world.access.keys.all().await.expect("keys");
    assert!(again.iter().any(|key| key.revoked == Some(NOW)), "revoking again does not move the time");
}

async fn a_thousand_tokens_make_no_query(world: World) {
    let access = open_with(&world.database, Settings { poll_every: access::versions::POLL_EVERY, ..SETTINGS }).await;
    let portals = Portals::new(&access.keys).await;
    let token = portals.ed(&claims().to_string());
    access.keys.verify(&token, NOW).await.expect("honest");
    let (before, begun) = (access.store.queries(), Instant::now());
    for _ in 0..1_000 {
        access.keys.verify(&token, NOW).await.expect("honest");
        assert!(access.keys.verify(&portals.headed(&header("EdDSA", "nobodys")), NOW).await.is_err());
    }
    assert!(access.store.queries() - before <= begun.elapsed().as_secs() / 2 + 1);
}

async fn revoking_bites_at_once_here_and_within_seconds_elsewhere(world: World) {
    let another = open_with(&world.database, Settings { poll_every: access::versions::POLL_EVERY, ..SETTINGS }).await;
    let portals = Portals::new(&world.access.keys).await;
    let token = portals.ed(&claims().to_string());
    let code = async |access: &Access| access.keys.verify(&token, NOW).await.err().map(|refusal| refusal.code());
    until("the other process knows the key", async || code(&another).await.is_none()).await;
    world.access.keys.revoke(&portals.ed.kid, NOW).await.expect("revoked");
    assert_eq!(code(&world.access).await, Some("key_revoked"));
    let waited = until("and that it was revoked", async || code(&another).await == Some("key_revoked")).await;
    assert!(waited < Duration::from_secs(5), "{waited:?}");
}

async fn a_new_key_of_another_process_is_known_within_seconds(world: World) {
    let portals = Portals::new(&world.access.keys).await;
    world.access.keys.verify(&portals.ed(&claims().to_string()), NOW).await.expect("honest");
    let new = bounds(NewMaterial::EdDsa { public_key: portals.signer.public_key() });
    let (key, _) = world.another().await.keys.add(&new, NOW).await.expect("a key");
    let token = portals.headed(&header("EdDSA", &key.kid));
    let waited = until("the key is known", async || world.access.keys.verify(&token, NOW).await.is_ok()).await;
    assert!(waited < Duration::from_secs(5), "{waited:?}");
}

async fn two_keys_of_a_portal_overlap_while_it_rotates(world: World) {
    let keys = &world.access.keys;
    let [old, new] = [Signer::generate(), Signer::generate()];
    let mut kids = Vec::new();
    for signer in [&old, &new] {
        let key = bounds(NewMaterial::EdDsa { public_key: signer.public_key() });
        kids.push(keys.add(&key, NOW).await.expect("a key").0.kid);
    }
    let token = |signer: &Signer, kid: &str| signer.sign(&header("EdDSA", kid), &claims().to_string());
    keys.verify(&token(&old, &kids[0]), NOW).await.expect("the old one");
    keys.verify(&token(&new, &kids[1]), NOW).await.expect("and the new one");
    keys.revoke(&kids[0], NOW).await.expect("revoked");
    assert_eq!(keys.verify(&token(&old, &kids[0]), NOW).await.expect_err("revoked").code(), "key_revoked");
    assert_eq!(keys.verify(&token(&old, &kids[1]), NOW).await.expect_err("not its key").code(), "signature");
    keys.verify(&token(&new, &kids[1]), NOW).await.expect("the new one stays");
}

async fn secrets_are_sealed_and_open_for_their_own_key_alone(world: World) {
    let portals = Portals::new(&world.access.keys).await;
    let (token, secret) = (portals.hs(&claims().to_string()), portals.secret.as_str());
    let kept = world.column("SELECT material FROM embed_keys WHERE algorithm = 'HS256'").await;
    assert!(!kept[0].contains(secret) && kept[0].len() == 2 * (12 + 43 + 16), "{kept:?}");
    let stolen = sign_hs256(kept[0].as_bytes(), &header("HS256", &portals.hs.kid), &claims().to_string());
    assert_eq!(world.access.keys.verify(&stolen, NOW).await.expect_err("sealed").code(), "signature");
    let shown = format!("{:?} {:?} {:?}", portals.secret, portals.hs, world.access);
    assert!(!shown.contains(secret) && !shown.contains(&kept[0]), "{shown}");
    // Another server secret opens nothing, and says so.
    let other = Secret::parse("Zq4sV8nB2xK6mD0fH3jL7pT1wY5rC9gEoUiAzXeQ").expect("a good secret");
    let other = Access::open(&world.database, &other, SETTINGS).await.expect("a database");
    assert_eq!(other.keys.verify(&token, NOW).await.expect_err("sealed").code(), "key_unusable");
    other.keys.verify(&portals.ed(&claims().to_string()), NOW).await.expect("public keys are no secret");
    // Nor does it open in another row.
    let (twin, _) = world.access.keys.add(&bounds(NewMaterial::Hs256), NOW).await.expect("a key");
    world.tamper(&format!("UPDATE embed_keys SET material = '{}' WHERE kid = '{}'", kept[0], twin.kid)).await;
    let moved = sign_hs256(secret.as_bytes(), &header("HS256", &twin.kid), &claims().to_string());
    assert_eq!(world.another().await.keys.verify(&moved, NOW).await.expect_err("moved").code(), "key_unusable");
}

async fn a_row_that_cannot_be_read_refuses_its_own_tokens_only(world: World) {
    let portals = Portals::new(&world.access.keys).await;
    for damage in ["scopes = '[\"everything\"]'", "algorithm = 'none'", "material = 'x'", "views = '{'"] {
        world.tamper(&format!("UPDATE embed_keys SET {damage} WHERE kid = '{}'", portals.ed.kid)).await;
        let access = world.another().await;
        let code = access.keys.verify(&portals.ed(&claims().to_string()), NOW).await.expect_err(damage).code();
        assert_eq!(code, "kid_unknown", "{damage}");
        access.keys.verify(&portals.hs(&claims().to_string()), NOW).await.expect("the others are sound");
    }
    assert!(world.access.keys.all().await.expect_err("damaged").to_string().contains("embed_keys."));
}

async fn without_the_database_tokens_are_refused_after_a_while(world: World) {
    let settings = Settings { poll_every: Duration::from_secs(1), ..SETTINGS };
    let access = open_with(&world.database, settings).await;
    let portals = Portals::new(&access.keys).await;
    let token = portals.ed(&claims().to_string());
    access.keys.verify(&token, NOW).await.expect("honest");
    access.store.close().await;
    access.keys.verify(&token, NOW).await.expect("from memory");
    until("keys are not trusted for ever", async || access.keys.verify(&token, NOW).await.is_err()).await;
    let refusal = access.keys.verify(&token, NOW).await.expect_err("closed");
    assert!(refusal.is_temporary() && refusal.code() == "unavailable", "{refusal}");
}

async fn unusable_keys_are_refused_and_unknown_ones_named(world: World) {
    let keys = &world.access.keys;
    let public_key = "not a key".to_owned();
    let error = keys.add(&bounds(NewMaterial::EdDsa { public_key }), NOW).await.expect_err("no key").to_string();
    assert!(error.starts_with("public key: "), "{error}");
    let origins = vec!["https://*.example".into()];
    let error = keys.add(&NewKey { origins, ..bounds(NewMaterial::Hs256) }, NOW).await.expect_err("a star").to_string();
    assert!(error.starts_with("origins: "), "{error}");
    assert!(keys.all().await.expect("keys").is_empty());
    for kid in ["nobodys", "", "a\0b", "' OR 1=1 --"] {
        let error = keys.revoke(kid, NOW).await.expect_err("unknown");
        assert!(error.is_unknown() && error.to_string().contains("embed key"), "{error}");
    }
}
