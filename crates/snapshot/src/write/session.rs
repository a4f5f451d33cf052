//! One build's hold on a snapshot's folder: its lock, and what to take back should it fail.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::SnapshotError;
use crate::write::Disk;
use crate::write::tidy::{WORK, names};

/// The name of the lock's file.
const LOCK: &str = ".lock";

/// Shared by everything that writes for one build; what was not committed is taken back when the last of them goes.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) disk: Arc<dyn Disk>,
    /// The snapshot's folder, and the outermost folder that was made for it, where it was not there.
    folder: PathBuf,
    outermost: Option<PathBuf>,
    /// Files and folders that were not there before, in the order in which they were made.
    made: Mutex<Vec<PathBuf>>,
    is_committed: AtomicBool,
    /// The operating system lets go of it even when the build dies.
    _lock: File,
}

impl Session {
    /// Makes the folder if needed and locks it against other builds.
    pub(super) fn begin(folder: &Path, disk: Arc<dyn Disk>) -> Result<Self, SnapshotError> {
        let outermost = outermost_missing(folder);
        disk.make_folder(folder).map_err(|e| SnapshotError::io(folder, e))?;
        let lock = lock(folder)?;
        Ok(Self {
            disk,
            folder: folder.to_owned(),
            outermost,
            made: Mutex::default(),
            is_committed: false.into(),
            _lock: lock,
        })
    }

    /// Makes a folder if needed.
    pub(super) fn make_folder(&self, folder: &Path) -> Result<(), SnapshotError> {
        let Some(first) = outermost_missing(folder) else { return Ok(()) };
        self.note(first);
        self.disk.make_folder(folder).map_err(|e| SnapshotError::io(folder, e))
    }

    /// Writes a file under a temporary name beside `path`, then renames it: no reader sees half of it.
    pub(super) fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
        if !path.exists() {
            self.note(path.to_owned());
        }
        self.replace(path, bytes)
    }

    /// The same for a file that stays whatever becomes of the build.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let written = self.disk.write(&temporary, bytes).and_then(|()| self.disk.rename(&temporary, path));
        written.map_err(|e| {
            // What cannot be removed now is removed by the next build.
            let _ = self.disk.remove_file(&temporary);
            SnapshotError::io(path, e)
        })
    }

    /// Moves a folder to where none is.
    pub(super) fn move_folder(&self, from: &Path, to: &Path) -> Result<(), SnapshotError> {
        self.note(to.to_owned());
        self.disk.rename(from, to).map_err(|e| SnapshotError::io(to, e))
    }

    pub(super) fn sync_folder(&self, folder: &Path) -> Result<(), SnapshotError> {
        self.disk.sync_folder(folder).map_err(|e| SnapshotError::io(folder, e))
    }

    /// From here on nothing is taken back.
    pub(super) fn commit(&self) {
        self.is_committed.store(true, Ordering::Relaxed);
    }

    fn note(&self, path: PathBuf) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }
}

impl Drop for Session {
    /// Takes back what a failed build left. Faults are passed over here: the build's own error is the one to tell, and
    /// the next build removes what is left.
    fn drop(&mut self) {
        if *self.is_committed.get_mut() {
            return;
        }
        let made = std::mem::take(self.made.get_mut().unwrap_or_else(PoisonError::into_inner));
        for path in made.iter().rev() {
            let _ = if path.is_dir() { self.disk.remove_folder(path) } else { self.disk.remove_file(path) };
        }
        for name in names(&self.folder).iter().filter(|name| name.starts_with(WORK)) {
            let _ = self.disk.remove_folder(&self.folder.join(name));
        }
        let Some(outermost) = &self.outermost else { return };
        let _ = self.disk.remove_file(&self.folder.join(LOCK));
        // Whatever somebody else put there stays, and so do the folders around it.
        for folder in self.folder.ancestors().take_while(|folder| folder.starts_with(outermost)) {
            if fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_none()) {
                let _ = self.disk.remove_folder(folder);
            }
        }
    }
}

/// The outermost of the folders that are not there yet.
fn outermost_missing(folder: &Path) -> Option<PathBuf> {
    let missing = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
    missing.last().map(Path::to_owned)
}

fn lock(folder: &Path) -> Result<File, SnapshotError> {
    let path = folder.join(LOCK);
    let fault = |e| SnapshotError::io(&path, e);
    loop {
        let file = File::create(&path).map_err(fault)?;
        file.try_lock().map_err(|e| match e {
            TryLockError::WouldBlock => SnapshotError::Locked { folder: folder.display().to_string() },
            TryLockError::Error(e) => fault(e),
        })?;
        // A build that fails removes the folder that it made: its file may be locked and yet be gone.
        if is_at(&file, &path) {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata().and_then(|ours| Ok((ours, fs::metadata(path)?)));
    found.is_ok_and(|(ours, there)| (ours.dev(), ours.ino()) == (there.dev(), there.ino()))
}

/// Elsewhere an open file's name cannot be taken.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}
