//! One opened shard: its columns as typed slices over one owned buffer.
//!
//! Opening copies the file once into aligned memory, checks everything the kernels rely on, and undoes the coding
//! (member gaps, home stores, source channels) in place. After that every member number is below
//! [`Shard::members`], every store and channel number is in the manifest's lists, and row ranges are in order,
//! so that kernels scan without asking again.

use std::ops::Range;

use model::{Manifest, ShardEntry};

use crate::ipc::{self, Layout, Table};
use crate::{MAX_MEMBERS, NONE_U8, NONE_U16, SnapshotError};

/// The facts and members of one shard.
pub struct Shard {
    /// The file, aligned for 8-byte values.
    words: Vec<u64>,
    days: usize,
    members: Members,
    orders: Facts,
    anonymous: Facts,
    touches: Facts,
}

/// Where the member columns lie.
#[derive(Default)]
struct Members {
    len: usize,
    home_store: Range<usize>,
    source_channel: Range<usize>,
    tier: Range<usize>,
    joined_day: Range<usize>,
    first_order_day: Range<usize>,
}

/// Where the columns of one kind of fact lie; columns a kind lacks are empty.
#[derive(Default)]
struct Facts {
    offsets: Range<usize>,
    member: Range<usize>,
    store: Range<usize>,
    channel: Range<usize>,
    kind: Range<usize>,
    campaign: Range<usize>,
    minute: Range<usize>,
    amount: Range<usize>,
    amount_width: usize,
}

/// Facts of one kind in time order. Day `d` holds rows `offsets[d]..offsets[d + 1]`.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// One more than there are days, never falling.
    pub offsets: &'a [u32],
    /// Local member number of each row; empty for anonymous orders.
    pub member: &'a [u16],
    /// Index into the manifest's stores.
    pub store: &'a [u16],
    /// Index into the manifest's channels.
    pub channel: &'a [u8],
    /// Index into the manifest's touch kinds; empty for orders.
    pub kind: &'a [u8],
    /// Index into the manifest's campaigns or [`NONE_U16`]; empty where the snapshot has none.
    pub campaign: &'a [u16],
    /// Minute of the business day or [`NONE_U16`]; empty where unknown throughout.
    pub minute: &'a [u16],
    /// Net paid, minor units; empty for touches.
    pub amount: Amounts<'a>,
}

impl Rows<'_> {
    /// The rows of days `days`, which are clamped to those there are.
    pub fn range(&self, days: Range<usize>) -> Range<usize> {
        let last = self.offsets.len() - 1;
        let at = |day: usize| self.offsets[day.min(last)] as usize;
        at(days.start)..at(days.end).max(at(days.start))
    }
}

/// Amounts in the width that the shard needs.
#[derive(Clone, Copy)]
pub enum Amounts<'a> {
    /// All fit 32 bits.
    U32(&'a [u32]),
    /// At least one does not; none is negative.
    I64(&'a [i64]),
}

impl Shard {
    /// Opens the bytes of `shards/<hash>.arrow` against its entry in the manifest.
    pub fn open(bytes: &[u8], manifest: &Manifest, entry: &ShardEntry) -> Result<Self, SnapshotError> {
        let file = || entry.hash.chars().take(16).collect::<String>() + "….arrow";
        let found = bytes.len() as u64;
        if found != entry.bytes {
            return Err(SnapshotError::Length { file: file(), found, expected: entry.bytes });
        }
        if *blake3::hash(bytes).to_hex() != *entry.hash {
            return Err(SnapshotError::Hash { file: file() });
        }
        Self::open_unhashed(bytes, manifest, entry)
            .map_err(|what| SnapshotError::Layout { file: file(), what: what.to_owned() })
    }

    /// Everything [`Shard::open`] does after the checksum: what a file with a true name may still get wrong.
    fn open_unhashed(bytes: &[u8], manifest: &Manifest, entry: &ShardEntry) -> Result<Self, &'static str> {
        let layout = ipc::layout(bytes)?;
        let days = manifest.data_until.epoch_days() - manifest.first_day.epoch_days() + 1;
        if i32::try_from(layout.rows) != Ok(days) {
            return Err("it has not one row for each day");
        }
        let mut words = vec![0u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut::<u64, u8>(&mut words)[..bytes.len()].copy_from_slice(bytes);
        let mut shard = Self {
            words,
            days: layout.rows,
            members: members(&layout)?,
            orders: facts(&layout, "orders", "member_gap")?,
            anonymous: facts(&layout, "anonymous", "")?,
            touches: facts(&layout, "touches", "member_gap")?,
        };
        let counts = [
            shard.members.len == entry.members as usize,
            shard.orders.store.len() / 2 == entry.orders as usize,
            shard.anonymous.store.len() / 2 == entry.anonymous as usize,
            shard.touches.store.len() / 2 == entry.touches as usize,
        ];
        if counts.contains(&false) {
            return Err("its counts are not the manifest's");
        }
        if shard.orders.amount_width == 0
            || shard.anonymous.amount_width == 0
            || shard.touches.kind.is_empty() != shard.touches.store.is_empty()
        {
            return Err("a column is missing");
        }
        shard.check_members(manifest)?;
        shard.decode(manifest)?;
        Ok(shard)
    }

    /// Business days, one row each, the first being the manifest's `first_day`.
    pub fn days(&self) -> usize {
        self.days
    }

    /// Members, numbered from 0.
    pub fn members(&self) -> usize {
        self.members.len
    }

    /// Each member's home store, or [`NONE_U16`].
    pub fn home_store(&self) -> &[u16] {
        self.slice(&self.members.home_store)
    }

    /// Each member's source channel, or [`NONE_U8`].
    pub fn source_channel(&self) -> &[u8] {
        self.slice(&self.members.source_channel)
    }

    /// Each member's tier, or [`NONE_U8`].
    pub fn tier(&self) -> &[u8] {
        self.slice(&self.members.tier)
    }

    /// Day of joining since 1970-01-01, or [`crate::UNKNOWN_DAY`].
    pub fn joined_day(&self) -> &[i32] {
        self.slice(&self.members.joined_day)
    }

    /// Day of the first order ever, counted from the manifest's first day, or [`NONE_U16`].
    pub fn first_order_day(&self) -> &[u16] {
        self.slice(&self.members.first_order_day)
    }

    /// Orders of members, sorted by day, then member.
    pub fn orders(&self) -> Rows<'_> {
        self.rows(&self.orders)
    }

    /// Orders without a member, sorted by day.
    pub fn anonymous(&self) -> Rows<'_> {
        self.rows(&self.anonymous)
    }

    /// Touches, sorted by day, then member.
    pub fn touches(&self) -> Rows<'_> {
        self.rows(&self.touches)
    }

    /// Bytes of memory the shard holds.
    pub fn memory_bytes(&self) -> usize {
        self.words.len() * 8
    }

    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.words)
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.words)
    }

    /// Ranges were checked for bounds and alignment when the shard was opened.
    fn slice<T: bytemuck::AnyBitPattern>(&self, range: &Range<usize>) -> &[T] {
        bytemuck::cast_slice(&self.bytes()[range.clone()])
    }

    fn rows<'a>(&'a self, facts: &Facts) -> Rows<'a> {
        Rows {
            offsets: self.slice(&facts.offsets),
            member: self.slice(&facts.member),
            store: self.slice(&facts.store),
            channel: self.slice(&facts.channel),
            kind: self.slice(&facts.kind),
            campaign: self.slice(&facts.campaign),
            minute: self.slice(&facts.minute),
            amount: match facts.amount_width {
                8 => Amounts::I64(self.slice(&facts.amount)),
                4 => Amounts::U32(self.slice(&facts.amount)),
                _ => Amounts::U32(&[]),
            },
        }
    }

    fn check_members(&self, manifest: &Manifest) -> Result<(), &'static str> {
        let stores = manifest.dimensions.stores.len();
        let channels = manifest.dimensions.channels.len();
        let known = |code: u16, count: usize| code == NONE_U16 || usize::from(code) < count;
        if !self.home_store().iter().all(|&s| known(s, stores)) {
            return Err("a home store is not in the manifest");
        }
        if !self.source_channel().iter().all(|&c| c == NONE_U8 || usize::from(c) < channels) {
            return Err("a source channel is not in the manifest");
        }
        if !self.first_order_day().iter().all(|&d| known(d, self.days)) {
            return Err("a first order lies outside the calendar");
        }
        Ok(())
    }

    fn decode(&mut self, manifest: &Manifest) -> Result<(), &'static str> {
        let home = self.home_store().to_vec();
        let source = self.source_channel().to_vec();
        let decoder = Decoder {
            home: &home,
            source: &source,
            stores: manifest.dimensions.stores.len(),
            channels: manifest.dimensions.channels.len(),
        };
        for which in [Which::Orders, Which::Anonymous, Which::Touches] {
            let facts = std::mem::take(self.facts_mut(which));
            check_offsets(self.slice(&facts.offsets), facts.store.len() / 2)?;
            decoder.decode(&facts, self.bytes_mut())?;
            self.check_facts(&facts, manifest)?;
            *self.facts_mut(which) = facts;
        }
        Ok(())
    }

    fn facts_mut(&mut self, which: Which) -> &mut Facts {
        match which {
            Which::Orders => &mut self.orders,
            Which::Anonymous => &mut self.anonymous,
            Which::Touches => &mut self.touches,
        }
    }

    fn check_facts(&self, facts: &Facts, manifest: &Manifest) -> Result<(), &'static str> {
        let rows = self.rows(facts);
        let kinds = manifest.dimensions.touch_kinds.len();
        if rows.kind.iter().any(|&k| usize::from(k) >= kinds) {
            return Err("a touch kind is not in the manifest");
        }
        let campaigns = manifest.dimensions.campaigns.len();
        if rows.campaign.iter().any(|&c| c != NONE_U16 && usize::from(c) >= campaigns) {
            return Err("a campaign is not in the manifest");
        }
        if let Amounts::I64(amounts) = rows.amount {
            let sum = amounts.iter().try_fold(0i64, |sum, &a| if a < 0 { None } else { sum.checked_add(a) });
            // Room for 1,024 such shards in one sum.
            if sum.is_none_or(|sum| sum > i64::MAX >> 10) {
                return Err("an amount is negative or absurd");
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Which {
    Orders,
    Anonymous,
    Touches,
}

fn check_offsets(offsets: &[u32], rows: usize) -> Result<(), &'static str> {
    let ordered = offsets.first() == Some(&0)
        && offsets.windows(2).all(|pair| pair[0] <= pair[1])
        && offsets.last().map(|&last| last as usize) == Some(rows);
    if ordered { Ok(()) } else { Err("its days are out of order") }
}

/// Undoes the coding of FORMAT.md in place.
struct Decoder<'a> {
    home: &'a [u16],
    source: &'a [u8],
    stores: usize,
    channels: usize,
}

impl Decoder<'_> {
    fn decode(&self, facts: &Facts, bytes: &mut [u8]) -> Result<(), &'static str> {
        let offsets = bytemuck::cast_slice::<u8, u32>(&bytes[facts.offsets.clone()]).to_vec();
        let identified = !facts.member.is_empty() || facts.store.is_empty();
        for day in offsets.windows(2) {
            let mut member = 0u16;
            for row in day[0] as usize..day[1] as usize {
                if identified {
                    let gap = read_u16(bytes, &facts.member, row);
                    member = member.checked_add(gap).ok_or("a member is not in the shard")?;
                    write_u16(bytes, &facts.member, row, member);
                }
                let home = if identified { self.home.get(usize::from(member)) } else { Some(&NONE_U16) };
                let home = *home.ok_or("a member is not in the shard")?;
                let source = if identified { self.source[usize::from(member)] } else { NONE_U8 };
                let store = match read_u16(bytes, &facts.store, row) {
                    0 => home,
                    code => code - 1,
                };
                let channel = match bytes[facts.channel.start + row] {
                    0 => source,
                    code => code - 1,
                };
                if usize::from(store) >= self.stores || usize::from(channel) >= self.channels {
                    return Err("a store or channel is not in the manifest");
                }
                write_u16(bytes, &facts.store, row, store);
                bytes[facts.channel.start + row] = channel;
            }
        }
        Ok(())
    }
}

fn read_u16(bytes: &[u8], column: &Range<usize>, row: usize) -> u16 {
    let at = column.start + row * 2;
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn write_u16(bytes: &mut [u8], column: &Range<usize>, row: usize, value: u16) {
    let at = column.start + row * 2;
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn members(layout: &Layout) -> Result<Members, &'static str> {
    let table = table(layout, "members")?;
    if table.len > MAX_MEMBERS {
        return Err("it has more than 16,384 members");
    }
    Ok(Members {
        len: table.len,
        home_store: required(table, "home_store", 2)?,
        source_channel: required(table, "source_channel", 1)?,
        tier: required(table, "tier", 1)?,
        joined_day: required(table, "joined_day", 4)?,
        first_order_day: required(table, "first_order_day", 2)?,
    })
}

/// `member` names the member column; the empty name means that the facts have no member.
fn facts(layout: &Layout, name: &str, member: &str) -> Result<Facts, &'static str> {
    let table = table(layout, name)?;
    let (amount, amount_width) = match table.columns.iter().find(|c| c.name == "amount") {
        Some(c) if (c.width, c.signed) == (4, false) || (c.width, c.signed) == (8, true) => {
            (aligned(c.bytes.clone(), c.width)?, c.width)
        }
        Some(_) => return Err("amounts have an unknown type"),
        None => (0..0, 0),
    };
    Ok(Facts {
        offsets: aligned(table.offsets.clone(), 4)?,
        member: if member.is_empty() { 0..0 } else { required(table, member, 2)? },
        store: required(table, "store", 2)?,
        channel: required(table, "channel", 1)?,
        kind: optional(table, "kind", 1)?,
        campaign: optional(table, "campaign", 2)?,
        minute: optional(table, "minute", 2)?,
        amount,
        amount_width,
    })
}

fn table<'a>(layout: &'a Layout, name: &str) -> Result<&'a Table, &'static str> {
    layout.tables.iter().find(|t| t.name == name).ok_or("a table is missing")
}

fn required(table: &Table, name: &str, width: usize) -> Result<Range<usize>, &'static str> {
    match table.columns.iter().find(|c| c.name == name) {
        Some(column) if column.width == width => aligned(column.bytes.clone(), width),
        Some(_) => Err("a column has an unknown type"),
        None => Err("a column is missing"),
    }
}

fn optional(table: &Table, name: &str, width: usize) -> Result<Range<usize>, &'static str> {
    if table.columns.iter().any(|c| c.name == name) { required(table, name, width) } else { Ok(0..0) }
}

fn aligned(range: Range<usize>, width: usize) -> Result<Range<usize>, &'static str> {
    if range.start.is_multiple_of(width) { Ok(range) } else { Err("a column is not aligned") }
}
