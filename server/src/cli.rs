//! Arguments, exit status and logs: 0 is success, 1 a failure with one line on stderr, 2 wrong usage.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

use crate::commands;

/// Turns retail files into a snapshot, and a snapshot into pages that explain why sales moved.
#[derive(Debug, Parser)]
#[command(name = "wellspring", version, arg_required_else_help = true)]
struct Cli {
    /// What to log, for example `debug` or `wellspring=debug`.
    #[arg(long, global = true, env = "WELLSPRING_LOG", value_name = "FILTER")]
    log: Option<String>,
    /// How a line of the log is written: for people, or as JSON for programs.
    #[arg(long, global = true, env = "WELLSPRING_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Turn a folder of CSV or Parquet files, a database or a bucket into a snapshot.
    Build(Box<commands::build::Args>),
    /// Run a part of a cluster that builds run on.
    #[cfg(feature = "cluster")]
    Cluster(commands::cluster::Args),
    /// Look at a source: what it holds, what a mapping file would say, what each page would lack.
    Inspect(commands::inspect::Args),
    /// Verify a snapshot: every file, and the totals counted again.
    Check(commands::check::Args),
    /// List the versions of a snapshot that are kept.
    Versions(commands::versions::VersionsArgs),
    /// Show the content of an older version again, as a new version.
    Rollback(commands::versions::RollbackArgs),
    /// Make or show the key that signs snapshots.
    SignKey(commands::sign_key::Args),
    /// Hold a build's audit of identities against a file that knows whose each is.
    OneIdCheck(commands::one_id_check::Args),
    /// Answer a question as JSON.
    Ask(commands::ask::Args),
    /// Print the form of questions or answers as JSON Schema.
    Schema(commands::schema::Args),
    /// Show a snapshot in the browser.
    Serve(Box<commands::serve::Args>),
    /// Say who may sign in.
    User(commands::user::Args),
    /// Say which portals may embed views.
    EmbedKey(commands::embed_key::Args),
    /// Prove and print who did what.
    Audit(commands::audit::Args),
    /// Write made-up source files to try Wellspring with.
    DemoData(commands::demo_data::Args),
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let quiet = if matches!(cli.command, Command::Serve(_)) { "info" } else { "error" };
    let filter = cli.log.as_deref().unwrap_or(quiet);
    let Ok(filter) = EnvFilter::try_new(filter) else {
        eprintln!("error: `--log {filter}` is no filter; try `debug` or `wellspring=debug`");
        return ExitCode::from(2);
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match cli.log_format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
    }
    let done = match cli.command {
        Command::Build(args) => commands::build::run(*args),
        #[cfg(feature = "cluster")]
        Command::Cluster(args) => commands::cluster::run(args),
        Command::Inspect(args) => commands::inspect::run(args),
        Command::Check(args) => commands::check::run(&args),
        Command::Versions(args) => commands::versions::versions(&args),
        Command::Rollback(args) => commands::versions::rollback(&args),
        Command::SignKey(args) => commands::sign_key::run(&args),
        Command::OneIdCheck(args) => commands::one_id_check::run(&args),
        Command::Ask(args) => commands::ask::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Serve(args) => commands::serve::run(*args),
        Command::User(args) => commands::user::run(&args),
        Command::EmbedKey(args) => commands::embed_key::run(&args),
        Command::Audit(args) => commands::audit::run(&args),
        Command::DemoData(args) => commands::demo_data::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

/// The text without line breaks or other control characters, since a failure is told in one line.
fn one_line(text: &str) -> String {
    let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_failure_is_told_in_one_line() {
        assert_eq!(one_line("no such\n  file\u{1b}[2J: x"), "no such file [2J: x");
    }
}
