//! The stages in the order they run: what is quick to fail comes first.

use super::{
    proofs,
    served::{self, Served},
    tally::Tally,
};
use crate::{project::Project, setup, shell, site};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf, process::Command};

/// One named part of the checks.
pub(crate) struct Stage {
    /// What `--only` calls it.
    pub(crate) name: &'static str,
    /// One line for `--list`.
    pub(crate) about: &'static str,
    /// Stages that cannot run without this one.
    pub(crate) needed_by: &'static [&'static str],
    /// Does it.
    pub(crate) run: fn(&Project) -> Result<Tally>,
}

/// All of them.
pub(crate) const STAGES: [Stage; 11] = [
    Stage { name: "fmt", about: "every file is formatted", needed_by: &[], run: fmt },
    Stage { name: "clippy", about: "no lint speaks in what runs in the browser", needed_by: &[], run: clippy },
    Stage { name: "types", about: "the browser's JavaScript has the types it says", needed_by: &[], run: types },
    Stage { name: "overflow", about: "tests of the pure crates with overflow checks", needed_by: &[], run: overflow },
    Stage {
        name: "unit",
        about: "no lint speaks natively; unit and property tests of every crate",
        needed_by: &[],
        run: unit,
    },
    Stage { name: "wasm", about: "the same answers in WebAssembly", needed_by: &[], run: proofs::wasm },
    Stage { name: "fuzz", about: "ten seconds of hostile input for each reader", needed_by: &[], run: proofs::fuzz },
    Stage { name: "build", about: "browser bundle and binary", needed_by: &["data", "python", "journeys"], run: build },
    Stage { name: "data", about: "sample data, snapshot, check", needed_by: &["python", "journeys"], run: data },
    Stage { name: "python", about: "other tools read the same numbers", needed_by: &[], run: python },
    Stage { name: "journeys", about: "Playwright in Chromium", needed_by: &[], run: journeys },
];

/// Stages that run only where `--only` names them: what they compile would take continuous integration past its time.
pub(crate) const ASKED: [Stage; 1] = [Stage {
    name: "cluster",
    about: "builds on a Ballista cluster of real processes; only when named, since it compiles DataFusion once more",
    needed_by: &[],
    run: cluster,
}];

/// The crates without files, network or DataFusion: compiled twice, because it costs seconds.
const PURE: [&str; 5] = ["model", "snapshot", "engine", "testkit", "worker"];

fn fmt(project: &Project) -> Result<Tally> {
    shell::run(project.cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Tally::PASSED)
}

fn clippy(project: &Project) -> Result<Tally> {
    let app: &[&str] = &["--target", "wasm32-unknown-unknown", "-p", "app", "--features", "hydrate"];
    let worker: &[&str] = &["--target", "wasm32-unknown-unknown", "-p", "worker"];
    let mut tally = Tally::default();
    for arguments in [app, worker] {
        println!("-- clippy {}", arguments.join(" "));
        let mut clippy = project.cargo();
        clippy.args(["clippy", "--quiet", "--locked"]).args(arguments).args(["--", "-D", "warnings"]);
        tally += one(shell::run(&mut clippy));
    }
    Ok(tally)
}

fn types(project: &Project) -> Result<Tally> {
    shell::run(project.command("tsc").args(["--noEmit", "--project"]).arg(project.end2end()))?;
    Ok(Tally::PASSED)
}

fn overflow(project: &Project) -> Result<Tally> {
    let mut cargo = project.cargo();
    cargo.args(["test", "--locked", "--no-fail-fast"]);
    cargo.args(PURE.iter().flat_map(|name| ["-p", name]));
    // The published schemas are held to the types here, where DataFusion does not have to be compiled for it.
    cargo.args(["--features", "model/schema"]);
    cargo_tests(&mut cargo)
}

/// Cargo whose compiler of the workspace's own crates is clippy's, which is rustc with lints: `cargo clippy` would
/// compile DataFusion once more, in a form that no program can be linked with. Every native stage has it, and all crates'
/// features, so that nothing is compiled for one stage and again for another.
pub(super) fn linting(project: &Project) -> Command {
    let mut cargo = project.cargo();
    // As `cargo clippy -- -D warnings` says it to clippy-driver.
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings");
    cargo
}

fn unit(project: &Project) -> Result<Tally> {
    cargo_tests(linting(project).args(["test", "--release", "--locked", "--workspace", "--no-fail-fast"]))
}

/// The same call as all native stages with one feature more: what the feature leaves as it is, such as the pages, is not
/// compiled again.
fn cluster(project: &Project) -> Result<Tally> {
    let mut cargo = linting(project);
    cargo.args([
        "test",
        "--release",
        "--locked",
        "--workspace",
        "--features",
        "wellspring/cluster",
        "--test",
        "cluster",
    ]);
    cargo_tests(&mut cargo)
}

fn build(project: &Project) -> Result<Tally> {
    site::build(project)?;
    shell::run(linting(project).args(["build", "--release", "--locked", "--workspace", "--bin", "wellspring"]))?;
    Ok(Tally::PASSED)
}

fn data(project: &Project) -> Result<Tally> {
    let retailer = served::retailer(project);
    retailer.make(project)?;
    let mut tally = Tally::PASSED;
    tally += one(shell::run(project.wellspring().arg("check").arg("--snapshot").arg(retailer.snapshot())));
    Ok(tally)
}

/// Every script in end2end/checks; it ends with `N passed, N failed`, or just with its exit status.
fn python(project: &Project) -> Result<Tally> {
    let served = Served::start(project)?;
    let mut tally = Tally::default();
    for script in scripts(project)? {
        println!("-- {}", script.display());
        let mut python = project.command(project.python());
        python.arg("-B").arg(&script).current_dir(project.end2end());
        served.tell(project, &mut python);
        let (content, output) = shell::stream(&mut python)?;
        tally += Tally::of_script(content, &output);
    }
    Ok(tally)
}

fn scripts(project: &Project) -> Result<Vec<PathBuf>> {
    let folder = project.end2end().join("checks");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries: Result<Vec<PathBuf>, _> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut scripts = entries?;
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    scripts.sort();
    Ok(scripts)
}

fn journeys(project: &Project) -> Result<Tally> {
    let served = Served::start(project)?;
    let artifacts = project.end2end().join("artifacts");
    fs::create_dir_all(&artifacts)?;
    let report = artifacts.join("results.json");
    // The report of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(&report);
    let mut playwright = project.command("playwright");
    playwright.arg("test").current_dir(project.end2end()).env("CI", "true");
    if let Some(chromium) = setup::chromium() {
        playwright.env("CHROMIUM", chromium);
    }
    served.tell(project, &mut playwright);
    let (content, _) = shell::stream(&mut playwright)?;
    Tally::of_playwright(content, &fs::read_to_string(&report).context("Playwright wrote no report")?)
}

pub(super) fn cargo_tests(cargo: &mut Command) -> Result<Tally> {
    let (content, output) = shell::stream(cargo)?;
    Ok(Tally::of_cargo(content, &output))
}

/// A step that says yes or no, where the ones after it still run.
pub(super) fn one(result: Result<()>) -> Tally {
    match result {
        Ok(()) => Tally::PASSED,
        Err(error) => {
            println!("error: {error:#}");
            Tally::FAILED
        }
    }
}
