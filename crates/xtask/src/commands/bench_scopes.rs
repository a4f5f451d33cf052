//! `cargo xtask bench --scopes`: what a snapshot for each region costs, and what one for each single store would.
//!
//! A region is a group of stores and nothing else, so a copy of the sample in which every store is a region of its own
//! has the builder cut single-store scopes, by the code that cuts regions.

use super::{
    bench::{measure, write_section},
    build,
    demo::Retailer,
};
use crate::{project::Project, say::Step};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{fmt::Write as _, fs, path::Path};

/// What one build gave.
struct Built {
    what: &'static str,
    seconds: f64,
    peak_mb: f64,
    report: Value,
    /// Sizes of the manifests of the parts, rising, in bytes.
    manifests: Vec<u64>,
}

/// Builds the same retailer whole, with its regions and with its single stores; writes the section.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    build::everything(project)?;
    let folder = project.target().join("xtask/bench");
    let retailer = Retailer { members, stores: 4_000, folder: folder.clone(), name: "many-stores", identities_only: 0 };
    retailer.make(project)?;
    let alone = folder.join("single-stores-source");
    every_store_a_region(&retailer.source(), &alone)?;
    let step = Step::begin("scopes");
    let mut built = Vec::new();
    for (what, source, scopes) in [
        ("the whole", &retailer.source(), "all"),
        ("the whole and its regions", &retailer.source(), "all,regions"),
        ("the whole and every single store", &alone, "all,regions"),
    ] {
        step.working(what);
        built.push(one(project, &folder, what, source, scopes)?);
    }
    step.done("measured");
    write_section(project, "Scopes: regions and single stores", &section(members, &built)?)
}

fn one(project: &Project, folder: &Path, what: &'static str, source: &Path, scopes: &str) -> Result<Built> {
    let (out, report) = (folder.join("scopes-snapshot"), folder.join("scopes-report.json"));
    let _ = fs::remove_dir_all(&out);
    let mut build = project.wellspring();
    build.args(["build", "--scopes", scopes]).arg("--source").arg(source).arg("--out").arg(&out);
    build.arg("--report").arg(&report);
    let (seconds, peak_mb) = measure(&mut build)?;
    let mut manifests = Vec::new();
    for part in fs::read_dir(out.join("scopes")).into_iter().flatten() {
        manifests.push(fs::metadata(part?.path().join("manifest.json"))?.len());
    }
    manifests.sort_unstable();
    let _ = fs::remove_dir_all(&out);
    let report = serde_json::from_slice(&fs::read(report)?).context("the build's report is JSON")?;
    Ok(Built { what, seconds, peak_mb, report, manifests })
}

/// A copy of a source in which each store's region is the store itself.
fn every_store_a_region(from: &Path, to: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_name() != "stores.csv" && entry.file_name() != "targets.csv" {
            fs::hard_link(entry.path(), to.join(entry.file_name()))?;
        }
    }
    let text = fs::read_to_string(from.join("stores.csv"))?;
    fs::write(to.join("stores.csv"), alone(&text)?)?;
    Ok(())
}

/// The table of stores with each store's id for its region; no cell of the sample's holds a comma or a line end.
fn alone(stores: &str) -> Result<String> {
    let mut lines = stores.trim_start_matches('\u{feff}').lines();
    let header = lines.next().context("the sample's stores have a header")?;
    let place = |name: &str| header.split(',').position(|column| column == name).context(name.to_owned());
    let (id, region) = (place("store_id")?, place("region")?);
    let mut out = format!("{header}\n");
    for line in lines {
        let mut cells: Vec<&str> = line.split(',').collect();
        ensure!(cells.len() == header.split(',').count(), "not a plain row: {line}");
        cells[region] = cells[id];
        out += &cells.join(",");
        out.push('\n');
    }
    Ok(out)
}

fn section(members: u32, built: &[Built]) -> Result<String> {
    let mut text = format!(
        "{members} members and 4,000 stores, built three times by the same program. Shards are counted as browsers fetch them.\n\n\
         | published | seconds | peak MB | scopes | shards of all scopes | MB of shards | kB a scope: shards, median | … largest | … manifest, median |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for Built { what, seconds, peak_mb, report, manifests } in built {
        let parts = report["parts"].as_array().map_or(&[][..], Vec::as_slice);
        ensure!(
            parts.len() == manifests.len(),
            "{} parts are reported and {} stand there",
            parts.len(),
            manifests.len()
        );
        let sum = |field: &str| parts.iter().filter_map(|part| part[field].as_u64()).sum::<u64>();
        let mut bytes: Vec<u64> = parts.iter().filter_map(|part| part["wire_bytes"].as_u64()).collect();
        bytes.sort_unstable();
        let kb =
            |sorted: &[u64], at: usize| sorted.get(at).map_or(String::new(), |b| format!("{:.1}", *b as f64 / 1e3));
        writeln!(
            text,
            "| {what} | {seconds:.1} | {peak_mb:.0} | {} | {} | {:.1} | {} | {} | {} |",
            parts.len(),
            sum("shards"),
            sum("wire_bytes") as f64 / 1e6,
            kb(&bytes, bytes.len() / 2),
            kb(&bytes, bytes.len().saturating_sub(1)),
            kb(manifests, manifests.len() / 2),
        )?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{Built, alone, section};
    use serde_json::json;

    #[test]
    fn every_store_becomes_a_region() {
        let out = alone("\u{feff}store_id,name,region\nS1,一,华东\nS2,二,华南\n").expect("plain rows");
        assert_eq!(out, "store_id,name,region\nS1,一,S1\nS2,二,S2\n");
        assert!(alone("store_id,region\nS1,\"a,b\"\n").is_err());
        assert!(alone("store_id\nS1\n").is_err());
    }

    #[test]
    fn sizes_are_of_the_parts() {
        let report = json!({"parts": [{"shards": 1, "wire_bytes": 2_000}, {"shards": 3, "wire_bytes": 8_000}]});
        let built = |manifests| Built { what: "x", seconds: 1.0, peak_mb: 2.0, report: report.clone(), manifests };
        let text = section(10, &[built(vec![500, 700])]).expect("complete");
        assert!(text.ends_with("| x | 1.0 | 2 | 2 | 4 | 0.0 | 8.0 | 8.0 | 0.7 |\n"), "{text}");
        assert!(section(10, &[built(vec![500])]).is_err(), "a part that is not there is told");
    }
}
