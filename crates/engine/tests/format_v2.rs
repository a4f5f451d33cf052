//! A snapshot of format version 2 stays readable, and gives the same answers, natively and in WebAssembly.
//!
//! Made once by `crates/testkit/examples/fixture.rs`. The expected answers are text, so that even the last digit of a
//! ratio must agree.

use model::Question;
use snapshot::{Shard, parse_manifest};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MANIFEST: &[u8] = include_bytes!("format_v2/manifest.json");
const SHARDS: [&[u8]; 3] =
    [include_bytes!("format_v2/0.arrow"), include_bytes!("format_v2/1.arrow"), include_bytes!("format_v2/2.arrow")];
const QUESTION: &str = include_str!("format_v2/question.json");
const ANSWERS: &str = include_str!("format_v2/answers.json");

#[test]
fn the_format_gives_the_first_answers() {
    let manifest = parse_manifest(MANIFEST).expect("the manifest reads");
    let shards = SHARDS.iter().zip(&manifest.shards);
    let shards: Vec<Shard> =
        shards.map(|(file, entry)| Shard::open(&[*file], &manifest, entry).expect("the shard opens")).collect();
    let question: Question = serde_json::from_str(QUESTION).expect("the question reads");
    let answers = engine::answer(&question, &manifest, &shards).expect("it is valid");
    assert_eq!(serde_json::to_string(&answers).expect("answers are JSON"), ANSWERS);
}

#[test]
fn a_changed_byte_is_refused_in_the_browser_too() {
    let manifest = parse_manifest(MANIFEST).expect("the manifest reads");
    let mut file = SHARDS[0].to_vec();
    let middle = file.len() / 2;
    file[middle] ^= 1;
    assert!(Shard::open(&[&file], &manifest, &manifest.shards[0]).is_err());
    assert!(parse_manifest(&MANIFEST[..MANIFEST.len() - 1]).is_err());
}
