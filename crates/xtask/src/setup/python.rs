//! A Python of our own in the cache, with the packages of end2end/requirements.txt.

use super::apt;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result};
use std::fs;

/// pandas 3 wants this much.
const OLDEST_MINOR: u32 = 11;

/// Makes the environment anew when the requirements changed.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let step = Step::begin("Python packages (pandas, pyarrow, DuckDB, moto)");
    let file = project.end2end().join("requirements.txt");
    let requirements = fs::read(&file).context("end2end/requirements.txt")?;
    let stamp = project.cache().join("py/requirements.txt");
    if project.python().exists() && fs::read(&stamp).is_ok_and(|old| old == requirements) {
        step.already();
        return Ok(());
    }
    step.working("pip install into the cache");
    let folder = project.cache().join("py");
    let make = |project: &Project| -> Result<String> {
        let python = interpreter(project).context("no python3 of version 3.11 or newer on PATH")?;
        shell::capture(project.command(python).args(["-m", "venv", "--clear"]).arg(&folder))
    };
    // Debian splits venv from Python: a first failure usually means that package.
    make(project).or_else(|_| {
        apt::install(project, &["python3", "python3-venv"])?;
        make(project)
    })?;
    let mut install = project.command(project.python());
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&file);
    shell::capture(&mut install).context("the Python packages could not be installed: is pip's registry reachable?")?;
    fs::write(stamp, requirements)?;
    step.done("installed");
    Ok(())
}

fn interpreter(project: &Project) -> Option<&'static str> {
    ["python3", "python3.13", "python3.12", "python3.11"].into_iter().find(|name| {
        let said = shell::capture(project.command(name).arg("--version"));
        said.ok().as_deref().and_then(minor).is_some_and(|minor| minor >= OLDEST_MINOR)
    })
}

fn minor(version: &str) -> Option<u32> {
    version.trim().strip_prefix("Python 3.")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_says_its_minor_version() {
        assert_eq!(minor("Python 3.11.7\n"), Some(11));
        assert_eq!(minor("Python 2.7.18"), None);
    }
}
