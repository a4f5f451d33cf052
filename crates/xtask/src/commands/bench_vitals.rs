//! `cargo xtask bench --vitals`: what a phone of the middle feels, and Lighthouse's judgement.
//!
//! `end2end/bench/vitals.mjs` visits with a slowed processor and network; `end2end/bench/lighthouse/audit.mjs` runs
//! Lighthouse with its own mobile preset. Both print JSON; here it becomes one section.

use super::{bench::write_section, build, demo::Retailer, test::Served};
use crate::{project::Project, say::Step, setup, shell};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{env, fmt::Write as _};

/// Column, key in the JSON, what the figure is divided by, its unit, the most it may be.
const VITALS: [(&str, &str, f64, &str, f64); 3] =
    [("LCP", "lcp", 1_000.0, " s", 2.0), ("INP", "inp", 1.0, " ms", 100.0), ("CLS", "cls", 1.0, "", 0.02)];

/// Lighthouse's categories, and the least each must reach.
const SCORES: [(&str, &str, f64); 3] = [
    ("performance", "performance", 95.0),
    ("accessibility", "accessibility", 100.0),
    ("best practices", "best-practices", 100.0),
];

/// Serves the retailer, measures, writes the section. `WELLSPRING_URL` names a server that is up instead.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    setup::ensure_lighthouse(project)?;
    let (served, url) = match env::var("WELLSPRING_URL") {
        Ok(url) => (None, url),
        Err(_) => {
            let retailer = Retailer {
                members,
                stores: 400,
                folder: project.root().join("data"),
                name: "plain",
                identities_only: 0,
            };
            build::everything(project)?;
            retailer.make(project)?;
            let served = Served::start_with(project, &retailer.snapshot())?;
            let url = served.url();
            (Some(served), url)
        }
    };
    let vitals = measure(project, "web vitals on a slowed phone", "bench/vitals.mjs", &url)?;
    let lighthouse = measure(project, "Lighthouse", "bench/lighthouse/audit.mjs", &url)?;
    drop(served);
    write_section(project, "On a phone: web vitals and Lighthouse", &section(&vitals, &lighthouse)?)
}

/// Runs a script of end2end/ that prints one JSON object.
fn measure(project: &Project, what: &str, script: &str, url: &str) -> Result<Value> {
    let step = Step::begin(what);
    step.working("some minutes");
    let mut node = project.command("node");
    node.arg(script).arg(url).current_dir(project.end2end());
    if let Some(chromium) = setup::chromium() {
        node.env("CHROMIUM", chromium);
    }
    let printed = shell::capture(&mut node)?;
    let measured = serde_json::from_str(printed.trim()).with_context(|| format!("{script} prints one JSON object"))?;
    step.done("measured");
    Ok(measured)
}

fn section(vitals: &Value, lighthouse: &Value) -> Result<String> {
    let mut text = String::new();
    let pages = pages(vitals)?;
    writeln!(
        text,
        "Headless Chromium as a phone (390 × 844), its processor slowed 4 times and its network to DevTools' \"Fast 4G\" \
         (9 Mbit/s, 165 ms; Chromium does not slow the workers' own fetches), nothing cached. LCP: median of {} visits; \
         CLS: the worst of them; INP: the slowest of {} interactions (menus, filters, comparison, appearance, arrow keys \
         in a chart), ten on each page.\n",
        vitals["visits"],
        pages.iter().filter_map(|(_, page)| page["interactions"].as_u64()).sum::<u64>(),
    )?;
    head(&mut text, VITALS.iter().map(|(name, _, _, unit, most)| (*name, format!("≤ {most}{unit}"))))?;
    for (name, page) in &pages {
        write!(text, "| {name} |")?;
        for (_, key, scale, unit, most) in VITALS {
            let value = number(page, key)? / scale;
            let digits = if unit == " ms" { 0 } else { 2 };
            write!(text, " {value:.digits$}{unit}{} |", missed(value > most))?;
        }
        text.push('\n');
    }
    writeln!(
        text,
        "\nLighthouse {}, its mobile preset (simulated slow 4G, processor slowed 4 times), the middle of three runs.\n",
        lighthouse["version"].as_str().unwrap_or("of unknown version"),
    )?;
    head(&mut text, SCORES.iter().map(|(name, _, least)| (*name, format!("≥ {least}"))))?;
    let mut lost = Vec::new();
    for (name, page) in self::pages(lighthouse)? {
        write!(text, "| {name} |")?;
        for (_, key, least) in SCORES {
            let value = number(page, key)?;
            write!(text, " {value:.0}{} |", missed(value < least))?;
        }
        text.push('\n');
        for audit in page["lost"].as_array().into_iter().flatten() {
            let said = [&audit["title"], &audit["displayValue"]];
            let said: Vec<&str> = said.into_iter().filter_map(Value::as_str).filter(|part| !part.is_empty()).collect();
            lost.push(format!("- {name}: {}", said.join(", ")));
        }
    }
    if !lost.is_empty() {
        writeln!(text, "\nWhat Lighthouse takes points off for:\n\n{}", lost.join("\n"))?;
    }
    Ok(text)
}

/// The pages of a measurement by name, in its order.
fn pages(measured: &Value) -> Result<Vec<(&str, &Value)>> {
    let pages = measured["pages"].as_object().context("nothing was measured")?;
    Ok(pages.iter().map(|(name, page)| (name.as_str(), page)).collect())
}

fn number(page: &Value, key: &str) -> Result<f64> {
    page[key].as_f64().with_context(|| format!("no {key} was measured"))
}

fn head<'a>(text: &mut String, columns: impl Iterator<Item = (&'a str, String)> + Clone) -> Result<()> {
    let names: Vec<String> = columns.clone().map(|(name, target)| format!("{name} ({target})")).collect();
    Ok(writeln!(text, "| page | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()))?)
}

fn missed(missed: bool) -> &'static str {
    if missed { " **missed**" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::section;
    use serde_json::json;

    #[test]
    fn what_misses_its_target_is_marked_and_what_costs_points_is_named() {
        let vitals = json!({ "visits": 5, "pages": { "Growth": { "lcp": 1_234.0, "inp": 104, "cls": 0.001, "interactions": 10 } } });
        let page = json!({ "performance": 94, "accessibility": 100, "best-practices": 100, "lost": [{ "title": "Too slow", "displayValue": "3 s" }] });
        let text = section(&vitals, &json!({ "version": "12", "pages": { "Growth": page } })).expect("it is complete");
        for line in [
            "| page | LCP (≤ 2 s) | INP (≤ 100 ms) | CLS (≤ 0.02) |",
            "| Growth | 1.23 s | 104 ms **missed** | 0.00 |",
            "| Growth | 94 **missed** | 100 | 100 |",
            "- Growth: Too slow, 3 s",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(section(&vitals, &json!({ "pages": { "Growth": {} } })).is_err());
    }
}
