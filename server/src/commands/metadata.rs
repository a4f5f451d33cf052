//! The arguments that lead to people, keys and the audit, shared by all commands that need them.

use std::future::Future;
use std::path::PathBuf;

use access::audit::Event;
use access::{Access, Database, Secret, Settings, UnixSeconds};
use anyhow::Context;

/// The environment variable that may hold the secret itself.
const SECRET: &str = "WELLSPRING_SECRET";
/// Whom the audit names for what is done here.
const WHO: &str = "command line";

#[derive(Debug, clap::Args)]
pub(crate) struct Metadata {
    /// Where people, keys and the audit are kept: a file (SQLite), or `postgres://…`.
    #[arg(
        long,
        env = "WELLSPRING_DB",
        hide_env_values = true,
        default_value = "wellspring.db",
        value_name = "FILE|URL"
    )]
    db: Database,
    /// A file with the server's secret; without it, WELLSPRING_SECRET holds the secret itself.
    #[arg(long, env = "WELLSPRING_SECRET_FILE", value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl Metadata {
    /// Where the metadata is.
    pub(crate) fn database(&self) -> Database {
        self.db.clone()
    }

    /// The server's secret; there is no default.
    pub(crate) fn secret(&self) -> anyhow::Result<Secret> {
        let secret = match &self.secret_file {
            Some(file) => Secret::from_file(file),
            None => Secret::from_environment(SECRET),
        };
        secret.context("people and keys need the server's secret, in --secret-file or WELLSPRING_SECRET")
    }

    /// Opens the metadata, does something with it, and closes it in order.
    pub(crate) fn with<T>(&self, work: impl AsyncFnOnce(&Access) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let secret = self.secret()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let access = Access::open(&self.db, &secret, Settings::default()).await?;
            let done = work(&access).await;
            access.close().await?;
            done
        })
    }
}

/// Makes a change that the audit knows of: noted before, since what cannot be noted is not done; and again where it
/// failed.
pub(crate) async fn noted<T>(
    access: &Access,
    what: &str,
    subject: &str,
    change: impl Future<Output = access::Result<T>>,
) -> anyhow::Result<T> {
    let mut event = Event { who: WHO.into(), what: what.into(), subject: subject.into(), ..Event::default() };
    access.audit.append(&event, UnixSeconds::now()).await?;
    let done = change.await;
    if done.is_err() {
        event.what.push_str(".failed");
        access.audit.append(&event, UnixSeconds::now()).await?;
    }
    Ok(done?)
}
