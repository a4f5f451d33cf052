//! `cargo xtask bench`: measures the promises of speed and size, each part into its section of docs/BENCHMARKS.md.
//!
//! Without an option: building, serving and sizes. `--browser`: ours against others ([`super::bench_rivals`]).
//! `--scale`: cost against the number of members ([`super::bench_scale`]).
//! `--load`: what one core serves, and memory under a thousand connections ([`super::bench_load`]).
//! `--one-id`: how well identities are joined, into docs/ONEID.md ([`super::bench_one_id`]).
//! `--scopes`: snapshots of regions and of single stores ([`super::bench_scopes`]).
//! `--nights`: what changes from night to night ([`super::bench_nights`]).
//! `--sizes`: builds of ever more members ([`super::bench_sizes`]).
//! `--kills`: builds that are killed ([`super::bench_kills`]).
//! `--vitals`: web vitals on a slow phone, and Lighthouse ([`super::bench_vitals`]).
//! Medians of several runs on whatever machine this is; rows that miss their target are printed like the others.

use super::{
    bench_kills, bench_load, bench_nights, bench_one_id, bench_rivals, bench_scale, bench_scopes, bench_sizes,
    bench_vitals, build, demo::Retailer, test::Served,
};
use crate::{project::Project, say::Step, setup, shell, site};
use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const RUNS: usize = 3;

/// One line of the table: what, how much, and how much it may be.
struct Row {
    what: String,
    measured: f64,
    unit: &'static str,
    target: Option<f64>,
}

/// Measures what the options name and writes its section.
pub(crate) fn run(project: &Project, mut arguments: lexopt::Parser) -> Result<()> {
    let project = &project.with_given_binary()?;
    let mut members = None;
    let mut kills = None;
    let (mut browser, mut scale, mut scopes, mut sizes, mut vitals, mut load, mut one_id) =
        (false, false, false, false, false, false, false);
    let mut nights = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("members") => members = Some(arguments.value()?.parse()?),
            Long("browser") => browser = true,
            Long("scale") => scale = true,
            Long("scopes") => scopes = true,
            Long("sizes") => sizes = true,
            Long("vitals") => vitals = true,
            Long("load") => load = true,
            Long("nights") => nights = Some(arguments.optional_value().map_or(Ok(35), |n| n.parse())?),
            Long("kills") => kills = Some(arguments.optional_value().map_or(Ok(1_000), |n| n.parse())?),
            Long("one-id") => one_id = true,
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(kills) = kills {
        return bench_kills::run(project, kills);
    }
    if load {
        return bench_load::run(project, members.unwrap_or(200_000));
    }
    if one_id {
        return bench_one_id::run(project, members.unwrap_or(50_000));
    }
    if scopes {
        return bench_scopes::run(project, members.unwrap_or(200_000));
    }
    if let Some(nights) = nights {
        return bench_nights::run(project, members.unwrap_or(200_000), nights);
    }
    setup::for_test(project)?;
    if sizes {
        return bench_sizes::run(project, members.unwrap_or(10_000_000));
    }
    if browser {
        bench_rivals::run(project, members.unwrap_or(1_000_000))?;
    }
    if scale {
        bench_scale::run(project, members.unwrap_or(10_000_000))?;
    }
    if vitals {
        bench_vitals::run(project, members.unwrap_or(200_000))?;
    }
    if !browser && !scale && !vitals {
        product(project, members.unwrap_or(200_000))?;
    }
    Ok(())
}

fn product(project: &Project, members: u32) -> Result<()> {
    let retailer =
        Retailer { members, stores: 400, folder: project.root().join("data"), name: "plain", identities_only: 0 };
    build::everything(project)?;
    retailer.make(project)?;
    let mut rows = Vec::new();
    builds(project, &retailer, &mut rows)?;
    serving(project, &retailer, &mut rows)?;
    sizes(project, &retailer, &mut rows)?;
    write_section(project, "Building, serving, sizes", &table(&retailer, &rows)?)
}

/// Prints a section and puts it into docs/BENCHMARKS.md in place of the one with the same heading.
pub(crate) fn write_section(project: &Project, heading: &str, body: &str) -> Result<()> {
    println!("\n## {heading}\n\n{body}");
    let file = project.root().join("docs/BENCHMARKS.md");
    let text = fs::read_to_string(&file).unwrap_or_default();
    fs::write(&file, with_section(&text, heading, body)).with_context(|| format!("cannot write {}", file.display()))
}

/// The document with this section replaced, or added at its end.
fn with_section(text: &str, heading: &str, body: &str) -> String {
    let mut parts = text.split("\n## ");
    let title = "# Benchmarks\n\nMade by `cargo xtask bench`, `bench --browser`, `bench --scale`, `bench --kills`, `bench --scopes`, `bench --sizes`, `bench --load`, `bench --nights` and `bench --vitals`; do not edit.\n";
    let mut out = title.to_owned();
    let mut placed = false;
    let section = format!("\n## {heading}\n\n{}\n", body.trim_end());
    for part in parts.by_ref().skip(1) {
        if part.lines().next() == Some(heading) {
            out.push_str(&section);
            placed = true;
        } else {
            out.push_str(&format!("\n## {}\n", part.trim_end()));
        }
    }
    if !placed {
        out.push_str(&section);
    }
    out
}

/// The middle one of several measurements of which there must be at least one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Our build, and what a user would do instead: DuckDB sorting the same files into Parquet.
fn builds(project: &Project, retailer: &Retailer, rows: &mut Vec<Row>) -> Result<()> {
    let step = Step::begin("building the snapshot");
    let out = project.target().join("xtask/bench-snapshot");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&out);
        let mut wellspring = project.wellspring();
        wellspring.arg("build").arg("--source").arg(retailer.source()).arg("--out").arg(&out);
        ours.push(measure(&mut wellspring)?);
        let mut duckdb = project.command(project.python());
        duckdb.arg(project.end2end().join("bench/duckdb_sort.py")).arg(retailer.source());
        duckdb.arg(project.target().join("xtask"));
        theirs.push(measure(&mut duckdb)?);
    }
    let median = |runs: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| median(runs.iter().map(of).collect());
    rows.push(row("build a snapshot", median(&ours, |r| r.0), "s", Some(15.0)));
    rows.push(row("… its peak memory", median(&ours, |r| r.1), "MB", Some(2_000.0)));
    rows.push(row(
        "DuckDB: the same files, sorted into zstd Parquet (no checks, no identities, no report)",
        median(&theirs, |r| r.0),
        "s",
        None,
    ));
    rows.push(row("… its peak memory", median(&theirs, |r| r.1), "MB", None));
    step.done("measured");
    Ok(())
}

/// Runs a command to its end: seconds, and its peak memory in megabytes.
pub(crate) fn measure(command: &mut Command) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut stderr = child.stderr.take().context("stderr is piped")?;
    let said = thread::spawn(move || {
        let mut said = Vec::new();
        // What cannot be read is missing from an error's text, no more.
        let _ = stderr.read_to_end(&mut said);
        said
    });
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0.0_f64;
    loop {
        // The kernel keeps the highest mark itself; it is read until the process is gone.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = mark.and_then(|mark| mark.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak_kb = peak_kb.max(kb.unwrap_or(0.0));
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                let said = said.join().unwrap_or_default();
                let said = String::from_utf8_lossy(&said);
                bail!("`{}` ended with {status}: {}", command.get_program().to_string_lossy(), said.trim());
            }
            return Ok((begun.elapsed().as_secs_f64(), peak_kb / 1_000.0));
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn serving(project: &Project, retailer: &Retailer, rows: &mut Vec<Row>) -> Result<()> {
    let step = Step::begin("serving");
    let mut ready = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        let served = Served::start_with(project, &retailer.snapshot())?;
        ready.push(begun.elapsed().as_secs_f64());
        drop(served);
    }
    rows.push(row("server ready after its start (polled every 10 ms)", median(ready), "s", Some(0.3)));
    let served = Served::start_with(project, &retailer.snapshot())?;
    let mut node = project.command("node");
    node.arg("bench/browser.mjs").arg(served.url()).current_dir(project.end2end());
    if let Some(chromium) = setup::chromium() {
        node.env("CHROMIUM", chromium);
    }
    let printed = shell::capture(&mut node)?;
    let measured: Value = serde_json::from_str(printed.trim()).context("the browser bench prints one JSON object")?;
    let mut take = |field: &str, what: &str, target| {
        let value = measured[field].as_f64().with_context(|| format!("the browser bench gives no {field}"))?;
        rows.push(row(what, value, "ms", target));
        anyhow::Ok(())
    };
    take("page_fresh", "server-rendered page, new window each time", Some(50.0))?;
    take("page_fresh_p95", "… 95th percentile", None)?;
    take("page_cached", "server-rendered page, answered before", None)?;
    take("browser_ready", "page opened → hydrated, every shard fetched and verified", None)?;
    take("filter_change", "filter change in the browser, click → frame with the answer, one worker", Some(100.0))?;
    take("filter_change_p95", "… 95th percentile", None)?;
    step.done("measured");
    Ok(())
}

fn sizes(project: &Project, retailer: &Retailer, rows: &mut Vec<Row>) -> Result<()> {
    let (page, worker) = site::sizes(&project.dist())?;
    rows.push(row("page: wasm + js + css, brotli", page as f64 / 1_000.0, "kB", Some(300.0)));
    rows.push(row("worker: wasm + js, brotli", worker as f64 / 1_000.0, "kB", Some(60.0)));
    let mut wire = 0;
    for entry in fs::read_dir(retailer.snapshot().join("shards"))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".br") {
            wire += entry.metadata()?.len();
        }
    }
    rows.push(row("all shards on the wire, brotli", wire as f64 / 1e6, "MB", None));
    let manifest: Value = serde_json::from_slice(&fs::read(retailer.snapshot().join("manifest.json"))?)?;
    let total = |field: &str| manifest["totals"][field].as_f64().unwrap_or(0.0);
    let facts = total("orders") + total("anonymous_orders") + total("touches");
    rows.push(row("… a fact (order or touch)", wire as f64 / facts, "B", None));
    Ok(())
}

fn row(what: &str, measured: f64, unit: &'static str, target: Option<f64>) -> Row {
    Row { what: what.to_owned(), measured, unit, target }
}

fn table(retailer: &Retailer, rows: &[Row]) -> Result<String> {
    let manifest: Value = serde_json::from_slice(&fs::read(retailer.snapshot().join("manifest.json"))?)?;
    let totals = &manifest["totals"];
    let mut text = String::new();
    writeln!(
        text,
        "Medians of {RUNS} runs (pages and filter changes: of 28 to 50) on {} cores of {}.\nData: the sample retailer with {} members, {} orders, {} anonymous orders, {} touches, {} stores.\n",
        thread::available_parallelism().map_or(1, usize::from),
        processor(),
        totals["members"],
        totals["orders"],
        totals["anonymous_orders"],
        totals["touches"],
        retailer.stores,
    )?;
    text.push_str("| what | measured | target | |\n|---|---:|---:|---|\n");
    for Row { what, measured, unit, target } in rows {
        let digits = if *measured < 10.0 { 2 } else { 1 };
        let goal = target.map(|t| format!("≤ {t} {unit}")).unwrap_or_default();
        let met = target.map_or("", |t| if *measured <= t { "met" } else { "**missed**" });
        writeln!(text, "| {what} | {measured:.digits$} {unit} | {goal} | {met} |")?;
    }
    Ok(text)
}

/// The processor by name.
pub(crate) fn processor() -> String {
    let text = fs::read_to_string(Path::new("/proc/cpuinfo")).unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name"));
    name.and_then(|n| n.split_once(':')).map_or("an unknown processor", |(_, n)| n.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::with_section;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let both = with_section(&with_section("", "One", "1"), "Two", "2");
        let changed = with_section(&both, "One", "3\n");
        assert!(changed.starts_with("# Benchmarks\n"), "{changed}");
        assert!(changed.ends_with("\n\n## One\n\n3\n\n## Two\n\n2\n"), "{changed}");
        assert_eq!(with_section(&changed, "Two", "2"), changed, "writing the same again changes nothing");
    }
}
