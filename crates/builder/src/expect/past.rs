//! What the builds before found: from the record of the snapshot that is shown, and of builds that were stopped since.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{Day, HISTORY, PastBuild};

use crate::BuildError;

/// Builds that were stopped and have no version to tell of them, until the next one has.
const STOPPED: &str = "stopped.json";

/// The builds before, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Past {
    builds: Vec<PastBuild>,
    file: PathBuf,
}

impl Past {
    /// Reads what there is; a snapshot that cannot be read has no past.
    pub(crate) fn read(out: &Path) -> Self {
        let shown = snapshot::files::load_manifest(out).and_then(|(m, _)| snapshot::versions::load_record(out, &m));
        let mut builds = shown.map(|record| record.history).unwrap_or_default();
        let file = out.join(STOPPED);
        builds.extend(stopped(&file));
        builds.sort_by(|a, b| a.built_at.cmp(&b.built_at));
        let mut past = Self { builds, file };
        past.shorten();
        past
    }

    /// Rows of a table on the days before that are the same weekday as `day`, as the builds of those days found them.
    pub(crate) fn same_weekdays(&self, table: &str, day: Day, weeks: u32) -> Vec<i64> {
        let mut found = BTreeMap::new();
        for build in self.builds.iter().filter(|build| build.version > 0 && !build.withdrawn) {
            let back = day.epoch_days() - build.data_until.epoch_days();
            let is_one = back > 0 && back % 7 == 0 && back / 7 <= weeks as i32;
            let rows = build.rows.iter().find(|(name, _)| name == table);
            if let Some((_, rows)) = rows.filter(|_| is_one) {
                // The last build of a day counts.
                found.insert(back, *rows as i64);
            }
        }
        found.into_values().collect()
    }

    /// All of them, for the record of a new version.
    pub(crate) fn into_history(self) -> Vec<PastBuild> {
        self.builds
    }

    /// Remembers a build that was stopped.
    pub(crate) fn stop(&self, build: PastBuild) -> Result<(), BuildError> {
        let mut all = stopped(&self.file);
        all.push(build);
        let from = all.len().saturating_sub(HISTORY);
        let unwritable = |e: std::io::Error| BuildError::unwritable(&self.file, e);
        let json = serde_json::to_vec(&all[from..]).map_err(|e| unwritable(e.into()))?;
        let temporary = self.file.with_extension("json.tmp");
        std::fs::write(&temporary, json).and_then(|()| std::fs::rename(&temporary, &self.file)).map_err(unwritable)
    }

    /// Forgets those that were stopped: the version just published tells of them.
    pub(crate) fn tell(out: &Path) {
        // What cannot be removed is told twice, and known by its time.
        let _ = std::fs::remove_file(out.join(STOPPED));
    }

    fn shorten(&mut self) {
        self.builds.dedup();
        // One place is the new build's.
        let from = (self.builds.len() + 1).saturating_sub(HISTORY);
        self.builds.drain(..from);
    }
}

fn stopped(file: &Path) -> Vec<PastBuild> {
    std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
