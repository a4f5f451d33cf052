//! `wellspring schema`: the form of questions or answers as JSON Schema, for tools that make or read them.

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Of {
    /// What `wellspring ask` and `POST /api/ask` read.
    Question,
    /// What they write.
    Answers,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose form.
    #[arg(value_enum)]
    of: Of,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let schema = match args.of {
        Of::Question => model::question_schema(),
        Of::Answers => model::answers_schema(),
    };
    super::print(&(serde_json::to_string_pretty(&schema)? + "\n"))
}
