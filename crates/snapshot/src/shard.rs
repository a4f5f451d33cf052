//! One opened shard: its columns as typed slices.
//!
//! Opening reads the file once into the columns that kernels scan, and checks everything that kernels rely on:
//! every member number is below [`Shard::members`], every store, channel, kind and campaign number is in the
//! manifest's lists, and row ranges are in order. The files themselves are not kept, and of what is open nobody can
//! tell how many they were.

mod columns;
mod decode;
mod facts;
mod history;
mod rows;
#[cfg(all(test, feature = "write"))]
mod tests;

use model::{Manifest, ShardEntry, ShardFile};

pub use history::{History, Steps};
pub use rows::{Amounts, Kinds, Rows, Sparse};

use crate::SnapshotError;
pub(crate) use decode::Draft;
#[cfg(feature = "write")]
pub(crate) use decode::Lists;
pub(crate) use facts::Facts;

/// The facts and members of one shard.
pub struct Shard {
    days: usize,
    members: Members,
    orders: Facts,
    steps: Steps,
    anonymous: Facts,
    touches: Facts,
}

/// The columns of members.
pub(crate) struct Members {
    pub(crate) home_store: Vec<u16>,
    pub(crate) source_channel: Vec<u8>,
    pub(crate) tier: Vec<u8>,
    pub(crate) joined_day: Vec<i32>,
}

/// Reads some of a shard's files, the base first, against what the manifest says of each.
pub(crate) fn draft<'a>(
    files: impl Iterator<Item = (&'a [u8], ShardFile<'a>)>,
    manifest: &Manifest,
) -> Result<Draft, SnapshotError> {
    let mut draft: Option<Draft> = None;
    for (bytes, promised) in files {
        let file = || short(promised.hash);
        let found = bytes.len() as u64;
        if found != promised.bytes {
            return Err(SnapshotError::Length { file: file(), found, expected: promised.bytes });
        }
        if *blake3::hash(bytes).to_hex() != *promised.hash {
            return Err(SnapshotError::Hash { file: file() });
        }
        let read = match &mut draft {
            None => Draft::base(bytes, manifest).map(|base| draft = Some(base)),
            Some(draft) => draft.tail(bytes, &manifest.dimensions),
        };
        read.map_err(|what| SnapshotError::Layout { file: file(), what: what.to_owned() })?;
    }
    draft.ok_or_else(|| SnapshotError::Layout { file: "without a file".to_owned(), what: "it is empty".to_owned() })
}

fn short(hash: &str) -> String {
    hash.chars().take(16).collect::<String>() + "….arrow"
}

impl Shard {
    /// Opens the bytes of a shard's files, those of [`ShardEntry::files`] in that order, against its entry in the
    /// manifest.
    ///
    /// The error says which file is cut, changed, or breaks a rule of the format.
    pub fn open(files: &[&[u8]], manifest: &Manifest, entry: &ShardEntry) -> Result<Self, SnapshotError> {
        let refused = |what: &str| SnapshotError::Layout { file: short(&entry.hash), what: what.to_owned() };
        if files.len() != 1 + entry.tails.len() {
            return Err(refused("it has another number of files than its manifest says"));
        }
        draft(files.iter().copied().zip(entry.files()), manifest)?.finish(entry).map_err(refused)
    }

    /// Business days, one row each, the first being the manifest's `first_day`.
    pub fn days(&self) -> usize {
        self.days
    }

    /// Members, numbered from 0.
    pub fn members(&self) -> usize {
        self.members.home_store.len()
    }

    /// Each member's home store, or [`crate::NONE_U16`].
    pub fn home_store(&self) -> &[u16] {
        &self.members.home_store
    }

    /// Each member's source channel, or [`crate::NONE_U8`].
    pub fn source_channel(&self) -> &[u8] {
        &self.members.source_channel
    }

    /// Each member's tier, or [`crate::NONE_U8`].
    pub fn tier(&self) -> &[u8] {
        &self.members.tier
    }

    /// Day of joining since 1970-01-01, or [`crate::UNKNOWN_DAY`].
    pub fn joined_day(&self) -> &[i32] {
        &self.members.joined_day
    }

    /// Day of the first order ever, counted from the manifest's first day, or [`crate::NONE_U16`].
    pub fn first_order_day(&self) -> &[u16] {
        self.history().first
    }

    /// The members' orders as steps. Not in the file: it follows from the orders.
    pub fn history(&self) -> History<'_> {
        self.steps.history()
    }

    /// Orders of members, sorted by day, then member, then time.
    pub fn orders(&self) -> Rows<'_> {
        self.orders.rows()
    }

    /// Orders without a member, sorted by day, then time.
    pub fn anonymous(&self) -> Rows<'_> {
        self.anonymous.rows()
    }

    /// Touches, sorted by day, then member, then time.
    pub fn touches(&self) -> Rows<'_> {
        self.touches.rows()
    }

    /// Bytes of memory the shard's columns hold.
    pub fn memory_bytes(&self) -> usize {
        let m = &self.members;
        let per_member = 2 * m.home_store.len() + m.source_channel.len() + m.tier.len() + 4 * m.joined_day.len();
        let facts: usize = [&self.orders, &self.anonymous, &self.touches].iter().map(|f| f.memory_bytes()).sum();
        per_member + self.steps.memory_bytes() + facts
    }
}
