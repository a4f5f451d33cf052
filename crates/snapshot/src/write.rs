//! Writes shards and publishes snapshots. FORMAT.md says what and why.

mod arrays;
mod data;
mod disk;
mod encode;
mod publish;
mod rollback;
mod session;
mod store;
mod tidy;

pub use data::{Anonymous, Members, Orders, ShardData, Touches};
pub use disk::{Disk, LocalDisk};
pub use encode::encode_shard;
pub use publish::{KEEP, Publication, Publisher, QUARANTINE};
pub use rollback::rollback;
