//! Made-up retailers, and a naive recount that the engine must equal.
//!
//! A [`World`] is a list of members, orders and touches as a person would write them down.
//! [`World::snapshot`] cuts it into shards as the builder would; [`recount()`] answers a question from the plain lists,
//! with sets and loops and none of the engine's tricks or types; [`oracle`] does so for each other ask. Generators for `proptest` are in [`arbitrary`].

pub mod arbitrary;
mod asking;
pub mod coverage;
mod earlier;
mod grown;
mod matching;
pub mod oracle;
mod recount;
mod world;

pub use earlier::earlier;
pub use grown::Grown;
pub use matching::Facts;
pub use recount::{Recount, recount, recount_of};
pub use world::{Member, Order, Place, Snapshot, Touch, World};
