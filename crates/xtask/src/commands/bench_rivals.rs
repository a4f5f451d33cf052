//! `cargo xtask bench --browser`: ours, DuckDB-WASM and hand-written JavaScript in one Chromium.
//!
//! The rivals' data are the kept facts of our own snapshot (the snapshot crate's example `facts`,
//! then `end2end/bench/rivals/prepare.py`); `end2end/bench/rivals.mjs` compares the answers, then measures.

use super::{bench::write_section, build, demo::Retailer};
use crate::{project::Project, say::Step, setup, shell};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fmt::Write as _, fs};

/// What is asked, as the harness calls it and as the table shows it.
const QUESTIONS: [(&str, &str); 6] = [
    ("growth", "growth with comparison"),
    ("cohorts", "24 × 24 cohorts"),
    ("stores", "store ranking with repeat buyers"),
    ("ladder", "ladder with medians"),
    ("all_four", "all four together"),
    ("all_four_one_region", "all four under one region"),
];

/// Makes the data, runs the harness, writes the section.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    build::everything(project)?;
    let folder = project.target().join("xtask/bench");
    let retailer = Retailer { members, stores: 400, folder: folder.clone(), name: "retailer", identities_only: 0 };
    retailer.make(project)?;
    let step = Step::begin("the rivals' data");
    step.working("facts as columns, then each rival's own form");
    let (facts, data) = (folder.join("facts"), folder.join("rivals"));
    let mut columns = project.cargo();
    columns.args(["run", "--release", "--quiet", "--locked", "-p", "snapshot"]).args([
        "--features",
        "files",
        "--example",
        "facts",
        "--",
    ]);
    shell::run(columns.arg(retailer.snapshot()).arg(&facts))?;
    let mut prepare = project.command(project.python());
    shell::run(prepare.arg(project.end2end().join("bench/rivals/prepare.py")).arg(&facts).arg(&data))?;
    fs::remove_dir_all(&facts)?;
    step.done("made");

    let step = Step::begin("ours and the rivals in one Chromium");
    step.working("some minutes");
    let out = folder.join("rivals.json");
    let mut node = project.command("node");
    node.arg("bench/rivals.mjs").arg(&data).arg(&out).arg(project.dist()).arg(retailer.snapshot());
    node.current_dir(project.end2end());
    if let Some(chromium) = setup::chromium() {
        node.env("CHROMIUM", chromium);
    }
    shell::capture(&mut node)?;
    step.done("measured");
    let result: Value = serde_json::from_slice(&fs::read(&out)?).context("the harness writes JSON")?;
    let manifest: Value = serde_json::from_slice(&fs::read(retailer.snapshot().join("manifest.json"))?)?;
    write_section(project, "Against others in the browser", &section(&result, wire_of_shards(&retailer)?, &manifest)?)
}

/// Bytes of all shards as browsers get them.
fn wire_of_shards(retailer: &Retailer) -> Result<u64> {
    let mut wire = 0;
    for entry in fs::read_dir(retailer.snapshot().join("shards"))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".br") {
            wire += entry.metadata()?.len();
        }
    }
    Ok(wire)
}

/// The section: the table of contestants, then the promises.
fn section(result: &Value, wire: u64, manifest: &Value) -> Result<String> {
    let (machine, facts) = (&result["machine"], &result["facts"]);
    let contestants = result["contestants"].as_array().context("the harness gives no contestants")?;
    let mut text = String::new();
    writeln!(
        text,
        "{} · {} cores of {}, {:.0} GB · Chromium {}, headless.\n\
         Data: the sample retailer with {} members, {} orders and {} anonymous orders, {} touches, {} stores, {} channels; \
         the last 90 days against the 90 before.\n\
         All contestants gave the same answers, unfiltered and under each region, before anything was measured; \
         then they took turns, {} rounds. Milliseconds, median (95th percentile); × is the median over that of ours with one worker.\n",
        result["date"].as_str().unwrap_or_default().split('T').next().unwrap_or_default(),
        machine["cores"],
        machine["cpu"].as_str().unwrap_or("an unknown processor"),
        machine["memory"].as_f64().unwrap_or(0.0) / 1e9,
        machine["chromium"].as_str().unwrap_or("of unknown version"),
        facts["members"],
        facts["orders"],
        facts["anonymous"],
        facts["touches"],
        facts["stores"],
        facts["channels"],
        contestants.first().map_or(&Value::Null, |first| &first["warm"]["all_four"]["runs"]),
    )?;
    let names: Vec<&str> = contestants.iter().map(|c| title(c["name"].as_str().unwrap_or_default())).collect();
    writeln!(text, "| | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()))?;
    let ours = contestants.first().context("nobody competed")?;
    for (key, label) in QUESTIONS {
        let cell = |c: &Value| timed(&c["warm"][key], &ours["warm"][key]);
        line(&mut text, label, contestants, cell)?;
    }
    line(&mut text, "page opened → first estimate", contestants, |c| timed(&c["first"], &ours["first"]))?;
    line(&mut text, "page opened → exact answer", contestants, |c| timed(&c["exact"], &ours["exact"]))?;
    line(&mut text, "bytes on the wire, all of it", contestants, |c| megabytes(c["wire"].as_f64()))?;
    let blank = result["blank_memory"].as_f64();
    let above = |c: &Value| c["memory"].as_f64().zip(blank).map(|(peak, blank)| peak - blank);
    line(&mut text, "peak memory of the renderer above a blank page", contestants, |c| megabytes(above(c)))?;
    text.push('\n');
    promises(&mut text, result, contestants, wire, manifest, above(ours))?;
    text.push_str(
        "\nDuckDB-WASM: npm package 1.32, single-threaded build, native tables sorted by member and by day, \
         the quickest SQL of several tried; its facts travel in its own file format, because its Parquet reader is an \
         extension from a CDN. Typed arrays: `end2end/bench/rivals/site/typed-kernels.js`.\n",
    );
    Ok(text)
}

fn title(name: &str) -> &str {
    match name {
        "ours_1" => "ours, 1 worker",
        "ours_2" => "ours, 2 workers",
        "typed_arrays" => "typed arrays, JS",
        "duckdb_wasm" => "DuckDB-WASM",
        other => other,
    }
}

fn line(text: &mut String, label: &str, contestants: &[Value], cell: impl Fn(&Value) -> String) -> Result<()> {
    let cells: Vec<String> = contestants.iter().map(cell).collect();
    Ok(writeln!(text, "| {label} | {} |", cells.join(" | "))?)
}

/// `median (p95), × times ours`.
fn timed(measured: &Value, ours: &Value) -> String {
    let (Some(median), Some(p95)) = (measured["median"].as_f64(), measured["p95"].as_f64()) else {
        return "–".to_owned();
    };
    let ratio = ours["median"].as_f64().filter(|&ours| ours > 0.0).map_or(f64::NAN, |ours| median / ours);
    format!("{} ({}) × {}", short(median), short(p95), short(ratio))
}

/// Three digits are what such measurements bear.
fn short(value: f64) -> String {
    let digits = if value >= 100.0 { 0 } else { usize::from(value >= 10.0) + 2 * usize::from(value < 10.0) };
    format!("{value:.digits$}")
}

fn megabytes(bytes: Option<f64>) -> String {
    bytes.map_or_else(|| "–".to_owned(), |bytes| format!("{} MB", short(bytes / 1e6)))
}

/// The promises, met or missed, and how far we are from what memory allows.
fn promises(
    text: &mut String,
    result: &Value,
    contestants: &[Value],
    wire: u64,
    manifest: &Value,
    memory: Option<f64>,
) -> Result<()> {
    let find = |name: &str| contestants.iter().find(|c| c["name"] == name);
    let warm = |c: &Value, key: &str| c["warm"][key]["median"].as_f64().unwrap_or(f64::NAN);
    let (Some(ours), Some(typed), Some(duckdb)) = (find("ours_1"), find("typed_arrays"), find("duckdb_wasm")) else {
        return Ok(());
    };
    let all = warm(ours, "all_four");
    let cold = |key: &str| ours[key]["median"].as_f64().unwrap_or(f64::NAN) / 1_000.0;
    let totals = &manifest["totals"];
    let total = |field: &str| totals[field].as_f64().unwrap_or(0.0);
    let facts = total("orders") + total("anonymous_orders") + total("touches");
    text.push_str("| promise, with one worker | measured | target | |\n|---|---:|---:|---|\n");
    let mut row = |what: &str, value: f64, unit: &str, target: f64, at_least: bool| -> Result<()> {
        let met = if at_least { value >= target } else { value <= target };
        let sign = if at_least { "≥" } else { "≤" };
        let verdict = if met { "met" } else { "**missed**" };
        Ok(writeln!(text, "| {what} | {}{unit} | {sign} {target}{unit} | {verdict} |", short(value))?)
    };
    row("all four: quicker than DuckDB-WASM", warm(duckdb, "all_four") / all, " ×", 50.0, true)?;
    row("all four: quicker than typed arrays", warm(typed, "all_four") / all, " ×", 3.0, true)?;
    row("interactive filter", warm(ours, "all_four_one_region"), " ms", 50.0, false)?;
    row("first estimate after opening the page", cold("first"), " s", 0.5, false)?;
    row("exact answer after opening the page", cold("exact"), " s", 1.9, false)?;
    if let Some(memory) = memory {
        row("renderer above a blank page", memory / 1e6, " MB", 200.0, false)?;
    }
    let budget = 3.5 * (total("orders") + total("anonymous_orders")) + 1.8 * total("touches");
    let allowed = budget / facts;
    row("shards on the wire, a fact (3.5 an order, 1.8 a touch)", wire as f64 / facts, " B", round(allowed), false)?;

    let bandwidth = result["bytes_per_second"].as_f64().context("the harness gives no bandwidth")?;
    text.push_str("\nThe bound: the bytes that the questions must touch over the bandwidth of a linear 128-bit sum in WebAssembly, ");
    writeln!(text, "{:.1} GB/s in the same Chromium.\n", bandwidth / 1e9)?;
    text.push_str("| | bytes | bound | ours | ours / bound |\n|---|---:|---:|---:|---:|\n");
    for (key, label) in &QUESTIONS[4..] {
        let bytes = touched(&result["facts"], *key != "all_four");
        let bound = bytes / bandwidth * 1_000.0;
        let (ours, times) = (warm(ours, key), warm(ours, key) / bound);
        writeln!(
            text,
            "| {label} | {:.1} MB | {} ms | {} ms | {} |",
            bytes / 1e6,
            short(bound),
            short(ours),
            short(times)
        )?;
    }
    Ok(())
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Bytes that all four questions must read once, in columns as narrow as the facts allow.
///
/// A member number takes 2 bytes within a shard, an amount 2 (a code), a store 2, a first day 2; days are offsets.
/// Touches and anonymous orders matter within the two windows; members' orders all matter. Stores are read for the
/// ranking's window, and under a filter of every row.
fn touched(facts: &Value, filtered: bool) -> f64 {
    let rows = |name: &str| facts[name].as_f64().unwrap_or(0.0);
    let stores = if filtered {
        rows("orders") + rows("touches_in_windows") + rows("anonymous_in_windows")
    } else {
        rows("orders_in_window") + rows("anonymous_in_window")
    };
    2.0 * (rows("touches_in_windows") + stores + rows("members"))
        + 4.0 * rows("orders")
        + 2.0 * rows("anonymous_in_windows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn result() -> Value {
        let contestant = |name: &str, all: f64| {
            let time = json!({"median": all, "p95": all, "runs": 9});
            let warm: serde_json::Map<String, Value> =
                QUESTIONS.iter().map(|(key, _)| ((*key).to_owned(), time.clone())).collect();
            json!({"name": name, "warm": warm, "first": time, "exact": time, "wire": 1e6, "memory": 3e8})
        };
        json!({
            "date": "2025-01-02T03:04:05Z", "bytes_per_second": 1e10, "blank_memory": 1e8,
            "machine": {"cpu": "c", "cores": 2, "memory": 8e9, "chromium": "1"},
            "facts": {"members": 10, "orders": 100},
            "contestants": [contestant("ours_1", 10.0), contestant("typed_arrays", 25.0), contestant("duckdb_wasm", 600.0)],
        })
    }

    #[test]
    fn missed_promises_are_said_like_the_others() {
        let manifest = json!({"totals": {"orders": 100, "touches": 0}});
        let text = section(&result(), 400, &manifest).expect("all is there");
        assert!(text.contains("| all four: quicker than DuckDB-WASM | 60.0 × | ≥ 50 × | met |"), "{text}");
        assert!(text.contains("| all four: quicker than typed arrays | 2.50 × | ≥ 3 × | **missed** |"), "{text}");
        assert!(text.contains("4.00 B | ≤ 3.5 B | **missed** |"), "{text}");
        assert!(text.contains("| 600 (600) × 60.0 |"), "{text}");
    }

    #[test]
    fn a_filter_must_read_the_store_of_every_order() {
        let facts = json!({"members": 10, "orders": 100, "orders_in_window": 7});
        assert!((touched(&facts, false) - (2.0 * 17.0 + 400.0)).abs() < 1e-9);
        assert!((touched(&facts, true) - (2.0 * 110.0 + 400.0)).abs() < 1e-9);
    }
}
