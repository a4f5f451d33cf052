//! A snapshot of format version 3, bases with tails, stays readable and gives the answers of shards in one file each.
//!
//! Made once by `crates/testkit/examples/fixture.rs` from the retailer of `format_v2.rs` and the same on an earlier day,
//! so the answers are those of format 2, to the last digit.

use model::Question;
use snapshot::{Shard, SnapshotError, parse_manifest};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MANIFEST: &[u8] = include_bytes!("format_v3/manifest.json");
const SHARDS: [[&[u8]; 2]; 3] = [
    [include_bytes!("format_v3/0.arrow"), include_bytes!("format_v3/0.tail.arrow")],
    [include_bytes!("format_v3/1.arrow"), include_bytes!("format_v3/1.tail.arrow")],
    [include_bytes!("format_v3/2.arrow"), include_bytes!("format_v3/2.tail.arrow")],
];
const QUESTION: &str = include_str!("format_v2/question.json");
const ANSWERS: &str = include_str!("format_v2/answers.json");

#[test]
fn bases_with_tails_give_the_answers_of_whole_shards() {
    let manifest = parse_manifest(MANIFEST).expect("the manifest reads");
    let shards = SHARDS.iter().zip(&manifest.shards);
    let shards: Vec<Shard> =
        shards.map(|(files, entry)| Shard::open(files, &manifest, entry).expect("the shard opens")).collect();
    let question: Question = serde_json::from_str(QUESTION).expect("the question reads");
    let answers = engine::answer(&question, &manifest, &shards).expect("it is valid");
    assert_eq!(serde_json::to_string(&answers).expect("answers are JSON"), ANSWERS);
}

#[test]
fn a_base_without_its_tail_and_a_tail_of_another_base_are_refused() {
    let manifest = parse_manifest(MANIFEST).expect("the manifest reads");
    let open = |files: &[&[u8]]| Shard::open(files, &manifest, &manifest.shards[0]);
    let [base, tail] = SHARDS[0];
    assert!(matches!(open(&[base]), Err(SnapshotError::Layout { .. })));
    assert!(matches!(open(&[tail, base]), Err(SnapshotError::Length { .. } | SnapshotError::Hash { .. })));
    assert!(matches!(open(&[base, SHARDS[1][1]]), Err(SnapshotError::Length { .. } | SnapshotError::Hash { .. })));
    let mut changed = tail.to_vec();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert!(matches!(open(&[base, &changed]), Err(SnapshotError::Hash { .. })));
}
