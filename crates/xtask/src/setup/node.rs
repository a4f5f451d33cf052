//! The npm packages of end2end/: Playwright and axe for the journeys, binaryen for its `wasm-opt`.

use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result, ensure};
use std::fs;

const OLDEST_NODE: u32 = 20;

/// Installs exactly what the lock file says, when it says something new.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let step = Step::begin("npm packages (wasm-opt, Playwright)");
    let folder = project.end2end();
    let lock = fs::read(folder.join("package-lock.json")).context("end2end/package-lock.json")?;
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
    shell::capture(project.command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
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
