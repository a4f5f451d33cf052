//! The standard library's source of exactly the compiler's version, where rustup cannot fetch it:
//! from Debian's package `rust-src`.
//!
//! Nothing of the system is changed and no address is written here: apt tells its own, and downloads
//! with lists of ours in a folder of ours.

use super::wasm_target::Compiler;
use crate::{project::Project, shell};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Newest compilers come to these first.
const SUITES: [&str; 4] = ["trixie-backports", "trixie", "testing", "unstable"];
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Keeps the source where cargo looks for it; dropped, the link is gone again.
pub(crate) struct Source {
    link: Option<PathBuf>,
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Some(link) = &self.link {
            // A link left behind does no harm.
            let _ = fs::remove_file(link);
        }
    }
}

/// The source, at `<sysroot>/lib/rustlib/src/rust`: rustup's own component, or a link to Debian's.
pub(crate) fn ensure(project: &Project, compiler: &Compiler, work: &Path) -> Result<Source> {
    let home = compiler.sysroot.join("lib/rustlib/src/rust");
    if home.join("library/Cargo.lock").exists() {
        return Ok(Source { link: None });
    }
    let source = from_debian(project, &compiler.version, &work.join("rust-src"))?;
    // A dangling link of an earlier, interrupted run.
    let _ = fs::remove_file(&home);
    fs::create_dir_all(home.parent().context("the link has a parent")?)?;
    link(&source, &home).with_context(|| format!("cannot link {} to the source", home.display()))?;
    Ok(Source { link: Some(home) })
}

fn from_debian(project: &Project, version: &str, work: &Path) -> Result<PathBuf> {
    for folder in ["lists/partial", "cache/archives/partial", "source"] {
        fs::create_dir_all(work.join(folder))?;
    }
    let repository = repository(project)?;
    let wanted = format!("rust-src={version}*");
    let found = SUITES.iter().find(|suite| {
        let list = format!("deb [signed-by={KEYRING}] {repository} {suite} main\n");
        fs::write(work.join("sources.list"), list).is_ok()
            && shell::capture(apt(project, work).arg("update")).is_ok()
            && shell::capture(apt(project, work).args(["download", &wanted])).is_ok()
    });
    if found.is_none() {
        bail!("Debian has no rust-src {version} in {}", SUITES.join(", "));
    }
    let package = fs::read_dir(work)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt downloaded no package")?;
    let unpacked = work.join("source");
    shell::capture(project.command("dpkg").arg("-x").arg(package).arg(&unpacked))?;
    let source = unpacked.join("usr/src").join(format!("rustc-{version}"));
    ensure!(source.join("library/Cargo.lock").exists(), "Debian's rust-src has another layout than expected");
    Ok(source)
}

/// The repository that this machine's apt uses for Debian itself.
fn repository(project: &Project) -> Result<String> {
    let mut ask = project.command("apt-get");
    ask.args(["indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages"]);
    let targets = shell::capture(&mut ask).context("there is no apt here")?;
    let debian = targets.lines().find_map(|line| line.strip_prefix("Debian "));
    Ok(debian.context("apt knows no Debian repository (is this another distribution?)")?.trim().to_owned())
}

fn apt(project: &Project, work: &Path) -> Command {
    let mut apt = project.command("apt-get");
    apt.current_dir(work).arg("--quiet=2");
    for (option, value) in [
        ("Dir::Etc::sourcelist", work.join("sources.list")),
        ("Dir::Etc::sourceparts", PathBuf::from("/dev/null")),
        ("Dir::State::lists", work.join("lists")),
        ("Dir::Cache", work.join("cache")),
    ] {
        apt.arg("-o").arg(format!("{option}={}", value.display()));
    }
    apt
}

#[cfg(unix)]
fn link(source: &Path, home: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(source, home)
}

#[cfg(not(unix))]
fn link(_source: &Path, _home: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("only where apt is"))
}
