//! Which version of each tool belongs to this tree, read from the files that already say so.

use crate::project::Project;
use anyhow::{Context, Result};
use std::fs;

/// The versions that Trunk.toml asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    /// Of Trunk itself: `trunk-version`.
    pub(crate) trunk: String,
    /// Of wasm-bindgen-cli: `[tools] wasm_bindgen`; the library in Cargo.lock must have the same.
    pub(crate) wasm_bindgen: String,
}

impl Versions {
    /// Reads Trunk.toml, and compares it with Cargo.lock.
    pub(crate) fn read(project: &Project) -> Result<Self> {
        let trunk_toml = fs::read_to_string(project.root().join("Trunk.toml"))?;
        let versions = Self::from_trunk_toml(&trunk_toml)?;
        let lock = fs::read_to_string(project.root().join("Cargo.lock"))?;
        if let Some(locked) = locked_version(&lock, "wasm-bindgen") {
            anyhow::ensure!(
                locked == versions.wasm_bindgen,
                "Cargo.lock has wasm-bindgen {locked}, Trunk.toml asks for {}: give both the same version",
                versions.wasm_bindgen
            );
        }
        Ok(versions)
    }

    fn from_trunk_toml(text: &str) -> Result<Self> {
        let value = |key: &str| {
            let found = text.lines().find_map(|line| {
                let (name, value) = line.split_once('=')?;
                (name.trim() == key).then(|| value.trim().trim_matches('"').trim_start_matches('=').to_owned())
            });
            found.with_context(|| format!("Trunk.toml names no `{key}`: add it"))
        };
        Ok(Self { trunk: value("trunk-version")?, wasm_bindgen: value("wasm_bindgen")? })
    }
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| **line != *name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_from_trunk_toml() {
        let text = "trunk-version = \"=0.21.14\"\n[tools]\nwasm_bindgen = \"0.2.129\"\n";
        let versions = Versions::from_trunk_toml(text).expect("both are named");
        assert_eq!(versions, Versions { trunk: "0.21.14".to_owned(), wasm_bindgen: "0.2.129".to_owned() });
    }

    #[test]
    fn a_missing_version_is_named() {
        let error = Versions::from_trunk_toml("[tools]\n").expect_err("none is there");
        assert_eq!(error.to_string(), "Trunk.toml names no `trunk-version`: add it");
    }

    #[test]
    fn the_lock_tells_a_package_by_its_whole_name() {
        let lock = "name = \"wasm-bindgen-macro\"\nversion = \"1\"\n\nname = \"wasm-bindgen\"\nversion = \"2\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("2"));
        assert_eq!(locked_version(lock, "none"), None);
    }
}
