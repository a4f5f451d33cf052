//! Checks by many made-up inputs: the same cases natively and in WebAssembly, hostile bytes, a million property cases.

use super::{
    stages::{cargo_tests, linting, one},
    tally::Tally,
};
use crate::{engines, project::Project, setup, shell};
use anyhow::{Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The tests of the crates that name wasm-bindgen-test, under Node; then generated cases, for which WebAssembly with
/// and without SIMD must give the native engine's very text: with overflow checks under Node, and the builds that are
/// shipped in a real Chromium's worker.
pub(super) fn wasm(project: &Project) -> Result<Tally> {
    let mut tally = Tally::default();
    for manifest in manifests_with_wasm_tests(project)? {
        tally += cargo_tests(tests_in_wasm(project).arg("--manifest-path").arg(manifest))?;
    }
    let cases = project.target().join("xtask/cases.bin");
    fs::create_dir_all(project.target().join("xtask"))?;
    shell::run(native(project, &["--example", "cases"])?.arg(&cases))?;
    for (name, flags) in [("simd", "-Ctarget-feature=+simd128"), ("scalar", "")] {
        println!("-- cases, {name}, under Node");
        let mut cargo = tests_in_wasm(project);
        cargo.args(["-p", "engine", "--features", "cases", "--test", "cases", "--target-dir"]);
        // Each in a folder of its own: flags that change would have cargo compile everything again.
        cargo.arg(project.target().join("xtask/cases").join(name)).env("RUSTFLAGS", flags);
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env("WELLSPRING_CASES_FILE", &cases);
        tally += cargo_tests(&mut cargo)?;
    }
    println!("-- cases, the builds that are shipped, in Chromium");
    let shipped = project.target().join("xtask/shipped");
    fs::create_dir_all(&shipped)?;
    engines::build(project, &shipped)?;
    let mut node = project.command("node");
    node.arg("cases/run.mjs").args([&shipped, &cases]).current_dir(project.end2end());
    if let Some(chromium) = setup::chromium() {
        node.env("CHROMIUM", chromium);
    }
    let (content, output) = shell::stream(&mut node)?;
    Ok(tally + Tally::of_script(content, &output))
}

/// Runs every target of crates/fuzzing over its corpus and simple mutations of it, on the compiler at hand.
pub(super) fn fuzz(project: &Project) -> Result<Tally> {
    let mut smoke = native(project, &["--bin", "smoke"])?;
    smoke.arg(project.root().join("fuzz/corpus")).arg("10");
    let (content, output) = shell::stream(&mut smoke)?;
    Ok(Tally::of_script(content, &output))
}

/// How many times the usual number of cases makes a million of them.
const MANY_TIMES: &str = "30";

/// All property tests over generated worlds, with a million cases together.
pub(super) fn long(project: &Project) -> Result<Tally> {
    let mut cargo = project.cargo();
    cargo.args(["test", "--release", "--locked", "--no-fail-fast", "-p", "testkit", "-p", "worker"]);
    cargo.args(["--", "--show-output"]).env("WELLSPRING_CASES", MANY_TIMES);
    let (content, output) = shell::stream(&mut cargo)?;
    let counts = output.lines().filter_map(|line| line.strip_prefix("property: ")?.strip_suffix(" cases"));
    let counts: Vec<u64> = counts.filter_map(|count| count.parse().ok()).collect();
    let cases: u64 = counts.iter().sum();
    println!("{cases} cases of {} property tests", counts.len());
    let tally = Tally::of_cargo(content, &output);
    Ok(tally + one(enough(cases)))
}

fn enough(cases: u64) -> Result<()> {
    ensure!(cases >= 1_000_000, "{cases} cases are no million: raise MANY_TIMES");
    Ok(())
}

fn tests_in_wasm(project: &Project) -> Command {
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--locked", "--target", TARGET, "--no-fail-fast"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo
}

fn manifests_with_wasm_tests(project: &Project) -> Result<Vec<PathBuf>> {
    let mut manifests = Vec::new();
    for entry in fs::read_dir(project.root().join("crates"))? {
        let manifest = entry?.path().join("Cargo.toml");
        if fs::read_to_string(&manifest).is_ok_and(|text| text.contains("\nwasm-bindgen-test")) {
            manifests.push(manifest);
        }
    }
    manifests.sort();
    Ok(manifests)
}

/// Builds one of the workspace's programs, with the dependencies as the other stages compile them.
fn native(project: &Project, which: &[&str; 2]) -> Result<Command> {
    let mut build = linting(project);
    shell::run(build.args(["build", "--quiet", "--release", "--locked", "--workspace"]).args(which))?;
    let folder = project.target().join("release");
    let folder = if which[0] == "--example" { folder.join("examples") } else { folder };
    Ok(project.command(program(&folder, which[1])))
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
