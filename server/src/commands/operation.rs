//! The arguments that say how a server is run: limits, proxies, metrics.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::value_parser;
use snapshot::signature::PublicKey;

use crate::operation::{Limits, MetricsToken, Network, Operation, Proxies};
use crate::trust::Trust;

const DEFAULT: Limits = Limits::DEFAULT;

/// Seconds that can be waited for.
fn seconds() -> clap::builder::RangedU64ValueParser {
    value_parser!(u64).range(1..=3_600)
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits, proxies, metrics")]
pub(crate) struct OperationArgs {
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; from anybody else they are ignored.
    #[arg(long, env = "WELLSPRING_TRUSTED_PROXIES", value_delimiter = ',', value_name = "IP|NETWORK")]
    trusted_proxies: Vec<Network>,
    /// Every reader comes over TLS, which ends before the server: browsers are held to it (HSTS).
    #[arg(long, env = "WELLSPRING_TLS_TERMINATED")]
    tls_terminated: bool,
    /// A file with the token that opens /metrics; without one it is closed, but under --open.
    #[arg(long, env = "WELLSPRING_METRICS_TOKEN_FILE", value_name = "FILE")]
    metrics_token_file: Option<PathBuf>,
    /// Connections at once; more are answered 503.
    #[arg(long, env = "WELLSPRING_MAX_CONNECTIONS", default_value_t = DEFAULT.connections, value_name = "N")]
    max_connections: usize,
    /// Connections at once from one address, where people sign in; trusted proxies have no such limit.
    #[arg(long, env = "WELLSPRING_MAX_CONNECTIONS_EACH", default_value_t = DEFAULT.connections_each, value_name = "N")]
    max_connections_each: usize,
    /// Pages, questions and forms worked on at once; others wait their turn.
    #[arg(long, env = "WELLSPRING_MAX_COMPUTING", default_value_t = DEFAULT.computing, value_name = "N")]
    max_computing: usize,
    /// Files looked up at once; others wait their turn.
    #[arg(long, env = "WELLSPRING_MAX_FILES", default_value_t = DEFAULT.files, value_name = "N")]
    max_files: usize,
    /// How long a request waits its turn before it is answered 503.
    #[arg(long, env = "WELLSPRING_TURN_SECS", default_value_t = DEFAULT.turn_time.as_secs(), value_parser = seconds(), value_name = "SECONDS")]
    turn_secs: u64,
    /// How long a request's head may take to arrive, and a kept connection be idle.
    #[arg(long, env = "WELLSPRING_HEAD_SECS", default_value_t = DEFAULT.head_time.as_secs(), value_parser = seconds(), value_name = "SECONDS")]
    head_secs: u64,
    /// How long a request may take until its answer begins, its body included.
    #[arg(long, env = "WELLSPRING_REQUEST_SECS", default_value_t = DEFAULT.request_time.as_secs(), value_parser = seconds(), value_name = "SECONDS")]
    request_secs: u64,
    /// How long a client may take nothing of an answer.
    #[arg(long, env = "WELLSPRING_WRITE_SECS", default_value_t = DEFAULT.write_time.as_secs(), value_parser = seconds(), value_name = "SECONDS")]
    write_secs: u64,
    /// Bytes of a request's address and headers together, 8192 at least.
    #[arg(long, env = "WELLSPRING_MAX_HEAD_BYTES", default_value_t = 32 * 1024, value_parser = value_parser!(u32).range(8_192..=1_048_576), value_name = "BYTES")]
    max_head_bytes: u32,
    /// Asks, the parts of questions, that a reader may send a minute to /api/ask, where people sign in.
    #[arg(long, env = "WELLSPRING_ASKS_A_MINUTE", default_value_t = DEFAULT.asks_a_minute, value_parser = value_parser!(u32).range(32..), value_name = "N")]
    asks_a_minute: u32,
    /// CSV files and workbooks that a reader may fetch a minute, where people sign in.
    #[arg(long, env = "WELLSPRING_EXPORTS_A_MINUTE", default_value_t = DEFAULT.exports_a_minute, value_parser = value_parser!(u32).range(1..), value_name = "N")]
    exports_a_minute: u32,
    /// Show only snapshots signed by this key, which `wellspring sign-key` prints; name a second while one takes over.
    #[arg(long, env = "WELLSPRING_VERIFY_KEY", value_delimiter = ',', value_name = "PUBLIC")]
    verify_key: Vec<PublicKey>,
    /// Where the newest snapshot that was shown is remembered: with --verify-key an older one is refused.
    #[arg(long, env = "WELLSPRING_SHOWN_FILE", default_value = "wellspring-shown.json", value_name = "FILE")]
    shown_file: PathBuf,
    /// Say on every page that the data are stale when the snapshot was built longer ago.
    #[arg(long, env = "WELLSPRING_STALE_HOURS", value_parser = value_parser!(u32).range(1..=87_600), value_name = "HOURS")]
    stale_hours: Option<u32>,
}

impl OperationArgs {
    /// What was said, and the token read.
    pub(crate) fn operation(&self) -> anyhow::Result<Operation> {
        let token = self.metrics_token_file.as_ref().map(|file| {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("--metrics-token-file {}", file.display()))?;
            MetricsToken::parse(&text).with_context(|| format!("--metrics-token-file {}", file.display()))
        });
        Ok(Operation {
            limits: Limits {
                head_time: Duration::from_secs(self.head_secs),
                request_time: Duration::from_secs(self.request_secs),
                write_time: Duration::from_secs(self.write_secs),
                head_bytes: usize::try_from(self.max_head_bytes).unwrap_or(DEFAULT.head_bytes),
                connections: self.max_connections,
                connections_each: self.max_connections_each,
                computing: self.max_computing,
                files: self.max_files,
                turn_time: Duration::from_secs(self.turn_secs),
                asks_a_minute: self.asks_a_minute,
                exports_a_minute: self.exports_a_minute,
            },
            proxies: Proxies { trusted: self.trusted_proxies.clone(), tls: self.tls_terminated },
            metrics: token.transpose()?,
            trust: Trust { keys: self.verify_key.clone(), memory: Some(self.shown_file.clone()) },
            stale_after: self.stale_hours.map(|hours| Duration::from_secs(u64::from(hours) * 3_600)),
        })
    }
}
