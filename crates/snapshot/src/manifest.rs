//! `manifest.json`: a JSON object whose first field is the BLAKE3 of all bytes after that field.
//!
//! `{"blake3":"<64 hex digits>",` is a prefix of fixed length, so the checksum covers the exact bytes that follow
//! and no canonical JSON is needed. A changed digit in a total or a name is refused like a cut file.

use model::{Day, Dimensions, FORMAT_VERSION, Manifest, ShardEntry, Targets};
use serde::Deserialize;

use crate::{MAX_MEMBERS, SnapshotError};

const OPENING: &str = "{\"blake3\":\"";
const CLOSING: &str = "\",";
const HASH_DIGITS: usize = 64;
/// Months of targets: 1990 to 2100.
const MOST_MONTHS: usize = 111 * 12;
const PREFIX: usize = OPENING.len() + HASH_DIGITS + CLOSING.len();

/// Checks and reads a manifest.
pub fn parse_manifest(bytes: &[u8]) -> Result<Manifest, SnapshotError> {
    check_hash(bytes)?;
    let manifest: Manifest = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(e) => return Err(unreadable(bytes, &e)),
    };
    check(&manifest)?;
    Ok(manifest)
}

/// Checks a manifest and reads what counting needs; `read` takes it from the JSON, in browsers with less code than
/// `serde_json`. The tenant, the build's time, the currency, totals, tables,
/// campaigns and targets are left empty.
pub fn read_manifest(
    bytes: &[u8],
    read: impl FnOnce(&[u8]) -> Result<Core, String>,
) -> Result<Manifest, SnapshotError> {
    check_hash(bytes)?;
    let core = read(bytes).map_err(|what| SnapshotError::Manifest { what })?;
    let manifest = Manifest {
        format: core.format,
        scope: core.scope,
        version: core.version,
        first_day: core.first_day,
        data_until: core.data_until,
        dimensions: core.dimensions,
        shards: core.shards,
        ..Manifest::empty()
    };
    check(&manifest)?;
    Ok(manifest)
}

/// The part of a manifest that counting needs, described at [`Manifest`]; other fields are skipped.
#[derive(Deserialize)]
pub struct Core {
    /// See [`Manifest::format`].
    pub format: u32,
    /// See [`Manifest::scope`].
    pub scope: String,
    /// See [`Manifest::version`].
    pub version: u64,
    /// See [`Manifest::first_day`].
    pub first_day: Day,
    /// See [`Manifest::data_until`].
    pub data_until: Day,
    /// See [`Manifest::dimensions`].
    pub dimensions: Dimensions,
    /// See [`Manifest::shards`].
    pub shards: Vec<ShardEntry>,
}

/// A manifest of another format lacks fields or has strange ones: its number says more than the first of those.
fn unreadable(bytes: &[u8], error: &serde_json::Error) -> SnapshotError {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    match serde_json::from_slice(bytes) {
        Ok(Version { format }) if format != FORMAT_VERSION => {
            SnapshotError::Format { found: format, expected: FORMAT_VERSION }
        }
        _ => SnapshotError::Manifest { what: error.to_string() },
    }
}

fn check_hash(bytes: &[u8]) -> Result<(), SnapshotError> {
    let damaged = |what: &str| SnapshotError::Manifest { what: what.to_owned() };
    let (prefix, rest) = bytes.split_at_checked(PREFIX).ok_or_else(|| damaged("it is too short"))?;
    let hash = prefix
        .strip_prefix(OPENING.as_bytes())
        .and_then(|p| p.strip_suffix(CLOSING.as_bytes()))
        .ok_or_else(|| damaged("it does not begin with its checksum"))?;
    if blake3::hash(rest).to_hex().as_bytes() != hash {
        return Err(damaged("its bytes do not match its checksum"));
    }
    Ok(())
}

/// The checksum that a manifest's file begins with; 64 hex digits, if it is one.
pub fn checksum(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes.get(OPENING.len()..OPENING.len() + HASH_DIGITS)?).ok()
}

/// The rules that readers rely on.
fn check(manifest: &Manifest) -> Result<(), SnapshotError> {
    if manifest.format != FORMAT_VERSION {
        return Err(SnapshotError::Format { found: manifest.format, expected: FORMAT_VERSION });
    }
    let rule = |holds: bool, what: &str| {
        if holds { Ok(()) } else { Err(SnapshotError::Manifest { what: what.to_owned() }) }
    };
    let dimensions = &manifest.dimensions;
    rule(manifest.first_day <= manifest.data_until, "its last day lies before its first")?;
    rule(dimensions.stores.len() <= 65_000, "it names more than 65,000 stores")?;
    rule(dimensions.channels.len() <= 254, "it names more than 254 channels")?;
    rule(dimensions.regions.len() <= 65_000, "it names more than 65,000 regions")?;
    rule(dimensions.touch_kinds.len() <= 255, "it names more than 255 kinds of touch")?;
    rule(dimensions.campaigns.len() <= 65_000, "it names more than 65,000 campaigns")?;
    rule(dimensions.tiers.len() <= 254, "it names more than 254 tiers")?;
    rule(manifest.shards.len() <= 65_536, "it names more than 65,536 shards")?;
    rule(
        dimensions.stores.iter().all(|s| usize::from(s.region) < dimensions.regions.len()),
        "a store names a region that is not there",
    )?;
    rule(manifest.shards.iter().all(|s| s.members as usize <= MAX_MEMBERS), "a shard has more than 16,384 members")?;
    rule(
        manifest.shards.iter().all(|s| s.hash.len() == HASH_DIGITS && s.hash.bytes().all(|b| b.is_ascii_hexdigit())),
        "a shard's name is not a BLAKE3 hash",
    )?;
    rule(manifest.campaigns.iter().all(|c| c.first_day <= c.last_day), "a campaign ends before it begins")?;
    rule(manifest.targets.as_ref().is_none_or(|targets| fits(targets, dimensions)), "its targets do not fit its names")
}

/// Whether every target is of a region or store that is there, and every list as long as it must be.
fn fits(targets: &Targets, dimensions: &Dimensions) -> bool {
    let months = targets.months as usize;
    let column = |of: &[u16], amounts: &[Option<i64>], names: usize| {
        of.is_sorted_by(|a, b| a < b)
            && of.last().is_none_or(|last| usize::from(*last) < names)
            && amounts.len() as u64 == of.len() as u64 * u64::from(targets.months)
            && amounts.iter().flatten().all(|amount| *amount >= 0)
    };
    targets.unit >= 1
        && targets.from.day_of_month() == 1
        && months <= MOST_MONTHS
        && column(&targets.regions, &targets.region_amounts, dimensions.regions.len())
        && column(&targets.stores, &targets.store_amounts, dimensions.stores.len())
        && (targets.whole.is_empty() || targets.whole.len() == months)
        && targets.whole.iter().flatten().all(|amount| *amount >= 0)
}

/// Writes a manifest in its file form.
#[cfg(feature = "write")]
pub fn render_manifest(manifest: &Manifest) -> Vec<u8> {
    let json = serde_json::to_string(manifest).expect("a manifest has string keys only");
    let rest = &json.as_bytes()[1..];
    let mut file = Vec::with_capacity(PREFIX + rest.len());
    file.extend_from_slice(OPENING.as_bytes());
    file.extend_from_slice(blake3::hash(rest).to_hex().as_bytes());
    file.extend_from_slice(CLOSING.as_bytes());
    file.extend_from_slice(rest);
    file
}

/// The name of a snapshot in answers: `<scope>-<version>`.
pub fn snapshot_id(manifest: &Manifest) -> String {
    let mut id = manifest.scope.clone();
    id.push('-');
    id.push_str(&manifest.version.to_string());
    id
}
