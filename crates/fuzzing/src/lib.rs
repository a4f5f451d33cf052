//! What every input must survive, for cargo-fuzz and for a short run on stable.
//!
//! A [`Target`] takes any bytes. It fails by panicking: because a reader did, because two readers of one text disagree,
//! because what was opened cannot be counted, or because reading took more memory than the target allows.
//! `fuzz/` wraps each target for `cargo fuzz`; the program `smoke` drives them with a simple mutator.

mod base;
mod heap;
pub mod mutate;
mod shards;
mod texts;

pub use heap::Heap;

/// Something that reads what strangers send.
pub struct Target {
    /// Its name: that of the cargo-fuzz target and of the corpus' folder.
    pub name: &'static str,
    /// Reads one input; panics when a promise is broken.
    pub run: fn(&[u8]),
    /// A valid input, to begin from.
    pub seed: fn() -> Vec<u8>,
}

/// All of them.
pub const TARGETS: [Target; 6] = [
    Target { name: "shard", run: shards::any, seed: shards::any_seed },
    Target { name: "shard_edits", run: shards::edited, seed: shards::edited_seed },
    Target { name: "tail", run: shards::tail, seed: shards::tail_seed },
    Target { name: "manifest", run: texts::manifest, seed: texts::manifest_seed },
    Target { name: "question", run: texts::question, seed: texts::question_seed },
    Target { name: "json", run: texts::json, seed: texts::question_seed },
];

/// Runs the target of that name: what cargo-fuzz calls.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target of that name").run)(input);
}
