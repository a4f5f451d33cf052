//! The metadata database: SQLite in a file, or PostgreSQL by URL, through one set of statements.
//!
//! `sqlx::Any` and not an enum of two pools: every statement here is valid for both databases (`$1`, `RETURNING`,
//! `ON CONFLICT`), and columns are TEXT and BIGINT only, which is what `Any` carries without loss. Two pools would mean
//! each statement twice, or a macro that writes it twice; `Any` is part of sqlx itself and kept with its drivers.
//! The one difference, how a writing transaction begins, is said in [`Store::begin`].

mod address;
mod migrate;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyPool, Transaction};

pub use address::Database;

use crate::Result;

/// How long a request waits for a connection before it fails.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections at once; a view needs none, signing in a few for milliseconds.
const CONNECTIONS: u32 = 4;

/// An open database with its tables in place.
#[derive(Debug)]
pub struct Store {
    pool: AnyPool,
    is_sqlite: bool,
    queries: AtomicU64,
}

impl Store {
    /// Opens the database, makes the file if there is none, and brings the tables up to date.
    ///
    /// Several servers may do so at once: one makes the tables, the others wait for it.
    ///
    /// # Errors
    /// When the file cannot be made, the server not be reached, or the tables are newer than this program.
    pub async fn open(database: &Database) -> Result<Arc<Self>> {
        sqlx::any::install_default_drivers();
        // Held until the tables are in place; SQLite's own locks cannot order whole migrations.
        let _lock = migrate::lock(database).await?;
        let options = AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = options.connect_with(database.connect_options()?).await?;
        let is_sqlite = matches!(database, Database::File(_));
        if is_sqlite {
            // Kept in the file: readers and a writer do not wait for each other.
            sqlx::query("PRAGMA journal_mode = WAL").execute(&pool).await?;
        }
        migrate::run(&pool).await?;
        Ok(Arc::new(Self { pool, is_sqlite, queries: AtomicU64::new(0) }))
    }

    /// Statements and transactions begun since it was opened: what a test holds page views to.
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }

    /// Ends all connections; every later statement fails.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(self.pool()).await?;
        Ok(())
    }

    /// For one statement. The pool is reached only here and in [`Store::begin`], so the count is complete.
    pub(crate) fn pool(&self) -> &AnyPool {
        self.queries.fetch_add(1, Ordering::Relaxed);
        &self.pool
    }

    /// A transaction that will write.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        // SQLite cannot turn a reading transaction into a writing one while another writes: it must say so at once.
        let begin = if self.is_sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        Ok(self.pool.begin_with(begin).await?)
    }
}
