//! `cargo xtask test`: every check, stage by stage; a failed stage does not hide the next.
//!
//! The last line is `N passed, N failed`, alone. Stages that have no number of their own, such as
//! formatting, count as one check.

mod aside;
mod proofs;
mod served;
mod stages;
mod tally;

use crate::{project::Project, say::Step, setup};
use anyhow::{Result, bail};
use aside::Aside;
use lexopt::prelude::*;
pub(crate) use served::Served;
use stages::{ASKED, STAGES, Stage};
use std::process::ExitCode;
use tally::Tally;

/// Reads the options, runs the stages, closes with the numbers.
pub(crate) fn run(project: &Project, arguments: lexopt::Parser) -> Result<ExitCode> {
    let Some(Wanted { only, long }) = options(arguments)? else {
        for stage in STAGES.iter().chain(&ASKED) {
            println!("{:<10} {}", stage.name, stage.about);
        }
        return Ok(ExitCode::SUCCESS);
    };
    let mut rows = Vec::new();
    rows.push(("setup", timed("setup", || set_up(project))));
    if long {
        rows.push(("long", timed("long", || proofs::long(project))));
    }
    let named = |stage: &&Stage| only.iter().any(|name| name == stage.name || stage.needed_by.contains(&&**name));
    let usual = STAGES.iter().filter(|stage| if only.is_empty() { !long } else { named(stage) });
    let stages: Vec<&Stage> = usual.chain(ASKED.iter().filter(named)).collect();
    let mut aside = match stages.iter().any(|stage| stage.name == "build") {
        true => Some(Aside::start(project)?),
        false => None,
    };
    for stage in stages {
        let work = || {
            if let Some(aside) = aside.take_if(|_| stage.name == "build") {
                aside.finish()?;
            }
            (stage.run)(project)
        };
        rows.push((stage.name, timed(stage.name, work)));
    }
    println!("\n{:<10} {:>7} {:>7} {:>8}", "stage", "passed", "failed", "seconds");
    let mut total = Tally::default();
    for (name, (tally, seconds)) in rows {
        println!("{name:<10} {:>7} {:>7} {seconds:>8.1}", tally.passed, tally.failed);
        total += tally;
    }
    println!("\n{total}");
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is to be run.
struct Wanted {
    /// These stages; none means all.
    only: Vec<String>,
    /// The property tests with a million cases; alone, unless stages are named too.
    long: bool,
}

/// Reads the options; nothing when only the list of stages is wanted.
fn options(mut arguments: lexopt::Parser) -> Result<Option<Wanted>> {
    let (mut only, mut long) = (Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => {
                for value in arguments.values()? {
                    only.extend(value.string()?.split(',').map(str::to_owned));
                }
            }
            Long("long") => long = true,
            Long("list") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    let known: Vec<&str> = STAGES.iter().chain(&ASKED).map(|stage| stage.name).collect();
    if let Some(unknown) = only.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("there is no stage `{unknown}`; the stages are {}", known.join(", "));
    }
    Ok(Some(Wanted { only, long }))
}

/// Setting up is a check of its own: when it fails, what can run without the missing tool still runs.
fn set_up(project: &Project) -> Result<Tally> {
    setup::for_build(project)?;
    setup::for_test(project)?;
    Ok(Tally::PASSED)
}

/// Runs one stage under its heading; an error is told at once and counts as one failure.
fn timed(name: &str, work: impl FnOnce() -> Result<Tally>) -> (Tally, f32) {
    println!("\n== {name}");
    let step = Step::begin(name);
    let tally = work().unwrap_or_else(|error| {
        println!("error: {error:#}");
        Tally::FAILED
    });
    step.done(&tally.to_string());
    (tally, step.seconds())
}
