//! The engine's cost against the number of members, natively and on one thread.
//!
//! `cargo run --release -p testkit --example scale -- MEMBERS`. Makes shard after shard of a made-up retailer, each
//! with members and facts of its own, keeps all of them open, and answers the four questions of the browser benchmark
//! over the first tenth, fifth, half, and all of them. Prints one JSON object a line: members, facts, the median and the
//! longest milliseconds of seven answers, and the bytes of memory that the process holds.

use std::error::Error;
use std::time::Instant;

use engine::{Plan, Scratch};
use model::{Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Question, Region, ShardEntry, Store, Totals};
use snapshot::write::{Anonymous, Members, Orders, ShardData, Touches, encode_shard};
use snapshot::{NONE_U16, Shard, content_hash};

const SHARD_MEMBERS: usize = 15_000;
const DAYS: u64 = 731;
const STORES: u64 = 400;
const REGIONS: u64 = 8;
const CHANNELS: u64 = 29;
const RUNS: usize = 7;

const QUESTION: &str = r#"{"window":{"from":"2025-01-01","to":"2025-03-31"},"compare":{"from":"2024-10-03","to":"2024-12-31"},
 "ask":[{"growth":{}},{"cohorts":{"grain":"month","anchor":"first_order","mode":"exact","periods":24}},
 {"stores":{"by":"sales","measures":["sales","orders","buyers","repeat_buyers","new_buyers"]}},{"ladder":{"rungs":8}}]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let members: usize = std::env::args().nth(1).ok_or("give the number of members")?.parse()?;
    let all = members.div_ceil(SHARD_MEMBERS).max(10);
    let question: Question = serde_json::from_str(QUESTION)?;
    let mut manifest = manifest()?;
    let mut shards = Vec::with_capacity(all);
    for stop in [all / 10, all / 5, all / 2, all] {
        while shards.len() < stop {
            let data = made_shard(manifest.first_day, shards.len() as u64);
            let file = encode_shard(&data)?;
            let entry = entry(&data, &file);
            shards.push(Shard::open(&[&file], &manifest, &entry)?);
            manifest.shards.push(entry);
        }
        report(&question, &manifest, &shards)?;
    }
    Ok(())
}

fn report(question: &Question, manifest: &Manifest, shards: &[Shard]) -> Result<(), Box<dyn Error>> {
    let plan = Plan::new(question, manifest)?;
    let mut millis = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        let (mut total, mut scratch) = (plan.empty(), Scratch::default());
        for (index, shard) in shards.iter().enumerate() {
            plan.count(shard, index, &mut scratch, &mut total);
        }
        let answers = plan.finish(&total);
        millis.push(begun.elapsed().as_secs_f64() * 1_000.0);
        if !answers.coverage.exact {
            return Err("every shard was counted, yet the answer is an estimate".into());
        }
    }
    millis.sort_by(f64::total_cmp);
    let sum = |of: fn(&ShardEntry) -> u32| manifest.shards.iter().map(|shard| u64::from(of(shard))).sum::<u64>();
    let line = serde_json::json!({
        "members": sum(|s| s.members), "orders": sum(|s| s.orders) + sum(|s| s.anonymous), "touches": sum(|s| s.touches),
        "median_ms": millis[RUNS / 2], "longest_ms": millis[RUNS - 1], "memory": resident(),
    });
    println!("{line}");
    Ok(())
}

/// Bytes that the process holds now, where the system says so.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kb = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(kb.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}

/// Numbers from a fixed recurrence (SplitMix64, Steele et al. 2014): the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below
    }

    /// Geometric with this mean: many members have few facts, few have many.
    fn facts(&mut self, mean: u64) -> u64 {
        let mut n = 0;
        while self.below(mean + 1) != 0 {
            n += 1;
        }
        n
    }
}

/// A shard whose members have 5 orders and 15.5 touches on average, most of them at their home store; an eighth more
/// orders have no member.
fn made_shard(first_day: Day, number: u64) -> ShardData {
    let mut draw = Draw(number << 32);
    let (mut members, mut orders, mut touches) = (Members::default(), Vec::new(), Vec::new());
    let place = |draw: &mut Draw, home: u64| if draw.below(8) == 0 { draw.below(STORES) } else { home };
    for member in 0..SHARD_MEMBERS as u16 {
        let (home, source) = (draw.below(STORES), draw.below(CHANNELS));
        members.home_store.push(home as u16);
        members.source_channel.push(source as u8);
        members.tier.push(0);
        members.joined_day.push(first_day.epoch_days());
        for _ in 0..draw.facts(5) {
            let store = place(&mut draw, home);
            orders.push((draw.below(DAYS) as u16, member, store as u16, source as u8, 100 * draw.below(2_000) as i64));
        }
        for _ in 0..draw.facts(15) + draw.below(2) {
            let store = place(&mut draw, home);
            touches.push((
                draw.below(DAYS) as u16,
                member,
                store as u16,
                draw.below(CHANNELS) as u8,
                draw.below(12) as u8,
            ));
        }
    }
    orders.sort_unstable();
    touches.sort_unstable();
    let mut data = ShardData { first_day: first_day.epoch_days(), days: DAYS as u32, members, ..ShardData::default() };
    let Orders { day, member, store, channel, amount, campaign } = &mut data.orders;
    for row in &orders {
        day.push(row.0);
        member.push(row.1);
        store.push(row.2);
        channel.push(row.3);
        amount.push(row.4);
        campaign.push(NONE_U16);
    }
    let Anonymous { day, store, channel, amount, campaign } = &mut data.anonymous;
    for row in orders.iter().step_by(8) {
        day.push(row.0);
        store.push(row.2);
        channel.push(row.3);
        amount.push(row.4);
        campaign.push(NONE_U16);
    }
    let Touches { day, member, store, channel, kind, campaign } = &mut data.touches;
    for row in &touches {
        day.push(row.0);
        member.push(row.1);
        store.push(row.2);
        channel.push(row.3);
        kind.push(row.4);
        campaign.push(NONE_U16);
    }
    data
}

fn entry(data: &ShardData, file: &[u8]) -> ShardEntry {
    ShardEntry {
        hash: content_hash(file),
        bytes: file.len() as u64,
        wire_bytes: file.len() as u64,
        members: data.members.home_store.len() as u32,
        orders: data.orders.day.len() as u32,
        anonymous: data.anonymous.day.len() as u32,
        touches: data.touches.day.len() as u32,
        tails: Vec::new(),
    }
}

fn manifest() -> Result<Manifest, Box<dyn Error>> {
    let first_day = Day::from_ymd(2023, 4, 1).ok_or("the first day is a day")?;
    let name = |letter: char, index: u64| format!("{letter}{index}");
    let store = |index: u64| Store {
        id: name('S', index),
        name: name('S', index),
        region: (index % REGIONS) as u16,
        city: String::new(),
        format: String::new(),
    };
    let channel =
        |index: u64| Channel { id: name('C', index), name: name('C', index), kind: String::new(), domain: None };
    Ok(Manifest {
        format: FORMAT_VERSION,
        tenant: "made up".to_owned(),
        scope: "all".to_owned(),
        version: 1,
        built_at: "2025-04-01T00:00:00Z".to_owned(),
        first_day,
        data_until: first_day.plus(DAYS as i32 - 1),
        currency: "CNY".to_owned(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: (0..REGIONS).map(|index| Region { id: name('R', index) }).collect(),
            stores: (0..STORES).map(store).collect(),
            channels: (0..CHANNELS).map(channel).collect(),
            touch_kinds: (0..12).map(|index| name('K', index)).collect(),
            campaigns: vec![],
            tiers: vec!["T".to_owned()],
        },
        shards: vec![],
        totals: Totals::default(),
        tables: vec![],
        campaigns: vec![],
        targets: None,
        ..Manifest::empty()
    })
}
