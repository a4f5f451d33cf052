//! Debian packages: installed only when asked for by a step that found something missing.

use crate::{project::Project, shell};
use anyhow::{Context, Result, ensure};
use std::process::Command;

/// Installs the packages, or says in one sentence what to do.
pub(crate) fn install(project: &Project, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    ensure!(
        shell::capture(project.command("apt-get").arg("--version")).is_ok(),
        "there is no apt-get here: install {names} (or what your system calls them) and run this again"
    );
    let install = |project: &Project| {
        let mut command = as_root(project);
        command.args(["install", "--yes", "--no-install-recommends"]).args(packages);
        shell::capture(&mut command)
    };
    // The lists of a fresh machine may be empty or old: read them only when the first try needs it.
    let installed = install(project).or_else(|_| {
        shell::capture(as_root(project).arg("update"))?;
        install(project)
    });
    installed.with_context(|| format!("run `sudo apt-get install {names}` and then this again"))?;
    Ok(())
}

fn as_root(project: &Project) -> Command {
    let user = shell::capture(project.command("id").arg("-u")).unwrap_or_default();
    let mut command = if user.trim() == "0" {
        project.command("apt-get")
    } else {
        // `-n`: never ask for a password.
        let mut sudo = project.command("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2");
    command
}
