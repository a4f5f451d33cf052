//! What the server counts of itself, in the form Prometheus reads.
//!
//! No label names a reader, a region or a store: routes are patterns, methods and refusals come from short lists.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::memory;
use crate::state::AppState;

/// Seconds; pages from memory take less than the first, the bound of a request is the last.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

type Labels<const N: usize> = [(&'static str, String); N];

/// Everything that is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    seconds: Family<Labels<1>, Histogram>,
    refusals: Family<Labels<1>, Counter>,
    /// Questions that pages, files and programs had, by where their answer came from.
    answers: Family<Labels<1>, Counter>,
    pages: Family<Labels<1>, Counter>,
    shard_bytes: Counter,
    connections: Gauge,
    turned_away: Counter,
    snapshot_age: Gauge,
    snapshot_refused: Gauge,
    parts: Gauge,
    sessions: Gauge,
    queries: Counter,
    memory: Gauge,
    memory_peak: Gauge,
}

impl Metrics {
    /// Everything at nothing.
    pub(crate) fn new() -> Self {
        let mut all = Registry::with_prefix("wellspring");
        let metrics = Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            refusals: Family::default(),
            answers: Family::default(),
            pages: Family::default(),
            shard_bytes: Counter::default(),
            connections: Gauge::default(),
            turned_away: Counter::default(),
            snapshot_age: Gauge::default(),
            snapshot_refused: Gauge::default(),
            parts: Gauge::default(),
            sessions: Gauge::default(),
            queries: Counter::default(),
            memory: Gauge::default(),
            memory_peak: Gauge::default(),
            registry: Registry::default(),
        };
        let m = &metrics;
        all.register("http_requests", "Requests answered, by pattern of the address and status", m.requests.clone());
        all.register_with_unit("http_request_duration", "Time until an answer began", Unit::Seconds, m.seconds.clone());
        all.register("refusals", "Requests refused, by reason", m.refusals.clone());
        all.register("answers", "Questions answered, from memory or by counting", m.answers.clone());
        all.register("pages", "Pages shown, from memory or drawn", m.pages.clone());
        all.register("shard_sent_bytes", "Bytes of shards, as sent", m.shard_bytes.clone());
        all.register("connections", "Connections open now", m.connections.clone());
        all.register("connections_refused", "Connections refused for there being too many", m.turned_away.clone());
        all.register_with_unit(
            "snapshot_age",
            "Time since the snapshot was built",
            Unit::Seconds,
            m.snapshot_age.clone(),
        );
        all.register(
            "snapshot_refused",
            "1 while a new snapshot is damaged or must not be shown, and the one before is",
            m.snapshot_refused.clone(),
        );
        all.register("parts", "Snapshots shown: the whole, and one a region", m.parts.clone());
        all.register("sessions", "Sessions that this process remembers", m.sessions.clone());
        all.register("database_queries", "Statements sent to the metadata database", m.queries.clone());
        all.register_with_unit("process_resident_memory", "Memory in use", Unit::Bytes, m.memory.clone());
        all.register_with_unit(
            "process_resident_memory_peak",
            "The most there was",
            Unit::Bytes,
            m.memory_peak.clone(),
        );
        Self { registry: all, ..metrics }
    }

    /// Counts an answered request; `route` is the pattern of its address.
    pub(super) fn request(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&[("route", route.to_owned())]).observe(took.as_secs_f64());
    }

    /// Counts a refusal.
    pub(super) fn refusal(&self, code: &'static str) {
        self.refusals.get_or_create(&[("code", code.to_owned())]).inc();
    }

    /// Counts bytes of a shard.
    pub(super) fn shard(&self, bytes: u64) {
        self.shard_bytes.inc_by(bytes);
    }

    /// Counts a question that got its answer.
    pub(crate) fn answer(&self, remembered: bool) {
        self.answers.get_or_create(&from(remembered)).inc();
    }

    /// Counts a page.
    pub(crate) fn page(&self, remembered: bool) {
        self.pages.get_or_create(&from(remembered)).inc();
    }

    /// Counts a connection, one more or one less.
    pub(crate) fn connection(&self, change: i64) {
        self.connections.inc_by(change);
    }

    /// Counts a connection that was refused.
    pub(crate) fn connection_refused(&self) {
        self.turned_away.inc();
    }

    /// Everything as text, with what is only looked at when somebody asks.
    pub(super) fn text(&self, state: &AppState, now_unix_secs: i64) -> Result<String, fmt::Error> {
        let built = &state.parts().whole().edition().snapshot.manifest.built_at;
        let built = model::parse_utc_seconds(built).and_then(|built| i64::try_from(built).ok());
        if let Some(built) = built {
            set(&self.snapshot_age, now_unix_secs.saturating_sub(built));
        }
        set(&self.snapshot_refused, state.parts().refuses().into());
        set(&self.parts, i64::try_from(state.parts().count()).unwrap_or(i64::MAX));
        if let Some(guard) = state.door().guard() {
            set(&self.sessions, i64::try_from(guard.access.sessions.remembered()).unwrap_or(i64::MAX));
            self.queries.inner().store(guard.access.store.queries(), Ordering::Relaxed);
        }
        if let Some((now, most)) = memory::resident() {
            set(&self.memory, now);
            set(&self.memory_peak, most);
        }
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn from(remembered: bool) -> Labels<1> {
    [("from", if remembered { "memory" } else { "work" }.to_owned())]
}

fn set(gauge: &Gauge, value: i64) {
    let inner: &AtomicI64 = gauge.inner();
    inner.store(value, Ordering::Relaxed);
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics(…)")
    }
}
