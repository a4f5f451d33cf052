//! `cargo xtask bench --sizes`: does a build grow in a straight line with the number of members, within its memory?
//!
//! Beside each, DuckDB sorts the same files into clustered Parquet, which is what a user would do instead, within the
//! same memory. It joins no identities, so each size is also built without them, within half of that memory.

mod drawing;

use self::drawing::{Line, Panel, drawing};
use super::{
    bench::{measure, median, write_section},
    build,
    demo::Retailer,
};
use crate::{project::Project, say::Step};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fmt::Write as _, fs, path::Path};

/// Members of the smaller sizes; the largest is asked for.
const SMALLER: [u32; 3] = [100_000, 300_000, 1_000_000];
/// GiB that a build is given, of 12 that it may take in all.
const MEMORY: &str = "8";
/// Without identities: half of what DuckDB is given, which is the target.
const HALF: &str = "4";
/// A size from which on one run must do: it takes minutes.
const ONCE: u32 = 2_000_000;

/// One size: medians of its runs.
struct Size {
    members: u32,
    report: Value,
    source_bytes: u64,
    /// Seconds and peak megabytes.
    ours: (f64, f64),
    /// The same without identities to join, in half of the memory.
    alone: (f64, f64),
    theirs: (f64, f64),
}

/// Builds samples up to `members` and writes the section and its drawing.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    build::binary(project)?;
    let mut sizes = Vec::new();
    for size in SMALLER.into_iter().filter(|size| *size < members).chain([members]) {
        sizes.push(one(project, size)?);
        // Written as it is measured: the largest takes half an hour, and may fail.
        fs::write(project.root().join("docs/build-size.svg"), drawing(&panels(&sizes)))?;
        write_section(project, "Building: growth with the number of members", &section(&sizes)?)?;
    }
    Ok(())
}

fn one(project: &Project, members: u32) -> Result<Size> {
    let folder = project.target().join("xtask/bench");
    let (out, report) = (folder.join("size"), folder.join("size.json"));
    let retailer = Retailer { members, stores: 400, folder: folder.clone(), name: "size-of", identities_only: 0 };
    let source = retailer.source();
    fs::create_dir_all(&folder)?;
    let _ = fs::remove_dir_all(&source);
    let step = Step::begin(&format!("a build of {members} members"));
    step.working("sample data");
    let mut sample = project.wellspring();
    sample.args(["demo-data", "--members", &members.to_string(), "--stores", "400", "--out"]).arg(&source);
    measure(&mut sample)?;
    let facts = folder.join("size-facts");
    without_identities(&source, &facts)?;
    let (mut ours, mut alone, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..if members < ONCE { 3 } else { 1 } {
        step.working(&format!("run {}", turn + 1));
        for (source, memory, times) in [(&facts, HALF, &mut alone), (&source, MEMORY, &mut ours)] {
            let _ = fs::remove_dir_all(&out);
            let mut build = project.wellspring();
            build.args(["build", "--memory", memory]).arg("--source").arg(source).arg("--out").arg(&out);
            times.push(measure(build.arg("--report").arg(&report))?);
        }
        let mut duckdb = project.command(project.python());
        duckdb.arg(project.end2end().join("bench/duckdb_sort.py")).args([&source, &folder]);
        duckdb.arg(format!("{MEMORY}GiB"));
        theirs.push(measure(&mut duckdb)?);
    }
    step.done("measured");
    let source_bytes = fs::read_dir(&source)?.flatten().filter_map(|entry| Some(entry.metadata().ok()?.len())).sum();
    let middle = |runs: &[(f64, f64)]| {
        (median(runs.iter().map(|run| run.0).collect()), median(runs.iter().map(|run| run.1).collect()))
    };
    let size = Size {
        members,
        report: serde_json::from_slice(&fs::read(&report)?).context("the build's report is JSON")?,
        source_bytes,
        ours: middle(&ours),
        alone: middle(&alone),
        theirs: middle(&theirs),
    };
    for left in [&source, &facts, &out] {
        let _ = fs::remove_dir_all(left);
    }
    for table in ["orders", "touches"] {
        let _ = fs::remove_file(folder.join(format!("duckdb-{table}.parquet")));
    }
    Ok(size)
}

/// Makes a folder with the same files but for the identities and what is known of them.
fn without_identities(source: &Path, to: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(source)?.flatten() {
        if !entry.file_name().to_string_lossy().contains("identities") {
            fs::hard_link(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn section(sizes: &[Size]) -> Result<String> {
    let mut text = format!(
        "The sample retailer, 400 stores; builds are given {MEMORY} GiB to work in, and DuckDB is too; builds without \
         identities {HALF} GiB. DuckDB sorts the same orders and touches into zstd Parquet (no checks, no refunds, no report, no identities). Medians of three runs, \
         from {} M members on of one.\n\n\
         | members | orders | touches | source | snapshot | seconds | s a million members | peak memory | without identities: seconds | … peak memory | DuckDB: seconds | … peak memory | time, ours without identities to theirs | … with | memory, without | … with |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        ONCE / 1_000_000
    );
    for Size { members, report, source_bytes, ours, alone, theirs } in sizes {
        let total = |name: &str| report["totals"][name].as_f64().with_context(|| format!("the report gives no {name}"));
        writeln!(
            text,
            "| {:.1} M | {:.1} M | {:.1} M | {:.2} GB | {:.0} MB | {:.1} | {:.1} | {:.2} GB | {:.1} | {:.2} GB | {:.1} | {:.2} GB | × {:.2} | × {:.2} | × {:.2} | × {:.2} |",
            f64::from(*members) / 1e6,
            (total("orders")? + total("anonymous_orders")?) / 1e6,
            total("touches")? / 1e6,
            *source_bytes as f64 / 1e9,
            report["bytes"].as_f64().unwrap_or(f64::NAN) / 1e6,
            ours.0,
            ours.0 / f64::from(*members) * 1e6,
            ours.1 / 1e3,
            alone.0,
            alone.1 / 1e3,
            theirs.0,
            theirs.1 / 1e3,
            alone.0 / theirs.0,
            ours.0 / theirs.0,
            alone.1 / theirs.1,
            ours.1 / theirs.1,
        )?;
    }
    let (first, last) = (sizes.first().context("nothing was measured")?, sizes.last().context("nothing was measured")?);
    let (members, time) = (f64::from(last.members) / f64::from(first.members), last.ours.0 / first.ours.0);
    let said = |met| if met { "met" } else { "**missed**" };
    writeln!(
        text,
        "\n{members:.0} times the members take {time:.1} times the time (target: linear, at most a quarter more): {}. \
         Peak memory {:.2} GB (≤ 12 GB): {}. Against DuckDB at the largest size, both without identities: \
         time × {:.2} (≤ 1.5): {}; memory × {:.2} (≤ 0.5): {}. With identities, which it does not join: \
         time × {:.2}, memory × {:.2}.\n\n![Time and memory against members](build-size.svg)",
        said(time <= members * 1.25),
        last.ours.1 / 1e3,
        said(last.ours.1 <= 12e3),
        last.alone.0 / last.theirs.0,
        said(last.alone.0 <= 1.5 * last.theirs.0),
        last.alone.1 / last.theirs.1,
        said(last.alone.1 <= 0.5 * last.theirs.1),
        last.ours.0 / last.theirs.0,
        last.ours.1 / last.theirs.1,
    )?;
    Ok(text)
}

/// Seconds and memory, ours and theirs; the dashed line is in proportion to our smallest size.
fn panels(sizes: &[Size]) -> [Panel; 2] {
    let of =
        |pick: fn(&Size) -> f64| sizes.iter().map(|size| (f64::from(size.members), pick(size))).collect::<Vec<_>>();
    let line = |name, color, points| Line { name, color, dashed: false, points };
    let ours = of(|size| size.ours.0);
    let straight = ours.first().map_or_else(Vec::new, |&(least, seconds)| {
        ours.iter().map(|&(members, _)| (members, seconds * members / least)).collect()
    });
    let straight = Line { name: "in proportion", color: "#7a8491", dashed: true, points: straight };
    let (wellspring, facts, duckdb) =
        (("Wellspring", "#1a56c4"), ("… without identities", "#6f9bea"), ("DuckDB", "#b5490b"));
    [
        Panel {
            title: "Seconds",
            powers: (0, 3),
            lines: vec![
                line(wellspring.0, wellspring.1, ours),
                line(facts.0, facts.1, of(|size| size.alone.0)),
                line(duckdb.0, duckdb.1, of(|size| size.theirs.0)),
                straight,
            ],
        },
        Panel {
            title: "Peak memory, GB",
            powers: (-2, 2),
            lines: vec![
                line(wellspring.0, wellspring.1, of(|size| size.ours.1 / 1e3)),
                line(facts.0, facts.1, of(|size| size.alone.1 / 1e3)),
                line(duckdb.0, duckdb.1, of(|size| size.theirs.1 / 1e3)),
            ],
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::{Size, panels, section};
    use serde_json::json;

    fn size(members: u32, seconds: f64, peak: f64) -> Size {
        let report = json!({"bytes": 1, "totals": {"orders": 1, "anonymous_orders": 1, "touches": 1}});
        let ours = (seconds, peak);
        Size { members, report, source_bytes: 1, ours, alone: (seconds / 2.0, peak / 2.0), theirs: (5.0, 2_000.0) }
    }

    #[test]
    fn what_is_missed_is_said() {
        let text = section(&[size(100_000, 1.0, 500.0), size(10_000_000, 14.0, 1_900.0)]).expect("complete");
        assert!(text.contains("100 times the members take 14.0 times the time"), "{text}");
        assert!(text.contains("time × 1.40 (≤ 1.5): met; memory × 0.47 (≤ 0.5): met. With"), "{text}");
        assert!(text.contains("does not join: time × 2.80, memory × 0.95."), "{text}");
        let text = section(&[size(100_000, 1.0, 500.0), size(10_000_000, 140.0, 13_000.0)]).expect("complete");
        assert_eq!(text.matches("**missed**").count(), 4, "{text}");
        assert!(section(&[]).is_err());
    }

    #[test]
    fn the_dashed_line_is_in_proportion_to_the_smallest_size() {
        let [seconds, memory] = panels(&[size(100_000, 2.0, 500.0), size(10_000_000, 150.0, 6_000.0)]);
        let straight = seconds.lines.iter().find(|line| line.dashed).expect("a dashed line");
        assert_eq!(straight.points, [(1e5, 2.0), (1e7, 200.0)]);
        assert_eq!(memory.lines[0].points, [(1e5, 0.5), (1e7, 6.0)]);
    }
}
