//! Where things are: the workspace, its target folder, the tools' cache; and commands that run there.

use anyhow::{Context, Result};
use std::{
    env,
    ffi::OsString,
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// The folders that every command needs.
#[derive(Clone)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
    cache: PathBuf,
    /// The product's binary where it is not to be built.
    given: Option<PathBuf>,
}

impl Project {
    /// Finds the root from cargo's own variable, or upwards from the current folder.
    pub(crate) fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => env::current_dir()?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").exists())
            .context("no Trunk.toml here or above: run `cargo xtask` inside the project")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        let caches = match env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
        };
        Ok(Self { root, target, cache: caches.join("wellspring"), given: None })
    }

    /// The same with the binary that `WELLSPRING_BIN` names, if it does, instead of one that is built.
    pub(crate) fn with_given_binary(&self) -> Result<Self> {
        let given = env::var_os("WELLSPRING_BIN").map(fs::canonicalize).transpose();
        Ok(Self { given: given.context("WELLSPRING_BIN names no file")?, ..self.clone() })
    }

    /// Whether the binary is not to be built.
    pub(crate) fn binary_is_given(&self) -> bool {
        self.given.is_some()
    }

    /// The workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What cargo builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// What outlives a clone: `<cache>/wellspring`.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// What Trunk builds.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The journeys and the npm tools.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// The interpreter with the packages of end2end/requirements.txt.
    pub(crate) fn python(&self) -> PathBuf {
        self.cache.join("py/bin/python")
    }

    /// A program, run at the root with our tools on PATH and without what `cargo run` set for us,
    /// which would make build scripts believe that something changed.
    pub(crate) fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root).env("PATH", self.path());
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST") {
                command.env_remove(&*name);
            }
        }
        command
    }

    /// Cargo, as the toolchain on PATH has it.
    pub(crate) fn cargo(&self) -> Command {
        self.command("cargo")
    }

    /// The product's binary, as built for release.
    pub(crate) fn wellspring(&self) -> Command {
        match &self.given {
            Some(binary) => self.command(binary),
            None => self.command(self.target.join("release").join(format!("wellspring{}", env::consts::EXE_SUFFIX))),
        }
    }

    /// One number for the contents of these files and folders, to see whether they changed.
    pub(crate) fn fingerprint(&self, parts: &[&str]) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        for part in parts {
            self.feed(&self.root.join(part), &mut hasher)?;
        }
        Ok(format!("{:016x}", hasher.finish()))
    }

    fn feed(&self, path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
        let inside = path.strip_prefix(&self.root).unwrap_or(path);
        hasher.write(inside.as_os_str().as_encoded_bytes());
        if path.is_dir() {
            let entries: Result<Vec<PathBuf>, _> =
                fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect();
            let mut entries = entries?;
            entries.sort();
            for entry in entries {
                self.feed(&entry, hasher)?;
            }
        } else if path.exists() {
            let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            hasher.write_usize(bytes.len());
            hasher.write(&bytes);
        }
        Ok(())
    }

    /// PATH with the tools that setup installed in front, so that another version elsewhere does not win.
    fn path(&self) -> OsString {
        let ours = [self.end2end().join("node_modules/.bin"), self.cache.join("tools/bin")];
        let theirs = env::var_os("PATH").unwrap_or_default();
        let all = ours.into_iter().chain(env::split_paths(&theirs));
        env::join_paths(all).unwrap_or(theirs)
    }
}
