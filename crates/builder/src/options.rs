//! What a build is told, and whom it tells how far it is.

use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

use crate::{BuildError, Engine, Location, Nightly};

/// Members a shard holds on average at the most where nothing else is asked: near the format's limit, since what a
/// shard says once, such as its prices, then serves more rows.
pub const SHARD_MEMBERS: u32 = 15_000;

/// Bytes of memory that a build works in where nothing else is asked: 8 GiB.
pub const MEMORY: u64 = 8 << 30;

/// A file that was changed less than this before it is read is read again by the next build: it may be changed once more
/// without a trace, since clocks tick slowly.
const SETTLED: Duration = Duration::from_secs(2);

/// Files on disk that are smaller are read every time, which takes no longer.
const LEAST_KEPT: u64 = 32 << 10;

/// What to build from what.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the tables of the source are.
    pub source: Location,
    /// The mapping file; one that lies in the source itself is found without.
    pub mapping: Option<PathBuf>,
    /// Folder of the snapshot; made if it is not there.
    pub out: PathBuf,
    /// Whose data this is, for display.
    pub tenant: String,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Zone of business days where a store names none.
    pub time_zone: Tz,
    /// More quarantined rows than this are an error; `None` allows any number.
    pub max_bad: Option<u64>,
    /// Members a shard holds on average at the most, 1 to [`snapshot::MAX_MEMBERS`]; from 20,000 members on there are
    /// 16 shards at least.
    pub shard_members: u32,
    /// Whether to publish a snapshot for each region beside the whole.
    pub regions: bool,
    /// Whether to forget the build before: all shards are written whole, and numbers are given anew.
    pub full: bool,
    /// Whether to read every file, also those that are as the build before read them.
    pub read_all: bool,
    /// See [`SETTLED`]; tests do not wait.
    #[doc(hidden)]
    pub settled: Duration,
    /// See [`LEAST_KEPT`]; tests have small files.
    #[doc(hidden)]
    pub least_kept: u64,
    /// Bytes that the build may work in, roughly: rows beyond that go through files in the output folder.
    pub memory: u64,
    /// Where plans run.
    pub engine: Engine,
    /// Where to write the report as JSON.
    pub report: Option<PathBuf>,
    /// What is kept from build to build.
    pub nightly: Nightly,
    /// The rules by which identities are joined; none takes the defaults.
    pub one_id_rules: Option<PathBuf>,
    /// Where to write, for the operator alone, which member each identity, order and touch got.
    pub audit: Option<PathBuf>,
}

impl Options {
    /// Options for a source and an output folder: CNY, Asia/Shanghai, any number of bad rows, [`SHARD_MEMBERS`].
    pub fn new(source: impl Into<Location>, out: impl Into<PathBuf>) -> Self {
        Self {
            source: source.into(),
            mapping: None,
            out: out.into(),
            tenant: "Wellspring".to_owned(),
            currency: "CNY".to_owned(),
            time_zone: Tz::Asia__Shanghai,
            max_bad: None,
            shard_members: SHARD_MEMBERS,
            regions: false,
            full: false,
            read_all: false,
            settled: SETTLED,
            least_kept: LEAST_KEPT,
            memory: MEMORY,
            engine: Engine::Embedded,
            report: None,
            nightly: Nightly::default(),
            one_id_rules: None,
            audit: None,
        }
    }
}

/// Hears how far a build is.
pub trait Progress: Send + Sync {
    /// A step begins, such as `orders`.
    fn step(&self, name: &str);
    /// So many rows more were handled in this step.
    fn advance(&self, rows: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _name: &str) {}
    fn advance(&self, _rows: u64) {}
}

/// Decimal places of a currency, ISO 4217; two for those not listed.
pub(crate) fn currency_digits(code: &str) -> Result<u8, BuildError> {
    if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(BuildError::BadCurrency(code.chars().take(20).collect()));
    }
    Ok(match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    })
}
