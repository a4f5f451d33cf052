//! A retailer whose every name is given from outside.

use std::fs;

use model::{
    Campaign, Channel, ChannelDomain, Day, Dimensions, FORMAT_VERSION, Manifest, QuarantineCount, QuarantineExample,
    Region, Store, TableReport, Totals,
};
use snapshot::UNKNOWN_DAY;
use snapshot::write::{Anonymous, Members, Orders, ShardData, Touches};

use crate::world::{Served, World, publisher};

/// Names of each kind.
pub(super) const PLACES: usize = 109;
/// Orders of each store.
const ORDERS: usize = 4;

/// A server that shows it.
pub(super) struct Retailer {
    pub(super) served: Served,
    _world: World,
}

/// A name with the number of its field, so that ids differ from names.
pub(super) fn field(names: &[String], place: usize, field: usize) -> String {
    // Every field of one place has another name of the list, so that all meet all places in time.
    format!("{}{}", names[(place + 7 * field) % names.len()], (b'a' + u8::try_from(field).unwrap_or(25)) as char)
}

impl Retailer {
    /// With [`PLACES`] names.
    pub(super) fn new(names: &[String]) -> Self {
        assert_eq!(names.len(), PLACES);
        let world = World::new();
        fs::remove_dir_all(world.snapshot()).expect("a folder");
        let publisher = publisher(&world.snapshot());
        let entry = publisher.add(&shard()).expect("the shard is valid");
        publisher.publish(manifest(names, vec![entry])).expect("the manifest is valid");
        let served = world.serve();
        Self { served, _world: world }
    }
}

fn manifest(names: &[String], shards: Vec<model::ShardEntry>) -> Manifest {
    let every = |number: usize| (0..PLACES).map(move |place| field(names, place, number));
    let stores = (0..PLACES).map(|place| Store {
        id: field(names, place, 0),
        name: field(names, place, 1),
        region: u16::try_from(place % 9).unwrap_or_default(),
        city: field(names, place % 30, 2),
        format: field(names, place % 6, 3),
    });
    let channels = (0..PLACES).map(|place| Channel {
        id: field(names, place, 4),
        name: field(names, place, 5),
        kind: field(names, place % 6, 6),
        domain: [None, Some(ChannelDomain::Public), Some(ChannelDomain::Private)][place % 3],
    });
    let days = (Day::parse("2025-02-01").expect("a day"), Day::parse("2025-02-20").expect("a day"));
    let campaigns = (0..PLACES).map(|place| Campaign {
        id: field(names, place, 7),
        name: field(names, place, 8),
        kind: field(names, place % 6, 18),
        first_day: days.0,
        last_day: days.1,
    });
    let example = |place: usize| QuarantineExample {
        file: field(names, place, 9),
        row: place as u64,
        column: field(names, place, 19),
        value: field(names, place, 10),
    };
    let facts = (PLACES * ORDERS) as u64;
    Manifest {
        format: FORMAT_VERSION,
        tenant: field(names, 0, 11),
        scope: "all".to_owned(),
        version: 0,
        built_at: String::new(),
        first_day: Day::parse("2025-01-01").expect("a day"),
        data_until: Day::parse("2025-02-28").expect("a day"),
        currency: "CNY".to_owned(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: (0..9).map(|place| Region { id: field(names, place, 12) }).collect(),
            stores: stores.collect(),
            channels: channels.collect(),
            touch_kinds: every(13).collect(),
            campaigns: every(7).collect(),
            tiers: every(14).collect(),
        },
        shards,
        totals: Totals {
            members: facts,
            orders: facts,
            touches: facts,
            sales: (0..PLACES * ORDERS).map(amount).sum(),
            ..Totals::default()
        },
        tables: vec![TableReport {
            table: field(names, 1, 15),
            rows_read: 12,
            kept: 10,
            quarantined: vec![QuarantineCount {
                reason: field(names, 2, 16),
                rows: 2,
                examples: vec![example(3), example(4)],
            }],
            notes: vec![field(names, 5, 17), field(names, 6, 17)],
            ..TableReport::default()
        }],
        campaigns: campaigns.collect(),
        targets: None,
        ..Manifest::empty()
    }
}

/// Stores differ in sales, so that their order does not depend on names.
fn amount(order: usize) -> i64 {
    1_000 + 100 * i64::try_from(order % PLACES).unwrap_or_default()
}

fn shard() -> ShardData {
    let n = PLACES * ORDERS;
    let places: Vec<u16> = (0..n).map(|order| u16::try_from(order % PLACES).unwrap_or_default()).collect();
    let small: Vec<u8> = places.iter().map(|place| u8::try_from(*place).unwrap_or_default()).collect();
    let member: Vec<u16> = (0..n).map(|order| u16::try_from(order).unwrap_or_default()).collect();
    // Rows are sorted by day and member.
    let day: Vec<u16> = (0..n).map(|order| u16::try_from(order * 58 / n).unwrap_or_default()).collect();
    ShardData {
        first_day: Day::parse("2025-01-01").expect("a day").epoch_days(),
        days: 59,
        members: Members {
            home_store: places.clone(),
            source_channel: small.clone(),
            tier: small.clone(),
            joined_day: vec![UNKNOWN_DAY; n],
        },
        orders: Orders {
            day: day.clone(),
            member: member.clone(),
            store: places.clone(),
            channel: small.clone(),
            amount: (0..n).map(amount).collect(),
            campaign: places.clone(),
        },
        anonymous: Anonymous { day: vec![], store: vec![], channel: vec![], amount: vec![], campaign: vec![] },
        touches: Touches { day, member, store: places.clone(), channel: small.clone(), kind: small, campaign: places },
    }
}
