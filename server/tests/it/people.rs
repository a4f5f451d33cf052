//! The commands for people, keys and the audit, and what a server without them says.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::world::World;

const SECRET: &str = "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V";
const PASSWORD: &str = "correct horse battery";

/// Runs the program on a database of the world's, with its secret and a text on stdin.
fn run(world: &World, arguments: &[&str], stdin: &str) -> Output {
    let mut child = bare()
        .args(arguments)
        .env("WELLSPRING_DB", world.file("people.db"))
        .env("WELLSPRING_SECRET", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // A command that does not read may have ended already.
    let _ = child.stdin.take().expect("stdin").write_all(stdin.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WELLSPRING_")) {
        command.env_remove(name);
    }
    command
}

fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn failed(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), told.lines().count()), (Some(1), 1), "{told}");
    assert!(!told.contains(SECRET) && !told.contains(PASSWORD), "{told}");
    told
}

#[test]
fn people_are_added_changed_and_listed() {
    let world = World::new();
    let add = ["user", "add", "li", "--role", "admin", "--password-stdin"];
    assert_eq!(done(&run(&world, &add, &format!("{PASSWORD}\n"))), "added li, who sees all\n");
    let manager = ["user", "add", "wang", "--role", "region-manager", "--region", "华东", "--password-stdin"];
    assert!(done(&run(&world, &manager, PASSWORD)).contains("region:华东"));
    done(&run(&world, &["user", "disable", "wang"], ""));
    let listed = done(&run(&world, &["user", "list"], ""));
    assert_eq!(listed, "li\tadmin\tall\nwang\tregion_manager\tregion:华东\tdisabled\n");
    done(&run(&world, &["user", "enable", "wang"], ""));
    done(&run(&world, &["user", "password", "wang", "--password-stdin"], "another good password"));
    done(&run(&world, &["user", "role", "wang", "executive"], ""));
    assert!(done(&run(&world, &["user", "list"], "")).contains("wang\texecutive\tall\n"));

    let zhao = ["user", "add", "zhao", "--role", "executive", "--company", "Zhao@Corp.example", "--no-password"];
    done(&run(&world, &zhao, ""));
    assert!(failed(&run(&world, &["user", "company", "wang", "zhao@corp.example"], "")).contains("company account"));
    done(&run(&world, &["user", "company", "zhao"], ""));
    done(&run(&world, &["user", "company", "wang", "zhao@corp.example"], ""));
    let without = ["user", "add", "x", "--role", "executive", "--no-password"];
    assert_eq!(run(&world, &without, "").status.code(), Some(2), "no way in");

    let cases: [(&[&str], &str, &str); 8] = [
        (&add, PASSWORD, "already"),
        (&["user", "add", "x", "--role", "admin", "--password-stdin"], "short", "12 characters"),
        (&["user", "add", "x", "--role", "admin", "--password-stdin"], "", "12 characters"),
        (&["user", "add", "x", "--role", "admin"], PASSWORD, "--password-stdin"),
        (&["user", "add", "x", "--role", "executive", "--region", "华东", "--password-stdin"], PASSWORD, "region"),
        (&["user", "disable", "li"], "", "last admin"),
        (&["user", "disable", "nobody"], "", "nobody"),
        (&["user", "password", "nobody", "--password-stdin"], PASSWORD, "nobody"),
    ];
    for (arguments, stdin, expected) in cases {
        let told = failed(&run(&world, arguments, stdin));
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
    assert_eq!(run(&world, &["user", "add", "x", "--role", "region-manager"], "").status.code(), Some(2));
    assert_eq!(run(&world, &["user", "add", "x", "--role", "root"], "").status.code(), Some(2));
}

#[test]
fn every_change_is_in_the_audit_and_a_changed_audit_is_found_out() {
    let world = World::new();
    done(&run(&world, &["user", "add", "li", "--role", "admin", "--password-stdin"], PASSWORD));
    failed(&run(&world, &["user", "disable", "li"], ""));
    let sound = done(&run(&world, &["audit", "verify"], ""));
    assert!(sound.contains("3 entries"), "{sound}");
    let head = sound.split_whitespace().last().expect("where it ends").to_owned();
    let lines = done(&run(&world, &["audit", "export"], ""));
    let whats: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["entry"]["what"].clone())
        .collect();
    assert_eq!(whats, ["user.add", "user.disable", "user.disable.failed"]);
    assert!(!lines.contains(PASSWORD), "{lines}");
    done(&run(&world, &["user", "password", "li", "--password-stdin"], "another good password"));
    done(&run(&world, &["audit", "verify", "--noted", &head], ""));
    let other = format!("3:{}", "0".repeat(64));
    assert!(failed(&run(&world, &["audit", "verify", "--noted", &other], "")).contains("noted"));
    let stranger = bare()
        .args(["audit", "verify"])
        .env("WELLSPRING_DB", world.file("people.db"))
        .env("WELLSPRING_SECRET", "Qx7Lw2vT9mZ0aRk4JpYh8NdBs1EuGi6oXqCw3V5b")
        .output()
        .expect("the program runs");
    assert!(failed(&stranger).contains("audit entry 1"));
}

#[test]
fn keys_of_portals_are_added_listed_and_revoked() {
    let world = World::new();
    let add = ["embed-key", "add", "--name", "门户", "--origins", "https://portal.example,http://localhost:4000"];
    let what = ["--scopes", "region:华东", "--views", "growth,stores", "--hs256", "--aggregate-only"];
    let made = done(&run(&world, &[&add[..], &what[..]].concat(), ""));
    let word = |name: &str| {
        let line = made.lines().find(|line| line.starts_with(name)).expect("a line");
        line.split_whitespace().nth(1).expect("a value").to_owned()
    };
    let (kid, secret) = (word("kid"), word("secret"));
    let listed = done(&run(&world, &["embed-key", "list"], ""));
    for part in
        [kid.as_str(), "门户", "HS256", "region:华东", "growth,stores", "https://portal.example", "aggregate only"]
    {
        assert!(listed.contains(part), "{part} in {listed}");
    }
    assert!(!listed.contains(&secret) && !listed.contains("revoked"), "{listed}");
    done(&run(&world, &["embed-key", "revoke", &kid], ""));
    assert!(done(&run(&world, &["embed-key", "list"], "")).contains("revoked"));
    for nobody in ["nobody", "-nobody"] {
        assert!(failed(&run(&world, &["embed-key", "revoke", nobody], "")).contains(nobody));
    }

    let public = world.file("portal.pub");
    std::fs::write(&public, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").expect("a file");
    let file = public.to_str().expect("text");
    let plain = ["embed-key", "add", "--name", "p", "--scopes", "all", "--views", "growth", "--public-key", file];
    assert!(!done(&run(&world, &plain, "")).contains("secret"));
    let wild = [&plain[..], &["--origins", "https://*.example"]].concat();
    assert!(failed(&run(&world, &wild, "")).contains("origins"));
    std::fs::write(&public, "no key").expect("a file");
    assert!(failed(&run(&world, &plain, "")).contains("public key"));
    assert_eq!(run(&world, &plain[..8], "").status.code(), Some(2), "a key needs its material");
}

#[test]
fn a_server_without_a_secret_starts_for_this_machine_alone_and_only_when_told() {
    let world = World::new();
    let snapshot = world.snapshot();
    let serve = |arguments: &[&str], secret: Option<&str>| {
        let mut command = bare();
        command.args(["--log", "error", "serve", "--snapshot"]).arg(&snapshot).args(arguments);
        command.env("WELLSPRING_DB", world.file("people.db"));
        if let Some(secret) = secret {
            command.env("WELLSPRING_SECRET", secret);
        }
        failed(&command.output().expect("the program runs"))
    };
    let told = serve(&["--addr", "127.0.0.1:0"], None);
    assert!(told.contains("--open") && told.contains("WELLSPRING_SECRET"), "{told}");
    assert!(serve(&["--addr", "127.0.0.1:0"], Some("short")).contains("32"), "a weak one is none");
    let secret = Some("mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V");
    let oidc = ["--addr", "127.0.0.1:0", "--oidc-issuer", "http://accounts.example", "--oidc-client-id", "w"];
    let told =
        serve(&[&oidc[..], &["--oidc-redirect", "https://dash.example/sign-in/company/return"]].concat(), secret);
    assert!(told.contains("--oidc-issuer") && told.contains("https"), "{told}");
    let told = serve(&["--open", "--addr", "0.0.0.0:0"], None);
    assert!(told.contains("127.0.0.1") && told.contains("--open"), "{told}");
    assert!(serve(&["--addr", "127.0.0.1:0", "--secret-file", "/no/such/file"], None).contains("/no/such/file"));
}
