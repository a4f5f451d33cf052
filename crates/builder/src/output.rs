//! The folder that a build writes to: locked for the build's time, and as it was before if the build fails.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use snapshot::write::Publisher;

use crate::BuildError;

/// A snapshot's folder while a build writes into it.
pub(crate) struct Output {
    dir: PathBuf,
    /// `None` once published.
    publisher: Option<Arc<Publisher>>,
    /// What was in the folder and in `shards` before; `None` where the folder was not there.
    before: Option<(HashSet<OsString>, HashSet<OsString>)>,
    published: bool,
}

impl Output {
    /// Makes the folder if needed and locks it.
    pub(crate) fn open(dir: &Path) -> Result<Self, BuildError> {
        let before = dir.is_dir().then(|| (names(dir), names(&dir.join("shards"))));
        let publisher = Publisher::new(dir)?;
        Ok(Self { dir: dir.to_owned(), publisher: Some(Arc::new(publisher)), before, published: false })
    }

    pub(crate) fn publisher(&self) -> Result<&Arc<Publisher>, BuildError> {
        self.publisher.as_ref().ok_or_else(|| BuildError::Engine("the snapshot was published already".to_owned()))
    }

    /// Publishes; from here on nothing is taken back.
    pub(crate) fn publish(&mut self, manifest: model::Manifest) -> Result<model::Manifest, BuildError> {
        let publisher = self
            .publisher
            .take()
            .and_then(Arc::into_inner)
            .ok_or_else(|| BuildError::Engine("a shard is still being written".to_owned()))?;
        let manifest = publisher.publish(manifest)?;
        self.published = true;
        Ok(manifest)
    }
}

impl Drop for Output {
    /// Takes back what a failed build left. Faults here are passed over: the build's own error is the one to tell.
    fn drop(&mut self) {
        if self.published {
            return;
        }
        // A shard may still be on its way to the disk.
        while self.publisher.as_ref().is_some_and(|p| Arc::strong_count(p) > 1) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let shards = self.dir.join("shards");
        let (in_dir, in_shards) = self.before.take().unwrap_or_default();
        for name in names(&shards).difference(&in_shards) {
            let _ = fs::remove_file(shards.join(name));
        }
        for name in names(&self.dir).difference(&in_dir) {
            let path = self.dir.join(name);
            // Only what a build makes; a folder goes only when it is empty.
            if path.is_dir() {
                let _ = fs::remove_dir(&path);
            } else if name == ".lock" {
                let _ = fs::remove_file(&path);
            }
        }
        self.publisher = None;
        if in_dir.is_empty() {
            // Fails, as it should, where the folder holds anything.
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

fn names(dir: &Path) -> HashSet<OsString> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).collect()
}
