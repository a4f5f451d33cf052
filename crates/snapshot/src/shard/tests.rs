//! Files with a true name that break a rule: each is refused, and the sentence says which.

use model::{Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Region, ShardEntry, Store, Totals};

use crate::write::{Anonymous, Members, Orders, ShardData, Touches, encode_shard};
use crate::{NONE_U16, Shard, SnapshotError, content_hash, ipc};

fn manifest() -> Manifest {
    let store =
        |id: &str| Store { id: id.into(), name: id.into(), region: 0, city: String::new(), format: String::new() };
    let channel = |id: &str| Channel { id: id.into(), name: id.into(), kind: String::new(), domain: None };
    let first_day = Day::parse("2024-01-01").expect("a day");
    Manifest {
        format: FORMAT_VERSION,
        tenant: String::new(),
        scope: "all".into(),
        version: 1,
        built_at: String::new(),
        first_day,
        data_until: first_day.plus(1),
        currency: "CNY".into(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: vec![Region { id: String::new() }],
            stores: ["A", "B", "C"].map(store).into(),
            channels: ["x", "y"].map(channel).into(),
            touch_kinds: vec!["visit".into(), "share".into()],
            campaigns: vec!["spring".into()],
            tiers: vec!["gold".into()],
        },
        shards: vec![],
        totals: Totals::default(),
        tables: vec![],
        campaigns: vec![],
        targets: None,
        ..Manifest::empty()
    }
}

fn file() -> Vec<u8> {
    let data = ShardData {
        first_day: manifest().first_day.epoch_days(),
        days: 2,
        members: Members {
            home_store: vec![0, NONE_U16],
            source_channel: vec![0, 1],
            tier: vec![0, 0],
            joined_day: vec![19_000, 19_001],
        },
        orders: Orders {
            day: vec![0, 0, 1],
            member: vec![0, 1, 0],
            store: vec![0, 1, 2],
            channel: vec![0, 1, 1],
            amount: vec![500, 500, 7],
            campaign: vec![NONE_U16, 0, NONE_U16],
        },
        anonymous: Anonymous {
            day: vec![1],
            store: vec![1],
            channel: vec![0],
            amount: vec![900],
            campaign: vec![NONE_U16],
        },
        touches: Touches {
            day: vec![0, 1],
            member: vec![0, 1],
            store: vec![0, 2],
            channel: vec![0, 1],
            kind: vec![1, 0],
            campaign: vec![NONE_U16, 0],
        },
    };
    encode_shard(&data).expect("it keeps the rules")
}

fn open(file: &[u8]) -> Result<Shard, SnapshotError> {
    let bytes = file.len() as u64;
    let hash = content_hash(file);
    let entry =
        ShardEntry { hash, bytes, wire_bytes: bytes, members: 2, orders: 3, anonymous: 1, touches: 2, tails: vec![] };
    Shard::open(&[file], &manifest(), &entry)
}

/// The file with bytes of one column replaced; the column named `offsets` is the list's own.
fn changed(table: &str, column: &str, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file();
    let layout = ipc::layout(&file).expect("it is whole");
    let table = layout.tables.iter().find(|t| t.name == table).expect("the table is there");
    let range = match column {
        "offsets" => table.offsets.clone(),
        _ => table.columns.iter().find(|c| c.name == column).expect("the column is there").bytes.clone(),
    };
    assert!(at + bytes.len() <= range.len());
    file[range.start + at..range.start + at + bytes.len()].copy_from_slice(bytes);
    file
}

#[test]
fn the_file_itself_opens() {
    let shard = open(&file()).expect("it is whole");
    assert_eq!(shard.orders().amount.iter().collect::<Vec<_>>(), [500, 500, 7]);
}

#[test]
fn each_broken_rule_is_named() {
    let far = i64::MAX.to_le_bytes();
    let minus = (-1i64).to_le_bytes();
    let cases: [(&str, &str, usize, &[u8], &str); 22] = [
        ("orders", "offsets", 4, &[9, 0, 0, 0], "days are out of order"),
        ("orders", "offsets", 0, &[1, 0, 0, 0], "days are out of order"),
        ("members", "offsets", 4, &[1, 0, 0, 0], "spread over days"),
        ("orders", "member_low", 1, &[2], "a member is not in the shard"),
        ("touches", "member_low", 0, &[255], "a member is not in the shard"),
        ("orders", "away", 0, &[0b010], "marked rows and their values differ"),
        ("orders", "away", 0, &[0b111], "marked rows and their values differ"),
        ("orders", "away", 0, &[0b101], "a store is not in the manifest"),
        ("orders_away", "store_low", 0, &[3], "a store is not in the manifest"),
        ("members", "home_low", 0, &[3], "a home store is not in the manifest"),
        ("members", "source_channel", 0, &[2], "a source channel is not in the manifest"),
        ("members", "tier", 0, &[1], "a tier is not in the manifest"),
        ("orders", "channel", 0, &[2], "a channel is not in the manifest"),
        ("anonymous", "store_low", 0, &[3], "a store is not in the manifest"),
        ("ways", "channel", 0, &[2], "a channel is not in the manifest"),
        ("ways", "kind", 0, &[2], "a touch kind is not in the manifest"),
        ("touches", "way_low", 0, &[2], "a way that is not listed"),
        ("orders_campaigns", "campaign", 0, &[1, 0], "a campaign is not in the manifest"),
        ("touches", "campaigned", 0, &[0b11], "marked rows and their values differ"),
        ("orders", "amount_low", 0, &[2], "code has no value"),
        ("orders", "amount_high", 2, &[1], "code has no value"),
        ("orders", "amount_low", 2, &[1], "marked rows and their values differ"),
    ];
    for (table, column, at, bytes, what) in cases {
        let refused = open(&changed(table, column, at, bytes)).err().expect("it is refused").to_string();
        assert!(refused.contains(what), "{table}.{column}: {refused}");
    }
    for (table, column) in [("amounts", "step"), ("orders_rare", "amount"), ("anonymous_rare", "amount")] {
        for bytes in [far, minus] {
            let refused = open(&changed(table, column, 0, &bytes)).err().expect("it is refused").to_string();
            assert!(refused.contains("an amount is negative or absurd"), "{table}: {refused}");
        }
    }
}

#[test]
fn amounts_that_overflow_together_are_refused() {
    let half = (crate::MOST_SUM / 2 + 1).to_le_bytes();
    let refused = open(&changed("amounts", "step", 0, &half)).err().expect("two of them are too much");
    assert!(refused.to_string().contains("an amount is negative or absurd"));
}

#[test]
fn any_byte_changed_is_opened_or_refused_but_never_too_large() {
    let file = file();
    for at in 0..file.len() {
        for value in [0, 1, 127, 255] {
            let mut changed = file.clone();
            changed[at] = value;
            if let Ok(shard) = open(&changed) {
                assert!(shard.memory_bytes() <= 4 * file.len(), "byte {at}");
            }
        }
    }
}
