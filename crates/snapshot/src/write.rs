//! Writes shards and publishes snapshots. FORMAT.md says what and why.

mod arrays;
mod data;
mod encode;
mod grow;
mod publish;
mod tail;

pub use data::{Anonymous, Members, Orders, ShardData, Touches};
pub use encode::encode_shard;
pub use grow::{Grown, Growth, Standing};
pub use publish::Publisher;
pub use tail::{Before, Change};
