//! A server lives on while what it shows changes, and leaves in order.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::client::{get, post_json};
use crate::world::{Served, World, publish, wait_until};

const SALES: &str = r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#;

fn showing(served: &Served) -> String {
    get(served.addr, "/healthz").json()["snapshot"].as_str().expect("an id").to_owned()
}

fn sales(served: &Served) -> i64 {
    let answers = post_json(served.addr, "/api/ask", SALES).json();
    answers["answers"][0]["growth"]["window"]["sales"]["value"].as_i64().expect("sales")
}

#[test]
fn a_snapshot_published_meanwhile_is_shown_without_a_restart() {
    let world = World::new();
    let served = world.serve();
    let old = world.shard(0).file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(sales(&served), 45 * (10_000 + 10_001));
    publish(&world.snapshot(), 20_000);
    wait_until("version 2 is shown", || showing(&served) == "all-2");
    assert_eq!(sales(&served), 45 * (20_000 + 20_001));
    let new = world.shard(0).file_name().unwrap().to_str().unwrap().to_owned();
    assert_ne!(old, new);
    for shard in [&new, &old] {
        assert_eq!(get(served.addr, &format!("/snapshot/shards/{shard}")).status, 200, "{shard}");
    }
    publish(&world.snapshot(), 30_000);
    wait_until("version 3 is shown", || showing(&served) == "all-3");
    assert_eq!(get(served.addr, &format!("/snapshot/shards/{old}")).status, 404);
}

#[test]
fn a_broken_snapshot_is_refused_and_the_old_one_stays() {
    let world = World::new();
    let served = world.serve();
    let manifest = world.snapshot().join("manifest.json");
    let whole = fs::read(&manifest).unwrap();
    let mut flipped = whole.clone();
    flipped[200] ^= 1;
    for broken in [&whole[..whole.len() / 2], &flipped, b"", b"{}"] {
        fs::write(&manifest, broken).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(showing(&served), "all-1");
        assert_eq!(sales(&served), 45 * (10_000 + 10_001));
        assert_eq!(get(served.addr, "/snapshot/manifest.json").body, whole);
    }
    fs::remove_file(&manifest).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(showing(&served), "all-1");
    fs::write(&manifest, &whole).unwrap();
    publish(&world.snapshot(), 40_000);
    wait_until("the next whole snapshot is shown", || showing(&served) == "all-2");
}

#[test]
fn a_new_snapshot_with_a_cut_shard_is_refused() {
    let world = World::new();
    let served = world.serve();
    let elsewhere = World::new();
    publish(&elsewhere.snapshot(), 50_000);
    let cut = elsewhere.shard(1);
    let name = cut.file_name().unwrap();
    fs::copy(elsewhere.shard(0), world.snapshot().join("shards").join(elsewhere.shard(0).file_name().unwrap()))
        .unwrap();
    let bytes = fs::read(&cut).unwrap();
    fs::write(world.snapshot().join("shards").join(name), &bytes[..bytes.len() - 7]).unwrap();
    fs::copy(elsewhere.snapshot().join("manifest.json"), world.snapshot().join("manifest.json")).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!((showing(&served), sales(&served)), ("all-1".to_owned(), 45 * (10_000 + 10_001)));
}

#[test]
fn a_site_built_anew_is_picked_up() {
    let world = World::new();
    let served = world.serve();
    let index = crate::world::INDEX.replace("0123456789abcdef", "fedcba9876543210");
    std::thread::sleep(Duration::from_millis(30));
    fs::write(world.site().join("index.html"), index).unwrap();
    wait_until("the page starts the new bundle", || get(served.addr, "/").text().contains("app-fedcba9876543210.js"));
}

#[test]
fn a_server_stops_when_told_and_frees_its_port() {
    let world = World::new();
    let mut served = world.serve();
    // An idle connection that its client keeps open must not hold the server back.
    let mut idle = TcpStream::connect(served.addr).unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut some = [0u8; 16];
    idle.read_exact(&mut some).unwrap();
    assert!(served.stop() < Duration::from_secs(5));
    assert!(TcpStream::connect(served.addr).is_err());
}
