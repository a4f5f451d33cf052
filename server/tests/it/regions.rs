//! A retailer of two regions, each with names of its own.

use std::path::Path;

use model::{Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Region, ShardEntry, Store, Totals};
use snapshot::scope::{ALL, region_scope};
use snapshot::write::{Anonymous, Members, Orders, Publication, Publisher, ShardData, Touches};
use snapshot::{NONE_U16, UNKNOWN_DAY};

use crate::world::publisher;

/// Everything that only one region has.
pub(crate) struct Marks {
    pub(crate) region: &'static str,
    pub(crate) store: &'static str,
    pub(crate) store_name: &'static str,
    pub(crate) city: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) channel_name: &'static str,
    pub(crate) campaign: &'static str,
    pub(crate) tier: &'static str,
}

impl Marks {
    /// Every text that must not be seen from another region.
    pub(crate) fn all(&self) -> [&'static str; 8] {
        let Self { region, store, store_name, city, channel, channel_name, campaign, tier } = self;
        [region, store, store_name, city, channel, channel_name, campaign, tier]
    }
}

pub(crate) const EAST: Marks = Marks {
    region: "华东",
    store: "EAST-S1",
    store_name: "外滩一店",
    city: "上海",
    channel: "EAST-APP",
    channel_name: "东区小程序",
    campaign: "EAST-618",
    tier: "EAST-GOLD",
};

pub(crate) const WEST: Marks = Marks {
    region: "西南",
    store: "WEST-S1",
    store_name: "锦里一店",
    city: "成都",
    channel: "WEST-APP",
    channel_name: "西区小程序",
    campaign: "WEST-618",
    tier: "WEST-GOLD",
};

/// Members of each region.
pub(crate) const MEMBERS: u16 = 30;
/// Publishes the whole and both regions; every order in the east costs `amount` minor units, in the west ten times that.
pub(crate) fn publish_regions(folder: &Path, amount: i64) {
    publish_parts(folder, &[(&EAST, amount), (&WEST, 10 * amount)]);
}

/// Publishes the whole and these regions in one step, each order of a region at its amount.
pub(crate) fn publish_parts(folder: &Path, of: &[(&Marks, i64)]) {
    let publisher = publisher(folder);
    let add = |publisher: &Publisher, place: u8, amount: i64| {
        publisher.add(&shard(place, amount)).expect("the shard is valid")
    };
    let shards = (0..).zip(of).map(|(place, (_, amount))| add(&publisher, place, *amount)).collect();
    let marks: Vec<&Marks> = of.iter().map(|(marks, _)| *marks).collect();
    let sum = of.iter().map(|(_, amount)| amount).sum();
    let parts = of.iter().map(|(marks, amount)| {
        let scope = region_scope(marks.region);
        let shards = vec![add(&publisher.part(&scope).expect("a part's folder"), 0, *amount)];
        manifest(&scope, &[marks], shards, *amount)
    });
    let publication = Publication { parts: parts.collect(), ..Publication::of(manifest(ALL, &marks, shards, sum)) };
    publisher.publish_all(publication).expect("the manifests are valid");
}

fn manifest(scope: &str, of: &[&Marks], shards: Vec<ShardEntry>, sales_of_each: i64) -> Manifest {
    let text = |take: fn(&Marks) -> &str| of.iter().map(|marks| take(marks).to_owned()).collect();
    let stores = of.iter().zip(0..).map(|(marks, region)| Store {
        id: marks.store.to_owned(),
        name: marks.store_name.to_owned(),
        region,
        city: marks.city.to_owned(),
        format: String::new(),
    });
    let channels = of.iter().map(|marks| Channel {
        id: marks.channel.to_owned(),
        name: marks.channel_name.to_owned(),
        kind: String::new(),
        domain: None,
    });
    let count = u64::from(MEMBERS) * of.len() as u64;
    Manifest {
        format: FORMAT_VERSION,
        tenant: "Two regions".to_owned(),
        scope: scope.to_owned(),
        version: 0,
        built_at: String::new(),
        first_day: Day::parse("2025-01-01").expect("a day"),
        data_until: Day::parse("2025-02-28").expect("a day"),
        currency: "CNY".to_owned(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: of.iter().map(|marks| Region { id: marks.region.to_owned() }).collect(),
            stores: stores.collect(),
            channels: channels.collect(),
            touch_kinds: vec!["visit".to_owned()],
            campaigns: text(|marks| marks.campaign),
            tiers: text(|marks| marks.tier),
        },
        shards,
        totals: Totals {
            members: count,
            orders: count,
            touches: count,
            sales: i64::from(MEMBERS) * sales_of_each,
            ..Totals::default()
        },
        tables: Vec::new(),
        campaigns: Vec::new(),
        targets: None,
        ..Manifest::empty()
    }
}

/// One order and one visit a member, all at the place of this index.
fn shard(place: u8, amount: i64) -> ShardData {
    let n = usize::from(MEMBERS);
    let day: Vec<u16> = (0..MEMBERS).map(|m| m + 1).collect();
    let member: Vec<u16> = (0..MEMBERS).collect();
    let wide = vec![u16::from(place); n];
    ShardData {
        first_day: Day::parse("2025-01-01").expect("a day").epoch_days(),
        days: 59,
        members: Members {
            home_store: wide.clone(),
            source_channel: vec![place; n],
            tier: vec![place; n],
            joined_day: vec![UNKNOWN_DAY; n],
        },
        orders: Orders {
            day: day.clone(),
            member: member.clone(),
            store: wide.clone(),
            channel: vec![place; n],
            amount: vec![amount; n],
            campaign: wide.clone(),
        },
        anonymous: Anonymous { day: vec![], store: vec![], channel: vec![], amount: vec![], campaign: vec![] },
        touches: Touches {
            day,
            member,
            store: wide,
            channel: vec![place; n],
            kind: vec![0; n],
            campaign: vec![NONE_U16; n],
        },
    }
}
