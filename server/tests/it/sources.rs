//! Sources on the command line: looking at one, and addresses whose password nobody may read.

use std::fs;
use std::process::{Command, Output};

const ORDERS: &str = "订单号,下单时间,实付金额\na,2024-01-01,\"1,234.50\"\n";

fn wellspring(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WELLSPRING_")) {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_inspect_proposes_is_what_build_needs() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(path("source")).unwrap();
    fs::write(path("source/订单.csv"), ORDERS).unwrap();
    let (source, mapping, out) = (path("source"), path("my.toml"), path("out"));

    let looked = wellspring(&["inspect", &source, "--write", &mapping]).output().unwrap();
    assert!(looked.status.success(), "{}", text(&looked));
    for part in ["订单.csv → orders", "what each page would lack", "columns.order_id = \"订单号\""] {
        assert!(text(&looked).contains(part), "{part} in\n{}", text(&looked));
    }
    let again = wellspring(&["inspect", &source, "--write", &mapping]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "a file that is there is not written over");
    assert!(text(&again).contains("is it there already?"), "{}", text(&again));
    let json = wellspring(&["inspect", &source, "--json"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["places"][0]["columns"][2]["column"], "amount");

    let unmapped = wellspring(&["build", "--source", &source, "--out", &out]).output().unwrap();
    assert!(text(&unmapped).contains("wellspring inspect"), "{}", text(&unmapped));
    let built = wellspring(&["build", "--source", &source, "--out", &out, "--mapping", &mapping]).output().unwrap();
    assert!(built.status.success() && text(&built).contains("sales CNY 1,234.50"), "{}", text(&built));
}

#[test]
fn a_password_in_an_address_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    let port = "1";
    let good = format!("postgres://li:tell-nobody@127.0.0.1:{port}/erp");
    let slips = [
        format!("postgres://li:tell-nobody@db:{port}x/erp"),
        "postgres://li:tell-nobody@db/erp?a=tell-nobody".to_owned(),
    ];
    for address in slips.iter().chain([&good]) {
        for arguments in [
            &["build", "--out", &out][..],
            &["build", "--out", &out, "--log", "trace"],
            &["build"],
            &["build", "--help"],
            &["inspect"],
            &["inspect", "--help"],
            &["inspect", "--no-such-option"],
        ] {
            let output = wellspring(arguments).env("WELLSPRING_SOURCE", address).output().unwrap();
            assert!(!text(&output).contains("tell-nobody"), "{arguments:?}: {}", text(&output));
        }
        let output = wellspring(&["build", "--out", &out, "--source", address]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output));
        assert_eq!(text(&output).lines().filter(|line| line.starts_with("error: ")).count(), 1, "{}", text(&output));
        assert!(!text(&output).contains("tell-nobody"), "{}", text(&output));
    }
    assert!(!std::path::Path::new(&out).exists(), "nothing is written where nothing could be read");
}
