//! The commands: exit status, what is printed, and one clear line on failure.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::client::get;
use crate::world::{World, publish};

const GOOD: &str = r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#;

fn wellspring() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WELLSPRING_")) {
        command.env_remove(name);
    }
    command
}

fn check(snapshot: &Path) -> Output {
    wellspring().arg("check").arg("--snapshot").arg(snapshot).output().expect("the program runs")
}

fn ask(snapshot: &Path, question: &str) -> Output {
    let mut child = wellspring()
        .args(["ask", "--snapshot"])
        .arg(snapshot)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("stdin").write_all(question.as_bytes()).expect("the question is sent");
    child.wait_with_output().expect("the program ends")
}

/// The one line of a failure.
fn failure(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(!told.contains("panicked"), "{told}");
    told
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        &[][..],
        &["fly"],
        &["check"],
        &["check", "--snapshot"],
        &["ask", "--snapshot", "x"],
        &["serve", "--snapshot", "x", "--addr", "nowhere"],
        &["build", "--source", "x"],
        &["build", "--source", "x", "--out", "y", "--time-zone", "Mars/Olympus"],
        &["build", "--source", "x", "--out", "y", "--currency", "yuan"],
        &["build", "--source", "x", "--out", "y", "--max-bad", "-1"],
        &["build", "--source", "x", "--out", "y", "--shard-members", "99"],
        &["build", "--source", "x", "--out", "y", "--shard-members", "16385"],
        &["demo-data", "--out", "x", "--members", "0"],
        &["demo-data", "--out", "x", "--identities-only", "101"],
        &["demo-data", "--out", "x", "--recycled-phones", "20.1"],
        &["demo-data", "--out", "x", "--recycled-phones", "NaN"],
        &["--log", "=:=", "check", "--snapshot", "x"],
    ] {
        let output = wellspring().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["serve", "--help"]] {
        assert_eq!(wellspring().args(arguments).output().unwrap().status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_question_is_answered_on_stdout() {
    let world = World::new();
    let output = ask(&world.snapshot(), GOOD);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers["answers"][0]["growth"]["window"]["orders"]["value"], 90);

    let file = world.file("question.json");
    fs::write(&file, GOOD).unwrap();
    let from_file = wellspring().args(["ask", "--snapshot"]).arg(world.snapshot()).arg(&file).output().unwrap();
    assert_eq!(from_file.stdout, output.stdout);
}

#[test]
fn a_question_that_cannot_be_answered_is_told_why() {
    let world = World::new();
    for (question, expected) in [
        ("", "not JSON"),
        ("{", "not JSON"),
        (r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"filter":{"shop":[]},"ask":[]}"#, "`shop`"),
        (r#"{"window":{"from":"2025-03-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#, "before it begins"),
        (r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[]}"#, "`ask` is empty"),
        (
            r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"filter":{"stores":["S9"]},"ask":[{"growth":{}}]}"#,
            "`S9`",
        ),
    ] {
        let told = failure(&ask(&world.snapshot(), question));
        assert!(told.contains(expected), "{question}: {told}");
    }
    let missing = wellspring().args(["ask", "--snapshot"]).arg(world.snapshot()).arg("nowhere.json").output().unwrap();
    assert!(failure(&missing).contains("nowhere.json"));
}

#[test]
fn a_whole_snapshot_checks() {
    let world = World::new();
    let output = check(&world.snapshot());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    for expected in [
        "all-1 of Tiny",
        "2025-01-01 to 2025-02-28",
        "80 and 10 without a member",
        "CNY 9,000.45",
        "every file is whole",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

#[test]
fn a_folder_without_a_snapshot_says_how_to_make_one() {
    let world = World::new();
    for folder in [world.site(), world.file("nowhere"), world.file("secret.txt")] {
        let told = failure(&check(&folder));
        assert!(told.contains(folder.to_str().unwrap()), "{told}");
    }
    assert!(failure(&check(&world.site())).contains("wellspring build"));
}

#[test]
fn a_damaged_file_is_named_with_the_remedy() {
    type Damage = fn(&World);
    let damages: [(&str, Damage, &str); 9] = [
        ("cut shard", |w| rewrite(&w.shard(0), |b| b.truncate(b.len() - 1)), "it is cut"),
        ("empty shard", |w| rewrite(&w.shard(1), Vec::clear), "it is cut"),
        ("flipped shard", |w| rewrite(&w.shard(0), |b| b[100] ^= 4), "does not match its BLAKE3"),
        ("foreign shard", foreign_shard, "belong to another snapshot"),
        ("missing shard", |w| fs::remove_file(w.shard(0)).unwrap(), "is missing"),
        ("damaged copy", |w| rewrite(&w.shard(0).with_extension("arrow.br"), |b| b.truncate(9)), ".arrow.br"),
        (
            "cut manifest",
            |w| rewrite(&w.snapshot().join("manifest.json"), |b| b.truncate(300)),
            "manifest.json is damaged",
        ),
        ("flipped manifest", |w| rewrite(&w.snapshot().join("manifest.json"), |b| b[300] ^= 1), "checksum"),
        ("foreign manifest", foreign_manifest, "belongs to another snapshot"),
    ];
    for (name, damage, expected) in damages {
        let world = World::new();
        damage(&world);
        let told = failure(&check(&world.snapshot()));
        assert!(told.contains(expected), "{name}: {told}");
        assert!(told.contains("build"), "{name} has no remedy: {told}");
    }
}

#[test]
fn totals_are_counted_again() {
    let world = World::new();
    let path = world.snapshot().join("manifest.json");
    let mut manifest = snapshot::parse_manifest(&fs::read(&path).unwrap()).unwrap();
    manifest.totals.sales += 1;
    fs::write(&path, snapshot::render_manifest(&manifest)).unwrap();
    let told = failure(&check(&world.snapshot()));
    assert!(told.contains("totals.sales is 900046, the shards hold 900045"), "{told}");
}

#[test]
fn several_faults_are_listed_and_counted() {
    let world = World::new();
    rewrite(&world.shard(0), |b| b[100] ^= 1);
    rewrite(&world.shard(1), Vec::clear);
    let output = check(&world.snapshot());
    assert!(failure(&output).contains("2 faults"));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let world = World::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let serve = |snapshot: &Path, addr: &str| {
        wellspring()
            .args(["--log", "error", "serve", "--open", "--addr", addr, "--snapshot"])
            .arg(snapshot)
            .output()
            .unwrap()
    };
    assert!(failure(&serve(&world.snapshot(), &addr)).contains("--addr"));
    assert!(failure(&serve(&world.file("nowhere"), "127.0.0.1:0")).contains("wellspring build"));
    rewrite(&world.shard(0), |b| b[100] ^= 1);
    assert!(failure(&serve(&world.snapshot(), "127.0.0.1:0")).contains("BLAKE3"));
}

#[cfg(unix)]
#[test]
fn a_server_started_from_the_shell_prints_its_address_and_obeys_sigterm() {
    let world = World::new();
    publish(&world.snapshot(), 20_000);
    let mut child = wellspring()
        .args(["serve", "--open", "--addr", "127.0.0.1:0"])
        .env("WELLSPRING_SNAPSHOT", world.snapshot())
        .env("WELLSPRING_SITE", world.site())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let addr = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address");
    assert!(line.contains("all-2"), "{line}");
    assert_eq!(get(addr.parse().unwrap(), "/healthz").status, 200);
    let told = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

fn rewrite(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn foreign_manifest(world: &World) {
    let other = World::new();
    publish(&other.snapshot(), 70_000);
    fs::copy(other.snapshot().join("manifest.json"), world.snapshot().join("manifest.json")).unwrap();
}

/// Another shard's bytes under this shard's name.
fn foreign_shard(world: &World) {
    let other = World::new();
    publish(&other.snapshot(), 70_000);
    fs::copy(other.shard(0), world.shard(1)).unwrap();
}

#[test]
fn the_schema_of_questions_and_of_answers_is_printed_as_json() {
    for (of, title) in [("question", "Question"), ("answers", "Answers")] {
        let output = wellspring().args(["schema", of]).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(0));
        let schema: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        assert_eq!(schema["title"], title);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
    assert_eq!(wellspring().args(["schema", "poem"]).output().expect("the program runs").status.code(), Some(2));
}
