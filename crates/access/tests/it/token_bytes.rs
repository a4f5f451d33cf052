//! No token but the very bytes that were signed.

use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::mint::{Portals, claims};
use crate::world::{NOW, World};

/// Runs a property on tokens of both algorithms.
fn check(cases: u32, strategy: impl Strategy<Value = (usize, u8)>, change: impl Fn(&[u8], usize, u8) -> Vec<u8>) {
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::sqlite());
    let portals = runtime.block_on(Portals::new(&world.access.keys));
    let payload = claims().to_string();
    for token in [portals.ed(&payload), portals.hs(&payload)] {
        runtime.block_on(world.access.keys.verify(&token, NOW)).expect("honest");
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
        let held = runner.run(&strategy, |(place, byte)| {
            let changed = change(token.as_bytes(), place % token.len(), byte);
            // What is not text never reaches this crate; a header or a message is text already.
            let Ok(changed) = String::from_utf8(changed) else { return Ok(()) };
            prop_assume!(changed != token);
            let verified = runtime.block_on(world.access.keys.verify(&changed, NOW));
            prop_assert!(verified.is_err(), "{} instead of {}: {:?}", changed, token, verified);
            Ok(())
        });
        held.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[test]
fn another_byte_anywhere_is_refused() {
    check(4_000, (any::<usize>(), 0..128_u8), |token, place, byte| {
        let mut changed = token.to_vec();
        changed[place] = byte;
        changed
    });
}

#[test]
fn every_other_base64_character_at_every_place_is_refused() {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::sqlite());
    let portals = runtime.block_on(Portals::new(&world.access.keys));
    let payload = claims().to_string();
    for token in [portals.ed(&payload), portals.hs(&payload)] {
        let places = (0..token.len()).flat_map(|place| alphabet.iter().map(move |byte| (place, *byte)));
        for (place, byte) in places.filter(|(place, byte)| token.as_bytes()[*place] != *byte) {
            let mut changed = token.clone().into_bytes();
            changed[place] = byte;
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(runtime.block_on(world.access.keys.verify(&changed, NOW)).is_err(), "{changed}");
        }
    }
}

#[test]
fn a_byte_more_or_less_is_refused() {
    check(1_000, (any::<usize>(), 0..128_u8), |token, place, byte| {
        [&token[..place], &[byte], &token[place..]].concat()
    });
    check(1_000, (any::<usize>(), 0..128_u8), |token, place, _| [&token[..place], &token[place + 1..]].concat());
    check(1_000, (any::<usize>(), 0..128_u8), |token, place, _| token[..place].to_vec());
}

#[test]
fn any_text_at_all_is_refused_without_a_panic() {
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::sqlite());
    proptest!(ProptestConfig::with_cases(2_000), |(text in ".{0,400}")| {
        prop_assert!(runtime.block_on(world.access.keys.verify(&text, NOW)).is_err());
    });
}

#[test]
fn any_signed_claims_are_read_without_a_panic() {
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::sqlite());
    let portals = runtime.block_on(Portals::new(&world.access.keys));
    const NAMES: &[&str] =
        &["exp", "iat", "nbf", "aud", "sub", "scope", "views", "filters", "locale", "aggregate_only", "x"];
    const VALUES: &[&str] =
        &["1", "-1", "1e400", "\"all\"", "[]", "[\"growth\"]", "{}", "null", "true", "1800000600", "{\"free\":[1]}"];
    let claim = (proptest::sample::select(NAMES), proptest::sample::select(VALUES));
    proptest!(ProptestConfig::with_cases(2_000), |(claims in proptest::collection::vec(claim, 0..8))| {
        let text: Vec<String> = claims.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        if let Ok(grant) = runtime.block_on(world.access.keys.verify(&portals.ed(&format!("{{{}}}", text.join(","))), NOW)) {
            prop_assert!(claims.contains(&("exp", "1800000600")) && grant.expires == NOW.plus(600));
        }
    });
}
