//! Verifies a snapshot from end to end: the manifest, every file it names, and the totals counted again.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use model::{Manifest, ShardEntry, Totals};
use rayon::prelude::*;
use snapshot::versions::load_record;
use snapshot::{Amounts, Shard, SnapshotError, files};

/// What was found.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// The manifest, which is whole.
    pub(crate) manifest: Manifest,
    /// One sentence for each fault, in the manifest's order, then those of the parts.
    pub(crate) faults: Vec<String>,
    /// Bytes of the shards as browsers get them.
    pub(crate) wire_bytes: u64,
    /// How many parts were published together with it.
    pub(crate) parts: usize,
}

/// Reads everything; the error is a manifest that cannot be read, since nothing else can be judged without it.
pub(crate) fn inspect(folder: &Path) -> Result<Inspection, SnapshotError> {
    let (manifest, _) = files::load_manifest(folder)?;
    let (mut faults, wire_bytes) = inspect_shards(folder, &manifest);
    faults.extend(unbalanced_tables(&manifest));
    let parts = match load_record(folder, &manifest) {
        // A part's folder may be looked at alone, and has no record.
        Ok(record) => record.parts,
        Err(fault) => {
            faults.push(told(&fault));
            Vec::new()
        }
    };
    for part in &parts {
        match files::load_part_manifest(folder, manifest.version, part) {
            Ok((of, part, _)) => faults.extend(inspect_shards(&of, &part).0),
            Err(fault) => faults.push(told(&fault)),
        }
    }
    Ok(Inspection { manifest, faults, wire_bytes, parts: parts.len() })
}

/// The faults of the shards that a manifest names, or of their totals, and their bytes on the wire.
fn inspect_shards(folder: &Path, manifest: &Manifest) -> (Vec<String>, u64) {
    let read: Vec<Result<(Totals, u64), String>> =
        manifest.shards.par_iter().map(|entry| inspect_shard(folder, manifest, entry)).collect();
    let mut faults = Vec::new();
    let mut counted = Totals::default();
    let mut wire_bytes = 0;
    for shard in read {
        match shard {
            Ok((totals, bytes)) => {
                add(&mut counted, &totals);
                wire_bytes += bytes;
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        faults = unequal_totals(&counted, &manifest.totals);
    }
    (faults, wire_bytes)
}

/// The shard's own totals, and how many bytes it has on the wire.
fn inspect_shard(folder: &Path, manifest: &Manifest, entry: &ShardEntry) -> Result<(Totals, u64), String> {
    let shard = files::load_shard(folder, manifest, entry).map_err(|fault| told(&fault))?;
    let packed = folder.join("shards").join(format!("{}.arrow.br", entry.hash));
    let wire_bytes = match fs::read(&packed) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => entry.bytes,
        Err(fault) => return Err(format!("{}: {fault}", packed.display())),
        Ok(bytes) => {
            check_packed(&bytes, manifest, entry)
                .map_err(|what| format!("{}: {what}; build the snapshot again", packed.display()))?;
            bytes.len() as u64
        }
    };
    Ok((count(&shard), wire_bytes))
}

/// The compressed twin must be the same shard; nothing larger than that is unpacked.
fn check_packed(bytes: &[u8], manifest: &Manifest, entry: &ShardEntry) -> Result<(), String> {
    let mut plain = Vec::new();
    brotli_decompressor::Decompressor::new(bytes, 64 * 1024)
        .take(entry.bytes.saturating_add(1))
        .read_to_end(&mut plain)
        .map_err(|_| "the compressed copy of the shard is cut or damaged".to_owned())?;
    Shard::open(&plain, manifest, entry)
        .map(drop)
        .map_err(|_| "the compressed copy is not the shard it stands for".to_owned())
}

/// A missing file says more than "not found": something took it away, or the manifest is a stranger here.
fn told(fault: &SnapshotError) -> String {
    match fault {
        SnapshotError::Io { path, source } if source.kind() == io::ErrorKind::NotFound => format!(
            "{path} is missing: it was removed, or manifest.json belongs to another snapshot; build the snapshot again"
        ),
        _ => fault.to_string(),
    }
}

fn count(shard: &Shard) -> Totals {
    let anonymous_sales = sum(shard.anonymous().amount);
    Totals {
        members: shard.members() as u64,
        orders: shard.orders().store.len() as u64,
        anonymous_orders: shard.anonymous().store.len() as u64,
        touches: shard.touches().store.len() as u64,
        sales: sum(shard.orders().amount).saturating_add(anonymous_sales),
        anonymous_sales,
        ..Totals::default()
    }
}

fn sum(amounts: Amounts<'_>) -> i64 {
    amounts.iter().fold(0, i64::saturating_add)
}

fn add(to: &mut Totals, more: &Totals) {
    to.members += more.members;
    to.orders += more.orders;
    to.anonymous_orders += more.anonymous_orders;
    to.touches += more.touches;
    to.sales = to.sales.saturating_add(more.sales);
    to.anonymous_sales = to.anonymous_sales.saturating_add(more.anonymous_sales);
}

fn unequal_totals(counted: &Totals, promised: &Totals) -> Vec<String> {
    let pairs = [
        ("members", i128::from(counted.members), i128::from(promised.members)),
        ("orders", counted.orders.into(), promised.orders.into()),
        ("anonymous_orders", counted.anonymous_orders.into(), promised.anonymous_orders.into()),
        ("touches", counted.touches.into(), promised.touches.into()),
        ("sales", counted.sales.into(), promised.sales.into()),
        ("anonymous_sales", counted.anonymous_sales.into(), promised.anonymous_sales.into()),
    ];
    pairs
        .into_iter()
        .filter(|(_, counted, promised)| counted != promised)
        .map(|(name, counted, promised)| {
            format!(
                "manifest.json says totals.{name} is {promised}, the shards hold {counted}; build the snapshot again"
            )
        })
        .collect()
}

fn unbalanced_tables(manifest: &Manifest) -> Vec<String> {
    manifest
        .tables
        .iter()
        .filter(|table| !table.derived)
        .filter_map(|table| {
            let quarantined: u64 = table.quarantined.iter().map(|q| q.rows).sum();
            let accounted = table.kept + table.duplicate + quarantined;
            (accounted != table.rows_read).then(|| {
                format!(
                    "manifest.json accounts for {accounted} of the {} rows of table {}; build the snapshot again",
                    table.rows_read, table.table
                )
            })
        })
        .collect()
}
