//! `wellspring inspect`: what a source holds, what a mapping file for it would say, what each page would lack.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder, postgres://USER@HOST/DATABASE?schema=NAME or s3://BUCKET/PREFIX.
    // A text, and its value hidden: an address may hold a password, which no help and no usage error may repeat.
    #[arg(env = "WELLSPRING_SOURCE", hide_env_values = true, value_name = "SOURCE")]
    source: String,
    /// A mapping file whose word counts; a mapping.toml inside the source is found without.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// ISO 4217 code of every amount.
    #[arg(long, default_value = "CNY", value_name = "CODE", value_parser = super::build::currency)]
    currency: String,
    /// Read every row instead of a sample.
    #[arg(long)]
    full: bool,
    /// Write the mapping file that is proposed, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

#[cfg(feature = "build")]
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    use std::io::Write;

    use anyhow::Context;

    let Args { source, mapping, currency, full, write, json } = args;
    let options = builder::InspectOptions { source: source.parse()?, mapping, currency, full };
    let found = builder::inspect(&options)?;
    if let Some(path) = &write {
        let told = || format!("cannot write {}: is it there already?", path.display());
        let mut file = std::fs::File::create_new(path).with_context(told)?;
        file.write_all(found.mapping.as_bytes()).with_context(told)?;
    }
    if json {
        super::print(&format!("{}\n", serde_json::to_string_pretty(&found)?))
    } else {
        super::print(&format!("{found}\n"))
    }
}

#[cfg(not(feature = "build"))]
pub(crate) fn run(_: Args) -> anyhow::Result<()> {
    anyhow::bail!("cannot inspect: this program was compiled without its builder; compile it with the feature `build`")
}
