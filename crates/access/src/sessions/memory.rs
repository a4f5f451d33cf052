//! The sessions this process has seen, in memory: what makes a check free of database queries.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use moka::sync::Cache;

use super::token::SessionHash;
use super::{Limits, Signed};
use crate::UnixSeconds;

/// Sessions remembered at once, a few hundred bytes each.
const CAPACITY: u64 = 100_000;

/// A session as read from the database, and when it was last used here.
#[derive(Debug)]
pub(super) struct Remembered {
    pub(super) signed: Arc<Signed>,
    /// The epoch from before it was read; it counts only as long as that is the present one.
    pub(super) epoch: u64,
    seen: AtomicI64,
    written: AtomicI64,
}

impl Remembered {
    pub(super) fn new(signed: Signed, epoch: u64, written: UnixSeconds, seen: UnixSeconds) -> Self {
        Self { signed: Arc::new(signed), epoch, seen: seen.0.into(), written: written.0.into() }
    }

    /// When it was last used here.
    pub(super) fn seen(&self) -> UnixSeconds {
        UnixSeconds(self.seen.load(Ordering::Relaxed))
    }

    /// Notes a use; `None` when it has ended by what is known here.
    pub(super) fn touch(&self, limits: &Limits, now: UnixSeconds) -> Option<Arc<Signed>> {
        let is_live = limits.is_live(self.seen(), self.signed.ends, now);
        is_live.then(|| {
            self.seen.fetch_max(now.0, Ordering::Relaxed);
            Arc::clone(&self.signed)
        })
    }
}

/// All of them.
#[derive(Clone)]
pub(super) struct Memory(Cache<SessionHash, Arc<Remembered>>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory(…)")
    }
}

impl Memory {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).time_to_idle(limits.idle).build())
    }

    pub(super) fn get(&self, hash: &SessionHash) -> Option<Arc<Remembered>> {
        self.0.get(hash)
    }

    pub(super) fn len(&self) -> u64 {
        self.0.entry_count()
    }

    pub(super) fn insert(&self, hash: SessionHash, remembered: Remembered) {
        self.0.insert(hash, Arc::new(remembered));
    }

    pub(super) fn forget(&self, hash: &SessionHash) {
        self.0.invalidate(hash);
    }

    /// Sessions used since that was last written down, with the time of use.
    pub(super) fn unwritten(&self) -> Vec<(SessionHash, Arc<Remembered>, UnixSeconds)> {
        let rows = self.0.iter().map(|(hash, remembered)| (*hash, remembered.seen(), remembered));
        let unwritten = rows.filter(|(_, seen, remembered)| seen.0 > remembered.written.load(Ordering::Relaxed));
        unwritten.map(|(hash, seen, remembered)| (hash, remembered, seen)).collect()
    }

    /// Notes that a time of use is written down.
    pub(super) fn written(remembered: &Remembered, seen: UnixSeconds) {
        remembered.written.fetch_max(seen.0, Ordering::Relaxed);
    }
}
