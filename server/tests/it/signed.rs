//! Snapshots that are signed: what a server shows that checks signatures, and what it does not.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use ring::signature::{Ed25519KeyPair, KeyPair};
use snapshot::signature::{PublicKey, SigningKey, load_signature, verify};
use wellspring::{Entry, Operation, Settings, Trust, serve};

use crate::client::{get, post_json};
use crate::world::{Served, World, publish, publish_signed, wait_until};

fn key() -> Arc<SigningKey> {
    let der = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).expect("random bits");
    let pair = Ed25519KeyPair::from_pkcs8(der.as_ref()).expect("a key");
    let ours = SigningKey::from_pkcs8(der.as_ref()).expect("a key");
    assert_eq!(
        ours.public().to_string(),
        pair.public_key().as_ref().iter().map(|b| format!("{b:02x}")).collect::<String>()
    );
    Arc::new(ours)
}

fn trusting(world: &World, keys: &[&SigningKey]) -> Operation {
    let keys = keys.iter().map(|key| key.public()).collect();
    Operation { trust: Trust { keys, memory: Some(world.file("shown.json")) }, ..Operation::default() }
}

fn version(served: &Served) -> u64 {
    get(served.addr, "/snapshot/manifest.json").json()["version"].as_u64().expect("a version")
}

/// Why a server does not start.
fn refused(world: &World, operation: Operation) -> String {
    let settings = Settings {
        snapshot: world.snapshot(),
        site: world.site(),
        entry: Entry::Open,
        watch_every: Duration::from_millis(20),
        patience: Duration::from_secs(1),
        operation,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        serve(settings, listener, |_| {}, async {}).await.expect_err("it does not start").to_string()
    })
}

fn restore(world: &World, version: u64) {
    let from = world.snapshot().join(format!("versions/{version}/manifest.json"));
    fs::copy(from, world.snapshot().join("manifest.json")).expect("it is kept");
}

#[test]
fn a_server_with_keys_shows_what_they_signed_and_says_so_to_browsers() {
    let world = World::new();
    let (old, new) = (key(), key());
    let told = refused(&world, trusting(&world, &[&old]));
    assert!(told.contains("all-1 of Tiny is refused: it is not signed") && told.contains("--sign-key"), "{told}");
    publish_signed(&world.snapshot(), 20_000, &old);
    assert!(refused(&world, trusting(&world, &[&new])).contains("none of those trusted"));
    let served = world.serve_as(trusting(&world, &[&old, &new]));
    let reply = get(served.addr, "/snapshot/manifest.json");
    let manifest = snapshot::parse_manifest(&reply.body).expect("whole");
    let trusted: PublicKey = old.public();
    verify(&[trusted], &manifest, &reply.body, Some(reply.header("wellspring-signature"))).expect("signed");
    assert!(get(served.addr, "/").text().contains(&old.public().to_string()), "pages verify as well");
    // The other key takes over, and what neither signed is not shown.
    publish_signed(&world.snapshot(), 30_000, &new);
    wait_until("the new key's is shown", || version(&served) == 3);
    publish(&world.snapshot(), 40_000);
    publish_signed(&world.snapshot(), 50_000, &key());
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(version(&served), 3);
    publish_signed(&world.snapshot(), 60_000, &new);
    wait_until("the next good one is shown", || version(&served) == 6);
}

#[test]
fn an_older_snapshot_that_was_put_back_is_not_shown_not_even_after_a_restart() {
    let world = World::new();
    let key = key();
    publish_signed(&world.snapshot(), 20_000, &key);
    publish_signed(&world.snapshot(), 30_000, &key);
    let mut served = world.serve_as(trusting(&world, &[&key]));
    restore(&world, 2);
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(version(&served), 3);
    served.stop();
    let told = refused(&world, trusting(&world, &[&key]));
    assert!(told.contains("version 3 was shown here before") && told.contains("wellspring rollback"), "{told}");
    // As it should be done.
    snapshot::write::rollback(&world.snapshot(), Some(2), Some(Arc::clone(&key))).expect("it is kept");
    let served = world.serve_as(trusting(&world, &[&key]));
    assert_eq!(version(&served), 4, "above all that was ever shown");
    drop(served);
    // Another of the same number, and one of another tenant, are strangers.
    let stranger = World::new();
    publish_signed(&stranger.snapshot(), 70_000, &key);
    publish_signed(&stranger.snapshot(), 80_000, &key);
    publish_signed(&stranger.snapshot(), 90_000, &key);
    fs::copy(world.file("shown.json"), stranger.file("shown.json")).unwrap();
    assert!(refused(&stranger, trusting(&stranger, &[&key])).contains("another one of this version"));
    let text = fs::read_to_string(world.file("shown.json")).unwrap().replace("Tiny", "Other");
    fs::write(stranger.file("shown.json"), text).unwrap();
    assert!(refused(&stranger, trusting(&stranger, &[&key])).contains("all of Other was shown here before"));
    fs::write(stranger.file("shown.json"), "{").unwrap();
    assert!(refused(&stranger, trusting(&stranger, &[&key])).contains("shown.json"));
}

#[test]
fn a_signature_of_another_version_does_not_count() {
    let world = World::new();
    let key = key();
    publish_signed(&world.snapshot(), 20_000, &key);
    let served = world.serve_as(trusting(&world, &[&key]));
    let signature = |version: u64| world.snapshot().join(format!("versions/{version}/manifest.sig"));
    let old = fs::read(signature(2)).unwrap();
    fs::rename(world.snapshot().join("manifest.json"), world.file("aside")).unwrap();
    fs::copy(world.file("aside"), world.snapshot().join("manifest.json")).unwrap();
    publish(&world.snapshot(), 30_000);
    fs::write(signature(3), old).unwrap();
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(version(&served), 2);
    assert!(refused(&world, trusting(&world, &[&key])).contains("is of another manifest"));
}

#[test]
fn without_keys_nothing_is_asked_and_nothing_remembered() {
    let world = World::new();
    let served = world.serve_as(trusting(&world, &[]));
    assert_eq!(get(served.addr, "/snapshot/manifest.json").header("wellspring-signature"), "");
    assert!(!world.file("shown.json").exists());
    let page = get(served.addr, "/?lang=en");
    assert!(!page.text().contains("verify_keys"));
    publish(&world.snapshot(), 20_000);
    wait_until("the next is shown", || version(&served) == 2);
    let question = r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#;
    assert_eq!(post_json(served.addr, "/api/ask", question).status, 200);
}

#[test]
fn data_older_than_agreed_are_said_to_be_stale() {
    let world = World::new();
    let operation =
        |hours: u64| Operation { stale_after: Some(Duration::from_secs(hours * 3_600)), ..Operation::default() };
    let served = world.serve_as(operation(1));
    assert!(!get(served.addr, "/?lang=en").text().contains("Stale ·"));
    drop(served);
    let path = world.snapshot().join("manifest.json");
    let mut manifest = snapshot::parse_manifest(&fs::read(&path).unwrap()).unwrap();
    manifest.built_at = "2025-03-01T02:00:00Z".to_owned();
    fs::write(&path, snapshot::render_manifest(&manifest)).unwrap();
    let served = world.serve_as(operation(36));
    for (lang, told) in [("en", "Stale ·"), ("zh-CN", "数据已过期 ·")] {
        assert!(get(served.addr, &format!("/?lang={lang}")).text().contains(told), "{lang}");
    }
    let served = world.serve();
    assert!(!get(served.addr, "/?lang=en").text().contains("Stale ·"), "nothing was agreed");
}

fn wellspring(arguments: &[&str], files: &[&Path]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_wellspring")).args(arguments).args(files).output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).expect("UTF-8"))
}

#[test]
fn a_key_is_made_once_readable_by_its_owner_and_shown_again() {
    let world = World::new();
    let file = world.file("night.key");
    let (made, public) = wellspring(&["sign-key", "new"], &[&file]);
    assert!(made && public.trim().parse::<PublicKey>().is_ok(), "{public}");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    assert_eq!(wellspring(&["sign-key", "show"], &[&file]), (true, public.clone()));
    let (again, told) = wellspring(&["sign-key", "new"], &[&file]);
    assert!(!again && told.contains("night.key"), "{told}");
    assert_eq!(wellspring(&["sign-key", "show"], &[&file]), (true, public.clone()), "the first key stays");
    fs::write(&file, "no key").unwrap();
    let (shown, told) = wellspring(&["sign-key", "show"], &[&file]);
    assert!(!shown && told.contains("wellspring sign-key new"), "{told}");
    let folder = world.snapshot();
    let (rolled, told) =
        wellspring(&["rollback", "--snapshot", folder.to_str().unwrap(), "--sign-key", file.to_str().unwrap()], &[]);
    assert!(!rolled && told.lines().count() == 1, "{told}");
    assert_eq!(load_signature(&folder, 1).unwrap(), None);
}

#[test]
fn versions_are_listed_and_gone_back_to_by_command() {
    let world = World::new();
    publish(&world.snapshot(), 20_000);
    let folder = world.snapshot();
    let at = |command: &'static str| wellspring(&[command, "--snapshot", folder.to_str().unwrap()], &[]);
    let (listed, text) = at("versions");
    assert!(listed && text.lines().count() == 3, "{text}");
    assert!(text.lines().nth(1).unwrap().trim_start().starts_with("2 ") && text.contains("2 of 2  shown"), "{text}");
    let (back, told) = at("rollback");
    assert!(back && told.starts_with("version 3 shows the content of version 1 again: built "), "{told}");
    assert!(at("versions").1.contains("shown, content of 1"));
    assert!(at("check").0);
    let (none, told) = at("rollback");
    assert!(!none && told.contains("is not kept"), "{told}");
}
