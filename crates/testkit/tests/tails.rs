//! A base with its tails is the shard that a whole file would be: in every column, and in every answer.

use model::{Question, Tail};
use proptest::prelude::*;
use snapshot::{Rows, Shard, content_hash};
use testkit::{Grown, World, arbitrary, earlier};

/// All that kernels see of one kind of fact.
fn columns(rows: &Rows<'_>) -> impl PartialEq + std::fmt::Debug + use<> {
    let kinds: Vec<u8> =
        (0..rows.store.len()).filter(|_| !rows.kind.is_empty()).map(|row| rows.kind.get(row)).collect();
    let amounts: Vec<i64> = rows.amount.iter().collect();
    let is_wide = matches!(rows.amount, snapshot::Amounts::Wide(_));
    let campaigns = (rows.campaign.rows.to_vec(), rows.campaign.codes.to_vec());
    let flat = (rows.offsets.to_vec(), rows.member.to_vec(), rows.store.to_vec(), rows.channel.to_vec());
    (flat, kinds, amounts, is_wide, campaigns)
}

fn same(grown: &Shard, whole: &Shard) -> Result<(), TestCaseError> {
    prop_assert_eq!(grown.days(), whole.days());
    prop_assert_eq!(grown.home_store(), whole.home_store());
    prop_assert_eq!(grown.source_channel(), whole.source_channel());
    prop_assert_eq!(grown.tier(), whole.tier());
    prop_assert_eq!(grown.joined_day(), whole.joined_day());
    prop_assert_eq!(columns(&grown.orders()), columns(&whole.orders()));
    prop_assert_eq!(columns(&grown.anonymous()), columns(&whole.anonymous()));
    prop_assert_eq!(columns(&grown.touches()), columns(&whole.touches()));
    let (a, b) = (grown.history(), whole.history());
    prop_assert_eq!((a.number, a.since, a.orders, a.first, a.last), (b.number, b.since, b.orders, b.first, b.last));
    prop_assert_eq!(grown.memory_bytes(), whole.memory_bytes());
    Ok(())
}

/// A world, a question on it, and the seeds of the nights before.
fn cases() -> impl Strategy<Value = (World, Question, Vec<u64>)> {
    arbitrary::world().prop_flat_map(|world| {
        let question = arbitrary::question(&world);
        (Just(world), question, proptest::collection::vec(any::<u64>(), 1..4))
    })
}

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn a_base_with_tails_is_the_whole_shard((world, question, nights) in cases(), shards in 1usize..3) {
        let mut worlds = vec![world];
        for seed in nights {
            worlds.push(earlier(&worlds[worlds.len() - 1], seed));
        }
        let today = worlds[0].snapshot(shards);
        let mut grown = Vec::new();
        let mut manifest = today.manifest.clone();
        for shard in 0..shards {
            let mut nights = worlds.iter().rev();
            let first = nights.next().expect("there is a first night");
            let mut files = Grown::base(&first.shard_data(shard, shards));
            for night in nights {
                let data = night.shard_data(shard, shards);
                if !files.grow(&night.snapshot(shards).manifest, &data) {
                    files = Grown::base(&data);
                }
            }
            let opened = Shard::open(&files.refs(), &manifest, &files.entry).expect("its tails are sound");
            same(&opened, &today.shards[shard])?;
            manifest.shards[shard] = files.entry;
            grown.push(opened);
        }
        let answers = |shards: &[Shard]| {
            let answers = engine::answer(&question, &manifest, shards).expect("the question is valid");
            serde_json::to_string(&answers).expect("answers are JSON")
        };
        prop_assert_eq!(answers(&grown), answers(&today.shards));
        let bytes = snapshot::render_manifest(&manifest);
        prop_assert_eq!(snapshot::parse_manifest(&bytes).expect("its manifest reads"), manifest);
    }

    /// With a true checksum over false bytes only the checks stand between a tail and the kernels.
    #[test]
    fn a_hostile_tail_is_refused_or_bounded(
        world in arbitrary::world(), seed: u64, edits in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..4),
        cut in 0usize..40,
    ) {
        let now = world.snapshot(1).manifest;
        let mut files = Grown::base(&earlier(&world, seed).shard_data(0, 1));
        let grew = files.grow(&now, &world.shard_data(0, 1)) && files.files.len() == 2;
        prop_assume!(grew);
        let tail = &mut files.files[1];
        let bytes = tail.len();
        for (at, value) in edits {
            tail[usize::from(at) % bytes] = value;
        }
        tail.truncate(bytes - cut.saturating_sub(30));
        let len: usize = files.files.iter().map(Vec::len).sum();
        files.entry.tails[0] = Tail {
            hash: content_hash(&files.files[1]),
            bytes: files.files[1].len() as u64,
            wire_bytes: 0,
        };
        if let Ok(shard) = Shard::open(&files.refs(), &now, &files.entry) {
            prop_assert!(shard.memory_bytes() <= 4 * len + 12 * (shard.days() + 1));
        }
    }
}
