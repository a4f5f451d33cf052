//! Two public data sets, built and asked, against answers that others computed (`shared/data/*/expected/growth.json`).
//!
//! Definitions differ in one word: there, users are all members known by the window's end; here, members met in the
//! window, who without touches are the buyers. So users and conversion are compared through the raw counts, and their
//! decomposition through the engine's own LMDI on their counts. Refund files stand apart there as here: a return that
//! names no order lowers none.

use std::path::{Path, PathBuf};

use model::{Answer, Ask, Day, GrowthAnswer, GrowthAsk, Manifest, Question, Window};
use serde_json::Value;
use snapshot::{Shard, files};

struct Built {
    manifest: Manifest,
    shards: Vec<Shard>,
    expected: Value,
}

/// `None`, with a note, where the shared data is not there.
fn build(name: &str, currency: &str) -> Option<Built> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name);
    if !source.is_dir() {
        println!("{name}: not there, nothing compared");
        return None;
    }
    let out = tempfile::tempdir().expect("a temporary folder");
    let options = builder::Options { currency: currency.into(), ..builder::Options::new(&source, out.path()) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(builder::build(&options, &builder::Silent)).expect("the data set builds");
    let loaded = files::load(out.path()).expect("what was built loads");
    let expected = std::fs::read(PathBuf::from(&source).join("expected/growth.json")).expect("answers of others");
    let expected = serde_json::from_slice(&expected).expect("they are JSON");
    Some(Built { manifest: loaded.manifest, shards: loaded.shards, expected })
}

fn growth(built: &Built, window: &Value) -> GrowthAnswer {
    let day = |field: &str| Day::parse(window[field].as_str().expect("a day")).expect("a day");
    let question = Question {
        window: Window::new(day("from"), day("to")).expect("forwards"),
        compare: None,
        filter: Default::default(),
        ask: vec![Ask::Growth(GrowthAsk::default())],
    };
    let mut answers = engine::answer(&question, &built.manifest, &built.shards).expect("a valid question");
    match answers.answers.remove(0) {
        Answer::Growth(growth) => *growth,
        other => panic!("growth was asked, not {other:?}"),
    }
}

fn minor(value: &Value) -> i64 {
    (value.as_f64().expect("an amount") * 100.0).round() as i64
}

fn counts(window: &Value) -> engine::Counts {
    let count = |field: &str| window[field].as_i64().expect("a count");
    engine::Counts {
        users: count("users_known"),
        buyers: count("buyers"),
        member_orders: count("orders"),
        member_sales: minor(&window["sales"]),
        ..Default::default()
    }
}

fn compare(name: &str, currency: &str) {
    let Some(built) = build(name, currency) else { return };
    let windows = built.expected["windows"].as_array().expect("windows");
    let mut compared = 0;
    for (at, window) in windows.iter().enumerate() {
        let which = format!("{name} {} {}", window["grain"], window["from"]);
        let ours = growth(&built, window).window;
        assert_eq!(ours.buyers.value, window["buyers"].as_i64().unwrap(), "{which}: buyers");
        assert_eq!(ours.users.value, ours.buyers.value, "{which}: without touches, users are the buyers");
        assert_eq!(ours.orders.value, window["orders"].as_i64().unwrap(), "{which}: orders");
        assert_eq!(ours.sales.value, minor(&window["sales"]), "{which}: sales");
        assert_eq!(ours.new_buyers.value, window["new_buyers"].as_i64().unwrap(), "{which}: new buyers");
        assert_eq!(ours.repeat_buyers.value, window["repeat_buyers_in_window"].as_i64().unwrap(), "{which}: repeat");
        let close = |ours: Option<f64>, theirs: &Value, scale: f64| {
            (ours.unwrap() - theirs.as_f64().unwrap() * scale).abs() < 1e-6 * scale
        };
        assert!(close(ours.frequency.value, &window["frequency"], 1.0), "{which}: frequency");
        assert!(close(ours.aov.value, &window["aov"], 100.0), "{which}: order value");
        if let Some(lmdi) = window.get("lmdi") {
            let split = engine::contributions(&counts(window), &counts(&windows[at - 1]));
            for (ours, field) in split.parts.iter().zip(["users_known", "conversion_known", "frequency", "aov"]) {
                let theirs = minor(&lmdi[field]);
                assert!((ours - theirs).abs() <= 1, "{which}: {field} contributes {ours}, they say {theirs}");
            }
        }
        compared += 1;
    }
    assert!(compared >= 19, "{name}: {compared} windows");
}

#[test]
fn online_retail_equals_the_answers_of_others() {
    compare("online_retail", "GBP");
}

#[test]
fn cdnow_sample_equals_the_answers_of_others() {
    compare("cdnow_sample", "USD");
}
