//! A disk on which one step of publishing fails.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use snapshot::write::{Disk, LocalDisk};

/// In which way a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does nothing, and all goes on well: the build can take back what it did.
    Refused,
    /// It does a part of its work, or all of it, and says that it failed: a full disk, an `fsync` that was not done.
    Half,
    /// It does a part of its work, and nothing is done from then on: a power cut, or a kill.
    Dead,
}

pub(crate) const FAULTS: [Fault; 3] = [Fault::Refused, Fault::Half, Fault::Dead];

/// Fails the step of this number; 0 is the first.
#[derive(Debug)]
pub(crate) struct FaultyDisk {
    fault: Fault,
    at: usize,
    steps: AtomicUsize,
}

impl FaultyDisk {
    pub(crate) fn new(fault: Fault, at: usize) -> Self {
        Self { fault, at, steps: AtomicUsize::new(0) }
    }

    /// Whether the step came at all.
    pub(crate) fn failed(&self) -> bool {
        self.steps.load(Ordering::SeqCst) > self.at
    }

    fn step(&self, whole: impl FnOnce() -> io::Result<()>, half: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        let fails = step == self.at || (step > self.at && self.fault == Fault::Dead);
        if !fails {
            return whole();
        }
        if step == self.at && self.fault != Fault::Refused {
            half()?;
        }
        Err(io::Error::other("a made-up fault"))
    }
}

impl Disk for FaultyDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step(|| LocalDisk.make_folder(path), || LocalDisk.make_folder(path))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step(|| LocalDisk.write(path, bytes), || fs::write(path, &bytes[..bytes.len() / 2]))
    }

    /// A rename is done or not: only the machine can die after it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let dies = self.fault == Fault::Dead;
        self.step(|| LocalDisk.rename(from, to), || if dies { LocalDisk.rename(from, to) } else { Ok(()) })
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step(|| LocalDisk.sync_folder(path), || Ok(()))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step(|| LocalDisk.remove_file(path), || Ok(()))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let first = |path: &Path| fs::read_dir(path)?.next().transpose();
        let half = || match first(path)? {
            Some(entry) if entry.path().is_dir() => fs::remove_dir_all(entry.path()),
            Some(entry) => fs::remove_file(entry.path()),
            None => Ok(()),
        };
        self.step(|| LocalDisk.remove_folder(path), half)
    }
}
