//! Bringing the tables up to date, once, however many servers start.
//!
//! PostgreSQL: sqlx holds an advisory lock while it migrates. SQLite has none, so an exclusive lock of the file
//! `NAME.lock` beside the database stands in; the system lets go of it when a process ends, however it ends.

use std::fs::{File, OpenOptions};
use std::path::Path;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyPool, SqlSafeStr};

use super::Database;
use crate::{Error, Result};

/// Number, name and statements, in the order in which they were published. A published one is never changed.
const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "first", include_str!("../../migrations/0001_first.sql")),
    (2, "sign in", include_str!("../../migrations/0002_sign_in.sql")),
];

/// Applies what is missing; what is applied already must be what this program knows.
pub(super) async fn run(pool: &AnyPool) -> Result<()> {
    let migrations = MIGRATIONS.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let result = Migrator::with_migrations(migrations.into()).run(pool).await;
    if result.is_err() {
        // The lock belongs to the connection: a failed one must not go back into the pool with it.
        pool.close().await;
    }
    Ok(result?)
}

/// Waits for others that migrate the same file. The lock ends with the value.
pub(super) async fn lock(database: &Database) -> Result<Option<File>> {
    let Database::File(path) = database else { return Ok(None) };
    let beside = path.with_added_extension("lock");
    let failed = |source| Error::File { path: path.clone(), source };
    private(path).map_err(failed)?;
    let file = private(&beside).map_err(failed)?;
    let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
    let file = locked.map_err(std::io::Error::other).and_then(|file| file).map_err(failed)?;
    Ok(Some(file))
}

/// Opens a file, or makes it readable by its owner alone: it holds password hashes.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
