//! The browser bundle, built beside the other stages: linking it keeps one core busy for minutes, while the native
//! crates leave the other idle whenever one of them compiles alone.

use crate::project::Project;
use anyhow::{Context, Result};
use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// `cargo xtask build --site` under way; what it says goes to a file until it is waited for.
pub(super) struct Aside {
    child: Child,
    log: PathBuf,
}

impl Aside {
    /// Starts it.
    pub(super) fn start(project: &Project) -> Result<Self> {
        let folder = project.target().join("xtask");
        fs::create_dir_all(&folder)?;
        let log = folder.join("site.log");
        let output = File::create(&log)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["build", "--site"]).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().context("cannot start building the browser bundle")?;
        Ok(Self { child, log })
    }

    /// Waits for its end and shows what it said. Whether it succeeded is for the stage to find that builds it again,
    /// which takes a moment when it did.
    pub(super) fn finish(mut self) -> Result<()> {
        self.child.wait()?;
        print!("{}", fs::read_to_string(&self.log)?);
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // It has usually ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
