//! The sample retailer, made, built and asked: its books close, its dirt is counted, its planted truths are found.

use std::path::Path;
use std::sync::OnceLock;

use model::{Answer, Factors, GrowthAnswer, GrowthGroup, Manifest, Question};
use serde_json::Value;
use snapshot::{Shard, files};

struct Sample {
    truths: Value,
    manifest: Manifest,
    shards: Vec<Shard>,
}

fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (source, out) = (folder.path().join("source"), folder.path().join("snapshot"));
        let options = sample::Options { members: 20_000, stores: 60, ..sample::Options::new(&source) };
        sample::generate(&options, &mut |_, _| ()).expect("a sample is made");
        build(&source, &out);
        let loaded = files::load(&out).expect("what was built loads");
        let truths = std::fs::read(source.join("truths.json")).expect("the truths");
        let truths = serde_json::from_slice(&truths).expect("they are JSON");
        Sample { truths, manifest: loaded.manifest, shards: loaded.shards }
    })
}

fn build(source: &Path, out: &Path) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = builder::Options::new(source, out);
    runtime.block_on(builder::build(&options, &builder::Silent)).expect("the sample builds");
}

/// The answer to the question that stands beside a truth.
fn growth(truth: &str) -> GrowthAnswer {
    let sample = sample();
    let truths = sample.truths["truths"].as_array().expect("truths");
    let truth = truths.iter().find(|t| t["id"] == truth).expect("the truth is planted");
    let question: Question = serde_json::from_value(truth["question"].clone()).expect("its question reads");
    let mut answers = engine::answer(&question, &sample.manifest, &sample.shards).expect("its question is valid");
    match answers.answers.remove(0) {
        Answer::Growth(growth) => *growth,
        other => panic!("growth was asked, not {other:?}"),
    }
}

fn rise(group: &GrowthGroup, of: impl Fn(&Factors) -> f64) -> f64 {
    of(&group.window) / of(group.compare.as_ref().expect("compared"))
}

fn group<'a>(growth: &'a GrowthAnswer, id: &str) -> &'a GrowthGroup {
    growth.groups.iter().find(|g| g.id == id).expect("the region has facts")
}

#[test]
fn totals_equal_the_books_of_the_sample_to_the_last_fen() {
    let sample = sample();
    let books = &sample.truths["totals"];
    let totals = serde_json::to_value(&sample.manifest.totals).expect("totals are JSON");
    for (field, value) in totals.as_object().expect("an object") {
        assert_eq!(value, &books[field], "{field}");
    }
}

#[test]
fn every_dirty_row_is_counted_under_its_reason() {
    let sample = sample();
    for (file, reasons) in sample.truths["dirty"].as_object().expect("files") {
        let name = file.trim_end_matches(".csv");
        let table = sample.manifest.tables.iter().find(|t| t.table == name).expect("the table is reported");
        for (reason, rows) in reasons.as_object().expect("reasons") {
            let counted = match reason.as_str() {
                "duplicate" => table.duplicate,
                _ => table.quarantined.iter().find(|q| q.reason == *reason).map_or(0, |q| q.rows),
            };
            assert_eq!(counted, rows.as_u64().expect("a count"), "{file} {reason}");
        }
        let quarantined: u64 = table.quarantined.iter().map(|q| q.rows).sum();
        assert_eq!(table.rows_read, table.kept + table.duplicate + quarantined, "{file}");
    }
}

#[test]
fn the_fall_of_the_easts_conversion_is_the_largest_loss() {
    let growth = growth("east_conversion_falls");
    let conversion = |g: &GrowthGroup| g.contributions.as_ref().expect("compared").conversion.value;
    let others = |g: &&GrowthGroup| {
        let c = g.contributions.as_ref().expect("compared");
        [c.users.value, c.conversion.value, c.frequency.value, c.aov.value].into_iter().min()
    };
    let worst = growth.groups.iter().min_by_key(others).expect("regions");
    assert_eq!(worst.id, "华东");
    assert_eq!(others(&worst), Some(conversion(worst)), "and its worst factor is conversion");
}

#[test]
fn the_store_whose_order_value_doubles_shows_it() {
    let growth = growth("store_aov_doubles");
    let aov = |f: &Factors| f.aov.value.expect("orders");
    let ratio = aov(&growth.window) / aov(growth.compare.as_ref().expect("compared"));
    assert!((1.6..2.4).contains(&ratio), "order value × {ratio:.2}");
    let c = growth.contributions.expect("compared");
    assert!([c.users.value, c.conversion.value, c.frequency.value].iter().all(|&other| other < c.aov.value), "{c:?}");
}

#[test]
fn the_campaign_lifts_the_southwest_above_all_regions() {
    let growth = growth("southwest_campaign");
    let buyers = |f: &Factors| f.buyers.value as f64;
    let best = growth.groups.iter().max_by(|a, b| rise(a, buyers).total_cmp(&rise(b, buyers))).expect("regions");
    assert_eq!(best.id, "西南");
    assert!(rise(best, |f| f.users.value as f64) > 1.2);
}

#[test]
fn the_souths_traffic_grows() {
    let growth = growth("south_traffic_grows");
    let users = |g: &&GrowthGroup| g.contributions.as_ref().expect("compared").users.value;
    assert_eq!(growth.groups.iter().max_by_key(users).expect("regions").id, "华南");
    assert!(rise(group(&growth, "华南"), |f| f.users.value as f64) > 1.05);
}

#[test]
fn the_closed_store_is_named_as_a_zero_case() {
    let growth = growth("store_closes");
    assert_eq!(growth.window.users.value, 0);
    assert!(growth.compare.expect("compared").users.value > 0);
    assert_eq!(growth.zero_case, Some(model::ZeroCase::NoUsers));
}
