//! The small snapshot that inputs are read against: made by `cargo run -p testkit --example fixture -- crates/fuzzing/base`.

use std::sync::LazyLock;

use model::{Manifest, Question};
use snapshot::{Shard, parse_manifest};

/// Its manifest's file.
pub(crate) const MANIFEST: &[u8] = include_bytes!("../base/manifest.json");
/// Its shards' files.
pub(crate) const FILES: [&[u8]; 3] =
    [include_bytes!("../base/0.arrow"), include_bytes!("../base/1.arrow"), include_bytes!("../base/2.arrow")];

/// A question with all nine asks.
pub(crate) const QUESTION: &str = r#"{"window":{"from":"2024-03-01","to":"2024-03-15"},"compare":{"from":"2024-02-15","to":"2024-02-29"},"filter":{"channels":["C0","C1"],"segment":{"rung":{"orders":2,"exactly":false,"as_of":"2024-03-10"}}},"ask":[{"growth":{"by":"region","top":2}},{"series":{"grain":"week","align":"window","measures":["sales","users"]}},{"stores":{"by":"conversion","limit":5}},{"cohorts":{"grain":"week","anchor":"joined","mode":"on_or_after","periods":3}},{"ladder":{"rungs":3}},{"funnel":{"steps":[{"touch":["kind-0"]},{"order":1},{"join":{}}],"order":"in_order","within_days":9,"by":"region"}},{"rfm":{"as_of":"2024-03-10","since":"2024-03-01"}},{"overlap":{"of":"users"}},{"lifecycle":{"grain":"week","active_days":3,"dormant_days":9}}]}"#;

/// The same retailer, its shards bases of an earlier day, each with a tail: made with the word `tails` after the folder
/// `crates/fuzzing/tails`.
pub(crate) const TAILED_MANIFEST: &[u8] = include_bytes!("../tails/manifest.json");
/// Bases and tails of it.
pub(crate) const TAILED: [[&[u8]; 2]; 3] = [
    [include_bytes!("../tails/0.arrow"), include_bytes!("../tails/0.tail.arrow")],
    [include_bytes!("../tails/1.arrow"), include_bytes!("../tails/1.tail.arrow")],
    [include_bytes!("../tails/2.arrow"), include_bytes!("../tails/2.tail.arrow")],
];

/// The snapshot, opened.
pub(crate) struct Base {
    pub(crate) manifest: Manifest,
    pub(crate) shards: Vec<Shard>,
    pub(crate) question: Question,
}

/// The manifest of [`TAILED`].
pub(crate) static TAILED_BASE: LazyLock<Manifest> =
    LazyLock::new(|| parse_manifest(TAILED_MANIFEST).expect("the fixture's manifest reads"));

/// Opened once.
pub(crate) static BASE: LazyLock<Base> = LazyLock::new(|| {
    let manifest = parse_manifest(MANIFEST).expect("the fixture's manifest reads");
    let shards = FILES.iter().zip(&manifest.shards);
    let shards = shards.map(|(file, entry)| Shard::open(&[*file], &manifest, entry).expect("the fixture opens"));
    let shards = shards.collect();
    Base { shards, manifest, question: serde_json::from_str(QUESTION).expect("the question reads") }
});
