//! The npm packages: of end2end/, Playwright and axe for the journeys, binaryen for its `wasm-opt`; and Lighthouse,
//! which is as large as half of these and wanted by one bench only, in a folder of its own.

use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

const OLDEST_NODE: u32 = 20;

/// The packages that building and testing need.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    install(project, &project.end2end(), "npm packages (wasm-opt, Playwright)")
}

/// Lighthouse.
pub(crate) fn ensure_lighthouse(project: &Project) -> Result<()> {
    install(project, &project.end2end().join("bench/lighthouse"), "npm packages (Lighthouse, 185 MB)")
}

/// Installs exactly what the lock file of a folder says, when it says something new.
fn install(project: &Project, folder: &Path, what: &str) -> Result<()> {
    let step = Step::begin(what);
    let file = folder.join("package-lock.json");
    let lock = fs::read(&file).with_context(|| file.display().to_string())?;
    // A copy of the lock file tells what the folder was made from; npm's own is in another form.
    let stamp = folder.join("node_modules/.wellspring-lock.json");
    if fs::read(&stamp).is_ok_and(|old| old == lock) {
        step.already();
        return Ok(());
    }
    let version = shell::capture(project.command("node").arg("--version"))
        .with_context(|| format!("Node is missing: install Node {OLDEST_NODE} or newer with its npm"))?;
    ensure!(
        major(&version).is_some_and(|major| major >= OLDEST_NODE),
        "Node {} is too old: install Node {OLDEST_NODE} or newer",
        version.trim()
    );
    step.working("npm ci");
    shell::capture(project.command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))
        .context("the npm packages could not be installed: is npm's registry reachable?")?;
    fs::write(stamp, lock)?;
    step.done("installed");
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_says_its_major_version_first() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("twenty"), None);
    }
}
