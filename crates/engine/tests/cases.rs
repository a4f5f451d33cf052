//! Generated cases give in WebAssembly the very text that they give natively, exact and estimated.
//!
//! `crates/testkit/examples/cases.rs` writes the cases and describes their file; `cargo xtask test --only wasm` does
//! both, once with SIMD and once without.

use model::Question;
use snapshot::{Shard, parse_manifest};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CASES: &[u8] = include_bytes!(env!("WELLSPRING_CASES_FILE", "the file that testkit's example `cases` wrote"));

/// Takes the next blob off.
fn blob<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (length, after) = rest.split_first_chunk().expect("a length");
    let (blob, after) = after.split_at(u32::from_le_bytes(*length) as usize);
    *rest = after;
    blob
}

#[test]
fn every_case_gives_the_same_text() {
    let (mut rest, mut cases) = (CASES, 0);
    while !rest.is_empty() {
        let [manifest, question, part, whole, some] = [(); 5].map(|()| blob(&mut rest));
        let manifest = parse_manifest(manifest).expect("the manifest reads");
        let open = |entry| Shard::open(&[blob(&mut rest)], &manifest, entry).expect("the shard opens");
        let shards: Vec<Shard> = manifest.shards.iter().map(open).collect();
        let question: Question = serde_json::from_slice(question).expect("the question reads");
        let plan = engine::Plan::new(&question, &manifest).expect("the question is valid");
        for (inside, expected) in [(vec![1; shards.len()].as_slice(), whole), (part, some)] {
            let (mut partial, mut scratch) = (plan.empty(), engine::Scratch::default());
            for (index, shard) in shards.iter().enumerate().filter(|(index, _)| inside[*index] == 1) {
                plan.count(shard, index, &mut scratch, &mut partial);
            }
            let ours = serde_json::to_string(&plan.finish(&partial)).expect("answers are JSON");
            assert!(
                ours.as_bytes() == expected,
                "case {cases}, shards {inside:?}\nours: {ours}\nnative: {}",
                text(expected)
            );
        }
        cases += 1;
    }
    assert!(cases >= 100, "only {cases} cases");
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
