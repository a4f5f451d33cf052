//! `cargo xtask bench --scale`: does the engine's cost grow in a straight line with the number of members?
//!
//! `testkit`'s example `scale` makes shards with members and facts of their own, keeps them all open in one process,
//! and answers the browser benchmark's four questions natively on one thread.

use super::bench::write_section;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fmt::Write as _, fs};

/// Runs the example up to `members` and writes the section.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    let step = Step::begin("the engine's cost against the number of members");
    step.working(&format!("up to {members} members, made in memory"));
    let mut example = project.cargo();
    example.args(["run", "--release", "--quiet", "--locked", "-p", "testkit", "--example", "scale", "--"]);
    let printed = shell::capture(example.arg(members.to_string()))?;
    let folder = project.target().join("xtask/bench");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("scale.jsonl"), &printed)?;
    let lines: Result<Vec<Value>, _> = printed.lines().map(serde_json::from_str).collect();
    let lines = lines.context("the example prints one JSON object a line")?;
    step.done("measured");
    write_section(project, "Growth with the number of members", &section(&lines)?)
}

fn section(lines: &[Value]) -> Result<String> {
    let mut text = String::from(
        "Growth with comparison, cohorts, store ranking and ladder together: natively, one thread, median of seven. \
         Every shard has members and facts of its own, made in memory (5 orders and 15.5 touches a member), and all stay open.\n\n\
         | members | orders | touches | time | a million members | memory of the process |\n|---:|---:|---:|---:|---:|---:|\n",
    );
    let number =
        |line: &Value, field: &str| line[field].as_f64().with_context(|| format!("the example gives no {field}"));
    for line in lines {
        let (members, millis) = (number(line, "members")?, number(line, "median_ms")?);
        writeln!(
            text,
            "| {:.1} M | {:.1} M | {:.1} M | {millis:.1} ms | {:.1} ms | {:.0} MB |",
            members / 1e6,
            number(line, "orders")? / 1e6,
            number(line, "touches")? / 1e6,
            millis / members * 1e6,
            line["memory"].as_f64().unwrap_or(f64::NAN) / 1e6,
        )?;
    }
    let (first, last) = (lines.first().context("nothing was measured")?, lines.last().context("nothing was measured")?);
    let growth = |field: &str| anyhow::Ok(number(last, field)? / number(first, field)?);
    let (members, time) = (growth("members")?, growth("median_ms")?);
    let verdict = if time <= members * 1.25 { "met" } else { "**missed**" };
    writeln!(
        text,
        "\n{members:.1} times the members take {time:.1} times the time (target: linear, at most a quarter more): {verdict}."
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::section;
    use serde_json::json;

    #[test]
    fn more_than_linear_is_said() {
        let line = |members: f64, ms: f64| json!({"members": members, "orders": 1, "touches": 1, "median_ms": ms, "memory": 1});
        let text = section(&[line(1e6, 50.0), line(1e7, 510.0)]).expect("complete");
        assert!(
            text.contains("10.0 times the members take 10.2 times the time") && text.ends_with(": met.\n"),
            "{text}"
        );
        let text = section(&[line(1e6, 50.0), line(1e7, 900.0)]).expect("complete");
        assert!(text.ends_with(": **missed**.\n"), "{text}");
        assert!(section(&[]).is_err(), "a run that measured nothing is no result");
    }
}
