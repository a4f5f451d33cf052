//! `cargo xtask build [--site]`: the browser bundle, then the server's binary.

use crate::{project::Project, say::Step, setup, shell, site};
use anyhow::Result;
use lexopt::prelude::*;

/// Reads the options and builds.
pub(crate) fn run(project: &Project, mut arguments: lexopt::Parser) -> Result<()> {
    let mut site_only = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("site") => site_only = true,
            other => return Err(other.unexpected().into()),
        }
    }
    setup::for_build(project)?;
    if site_only { site::build(project) } else { everything(project) }
}

/// The browser bundle and the binary; the tools are there.
pub(crate) fn everything(project: &Project) -> Result<()> {
    if !project.binary_is_given() {
        site::build(project)?;
    }
    binary(project)
}

/// The binary alone, unless it is given.
pub(crate) fn binary(project: &Project) -> Result<()> {
    if project.binary_is_given() {
        return Ok(());
    }
    let step = Step::begin("wellspring");
    step.working("cargo build --release (the first time compiles DataFusion: about ten minutes)");
    shell::run(project.cargo().args(["build", "--release", "--locked", "-p", "wellspring"]))?;
    step.done("built");
    Ok(())
}
