//! What `wellspring build` is told when it runs every night.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[cfg_attr(not(feature = "build"), allow(dead_code))]
pub(crate) struct NightlyArgs {
    /// Older versions of the snapshot to keep beside the new one, to roll back to.
    #[arg(long, default_value_t = 3, value_name = "VERSIONS", value_parser = clap::value_parser!(u16).range(1..=1000))]
    keep: u16,
    /// Sign the snapshot with the key in this file, see `wellspring sign-key`.
    #[arg(long, env = "WELLSPRING_SIGN_KEY", value_name = "FILE")]
    sign_key: Option<PathBuf>,
    /// What the feed promises, see docs/NIGHTLY.md; where it does not keep it, the build warns or publishes nothing.
    #[arg(long, env = "WELLSPRING_EXPECT", value_name = "FILE")]
    expect: Option<PathBuf>,
    /// Publish this once although an expectation says stop; it becomes a warning.
    #[arg(long)]
    accept_feed: bool,
}

#[cfg(feature = "build")]
impl NightlyArgs {
    pub(crate) fn nightly(&self) -> anyhow::Result<builder::Nightly> {
        let sign = super::sign_key::named(self.sign_key.as_deref())?;
        Ok(builder::Nightly {
            keep: self.keep.into(),
            sign,
            expect: self.expect.clone(),
            accept_feed: self.accept_feed,
        })
    }
}
