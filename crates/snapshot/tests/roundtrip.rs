//! What the writer wrote, the reader reads; what anyone damaged, it refuses.
#![cfg(feature = "write")]

use model::{Campaign, Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Region, ShardEntry, Store, Targets, Totals};
use proptest::prelude::*;
use snapshot::write::{Anonymous, Members, Orders, Publisher, ShardData, Touches, encode_shard};
use snapshot::{
    MOST_SUM, NONE_U8, NONE_U16, Shard, SnapshotError, Sparse, UNKNOWN_DAY, files, parse_manifest, read_manifest,
    render_manifest,
};

fn manifest(days: u32, shards: Vec<ShardEntry>) -> Manifest {
    let store =
        |id: &str| Store { id: id.into(), name: id.into(), region: 0, city: String::new(), format: String::new() };
    let channel = |id: &str| Channel { id: id.into(), name: id.into(), kind: String::new(), domain: None };
    let first_day = Day::parse("2024-01-01").unwrap();
    Manifest {
        format: FORMAT_VERSION,
        tenant: "测试".into(),
        scope: "all".into(),
        version: 0,
        built_at: String::new(),
        first_day,
        data_until: first_day.plus(days as i32 - 1),
        currency: "CNY".into(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: vec![Region { id: "华东".into() }],
            stores: ["A", "B", "C"].map(store).into(),
            channels: ["x", "y"].map(channel).into(),
            touch_kinds: vec!["visit".into(), "share".into()],
            campaigns: vec!["anniversary".into()],
            tiers: vec![],
        },
        shards,
        totals: Totals::default(),
        tables: vec![],
        campaigns: vec![Campaign {
            id: "anniversary".into(),
            name: "周年庆".into(),
            kind: String::new(),
            first_day,
            last_day: first_day.plus(6),
        }],
        targets: Some(Targets {
            from: first_day,
            months: 2,
            unit: 100,
            whole: vec![Some(1_000), None],
            regions: vec![],
            region_amounts: vec![],
            stores: vec![0, 2],
            store_amounts: vec![Some(1), Some(2), None, Some(0)],
        }),
        ..Manifest::empty()
    }
}

fn sample() -> ShardData {
    ShardData {
        first_day: Day::parse("2024-01-01").unwrap().epoch_days(),
        days: 3,
        members: Members {
            home_store: vec![1, NONE_U16, 2],
            source_channel: vec![0, NONE_U8, 1],
            tier: vec![NONE_U8; 3],
            joined_day: vec![UNKNOWN_DAY, 19_000, 19_001],
        },
        orders: Orders {
            day: vec![0, 0, 2],
            member: vec![0, 2, 1],
            store: vec![1, 0, 2],
            channel: vec![0, 0, 1],
            amount: vec![100, 0, 9_999],
            campaign: vec![NONE_U16, 0, NONE_U16],
        },
        anonymous: Anonymous { day: vec![1], store: vec![2], channel: vec![1], amount: vec![70], campaign: vec![0] },
        touches: Touches {
            day: vec![1, 1],
            member: vec![1, 1],
            store: vec![0, 1],
            channel: vec![1, 0],
            kind: vec![1, 0],
            campaign: vec![NONE_U16; 2],
        },
    }
}

fn entry(data: &ShardData, file: &[u8]) -> ShardEntry {
    ShardEntry {
        hash: blake3::hash(file).to_hex().to_string(),
        bytes: file.len() as u64,
        wire_bytes: file.len() as u64,
        members: data.members.home_store.len() as u32,
        orders: data.orders.day.len() as u32,
        anonymous: data.anonymous.day.len() as u32,
        touches: data.touches.day.len() as u32,
    }
}

#[test]
fn a_shard_comes_back_as_it_was_written() {
    let data = sample();
    let file = encode_shard(&data).unwrap();
    let entry = entry(&data, &file);
    let shard = Shard::open(&file, &manifest(3, vec![entry.clone()]), &entry).unwrap();
    assert_eq!(shard.days(), 3);
    assert_eq!(shard.members(), 3);
    assert_eq!(shard.home_store(), data.members.home_store);
    assert_eq!(shard.joined_day(), data.members.joined_day);
    assert_eq!(shard.first_order_day(), [0, 2, 0]);
    let orders = shard.orders();
    assert_eq!(orders.offsets, [0, 2, 2, 3]);
    assert_eq!(orders.member, data.orders.member);
    assert_eq!(orders.store, data.orders.store);
    assert_eq!(orders.channel, data.orders.channel);
    assert_eq!(orders.campaign, Sparse { rows: &[1], codes: &[0] });
    assert_eq!([0, 1, 2, 9].map(|row| orders.campaign.get(row)), [None, Some(0), None, None]);
    assert_eq!(orders.amount.iter().collect::<Vec<_>>(), data.orders.amount);
    assert_eq!(orders.range(1..3), 2..3);
    assert_eq!(orders.range(7..9), 3..3);
    assert_eq!(shard.anonymous().store, [2]);
    assert_eq!(shard.anonymous().campaign, Sparse { rows: &[0], codes: &[0] });
    assert_eq!(shard.anonymous().amount.iter().collect::<Vec<_>>(), [70]);
    assert!(orders.kind.is_empty() && shard.touches().amount.is_empty());
    assert_eq!([0, 1].map(|row| shard.touches().kind.get(row)), [1, 0]);
    assert_eq!(shard.touches().channel, [1, 0]);
    assert_eq!(shard.touches().campaign, Sparse::default());
    assert_eq!(shard.touches().store, [0, 1]);
}

#[test]
fn a_large_amount_keeps_its_last_unit() {
    let mut data = sample();
    data.orders.amount[2] = 9_999_999_999_999;
    let file = encode_shard(&data).unwrap();
    let entry = entry(&data, &file);
    let shard = Shard::open(&file, &manifest(3, vec![]), &entry).unwrap();
    assert_eq!(shard.orders().amount.iter().collect::<Vec<_>>(), [100, 0, 9_999_999_999_999]);
}

#[test]
fn an_empty_shard_is_a_shard() {
    let data = ShardData { days: 1, first_day: 19_723, ..Default::default() };
    let file = encode_shard(&data).unwrap();
    let entry = entry(&data, &file);
    assert_eq!(Shard::open(&file, &manifest(1, vec![]), &entry).unwrap().members(), 0);
}

#[test]
fn cut_flipped_and_foreign_shards_are_refused() {
    let data = sample();
    let file = encode_shard(&data).unwrap();
    let good = entry(&data, &file);
    let manifest = manifest(3, vec![]);
    let cut = Shard::open(&file[..file.len() - 1], &manifest, &good);
    assert!(matches!(cut, Err(SnapshotError::Length { .. })));
    let mut flipped = file.clone();
    flipped[file.len() / 2] ^= 1;
    assert!(matches!(Shard::open(&flipped, &manifest, &good), Err(SnapshotError::Hash { .. })));
    let mut other = sample();
    other.orders.amount[0] = 101;
    let foreign = encode_shard(&other).unwrap();
    assert_eq!(foreign.len(), file.len());
    assert!(matches!(Shard::open(&foreign, &manifest, &good), Err(SnapshotError::Hash { .. })));
}

#[test]
fn rows_that_break_a_rule_are_never_written() {
    let break_it: [fn(&mut ShardData); 8] = [
        |d| d.orders.amount = vec![MOST_SUM, 1, 0],
        |d| d.anonymous.campaign = vec![],
        |d| d.orders.amount[0] = -1,
        |d| d.orders.day[0] = 2,
        |d| d.touches.member[1] = 9,
        |d| d.orders.channel = vec![],
        |d| d.days = 0,
        |d| d.anonymous.day[0] = 3,
    ];
    for (case, change) in break_it.iter().enumerate() {
        let mut data = sample();
        change(&mut data);
        assert!(matches!(encode_shard(&data), Err(SnapshotError::Rows { .. })), "case {case}");
    }
}

#[test]
fn a_manifest_with_any_byte_changed_is_refused() {
    let bytes = render_manifest(&manifest(3, vec![]));
    assert_eq!(parse_manifest(&bytes).unwrap().tenant, "测试");
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 4;
        assert!(parse_manifest(&changed).is_err(), "byte {at}");
        assert!(parse_manifest(&bytes[..at]).is_err(), "cut at {at}");
    }
}

fn core_of(bytes: &[u8]) -> Result<Manifest, SnapshotError> {
    read_manifest(bytes, |json| serde_json::from_slice(json).map_err(|e| e.to_string()))
}

#[test]
fn counting_needs_only_the_core_of_a_manifest() {
    let whole = manifest(3, vec![entry(&sample(), &[1, 2, 3])]);
    let bytes = render_manifest(&whole);
    let core = core_of(&bytes).unwrap();
    let left_empty = Manifest {
        tenant: String::new(),
        currency: String::new(),
        currency_digits: 0,
        campaigns: vec![],
        targets: None,
        one_id: None,
        identified: None,
        ..whole
    };
    assert_eq!(core, left_empty);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 4;
        assert!(core_of(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn plans_that_do_not_fit_are_refused() {
    let refused = |change: &dyn Fn(&mut Manifest)| {
        let mut changed = manifest(3, vec![]);
        change(&mut changed);
        parse_manifest(&render_manifest(&changed)).unwrap_err().to_string()
    };
    let targets = |change: fn(&mut Targets)| refused(&|m| m.targets.iter_mut().for_each(change));
    assert!(parse_manifest(&render_manifest(&manifest(3, vec![]))).is_ok());
    assert!(refused(&|m| m.campaigns[0].last_day = m.first_day.plus(-1)).contains("ends before it begins"));
    for error in [
        targets(|t| t.unit = 0),
        targets(|t| t.from = t.from.plus(1)),
        targets(|t| t.months = u32::MAX),
        targets(|t| t.stores = vec![2, 0]),
        targets(|t| t.stores = vec![0, 3]),
        targets(|t| t.store_amounts.truncate(3)),
        targets(|t| t.store_amounts[0] = Some(-1)),
        targets(|t| t.whole.push(None)),
    ] {
        assert!(error.contains("its targets do not fit its names"), "{error}");
    }
    let plain = Manifest { campaigns: vec![], targets: None, ..manifest(3, vec![]) };
    let text = render_manifest(&plain);
    assert!(!String::from_utf8_lossy(&text).contains("targets"), "a manifest without plans is as it was before them");
    assert_eq!(parse_manifest(&text).unwrap(), plain);
}

#[test]
fn a_manifest_of_the_first_format_says_to_build_again() {
    let json = r#"{"format":1,"shards":[{"hash":"00","bytes":1,"members":1,"orders":1,"anonymous":1,"touches":1}]}"#;
    let rest = &json[1..];
    let file = format!("{{\"blake3\":\"{}\",{rest}", blake3::hash(rest.as_bytes()).to_hex());
    let sentence = "manifest.json has format 1, this program reads format 2; build the snapshot again";
    assert_eq!(parse_manifest(file.as_bytes()).unwrap_err().to_string(), sentence);
    assert!(core_of(file.as_bytes()).is_err());
}

#[test]
fn publishing_raises_the_version_and_keeps_what_the_page_before_reads() {
    let folder = tempfile::tempdir().unwrap();
    let publish = |amount: i64| {
        let publisher = Publisher::new(folder.path()).unwrap();
        let mut data = sample();
        data.orders.amount[0] = amount;
        let entry = publisher.add(&data).unwrap();
        publisher.publish(manifest(3, vec![entry])).unwrap()
    };
    let versions: Vec<Manifest> = [1, 2, 3, 4, 5].map(publish).into();
    assert_eq!(versions.iter().map(|m| m.version).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let loaded = files::load(folder.path()).unwrap();
    assert_eq!(loaded.manifest, versions[4]);
    let packed = folder.path().join("shards").join(format!("{}.arrow.br", versions[4].shards[0].hash));
    assert_eq!(versions[4].shards[0].wire_bytes, std::fs::metadata(packed).unwrap().len());
    let there = |m: &Manifest| folder.path().join("shards").join(format!("{}.arrow", m.shards[0].hash)).exists();
    assert_eq!(versions.iter().map(there).collect::<Vec<_>>(), [false, true, true, true, true]);
}

#[test]
fn two_builds_cannot_write_into_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = Publisher::new(folder.path()).unwrap();
    assert!(matches!(Publisher::new(folder.path()), Err(SnapshotError::Locked { .. })));
    drop(first);
    assert!(Publisher::new(folder.path()).is_ok());
}

proptest! {
    /// With a true checksum over false bytes only the layout checks stand between a file and the kernels.
    #[test]
    fn hostile_bytes_with_a_true_hash_never_panic(at in 0usize..4096, value: u8, cut in 0usize..64) {
        let data = sample();
        let mut file = encode_shard(&data).unwrap();
        let at = at % file.len();
        file[at] = value;
        file.truncate(file.len() - cut.min(file.len()));
        let entry = entry(&data, &file);
        let _ = Shard::open(&file, &manifest(3, vec![]), &entry);
    }
}
