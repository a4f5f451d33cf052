//! A retailer written down plainly, and the way from there to shards.

use model::{Channel, ChannelDomain, Day, Dimensions, FORMAT_VERSION, Manifest, Region, ShardEntry, Store, Totals};
use snapshot::write::{Anonymous, Members, Orders, ShardData, Touches, encode_shard};
use snapshot::{NONE_U8, NONE_U16, Shard, UNKNOWN_DAY};

/// A small retailer.
#[derive(Clone, Debug)]
pub struct World {
    /// First day of the calendar.
    pub first_day: Day,
    /// Days of the calendar.
    pub days: u16,
    /// Where stores are.
    pub stores: Vec<Place>,
    /// Regions.
    pub regions: u16,
    /// Whose ground each channel is on.
    pub channels: Vec<Option<ChannelDomain>>,
    /// Kinds of touches.
    pub kinds: u8,
    /// Tiers of members.
    pub tiers: u8,
    /// Campaigns.
    pub campaigns: u16,
    /// Attributes of members.
    pub members: Vec<Member>,
    /// In any order; of two on the same day, the earlier in this list is the earlier.
    pub orders: Vec<Order>,
    /// In any order.
    pub touches: Vec<Touch>,
}

/// A store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its region.
    pub region: u16,
    /// Its city; 0 is unknown.
    pub city: u8,
    /// Its format; 0 is unknown.
    pub format: u8,
}

/// A member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Home store.
    pub home: Option<u16>,
    /// Source channel.
    pub source: Option<u8>,
    /// Tier.
    pub tier: Option<u8>,
    /// Day of joining, counted from the calendar's first; may lie before or after the calendar.
    pub joined: Option<i32>,
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
    /// Under which campaign.
    pub campaign: Option<u16>,
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
    /// What it was.
    pub kind: u8,
    /// Under which campaign.
    pub campaign: Option<u16>,
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
    /// One store, one channel, one kind of touch, four days, and nobody there.
    pub fn tiny() -> Self {
        Self {
            first_day: Day::from_ymd(2024, 2, 20).expect("a real day"),
            days: 4,
            stores: vec![Place { region: 0, city: 0, format: 0 }],
            regions: 1,
            channels: vec![None],
            kinds: 1,
            tiers: 0,
            campaigns: 0,
            members: Vec::new(),
            orders: Vec::new(),
            touches: Vec::new(),
        }
    }

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

    /// The name of a city; empty where unknown.
    pub fn city_name(city: u8) -> String {
        if city == 0 { String::new() } else { format!("City {city}") }
    }

    /// The name of a format; empty where unknown.
    pub fn format_name(format: u8) -> String {
        if format == 0 { String::new() } else { format!("format-{format}") }
    }

    /// The name of a kind of touch.
    pub fn kind_name(kind: u8) -> String {
        format!("kind-{kind}")
    }

    /// The name of a tier.
    pub fn tier_name(tier: u8) -> String {
        format!("tier-{tier}")
    }

    /// The id of a campaign.
    pub fn campaign_id(campaign: u16) -> String {
        format!("K{campaign}")
    }

    /// The manifest without shards.
    fn manifest(&self) -> Manifest {
        let store = |(i, place): (usize, &Place)| Store {
            id: Self::store_id(i as u16),
            name: format!("Store {i}"),
            region: place.region,
            city: Self::city_name(place.city),
            format: Self::format_name(place.format),
        };
        let channel = |(i, &domain): (usize, &Option<ChannelDomain>)| Channel {
            id: Self::channel_id(i as u8),
            name: format!("Channel {i}"),
            kind: String::new(),
            domain,
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
                stores: self.stores.iter().enumerate().map(store).collect(),
                channels: self.channels.iter().enumerate().map(channel).collect(),
                touch_kinds: (0..self.kinds).map(Self::kind_name).collect(),
                campaigns: (0..self.campaigns).map(Self::campaign_id).collect(),
                tiers: (0..self.tiers).map(Self::tier_name).collect(),
            },
            shards: vec![],
            totals: Totals::default(),
            tables: vec![],
            campaigns: vec![],
            targets: None,
            ..Manifest::empty()
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
                tails: Vec::new(),
            });
            files.push(file);
        }
        let opened = files.iter().zip(&manifest.shards);
        let opened = opened.map(|(f, e)| Shard::open(&[f.as_slice()], &manifest, e).expect("what was written is read"));
        Snapshot { shards: opened.collect(), files, manifest }
    }

    /// The rows of one shard of so many, as [`World::snapshot`] cuts them.
    pub fn shard_data(&self, shard: usize, shards: usize) -> ShardData {
        let local = |member: usize| (member % shards == shard).then_some((member / shards) as u16);
        let mut data =
            ShardData { first_day: self.first_day.epoch_days(), days: self.days.into(), ..ShardData::default() };
        for member in self.members.iter().skip(shard).step_by(shards) {
            let Members { home_store, source_channel, tier, joined_day } = &mut data.members;
            home_store.push(member.home.unwrap_or(NONE_U16));
            source_channel.push(member.source.unwrap_or(NONE_U8));
            tier.push(member.tier.unwrap_or(NONE_U8));
            joined_day.push(member.joined.map_or(UNKNOWN_DAY, |day| self.first_day.epoch_days() + day));
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
            campaign.push(order.campaign.unwrap_or(NONE_U16));
        }
        let mut anonymous: Vec<&Order> = self.orders.iter().filter(|o| o.member.is_none()).collect();
        anonymous.sort_by_key(|o| o.day);
        for (_, order) in anonymous.into_iter().enumerate().filter(|(i, _)| i % shards == shard) {
            let Anonymous { day, store, channel, amount, campaign } = &mut data.anonymous;
            day.push(order.day);
            store.push(order.store);
            channel.push(order.channel);
            amount.push(order.amount);
            campaign.push(order.campaign.unwrap_or(NONE_U16));
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
            kind.push(touch.kind);
            campaign.push(touch.campaign.unwrap_or(NONE_U16));
        }
        data
    }
}
