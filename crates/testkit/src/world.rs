//! A retailer written down plainly, and the way from there to shards.

use model::{Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Region, ShardEntry, Store, Totals};
use snapshot::write::{Anonymous, Members, Orders, ShardData, Touches, encode_shard};
use snapshot::{NONE_U8, NONE_U16, Shard, UNKNOWN_DAY};

/// A small retailer.
#[derive(Clone, Debug)]
pub struct World {
    /// First day of the calendar.
    pub first_day: Day,
    /// Days of the calendar.
    pub days: u16,
    /// Region of each store.
    pub store_regions: Vec<u16>,
    /// Regions.
    pub regions: u16,
    /// Channels.
    pub channels: u8,
    /// Home store and source channel of each member.
    pub members: Vec<(Option<u16>, Option<u8>)>,
    /// In any order.
    pub orders: Vec<Order>,
    /// In any order.
    pub touches: Vec<Touch>,
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Day of the calendar.
    pub day: u16,
    /// Whose; none if anonymous.
    pub member: Option<usize>,
    /// Where.
    pub store: u16,
    /// Through what.
    pub channel: u8,
    /// Minor units.
    pub amount: i64,
}

/// A touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Day of the calendar.
    pub day: u16,
    /// Whose.
    pub member: usize,
    /// Where.
    pub store: u16,
    /// Through what.
    pub channel: u8,
}

/// A world in the form that the engine reads.
pub struct Snapshot {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its shards, opened.
    pub shards: Vec<Shard>,
    /// The shards' files.
    pub files: Vec<Vec<u8>>,
}

impl World {
    /// The id of a store.
    pub fn store_id(store: u16) -> String {
        format!("S{store:02}")
    }

    /// The id of a region.
    pub fn region_id(region: u16) -> String {
        format!("R{region}")
    }

    /// The id of a channel.
    pub fn channel_id(channel: u8) -> String {
        format!("C{channel}")
    }

    /// The manifest without shards.
    fn manifest(&self) -> Manifest {
        let store = |(i, &region): (usize, &u16)| Store {
            id: Self::store_id(i as u16),
            name: format!("Store {i}"),
            region,
            city: String::new(),
            format: String::new(),
        };
        let channel = |i: u8| Channel {
            id: Self::channel_id(i),
            name: format!("Channel {i}"),
            kind: String::new(),
            domain: None,
        };
        Manifest {
            format: FORMAT_VERSION,
            tenant: "made up".into(),
            scope: "all".into(),
            version: 1,
            built_at: "2024-01-01T00:00:00Z".into(),
            first_day: self.first_day,
            data_until: self.first_day.plus(i32::from(self.days) - 1),
            currency: "CNY".into(),
            currency_digits: 2,
            dimensions: Dimensions {
                regions: (0..self.regions).map(|r| Region { id: Self::region_id(r) }).collect(),
                stores: self.store_regions.iter().enumerate().map(store).collect(),
                channels: (0..self.channels).map(channel).collect(),
                touch_kinds: vec!["visit".into()],
                campaigns: vec![],
                tiers: vec![],
            },
            shards: vec![],
            totals: Totals::default(),
            tables: vec![],
        }
    }

    /// Cuts the members into `shards` shards, round robin, and anonymous orders likewise.
    pub fn snapshot(&self, shards: usize) -> Snapshot {
        let mut manifest = self.manifest();
        let mut files = Vec::new();
        for shard in 0..shards {
            let data = self.shard_data(shard, shards);
            let file = encode_shard(&data).expect("a world follows the rules");
            manifest.shards.push(ShardEntry {
                hash: snapshot::content_hash(&file),
                bytes: file.len() as u64,
                wire_bytes: file.len() as u64,
                members: data.members.home_store.len() as u32,
                orders: data.orders.day.len() as u32,
                anonymous: data.anonymous.day.len() as u32,
                touches: data.touches.day.len() as u32,
            });
            files.push(file);
        }
        let opened = files.iter().zip(&manifest.shards);
        let opened = opened.map(|(f, e)| Shard::open(f, &manifest, e).expect("what was written is read"));
        Snapshot { shards: opened.collect(), files, manifest }
    }

    fn shard_data(&self, shard: usize, shards: usize) -> ShardData {
        let local = |member: usize| (member % shards == shard).then_some((member / shards) as u16);
        let mut data =
            ShardData { first_day: self.first_day.epoch_days(), days: self.days.into(), ..ShardData::default() };
        for (home, source) in self.members.iter().enumerate().filter(|(i, _)| i % shards == shard).map(|(_, m)| m) {
            let Members { home_store, source_channel, tier, joined_day } = &mut data.members;
            home_store.push(home.unwrap_or(NONE_U16));
            source_channel.push(source.unwrap_or(NONE_U8));
            tier.push(NONE_U8);
            joined_day.push(UNKNOWN_DAY);
        }
        let mut orders: Vec<(u16, u16, Order)> =
            self.orders.iter().filter_map(|o| Some((o.day, local(o.member?)?, *o))).collect();
        orders.sort_by_key(|&(day, member, _)| (day, member));
        for (day, member, order) in orders {
            let Orders { day: days, member: members, store, channel, amount, campaign } = &mut data.orders;
            days.push(day);
            members.push(member);
            store.push(order.store);
            channel.push(order.channel);
            amount.push(order.amount);
            campaign.push(NONE_U16);
        }
        let mut anonymous: Vec<&Order> = self.orders.iter().filter(|o| o.member.is_none()).collect();
        anonymous.sort_by_key(|o| o.day);
        for (_, order) in anonymous.into_iter().enumerate().filter(|(i, _)| i % shards == shard) {
            let Anonymous { day, store, channel, amount, campaign } = &mut data.anonymous;
            day.push(order.day);
            store.push(order.store);
            channel.push(order.channel);
            amount.push(order.amount);
            campaign.push(NONE_U16);
        }
        let mut touches: Vec<(u16, u16, Touch)> =
            self.touches.iter().filter_map(|t| Some((t.day, local(t.member)?, *t))).collect();
        touches.sort_by_key(|&(day, member, _)| (day, member));
        for (day, member, touch) in touches {
            let Touches { day: days, member: members, store, channel, kind, campaign } = &mut data.touches;
            days.push(day);
            members.push(member);
            store.push(touch.store);
            channel.push(touch.channel);
            kind.push(0);
            campaign.push(NONE_U16);
        }
        data
    }
}
