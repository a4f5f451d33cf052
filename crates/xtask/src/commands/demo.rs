//! `cargo xtask demo`: from a fresh clone to a dashboard of a sample retailer.
//!
//! Sample data and snapshot are kept in `data/`, beside a stamp that names the options and the
//! sources they were made from: they are made again when either changes, and only then.

use super::build;
use crate::{project::Project, say::Step, setup, shell};
use anyhow::{Context, Result};
use lexopt::prelude::*;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

struct Options {
    members: u32,
    stores: u32,
    addr: String,
    serve: bool,
}

/// Reads the options and does every step that is still to be done.
pub(crate) fn run(project: &Project, arguments: lexopt::Parser) -> Result<()> {
    let options = options(arguments)?;
    setup::for_build(project)?;
    build::everything(project)?;
    let retailer = Retailer {
        members: options.members,
        stores: options.stores,
        folder: project.root().join("data"),
        name: "demo",
        identities_only: 40,
    };
    retailer.make(project)?;
    if !options.serve {
        return Ok(());
    }
    println!("\nWellspring is at http://{} (Ctrl-C stops it)\n", options.addr);
    let mut serve = project.wellspring();
    serve.args(["serve", "--open", "--snapshot"]).arg(retailer.snapshot()).args(["--addr", &options.addr]);
    shell::become_it(&mut serve)
}

fn options(mut arguments: lexopt::Parser) -> Result<Options> {
    let mut options = Options { members: 200_000, stores: 400, addr: "127.0.0.1:3000".to_owned(), serve: true };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("members") => options.members = arguments.value()?.parse()?,
            Long("stores") => options.stores = arguments.value()?.parse()?,
            Long("addr") => options.addr = arguments.value()?.string()?,
            Long("no-serve") => options.serve = false,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

/// A sample retailer: its source files and its snapshot, both under `folder`.
pub(crate) struct Retailer {
    /// How many members it has.
    pub(crate) members: u32,
    /// How many stores it has.
    pub(crate) stores: u32,
    /// Where both folders go.
    pub(crate) folder: PathBuf,
    /// What they are called: `NAME-source` and `NAME`.
    pub(crate) name: &'static str,
    /// Of a hundred digital orders and touches, how many bear keys instead of their member. With 0 every fact names
    /// its member, so that a recount by member needs nothing but the files.
    pub(crate) identities_only: u8,
}

impl Retailer {
    /// The folder with the source files.
    pub(crate) fn source(&self) -> PathBuf {
        self.folder.join(format!("{}-source", self.name))
    }

    /// The folder with the snapshot.
    pub(crate) fn snapshot(&self) -> PathBuf {
        self.folder.join(self.name)
    }

    /// Makes what is not there yet, or was made by other options or other sources.
    pub(crate) fn make(&self, project: &Project) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let sample = project.fingerprint(&["crates/sample"])?;
        let Self { members, stores, identities_only, .. } = self;
        let source_key = format!("members {members} stores {stores} keys {identities_only} sample {sample}\n");
        self.part(
            "sample data",
            &self.source(),
            &source_key,
            project
                .wellspring()
                .arg("demo-data")
                .args(["--members", &members.to_string()])
                .args(["--stores", &stores.to_string()])
                .args(["--identities-only", &identities_only.to_string()])
                .arg("--out")
                .arg(self.source()),
        )?;
        let makers = ["crates/builder", "crates/snapshot", "crates/model"];
        let snapshot_key = format!("{source_key}builder {}\n", project.fingerprint(&makers)?);
        self.part(
            "snapshot",
            &self.snapshot(),
            &snapshot_key,
            project
                .wellspring()
                .arg("build")
                .args(["--tenant", "澜序 LANXU"])
                .arg("--source")
                .arg(self.source())
                .arg("--out")
                .arg(self.snapshot()),
        )
    }

    fn part(&self, what: &str, folder: &Path, key: &str, command: &mut Command) -> Result<()> {
        let step = Step::begin(&format!("{what} in {}", folder.display()));
        let stamp = folder.with_extension("stamp");
        if folder.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == key) {
            step.already();
            return Ok(());
        }
        step.working(&format!("{} members, {} stores", self.members, self.stores));
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        shell::run(command)?;
        fs::write(stamp, key)?;
        step.done("made");
        Ok(())
    }
}
