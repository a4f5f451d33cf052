//! Where a build's plans run: arguments of `wellspring build`.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the build's plans run: `embedded`, or `df://host:port` of a cluster's scheduler (docs/SCALE.md).
    #[arg(long, env = "WELLSPRING_ENGINE", default_value = "embedded", value_name = "ENGINE", value_parser = engine)]
    engine: String,
    /// With a cluster: the folder for tables on their way, which this machine, the scheduler and all workers have under
    /// the same path; the output folder if it is not said.
    #[arg(long, value_name = "DIR")]
    shared: Option<PathBuf>,
    /// With a cluster: how many parts of a table are worked on at a time, over all workers; two or three a core.
    #[arg(long, default_value_t = 16, value_name = "PARTS", value_parser = clap::value_parser!(u16).range(1..=4_096))]
    parts: u16,
}

#[cfg(feature = "build")]
fn engine(text: &str) -> Result<String, String> {
    text.parse::<builder::Engine>().map(|_| text.to_owned())
}

#[cfg(not(feature = "build"))]
fn engine(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

impl Args {
    /// What the builder is told.
    #[cfg(feature = "build")]
    pub(crate) fn chosen(self) -> anyhow::Result<builder::Engine> {
        let Self { engine, shared: folder, parts: many } = self;
        let mut engine = engine.parse().map_err(anyhow::Error::msg)?;
        if let builder::Engine::Cluster { shared, parts, .. } = &mut engine {
            (*shared, *parts) = (folder, usize::from(many));
        }
        Ok(engine)
    }

    /// There is no builder to tell.
    #[cfg(not(feature = "build"))]
    pub(crate) fn left_aside(self) {
        let Self { engine: _, shared: _, parts: _ } = self;
    }
}
