//! From raw retail files to a snapshot: read → check → dedup → one id → refund → place → cut → publish.
//!
//! The source is a folder of CSV or Parquet files, a PostgreSQL database or a bucket of an object store, after the source contract (stores, channels, members, orders,
//! returns, touches, campaigns, targets; most columns may be missing). A row that cannot be used never stops a build and never vanishes:
//! it is set aside in the version's `quarantine/` with its file, row, column, value and reason, and counted in the report.
//! Money is exact from the first character to the last sum, and the sums of the shards must equal the source's.
//!
//! This is the only crate that knows DataFusion; none of its types leave here.

mod build;
mod cache;
mod check;
#[cfg(feature = "cluster")]
pub mod cluster;
mod coverage;
mod cut;
mod dedup;
mod derive;
mod encode;
mod encoding;
mod engine;
mod error;
mod expect;
mod facts;
mod growing;
mod held;
mod inspect;
mod load;
mod location;
mod mapping;
mod names;
mod night;
mod nightly;
mod one_id;
mod options;
mod output;
mod parse;
mod part;
mod placed;
mod plans;
mod quarantine;
mod read;
mod refund;
mod report;
mod scan;
mod scopes;
mod seats;
mod short_hash;
mod source;
mod table;

pub use build::{build, build_on};
pub use engine::{Engine, PARTS, SchedulerAddress};
pub use error::BuildError;
pub use inspect::{ColumnSeen, InspectOptions, Inspection, Lack, PageSeen, PlaceSeen, ProblemSeen, inspect};
pub use location::{BucketAddress, DatabaseAddress, Location};
pub use nightly::Nightly;
pub use one_id::{Score, score};
pub use options::{MEMORY, Options, Progress, SHARD_MEMBERS, Silent};
pub use report::{Changes, PartReport, Report, SourceRead};
