//! Puts a shard in place over what was published before: as it is, with a tail, or as a new base.
//!
//! A tail is fetched every night and grows every night; a base is fetched once and then stays. Both cost a reader who
//! comes daily the same when a file is written anew as soon as the tails that followed it weigh as much as itself.
//! That needs no knowledge of how fast a shard grows, and it holds for the tails on a tail as well: a small one takes
//! up the nights, and from time to time goes into the large one beneath it.

use std::fs;

use model::{Manifest, ShardEntry};

use super::store::{BROTLI_QUALITY, compress, counted};
use super::{Before, Change, Publisher, ShardData};
use crate::files::shard_path;
use crate::{Amounts, NONE_U16, Rows, Shard, SnapshotError};

/// Tails that a shard is given at the most: with two, a night costs a reader half of what it costs with one; with
/// three hardly less than with two.
const TAILS: usize = 2;
/// The best compression, which takes no time for tails as nights make them; those of more bytes are packed like bases.
const TAIL_QUALITY: u32 = 11;
const LARGE: usize = 256 << 10;

/// Where a shard stands when a build begins.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// What the manifest before says of it.
    pub entry: &'a ShardEntry,
    /// Of each of its files, bytes on the wire of the tails that directly followed it since it was written. What is
    /// missing counts as none.
    pub spent: &'a [u64],
    /// How many times the base's bytes its tails may take: shards that differ in it are not all written anew in one
    /// night.
    pub patience: f64,
}

/// A shard put in place.
#[derive(Clone, Debug, PartialEq)]
pub struct Grown {
    /// Its entry in the manifest.
    pub entry: ShardEntry,
    /// For the next build's [`Standing::spent`].
    pub spent: Vec<u64>,
    /// What was done.
    pub growth: Growth,
}

/// What was done to a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Nothing: all its files stay.
    Kept,
    /// A tail was written.
    Tail,
    /// The base was written anew.
    Base,
}

impl Publisher {
    /// Puts a shard in place over what it was before; `now` holds the names and days as they are now.
    ///
    /// What the files give is compared with the rows before the files are named. Where the files before cannot be read,
    /// the shard becomes a new base.
    pub fn add_over(
        &self,
        data: &ShardData,
        before: Option<Standing<'_>>,
        now: &Manifest,
    ) -> Result<Grown, SnapshotError> {
        if let Some(before) = before
            && let Some(grown) = self.grow(data, before, now)?
        {
            return Ok(grown);
        }
        Ok(Grown { entry: self.add(data)?, spent: vec![0], growth: Growth::Base })
    }

    fn grow(&self, data: &ShardData, before: Standing<'_>, now: &Manifest) -> Result<Option<Grown>, SnapshotError> {
        let Standing { entry, spent, patience } = before;
        let files: Result<Vec<Vec<u8>>, _> =
            entry.files().map(|file| fs::read(shard_path(self.folder(), file.hash))).collect();
        let Ok(files) = files else { return Ok(None) };
        let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        let spent_on = |level: usize| spent.get(level).copied().unwrap_or(0);
        for level in (0..=entry.tails.len().min(TAILS - 1)).rev() {
            // Names that moved make files unreadable: they were right under the names before.
            let Ok(below) = Before::open(&files[..=level], now, entry) else { return Ok(None) };
            let kept = &entry.tails[..level];
            let mut grown = Grown {
                entry: ShardEntry { tails: kept.to_vec(), ..named(entry, data) },
                spent: (0..=level).map(spent_on).collect(),
                growth: if kept.len() == entry.tails.len() { Growth::Kept } else { Growth::Tail },
            };
            let tail = match below.change(data)? {
                Change::Apart => return Ok(None),
                Change::Nothing => return Ok(Some(grown)),
                Change::Tail(tail) => tail,
            };
            if tail.len() as u64 > entry.bytes {
                // Nearly everything changed: names or members were numbered anew.
                continue;
            }
            let packed = compress(&tail, if tail.len() > LARGE { BROTLI_QUALITY } else { TAIL_QUALITY });
            let hash = crate::content_hash(&tail);
            if entry.tails.get(level).is_some_and(|same| same.hash == hash) && entry.tails.len() == level + 1 {
                grown.entry.tails = entry.tails.clone();
                grown.growth = Growth::Kept;
                return Ok(Some(grown));
            }
            let weight = entry.files().nth(level).map_or(0, |file| file.wire_bytes) as f64;
            let allowed = if level == 0 { weight * patience } else { weight };
            let spent = spent_on(level) + packed.len() as u64;
            if spent as f64 > allowed {
                continue;
            }
            let promised = model::Tail { hash, bytes: tail.len() as u64, wire_bytes: packed.len() as u64 };
            grown.entry.tails.push(promised);
            grown.growth = Growth::Tail;
            grown.spent[level] = spent;
            grown.spent.push(0);
            let all: Vec<&[u8]> = files[..=level].iter().copied().chain([tail.as_slice()]).collect();
            let gives = Shard::open(&all, now, &grown.entry)?;
            if !holds(&gives, data) {
                debug_assert!(false, "a tail gave other rows than it was made from");
                return Ok(None);
            }
            self.put_file(&tail, &packed)?;
            return Ok(Some(grown));
        }
        Ok(None)
    }
}

/// The base of an entry with the counts of today.
fn named(entry: &ShardEntry, data: &ShardData) -> ShardEntry {
    ShardEntry { hash: entry.hash.clone(), bytes: entry.bytes, wire_bytes: entry.wire_bytes, ..counted(data) }
}

/// Whether a shard holds exactly these rows.
fn holds(shard: &Shard, data: &ShardData) -> bool {
    let (o, a, t, m) = (&data.orders, &data.anonymous, &data.touches, &data.members);
    let (orders, anonymous, touches) = (shard.orders(), shard.anonymous(), shard.touches());
    let days = shard.days();
    shard.home_store() == m.home_store
        && shard.source_channel() == m.source_channel
        && shard.tier() == m.tier
        && shard.joined_day() == m.joined_day
        && [(&orders, &o.day), (&anonymous, &a.day), (&touches, &t.day)].iter().all(|(rows, day)| on(rows, day, days))
        && orders.member == o.member
        && touches.member == t.member
        && [(&orders, &o.store), (&anonymous, &a.store), (&touches, &t.store)]
            .iter()
            .all(|(r, s)| r.store == s.as_slice())
        && [(&orders, &o.channel), (&anonymous, &a.channel), (&touches, &t.channel)]
            .iter()
            .all(|(r, c)| r.channel == c.as_slice())
        && [(&orders, &o.campaign), (&anonymous, &a.campaign), (&touches, &t.campaign)]
            .iter()
            .all(|(rows, campaign)| under(rows, campaign))
        && same_amounts(orders.amount, &o.amount)
        && same_amounts(anonymous.amount, &a.amount)
        && t.kind.iter().enumerate().all(|(row, kind)| touches.kind.get(row) == *kind)
}

fn on(rows: &Rows<'_>, day: &[u16], days: usize) -> bool {
    rows.offsets.len() == days + 1
        && rows.store.len() == day.len()
        && rows.offsets.windows(2).enumerate().all(|(d, pair)| {
            day.get(pair[0] as usize..pair[1] as usize).is_some_and(|rows| rows.iter().all(|x| usize::from(*x) == d))
        })
}

fn under(rows: &Rows<'_>, campaign: &[u16]) -> bool {
    let marked = (0u32..).zip(campaign).filter(|(_, code)| **code != NONE_U16);
    marked.eq(rows.campaign.rows.iter().copied().zip(rows.campaign.codes))
}

fn same_amounts(found: Amounts<'_>, amounts: &[i64]) -> bool {
    found.iter().eq(amounts.iter().copied())
}
