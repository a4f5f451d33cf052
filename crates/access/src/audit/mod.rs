//! Who did what: entries that are only ever added, each bound to the one before it.
//!
//! An entry's hash is BLAKE3, keyed by the server's secret, of the hash before it and the entry's JSON. Changing,
//! removing or exchanging an entry breaks the chain from there on, and who can write the database but not read the
//! secret cannot mend it. Cutting entries off the end leaves a sound, shorter chain: note [`Sound::head`] elsewhere now
//! and then, and [`Audit::verify`] with it.
//!
//! Two processes cannot fork the chain: an entry's number is the primary key, so of two that follow the same entry one
//! is refused by the database and follows the other instead. That needs no lock and no isolation level.

mod entry;
mod search;

use std::sync::Arc;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use tokio::sync::Mutex;

pub use entry::{Entry, Event, TEXT_MAX_CHARACTERS};
pub use search::{Filter, Found, Listed};

use crate::{Error, Purpose, Result, Secret, Store, Subkey, UnixSeconds, random};

/// How often an entry is tried again when another process was quicker.
const TRIES: u32 = 64;
/// Entries read at once by `verify` and `export`.
const PAGE: i64 = 1_000;
/// The hash before the first entry.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Adds to the audit, reads it and proves it whole.
#[derive(Clone, Debug)]
pub struct Audit {
    store: Arc<Store>,
    key: Subkey,
    /// Keeps this process from racing with itself.
    turn: Arc<Mutex<()>>,
}

/// A chain without a broken link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// How many entries there are.
    pub entries: i64,
    /// Where it ends: note this elsewhere.
    pub head: Head,
}

/// The number and hash of an entry; zero and zeros before the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The entry's number.
    pub seq: i64,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
}

/// The first broken link of a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("audit entry {seq}: {problem}")]
pub struct Broken {
    /// The number of the first entry that is not as it was written.
    pub seq: i64,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Audit {
    /// With the key that the server's secret gives; another secret verifies nothing.
    pub fn new(store: Arc<Store>, secret: &Secret) -> Self {
        Self { store, key: secret.subkey(Purpose::AuditChain), turn: Arc::default() }
    }

    /// Adds an entry and says where the chain ends now. Overlong texts are cut.
    ///
    /// # Errors
    /// When the database fails or others are always quicker. What was to be noted should then not be done.
    pub async fn append(&self, event: &Event, now: UnixSeconds) -> Result<Head> {
        let _turn = self.turn.lock().await;
        for _ in 0..TRIES {
            let last = self.head().await?;
            let seq = last.seq + 1;
            let json = Entry::new(seq, now, event).json();
            let hash = self.link(&last.hash, &json);
            let insert = sqlx::query("INSERT INTO audit (seq, entry, hash) VALUES ($1, $2, $3)");
            match insert.bind(seq).bind(json).bind(&hash).execute(self.store.pool()).await {
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => tokio::task::yield_now().await,
                done => return done.map(|_| Head { seq, hash }).map_err(Into::into),
            }
        }
        Err(Error::AuditBusy { tries: TRIES })
    }

    /// Where the chain ends.
    ///
    /// # Errors
    /// When the database fails or the last hash is none.
    pub async fn head(&self) -> Result<Head> {
        let select = sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
        let Some(row) = select.fetch_optional(self.store.pool()).await? else {
            return Ok(Head { seq: 0, hash: GENESIS.into() });
        };
        let head = Head { seq: row.try_get(0)?, hash: row.try_get(1)? };
        // The next number and hash would follow from nonsense.
        if head.hash.len() != GENESIS.len() || !(1..i64::MAX).contains(&head.seq) {
            return Err(Error::AuditTail { seq: head.seq });
        }
        Ok(head)
    }

    /// The latest entries, latest first; with `before`, those of smaller numbers. At most 1,000.
    ///
    /// # Errors
    /// When the database fails or an entry is not readable.
    pub async fn latest(&self, count: u32, before: Option<i64>) -> Result<Vec<Entry>> {
        let select = sqlx::query("SELECT seq, entry, hash FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
        let select = select.bind(before.unwrap_or(i64::MAX)).bind(i64::from(count).min(PAGE));
        let rows = select.fetch_all(self.store.pool()).await?;
        rows.iter().map(|row| Link::from_row(row)?.entry()).collect()
    }

    /// Follows the chain from the beginning, through `noted` if given, to the end. The inner result is the finding.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(&self, noted: Option<&Head>) -> Result<std::result::Result<Sound, Broken>> {
        let mut head = Head { seq: 0, hash: GENESIS.into() };
        let mut is_met = noted.is_none_or(|noted| *noted == head);
        loop {
            let links = self.page(head.seq).await?;
            for link in &links {
                let expected = head.seq + 1;
                if let Some(problem) = self.problem(&head, link) {
                    return Ok(Err(Broken { seq: expected, problem }));
                }
                head = Head { seq: link.seq, hash: link.hash.clone() };
                match noted.filter(|noted| noted.seq == head.seq) {
                    Some(noted) if *noted == head => is_met = true,
                    Some(_) => return Ok(Err(Broken { seq: head.seq, problem: "is not the one that was noted" })),
                    None => {}
                }
            }
            if links.is_empty() {
                let missing = Broken { seq: head.seq + 1, problem: "is missing: a later one was noted" };
                return Ok(if is_met { Ok(Sound { entries: head.seq, head }) } else { Err(missing) });
            }
        }
    }

    /// Writes all entries as JSON lines, `{"entry":{…},"hash":"…"}`, oldest first, a page at a time. Says how many.
    ///
    /// # Errors
    /// When the database fails or `write` does.
    pub async fn export<E: From<Error>>(
        &self,
        mut write: impl FnMut(&str) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, E> {
        let (mut after, mut count) = (0, 0);
        loop {
            let links = self.page(after).await?;
            let Some(last) = links.last() else { return Ok(count) };
            after = last.seq;
            for link in &links {
                write(&link.line())?;
                count += 1;
            }
        }
    }

    /// What is wrong with a link after `head`.
    fn problem(&self, head: &Head, link: &Link) -> Option<&'static str> {
        let entry = link.entry().ok();
        let said = entry.as_ref().map(|entry| entry.seq);
        match link {
            _ if link.seq != head.seq + 1 => Some("is missing"),
            _ if self.link(&head.hash, &link.json) != link.hash => Some("does not follow from the one before it"),
            _ if said != Some(link.seq) => Some("is not an entry of that number"),
            _ => None,
        }
    }

    /// The hash of an entry that follows `previous`.
    fn link(&self, previous: &str, json: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        // Of one length always, so that the two parts cannot be divided otherwise.
        hasher.update(previous.as_bytes()).update(json.as_bytes());
        random::hex(hasher.finalize().as_bytes())
    }

    async fn page(&self, after: i64) -> Result<Vec<Link>> {
        let select = format!("SELECT seq, entry, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT {PAGE}");
        let rows = sqlx::query(AssertSqlSafe(select)).bind(after).fetch_all(self.store.pool()).await?;
        rows.iter().map(Link::from_row).collect()
    }
}

/// A row.
struct Link {
    seq: i64,
    json: String,
    hash: String,
}

impl Link {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { seq: row.try_get(0)?, json: row.try_get(1)?, hash: row.try_get(2)? })
    }

    fn entry(&self) -> Result<Entry> {
        let read = serde_json::from_str(&self.json);
        read.map_err(|error| Error::stored("audit", "entry", &self.seq.to_string(), error))
    }

    /// The entry's own bytes where they are JSON, so that a reader can follow the chain; else as a string.
    fn line(&self) -> String {
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&self.json).is_ok() && !self.json.contains('\n');
        let json = if is_json { self.json.clone() } else { serde_json::Value::from(&*self.json).to_string() };
        format!("{{\"entry\":{json},\"hash\":{}}}\n", serde_json::Value::from(&*self.hash))
    }
}
