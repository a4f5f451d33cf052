//! The file between builder and reader.
//!
//! A snapshot is a folder: `manifest.json` and `shards/<BLAKE3>.arrow`. FORMAT.md, beside this crate, describes both.
//! Reading works natively and in WebAssembly and never panics: a cut, flipped or foreign file is a [`SnapshotError`].
//! Writing (feature `write`) and loading folders (feature `files`) are native only.

mod error;
#[cfg(feature = "files")]
pub mod files;
mod ipc;
mod manifest;
pub mod scope;
mod shard;
#[cfg(feature = "signed")]
pub mod signature;
#[cfg(feature = "files")]
pub mod versions;
#[cfg(feature = "write")]
pub mod write;

pub use error::SnapshotError;
#[cfg(feature = "write")]
pub use manifest::render_manifest;
pub use manifest::{Core as ManifestCore, checksum, parse_manifest, read_manifest, snapshot_id};
pub use shard::{Amounts, History, Kinds, Rows, Shard, Sparse, Steps};

/// The most members one shard holds, so that per-member state stays in the processor's first caches.
pub const MAX_MEMBERS: usize = 16_384;
/// In a `u16` column: no store or campaign. In `first_order_day`: never ordered.
pub const NONE_U16: u16 = u16::MAX;
/// In a `u8` column: no channel or tier.
pub const NONE_U8: u8 = u8::MAX;
/// In `joined_day`: unknown.
pub const UNKNOWN_DAY: i32 = i32::MIN;

/// The most that one shard's amounts of one kind may sum to, minor units: 65,536 shards add up without overflow.
pub const MOST_SUM: i64 = i64::MAX >> 17;

/// The name of a shard's content: BLAKE3 in 64 hex digits.
pub fn content_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
