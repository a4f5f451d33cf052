//! Writes the small snapshot and answers that `crates/engine/tests/format_v3.rs` keeps reading.
//!
//! `cargo run -p testkit --example fixture -- crates/engine/tests/format_v3`: shards of one file each, but with the word
//! `tails` after the folder, of an earlier day with a tail each. Made once for each format version:
//! a reader that can no longer open an old file must fail a test.

use std::fs;
use std::path::PathBuf;

use model::{ChannelDomain, Day, Question};
use snapshot::render_manifest;
use testkit::{Grown, Member, Order, Place, Touch, World, earlier};

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("give the folder to write"));
    let now = world();
    let snapshot = now.snapshot(3);
    let tails = std::env::args().nth(2).is_some_and(|word| word == "tails");
    let (manifest, shards) = Grown::shards(&now, &if tails { earlier(&now, SEED) } else { now.clone() }, 3);
    assert!(!tails || shards.iter().all(|shard| shard.files.len() == 2), "every shard has a tail");
    let question: Question = serde_json::from_str(QUESTION).expect("the question reads");
    let answers = engine::answer(&question, &snapshot.manifest, &snapshot.shards).expect("it is valid");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("the file can be written");
    put("manifest.json", &render_manifest(&manifest));
    put("question.json", QUESTION.as_bytes());
    put("answers.json", serde_json::to_string(&answers).expect("answers are JSON").as_bytes());
    for (i, shard) in shards.iter().enumerate() {
        put(&format!("{i}.arrow"), &shard.files[0]);
        for tail in &shard.files[1..] {
            put(&format!("{i}.tail.arrow"), tail);
        }
    }
}

/// Of an earlier day on which everything that may change was otherwise.
const SEED: u64 = 4;

const QUESTION: &str = r#"{"window":{"from":"2024-03-01","to":"2024-03-15"},"compare":{"from":"2024-02-15","to":"2024-02-29"},"filter":{"channels":["C0","C1"]},"ask":[{"growth":{"by":"region"}},{"growth":{"by":"store","top":2}},{"series":{"grain":"week"}},{"stores":{"by":"conversion"}},{"cohorts":{"grain":"week","periods":4}},{"ladder":{"rungs":3}},{"funnel":{"steps":[{"touch":["kind-0"]},{"touch":["kind-1"]},{"order":0}],"by":"region"}},{"rfm":{"as_of":"2024-03-15","since":"2024-03-01"}},{"overlap":{}},{"lifecycle":{"grain":"week","active_days":7,"dormant_days":14}}]}"#;

/// Ninety members, seven stores, three channels, thirty days; the numbers come from a small fixed recurrence.
fn world() -> World {
    let mut state = 20_240_215_u64;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let members = (0..90)
        .map(|i| Member {
            home: Some(draw(7) as u16),
            source: Some(draw(3) as u8),
            tier: (i % 4 != 0).then(|| draw(2) as u8),
            joined: (i % 5 != 0).then(|| draw(40) as i32 - 10),
        })
        .collect();
    let orders = (0..400).map(|i| Order {
        day: draw(30) as u16,
        member: (i % 7 != 0).then(|| draw(90) as usize),
        store: draw(7) as u16,
        channel: draw(3) as u8,
        amount: if i % 97 == 0 { 5_000_000_000 } else { draw(90_000) as i64 },
        campaign: (i % 11 == 0).then(|| draw(2) as u16),
    });
    let orders = orders.collect();
    let touches = (0..900).map(|_| Touch {
        day: draw(30) as u16,
        member: draw(90) as usize,
        store: draw(7) as u16,
        channel: draw(3) as u8,
        kind: draw(3) as u8,
        campaign: None,
    });
    World {
        first_day: Day::from_ymd(2024, 2, 15).expect("a real day"),
        days: 30,
        stores: [0, 0, 1, 1, 2, 2, 0].map(|region| Place { region, city: region as u8, format: 1 }).to_vec(),
        regions: 3,
        channels: vec![Some(ChannelDomain::Public), Some(ChannelDomain::Private), None],
        kinds: 3,
        tiers: 2,
        campaigns: 2,
        members,
        orders,
        touches: touches.collect(),
    }
}
