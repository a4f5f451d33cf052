//! `cargo xtask bench --kills N`: builds that are killed at random instants, and what is left of them.
//!
//! After each kill the snapshot must verify, whole and parts, as the version before or the next one; at the end the
//! folder must hold what it holds when nothing was ever killed.

use super::{bench::write_section, build};
use crate::{project::Project, say::Step};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// A folder in which builds are killed.
struct Victim<'a> {
    project: &'a Project,
    folder: PathBuf,
}

/// Kills so many builds and writes the section.
pub(crate) fn run(project: &Project, kills: u32) -> Result<()> {
    build::binary(project)?;
    let victim = Victim::new(project, "kills")?;
    victim.source(0)?;
    victim.built()?;
    victim.source(1)?;
    let begun = Instant::now();
    victim.built()?;
    let takes = begun.elapsed();
    let mut random = Random::new();
    let step = Step::begin("kills");
    let (mut landed, mut published) = (0u32, 0u32);
    let mut before = victim.version()?;
    for kill in 0..kills {
        victim.source(kill + 2)?;
        let mut child = victim.build().spawn()?;
        // Every second one while it publishes, the last tenth of a build.
        let share = if kill % 2 == 0 { 1.05 * random.share() } else { 0.85 + 0.2 * random.share() };
        thread::sleep(takes.mul_f64(share));
        let was_running = child.try_wait()?.is_none();
        let _ = child.kill();
        child.wait()?;
        let after = victim.version()?;
        ensure!(after >= before, "kill {kill}: version {before} before, {after} after");
        victim.checks().with_context(|| format!("after kill {kill} at {share:.4} of a build"))?;
        landed += u32::from(was_running);
        published += u32::from(after > before);
        before = after;
        if (kill + 1) % 100 == 0 {
            step.working(&format!("{} of {kills}", kill + 1));
        }
    }
    let same = Victim::new(project, "kills-none")?;
    for night in [kills + 2, kills + 3] {
        victim.source(night)?;
        victim.built_whole()?;
        same.source(night)?;
        same.built_whole()?;
    }
    ensure!(victim.version()? >= before + 2, "the versions do not rise");
    let (left, expected) = (paths(&victim.out()), paths(&same.out()));
    ensure!(left == expected, "left over: {:?}", left.symmetric_difference(&expected).collect::<Vec<_>>());
    step.done("nothing broken, nothing left over");
    let body = format!(
        "{kills} builds of a small retailer with two regions killed (SIGKILL), half of them at any instant, half in their last fifth; \
         a build took {:.2} s. {landed} were still running, {published} had published or did so before they died. After each the \
         snapshot and its parts verified (`wellspring check`) as the version before or the next one; after two more builds the \
         folder held exactly the files of one where nothing was killed.",
        takes.as_secs_f64()
    );
    write_section(project, "Builds that are killed", &body)
}

impl<'a> Victim<'a> {
    fn new(project: &'a Project, name: &str) -> Result<Self> {
        let folder = project.target().join("xtask/bench").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("source"))?;
        Ok(Self { project, folder })
    }

    /// Ever more rows, two regions, a row that is set aside.
    fn source(&self, night: u32) -> Result<()> {
        let source = self.folder.join("source");
        fs::write(source.join("stores.csv"), "store_id,region\nA,east\nB,west\n")?;
        let mut orders = "order_id,ordered_at,amount,member_id,store_id\nbad,?,1,m1,A\n".to_owned();
        for row in 0..400 + night {
            let (day, store) = (1 + row % 28, if row % 2 == 0 { "A" } else { "B" });
            orders += &format!("o{row},2024-02-{day:02} 10:00,{},m{},{store}\n", row + night, row % 90);
        }
        Ok(fs::write(source.join("orders.csv"), orders)?)
    }

    fn out(&self) -> PathBuf {
        self.folder.join("out")
    }

    fn build(&self) -> Command {
        let mut build = self.project.wellspring();
        build.args(["build", "--scopes", "all,regions", "--keep", "1"]);
        build.arg("--source").arg(self.folder.join("source")).arg("--out").arg(self.out());
        build.stdout(Stdio::null()).stderr(Stdio::null());
        build
    }

    fn built(&self) -> Result<()> {
        ensure!(self.build().status()?.success(), "a build that is not killed fails");
        Ok(())
    }

    /// With whole shards: their names then follow from the source alone, and not from the nights before.
    fn built_whole(&self) -> Result<()> {
        ensure!(self.build().arg("--full").status()?.success(), "a build that is not killed fails");
        Ok(())
    }

    fn checks(&self) -> Result<()> {
        let output = self.project.wellspring().arg("check").arg("--snapshot").arg(self.out()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    fn version(&self) -> Result<u64> {
        let manifest: Value = serde_json::from_slice(&fs::read(self.out().join("manifest.json"))?)?;
        manifest["version"].as_u64().context("a manifest has a version")
    }
}

/// Every path below a folder, numbers of versions left out.
fn paths(folder: &Path) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(of) = folders.pop() {
        for entry in fs::read_dir(&of).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            let words = path.strip_prefix(folder).unwrap_or(&path).iter().map(|word| word.to_string_lossy());
            let words = words.map(|word| if word.parse::<u64>().is_ok() { "n".to_owned() } else { word.into_owned() });
            paths.insert(words.collect::<Vec<_>>().join("/"));
        }
    }
    paths
}

/// Instants that nobody chose; which ones is of no matter.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::from_secs(1));
        Self(since.as_nanos() as u64 | 1)
    }

    /// From 0 to 1, by xorshift.
    fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}
