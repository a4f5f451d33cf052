//! `cargo xtask bench --one-id`: how well identities are joined, by rules that differ in one word each.
//!
//! Two retailers are made, with few and with many recycled phone numbers, and of each it is known whose every account is.
//! Each rule is built by and held against that; the table and the drawing go into docs/ONEID.md.

use super::build;
use crate::{project::Project, say::Step, shell};
use anyhow::{Context, Result};
use std::{fmt::Write as _, fs, path::Path};

/// Shares of members whose number was somebody else's before, in percent, and the colours they are drawn in.
const RECYCLED: [(&str, &str); 2] = [("0.3", "#1a56c4"), ("2", "#b5490b")];

/// The lines of docs/ONEID.md between which the figures stand.
const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// A change of the default rules.
struct Variant {
    name: String,
    rules: String,
}

/// What came of one variant.
struct Point {
    name: String,
    /// By share of recycled numbers: precision and recall, each with its bounds.
    scores: Vec<[[f64; 3]; 2]>,
}

/// Measures and writes the section.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    build::binary(project)?;
    let defaults = fs::read_to_string(project.root().join("crates/builder/src/one_id/default_rules.toml"))?;
    let folder = project.target().join("xtask/bench/one-id");
    fs::create_dir_all(&folder)?;
    let step = Step::begin("one id");
    for (share, _) in RECYCLED {
        let source = folder.join(format!("source-{share}"));
        if !source.is_dir() {
            step.working(&format!("sample with {share} % of numbers recycled"));
            let mut demo = project.wellspring();
            demo.args(["demo-data", "--members", &members.to_string(), "--stores", "400"]);
            demo.args(["--identities-only", "40", "--recycled-phones", share]).arg("--out").arg(&source);
            shell::capture(&mut demo)?;
        }
    }
    let mut points = Vec::new();
    for variant in variants(&defaults)? {
        step.working(&variant.name);
        let mut scores = Vec::new();
        for (share, _) in RECYCLED {
            scores.push(one(project, &folder, &folder.join(format!("source-{share}")), &variant.rules)?);
        }
        points.push(Point { name: variant.name, scores });
    }
    step.done("measured");
    fs::write(project.root().join("docs/one-id.svg"), drawing(&points))?;
    let path = project.root().join("docs/ONEID.md");
    let text = fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).context("docs/ONEID.md has a place for figures")?;
    let (_, after) = rest.split_once(END).context("docs/ONEID.md has an end of figures")?;
    fs::write(path, format!("{before}{BEGIN}\n{}{END}{after}", section(members, &points)?))?;
    Ok(())
}

/// The default rules, and others that differ from them in one word.
fn variants(defaults: &str) -> Result<Vec<Variant>> {
    let mut variants = vec![Variant { name: "the defaults".to_owned(), rules: defaults.to_owned() }];
    let phone = "name = \"phone_hash\"\nrest_days = 60";
    let mut add = |name: String, phone_rule: String| -> Result<()> {
        anyhow::ensure!(defaults.contains(phone), "the default rules have another rule for phones");
        variants.push(Variant { name, rules: defaults.replace(phone, &phone_rule) });
        Ok(())
    };
    add("no `rest_days`: numbers never change hands".to_owned(), "name = \"phone_hash\"".to_owned())?;
    for days in [15, 30, 90, 180] {
        add(format!("`rest_days = {days}`"), format!("name = \"phone_hash\"\nrest_days = {days}"))?;
    }
    for days in [180, 270, 360] {
        add(format!("`apart_days = {days}`"), format!("{phone}\napart_days = {days}"))?;
    }
    for people in [1, 2, 8, 1_000] {
        add(
            format!("`max_people = {people}`, `max_identities = {}`", 25 * people),
            format!("{phone}\nmax_people = {people}\nmax_identities = {}", 25 * people),
        )?;
    }
    Ok(variants)
}

fn one(project: &Project, folder: &Path, source: &Path, rules: &str) -> Result<[[f64; 3]; 2]> {
    let (out, audit, file) = (folder.join("snapshot"), folder.join("audit"), folder.join("rules.toml"));
    let _ = fs::remove_dir_all(&out);
    fs::write(&file, rules)?;
    let mut build = project.wellspring();
    build.arg("build").arg("--source").arg(source).arg("--out").arg(&out).arg("--audit").arg(&audit);
    shell::capture(build.arg("--one-id-rules").arg(&file))?;
    let mut check = project.wellspring();
    check.arg("one-id-check").arg("--audit").arg(&audit).arg("--truth").arg(source.join("truth_identities.csv"));
    let told = shell::capture(&mut check)?;
    let _ = fs::remove_dir_all(&out);
    Ok([scores(&told, "precision")?, scores(&told, "recall")?])
}

/// A share and its bounds, as `wellspring one-id-check` prints them.
fn scores(told: &str, what: &str) -> Result<[f64; 3]> {
    let line = told.lines().find(|line| line.starts_with(what)).with_context(|| format!("no {what} in {told}"))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| -> Result<f64> { Ok(words.get(at).context("a short line")?.parse()?) };
    // precision 0.99970  95 % 0.99960 to 0.99980  (…)
    Ok([number(1)?, number(4)?, number(6)?])
}

fn section(members: u32, points: &[Point]) -> Result<String> {
    let mut text = format!(
        "{members} members of the sample, 40 % of whose facts name keys instead of a member (`cargo xtask bench --one-id`); \
         pairs of accounts, with Wilson's 95 % bounds. Targets at the defaults: precision ≥ 0.999, recall ≥ 0.99.\n\n\
         | rules | {} |\n|---|{}\n",
        RECYCLED.map(|(share, _)| format!("precision, {share} % recycled | recall, {share} % recycled")).join(" | "),
        "---:|".repeat(2 * RECYCLED.len())
    );
    for Point { name, scores } in points {
        let cells: Vec<String> =
            scores.iter().flatten().map(|[share, low, high]| format!("{share:.4} ({low:.4}–{high:.4})")).collect();
        writeln!(text, "| {name} | {} |", cells.join(" | "))?;
    }
    text.push_str("\n![Precision against recall](one-id.svg)\n");
    Ok(text)
}

/// Precision against recall, both as what they lack, by powers of ten.
fn drawing(points: &[Point]) -> String {
    let lack = |share: f64| (1.0 - share).max(1e-5).log10();
    let x = |recall: f64| 560.0 - (lack(recall) + 5.0) / 5.0 * 480.0;
    let y = |precision: f64| 20.0 + (lack(precision) + 5.0) / 5.0 * 280.0;
    let mut text = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <title>Precision against recall of joining identities</title>\n<rect width=\"640\" height=\"360\" fill=\"#fff\"/>\n",
    );
    for share in [0.9, 0.99, 0.999, 0.9999] {
        let _ = writeln!(
            text,
            "<path d=\"M80 {0:.0}H560M{1:.0} 20V300\" stroke=\"#dde2e8\"/><text x=\"74\" y=\"{2:.0}\" text-anchor=\"end\">{share}</text>\
             <text x=\"{1:.0}\" y=\"318\" text-anchor=\"middle\">{share}</text>",
            y(share),
            x(share),
            y(share) + 4.0
        );
    }
    text.push_str(
        "<text x=\"320\" y=\"340\" text-anchor=\"middle\">recall</text><text x=\"20\" y=\"14\">precision</text>\n",
    );
    for Point { name, scores } in points {
        let name = name.replace('`', "");
        for ([precision, recall], (share, color)) in scores.iter().zip(RECYCLED) {
            let size = if name == "the defaults" { 6 } else { 3 };
            let _ = writeln!(
                text,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{size}\" fill=\"{color}\"><title>{name}, {share} % recycled: precision {:.4}, recall {:.4}</title></circle>",
                x(recall[0]),
                y(precision[0]),
                precision[0],
                recall[0]
            );
        }
    }
    for (at, (share, color)) in RECYCLED.iter().enumerate() {
        let _ = writeln!(text, "<text x=\"{}\" y=\"14\" fill=\"{color}\">● {share} % recycled</text>", 300 + 130 * at);
    }
    text.push_str("</svg>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::{Point, drawing, scores, section, variants};

    #[test]
    fn what_the_command_prints_is_read() {
        let told = "3 accounts with a known person, 0 without a member\n\
                    precision 0.99970  95 % 0.99960 to 0.99980  (1 of 2 pairs)\nrecall    0.9  95 % 0.8 to 0.95  (1 of 2 pairs)\n";
        assert_eq!(scores(told, "precision").expect("a line"), [0.9997, 0.9996, 0.9998]);
        assert_eq!(scores(told, "recall").expect("a line"), [0.9, 0.8, 0.95]);
        assert!(scores("nothing", "recall").is_err());
    }

    #[test]
    fn every_variant_differs_from_the_defaults() {
        let defaults = include_str!("../../../builder/src/one_id/default_rules.toml");
        let variants = variants(defaults).expect("the defaults are as they are known");
        assert!(variants.iter().skip(1).all(|variant| variant.rules != defaults));
    }

    #[test]
    fn figures_and_points_are_of_all_variants() {
        let score = [[0.9997, 0.9996, 0.9998], [0.995, 0.994, 0.996]];
        let points = [Point { name: "`x = 1`".to_owned(), scores: vec![score, score] }];
        let text = section(10, &points).expect("complete");
        assert!(text.contains("| `x = 1` | 0.9997 (0.9996–0.9998) | 0.9950 (0.9940–0.9960) | 0.9997"), "{text}");
        assert_eq!(drawing(&points).matches("<circle").count(), 2);
    }
}
