//! Writes shards and publishes snapshots. FORMAT.md says what and why.

mod encode;
mod publish;

pub use encode::{Anonymous, Members, Orders, ShardData, Touches, encode_shard};
pub use publish::Publisher;
