//! `cargo xtask bench --load`: a server that people sign in to, under the load of wrk.
//!
//! Every view is a signed-in executive's. What a core serves follows from the server's own processor time, since the
//! generator shares the machine. Zero refusals, and zero queries of the database a view, are part of the result.

mod server;
mod wrk;

use super::{
    bench::{processor, write_section},
    build,
    demo::Retailer,
};
use crate::{project::Project, say::Step, setup};
use anyhow::{Result, ensure};
use server::Server;
use std::{env, fmt::Write as _, path::PathBuf, thread};
use wrk::{Load, Measured};

/// What is measured: by how many connections, for how many seconds, which pages.
const LOADS: [Load; 4] = [
    Load { what: "Growth, 32 connections", path: "/?lang=en", script: None, connections: 32, seconds: 10 },
    Load {
        what: "every page in both languages, 32 connections",
        path: "/",
        script: Some("load.lua"),
        connections: 32,
        seconds: 10,
    },
    Load { what: "Growth, 1,000 connections", path: "/?lang=en", script: None, connections: 1_000, seconds: 15 },
    Load {
        what: "the manifest, 32 connections",
        path: "/snapshot/manifest.json",
        script: None,
        connections: 32,
        seconds: 5,
    },
];

/// Serves the retailer, measures, writes the section.
pub(crate) fn run(project: &Project, members: u32) -> Result<()> {
    setup::ensure_wrk(project)?;
    let retailer =
        Retailer { members, stores: 400, folder: project.root().join("data"), name: "plain", identities_only: 0 };
    build::everything(project)?;
    let snapshot = match env::var_os("WELLSPRING_SNAPSHOT") {
        Some(snapshot) => PathBuf::from(snapshot),
        None => {
            retailer.make(project)?;
            retailer.snapshot()
        }
    };
    let server = Server::start(project, &snapshot)?;
    let step = Step::begin("views under load");
    server.warm()?;
    let idle = server.memory()?.0;
    let mut rows = Vec::new();
    for load in &LOADS {
        step.working(load.what);
        rows.push((load, measure(project, &server, load)?));
    }
    let peak = server.memory()?.1;
    step.done("measured");
    write_section(project, "Under load", &section(&rows, idle, peak)?)
}

/// One load, with what it cost the server.
fn measure(project: &Project, server: &Server, load: &Load) -> Result<Row> {
    let (cpu, queries) = (server.cpu_seconds()?, server.counted("wellspring_database_queries_total")?);
    let measured = wrk::run(project, server, load)?;
    let cpu = server.cpu_seconds()? - cpu;
    let queries = server.counted("wellspring_database_queries_total")? - queries;
    ensure!(measured.requests > 0.0 && cpu > 0.0, "wrk made no request: {measured:?}");
    Ok(Row { cpu_seconds: cpu, queries, measured })
}

struct Row {
    measured: Measured,
    /// Of the server.
    cpu_seconds: f64,
    /// Of the database meanwhile.
    queries: f64,
}

fn section(rows: &[(&Load, Row)], idle: f64, peak: f64) -> Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "{} cores of {}, which wrk shares with the server; every request signed in, answers compressed. \
         A core's views a second: views by the seconds of processor time that the server took.\n",
        thread::available_parallelism().map_or(1, usize::from),
        processor(),
    )?;
    text.push_str(
        "| load | views/s a core (≥ 2,000) | views/s here | median | 99 % (≤ 50 ms) | kB a view | refused or failed (0) |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    for (load, row) in rows {
        let of = &row.measured;
        let a_core = of.requests / row.cpu_seconds;
        // With a thousand waiting at once, each waits for a thousand others: that is the generator's doing.
        let is_judged = load.connections <= 100;
        writeln!(
            text,
            "| {} | {a_core:.0}{} | {:.0} | {:.1} ms | {:.1} ms{} | {:.1} | {:.0}{} |",
            load.what,
            missed(a_core < 2_000.0),
            of.a_second,
            of.median_ms,
            of.p99_ms,
            missed(is_judged && of.p99_ms > 50.0),
            of.bytes / of.requests / 1_000.0,
            of.failed,
            missed(of.failed > 0.0),
        )?;
    }
    let (queries, requests) = rows
        .iter()
        .fold((0.0, 0.0), |(queries, requests), (_, row)| (queries + row.queries, requests + row.measured.requests));
    writeln!(
        text,
        "\nMemory: {idle:.0} MB with every page drawn once, {peak:.0} MB at most, under 1,000 connections (≤ 512 MB){}. \
         The database was asked {queries:.0} times during {requests:.0} views; by itself the server asks it every two \
         seconds whether sessions were taken away.",
        missed(peak > 512.0),
    )?;
    Ok(text)
}

fn missed(missed: bool) -> &'static str {
    if missed { " **missed**" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misses_its_target_is_marked() {
        let row = |requests, p99_ms, failed| Row {
            measured: Measured { requests, a_second: requests / 10.0, median_ms: 1.0, p99_ms, bytes: 1e6, failed },
            cpu_seconds: 10.0,
            queries: 5.0,
        };
        let rows = [(&LOADS[0], row(30_000.0, 9.0, 0.0)), (&LOADS[2], row(10_000.0, 99.0, 3.0))];
        let text = section(&rows, 100.0, 600.0).expect("text");
        for line in [
            "| Growth, 32 connections | 3000 | 3000 | 1.0 ms | 9.0 ms | 0.0 | 0 |",
            "| Growth, 1,000 connections | 1000 **missed** | 1000 | 1.0 ms | 99.0 ms | 0.1 | 3 **missed** |",
            "600 MB at most, under 1,000 connections (≤ 512 MB) **missed**. The database was asked 10 times",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
