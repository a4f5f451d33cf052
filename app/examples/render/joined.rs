//! A retailer with identities and many channels: made-up reports for the Data and the Channels page.

use model::{
    Channel, ChannelDomain, ChannelIdentified, Day, DayError, Identified, KeyReport, Manifest, OneId, OneIdConflict,
};

/// Channels, as many as the sample has.
const CHANNELS: usize = 29;
/// Months from 2023-04 on.
const MONTHS: usize = 24;

/// The manifest of the other made-up pages with what joining identities found.
pub(crate) fn manifest(base: Manifest) -> Result<Manifest, DayError> {
    let mut manifest = base;
    manifest.dimensions.channels = (0..CHANNELS)
        .map(|i| Channel {
            id: format!("ch{i}"),
            name: match i {
                3 => "一个名字特别长的渠道一个名字特别长的渠道一个名字特别长的渠道一个名字特别长".to_owned(),
                4 => "<b>直播间</b>".to_owned(),
                _ => ["门店POS", "微信小程序", "天猫旗舰店", "抖音直播", "品牌App"][i % 5].to_owned() + &i.to_string(),
            },
            kind: "owned".into(),
            domain: Some(if i % 3 == 0 { ChannelDomain::Public } else { ChannelDomain::Private }),
        })
        .collect();
    manifest.one_id = Some(one_id());
    manifest.identified = Some(identified()?);
    Ok(manifest)
}

fn key(name: &str, values: u64, joins: u64, facts: u64) -> KeyReport {
    KeyReport { key: name.into(), values, joins, orders: facts, touches: facts * 3, ..KeyReport::default() }
}

fn one_id() -> OneId {
    OneId {
        identities: 642_318,
        members: 200_431,
        keys: vec![
            key("member_id", 200_000, 181_223, 812_345),
            key("external_id", 512_311, 0, 123_456),
            key("union_id", 98_012, 61_220, 45_678),
            key("open_id", 123_455, 1_203, 34_567),
            KeyReport {
                over_shared: 93,
                over_shared_identities: 8_911,
                recycled: 587,
                ..key("phone_hash", 188_123, 121_004, 23_456)
            },
            key("payment_id", 90_222, 4_410, 12_345),
        ],
        conflicts: vec![
            OneIdConflict { reason: "two_member_ids".into(), pairs: 1_204 },
            OneIdConflict { reason: "never_join".into(), pairs: 0 },
            OneIdConflict { reason: "too_many_identities".into(), pairs: 3 },
        ],
        members_by_identities: vec![21_000, 48_000, 62_431, 41_000, 20_000, 8_000],
        orders_without: 11,
        touches_without: 7,
        rounds: 9,
        rules: "9f86d081884c7d65".into(),
    }
}

fn identified() -> Result<Identified, DayError> {
    let channel = |i: usize| {
        let size = 40_000 / (i as u64 + 1);
        // The last channel begins late, so that its row has holes.
        let from = if i + 1 == CHANNELS { 15 } else { 0 };
        let orders: Vec<u64> = (0..MONTHS).map(|m| if m < from { 0 } else { size + (m as u64 * 37) % 300 }).collect();
        let share = |m: usize| 45 + (i * 13 % 40) + m / 2;
        let known: Vec<u64> = orders.iter().enumerate().map(|(m, n)| n * share(m) as u64 / 100).collect();
        let money = |n: &u64| *n as i64 * 24_950;
        ChannelIdentified {
            channel: i as u16,
            sales: orders.iter().map(money).collect(),
            identified_sales: known.iter().map(|n| money(n) / 100 * 97).collect(),
            orders,
            identified_orders: known,
        }
    };
    Ok(Identified {
        from: Day::parse("2023-04-01")?,
        months: MONTHS as u32,
        channels: (0..CHANNELS).map(channel).collect(),
    })
}
