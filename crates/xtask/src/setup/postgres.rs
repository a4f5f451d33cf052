//! PostgreSQL's server programs: tests start one of their own (`crates/servers`).

use super::apt;
use crate::{project::Project, say::Step};
use anyhow::{Context, Result};
use std::{env, fs, path::PathBuf};

/// Debian keeps them off PATH, in a folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// `initdb` and `postgres`, from Debian's package when they are missing.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let step = Step::begin("PostgreSQL");
    if programs().is_some() {
        step.already();
        return Ok(());
    }
    step.working("apt-get install postgresql");
    apt::install(project, &["postgresql"]).context("PostgreSQL's server is missing")?;
    programs().with_context(|| format!("PostgreSQL was installed but is neither on PATH nor under {DEBIAN}/*/bin"))?;
    step.done("installed");
    Ok(())
}

/// The folder that has both.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut folders = env::split_paths(&path).chain(versions);
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}
