//! The coding loses nothing: what any builder may hand over comes back, row by row.
#![cfg(feature = "write")]

use model::{Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Region, ShardEntry, Store, Totals};
use proptest::prelude::*;
use snapshot::write::{Anonymous, Members, Orders, ShardData, Touches, encode_shard};
use snapshot::{Amounts, NONE_U8, NONE_U16, Rows, Shard, UNKNOWN_DAY};

const DAYS: u16 = 20;
const STORES: u16 = 600;
const CHANNELS: u8 = 40;
const CAMPAIGNS: u16 = 300;

fn manifest(kinds: u8) -> Manifest {
    let first_day = Day::parse("2024-01-01").unwrap();
    let named = |count: u16| (0..count).map(|i| i.to_string());
    let store = |id: String| Store { name: id.clone(), id, region: 0, city: String::new(), format: String::new() };
    let channel = |id: String| Channel { name: id.clone(), id, kind: String::new(), domain: None };
    Manifest {
        format: FORMAT_VERSION,
        tenant: String::new(),
        scope: "all".into(),
        version: 1,
        built_at: String::new(),
        first_day,
        data_until: first_day.plus(i32::from(DAYS) - 1),
        currency: "CNY".into(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: vec![Region { id: String::new() }],
            stores: named(STORES).map(store).collect(),
            channels: named(CHANNELS.into()).map(channel).collect(),
            touch_kinds: named(kinds.into()).collect(),
            campaigns: named(CAMPAIGNS).collect(),
            tiers: named(3).collect(),
        },
        shards: vec![],
        totals: Totals::default(),
        tables: vec![],
        campaigns: vec![],
        targets: None,
        ..Manifest::empty()
    }
}

/// Facts from a small fixed recurrence: as many as asked, over all numbers the manifest allows.
fn data(members: u16, orders: usize, anonymous: usize, touches: usize, kinds: u8, prices: u64, seed: u64) -> ShardData {
    let mut state = seed;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut data =
        ShardData { first_day: manifest(1).first_day.epoch_days(), days: DAYS.into(), ..ShardData::default() };
    for _ in 0..members {
        let known = draw(8) > 0;
        let Members { home_store, source_channel, tier, joined_day } = &mut data.members;
        home_store.push(if known { draw(STORES.into()) as u16 } else { NONE_U16 });
        source_channel.push(if known { draw(CHANNELS.into()) as u8 } else { NONE_U8 });
        tier.push(if known { draw(3) as u8 } else { NONE_U8 });
        joined_day.push(if known { draw(40_000) as i32 - 20_000 } else { UNKNOWN_DAY });
    }
    let days_of = |count: usize, draw: &mut dyn FnMut(u64) -> u64, of_members: bool| {
        let mut keys: Vec<(u16, u16)> = (0..count)
            .map(|_| (draw(DAYS.into()) as u16, if of_members { draw(members.into()) as u16 } else { 0 }))
            .collect();
        keys.sort_unstable();
        keys
    };
    let campaign = |draw: &mut dyn FnMut(u64) -> u64| match draw(5) {
        0 => draw(CAMPAIGNS.into()) as u16,
        _ => NONE_U16,
    };
    for (day, member) in days_of(if members == 0 { 0 } else { orders }, &mut draw, true) {
        let home = data.members.home_store[usize::from(member)];
        let Orders { day: days, member: of, store, channel, amount, campaign: campaigns } = &mut data.orders;
        days.push(day);
        of.push(member);
        store.push(if home != NONE_U16 && draw(4) > 0 { home } else { draw(STORES.into()) as u16 });
        channel.push(draw(CHANNELS.into()) as u8);
        amount.push(draw(prices) as i64);
        campaigns.push(campaign(&mut draw));
    }
    for (day, _) in days_of(anonymous, &mut draw, false) {
        let Anonymous { day: days, store, channel, amount, campaign: campaigns } = &mut data.anonymous;
        days.push(day);
        store.push(draw(STORES.into()) as u16);
        channel.push(draw(CHANNELS.into()) as u8);
        amount.push(draw(prices) as i64);
        campaigns.push(campaign(&mut draw));
    }
    for (day, member) in days_of(if members == 0 { 0 } else { touches }, &mut draw, true) {
        let Touches { day: days, member: of, store, channel, kind, campaign: campaigns } = &mut data.touches;
        days.push(day);
        of.push(member);
        store.push(draw(STORES.into()) as u16);
        channel.push(draw(CHANNELS.into()) as u8);
        kind.push(draw(kinds.into()) as u8);
        campaigns.push(campaign(&mut draw));
    }
    data
}

fn open(data: &ShardData, kinds: u8) -> (Shard, usize) {
    let file = encode_shard(data).unwrap();
    let entry = ShardEntry {
        hash: snapshot::content_hash(&file),
        bytes: file.len() as u64,
        wire_bytes: file.len() as u64,
        members: data.members.home_store.len() as u32,
        orders: data.orders.day.len() as u32,
        anonymous: data.anonymous.day.len() as u32,
        touches: data.touches.day.len() as u32,
        tails: Vec::new(),
    };
    (Shard::open(&[&file], &manifest(kinds), &entry).unwrap(), file.len())
}

fn days(rows: &Rows<'_>) -> Vec<u16> {
    let each = rows.offsets.windows(2).enumerate();
    each.flat_map(|(day, rows)| std::iter::repeat_n(day as u16, (rows[1] - rows[0]) as usize)).collect()
}

fn campaigns(rows: &Rows<'_>) -> Vec<u16> {
    let mut all = vec![NONE_U16; rows.store.len()];
    for (&row, &code) in rows.campaign.rows.iter().zip(rows.campaign.codes) {
        all[row as usize] = code;
    }
    all
}

/// Takes the shard apart again.
fn taken_apart(shard: &Shard, data: &ShardData) -> ShardData {
    let (orders, anonymous, touches) = (shard.orders(), shard.anonymous(), shard.touches());
    ShardData {
        first_day: data.first_day,
        days: shard.days() as u32,
        members: Members {
            home_store: shard.home_store().to_vec(),
            source_channel: shard.source_channel().to_vec(),
            tier: shard.tier().to_vec(),
            joined_day: shard.joined_day().to_vec(),
        },
        orders: Orders {
            day: days(&orders),
            member: orders.member.to_vec(),
            store: orders.store.to_vec(),
            channel: orders.channel.to_vec(),
            amount: orders.amount.iter().collect(),
            campaign: campaigns(&orders),
        },
        anonymous: Anonymous {
            day: days(&anonymous),
            store: anonymous.store.to_vec(),
            channel: anonymous.channel.to_vec(),
            amount: anonymous.amount.iter().collect(),
            campaign: campaigns(&anonymous),
        },
        touches: Touches {
            day: days(&touches),
            member: touches.member.to_vec(),
            store: touches.store.to_vec(),
            channel: touches.channel.to_vec(),
            kind: (0..touches.store.len()).map(|row| touches.kind.get(row)).collect(),
            campaign: campaigns(&touches),
        },
    }
}

proptest! {
    /// Few kinds are packed, many are not; more than 256 ways, stores and prices need their high halves.
    #[test]
    fn any_rows_come_back(
        members in 0u16..400, orders in 0usize..600, anonymous in 0usize..200, touches in 0usize..900,
        kinds in 1u8..40, prices in prop_oneof![Just(3u64), Just(400), Just(1 << 30)], seed: u64,
    ) {
        let data = data(members, orders, anonymous, touches, kinds, prices, seed);
        let (shard, file) = open(&data, kinds);
        prop_assert_eq!(&taken_apart(&shard, &data), &data);
        prop_assert!(shard.memory_bytes() <= 4 * file, "{} bytes of a file of {file}", shard.memory_bytes());
        let history = shard.history();
        for member in 0..usize::from(members) {
            let own: Vec<usize> =
                (0..data.orders.day.len()).filter(|&row| usize::from(data.orders.member[row]) == member).collect();
            let day = |row: Option<&usize>| row.map_or(NONE_U16, |&row| data.orders.day[row]);
            prop_assert_eq!(history.first[member], day(own.first()));
            prop_assert_eq!(history.last[member], day(own.last()));
            prop_assert_eq!(usize::from(history.orders[member]), own.len().min(255));
            for (before, &row) in own.iter().enumerate() {
                prop_assert_eq!(usize::from(history.number[row]), (before + 1).min(255));
                let since = before.checked_sub(1).map(|at| data.orders.day[row] - data.orders.day[own[at]]);
                prop_assert_eq!(history.since[row], since.unwrap_or(NONE_U16));
            }
        }
    }
}

#[test]
fn more_different_amounts_than_codes_are_kept() {
    let mut data = data(50, 90_000, 10, 0, 1, 1 << 40, 7);
    data.orders.amount = (0..90_000).map(|i| i64::from(i % 70_000)).collect();
    let (shard, file) = open(&data, 1);
    assert!(matches!(shard.orders().amount, Amounts::Narrow(_)));
    assert_eq!(taken_apart(&shard, &data), data);
    assert!(shard.memory_bytes() <= 4 * file);
}
