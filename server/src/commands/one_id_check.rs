//! `wellspring one-id-check`: how well identities were joined, where it is known whose each is.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that `wellspring build --audit` wrote.
    #[arg(long, value_name = "DIR")]
    audit: PathBuf,
    /// A CSV of channel_id, external_id and person, such as `truth_identities.csv` of the sample data.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
}

#[cfg(feature = "build")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let score = runtime.block_on(builder::score(&args.audit, &args.truth))?;
    super::print(&score.to_string())
}

#[cfg(not(feature = "build"))]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    anyhow::bail!(
        "cannot hold {} against {}: this program was compiled without its builder; compile it with the feature `build`",
        args.audit.display(),
        args.truth.display()
    )
}
