//! The project's chores, one command each: `cargo xtask setup | build | demo | test | bench`.
//!
//! This file only reads the command line; every command has its own file under [`commands`].
//! What several commands need lies beside it: where things are ([`project`]), running other
//! programs ([`shell`]), saying what happens ([`say`]) and making sure of tools ([`setup`]).

mod commands;
mod engines;
mod project;
mod say;
mod setup;
mod shell;
mod site;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use project::Project;
use std::process::ExitCode;

const HELP: &str = "\
The project's chores: cargo xtask COMMAND

  setup                make sure of every tool that building needs (and, with --test, testing)
  build                setup, then the browser bundle in dist/ and the `wellspring` binary
      --site           only the browser bundle
  demo                 build, then sample data, its snapshot, and serve it
      --members N      members of the sample retailer      (default 200000)
      --stores N       stores of the sample retailer       (default 400)
      --addr A         where to listen                     (default 127.0.0.1:3000)
      --no-serve       stop when the snapshot is built
  test                 setup, then every check; the last line is `N passed, N failed`
      --only NAME...   only these stages (cargo xtask test --list names them)
      --long           instead: the property tests with a million cases
  bench                build, then measure speed and size into docs/BENCHMARKS.md (WELLSPRING_BIN: a program that is
                       built, which is measured instead)
      --members N      members of the sample retailer      (default 200000)
      --browser        instead: ours, DuckDB-WASM and typed arrays in one Chromium (default 1000000 members)
      --scale          instead: the engine's cost up to N members (default 10000000)
      --load           instead: views under load, signed in, with wrk
      --kills[=N]      instead: N builds (default 1000) killed at random instants
      --nights[=N]     instead: N nights (default 35), each built over the one before
      --one-id         instead: how well identities are joined, into docs/ONEID.md (default 50000 members)
      --scopes         instead: regions built and served beside the whole
      --sizes          instead: builds of up to N members beside DuckDB (default 10000000)
      --vitals         instead: web vitals on a slow phone, and Lighthouse (WELLSPRING_URL: of a server that is up)
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        None | Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    let project = Project::find()?;
    match command.as_str() {
        "bench" => commands::bench::run(&project, arguments)?,
        "setup" => commands::setup::run(&project, arguments)?,
        "build" => commands::build::run(&project, arguments)?,
        "demo" => commands::demo::run(&project, arguments)?,
        "test" => return commands::test::run(&project, arguments),
        "help" => print!("{HELP}"),
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}
