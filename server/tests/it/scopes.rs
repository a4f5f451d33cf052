//! Every address, asked for by who may not see what is behind it.

use std::fs;
use std::path::Path;

use snapshot::scope::{SCOPES, region_scope};

use crate::client::{get, post_json};
use crate::gate::{Gate, Reader};
use crate::regions::{EAST, MEMBERS, Marks, WEST, publish_parts, publish_regions};
use crate::world::wait_until;

const SALES: &str = r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#;

fn sales(reader: &Reader) -> i64 {
    let answers = reader.ask(SALES).json();
    answers["answers"][0]["growth"]["window"]["sales"]["value"].as_i64().expect("sales")
}

/// The hashes that a folder's manifest names.
fn shards(folder: &Path) -> Vec<String> {
    let bytes = fs::read(folder.join("manifest.json")).expect("a manifest");
    let manifest = snapshot::parse_manifest(&bytes).expect("it is whole");
    manifest.shards.into_iter().map(|entry| entry.hash).collect()
}

#[test]
fn each_reader_gets_the_numbers_of_their_part() {
    let gate = Gate::new();
    let members = i64::from(MEMBERS);
    for (name, scope, expected) in [
        ("admin", "all".to_owned(), members * 110_000),
        ("boss", "all".to_owned(), members * 110_000),
        ("east", region_scope(EAST.region), members * 10_000),
        ("west", region_scope(WEST.region), members * 100_000),
    ] {
        let reader = gate.sign_in(name);
        assert_eq!(reader.get("/snapshot/manifest.json").json()["scope"], scope.as_str(), "{name}");
        assert_eq!(sales(&reader), expected, "{name}");
        assert!(reader.get("/data").text().contains(&format!("{scope}-1")), "{name}");
    }
}

#[test]
fn nothing_of_another_part_can_be_had() {
    let gate = Gate::new();
    let folder = gate.world.snapshot();
    let part = |marks: &Marks| folder.join(SCOPES).join(region_scope(marks.region));
    let [whole, of_east, of_west] = [shards(&folder), shards(&part(&EAST)), shards(&part(&WEST))];
    let [east, west, boss, north] = ["east", "west", "boss", "north"].map(|name| gate.sign_in(name));
    let shard = |hash: &str| format!("/snapshot/shards/{hash}.arrow");
    let (e, w) = (region_scope(EAST.region), region_scope(WEST.region));
    // Who, what, the status; whoever it is, nothing of the west comes along that the address did not say itself.
    let mut cases: Vec<(&str, &Reader, String, u16)> = vec![
        ("east", &east, shard(&of_east[0]), 200),
        ("east", &east, shard(&of_west[0]), 404),
        ("east", &east, shard(&whole[1]), 404),
        ("west", &west, shard(&of_west[0]), 200),
        ("west", &west, shard(&of_east[0]), 404),
        ("boss", &boss, shard(&whole[0]), 200),
        ("boss", &boss, shard(&whole[1]), 200),
        ("boss", &boss, shard(&of_west[0]), 404),
        ("north", &north, shard(&of_east[0]), 503),
        ("north", &north, "/snapshot/manifest.json".into(), 503),
        ("north", &north, "/export/growth.csv".into(), 503),
        ("north", &north, "/".into(), 503),
        ("north", &north, "/stores/WEST-S1".into(), 503),
    ];
    for page in ["/", "/funnel", "/cohorts", "/stores", "/ladder", "/members", "/channels", "/data"] {
        cases.push(("east", &east, format!("{page}?region=%E8%A5%BF%E5%8D%97&lang=en"), 200));
        cases.push(("east", &east, format!("{page}?store=WEST-S1&channel=WEST-APP&lang=en"), 200));
    }
    for name in ["growth", "funnel", "cohorts", "stores", "ladder", "members", "channels", "data"] {
        for ending in ["csv", "xlsx"] {
            cases.push(("east", &east, format!("/export/{name}.{ending}?region=%E8%A5%BF%E5%8D%97"), 200));
        }
    }
    cases.extend([
        ("east", &east, "/stores/WEST-S1?lang=en".into(), 200),
        ("east", &east, "/?scope=all&lang=en".into(), 200),
        ("east", &east, format!("/?scope={w}&lang=en"), 200),
        ("east", &east, format!("/snapshot/manifest.json?scope={w}"), 200),
        ("east", &east, "/snapshot/manifest.json?scope=all".into(), 200),
    ]);
    assert!(cases.len() >= 25, "{}", cases.len());
    for (name, reader, path, status) in &cases {
        let reply = reader.get(path);
        assert_eq!(reply.status, *status, "{name} {path}");
        assert!(*name != "east" && *name != "north" || !reply.whole().contains("锦里一店"), "{name} {path}");
        assert!(*name != "east" && *name != "north" || !reply.whole().contains("成都"), "{name} {path}");
        let is_public = reply.header("cache-control").contains("public");
        assert!(!is_public, "{name} {path}: {}", reply.header("cache-control"));
    }
    // Paths that lead around the routes, as a manager of the east.
    let paths = [
        format!("/snapshot/scopes/{w}/manifest.json"),
        format!("/scopes/{w}/manifest.json"),
        format!("/snapshot/{w}/manifest.json"),
        format!("/snapshot/shards/../scopes/{w}/manifest.json"),
        format!("/snapshot/shards/..%2Fscopes%2F{w}%2Fmanifest.json"),
        format!("/snapshot/shards/..%2F..%2F{w}%2Fshards%2F{}.arrow", of_west[0]),
        format!("/snapshot/shards/..%5c..%5c{w}%5cshards%5c{}.arrow", of_west[0]),
        format!("/snapshot/shards/%2e%2e/%2e%2e/{w}/shards/{}.arrow", of_west[0]),
        format!("/snapshot/shards/{}.arrow/", of_west[0]),
        format!("/snapshot/shards/{}.arrow%00", of_west[0]),
        format!("/snapshot/shards/{}.arrow.br", of_east[0]),
        format!("/snapshot/shards//{}.arrow", of_west[0]),
        format!("/snapshot/shards/{}.ARROW", of_east[0]),
        format!("/snapshot/shards/{}.arrow", of_east[0].to_uppercase()),
        format!("/snapshot/shards/{}.arrow", &of_east[0][..63]),
        format!("/snapshot/scopes/{e}/shards/{}.arrow", of_east[0]),
        "/snapshot/manifest.json/".to_owned(),
        "/snapshot/manifest%2ejson%00".to_owned(),
        "/wellspring.db".to_owned(),
        "/../wellspring.db".to_owned(),
        "/snapshot/..%2fwellspring.db".to_owned(),
    ];
    assert!(paths.len() >= 15);
    for path in &paths {
        let reply = east.get(path);
        assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.status);
        assert!(!reply.whole().contains("WEST"), "{path}");
    }
}

#[test]
fn a_question_that_names_another_part_is_refused_as_one_that_names_nothing() {
    let gate = Gate::new();
    let east = gate.sign_in("east");
    let told = |filter: &str| {
        let window = r#""window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]"#;
        let reply = east.ask(&format!("{{{window},\"filter\":{{{filter}}}}}"));
        (reply.status, reply.text().to_owned())
    };
    for (field, theirs, nobodys) in
        [("stores", WEST.store, "XXXX-S1"), ("regions", WEST.region, "亚特"), ("channels", WEST.channel, "XXXX-APP")]
    {
        let (status, real) = told(&format!("\"{field}\":[\"{theirs}\"]"));
        let (_, made_up) = told(&format!("\"{field}\":[\"{nobodys}\"]"));
        assert_eq!(status, 422, "{field}");
        assert_eq!(
            real.replace(theirs, "X"),
            made_up.replace(nobodys, "X"),
            "{field}: that it exists is not to be seen"
        );
    }
}

#[test]
fn a_manifest_that_another_reader_has_is_no_reason_for_304() {
    let gate = Gate::new();
    let [east, boss] = ["east", "boss"].map(|name| gate.sign_in(name));
    let path = "/snapshot/manifest.json";
    let (of_east, of_boss) = (east.get(path), boss.get(path));
    assert_ne!(of_east.header("etag"), of_boss.header("etag"));
    assert_eq!(east.get_with(path, &[("If-None-Match", of_east.header("etag"))]).status, 304);
    let again = east.get_with(path, &[("If-None-Match", of_boss.header("etag"))]);
    assert_eq!((again.status, &again.body), (200, &of_east.body));
    assert_eq!(of_east.header("cache-control"), "private, no-cache");
}

#[test]
fn answers_are_remembered_for_each_part_alone() {
    let gate = Gate::new();
    let [east, west, boss] = ["east", "west", "boss"].map(|name| gate.sign_in(name));
    for _ in 0..2 {
        let found = [sales(&east), sales(&west), sales(&boss)];
        assert_eq!(found, [10_000, 100_000, 110_000].map(|each| each * i64::from(MEMBERS)));
    }
}

#[test]
fn a_region_published_meanwhile_is_shown_to_its_readers_without_a_restart() {
    let gate = Gate::new();
    let folder = gate.world.snapshot();
    let [east, west, boss] = ["east", "west", "boss"].map(|name| gate.sign_in(name));
    let of_east = folder.join(SCOPES).join(region_scope(EAST.region));
    let old = shards(&of_east).remove(0);
    publish_parts(&folder, &[(&EAST, 20_000), (&WEST, 100_000)]);
    wait_until("the east sees it", || sales(&east) == i64::from(MEMBERS) * 20_000);
    assert_eq!([sales(&west), sales(&boss)], [100_000, 120_000].map(|each| each * i64::from(MEMBERS)));
    assert_eq!(east.get(&format!("/snapshot/shards/{old}.arrow")).status, 200, "open pages still read the one before");
    assert_eq!(west.get(&format!("/snapshot/shards/{old}.arrow")).status, 404);
}

#[test]
fn a_region_that_is_gone_is_shown_no_more_and_one_that_comes_is() {
    let gate = Gate::new();
    let folder = gate.world.snapshot();
    let [east, west, north] = ["east", "west", "north"].map(|name| gate.sign_in(name));
    publish_parts(&folder, &[(&EAST, 10_000)]);
    wait_until("the west is gone", || west.get("/snapshot/manifest.json").status == 503);
    assert_eq!(east.get("/snapshot/manifest.json").status, 200);
    let page = north.get("/?lang=en");
    assert!(page.status == 503 && page.text().contains("no data of 华北"), "{}", page.text());
    assert!(!page.text().contains(EAST.store), "a region without data falls back on no other");
    let of_north = Marks { region: "华北", ..EAST };
    publish_parts(&folder, &[(&EAST, 10_000), (&of_north, 5)]);
    wait_until("the north is there", || north.get("/snapshot/manifest.json").status == 200);
}

#[test]
fn a_part_that_is_not_the_wholes_is_shown_to_nobody() {
    let gate = Gate::new();
    let folder = gate.world.snapshot();
    let part = |region: &str| folder.join(SCOPES).join(region_scope(region));
    let (of_east, of_west) = (part(EAST.region), part(WEST.region));
    let [east, west, north] = ["east", "west", "north"].map(|name| gate.sign_in(name));
    // Moved by hand, or by a restore that went wrong; then the whole is published again, as if all were well.
    copy(&of_west, &part("华北"));
    let version = |of: &Path, n: u64| of.join(format!("versions/{n}/manifest.json"));
    let before = fs::read(version(&of_east, 1)).unwrap();
    publish_parts(&folder, &[(&EAST, 20_000), (&WEST, 100_000)]);
    wait_until("the east sees the second", || sales(&east) == i64::from(MEMBERS) * 20_000);
    let now = fs::read(folder.join("manifest.json")).unwrap();
    // The third is made elsewhere: the server must not see it before it is wrong.
    let aside = gate.world.file("aside");
    copy(&folder, &aside);
    publish_parts(&aside, &[(&EAST, 30_000), (&WEST, 200_000)]);
    for part in ["shards", "versions", SCOPES] {
        copy(&aside.join(part), &folder.join(part));
    }
    for wrong in [before, fs::read(version(&of_west, 3)).unwrap()] {
        fs::write(version(&of_east, 3), wrong).unwrap();
        copy(&of_west.join("shards"), &of_east.join("shards"));
        fs::copy(folder.join("versions/3/manifest.json"), folder.join("manifest.json")).unwrap();
        wait_until("the whole and the west go on", || sales(&west) == i64::from(MEMBERS) * 200_000);
        assert_ne!(sales(&east), i64::from(MEMBERS) * 30_000);
        assert_eq!(north.get("/snapshot/manifest.json").status, 503);
        assert!(!east.get("/stores").text().contains(WEST.store));
        fs::write(folder.join("manifest.json"), &now).unwrap();
        wait_until("the second is shown again", || sales(&west) == i64::from(MEMBERS) * 100_000);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn without_sign_in_regions_are_not_even_opened() {
    let world = crate::world::World::new();
    publish_regions(&world.snapshot(), 10_000);
    let served = world.serve();
    assert_eq!(get(served.addr, "/snapshot/manifest.json").json()["scope"], "all");
    let hash = shards(&world.snapshot().join(SCOPES).join(region_scope(EAST.region))).remove(0);
    let reply = get(served.addr, &format!("/snapshot/shards/{hash}.arrow"));
    // The whole's first shard is the same file where its members all live in the first region.
    let is_of_whole = shards(&world.snapshot()).contains(&hash);
    assert_eq!(reply.status, if is_of_whole { 200 } else { 404 });
    assert_eq!(post_json(served.addr, "/api/ask", SALES).status, 200);
}
