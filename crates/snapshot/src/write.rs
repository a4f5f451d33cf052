//! Writes shards and publishes snapshots. FORMAT.md says what and why.

mod arrays;
mod data;
mod disk;
mod encode;
mod grow;
mod publish;
mod rollback;
mod session;
mod store;
mod tail;
mod tidy;

pub use data::{Anonymous, Members, Orders, ShardData, Touches};
pub use disk::{Disk, LocalDisk};
pub use encode::encode_shard;
pub use grow::{Grown, Growth, Standing};
pub use publish::{KEEP, Publication, Publisher, QUARANTINE};
pub use rollback::rollback;
pub use tail::{Before, Change};
