//! `wellspring build`: a folder of source files, a database or a bucket in, a snapshot and a report out.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the tables are: a folder of CSV or Parquet files, postgres://USER@HOST/DATABASE?schema=NAME (its password
    /// best in PGPASSWORD or ~/.pgpass), or s3://BUCKET/PREFIX (with the usual AWS_… variables).
    // A text, and its value hidden: an address may hold a password, which no help and no usage error may repeat.
    #[arg(long, env = "WELLSPRING_SOURCE", hide_env_values = true, value_name = "SOURCE")]
    source: String,
    /// What the source calls tables, columns and values, in TOML or JSON; a mapping.toml inside the source is found
    /// without (`wellspring inspect` proposes one).
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The snapshot's folder; made if it is not there.
    #[arg(long, env = "WELLSPRING_SNAPSHOT", value_name = "DIR")]
    out: PathBuf,
    /// Whose data this is, for display.
    #[arg(long, default_value = "Wellspring", value_name = "NAME")]
    tenant: String,
    /// ISO 4217 code of every amount.
    #[arg(long, default_value = "CNY", value_name = "CODE", value_parser = currency)]
    currency: String,
    /// Zone of business days where a store names none.
    #[arg(long, default_value = "Asia/Shanghai", value_name = "ZONE", value_parser = time_zone)]
    time_zone: chrono_tz::Tz,
    /// Fail if more rows than this are quarantined.
    #[arg(long, value_name = "ROWS")]
    max_bad: Option<u64>,
    /// Members in a shard, on average at the most: fewer make smaller files, more make less to fetch in all.
    #[arg(long, default_value_t = 15_000, value_name = "MEMBERS", value_parser = clap::value_parser!(u32).range(100..=16_384))]
    shard_members: u32,
    /// What to publish: the whole, and with `regions` a snapshot for each region beside it, which holds nothing of others.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "all", value_name = "SCOPES")]
    scopes: Vec<Scopes>,
    /// Forget the build before: write all shards whole and number everything anew. Browsers then fetch everything.
    #[arg(long)]
    full: bool,
    /// Read every file, also those that are still as the build before read them.
    #[arg(long)]
    read_all: bool,
    /// Memory that the build works in, roughly, in GiB: rows beyond that go through files in the output folder.
    #[arg(long, default_value_t = 8.0, value_name = "GIB", value_parser = gib)]
    memory: f64,
    #[command(flatten)]
    engine: super::engine::Args,
    /// Write the report as JSON to this file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    nightly: super::nightly::NightlyArgs,
    /// The rules by which identities are joined, a TOML file; docs/ONEID.md explains it.
    #[arg(long, value_name = "FILE")]
    one_id_rules: Option<PathBuf>,
    /// Write to this folder, for yourself alone, which member each identity, order and touch got, as Parquet.
    #[arg(long, value_name = "DIR")]
    audit: Option<PathBuf>,
}

/// A kind of part that has snapshots of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Scopes {
    /// The whole; always published.
    All,
    /// Each region.
    Regions,
}

pub(super) fn currency(text: &str) -> Result<String, String> {
    let well_formed = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
    well_formed.then(|| text.to_owned()).ok_or_else(|| "write three capital letters, such as CNY".to_owned())
}

pub(super) fn gib(text: &str) -> Result<f64, String> {
    let gib = text.parse().ok().filter(|gib| (0.25..=16_384.0).contains(gib));
    gib.ok_or_else(|| "write a number of GiB, 0.25 at least, such as 8".to_owned())
}

fn time_zone(text: &str) -> Result<chrono_tz::Tz, String> {
    text.parse().map_err(|_| "no such time zone; write a name such as Asia/Shanghai".to_owned())
}

#[cfg(feature = "build")]
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    use crate::progress::Steps;

    struct Told(Steps);

    impl builder::Progress for Told {
        fn step(&self, name: &str) {
            self.0.step(name);
        }

        fn advance(&self, rows: u64) {
            self.0.advance(rows);
        }
    }

    let Args {
        source,
        mapping,
        out,
        tenant,
        currency,
        time_zone,
        max_bad,
        shard_members,
        scopes,
        full,
        read_all,
        memory,
        engine,
        report,
        one_id_rules,
        audit,
        nightly,
    } = args;
    let nightly = nightly.nightly()?;
    let regions = scopes.contains(&Scopes::Regions);
    let memory = (memory * f64::from(1 << 30)) as u64;
    let engine = engine.chosen()?;
    let options = builder::Options {
        mapping,
        tenant,
        currency,
        time_zone,
        max_bad,
        shard_members,
        regions,
        full,
        read_all,
        memory,
        engine,
        report,
        nightly,
        one_id_rules,
        audit,
        ..builder::Options::new(source.parse::<builder::Location>()?, out)
    };
    let told = Told(Steps::new());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(builder::build(&options, &told))?;
    told.0.finish();
    super::print(&format!("{}\n", report.to_string().trim_end()))
}

#[cfg(not(feature = "build"))]
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    let Args {
        source: _,
        mapping: _,
        out,
        tenant: _,
        currency: _,
        time_zone: _,
        max_bad: _,
        shard_members: _,
        scopes: _,
        full: _,
        read_all: _,
        memory: _,
        engine,
        report: _,
        nightly: _,
        one_id_rules: _,
        audit: _,
    } = args;
    engine.left_aside();
    anyhow::bail!(
        "cannot build {}: this program was compiled without its builder; compile it with the feature `build`",
        out.display()
    )
}
