//! Trunk and wasm-bindgen: the right version on PATH is used, else installed into the cache.

use super::versions::Versions;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result};

/// Both tools, at the versions that Trunk.toml names.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let versions = Versions::read(project)?;
    installed(project, "trunk", "trunk", &versions.trunk)?;
    installed(project, "wasm-bindgen-cli", "wasm-bindgen", &versions.wasm_bindgen)
}

fn installed(project: &Project, package: &str, program: &str, version: &str) -> Result<()> {
    let step = Step::begin(&format!("{package} {version}"));
    if has_version(project, program, version) {
        step.already();
        return Ok(());
    }
    step.working("installing into the cache with cargo (a few minutes, once)");
    // Trunk's own release profile takes four times as long; nobody waits for these tools at run time.
    let mut install = project.cargo();
    install
        .args(["install", "--locked", "--force", "--version", version, "--root"])
        .arg(project.cache().join("tools"))
        .arg(package)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .env("CARGO_TARGET_DIR", project.target().join("tools"));
    shell::run(&mut install).with_context(|| {
        format!("{package} could not be installed: put {package} {version} on PATH and run this again")
    })?;
    step.done("installed");
    Ok(())
}

fn has_version(project: &Project, program: &str, version: &str) -> bool {
    let said = shell::capture(project.command(program).arg("--version"));
    said.is_ok_and(|said| said.split_whitespace().nth(1) == Some(version))
}
