//! Whatever step of publishing fails, readers have the old snapshot or the new one, whole, and the next build is clean.
#![cfg(feature = "write")]

mod faulty;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use faulty::{FAULTS, Fault, FaultyDisk};
use model::{Channel, Day, Dimensions, Manifest, Region, Store};
use snapshot::scope::{SCOPES, region_scope};
use snapshot::versions::{self, load_record, version_folder};
use snapshot::write::{Anonymous, Members, Orders, Publication, Publisher, ShardData, Touches};
use snapshot::{NONE_U8, NONE_U16, SnapshotError, UNKNOWN_DAY, files};

const REGIONS: [&str; 2] = ["华东", "西南"];

fn manifest(scope: &str) -> Manifest {
    let store =
        |id: &str| Store { id: id.into(), name: id.into(), region: 0, city: String::new(), format: String::new() };
    let channel = |id: &str| Channel { id: id.into(), name: id.into(), kind: String::new(), domain: None };
    let first_day = Day::parse("2024-01-01").unwrap();
    Manifest {
        tenant: "测试".into(),
        scope: scope.into(),
        first_day,
        data_until: first_day.plus(2),
        currency: "CNY".into(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: vec![Region { id: REGIONS[0].into() }],
            stores: ["A", "B", "C"].map(store).into(),
            channels: ["x", "y"].map(channel).into(),
            touch_kinds: vec!["visit".into(), "share".into()],
            campaigns: vec!["anniversary".into()],
            ..Dimensions::default()
        },
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

/// A build in little: two shards of the whole, of which one never changes, a part for each region, a bad row.
fn build(folder: &Path, publisher: Publisher, amount: i64, regions: &[&str]) -> Result<Manifest, SnapshotError> {
    let shard = |amount: i64| {
        let mut data = sample();
        data.orders.amount[0] = amount;
        data
    };
    let mut whole = manifest("all");
    whole.shards = vec![publisher.add(&shard(1))?, publisher.add(&shard(amount))?];
    let mut parts = Vec::new();
    for (region, n) in regions.iter().zip(1..) {
        let mut part = manifest(&region_scope(region));
        part.shards = vec![publisher.part(&part.scope)?.add(&shard(amount + n))?];
        parts.push(part);
    }
    let quarantine = folder.join(format!("{}1", Publisher::WORK_PREFIX));
    fs::create_dir(&quarantine).unwrap();
    fs::write(quarantine.join("orders.csv"), amount.to_string()).unwrap();
    let publication = Publication { parts, quarantine: Some(quarantine), keep: 1, ..Publication::of(whole) };
    Ok(publisher.publish_all(publication)?.0)
}

fn build_on(folder: &Path, disk: Arc<FaultyDisk>, amount: i64) -> Result<Manifest, SnapshotError> {
    build(folder, Publisher::on(folder, disk)?, amount, &REGIONS)
}

fn publish(folder: &Path, amount: i64) -> Manifest {
    build(folder, Publisher::new(folder).unwrap(), amount, &REGIONS).unwrap()
}

/// Everything that readers see, opened and verified: the version, its amount by the quarantined row, the parts' shards.
fn shown(folder: &Path) -> (u64, String, Vec<String>) {
    let whole = files::load(folder).expect("the whole is whole").manifest;
    let record = load_record(folder, &whole).expect("the record is the whole's");
    let mut shards: Vec<String> = whole.shards.iter().map(|shard| shard.hash.clone()).collect();
    for part in &record.parts {
        let part = files::load_part(folder, whole.version, part).expect("the part is the whole's");
        assert_eq!(part.manifest.version, whole.version);
        shards.extend(part.manifest.shards.iter().map(|shard| shard.hash.clone()));
    }
    let bad = fs::read_to_string(version_folder(folder, whole.version).join("quarantine/orders.csv"));
    (whole.version, bad.expect("the bad row is the version's"), shards)
}

/// What is synced thousands of times, in memory where the machine has a place for that.
fn folder_in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// Every path below a folder, but for the lock.
fn tree(folder: &Path) -> BTreeSet<PathBuf> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
            paths.insert(entry.path());
        }
    }
    paths.remove(&folder.join(".lock"));
    paths
}

/// The paths that a folder has when nothing ever failed: builds of these amounts, one after the other.
fn paths_of(amounts: &[i64]) -> BTreeSet<PathBuf> {
    let folder = folder_in_memory();
    amounts.iter().for_each(|amount| drop(publish(folder.path(), *amount)));
    tree(folder.path()).iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_owned()).collect()
}

/// The same without numbers of versions, which a failed build may have used.
fn without_versions(paths: BTreeSet<PathBuf>) -> Vec<String> {
    let word = |word: &str| if word.parse::<u64>().is_ok() { "n".to_owned() } else { word.to_owned() };
    let text = |path: PathBuf| path.to_str().unwrap().split('/').map(word).collect::<Vec<_>>().join("/");
    let mut texts: Vec<String> = paths.into_iter().map(text).collect();
    texts.sort();
    texts
}

#[test]
fn every_step_may_fail_in_every_way() {
    let of_both = without_versions(paths_of(&[10, 30]));
    let of_new = without_versions(paths_of(&[20, 30]));
    let mut failures = 0;
    // Compressing takes long where the compiler has not optimized it.
    let step = if cfg!(debug_assertions) { 7 } else { 1 };
    for fault in FAULTS {
        for at in (0..).step_by(step) {
            let folder = folder_in_memory();
            let folder = folder.path();
            publish(folder, 10);
            let before = (tree(folder), shown(folder));
            let disk = Arc::new(FaultyDisk::new(fault, at));
            let built = build_on(folder, Arc::clone(&disk), 20);
            if !disk.failed() {
                built.expect("nothing failed");
                break;
            }
            failures += 1;
            let (version, bad, shards) = shown(folder);
            let is_new = version == 2;
            let named = format!("{fault:?} at step {at}: {built:?}");
            if is_new {
                assert_eq!(bad, "20", "{named}");
            } else {
                assert_eq!((version, &bad, &shards), (before.1.0, &before.1.1, &before.1.2), "{named}");
                assert!(built.is_err(), "{named}");
            }
            match &built {
                Ok(manifest) => assert_eq!(manifest.version, version, "{named}: what cannot be removed is no failure"),
                Err(SnapshotError::Unconfirmed { version: 2, .. }) => assert!(is_new, "{named}"),
                // Only who dies right after the rename can publish and not say so.
                Err(_) => assert!(!is_new || fault == Fault::Dead, "{named}"),
            }
            if fault == Fault::Refused && built.is_err() && !is_new {
                assert!(tree(folder).is_subset(&before.0), "{named}: something is left");
            }
            // Who opened the old snapshot before still finds all of it.
            for hash in &before.1.2[..2] {
                assert!(folder.join("shards").join(format!("{hash}.arrow")).exists(), "{named}");
            }
            let next = publish(folder, 30);
            // A number that a build which died may have shown is not used again.
            assert!(next.version > version && next.version <= version + 2, "{named}");
            assert_eq!((next.version, shown(folder).1.as_str()), (shown(folder).0, "30"), "{named}");
            let paths = tree(folder).iter().map(|path| path.strip_prefix(folder).unwrap().to_owned()).collect();
            let expected = if is_new { &of_new } else { &of_both };
            assert_eq!(&without_versions(paths), expected, "{named}: the next build is not clean");
        }
    }
    assert!(failures * step > 100, "{failures}");
}

#[test]
fn a_first_build_may_fail_at_every_step() {
    let step = if cfg!(debug_assertions) { 7 } else { 1 };
    for fault in FAULTS {
        for at in (0..).step_by(step) {
            let root = folder_in_memory();
            let folder = root.path().join("a/b");
            let disk = Arc::new(FaultyDisk::new(fault, at));
            let built = build_on(&folder, Arc::clone(&disk), 20);
            if !disk.failed() {
                break;
            }
            let is_there = folder.join("manifest.json").exists();
            if is_there {
                assert_eq!(shown(&folder).0, 1);
            } else if fault == Fault::Refused {
                assert!(built.is_err());
                assert_eq!(tree(root.path()), BTreeSet::new(), "step {at}: {built:?}");
            }
            publish(&folder, 30);
            assert_eq!(shown(&folder).1, "30", "{fault:?} at step {at}");
        }
    }
}

#[test]
fn old_versions_stay_as_many_as_asked_for_and_their_shards_with_them() {
    let folder = folder_in_memory();
    let folder = folder.path();
    let all: Vec<Manifest> = [10, 20, 30, 40].map(|amount| publish(folder, amount)).into();
    assert_eq!(versions::list(folder).unwrap(), [3, 4]);
    let there = |hash: &str| folder.join("shards").join(format!("{hash}.arrow")).exists();
    for (manifest, second) in all.iter().zip([false, false, true, true]) {
        assert_eq!([&manifest.shards[0], &manifest.shards[1]].map(|shard| there(&shard.hash)), [true, second]);
    }
    assert_eq!(fs::read_dir(folder.join("shards")).unwrap().count(), 2 * 3);
    // A region that is no longer made is not shown at once, and gone with the last version that had it.
    let part = folder.join(SCOPES).join(region_scope(REGIONS[1]));
    let alone = |amount: i64| build(folder, Publisher::new(folder).unwrap(), amount, &REGIONS[..1]).unwrap();
    alone(50);
    assert_eq!([part.exists(), part.join("manifest.json").exists()], [true, false]);
    alone(60);
    assert!(!part.exists());
}

#[test]
fn an_unchanged_shard_is_not_written_again() {
    let folder = folder_in_memory();
    let first = publish(folder.path(), 10);
    let path = folder.path().join("shards").join(format!("{}.arrow.br", first.shards[0].hash));
    let modified = || fs::metadata(&path).unwrap().modified().unwrap();
    let before = modified();
    assert_eq!(publish(folder.path(), 20).shards[0], first.shards[0]);
    assert_eq!(modified(), before);
    // Unless its compressed twin is not what it was.
    fs::write(&path, "cut").unwrap();
    assert_eq!(publish(folder.path(), 30).shards[0], first.shards[0]);
    assert_eq!(fs::metadata(&path).unwrap().len(), first.shards[0].wire_bytes);
}

#[test]
fn versions_only_rise_whatever_became_of_the_manifest() {
    let folder = folder_in_memory();
    let place = folder.path().join("manifest.json");
    for amount in [10, 20] {
        publish(folder.path(), amount);
    }
    fs::write(&place, "{").unwrap();
    assert_eq!(publish(folder.path(), 30).version, 3);
    fs::remove_file(&place).unwrap();
    assert_eq!(publish(folder.path(), 40).version, 4);
    fs::write(&place, r#"{"blake3":"","format":9,"version":40}"#).unwrap();
    assert_eq!(publish(folder.path(), 50).version, 41);
}

#[test]
fn a_snapshot_of_an_earlier_wellspring_is_replaced_and_its_pages_go_on() {
    let folder = folder_in_memory();
    let folder = folder.path();
    let first = publish(folder, 10);
    let is_kept = |version| version_folder(folder, version).exists();
    // As it was: no versions, parts that stand for themselves, and no record.
    let part = folder.join(SCOPES).join(region_scope(REGIONS[0]));
    for folder in [folder, &part] {
        fs::remove_dir_all(folder.join("versions")).unwrap();
        let (mut manifest, _) = files::load_manifest(folder).unwrap();
        manifest.record = None;
        fs::write(folder.join("manifest.json"), snapshot::render_manifest(&manifest)).unwrap();
    }
    let failed = Publisher::new(folder).unwrap();
    drop(failed);
    for folder in [folder, &part] {
        files::load(folder).expect("nothing is taken away before something new is published");
    }
    assert_eq!(publish(folder, 20).version, 2);
    assert_eq!(shown(folder).1, "20");
    let old = folder.join("shards").join(format!("{}.arrow", first.shards[1].hash));
    assert!(old.exists() && is_kept(1), "pages still read it");
    publish(folder, 30);
    assert!(!old.exists());
}
