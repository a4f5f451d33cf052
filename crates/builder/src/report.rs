//! What a build did: for people as a table, for programs as JSON.

use std::fmt;

use std::collections::HashSet;

use model::{Day, Identified, Manifest, OneId, ShardEntry, TableReport, Totals};
use serde::{Deserialize, Serialize};
use snapshot::write::{Grown, Growth};

/// What became of the source, and what the snapshot holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Whose data.
    pub tenant: String,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// Decimal places of the currency; amounts are in minor units.
    pub currency_digits: u8,
    /// Version that was published.
    pub version: u64,
    /// First day with a fact.
    pub first_day: Day,
    /// Last day with a fact.
    pub data_until: Day,
    /// Days from first to last.
    pub days: u32,
    /// Stores, the entry for facts without a store included.
    pub stores: u32,
    /// Channels, likewise.
    pub channels: u32,
    /// Shard files.
    pub shards: u32,
    /// Bytes of the shards, uncompressed.
    pub bytes: u64,
    /// Time the build took.
    pub seconds: f64,
    /// Sums over the snapshot.
    pub totals: Totals,
    /// Table by table: read = kept + duplicate + quarantined.
    pub tables: Vec<TableReport>,
    /// How much of the source was read, and how much was as the build before had read it.
    #[serde(default)]
    pub source: SourceRead,
    /// What differs from the snapshot before; none where this build did not go on from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// How identities became members; none where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_id: Option<OneId>,
    /// The rules they were joined by, in one form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_id_rules: Option<String>,
    /// The identified share of orders and sales by channel and month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identified: Option<Identified>,
    /// Snapshots beside the whole, one for each region where they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartReport>,
    /// Things worth a reader's eye that belong to no table.
    pub notes: Vec<String>,
}

/// How much of the source a build read. A table of a database counts as a file without bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceRead {
    /// Files that were read.
    pub files_read: u64,
    /// Their bytes, as they lie there.
    pub bytes_read: u64,
    /// Files that were not opened, since the build before had read them.
    pub files_unchanged: u64,
    /// Their bytes.
    pub bytes_unchanged: u64,
    /// Time until all rows were there.
    pub seconds: f64,
}

/// What differs from the snapshot before, and what that costs a reader's browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// The version gone on from.
    pub from: u64,
    /// Shards whose files all stay.
    pub kept: u32,
    /// Shards with a new tail.
    pub tails: u32,
    /// Shards written whole.
    pub bases: u32,
    /// Bytes on the wire that a browser fetches which has the version gone on from.
    pub fetched: u64,
    /// Bytes on the wire that a browser fetches which has nothing.
    pub all: u64,
}

impl Changes {
    pub(crate) fn new(before: &Manifest, now: &Manifest, grown: &[Grown]) -> Self {
        let known: HashSet<&str> = before.shards.iter().flat_map(ShardEntry::files).map(|file| file.hash).collect();
        let new = now.shards.iter().flat_map(ShardEntry::files).filter(|file| !known.contains(file.hash));
        let count = |growth| grown.iter().filter(|shard| shard.growth == growth).count() as u32;
        Self {
            from: before.version,
            kept: count(Growth::Kept),
            tails: count(Growth::Tail),
            bases: count(Growth::Base),
            fetched: new.map(|file| file.wire_bytes).sum(),
            all: now.shards.iter().map(ShardEntry::wire_total).sum(),
        }
    }
}

/// A snapshot of a region beside the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartReport {
    /// The manifest's name for it, also its folder in `scopes/`.
    pub scope: String,
    /// The region.
    pub region: String,
    /// Version that was published.
    pub version: u64,
    /// Stores.
    pub stores: u32,
    /// Shard files.
    pub shards: u32,
    /// Bytes of the shards as browsers get them.
    pub wire_bytes: u64,
    /// Sums over the part. A member met in two regions is in both.
    pub totals: Totals,
}

impl PartReport {
    fn new(manifest: &Manifest) -> Self {
        Self {
            scope: manifest.scope.clone(),
            region: manifest.dimensions.regions.first().map(|region| region.id.clone()).unwrap_or_default(),
            version: manifest.version,
            stores: manifest.dimensions.stores.len() as u32,
            shards: manifest.shards.len() as u32,
            wire_bytes: manifest.shards.iter().map(|shard| shard.wire_total()).sum(),
            totals: manifest.totals.clone(),
        }
    }
}

impl Report {
    pub(crate) fn new(
        manifest: &Manifest,
        parts: &[Manifest],
        notes: Vec<String>,
        rules: Option<String>,
        seconds: f64,
    ) -> Self {
        Self {
            changes: None,
            source: SourceRead::default(),
            one_id: manifest.one_id.clone(),
            one_id_rules: rules,
            identified: manifest.identified.clone(),
            parts: parts.iter().map(PartReport::new).collect(),
            tenant: manifest.tenant.clone(),
            currency: manifest.currency.clone(),
            currency_digits: manifest.currency_digits,
            version: manifest.version,
            first_day: manifest.first_day,
            data_until: manifest.data_until,
            days: (manifest.data_until.epoch_days() - manifest.first_day.epoch_days() + 1) as u32,
            stores: manifest.dimensions.stores.len() as u32,
            channels: manifest.dimensions.channels.len() as u32,
            shards: manifest.shards.len() as u32,
            bytes: manifest.shards.iter().map(|s| s.bytes_total()).sum(),
            seconds,
            totals: manifest.totals.clone(),
            tables: manifest.tables.clone(),
            notes,
        }
    }

    /// Rows set aside in all tables.
    pub fn quarantined(&self) -> u64 {
        self.tables.iter().map(quarantined).sum()
    }
}

/// Rows of a table that were set aside.
pub(crate) fn quarantined(table: &TableReport) -> u64 {
    table.quarantined.iter().map(|q| q.rows).sum()
}

/// `orders: 3 bad_amount, 1 bad_time`, for all tables with bad rows.
pub(crate) fn reasons<'a>(tables: impl IntoIterator<Item = &'a TableReport>) -> String {
    let lines: Vec<String> = tables
        .into_iter()
        .filter(|table| !table.quarantined.is_empty())
        .map(|table| {
            let counts: Vec<String> = table.quarantined.iter().map(|q| format!("{} {}", q.rows, q.reason)).collect();
            format!("{}: {}", table.table, counts.join(", "))
        })
        .collect();
    if lines.is_empty() { "no row was set aside".to_owned() } else { lines.join("; ") }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<10}{:>14}{:>14}{:>11}{:>13}  amount kept",
            "table", "rows read", "kept", "duplicate", "quarantined"
        )?;
        for table in &self.tables {
            let name = if table.derived { format!("{}*", table.table) } else { table.table.clone() };
            let amount = if table.kept_amount == 0 { String::new() } else { self.money(table.kept_amount) };
            let line = format!(
                "{name:<10}{:>14}{:>14}{:>11}{:>13}  {amount}",
                grouped(table.rows_read),
                grouped(table.kept),
                grouped(table.duplicate),
                grouped(quarantined(table)),
            );
            writeln!(f, "{}", line.trim_end())?;
            for count in &table.quarantined {
                writeln!(f, "{:>10}{:>52}  {}", "", grouped(count.rows), count.reason)?;
            }
            for note in &table.notes {
                writeln!(f, "          note: {note}")?;
            }
        }
        if self.tables.iter().any(|t| t.derived) {
            writeln!(f, "* no such file: made from the other tables")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        let t = &self.totals;
        writeln!(f)?;
        if let Some(one_id) = &self.one_id {
            joined(f, one_id)?;
        }
        writeln!(
            f,
            "{} members, {} stores, {} channels, {} days from {} to {}",
            grouped(t.members),
            grouped(self.stores.into()),
            grouped(self.channels.into()),
            grouped(self.days.into()),
            self.first_day,
            self.data_until
        )?;
        writeln!(
            f,
            "{} orders of members and {} anonymous, {} touches",
            grouped(t.orders),
            grouped(t.anonymous_orders),
            grouped(t.touches)
        )?;
        writeln!(
            f,
            "sales {} {}, of it {} anonymous; refunds took off {} and cancelled {} orders",
            self.currency,
            self.money(t.sales),
            self.money(t.anonymous_sales),
            self.money(t.refunded),
            grouped(t.orders_fully_refunded)
        )?;
        if t.returns_unattached > 0 {
            writeln!(
                f,
                "{} returns of {} name no order here; they lower nothing",
                grouped(t.returns_unattached),
                self.money(t.returns_unattached_amount)
            )?;
        }
        for part in &self.parts {
            let t = &part.totals;
            writeln!(
                f,
                "{} ({}): {} members, {} orders, sales {} {}, {} shards of {} bytes on the wire",
                part.region,
                part.scope,
                grouped(t.members),
                grouped(t.orders + t.anonymous_orders),
                self.currency,
                self.money(t.sales),
                part.shards,
                grouped(part.wire_bytes)
            )?;
        }
        let read = &self.source;
        write!(f, "read {} files, {} bytes", grouped(read.files_read), grouped(read.bytes_read))?;
        if read.files_unchanged > 0 {
            let (files, bytes) = (grouped(read.files_unchanged), grouped(read.bytes_unchanged));
            write!(f, "; {files} files, {bytes} bytes are as the build before read them")?;
        }
        writeln!(f, ", {:.1} s", read.seconds)?;
        if let Some(changes) = &self.changes {
            writeln!(
                f,
                "over version {}: {} shards kept, {} with a new tail, {} written whole; a browser that has it fetches {} of {} bytes, {:.1} %",
                changes.from,
                changes.kept,
                changes.tails,
                changes.bases,
                grouped(changes.fetched),
                grouped(changes.all),
                100.0 * changes.fetched as f64 / changes.all.max(1) as f64
            )?;
        }
        write!(
            f,
            "version {}: {} shards, {} bytes, {:.1} s",
            self.version,
            self.shards,
            grouped(self.bytes),
            self.seconds
        )
    }
}

impl Report {
    fn money(&self, minor: i64) -> String {
        let unit = 10u64.pow(self.currency_digits.into());
        let sign = if minor < 0 { "-" } else { "" };
        let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        match self.currency_digits {
            0 => format!("{sign}{}", grouped(whole)),
            digits => format!("{sign}{}.{part:0width$}", grouped(whole), width = digits.into()),
        }
    }
}

/// How identities became members.
fn joined(f: &mut fmt::Formatter<'_>, one_id: &OneId) -> fmt::Result {
    writeln!(
        f,
        "{:<12}{:>13}{:>13}{:>12}{:>12}{:>13}{:>13}",
        "key", "values", "joins", "too shared", "recycled", "orders", "touches"
    )?;
    for key in &one_id.keys {
        let counts = [key.values, key.joins, key.over_shared, key.recycled, key.orders, key.touches].map(grouped);
        let [values, joins, shared, recycled, orders, touches] = counts;
        writeln!(f, "{:<12}{values:>13}{joins:>13}{shared:>12}{recycled:>12}{orders:>13}{touches:>13}", key.key)?;
    }
    writeln!(f, "{} identities are {} members", grouped(one_id.identities), grouped(one_id.members))?;
    for conflict in &one_id.conflicts {
        writeln!(f, "{} joins were refused: {}", grouped(conflict.pairs), conflict.reason)?;
    }
    if one_id.orders_without + one_id.touches_without > 0 {
        writeln!(
            f,
            "{} orders and {} touches carry nothing but what too many share",
            grouped(one_id.orders_without),
            grouped(one_id.touches_without)
        )?;
    }
    writeln!(f)
}

/// Digits in threes.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
