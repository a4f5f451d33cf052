//! Why a build stopped. Nothing is written to the snapshot's folder when one of these is returned.
//!
//! A bad row never ends up here: it is set aside and counted. These are faults of a whole file,
//! of the machine, or of the builder itself. Every message is one line and says what to do.

use std::path::PathBuf;
use std::sync::Arc;

/// Why no snapshot was built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The source folder is not there.
    #[error(
        "the source folder {} does not exist; make one with CSV or Parquet files such as orders.csv, \
         or let `wellspring demo-data --out {}` make sample data", dir.display(), dir.display()
    )]
    SourceMissing {
        /// The folder asked for.
        dir: PathBuf,
    },
    /// The source folder holds no table.
    #[error(
        "the source {place} holds no table: no stores, channels, members, orders, returns or touches as .csv, .csv.gz, \
         .csv.zst or .parquet; put an orders.csv with order_id,ordered_at,amount there, say in a mapping file what yours \
         are called (`wellspring inspect` proposes one), or run `wellspring demo-data --out DIR`"
    )]
    SourceEmpty {
        /// The source.
        place: String,
    },
    /// Not an address of a source.
    #[error("{0}; a source is a folder, postgres://USER@HOST/DATABASE?schema=NAME or s3://BUCKET/PREFIX")]
    BadLocation(String),
    /// A mapping file that cannot be followed.
    #[error("{place}: {what}")]
    Mapping {
        /// The file and the entry in it.
        place: String,
        /// What is wrong, and what is known.
        what: String,
    },
    /// One table is given twice, in two forms.
    #[error("the table {table} is there twice, as {first} and as {second}; remove one of them")]
    GivenTwice {
        /// The table.
        table: &'static str,
        /// One source file or folder.
        first: String,
        /// The other one.
        second: String,
    },
    /// A file could not be read.
    #[error("cannot read {file}: {reason}; check that it is there, whole and readable")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system or the decoder says.
        reason: String,
    },
    /// A database or an object store does not give what is asked of it.
    #[error("cannot read from {place}: {reason}")]
    Unreachable {
        /// Which one, without its password.
        place: String,
        /// What it or the network says, and what to look at.
        reason: String,
    },
    /// A text file is neither UTF-8 nor GB18030.
    #[error("{file}, row {row}: {what}; save the file as UTF-8 (\"CSV UTF-8\" in Excel) and build again")]
    Encoding {
        /// The file.
        file: String,
        /// Line of the first bad byte, 1 being the header.
        row: u64,
        /// What was found.
        what: String,
    },
    /// A column that the table cannot do without.
    #[error("{file}: the required column `{column}` is missing; found {found}; {hint}")]
    MissingColumn {
        /// The file.
        file: String,
        /// The missing column.
        column: &'static str,
        /// The columns that are there.
        found: String,
        /// What to do.
        hint: String,
    },
    /// Two columns of one name.
    #[error("{file}, row 1: the column `{column}` is there twice; rename or remove one")]
    ColumnTwice {
        /// The file.
        file: String,
        /// Its name.
        column: String,
    },
    /// A record that does not end.
    #[error(
        "{file}, row {row}: this row runs on over {bytes} bytes; a quote (\") is opened there and not closed; \
         double the quotes inside cells or remove the stray one"
    )]
    UnclosedQuote {
        /// The file.
        file: String,
        /// Line where the record begins.
        row: u64,
        /// Its length.
        bytes: usize,
    },
    /// More different names than a snapshot can number.
    #[error(
        "{file}, row {row}, column `{column}`: `{value}` is one more {what} than the {limit} that fit a snapshot; is this the right column?"
    )]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many fit.
        limit: usize,
        /// The file.
        file: String,
        /// The row.
        row: u64,
        /// The column.
        column: &'static str,
        /// The name that did not fit.
        value: String,
    },
    /// The rules of joining identities cannot be followed.
    #[error("{file}, line {line}: {reason}; correct the rules and build again")]
    BadRules {
        /// The file.
        file: String,
        /// Its line.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// Not an ISO 4217 code.
    #[error("`{0}` is not a currency code; write three capital letters such as CNY")]
    BadCurrency(String),
    /// More bad rows than the caller allows.
    #[error("{bad} rows are bad and {max} are allowed: {reasons}; correct the source or allow more with --max-bad")]
    TooManyBad {
        /// Bad rows so far.
        bad: u64,
        /// Allowed.
        max: u64,
        /// Counts by table and reason, and the first one in full.
        reasons: String,
    },
    /// A file of expectations, or a control file, that cannot be understood.
    #[error("{file}, row {row}: {what}; docs/NIGHTLY.md shows how it is written")]
    Expectations {
        /// The file.
        file: String,
        /// The row.
        row: usize,
        /// What is wrong.
        what: String,
    },
    /// The source is not as expected, and that is to stop the build.
    #[error(
        "the feed is not as expected: {what}; nothing was published; correct the feed, change {file}, or publish it once with --accept-feed"
    )]
    Unexpected {
        /// Each expectation that is not met.
        what: String,
        /// The file of expectations.
        file: String,
    },
    /// No order and no touch was left.
    #[error("no order and no touch could be used, so there is no day to show: {reasons}")]
    NoFacts {
        /// What became of the rows.
        reasons: String,
    },
    /// Totals of the shards differ from totals of the source. A fault of this program.
    #[error(
        "the snapshot does not reconcile with the source: {what} should be {expected} but is {found}; nothing was published; please report this"
    )]
    Unreconciled {
        /// Which total.
        what: String,
        /// From the source.
        expected: i64,
        /// From the shards.
        found: i64,
    },
    /// A file of the output could not be written.
    #[error("cannot write {}: {reason}; check the disk's space and the folder's rights", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The query engine failed, for example for want of memory.
    #[error("the query engine stopped: {0}")]
    Engine(String),
    /// A cluster is asked for and this program has none.
    #[error(
        "cannot build on {scheduler}: this program was compiled without clusters; compile it with the feature `cluster` \
         or leave --engine away"
    )]
    NoCluster {
        /// The scheduler asked for.
        scheduler: String,
    },
    /// The cluster's scheduler does not answer.
    #[error(
        "no scheduler answers at {scheduler}: {reason}; start one with `wellspring cluster scheduler`, and workers with \
         `wellspring cluster worker --scheduler {scheduler}`"
    )]
    NoScheduler {
        /// The scheduler asked for.
        scheduler: String,
        /// What the system says.
        reason: String,
    },
    /// The cluster has nobody who works.
    #[error(
        "the scheduler at {scheduler} had no worker for {seconds} seconds; start some with \
         `wellspring cluster worker --scheduler {scheduler}`"
    )]
    NoWorkers {
        /// The scheduler asked for.
        scheduler: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Workers write into a folder of their own.
    #[error(
        "a worker has written {} and it is not there; name a folder with --shared that this machine, the scheduler and \
         all workers have under the same path, and run them as one user", file.display()
    )]
    NotShared {
        /// The file.
        file: PathBuf,
    },
    /// The snapshot could not be encoded or published.
    #[error(transparent)]
    Snapshot(#[from] snapshot::SnapshotError),
}

impl BuildError {
    /// Whether the person who made the source can mend it (rather than who runs the machine).
    pub fn is_about_the_source(&self) -> bool {
        !matches!(
            self,
            Self::Unreconciled { .. }
                | Self::Unwritable { .. }
                | Self::Engine(_)
                | Self::Snapshot(_)
                | Self::BadCurrency(_)
                | Self::NoCluster { .. }
                | Self::NoScheduler { .. }
                | Self::NoWorkers { .. }
                | Self::NotShared { .. }
        )
    }

    pub(crate) fn unreadable(file: &str, reason: impl std::fmt::Display) -> Self {
        Self::Unreadable { file: file.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn unwritable(path: &std::path::Path, reason: impl std::fmt::Display) -> Self {
        Self::Unwritable { path: path.to_owned(), reason: reason.to_string() }
    }
}

/// Our own errors travel through the query engine boxed, and come out as they went in.
impl From<datafusion::error::DataFusionError> for BuildError {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        use datafusion::error::DataFusionError as E;
        match error {
            E::External(inner) => match inner.downcast::<Self>() {
                Ok(ours) => *ours,
                Err(other) => Self::Engine(other.to_string()),
            },
            E::Context(_, inner) | E::Diagnostic(_, inner) => Self::from(*inner),
            E::Shared(inner) => match Arc::try_unwrap(inner) {
                Ok(inner) => Self::from(inner),
                Err(inner) => Self::Engine(inner.strip_backtrace()),
            },
            other => Self::Engine(other.strip_backtrace()),
        }
    }
}

impl From<datafusion::arrow::error::ArrowError> for BuildError {
    fn from(error: datafusion::arrow::error::ArrowError) -> Self {
        Self::Engine(error.to_string())
    }
}
