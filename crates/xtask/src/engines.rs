//! The worker's WebAssembly, twice: with SIMD and without. Browsers take the one they can run.

use crate::{project::Project, shell};
use anyhow::Result;
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";

/// Name of a build, what rustc is told for it, and features of the worker. `wellspring-engine.js` chooses between them.
const BUILDS: [(&str, &str, &str); 2] = [("simd", "-Ctarget-feature=+simd128", "simd"), ("scalar", "", "")];

/// Writes `wellspring-<build>.js` and `wellspring-<build>_bg.wasm` into a folder.
///
/// wasm-opt is left out: at every level its output was no faster and, compressed, 4 % larger.
pub(crate) fn build(project: &Project, folder: &Path) -> Result<()> {
    for (name, flags, features) in BUILDS {
        // Each in a folder of its own: flags that change would have cargo compile everything again.
        let target = project.target().join("engines").join(name);
        let mut cargo = project.cargo();
        cargo.args(["build", "--quiet", "--locked", "-p", "worker", "--profile", "browser", "--target", TARGET]);
        cargo
            .args(["--features", features])
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTFLAGS", flags)
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        shell::run(&mut cargo)?;
        let out_name = format!("wellspring-{name}");
        let mut bindgen = project.command("wasm-bindgen");
        bindgen.args(["--target", "web", "--no-typescript", "--remove-name-section", "--remove-producers-section"]);
        bindgen.args(["--out-name", &out_name]).arg("--out-dir").arg(folder);
        shell::run(bindgen.arg(target.join(TARGET).join("browser/worker.wasm")))?;
    }
    Ok(())
}
