//! `wellspring sign-key`: the key that signs snapshots. It stays with whoever builds; servers and browsers know its
//! public half only.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
#[cfg(feature = "build")]
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use snapshot::signature::SigningKey;

/// PKCS#8 of an Ed25519 key (RFC 8410) up to its 32 bytes.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a key, write it to a file that only you can read, and print its public half for `serve --verify-key`.
    New {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Print the public half of a key.
    Show {
        /// The file.
        file: PathBuf,
    },
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let key = match &args.action {
        Action::New { file } => make(file)?,
        Action::Show { file } => read(file)?,
    };
    super::print(&format!("{}\n", key.public()))
}

fn make(file: &Path) -> anyhow::Result<SigningKey> {
    let mut der = PKCS8.to_vec();
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("no random bits")?;
    der.extend(seed);
    let key = SigningKey::from_pkcs8(&der).map_err(|what| anyhow!("the new key is not one: {what}"))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let said = || format!("cannot write the key to {}", file.display());
    let mut out = options.open(file).with_context(said)?;
    writeln!(out, "{BEGIN}\n{}\n{END}", STANDARD.encode(&der)).and_then(|()| out.sync_all()).with_context(said)?;
    Ok(key)
}

/// Reads a key as `wellspring sign-key new` or `openssl genpkey -algorithm ed25519` writes it.
pub(crate) fn read(file: &Path) -> anyhow::Result<SigningKey> {
    let said = || format!("the key in {}", file.display());
    let text = std::fs::read_to_string(file).with_context(said)?;
    let body = text.trim().strip_prefix(BEGIN).and_then(|text| text.strip_suffix(END));
    ensure!(body.is_some(), "{}: it does not begin with {BEGIN}; make one with `wellspring sign-key new FILE`", said());
    let body: String = body.unwrap_or_default().split_whitespace().collect();
    let der = STANDARD.decode(body).with_context(said)?;
    SigningKey::from_pkcs8(&der).map_err(|what| anyhow!("{}: {what}", said()))
}

/// The key that an argument names.
#[cfg(feature = "build")]
pub(crate) fn named(file: Option<&Path>) -> anyhow::Result<Option<Arc<SigningKey>>> {
    file.map(|file| read(file).map(Arc::new)).transpose()
}
