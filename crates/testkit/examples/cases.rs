//! Writes generated cases with the native engine's answers, for WebAssembly to give the same text.
//!
//! `cargo run -p testkit --example cases -- FILE [COUNT]`, 400 unless told otherwise. The seed is fixed: the same
//! generators make the same file. The file is a list of blobs, each with its length before it (`u32`, little-endian);
//! a case is: the manifest; the question (JSON); a byte for each shard, 1 where it belongs to a part of the snapshot;
//! the answers (JSON) of all shards; the answers of that part, which are estimates; then each shard.

use std::fs;

use model::Answer;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use snapshot::render_manifest;
use testkit::{World, arbitrary};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("give the file to write");
    let count = arguments.next().map_or(400, |count| count.parse().expect("the second argument is a number"));
    let mut runner = TestRunner::deterministic();
    let (mut blobs, mut estimates, mut asked) = (Vec::new(), 0, [0; 9]);
    for _ in 0..count {
        let (world, shards, question, part) = cases().new_tree(&mut runner).expect("a case").current();
        let snapshot = world.snapshot(shards);
        let part = &part[..shards];
        let some: Vec<usize> = (0..shards).filter(|&shard| part[shard]).collect();
        let all: Vec<usize> = (0..shards).collect();
        let [whole, some] = [all, some].map(|shards| snapshot.ask_parts(&question, &shards));
        estimates += usize::from(!some.coverage.exact);
        for answer in &whole.answers {
            asked[kind(answer)] += 1;
        }
        blobs.push(render_manifest(&snapshot.manifest));
        blobs.push(serde_json::to_vec(&question).expect("a question is JSON"));
        blobs.push(part.iter().map(|&inside| inside.into()).collect());
        blobs.extend([whole, some].map(|answers| serde_json::to_vec(&answers).expect("answers are JSON")));
        blobs.extend(snapshot.files);
    }
    let mut bytes = Vec::new();
    for blob in blobs {
        bytes.extend_from_slice(&u32::try_from(blob.len()).expect("a case is small").to_le_bytes());
        bytes.extend_from_slice(&blob);
    }
    fs::write(&file, &bytes).expect("the file can be written");
    println!(
        "{count} cases, {estimates} of them also with estimates, {asked:?} answers of each kind, {} bytes",
        bytes.len()
    );
}

/// A world, its number of shards, a question, and which shards the estimate rests on.
fn cases() -> impl Strategy<Value = (World, usize, model::Question, [bool; 4])> {
    arbitrary::world().prop_flat_map(|world| {
        let question = arbitrary::question(&world);
        // Copies of members make worlds in which shards hold several members each.
        let times = prop_oneof![3 => Just(1usize), 1 => 2usize..6];
        (Just(world), times, 1usize..=4, question, any::<[bool; 4]>())
            .prop_map(|(world, times, shards, question, part)| (world.times(times), shards, question, part))
    })
}

fn kind(answer: &Answer) -> usize {
    match answer {
        Answer::Growth(_) => 0,
        Answer::Series(_) => 1,
        Answer::Stores(_) => 2,
        Answer::Cohorts(_) => 3,
        Answer::Ladder(_) => 4,
        Answer::Funnel(_) => 5,
        Answer::Rfm(_) => 6,
        Answer::Overlap(_) => 7,
        Answer::Lifecycle(_) => 8,
    }
}
