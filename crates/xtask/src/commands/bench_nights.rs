//! `cargo xtask bench --nights[=35]`: what a browser fetches after each of some weeks of nightly builds.
//!
//! The sample is cut off at a day, and night after night grows by the files of the next: with members who join, orders
//! that come a few days late, and returns of older ones. Each night is built over the one before into the same folder; at
//! the end the answers must be those of a build that knew nothing, and so must be every byte that a full build publishes
//! from the rows which nights kept.

use super::{
    bench::{measure, write_section},
    demo::Retailer,
};
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    thread,
    time::Duration,
};

/// Tables that grow, and the column that says when a row came to be.
const GROWING: [(&str, &str); 4] =
    [("members", "joined_at"), ("orders", "ordered_at"), ("returns", "returned_at"), ("touches", "at")];
const QUESTION: &str = r#"{"window":{"from":"FROM","to":"TO"},"compare":{"from":"THEN","to":"UNTIL"},"ask":[{"growth":{"by":"region"}},{"growth":{"by":"channel"}},{"series":{"grain":"week"}},{"stores":{"by":"conversion"}},{"cohorts":{"grain":"month","periods":6}},{"ladder":{"rungs":6}},{"funnel":{"steps":[{"touch":["visit"]},{"order":0}],"by":"channel"}},{"rfm":{"as_of":"TO","since":"FROM"}},{"overlap":{}},{"lifecycle":{"grain":"month","active_days":30,"dormant_days":90}}]}"#;

/// The file of rows without a day.
const ALWAYS: &str = "always";
/// A build reads files again that were changed shorter ago.
const SETTLES: Duration = Duration::from_millis(2_100);

/// One night.
struct Night {
    day: String,
    seconds: f64,
    report: Value,
}

/// Builds `nights` nights of the sample and writes the section.
pub(crate) fn run(project: &Project, members: u32, nights: u32) -> Result<()> {
    shell::run(project.cargo().args(["build", "--release", "--locked", "-p", "wellspring"]))?;
    let folder = project.target().join("xtask/bench");
    let retailer = Retailer { members, stores: 400, folder: folder.clone(), name: "nights", identities_only: 0 };
    retailer.make(project)?;
    let (source, out, whole) = (folder.join("nights-cut"), folder.join("nights-snapshot"), folder.join("nights-whole"));
    let feed = folder.join("nights-feed");
    for folder in [&source, &out, &whole, &feed] {
        let _ = fs::remove_dir_all(folder);
    }
    let step = Step::begin("nights");
    step.working("files of every day");
    fs::create_dir_all(&feed)?;
    split(&retailer.source(), &feed)?;
    let days = last_days(&retailer.source().join("orders.csv"), nights as usize + 1)?;
    let mut built = Vec::new();
    for (night, day) in days.iter().enumerate() {
        step.working(&format!("night {night} of {nights}, {day}"));
        bring(&feed, &source, day)?;
        thread::sleep(SETTLES);
        built.push(build(project, &source, &out, day, &[])?);
    }
    step.working("the whole, built once");
    let last = days.last().context("there is a last night")?;
    let full = build(project, &source, &whole, last, &[])?;
    let question = question(&days);
    let (answers, expected) = (answers(project, &out, &question)?, answers(project, &whole, &question)?);
    ensure!(answers == expected, "the answers of nights and those of a full build differ");
    // The same night twice more, by what was kept and by reading; then all shards from what was kept.
    step.working("the last night again");
    let kept = build(project, &source, &out, last, &[])?;
    let read = build(project, &source, &out, last, &["--read-all"])?;
    let anew = build(project, &source, &out, last, &["--full"])?;
    ensure!(files(&anew, "files_unchanged") > 0, "nothing was kept");
    ensure!(published(&out)? == published(&whole)?, "rows that were kept and rows that were read publish other bytes");
    step.done("measured, answers and bytes are those of a full build");
    let again = Again { full, kept, read };
    write_section(project, "Nights: what changes from one to the next", &section(members, &built, &again)?)
}

/// Builds of the last night's source.
struct Again {
    /// From nothing.
    full: Night,
    /// Over the last night, with what it kept.
    kept: Night,
    /// The same, reading everything.
    read: Night,
}

fn files(night: &Night, which: &str) -> u64 {
    night.report["source"][which].as_u64().unwrap_or(0)
}

fn reading(night: &Night) -> f64 {
    night.report["source"]["seconds"].as_f64().unwrap_or(0.0)
}

fn build(project: &Project, source: &Path, out: &Path, day: &str, more: &[&str]) -> Result<Night> {
    let report = out.with_extension("report.json");
    let mut build = project.wellspring();
    build.args(["build", "--source"]).arg(source).arg("--out").arg(out).arg("--report").arg(&report).args(more);
    let (seconds, _) = measure(&mut build)?;
    let report = serde_json::from_slice(&fs::read(report)?).context("the build's report is JSON")?;
    Ok(Night { day: day.to_owned(), seconds, report })
}

/// The answers of a snapshot, without its name.
fn answers(project: &Project, snapshot: &Path, question: &str) -> Result<Value> {
    let file = snapshot.with_extension("question.json");
    fs::write(&file, question)?;
    let printed = shell::capture(project.wellspring().args(["ask", "--snapshot"]).arg(snapshot).arg(&file))?;
    let mut answers: Value = serde_json::from_str(&printed).context("answers are JSON")?;
    answers["snapshot"] = Value::Null;
    Ok(answers)
}

fn question(days: &[String]) -> String {
    let day = |back: usize| days[days.len().saturating_sub(back + 1)].clone();
    let half = days.len() / 2;
    QUESTION
        .replace("FROM", &day(half.saturating_sub(1)))
        .replace("TO", &day(0))
        .replace("THEN", &day(days.len() - 1))
        .replace("UNTIL", &day(half))
}

/// The last so many days of a table, rising.
fn last_days(orders: &Path, count: usize) -> Result<Vec<String>> {
    let mut days: Vec<String> = Vec::new();
    each_row(orders, "ordered_at", |_, day| {
        if let Some(day) = day.filter(|day| !days.iter().any(|known| known == day)) {
            days.push(day.to_owned());
        }
        Ok(())
    })?;
    days.sort();
    // Rows of a broken calendar lie far from the others.
    let first = days.len().saturating_sub(count + 2);
    let days: Vec<String> = days[first..].iter().take(count).cloned().collect();
    ensure!(days.len() == count, "the sample has only {} days", days.len());
    Ok(days)
}

/// Writes the source as files of what came on each day, `orders/2024-03-05.csv`, and the small tables as they are.
fn split(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Some(stem) = name.strip_suffix(".csv") else { continue };
        match GROWING.iter().find(|(table, _)| *table == stem) {
            None => drop(fs::copy(entry.path(), to.join(&*name))?),
            Some((table, column)) => split_table(&entry.path(), &to.join(stem), table, column)?,
        }
    }
    Ok(())
}

fn split_table(from: &Path, to: &Path, table: &str, column: &str) -> Result<()> {
    fs::create_dir_all(to)?;
    let mut header = None;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    each_row(from, column, |line, day| {
        let Some(header) = &header else {
            header = Some(line.to_owned());
            return Ok(());
        };
        // One order in two hundred comes one to three days late; what has no day was always there.
        let late = if table == "orders" { lateness(line) } else { 0 };
        let day = day.map_or_else(|| ALWAYS.to_owned(), |day| plus(day, late));
        let file = files.entry(day).or_insert_with(|| format!("{header}\n").into_bytes());
        writeln!(file, "{line}")?;
        Ok(())
    })?;
    for (day, rows) in files {
        fs::write(to.join(format!("{day}.csv")), rows)?;
    }
    Ok(())
}

/// Brings what came until the evening of a day; what is there already stays untouched.
fn bring(from: &Path, to: &Path, until: &str) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let to = to.join(name);
        if path.is_dir() {
            bring(&path, &to, until)?;
        } else if path.file_stem().and_then(|stem| stem.to_str()).is_none_or(|stem| !is_day(stem) || stem <= until)
            && !to.exists()
        {
            fs::copy(path, to)?;
        }
    }
    Ok(())
}

/// What a snapshot's folder publishes, but for the time: the manifest, and the bytes of every file that it names.
fn published(snapshot: &Path) -> Result<(Value, Vec<Vec<u8>>)> {
    let mut manifest: Value = serde_json::from_slice(&fs::read(snapshot.join("manifest.json"))?)?;
    for of_the_time in ["version", "built_at", "record", "blake3"] {
        manifest[of_the_time] = Value::Null;
    }
    let shards = manifest["shards"].as_array().context("a manifest names shards")?;
    let files = shards.iter().map(|shard| {
        let hash = shard["hash"].as_str().context("a shard has a name")?;
        Ok(fs::read(snapshot.join("shards").join(format!("{hash}.arrow")))?)
    });
    let files = files.collect::<Result<Vec<_>>>()?;
    Ok((manifest, files))
}

/// Hands on the header and every row with the day in a column; no cell of the sample's holds a line end.
fn each_row(file: &Path, column: &str, mut row: impl FnMut(&str, Option<&str>) -> Result<()>) -> Result<()> {
    let mut lines = BufReader::new(File::open(file)?).lines();
    let header = lines.next().context("a table has a header")??;
    let place = header.trim_start_matches('\u{feff}').split(',').position(|name| name == column);
    let place = place.with_context(|| format!("{} has no {column}", file.display()))?;
    row(&header, None)?;
    for line in lines {
        let line = line?;
        let day = line.split(',').nth(place).and_then(|cell| cell.trim().get(..10));
        row(&line, day.filter(|day| is_day(day)))?;
    }
    Ok(())
}

fn is_day(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn lateness(line: &str) -> u32 {
    let hash = line.bytes().fold(0u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    if hash.is_multiple_of(200) { 1 + hash / 200 % 3 } else { 0 }
}

/// Some days later, roughly: within a month by the calendar, else the last possible day of it.
fn plus(day: &str, days: u32) -> String {
    let of_month: u32 = day[8..].parse().unwrap_or(1);
    format!("{}{:02}", &day[..8], (of_month + days).min(31))
}

fn section(members: u32, built: &[Night], again: &Again) -> Result<String> {
    let mut text = format!(
        "{members} members; every night adds a day, orders that come one to three days late, returns of older orders and \
         new members, each table in a file a day. Bytes are those on the wire; a browser that has the night before fetches \
         only what is new.\n\n\
         | night | kept | new tail | written whole | kB fetched | of all | files read | not read | reading, s | seconds |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    let mut shares = Vec::new();
    for night in built {
        let changes = &night.report["changes"];
        let number = |name: &str| changes[name].as_u64();
        let (Some(fetched), Some(all)) = (number("fetched"), number("all")) else {
            writeln!(
                text,
                "| {} | | | {} | | 100 % | {} | {} | {:.2} | {:.1} |",
                night.day,
                night.report["shards"],
                files(night, "files_read"),
                files(night, "files_unchanged"),
                reading(night),
                night.seconds
            )?;
            continue;
        };
        let share = 100.0 * fetched as f64 / all.max(1) as f64;
        shares.push(share);
        writeln!(
            text,
            "| {} | {} | {} | {} | {:.0} | {share:.2} % | {} | {} | {:.2} | {:.1} |",
            night.day,
            changes["kept"],
            changes["tails"],
            changes["bases"],
            fetched as f64 / 1e3,
            files(night, "files_read"),
            files(night, "files_unchanged"),
            reading(night),
            night.seconds
        )?;
    }
    ensure!(!shares.is_empty(), "no night went on from the one before");
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let most = shares.iter().copied().fold(0.0, f64::max);
    write!(
        text,
        "\nOn average {mean:.2} % a night, {most:.2} % at the most. The last night once more, by rows that were kept: {:.1} s, \
         of them {:.2} s until all rows are there; reading every file: {:.1} s, of them {:.2} s. From nothing: {:.1} s, of \
         them {:.2} s, with the same answers to all ten asks; `--full` from the rows that were kept publishes the same \
         bytes.",
        again.kept.seconds,
        reading(&again.kept),
        again.read.seconds,
        reading(&again.read),
        again.full.seconds,
        reading(&again.full)
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_brings_the_files_of_its_day_and_leaves_the_others() {
        let folder = std::env::temp_dir().join(format!("wellspring-nights-{}", std::process::id()));
        let (from, feed, to) = (folder.join("from"), folder.join("feed"), folder.join("to"));
        fs::create_dir_all(&from).expect("a fresh folder");
        fs::create_dir_all(&feed).expect("a fresh folder");
        fs::write(from.join("touches.csv"), "at,kind\n2024-03-01 10:00,visit\n2024-03-02 09:00,visit\nsoon,visit\n")
            .expect("a file");
        fs::write(from.join("stores.csv"), "store_id\nA\n").expect("a file");
        split(&from, &feed).expect("it is split");
        bring(&feed, &to, "2024-03-01").expect("it is brought");
        let read = |name: &str| fs::read_to_string(to.join(name)).ok();
        assert_eq!(read("touches/2024-03-01.csv").as_deref(), Some("at,kind\n2024-03-01 10:00,visit\n"));
        assert_eq!(read("touches/always.csv").as_deref(), Some("at,kind\nsoon,visit\n"));
        assert_eq!((read("touches/2024-03-02.csv"), read("stores.csv").is_some()), (None, true));
        fs::write(to.join("touches/2024-03-01.csv"), "untouched").expect("a file");
        bring(&feed, &to, "2024-03-02").expect("it is brought");
        assert_eq!(read("touches/2024-03-01.csv").as_deref(), Some("untouched"));
        assert_eq!(read("touches/2024-03-02.csv").as_deref(), Some("at,kind\n2024-03-02 09:00,visit\n"));
        fs::remove_dir_all(folder).expect("it can be removed");
    }

    #[test]
    fn late_rows_come_a_little_later() {
        assert_eq!(
            [plus("2024-03-09", 0), plus("2024-03-09", 3), plus("2024-03-30", 3)],
            ["2024-03-09", "2024-03-12", "2024-03-31"]
        );
        let late = (0..20_000).filter(|n| lateness(&format!("order {n}")) > 0).count();
        assert!((20..400).contains(&late), "{late}");
    }
}
