//! Shares counted step by step and merged give what the engine gives at once.

use model::{Campaign, Manifest, Question, Targets};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use snapshot::render_manifest;
use testkit::{Snapshot, arbitrary};
use worker::share::Share;

const ASK: &str = r#""ask":[{"growth":{"by":"region"}},{"stores":{"by":"sales"}},{"series":{"grain":"month"}}]"#;

fn question(manifest: &Manifest) -> String {
    let (from, to) = (manifest.first_day, manifest.data_until);
    format!(r#"{{"window":{{"from":"{from}","to":"{to}"}},"compare":{{"from":"{from}","to":"{from}"}},{ASK}}}"#)
}

/// A share; its manifest holds campaigns and targets as well, which counting passes over.
fn share(snapshot: &Snapshot) -> Share {
    let first_day = snapshot.manifest.first_day;
    let name = "\"周年庆\" \\ [}".to_owned();
    let campaign = Campaign { id: "c".to_owned(), name, kind: String::new(), first_day, last_day: first_day };
    let targets = Targets {
        from: first_day.month_start(),
        months: 2,
        unit: 100,
        whole: vec![Some(i64::MAX), None],
        regions: vec![],
        region_amounts: vec![],
        stores: vec![0],
        store_amounts: vec![None, Some(0)],
    };
    let planned = Manifest { campaigns: vec![campaign], targets: Some(targets), ..snapshot.manifest.clone() };
    Share::new(&render_manifest(&planned)).expect("the manifest is sound")
}

/// What the engine says of all shards at once.
fn expected(snapshot: &Snapshot) -> String {
    let question: Question = serde_json::from_str(&question(&snapshot.manifest)).expect("a question");
    let answers = engine::answer(&question, &snapshot.manifest, &snapshot.shards).expect("it is valid");
    serde_json::to_string(&answers).expect("answers are JSON")
}

fn load(share: &mut Share, snapshot: &Snapshot, index: usize) -> Result<(), String> {
    let file = &snapshot.files[index];
    share.load(index, file, &[file.len() as u32])
}

proptest! {
    #![proptest_config(arbitrary::cases(64))]

    #[test]
    fn shares_add_up_to_the_whole(
        (world, shards, workers, takes) in (arbitrary::world(), 1usize..7, 1usize..4, any::<u64>())
    ) {
        let snapshot = world.snapshot(shards);
        let asked = question(&snapshot.manifest);
        let mut shares: Vec<Share> = (0..workers).map(|_| share(&snapshot)).collect();
        for share in &mut shares {
            prop_assert_eq!(share.ask(&asked), Ok(()));
        }
        let mut taken = Vec::new();
        for index in 0..snapshot.files.len() {
            let share = &mut shares[index % workers];
            prop_assert_eq!(load(share, &snapshot, index), Ok(()));
            prop_assert_eq!(share.count_next(), 0);
            // Some partials hold one shard, some several.
            if index % workers > 0 && takes >> index & 1 == 1 {
                taken.push(share.take_partial());
            }
        }
        taken.extend(shares.iter_mut().skip(1).map(Share::take_partial));
        let lead = &mut shares[0];
        for partial in taken.iter().rev() {
            prop_assert_eq!(lead.merge(partial), Ok(()));
        }
        prop_assert_eq!(lead.answer(), Ok(expected(&snapshot)));
    }
}

fn some_snapshot() -> Snapshot {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tree = arbitrary::world().new_tree(&mut runner).expect("a world");
    tree.current().snapshot(3)
}

#[test]
fn an_answer_says_what_it_rests_on_and_an_asking_forgets_the_one_before() {
    let snapshot = some_snapshot();
    let mut share = share(&snapshot);
    let shards = snapshot.files.len();
    let asked = question(&snapshot.manifest);
    for round in 0..2 {
        share.ask(&asked).expect("it is valid");
        for index in 0..shards {
            load(&mut share, &snapshot, index).expect("it is sound");
            let before: model::Answers = serde_json::from_str(&share.answer().expect("asked")).expect("JSON");
            assert_eq!(before.coverage.read as usize, index, "round {round}");
            assert!(!before.coverage.exact);
            if round == 0 {
                assert_eq!(share.count_next(), 0);
            } else {
                assert_eq!(share.count_next(), shards - index - 1, "all are loaded from the first round");
            }
        }
        assert_eq!(share.answer(), Ok(expected(&snapshot)));
        assert_eq!(share.count_next(), 0, "nothing is counted twice");
        assert_eq!(share.answer(), Ok(expected(&snapshot)));
    }
}

#[test]
fn what_cannot_be_done_is_a_sentence() {
    let snapshot = some_snapshot();
    let manifest = render_manifest(&snapshot.manifest);
    let refused = |bytes: &[u8]| Share::new(bytes).map(|_| ()).expect_err("it is damaged");
    assert!(refused(&manifest[..manifest.len() - 1]).contains("checksum"));
    assert!(refused(b"").contains("too short"));

    let mut share = share(&snapshot);
    assert!(share.load(snapshot.files.len(), &snapshot.files[0], &[]).unwrap_err().contains("no shard"));
    let file = &snapshot.files[0];
    let length = file.len() as u32;
    assert!(share.load(0, &file[1..], &[length - 1]).unwrap_err().contains("bytes"));
    assert!(share.load(0, &file[1..], &[length]).unwrap_err().contains("cut short"));
    assert!(share.load(0, file, &[length - 1]).unwrap_err().contains("more bytes"));
    assert!(share.load(0, file, &[length, 0]).unwrap_err().contains("number of files"));
    assert!(share.answer().unwrap_err().contains("ask first"));
    assert!(share.merge(&[]).unwrap_err().contains("ask first"));
    assert_eq!((share.take_partial(), share.count_next()), (Vec::new(), 0));
    assert!(share.ask(r#"{"window":1}"#).unwrap_err().contains("the question"));

    let asked = question(&snapshot.manifest);
    share.ask(&asked).expect("it is valid");
    load(&mut share, &snapshot, 0).expect("it is sound");
    share.count_next();
    let mut cut = share.take_partial();
    cut.pop();
    assert!(share.merge(&cut).unwrap_err().contains("another question"));
    let unknown = asked.replace(r#""ask""#, r#""filter":{"stores":["nowhere"]},"ask""#);
    assert!(share.ask(&unknown).unwrap_err().contains("filter.stores"));
    assert!(share.answer().is_err(), "a refused question leaves none");
}
