//! `wellspring versions`: what is kept; `wellspring rollback`: shows the content of an older version again.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::PathBuf;

use model::Manifest;
use snapshot::files;
use snapshot::versions::{list, load_manifest_of, load_record};

use super::check::grouped;

#[derive(Debug, clap::Args)]
pub(crate) struct VersionsArgs {
    /// The snapshot's folder.
    #[arg(long, env = "WELLSPRING_SNAPSHOT", value_name = "DIR")]
    snapshot: PathBuf,
}

#[derive(Debug, clap::Args)]
#[cfg_attr(not(feature = "build"), allow(dead_code))]
pub(crate) struct RollbackArgs {
    /// The snapshot's folder.
    #[arg(long, env = "WELLSPRING_SNAPSHOT", value_name = "DIR")]
    snapshot: PathBuf,
    /// The version to show again; the one built before what is shown, if none is named.
    #[arg(long, value_name = "VERSION")]
    to: Option<u64>,
    /// Sign the new version with the key in this file.
    #[arg(long, env = "WELLSPRING_SIGN_KEY", value_name = "FILE")]
    sign_key: Option<PathBuf>,
}

/// A line for each version, the newest first.
pub(crate) fn versions(args: &VersionsArgs) -> anyhow::Result<()> {
    let folder = &args.snapshot;
    let (shown, _) = files::load_manifest(folder)?;
    let mut text = format!(
        "{:>8}  {:<20}  {:<10}  {:>15}  {:>15}  {}\n",
        "version", "built at", "data until", "bytes", "shared shards", ""
    );
    // A snapshot of an earlier Wellspring has a manifest and no versions.
    let mut versions = list(folder)?;
    versions.retain(|version| *version < shown.version);
    let here: HashSet<&str> = shown.shards.iter().map(|shard| shard.hash.as_str()).collect();
    let older = versions.into_iter().rev().map(|version| (version, load_manifest_of(folder, version).map(|(m, _)| m)));
    for (version, manifest) in std::iter::once((shown.version, Ok(shown.clone()))).chain(older) {
        let line = match manifest {
            Ok(manifest) => line(&manifest, &here, &restored(folder, &manifest, shown.version)),
            Err(fault) => format!("{version:>8}  {fault}"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    super::print(&text)
}

fn line(manifest: &Manifest, shown: &HashSet<&str>, note: &str) -> String {
    let bytes: u64 = manifest.shards.iter().map(|shard| shard.bytes).sum();
    let shared = manifest.shards.iter().filter(|shard| shown.contains(shard.hash.as_str())).count();
    format!(
        "{:>8}  {:<20}  {:<10}  {:>15}  {:>15}  {note}",
        manifest.version,
        manifest.built_at,
        manifest.data_until.to_string(),
        grouped(bytes.into()),
        format!("{shared} of {}", manifest.shards.len()),
    )
}

fn restored(folder: &std::path::Path, manifest: &Manifest, shown: u64) -> String {
    let is_shown = if manifest.version == shown { "shown" } else { "" };
    match load_record(folder, manifest) {
        Ok(record) => match record.restored_from {
            Some(from) if is_shown.is_empty() => format!("content of {from}"),
            Some(from) => format!("{is_shown}, content of {from}"),
            None => is_shown.to_owned(),
        },
        Err(fault) => fault.to_string(),
    }
}

#[cfg(feature = "build")]
pub(crate) fn rollback(args: &RollbackArgs) -> anyhow::Result<()> {
    let sign = super::sign_key::named(args.sign_key.as_deref())?;
    let (manifest, parts) = snapshot::write::rollback(&args.snapshot, args.to, sign)?;
    let record = load_record(&args.snapshot, &manifest)?;
    let regions = if parts.is_empty() { String::new() } else { format!(", with {} regions", parts.len()) };
    super::print(&format!(
        "version {} shows the content of version {} again: built {}, data until {}{regions}\n",
        manifest.version,
        record.restored_from.unwrap_or_default(),
        manifest.built_at,
        manifest.data_until,
    ))
}

#[cfg(not(feature = "build"))]
pub(crate) fn rollback(args: &RollbackArgs) -> anyhow::Result<()> {
    anyhow::bail!("cannot write into {}: compile this program with the feature `build`", args.snapshot.display())
}
