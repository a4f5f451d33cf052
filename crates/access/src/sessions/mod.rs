//! Who is signed in.
//!
//! A session begins at sign-in with a new token and ends when it was not used for a while, when its time is up, when
//! its user signs out, or when what its user may do changes. Checking one that this process has seen needs no database
//! query; taking one away voids what every process remembers (see [`crate::versions`]).
//!
//! When a session was last used is written down once a minute, so a crash makes sessions look idle for a minute longer,
//! and each process asks the database before it ends one as idle: another may have seen it since.

mod memory;
mod token;

use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use tokio::task::JoinHandle;

pub use token::SessionToken;

use crate::versions::{Topic, Versions};
use crate::{Error, Purpose, Result, Role, Secret, Store, Subkey, UnixSeconds, User};
use memory::{Memory, Remembered};
use token::SessionHash;

/// How often times of use are written down and ended sessions removed.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// When sessions end by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// After so long without use.
    pub idle: Duration,
    /// After so long in any case.
    pub absolute: Duration,
}

impl Limits {
    /// 12 hours without use, 7 days in any case.
    pub const DEFAULT: Self = Self { idle: Duration::from_secs(12 * 3_600), absolute: Duration::from_secs(7 * 86_400) };

    fn is_live(&self, seen: UnixSeconds, ends: UnixSeconds, now: UnixSeconds) -> bool {
        now < ends && now.since(seen) < seconds(self.idle)
    }
}

/// Someone signed in, as of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The user's [`User::id`].
    pub user_id: String,
    /// The user's name, for the page and the audit.
    pub name: String,
    /// What they may see and do.
    pub role: Role,
    /// Whether they signed in by a password, and not by the company's provider.
    pub by_password: bool,
    /// They signed in by a password that somebody else made up: before anything else they set another.
    pub password_once: bool,
    /// When they signed in.
    pub created: UnixSeconds,
    /// When the session ends in any case.
    pub ends: UnixSeconds,
}

/// Begins, checks and ends sessions.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<Store>,
    versions: Arc<Versions>,
    key: Subkey,
    limits: Limits,
    memory: Memory,
}

impl Sessions {
    /// Nothing is remembered yet; each session is read from the database once.
    pub fn new(store: Arc<Store>, versions: Arc<Versions>, secret: &Secret, limits: Limits) -> Self {
        let key = secret.subkey(Purpose::SessionTokens);
        Self { store, versions, key, limits, memory: Memory::new(&limits) }
    }

    /// Signs someone in. The session of the request's own cookie, if there is one, ends: a token that was there before
    /// signing in is never the one after it.
    ///
    /// # Errors
    /// When the database fails, or the user was changed since they were recognized: a new password or a new role must
    /// not be overtaken by an old one.
    pub async fn begin(&self, user: &User, before: Option<&str>, now: UnixSeconds) -> Result<SessionToken> {
        self.begin_by(user, true, before, now).await
    }

    /// The same for someone whom the company's provider vouches for.
    ///
    /// # Errors
    /// As for [`Sessions::begin`].
    pub async fn begin_company(&self, user: &User, before: Option<&str>, now: UnixSeconds) -> Result<SessionToken> {
        self.begin_by(user, false, before, now).await
    }

    async fn begin_by(
        &self,
        user: &User,
        by_password: bool,
        before: Option<&str>,
        now: UnixSeconds,
    ) -> Result<SessionToken> {
        let before = before.and_then(|token| SessionHash::of_token(token, &self.key));
        let (token, hash) = SessionToken::generate(&self.key)?;
        let ends = now.plus(seconds(self.limits.absolute));
        let mut transaction = self.store.begin().await?;
        self.versions.hold(&mut transaction, Topic::Sessions).await?;
        if let Some(before) = before {
            self.remove(&mut transaction, before).await?;
        }
        let insert = sqlx::query(
            "INSERT INTO sessions (hash, user_id, created, seen, ends, by_password)
             SELECT $1, id, CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($6 AS BIGINT) FROM users
             WHERE id = $4 AND generation = $5 AND disabled = 0",
        );
        let insert = insert.bind(hash.text()).bind(now.0).bind(ends.0).bind(&user.id).bind(user.generation);
        let insert = insert.bind(i64::from(by_password));
        let begun = insert.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        self.forget(before);
        if begun == 1 { Ok(token) } else { Err(Error::Overtaken { name: user.name.clone() }) }
    }

    /// Sessions that this process remembers, about.
    pub fn remembered(&self) -> u64 {
        self.memory.len()
    }

    /// Who the token belongs to; `None` when it is nobody's, or the session has ended.
    ///
    /// Costs no database query for a session that this process has seen and nobody took away.
    ///
    /// # Errors
    /// When the database had to be asked and failed. The request is then neither signed in nor out: answer 503.
    pub async fn check(&self, token: &str, now: UnixSeconds) -> Result<Option<Arc<Signed>>> {
        let Some(hash) = SessionHash::of_token(token, &self.key) else { return Ok(None) };
        let remembered = self.memory.get(&hash);
        let epoch = self.versions.epoch(Topic::Sessions);
        if let Some(remembered) = remembered.as_deref().filter(|remembered| epoch == Some(remembered.epoch))
            && let Some(signed) = remembered.touch(&self.limits, now)
        {
            return Ok(Some(signed));
        }
        self.read(hash, remembered.map(|remembered| remembered.seen()), epoch, now).await
    }

    /// Gives a live session a new token, with the same end; the old one ends at once. `None` when it is not live.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate(&self, token: &str, now: UnixSeconds) -> Result<Option<SessionToken>> {
        let Some(signed) = self.check(token, now).await? else { return Ok(None) };
        let before = SessionHash::of_token(token, &self.key);
        let (token, hash) = SessionToken::generate(&self.key)?;
        let mut transaction = self.store.begin().await?;
        // Nothing is removed when it was taken away just now; then there is nothing to go on with either.
        let removed = match before {
            Some(before) => self.remove(&mut transaction, before).await?,
            None => 0,
        };
        if removed == 1 {
            let insert = sqlx::query(
                "INSERT INTO sessions (hash, user_id, created, seen, ends, by_password) VALUES ($1, $2, $3, $4, $5, $6)",
            );
            let insert = insert.bind(hash.text()).bind(&signed.user_id).bind(signed.created.0).bind(now.0);
            insert.bind(signed.ends.0).bind(i64::from(signed.by_password)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        self.forget(before);
        Ok((removed == 1).then_some(token))
    }

    /// Ends one session; unknown tokens are no error.
    ///
    /// # Errors
    /// When the database fails; the session may then still be live.
    pub async fn end(&self, token: &str) -> Result<()> {
        let Some(hash) = SessionHash::of_token(token, &self.key) else { return Ok(()) };
        let mut transaction = self.store.begin().await?;
        self.remove(&mut transaction, hash).await?;
        transaction.commit().await?;
        self.forget(Some(hash));
        Ok(())
    }

    /// Ends all sessions of a user, by [`User::id`], on every device. Says how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_all(&self, user_id: &str) -> Result<u64> {
        let mut transaction = self.store.begin().await?;
        self.versions.raise(&mut transaction, Topic::Sessions).await?;
        let delete = sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user_id);
        let ended = delete.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        self.versions.changed(Topic::Sessions);
        Ok(ended)
    }

    /// How many sessions a user has, by [`User::id`]; those that have just ended may be among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, user_id: &str) -> Result<u64> {
        let count = sqlx::query("SELECT COUNT(*) FROM sessions WHERE user_id = $1").bind(user_id);
        let count: i64 = count.fetch_one(self.store.pool()).await?.try_get(0)?;
        Ok(count.unsigned_abs())
    }

    /// Writes down when sessions were last used and removes those that have ended.
    ///
    /// # Errors
    /// When the database fails; what was not written is written the next time.
    pub async fn tidy(&self, now: UnixSeconds) -> Result<()> {
        for (hash, remembered, seen) in self.memory.unwritten() {
            let update = sqlx::query("UPDATE sessions SET seen = $1 WHERE hash = $2 AND seen < $1");
            update.bind(seen.0).bind(hash.text()).execute(self.store.pool()).await?;
            Memory::written(&remembered, seen);
        }
        // Others may not have written theirs yet.
        let idle_since = now.plus(-seconds(self.limits.idle) - 5 * seconds(TIDY_EVERY));
        let delete = sqlx::query("DELETE FROM sessions WHERE ends <= $1 OR seen <= $2").bind(now.0).bind(idle_since.0);
        delete.execute(self.store.pool()).await?;
        Ok(())
    }

    /// Tidies once a minute in the background, until the returned value is dropped. Tidy once more before stopping.
    pub fn keep_tidy(&self) -> Tidying {
        let sessions = self.clone();
        Tidying(tokio::spawn(async move {
            let first = tokio::time::Instant::now() + TIDY_EVERY;
            let mut ticks = tokio::time::interval_at(first, TIDY_EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = sessions.tidy(UnixSeconds::now()).await {
                    tracing::warn!(%error, "could not write down when sessions were last used");
                }
            }
        }))
    }

    /// Reads a session for the first time, after a change, or to see whether it is idle everywhere.
    async fn read(
        &self,
        hash: SessionHash,
        seen_here: Option<UnixSeconds>,
        epoch: Option<u64>,
        now: UnixSeconds,
    ) -> Result<Option<Arc<Signed>>> {
        let select = sqlx::query(
            "SELECT user_id, name, role, region, disabled, sessions.created AS begun, seen, ends, generation,
                    password_once, company_name, by_password, users.created, users.id
             FROM sessions JOIN users ON users.id = sessions.user_id WHERE hash = $1",
        );
        let row = select.bind(hash.text()).fetch_optional(self.store.pool()).await?;
        let read = row.map(|row| signed_from_row(&row)).transpose()?.flatten();
        let live = read.and_then(|(signed, written)| {
            let seen = seen_here.map_or(written, |here| here.max(written));
            self.limits.is_live(seen, signed.ends, now).then_some((signed, written))
        });
        let Some((signed, written)) = live else {
            self.memory.forget(&hash);
            return Ok(None);
        };
        let remembered = Remembered::new(signed, epoch.unwrap_or_default(), written, now);
        let signed = Arc::clone(&remembered.signed);
        // What was read while the counters were not to be trusted is asked for again.
        if epoch.is_some() {
            self.memory.insert(hash, remembered);
        }
        Ok(Some(signed))
    }

    /// Removes a session within a transaction; says whether there was one, as 1 or 0.
    async fn remove(&self, transaction: &mut AnyConnection, hash: SessionHash) -> Result<u64> {
        self.versions.raise(transaction, Topic::Sessions).await?;
        let delete = sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(hash.text());
        Ok(delete.execute(transaction).await?.rows_affected())
    }

    /// After a removal is committed.
    fn forget(&self, hash: Option<SessionHash>) {
        if let Some(hash) = hash {
            self.memory.forget(&hash);
            self.versions.changed(Topic::Sessions);
        }
    }
}

/// The background task; dropping this ends it.
#[derive(Debug)]
pub struct Tidying(JoinHandle<()>);

impl Drop for Tidying {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A session and when its last use was written down; `None` for a user who is disabled.
fn signed_from_row(row: &AnyRow) -> Result<Option<(Signed, UnixSeconds)>> {
    let user = User::from_row(row)?;
    let (created, ends) = (UnixSeconds(row.try_get("begun")?), UnixSeconds(row.try_get("ends")?));
    let by_password = row.try_get::<i64, _>("by_password")? != 0;
    let (user_id, name, role, password_once) = (user.id, user.name, user.role, user.password_once && by_password);
    let signed = Signed { user_id, name, role, by_password, password_once, created, ends };
    Ok((!user.disabled).then_some((signed, UnixSeconds(row.try_get("seen")?))))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
