//! Making sure of what building and testing need. What is there is left alone, and a second run takes a moment.

mod apt;
mod browser;
mod node;
mod postgres;
mod python;
mod rust_src;
mod tools;
mod versions;
mod wasm_target;
mod wrk;

use crate::project::Project;
use anyhow::Result;

pub(crate) use browser::chromium;
pub(crate) use node::ensure_lighthouse;
pub(crate) use wrk::ensure as ensure_wrk;

/// The WebAssembly target, Trunk, wasm-bindgen and wasm-opt.
pub(crate) fn for_build(project: &Project) -> Result<()> {
    wasm_target::ensure(project)?;
    node::ensure(project)?;
    tools::ensure(project)
}

/// What the checks need on top: a browser that can show Chinese, Python's data packages and a PostgreSQL to start.
pub(crate) fn for_test(project: &Project) -> Result<()> {
    browser::ensure(project)?;
    postgres::ensure(project)?;
    python::ensure(project)
}
