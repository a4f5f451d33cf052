//! `wellspring demo-data`: writes made-up source files, the same for the same seed.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::progress::Steps;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder to write into.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many members.
    #[arg(long, default_value_t = 200_000, value_name = "N", value_parser = clap::value_parser!(u32).range(within(&sample::MEMBERS)))]
    members: u32,
    /// How many stores.
    #[arg(long, default_value_t = 400, value_name = "N", value_parser = clap::value_parser!(u32).range(within(&sample::STORES)))]
    stores: u32,
    /// The same seed writes the same files.
    #[arg(long, default_value_t = sample::DEFAULT_SEED, value_name = "S")]
    seed: u64,
    /// Of a hundred orders and touches of members in digital channels, how many bear keys (external id, phone, union
    /// id, payment account …) instead of their member; at tills about a third of that.
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    identities_only: u8,
    /// Percent of members whose phone number was somebody else's before, up to 20.
    #[arg(long, default_value_t = sample::DEFAULT_RECYCLED_PHONES, value_name = "PERCENT", value_parser = recycled)]
    recycled_phones: f64,
}

/// A percentage that a sample can have.
fn recycled(text: &str) -> Result<f64, String> {
    let range = sample::RECYCLED_PHONES;
    let given = text.parse::<f64>().ok().filter(|percent| range.contains(percent));
    given.ok_or_else(|| format!("write a number from {} to {}", range.start(), range.end()))
}

fn within(range: &RangeInclusive<u32>) -> RangeInclusive<i64> {
    i64::from(*range.start())..=i64::from(*range.end())
}

pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    let Args { out, members, stores, seed, identities_only, recycled_phones } = args;
    let options = sample::Options { members, stores, seed, identities_only, recycled_phones, out };
    let steps = Steps::new();
    let summary = sample::generate(&options, &mut |name, part| steps.part(name, part))?;
    steps.finish();
    super::print(&format!("{}\n", summary.to_string().trim_end()))
}
