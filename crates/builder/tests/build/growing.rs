//! A night's build goes on from the one before: it changes few bytes, and gives what a build of everything gives.

use std::collections::HashSet;
use std::fs;

use model::ShardEntry;

use crate::support::{Built, Case, case};

/// A retailer who grows: rows in the order in which they came.
struct Feed {
    stores: Vec<String>,
    members: Vec<String>,
    orders: Vec<String>,
    returns: Vec<String>,
    touches: Vec<String>,
    state: u64,
}

impl Feed {
    /// Sixty days.
    fn new() -> Self {
        Self::of(60)
    }

    /// So many days of 240 members.
    fn of(days: u64) -> Self {
        let mut feed = Self {
            stores: (0..9).map(|n| format!("S{n},Region {}", n % 3)).collect(),
            members: (0..240).map(|n| format!("m{},2024-01-0{},S{},ch{}", n * 7, 1 + n % 9, n % 9, n % 4)).collect(),
            orders: Vec::new(),
            returns: Vec::new(),
            touches: Vec::new(),
            state: 7,
        };
        for day in 0..days {
            feed.day(day);
        }
        feed
    }

    fn below(&mut self, n: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % n
    }

    fn time(&mut self, day: u64) -> String {
        let (hour, minute) = (8 + self.below(12), self.below(60));
        format!("2024-{:02}-{:02}T{hour:02}:{minute:02}:00", 1 + day / 28, 1 + day % 28)
    }

    fn order(&mut self, day: u64, member: &str) {
        let (time, store, channel) = (self.time(day), self.below(9), self.below(4));
        let campaign = if self.below(3) == 0 { format!("k{}", self.below(3)) } else { String::new() };
        let (number, amount) = (self.orders.len(), 10 + self.below(90));
        self.orders.push(format!("o{number},{time},{amount}.00,{member},S{store},ch{channel},{campaign}"));
    }

    /// A usual day.
    fn day(&mut self, day: u64) {
        for _ in 0..40 {
            let member = if self.below(5) == 0 { String::new() } else { format!("m{}", self.below(240) * 7) };
            self.order(day, &member);
        }
        for _ in 0..60 {
            let (time, member, store) = (self.time(day), self.below(240) * 7, self.below(9));
            let (channel, kind) = (self.below(4), ["visit", "share", "add_friend"][self.below(3) as usize]);
            self.touches.push(format!("{time},{kind},m{member},S{store},ch{channel}"));
        }
    }

    fn write(&self, case: &Case) {
        let table = |header: &str, rows: &[String]| format!("{header}\n{}\n", rows.join("\n")).into_bytes();
        case.file("stores.csv", &table("store_id,region", &self.stores));
        case.file("members.csv", &table("member_id,joined_at,home_store,source_channel", &self.members));
        let orders = "order_id,ordered_at,amount,member_id,store_id,channel_id,campaign_id";
        case.file("orders.csv", &table(orders, &self.orders));
        case.file("returns.csv", &table("return_id,returned_at,amount,order_id", &self.returns));
        case.file("touches.csv", &table("at,kind,member_id,store_id,channel_id", &self.touches));
    }

    fn build(&self, case: &Case) -> Built {
        self.write(case);
        case.built()
    }

    /// What a build gives that knows nothing of the one before.
    fn whole(&self) -> Built {
        self.build(&small())
    }
}

/// Three shards or so: they are large enough that a tail pays.
fn small() -> Case {
    case(&[]).with(|options| options.shard_members = 100)
}

fn files(built: &Built) -> HashSet<String> {
    built.manifest.shards.iter().flat_map(ShardEntry::files).map(|file| file.hash.to_owned()).collect()
}

fn bases(built: &Built) -> Vec<String> {
    built.manifest.shards.iter().map(|shard| shard.hash.clone()).collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// Every member's life, every anonymous order and every sum.
fn same(grown: &Built, whole: &Built, why: &str) {
    assert_eq!(grown.lives(), whole.lives(), "{why}");
    assert_eq!(sorted(grown.anonymous()), sorted(whole.anonymous()), "{why}");
    assert_eq!(grown.manifest.totals, whole.manifest.totals, "{why}");
    assert_eq!(grown.manifest.data_until, whole.manifest.data_until, "{why}");
}

#[test]
fn nights_add_tails_and_give_what_a_whole_build_gives() {
    let (case, mut feed) = (small(), Feed::new());
    let mut before = feed.build(&case);
    assert!(before.report.changes.is_none(), "there was nothing to go on from");
    assert!(before.manifest.shards.len() >= 3);

    let again = feed.build(&case);
    let changes = again.report.changes.clone().expect("it goes on from the first");
    assert_eq!((changes.kept as usize, changes.tails, changes.bases), (again.manifest.shards.len(), 0, 0));
    assert_eq!((files(&again), changes.fetched, changes.from), (files(&before), 0, 1));

    for (night, what) in ["a day", "late orders", "returns", "new names and members", "corrections", "an early day"]
        .into_iter()
        .enumerate()
    {
        let night = night as u64;
        feed.day(60 + night);
        match night {
            1 => (0..9).for_each(|n| feed.order(20 + 3 * n, &format!("m{}", n * 21))),
            2 => {
                // In part and whole, anonymous ones among them.
                for n in 0..12 {
                    let amount = if n % 2 == 0 { "5.00" } else { "9999.00" };
                    feed.returns.push(format!("r{n},2024-03-08T10:00:00,{amount},o{}", 50 * n + 3));
                }
            }
            3 => {
                feed.stores.insert(0, "A-first,Region 0".to_owned());
                // Ids that come before all others.
                for n in 0..9 {
                    feed.members.push(format!("a{n},2024-03-01,A-first,ch9"));
                    feed.order(60, &format!("a{n}"));
                }
                feed.orders.push("late-1,2024-03-02T12:00:00,3.00,m7,,b-channel,a-campaign".to_owned());
                feed.touches.push("2024-02-11T12:00:00,a-kind,a0,,".to_owned());
            }
            4 => feed.members[5] = "m35,2023-12-31,S0,ch0".to_owned(),
            5 => feed.orders.push("early,2023-12-24T12:00:00,3.00,m7,S1,ch1,".to_owned()),
            _ => {}
        }
        let grown = feed.build(&case);
        let changes = grown.report.changes.clone().expect("it goes on from the one before");
        let stay = bases(&grown).iter().zip(bases(&before)).filter(|(now, before)| *now == before).count();
        assert_eq!(stay + changes.bases as usize, grown.manifest.shards.len(), "{what}: {changes:?}");
        // Shards are small here: the first one's tails weigh half of it after some nights.
        assert!(changes.bases <= u32::from(night > 3), "{what}: {changes:?}");
        assert!(changes.tails > 0 && changes.fetched < changes.all * 2 / 3, "{what}: {changes:?}");
        let new: u64 = grown
            .manifest
            .shards
            .iter()
            .flat_map(ShardEntry::files)
            .filter(|file| !files(&before).contains(file.hash))
            .map(|file| file.wire_bytes)
            .sum();
        assert_eq!(changes.fetched, new, "{what}");
        same(&grown, &feed.whole(), what);
        before = grown;
    }
}

#[test]
fn a_shard_that_a_tail_cannot_describe_is_written_whole_and_alone() {
    let (case, mut feed) = (small(), Feed::new());
    let first = feed.build(&case);
    // A member who was joined to another is gone with everything; somebody new comes to the same shard, so that it has
    // no fewer than before.
    (0..9).for_each(|n| feed.members.push(format!("b{n},2024-03-01,S1,ch1")));
    feed.members.retain(|row| !row.starts_with("m70,"));
    feed.orders.retain(|row| !row.contains(",m70,"));
    feed.touches.retain(|row| !row.contains(",m70,"));
    let second = feed.build(&case);
    let changes = second.report.changes.clone().expect("it goes on from the first");
    assert_eq!(
        (changes.bases, changes.tails + changes.kept),
        (1, first.manifest.shards.len() as u32 - 1),
        "{changes:?}"
    );
    same(&second, &feed.whole(), "a member is gone");
}

#[test]
fn tails_that_weigh_as_much_as_the_base_give_way_to_a_new_one() {
    let (case, mut feed) = (small(), Feed::new());
    let first = bases(&feed.build(&case));
    let mut most = 0;
    for night in 0..40 {
        feed.day(60 + night % 20);
        let grown = feed.build(&case);
        most = most.max(grown.manifest.shards.iter().map(|shard| shard.tails.len()).max().unwrap_or(0));
        if bases(&grown) != first {
            same(&grown, &feed.whole(), "a base was written anew");
            assert_eq!(most, 2, "nights are taken up by a small tail on a large one");
            let changes = grown.report.changes.expect("it goes on");
            assert!(changes.bases < grown.manifest.shards.len() as u32, "not all in one night");
            return;
        }
    }
    panic!("bases were never written anew");
}

#[test]
fn parts_go_on_from_those_before_as_the_whole_does() {
    // Two shards or three in each region, cut out of four of the whole.
    let with = || case(&[]).with(|options| (options.shard_members, options.regions) = (80, true));
    let (case, mut feed) = (with(), Feed::of(200));
    let built = feed.build(&case);
    let regions = ["Region 0", "Region 1", "Region 2"];
    let before = regions.map(|region| case.part(&built, region));
    assert!(before.iter().all(|part| part.manifest.shards.len() >= 2));
    for night in 0..2 {
        feed.day(200 + night);
        feed.order(20, "m21");
        feed.members.push(format!("a{night},2024-03-01,S{night},ch1"));
        feed.touches.push(format!("2024-02-11T12:00:00,visit,a{night},S{night},ch{}", 7 + night));
        let built = feed.build(&case);
        let again = with();
        let whole = feed.build(&again);
        for (region, before) in regions.iter().zip(&before) {
            let part = case.part(&built, region);
            same(&part, &again.part(&whole, region), region);
            let known = bases(before);
            let kept = bases(&part).iter().filter(|base| known.contains(base)).count();
            // Shards are small here: the first one's tails may weigh half of it on the second night.
            assert!(kept + usize::from(night > 0) >= known.len(), "{region}: bases stay on night {night}");
            assert!(part.manifest.shards.iter().any(|shard| !shard.tails.is_empty()), "{region}");
        }
    }
}

#[test]
fn another_tenant_a_lost_state_and_full_forget_the_build_before() {
    let (case, feed) = (small(), Feed::new());
    feed.build(&case);
    assert!(feed.build(&case).report.changes.is_some());
    let case = case.with(|options| options.full = true);
    assert!(feed.build(&case).report.changes.is_none());
    let case = case.with(|options| options.full = false);
    assert!(feed.build(&case).report.changes.is_some());
    let case = case.with(|options| options.tenant = "Another".to_owned());
    assert!(feed.build(&case).report.changes.is_none());
    for file in ["build.json", "members.parquet"] {
        fs::write(case.out().join("state").join(file), b"not what it was").expect("a file in a temporary folder");
        let built = feed.build(&case);
        same(&built, &feed.whole(), file);
    }
    let built = feed.build(&case);
    fs::remove_file(case.out().join("shards").join(format!("{}.arrow", built.manifest.shards[0].hash)))
        .expect("a shard of the snapshot");
    let mended = feed.build(&case);
    same(&mended, &feed.whole(), "a file is gone");
}
