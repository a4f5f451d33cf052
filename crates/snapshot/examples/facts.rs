//! Writes a snapshot's facts as plain columns, for the contestants of the browser benchmark.
//!
//! `cargo run --release -p snapshot --features files --example facts -- SNAPSHOT_DIR OUT_DIR`. The shards are read by this crate,
//! the one decoder of the format; every file in OUT_DIR is one little-endian column, named `table.column.type`,
//! and `facts.json` says what the numbers mean. Members are numbered through all shards; days count from the first.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use snapshot::{Rows, Shard, files};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(source), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("give the snapshot's folder and the folder to write".into());
    };
    fs::create_dir_all(&out)?;
    let files::Loaded { manifest, shards, .. } = files::load(&source)?;
    let base = shards.iter().scan(0, |next, shard| {
        let base = *next;
        *next += shard.members() as u32;
        Some(base)
    });
    let base: Vec<u32> = base.collect();
    table(&out, "orders", &shards, &base, Shard::orders)?;
    table(&out, "anonymous", &shards, &base, Shard::anonymous)?;
    table(&out, "touches", &shards, &base, Shard::touches)?;
    let first_orders: Vec<u16> = shards.iter().flat_map(|shard| shard.first_order_day().iter().copied()).collect();
    column(&out, "members.first_order_day.u16", first_orders.iter().map(|day| day.to_le_bytes()))?;
    let dimensions = &manifest.dimensions;
    let facts = serde_json::json!({
        "first_day": manifest.first_day,
        "data_until": manifest.data_until,
        "members": first_orders.len(),
        "regions": dimensions.regions.iter().map(|region| &region.id).collect::<Vec<_>>(),
        "stores": dimensions.stores.iter().map(|store| &store.id).collect::<Vec<_>>(),
        "store_regions": dimensions.stores.iter().map(|store| store.region).collect::<Vec<_>>(),
        "channels": dimensions.channels.len(),
    });
    fs::write(out.join("facts.json"), facts.to_string())?;
    Ok(())
}

/// Writes one kind of fact of all shards, shard by shard, in the order in which they stand.
fn table(
    out: &Path,
    name: &str,
    shards: &[Shard],
    base: &[u32],
    of: for<'a> fn(&'a Shard) -> Rows<'a>,
) -> Result<(), Box<dyn Error>> {
    let rows: Vec<Rows<'_>> = shards.iter().map(of).collect();
    let days = rows.iter().flat_map(|rows| {
        let days = rows.offsets.windows(2).enumerate();
        days.flat_map(|(day, bounds)| (bounds[0]..bounds[1]).map(move |_| (day as u16).to_le_bytes()))
    });
    column(out, &format!("{name}.day.u16"), days)?;
    let members = rows.iter().zip(base);
    let members =
        members.flat_map(|(rows, &base)| rows.member.iter().map(move |&m| (base + u32::from(m)).to_le_bytes()));
    column(out, &format!("{name}.member.u32"), members)?;
    column(out, &format!("{name}.store.u16"), rows.iter().flat_map(|rows| rows.store).map(|v| v.to_le_bytes()))?;
    column(out, &format!("{name}.channel.u8"), rows.iter().flat_map(|rows| rows.channel).map(|v| v.to_le_bytes()))?;
    let amounts = rows.iter().flat_map(|rows| rows.amount.iter());
    column(out, &format!("{name}.amount.i64"), amounts.map(i64::to_le_bytes))
}

fn column<const N: usize>(out: &Path, name: &str, values: impl Iterator<Item = [u8; N]>) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(out.join(name))?);
    for value in values {
        file.write_all(&value)?;
    }
    Ok(file.flush()?)
}
