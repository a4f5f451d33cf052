//! `wellspring check`: verifies a snapshot and says what it holds, or which file is broken and what to do.

use std::fmt::Write;
use std::path::PathBuf;

use model::Manifest;
use snapshot::snapshot_id;

use crate::inspect::{Inspection, inspect};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The snapshot's folder.
    #[arg(long, env = "WELLSPRING_SNAPSHOT", value_name = "DIR")]
    snapshot: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Inspection { manifest, faults, wire_bytes, parts } = inspect(&args.snapshot)?;
    match faults.as_slice() {
        [] => super::print(&summary(&manifest, wire_bytes, parts)),
        [fault] => anyhow::bail!("{fault}"),
        [first, ..] => {
            super::print(&faults.iter().fold(String::new(), |text, fault| text + "broken: " + fault + "\n"))?;
            anyhow::bail!("{} faults, the first: {first}", faults.len())
        }
    }
}

fn summary(manifest: &Manifest, wire_bytes: u64, parts: usize) -> String {
    let Manifest { totals, dimensions, .. } = manifest;
    let bytes: u64 = manifest.shards.iter().map(|s| s.bytes).sum();
    let mut text =
        format!("snapshot   {} of {}, built {}\n", snapshot_id(manifest), manifest.tenant, manifest.built_at);
    let mut line = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<10} {value}");
    };
    line("days", format!("{} to {}", manifest.first_day, manifest.data_until));
    line(
        "stores",
        format!(
            "{} in {} regions, {} channels",
            dimensions.stores.len(),
            dimensions.regions.len(),
            dimensions.channels.len()
        ),
    );
    line("members", grouped(totals.members.into()));
    line(
        "orders",
        format!("{} and {} without a member", grouped(totals.orders.into()), grouped(totals.anonymous_orders.into())),
    );
    line("touches", grouped(totals.touches.into()));
    line("sales", money(totals.sales, manifest));
    line("refunded", money(totals.refunded, manifest));
    for table in &manifest.tables {
        let aside: u64 = table.quarantined.iter().map(|q| q.rows).sum();
        let from = if table.derived { ", made from other tables" } else { "" };
        line(
            &table.table,
            format!(
                "{} rows read, {} kept, {} duplicate, {} quarantined{from}",
                grouped(table.rows_read.into()),
                grouped(table.kept.into()),
                grouped(table.duplicate.into()),
                grouped(aside.into())
            ),
        );
    }
    line(
        "shards",
        format!(
            "{}, {} bytes, {} on the wire",
            manifest.shards.len(),
            grouped(bytes.into()),
            grouped(wire_bytes.into())
        ),
    );
    if parts > 0 {
        line("parts", format!("{parts} regions, published in the same step"));
    }
    line("verified", "every file is whole, and the shards add up to the manifest's totals".to_owned());
    text
}

/// Minor units as the currency writes them.
fn money(minor: i64, manifest: &Manifest) -> String {
    let digits = u32::from(manifest.currency_digits.min(8));
    let unit = 10i128.pow(digits);
    let minor = i128::from(minor);
    let sign = if minor < 0 { "-" } else { "" };
    let whole = grouped(minor.abs() / unit);
    let currency = &manifest.currency;
    if digits == 0 {
        return format!("{currency} {sign}{whole}");
    }
    format!("{currency} {sign}{whole}.{:0width$}", minor.abs() % unit, width = digits as usize)
}

/// Digits in groups of three; `number` is not negative.
pub(crate) fn grouped(number: i128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        let shown = [0, 12, 999, 1_000, 123_456, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "12", "999", "1,000", "123,456", "1,234,567"]);
    }
}
