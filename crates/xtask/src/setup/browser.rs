//! Chromium for the journeys, and a font that can show Chinese in their screenshots.

use super::apt;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result};
use std::{env, path::PathBuf};

/// Both, from Debian's packages when they are missing.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let step = Step::begin("Chromium");
    if chromium().is_some() {
        step.already();
    } else {
        step.working("apt-get install chromium");
        apt::install(project, &["chromium"]).context("Chromium is missing (or set CHROMIUM to where it is)")?;
        chromium().context("Chromium was installed but is not on PATH: set CHROMIUM to where it is")?;
        step.done("installed");
    }
    let step = Step::begin("Chinese font");
    if shows_chinese(project) {
        step.already();
        return Ok(());
    }
    step.working("apt-get install fonts-noto-cjk");
    apt::install(project, &["fontconfig", "fonts-noto-cjk"]).context("a Chinese font is missing")?;
    step.done("installed");
    Ok(())
}

/// Where the browser is: `CHROMIUM`, or the usual names on PATH.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Some(PathBuf::from(path));
    }
    let path = env::var_os("PATH")?;
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|candidate| candidate.exists())
}

fn shows_chinese(project: &Project) -> bool {
    shell::capture(project.command("fc-list").args([":lang=zh", "family"])).is_ok_and(|fonts| !fonts.trim().is_empty())
}
