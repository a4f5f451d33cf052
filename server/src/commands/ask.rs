//! `wellspring ask`: a question from a file or stdin, its answers as JSON on stdout.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Context;

use crate::open::OpenSnapshot;
use crate::question::parse_question;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The snapshot's folder.
    #[arg(long, env = "WELLSPRING_SNAPSHOT", value_name = "DIR")]
    snapshot: PathBuf,
    /// A file with the question as JSON; `-` reads stdin.
    #[arg(value_name = "QUESTION.json|-")]
    question: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let text = read(&args.question)?;
    let question = parse_question(&text).with_context(|| shown(&args.question))?;
    let snapshot = OpenSnapshot::open(&args.snapshot)?;
    let answers = snapshot.answer(&question).with_context(|| shown(&args.question))?;
    let mut json = serde_json::to_string(&answers)?;
    json.push('\n');
    super::print(&json)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return fs::read(path).with_context(|| shown(path));
    }
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text).context("stdin")?;
    Ok(text)
}

fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() }
}
