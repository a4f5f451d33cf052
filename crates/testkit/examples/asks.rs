//! What each question costs on a real snapshot, natively and on one thread.
//!
//! `cargo run --release -p testkit --example asks -- SNAPSHOT [REGION [ROW]]`; with ROW, to profile, that row only. Prints the shortest and the median
//! milliseconds of 31 counts for the four questions of the browser benchmark, one by one and together, whole and under one region,
//! then for every other question.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use engine::{Plan, Scratch};
use model::{Ask, Filter, Question, Window};
use snapshot::files::{Loaded, load};

const RUNS: usize = 31;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("give the snapshot's folder")?);
    let loaded = load(&folder)?;
    let region = arguments.next().unwrap_or_else(|| loaded.manifest.dimensions.regions[0].id.clone());
    let only = arguments.next();
    let time = |name: &str, asks: &[&str], filter: &Filter| match &only {
        Some(only) if only != name => Ok(()),
        _ => time(&loaded, name, asks, filter),
    };
    let memory: usize = loaded.shards.iter().map(snapshot::Shard::memory_bytes).sum();
    println!("{} shards, {:.0} MB in memory", loaded.shards.len(), memory as f64 / 1e6);
    let four = [
        ("growth", r#"{"growth":{}}"#),
        ("cohorts", r#"{"cohorts":{"grain":"month","periods":24}}"#),
        ("stores", r#"{"stores":{"by":"sales","measures":["sales","orders","buyers","repeat_buyers","new_buyers"]}}"#),
        ("ladder", r#"{"ladder":{"rungs":8}}"#),
    ];
    let until = loaded.manifest.data_until;
    let kinds = &loaded.manifest.dimensions.touch_kinds;
    let funnel = format!(
        r#"{{"funnel":{{"steps":[{{"touch":["{}"]}},{{"touch":["{}"]}},{{"order":0}}]}}}}"#,
        kinds[0],
        kinds[kinds.len() - 1]
    );
    let rfm = format!(r#"{{"rfm":{{"as_of":"{until}","since":"{}"}}}}"#, until.plus(-90));
    let more = [
        ("growth by region", r#"{"growth":{"by":"region"}}"#),
        ("growth by store", r#"{"growth":{"by":"store","top":5}}"#),
        ("growth by channel", r#"{"growth":{"by":"channel"}}"#),
        ("series by week", r#"{"series":{"grain":"week"}}"#),
        ("series by day", r#"{"series":{"grain":"day"}}"#),
        ("funnel", &funnel),
        ("rfm with migration", &rfm),
        ("overlap", r#"{"overlap":{}}"#),
        ("lifecycle", r#"{"lifecycle":{}}"#),
    ];
    for (name, ask) in four {
        time(name, &[ask], &Filter::default())?;
    }
    let together: Vec<&str> = four.iter().map(|(_, ask)| *ask).collect();
    time("all four", &together, &Filter::default())?;
    let filter = Filter { regions: vec![region], ..Filter::default() };
    time("all four, one region", &together, &filter)?;
    for (name, ask) in more {
        time(name, &[ask], &Filter::default())?;
    }
    Ok(())
}

fn time(loaded: &Loaded, name: &str, asks: &[&str], filter: &Filter) -> Result<(), Box<dyn Error>> {
    let until = loaded.manifest.data_until;
    let ask = asks.iter().map(|ask| serde_json::from_str::<Ask>(ask)).collect::<Result<_, _>>()?;
    let question = Question {
        window: Window::new(until.plus(-89), until)?,
        compare: Some(Window::new(until.plus(-179), until.plus(-90))?),
        filter: filter.clone(),
        ask,
    };
    let plan = Plan::new(&question, &loaded.manifest)?;
    let mut scratch = Scratch::default();
    let mut millis: Vec<(f64, f64)> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            let mut total = plan.empty();
            for (index, shard) in loaded.shards.iter().enumerate() {
                plan.count(shard, index, &mut scratch, &mut total);
            }
            let counted = begun.elapsed().as_secs_f64() * 1e3;
            std::hint::black_box(plan.finish(&total));
            (counted, begun.elapsed().as_secs_f64() * 1e3 - counted)
        })
        .collect();
    millis.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (shortest, median) = (millis[0], millis[RUNS / 2]);
    println!(
        "{name:<22} {:7.1} ms at best, {:7.1} ms median to count, {:5.1} ms to answer",
        shortest.0, median.0, median.1
    );
    Ok(())
}
