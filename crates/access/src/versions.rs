//! How a process learns that another took a session or a key away, without asking at every page view.
//!
//! Each topic has a counter in the database. Whoever takes something away raises it in the same transaction. Every
//! process reads the counters every two seconds, one statement for all; where one rose, what it remembers of that topic
//! is void at once. In the process that made the change it is void before the change is reported as done.
//!
//! "Void" is an epoch, a number in memory: what is remembered carries the epoch from before it was read, and counts
//! only as long as that is the present one. So a value read just before a change can never be remembered just after it.
//!
//! When the counters could not be read for a while, nothing remembered counts: every check asks the database, and fails
//! when that does not answer. A dead database thus delays nobody's removal.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Row};
use tokio::task::JoinHandle;

use crate::{Result, Store};

/// How often the counters are read, unless set otherwise.
pub const POLL_EVERY: Duration = Duration::from_secs(2);
/// After so many missed readings, nothing remembered counts.
const MISSES: u32 = 4;

/// What can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Sessions, and what their users may see.
    Sessions,
    /// Keys of portals.
    EmbedKeys,
}

impl Topic {
    fn word(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::EmbedKeys => "embed_keys",
        }
    }
}

#[derive(Debug, Default)]
struct Counter {
    epoch: AtomicU64,
    seen: AtomicI64,
}

/// The counters as this process last saw them.
#[derive(Debug)]
pub struct Versions {
    store: Arc<Store>,
    every: Duration,
    counters: [Counter; 2],
    begun: Instant,
    /// Milliseconds from `begun` to the beginning of the last reading that succeeded.
    read_at: AtomicU64,
}

impl Versions {
    /// Reads the counters for the first time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(store: Arc<Store>, every: Duration) -> Result<Arc<Self>> {
        let (counters, begun) = (Default::default(), Instant::now());
        let versions = Self { store, every, counters, begun, read_at: AtomicU64::new(0) };
        versions.read().await?;
        Ok(Arc::new(versions))
    }

    /// Reads them again and again in the background, until the returned value is dropped.
    pub fn follow(self: &Arc<Self>) -> Following {
        let versions = Arc::clone(self);
        Following(tokio::spawn(async move {
            let first = tokio::time::Instant::now() + versions.every;
            let mut ticks = tokio::time::interval_at(first, versions.every);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = versions.read().await {
                    tracing::warn!(%error, "cannot see whether sessions or keys were taken away; asking at every check");
                }
            }
        }))
    }

    /// Reads the counters once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<()> {
        // From before the statement: what happens while it runs is seen by the next one.
        let at = self.elapsed();
        for row in sqlx::query("SELECT topic, value FROM versions").fetch_all(self.store.pool()).await? {
            let (topic, value): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            let known = [Topic::Sessions, Topic::EmbedKeys].into_iter().find(|known| known.word() == topic);
            let Some(counter) = known.map(|topic| self.counter(topic)) else { continue };
            if counter.seen.fetch_max(value, Ordering::AcqRel) < value {
                counter.epoch.fetch_add(1, Ordering::AcqRel);
            }
        }
        self.read_at.fetch_max(at, Ordering::AcqRel);
        Ok(())
    }

    /// The present epoch of a topic; `None` when too long ago to be trusted.
    pub(crate) fn epoch(&self, topic: Topic) -> Option<u64> {
        let age = self.elapsed().saturating_sub(self.read_at.load(Ordering::Acquire));
        let trusted = u128::from(age) <= (self.every * MISSES).as_millis();
        trusted.then(|| self.counter(topic).epoch.load(Ordering::Acquire))
    }

    /// Raises a topic's counter within a transaction that takes something away. Call [`Versions::changed`] after it is
    /// committed. Doing this first also puts such transactions in line, since it locks the row.
    pub(crate) async fn raise(&self, transaction: &mut AnyConnection, topic: Topic) -> Result<()> {
        let raise = sqlx::query("UPDATE versions SET value = value + 1 WHERE topic = $1").bind(topic.word());
        raise.execute(transaction).await?;
        Ok(())
    }

    /// Makes a transaction wait for those that raise the counter, and them for it, without raising it.
    pub(crate) async fn hold(&self, transaction: &mut AnyConnection, topic: Topic) -> Result<()> {
        let hold = sqlx::query("UPDATE versions SET value = value WHERE topic = $1").bind(topic.word());
        hold.execute(transaction).await?;
        Ok(())
    }

    /// Voids what this process remembers of a topic.
    pub(crate) fn changed(&self, topic: Topic) {
        self.counter(topic).epoch.fetch_add(1, Ordering::AcqRel);
    }

    fn counter(&self, topic: Topic) -> &Counter {
        &self.counters[topic as usize]
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The background task; dropping this ends it.
#[derive(Debug)]
pub struct Following(JoinHandle<()>);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}
