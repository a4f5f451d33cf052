//! Writes shards and publishes snapshots. FORMAT.md says what and why.

mod arrays;
mod data;
mod encode;
mod publish;

pub use data::{Anonymous, Members, Orders, ShardData, Touches};
pub use encode::encode_shard;
pub use publish::Publisher;
