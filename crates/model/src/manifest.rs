//! The manifest of a snapshot: what it holds, under which names, in which files.
//!
//! Shards hold numbers only; every name a reader sees is in [`Dimensions`].
//! A fact's store, channel and touch kind are indexes into these lists.

use serde::{Deserialize, Serialize};

use crate::{Campaign, Day, Identified, OneId, Targets};

/// The version of the snapshot format this build reads and writes.
pub const FORMAT_VERSION: u32 = 2;

/// `manifest.json`: read first, small, written last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: u32,
    /// Whose data this is, for display.
    pub tenant: String,
    /// Which part of the tenant's data: `all`.
    pub scope: String,
    /// Rises by one with every publish into the same folder.
    pub version: u64,
    /// When it was built, RFC 3339 in UTC.
    pub built_at: String,
    /// The first day with a fact; row 0 of every shard.
    pub first_day: Day,
    /// The last day with a fact; every shard has one row a day from `first_day` to this one.
    pub data_until: Day,
    /// ISO 4217 code, such as `CNY`.
    pub currency: String,
    /// Decimal places between the minor unit stored and the currency's unit: 2 for CNY.
    pub currency_digits: u8,
    /// Names of everything that shards refer to by number.
    pub dimensions: Dimensions,
    /// The files that hold the facts; a member's whole history is in one of them.
    pub shards: Vec<ShardEntry>,
    /// Sums over the whole snapshot, to reconcile with the source.
    pub totals: Totals,
    /// What became of every source row, table by table.
    pub tables: Vec<TableReport>,
    /// Campaigns whose days are known, by their first days; empty where the source does not give them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<Campaign>,
    /// Sales targets; none where the source does not give them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Targets>,
    /// How identities became members; none where the source has no identities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_id: Option<OneId>,
    /// The identified share of orders and sales by channel and month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identified: Option<Identified>,
    /// BLAKE3 of the build's record, `versions/<version>/record.json`, so that it belongs to this manifest and no
    /// other; none in a part's manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

impl Manifest {
    /// A manifest of nothing: what a writer does not know of stays so.
    pub fn empty() -> Self {
        Self {
            format: FORMAT_VERSION,
            tenant: String::new(),
            scope: String::new(),
            version: 0,
            built_at: String::new(),
            first_day: Day::FIRST,
            data_until: Day::FIRST,
            currency: String::new(),
            currency_digits: 0,
            dimensions: Dimensions::default(),
            shards: Vec::new(),
            totals: Totals::default(),
            tables: Vec::new(),
            campaigns: Vec::new(),
            targets: None,
            one_id: None,
            identified: None,
            record: None,
        }
    }
}

/// Names of everything that shards refer to by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimensions {
    /// In the order of display; a store names its region by index.
    pub regions: Vec<Region>,
    /// At most 65,000. A store with the empty id stands for facts without a store.
    pub stores: Vec<Store>,
    /// At most 254. A channel with the empty id stands for facts without a channel.
    pub channels: Vec<Channel>,
    /// At most 255 kinds of touch, such as `visit`.
    pub touch_kinds: Vec<String>,
    /// At most 65,000 campaign ids.
    pub campaigns: Vec<String>,
    /// At most 254 member tiers.
    pub tiers: Vec<String>,
}

/// A region (大区).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// The source's name, also its id; empty for stores without a region.
    pub id: String,
}

/// A store (门店).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The source's `store_id`.
    pub id: String,
    /// Display name; the id where the source has none.
    pub name: String,
    /// Index into [`Dimensions::regions`].
    pub region: u16,
    /// City, empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// `direct`, `franchise`, `dealer`, `online`; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
}

/// A channel (渠道).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// The source's `channel_id`.
    pub id: String,
    /// Display name; the id where the source has none.
    pub name: String,
    /// `store`, `owned`, `marketplace`, `social`, `ads`; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Whose ground the channel is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<ChannelDomain>,
}

/// Whose ground a channel is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChannelDomain {
    /// A platform's (公域).
    Public,
    /// The retailer's own (私域).
    Private,
}

/// One shard file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardEntry {
    /// BLAKE3 of the uncompressed file, 64 hex digits; its name is `shards/<hash>.arrow`.
    pub hash: String,
    /// Size of the uncompressed file.
    pub bytes: u64,
    /// Size of the file as browsers get it, `shards/<hash>.arrow.br`, so that a reader can keep to a budget of bytes.
    pub wire_bytes: u64,
    /// Members, at most 16,384.
    pub members: u32,
    /// Orders of members.
    pub orders: u32,
    /// Orders without a member.
    pub anonymous: u32,
    /// Touches.
    pub touches: u32,
}

/// A file of a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardFile<'a> {
    /// BLAKE3 of the uncompressed file, which also names it.
    pub hash: &'a str,
    /// Size of the uncompressed file.
    pub bytes: u64,
    /// Size of the file as browsers get it.
    pub wire_bytes: u64,
}

impl ShardEntry {
    /// Every file that the shard is made from; what no kept manifest names so is collected.
    pub fn files(&self) -> impl Iterator<Item = ShardFile<'_>> {
        std::iter::once(ShardFile { hash: &self.hash, bytes: self.bytes, wire_bytes: self.wire_bytes })
    }
}

/// Sums over the whole snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Members, those without any fact included.
    pub members: u64,
    /// Orders of members.
    pub orders: u64,
    /// Orders without a member.
    pub anonymous_orders: u64,
    /// Touches.
    pub touches: u64,
    /// Sum of all orders' net amounts, anonymous ones included, minor units.
    pub sales: i64,
    /// Sum of anonymous orders' net amounts, minor units.
    pub anonymous_sales: i64,
    /// Money taken off orders by refunds and attached returns, minor units.
    pub refunded: i64,
    /// Orders that refunds cancelled whole; they are not orders.
    pub orders_fully_refunded: u64,
    /// Returns that name no order we have; they lower nothing and are reported.
    pub returns_unattached: u64,
    /// Sum of those, minor units.
    pub returns_unattached_amount: i64,
}

/// What became of the rows of one source table: `rows_read = kept + duplicate + sum(quarantined)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// `stores`, `orders`, `touches` …
    pub table: String,
    /// Whether the table was made from others because no file was there.
    #[serde(default)]
    pub derived: bool,
    /// Rows in the source files.
    pub rows_read: u64,
    /// Rows that entered the snapshot.
    pub kept: u64,
    /// Rows whose id came again later; the last one is kept.
    pub duplicate: u64,
    /// Rows set aside, by reason.
    pub quarantined: Vec<QuarantineCount>,
    /// Sum of the kept rows' `amount` as read, minor units; 0 where the table has none.
    #[serde(default)]
    pub kept_amount: i64,
    /// Things worth a reader's eye, such as columns that were ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How many rows were set aside for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineCount {
    /// A short stable code, such as `bad_amount`, `unknown_store`, `day_out_of_range`.
    pub reason: String,
    /// Rows.
    pub rows: u64,
    /// The first few of them, as they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<QuarantineExample>,
}

/// One row that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineExample {
    /// The source file's name.
    pub file: String,
    /// Its row, as an editor counts lines where no value holds a line break.
    pub row: u64,
    /// The column at fault; empty where the whole row is.
    pub column: String,
    /// What stood there, cut to 60 characters.
    pub value: String,
}
