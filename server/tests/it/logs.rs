//! What the log does not say. A server is run with all of its own log open, through everything a reader may do.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::json;

use crate::client::{get, get_with, send};
use crate::gate::{Form, Reader, post_form, session_of};
use crate::portal::sign;
use crate::regions::{EAST, WEST, publish_regions};
use crate::world::World;

const SECRET: &str = "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V";
const TOKEN: &str = "q8Zr1TnV5bXw0KfLs3Hd7GyJc9PmEa2U";
const PASSWORD: &str = "a quiet lake at dawn 42";
const NAME: &str = "Gertrude-Unmistakable";

/// A server as a process of its own, and what it logs.
struct Running {
    child: Child,
    addr: SocketAddr,
    log: Arc<Mutex<String>>,
    reading: Option<JoinHandle<()>>,
}

impl Running {
    fn start(world: &World, format: &str) -> Self {
        std::fs::write(world.file("secret"), SECRET).expect("written");
        std::fs::write(world.file("token"), TOKEN).expect("written");
        let mut command = wellspring(world);
        command.args(["--log", "debug", "--log-format", format, "serve", "--addr", "127.0.0.1:0"]);
        command.arg("--snapshot").arg(world.snapshot()).arg("--site").arg(world.site());
        command.arg("--metrics-token-file").arg(world.file("token"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let log = Arc::new(Mutex::new(String::new()));
        let (mut stderr, into) = (BufReader::new(child.stderr.take().expect("stderr")), Arc::clone(&log));
        let reading = std::thread::spawn(move || {
            let mut line = String::new();
            while stderr.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                into.lock().expect("whole").push_str(&line);
                line.clear();
            }
        });
        let mut said = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut said).expect("it says where it listens");
        let addr =
            said.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|addr| addr.parse().ok());
        Self { child, addr: addr.unwrap_or_else(|| panic!("{said}")), log, reading: Some(reading) }
    }

    /// Ends it and takes the whole log.
    fn stop(mut self) -> String {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        self.reading.take().expect("it is being read").join().expect("read to the end");
        std::mem::take(&mut self.log.lock().expect("whole"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wellspring(world: &World) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WELLSPRING_")) {
        command.env_remove(name);
    }
    command.env("WELLSPRING_DB", world.file("wellspring.db")).env("WELLSPRING_SECRET_FILE", world.file("secret"));
    command
}

/// Adds a region manager by the command line.
fn add_user(world: &World) {
    use std::io::Write;
    std::fs::write(world.file("secret"), SECRET).expect("written");
    let mut command = wellspring(world);
    command.args(["user", "add", NAME, "--role", "region-manager", "--region", EAST.region, "--password-stdin"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    child.stdin.take().expect("stdin").write_all(format!("{PASSWORD}\n").as_bytes()).expect("sent");
    let mut told = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut told).expect("text");
    assert!(child.wait().expect("it ends").success(), "{told}");
}

/// Adds a portal's key by the command line. Returns the key's name and its secret.
fn add_key(world: &World) -> (String, String) {
    let mut command = wellspring(world);
    command.args(["embed-key", "add", "--name", "intranet", "--origins", "https://portal.example", "--scopes", "all"]);
    let out = command.args(["--views", "growth,stores", "--hs256"]).output().expect("the program runs");
    let told = String::from_utf8(out.stdout).expect("text");
    let field = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{told}"));
        line.split_whitespace().next().expect("a word").to_owned()
    };
    (field("kid"), field("secret"))
}

/// Everything a reader may do, rightly and wrongly. Returns what must not be in the log.
fn tour(addr: SocketAddr, (kid, secret): &(String, String)) -> Vec<String> {
    let form = Form::of(&get(addr, "/sign-in"));
    let origin = format!("http://{addr}");
    let headers = [("Cookie", form.cookie.as_str()), ("Origin", origin.as_str())];
    let sign_in = |name: &str, password: &str| {
        let fields =
            [("form", form.token.as_str()), ("name", name), ("password", password), ("next", "/data?store=NEXT-77")];
        post_form(addr, "/sign-in", &headers, &fields)
    };
    assert_eq!(sign_in(NAME, "wrong horse battery 9").status, 403);
    assert_eq!(sign_in("Nobody-Known-11", "typed into the wrong field").status, 403);
    let cookie = session_of(&sign_in(NAME, PASSWORD)).expect("a session");
    let east = Reader { addr, cookie: cookie.clone() };
    for path in [
        "/",
        "/funnel",
        "/cohorts",
        "/stores",
        "/stores/EAST-S1",
        "/stores/WEST-S1",
        "/ladder",
        "/members",
        "/channels",
        "/data?q=QUERY-66",
        "/?lang=en&region=%E5%8D%8E%E4%B8%9C&store=EAST-S1",
        "/?region=%3Cscript%3E",
        "/account",
        "/export/growth.csv?store=EAST-S1",
        "/export/members.xlsx",
        "/export/nothing-88",
        "/nothing-99",
        "/api/nothing",
        "/snapshot/manifest.json",
        "/snapshot/shards/0000.arrow",
        "/metrics",
        "/readyz",
        "/healthz",
    ] {
        east.get(path);
        get(addr, path);
    }
    let manifest = snapshot::parse_manifest(&east.get("/snapshot/manifest.json").body).expect("whole");
    assert_eq!(east.get(&format!("/snapshot/shards/{}.arrow", manifest.shards[0].hash)).status, 200);
    for question in [
        r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#,
        r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"filter":{"stores":["ASKED-55"]},"ask":[{"growth":{}}]}"#,
        "{\"ASKED-44\":1}",
    ] {
        east.ask(question);
    }
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(get_with(addr, "/metrics", &[("Authorization", &bearer)]).status, 200);
    get_with(addr, "/metrics", &[("Authorization", "Bearer WRONG-TOKEN-33")]);
    let forged = [("Cookie", "__Host-wellspring=FORGED-22"), ("Referer", "https://portal.example/REFERER-21")];
    send(addr, "POST", "/api/ask", &forged, b"{}");
    assert_eq!(east.post("/sign-out", &[("form", "FORM-12")]).status, 403);
    let granted = sign(kid, secret, json!({ "sub": "Subject-Of-Token-65", "aggregate_only": true }));
    let refused = sign(kid, "another secret", json!({}));
    for token in [&granted, &refused] {
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/plain")];
        let view = send(addr, "POST", &format!("/embed/growth?kid={kid}"), &headers, b"store=FRAMED-43");
        assert_eq!(view.status, if *token == granted { 200 } else { 401 }, "{}", view.whole());
        let question = br#"{"window":{"from":"2025-01-06","to":"2025-02-23"},"ask":[{"growth":{}}]}"#;
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        send(addr, "POST", "/api/ask", &headers, question);
    }
    get(addr, &format!("/embed/growth?kid={kid}&lang=en#token={granted}"));
    let out = east.token();
    assert_eq!(east.post("/sign-out", &[("form", &out)]).status, 303);
    let value = |cookie: &str| cookie.split_once('=').map(|(_, value)| value.to_owned()).expect("a pair");
    let mut secrets: Vec<String> = [
        SECRET,
        TOKEN,
        PASSWORD,
        NAME,
        "wrong horse",
        "Nobody-Known",
        "typed into",
        "NEXT-77",
        "QUERY-66",
        "ASKED-55",
        "ASKED-44",
        "WRONG-TOKEN-33",
        "FORGED-22",
        "REFERER-21",
        "FORM-12",
        "nothing-88",
        "nothing-99",
        "lang=en",
        "%E5",
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.extend(["Subject-Of-Token-65", "FRAMED-43"].map(str::to_owned));
    for token in [granted, refused] {
        secrets.extend(token.split('.').skip(1).map(str::to_owned));
    }
    secrets.push(secret.clone());
    secrets.extend([value(&cookie), value(&form.cookie), form.token, out, manifest.shards[0].hash.clone()]);
    secrets.extend(EAST.all().into_iter().chain(WEST.all()).map(str::to_owned));
    secrets
}

#[test]
fn the_log_names_no_reader_no_secret_and_nothing_looked_at() {
    let world = World::new();
    std::fs::remove_dir_all(world.snapshot()).expect("a folder");
    publish_regions(&world.snapshot(), 10_000);
    add_user(&world);
    let key = add_key(&world);
    for format in ["json", "text"] {
        let running = Running::start(&world, format);
        let secrets = tour(running.addr, &key);
        let log = running.stop();
        assert!(log.lines().count() > 60, "every request has a line: {log}");
        assert!(log.contains("/stores/{id}") && log.contains("/snapshot/shards/{file}"), "{log}");
        for secret in &secrets {
            let line = log.lines().find(|line| line.contains(secret.as_str()));
            assert_eq!(line, None, "{format}: {secret}");
        }
        if format == "json" {
            for line in log.lines() {
                let line: serde_json::Value =
                    serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {line}"));
                assert!(line["level"].is_string() && line["timestamp"].is_string() && line["target"].is_string());
            }
        }
    }
}
