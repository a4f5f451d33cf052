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
    super::print(match args.of {
        Of::Question => include_str!("../../../public/question.schema.json"),
        Of::Answers => include_str!("../../../public/answers.schema.json"),
    })
}
