//! `cargo xtask setup [--test]`: every tool that is missing, and nothing twice.

use crate::{project::Project, setup};
use anyhow::Result;
use lexopt::prelude::*;

/// Reads the options and sets up.
pub(crate) fn run(project: &Project, mut arguments: lexopt::Parser) -> Result<()> {
    let mut for_test = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("test") => for_test = true,
            other => return Err(other.unexpected().into()),
        }
    }
    setup::for_build(project)?;
    if for_test {
        setup::for_test(project)?;
    }
    Ok(())
}
