//! The subcommands, one file each: arguments, then `run`.

pub(crate) mod ask;
pub(crate) mod audit;
pub(crate) mod build;
pub(crate) mod check;
#[cfg(feature = "cluster")]
pub(crate) mod cluster;
pub(crate) mod demo_data;
pub(crate) mod embed_key;
pub(crate) mod engine;
pub(crate) mod inspect;
mod metadata;
mod nightly;
mod oidc;
pub(crate) mod one_id_check;
mod operation;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod sign_key;
pub(crate) mod user;
pub(crate) mod versions;

use std::io::{self, Write};

/// Writes to stdout; a reader who has seen enough (`| head`) is no failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
