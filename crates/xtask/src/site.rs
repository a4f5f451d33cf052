//! The browser bundle: Trunk builds `dist/`, the worker's WebAssembly is put beside it, every file gets a brotli
//! twin, and the sizes are told.

use crate::{
    engines,
    project::Project,
    say::{Step, kilobytes},
    shell,
};
use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Everything the bundle is made from.
const SOURCES: [&str; 15] = [
    ".cargo/config.toml",
    "app",
    "crates/model",
    "crates/snapshot",
    "crates/engine",
    "crates/texts",
    "crates/worker",
    "crates/xtask/src/engines.rs",
    "crates/xtask/src/site.rs",
    "style",
    "public",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
];

const COMPRESSED: [&str; 7] = ["css", "html", "js", "json", "svg", "txt", "wasm"];

/// Builds `dist/` unless it was made from just these sources.
pub(crate) fn build(project: &Project) -> Result<()> {
    let step = Step::begin("browser bundle in dist/");
    let stamp = project.target().join("xtask/site.stamp");
    let key = project.fingerprint(&SOURCES)?;
    let dist = project.dist();
    if dist.join("index.html").exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == key) {
        step.already();
        return tell_sizes(&dist);
    }
    step.working("trunk build --release (the pages)");
    // Trunk takes NO_COLOR for an option of its own and refuses values other than true and false.
    shell::run(
        project.command("trunk").args(["build", "--release"]).env_remove("NO_COLOR").env("RUST_BACKTRACE", "0"),
    )?;
    step.working("the engine, with SIMD and without");
    engines::build(project, &dist)?;
    step.working("compressing");
    let mut files = Vec::new();
    find(&dist, &mut files)?;
    compress_all(&files)?;
    fs::create_dir_all(project.target().join("xtask"))?;
    fs::write(stamp, key)?;
    step.done("built");
    tell_sizes(&dist)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if extension(&path).is_some_and(|extension| COMPRESSED.contains(&extension)) {
            files.push(path);
        }
    }
    Ok(())
}

/// Two at a time: the big files are the app's module and the two of the engine.
fn compress_all(files: &[PathBuf]) -> Result<()> {
    let (odd, even): (Vec<_>, Vec<_>) = files.iter().partition(|path| path.to_string_lossy().contains("wellspring-"));
    std::thread::scope(|scope| {
        let other = scope.spawn(move || odd.into_iter().try_for_each(|path| compress(path)));
        even.into_iter().try_for_each(|path| compress(path))?;
        other.join().unwrap_or_else(|_| anyhow::bail!("compressing panicked"))
    })
}

fn compress(path: &Path) -> Result<()> {
    let bytes = fs::read(path)?;
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut small, &parameters)
        .with_context(|| format!("cannot compress {}", path.display()))?;
    let mut twin = path.as_os_str().to_owned();
    twin.push(".br");
    fs::write(twin, small)?;
    Ok(())
}

fn tell_sizes(dist: &Path) -> Result<()> {
    let (page, worker) = sizes(dist)?;
    let portals = fs::metadata(dist.join("embed.js.br"))?.len();
    println!(
        "  page {} (wasm, js, css; brotli), worker {}, embed.js for portals {}",
        kilobytes(page),
        kilobytes(worker),
        kilobytes(portals)
    );
    Ok(())
}

/// What a first visit downloads, as it travels: bytes of the page's code and of the pool's with its engine.
pub(crate) fn sizes(dist: &Path) -> Result<(u64, u64)> {
    let mut page = 0;
    let mut worker = 0;
    for entry in fs::read_dir(dist)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let code = ["wasm.br", "js.br", "css.br"].iter().any(|ending| name.ends_with(ending));
        match code {
            // A browser takes one of the two builds.
            true if name.starts_with("wellspring-scalar") => {}
            // What portals and framed views load instead or besides.
            true if name.starts_with("embed") => {}
            true if name.starts_with("wellspring") => worker += entry.metadata()?.len(),
            true => page += entry.metadata()?.len(),
            false => {}
        }
    }
    Ok((page, worker))
}

fn extension(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_opens_to_the_same_bytes() {
        let folder = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let path = folder.join("main.css");
        let text = "p { margin: 0 }\n".repeat(100);
        fs::write(&path, &text).expect("a temporary file can be written");
        compress(&path).expect("css compresses");
        let small = fs::read(folder.join("main.css.br")).expect("the twin is beside it");
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut small.as_slice(), &mut back).expect("it opens");
        fs::remove_dir_all(&folder).expect("the folder is ours");
        assert!(small.len() < text.len());
        assert_eq!(back, text.as_bytes());
    }
}
