//! Naive answers, one file for each ask: maps, sets, sorting and brute force over a world's plain lists.
//!
//! Nothing of the engine is used here, not even its helpers: what two pieces of code agree on is then not one mistake.

pub mod funnel;
pub mod overlap;
pub mod segment;
pub mod stores;
