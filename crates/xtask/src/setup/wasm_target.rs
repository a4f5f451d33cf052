//! The standard library for `wasm32-unknown-unknown`: rustup's where rustup can fetch it, else built
//! here from the source of the same version.
//!
//! A library of our making carries a stamp with the compiler it belongs to: after an update of the
//! compiler it is made again. Whether the library works is asked of rustc itself, not guessed.

use super::rust_src;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

const TARGET: &str = "wasm32-unknown-unknown";
const STAMP: &str = "wellspring-std.stamp";

/// The target, ready for plain `cargo build` with fat LTO.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let step = Step::begin(TARGET);
    let compiler = Compiler::ask(project)?;
    if works(project, &compiler, "off").is_ok() {
        step.already();
        return Ok(());
    }
    step.working("rustup target add");
    let added = from_rustup(project);
    if added.is_ok() && works(project, &compiler, "off").is_ok() {
        step.done("added by rustup");
        return Ok(());
    }
    step.working("rustup cannot fetch it here; building it from the standard library's source (2 minutes, once)");
    from_source(project, &compiler).with_context(|| {
        format!("{TARGET} is missing: run `rustup target add {TARGET}` where rustup's server can be reached")
    })?;
    works(project, &compiler, "fat").context("the standard library was built but does not work")?;
    forget_older_output(project)?;
    step.done("built from source");
    Ok(())
}

/// The compiler on PATH.
pub(crate) struct Compiler {
    /// All of `rustc -vV`.
    description: String,
    /// For example `1.95.0`.
    pub(crate) version: String,
    /// The toolchain's folder.
    pub(crate) sysroot: PathBuf,
}

impl Compiler {
    fn ask(project: &Project) -> Result<Self> {
        let remedy = "rustc is missing: install Rust with rustup";
        let description = shell::capture(project.command("rustc").arg("-vV")).context(remedy)?;
        let version = description.lines().find_map(|line| line.strip_prefix("release: "));
        let version = version.context("`rustc -vV` tells no release")?.to_owned();
        let sysroot = shell::capture(project.command("rustc").args(["--print", "sysroot"]))?;
        Ok(Self { version, sysroot: PathBuf::from(sysroot.trim()), description })
    }

    fn library(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(TARGET).join("lib")
    }
}

/// Compiles a tiny module; a foreign, double or missing library makes that fail.
fn works(project: &Project, compiler: &Compiler, lto: &str) -> Result<()> {
    let stamp = fs::read_to_string(compiler.library().join(STAMP));
    if stamp.is_ok_and(|stamp| stamp != compiler.description) {
        bail!("the library was made for another compiler");
    }
    let folder = project.target().join("xtask/probe");
    fs::create_dir_all(&folder)?;
    let source = folder.join("probe.rs");
    fs::write(&source, "pub fn numbers(n: usize) -> Vec<usize> { (0..n).collect() }\n")?;
    let mut rustc = project.command("rustc");
    rustc.args(["--edition", "2024", "--target", TARGET, "-Cpanic=abort"]).arg("--out-dir").arg(&folder).arg(&source);
    match lto {
        "fat" => rustc.args(["--crate-type", "cdylib", "-Clto=fat", "-Copt-level=1"]),
        _ => rustc.args(["--crate-type", "lib", "--emit", "metadata"]),
    };
    shell::capture(&mut rustc).map(drop)
}

fn from_rustup(project: &Project) -> Result<()> {
    // A broken library that rustup believes to be there would not be fetched again.
    let installed = shell::capture(project.command("rustup").args(["target", "list", "--installed"]))?;
    if installed.lines().any(|line| line == TARGET) {
        shell::capture(project.command("rustup").args(["target", "remove", TARGET]))?;
    }
    shell::capture(project.command("rustup").args(["target", "add", TARGET])).map(drop)
}

/// Cargo builds `std` for an empty crate; its parts are put where rustc looks for them.
fn from_source(project: &Project, compiler: &Compiler) -> Result<()> {
    let work = project.cache().join("wasm-std");
    clear(&work)?;
    let source = rust_src::ensure(project, compiler, &work)?;
    let seed = work.join("seed");
    fs::create_dir_all(seed.join("src"))?;
    fs::write(seed.join("src/lib.rs"), "")?;
    fs::write(
        seed.join("Cargo.toml"),
        "[package]\nname = \"std_seed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    let mut cargo = project.cargo();
    cargo
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,test"])
        .current_dir(&seed)
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode in its parts, no later build could use link-time optimization.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    shell::run(&mut cargo)?;
    let parts = work.join("target").join(TARGET).join("release/deps");
    install(&parts, &compiler.library(), &compiler.description)?;
    drop(source);
    clear(&work)
}

fn install(parts: &Path, library: &Path, description: &str) -> Result<()> {
    clear(library)?;
    fs::create_dir_all(library)?;
    for entry in fs::read_dir(parts)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libstd_seed") {
            fs::copy(entry.path(), library.join(&name))?;
        }
    }
    fs::write(library.join(STAMP), description).context("cannot write into the toolchain's folder")
}

/// Crates compiled against the library that was there before cannot be linked with this one.
fn forget_older_output(project: &Project) -> Result<()> {
    clear(&project.target().join(TARGET))
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    Ok(())
}
