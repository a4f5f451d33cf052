//! wrk, the load generator of one bench: Debian's package when it is missing.

use super::apt;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result, ensure};

/// `wrk` on PATH.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let step = Step::begin("wrk");
    // It answers its version with a status of 1.
    let is_there = || shell::capture(project.command("sh").args(["-c", "command -v wrk"])).is_ok();
    if is_there() {
        step.already();
        return Ok(());
    }
    step.working("apt-get install wrk");
    apt::install(project, &["wrk"]).context("wrk is missing")?;
    ensure!(is_there(), "wrk was installed but is not on PATH");
    step.done("installed");
    Ok(())
}
