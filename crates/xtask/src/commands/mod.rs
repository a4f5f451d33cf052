//! One file per command; each reads its own options and does its steps in order.

pub(crate) mod bench;
mod bench_kills;
mod bench_load;
mod bench_one_id;
mod bench_rivals;
mod bench_scale;
mod bench_scopes;
mod bench_sizes;
mod bench_vitals;
pub(crate) mod build;
pub(crate) mod demo;
pub(crate) mod setup;
pub(crate) mod test;
