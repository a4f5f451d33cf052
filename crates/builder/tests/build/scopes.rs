//! Snapshots of regions: each is what a build of that region's rows alone would be, and holds nothing of others.

use std::collections::HashSet;
use std::fs;
use std::io::Read;

use snapshot::scope::{SCOPES, region_scope};

use crate::support::{Case, case, tree};

/// Rows of a retailer with three regions, a store without one, and facts without a store.
struct World {
    stores: Vec<(String, &'static str)>,
    members: Vec<(String, String)>,
    /// Time, member or nothing, store or nothing, channel, campaign, amount in yuan.
    orders: Vec<(String, String, String, String, String, u32)>,
    /// Time, member, store or nothing, channel, kind.
    touches: Vec<(String, String, String, String, &'static str)>,
}

const REGIONS: [&str; 4] = ["华东", "华南", "North/../x", ""];

impl World {
    fn new(seed: u64) -> Self {
        let mut state = seed;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let stores: Vec<(String, &str)> = (0..9).map(|n| (format!("Store-{n}"), REGIONS[n % 4])).collect();
        let store = |below: &mut dyn FnMut(u64) -> u64| match below(10) {
            9 => String::new(),
            n => stores[n as usize].0.clone(),
        };
        let day = |below: &mut dyn FnMut(u64) -> u64| format!("2024-0{}-{:02}T10:00:00", 1 + below(6), 1 + below(28));
        let members: Vec<(String, String)> = (0..300).map(|n| (format!("m{n}"), store(&mut below))).collect();
        let orders = (0..900).map(|_| {
            let member = if below(5) == 0 { String::new() } else { format!("m{}", below(300)) };
            let campaign = if below(2) == 0 { String::new() } else { format!("c{}", below(4)) };
            (day(&mut below), member, store(&mut below), format!("ch{}", below(6)), campaign, 1 + below(500) as u32)
        });
        let orders = orders.collect();
        let touches = (0..900).map(|_| {
            let kind = ["visit", "share", "add_friend"][below(3) as usize];
            (day(&mut below), format!("m{}", below(300)), store(&mut below), format!("ch{}", below(6)), kind)
        });
        let touches = touches.collect();
        Self { stores, members, orders, touches }
    }

    /// As a source; of one region only, where it is named: its stores, the facts at them, the members met or at home there.
    fn source(&self, only: Option<&str>) -> Case {
        let region = |id: &str| self.stores.iter().find(|(store, _)| store == id).map(|(_, region)| *region);
        let inside = |store: &str| only.is_none() || (region(store) == only && !store.is_empty());
        let orders: Vec<_> = self.orders.iter().enumerate().filter(|(_, order)| inside(&order.2)).collect();
        let touches: Vec<_> = self.touches.iter().filter(|touch| inside(&touch.2)).collect();
        let met: HashSet<&str> =
            orders.iter().map(|(_, o)| o.1.as_str()).chain(touches.iter().map(|t| t.1.as_str())).collect();
        let mut files = [
            "store_id,region\n".to_owned(),
            "member_id,home_store\n".to_owned(),
            "order_id,ordered_at,member_id,store_id,channel_id,campaign_id,amount\n".to_owned(),
            "at,member_id,store_id,channel_id,kind\n".to_owned(),
        ];
        for (id, region) in self.stores.iter().filter(|(id, _)| inside(id)) {
            files[0] += &format!("{id},{region}\n");
        }
        for (id, home) in self.members.iter().filter(|(id, home)| inside(home) || met.contains(id.as_str())) {
            files[1] += &format!("{id},{}\n", if inside(home) { home } else { "" });
        }
        for (id, (at, member, store, channel, campaign, amount)) in orders {
            files[2] += &format!("o{id},{at},{member},{store},{channel},{campaign},{amount}\n");
        }
        for (at, member, store, channel, kind) in touches {
            files[3] += &format!("{at},{member},{store},{channel},{kind}\n");
        }
        let mut plans = ["month,amount,store_id,region\n".to_owned(), "campaign_id,starts_on,ends_on\n".to_owned()];
        for (index, (id, region)) in self.stores.iter().enumerate().filter(|(_, (id, _))| inside(id)) {
            plans[0] += &format!("2024-02,{},{id},\n", 100 + index);
            // Once for each region: the last of several rows counts.
            plans[0] +=
                &if region.is_empty() { String::new() } else { format!("2024-03,{},,{region}\n", region.len()) };
        }
        let used: HashSet<&str> = self.orders.iter().filter(|order| inside(&order.2)).map(|o| o.4.as_str()).collect();
        for id in ["c0", "c1", "c2", "c3"].iter().filter(|id| used.contains(**id)) {
            plans[1] += &format!("{id},2024-02-01,2024-02-09\n");
        }
        let files = files.into_iter().chain(plans).collect::<Vec<_>>();
        let names = ["stores.csv", "members.csv", "orders.csv", "touches.csv", "targets.csv", "campaigns.csv"];
        let files: Vec<(&str, &str)> = names.into_iter().zip(files.iter().map(String::as_str)).collect();
        case(&files).with(|options| options.shard_members = 60)
    }
}

fn named(case: Case) -> Case {
    case.with(|options| options.regions = true)
}

/// Targets with names, in minor units.
fn planned(manifest: &model::Manifest) -> Vec<(String, Vec<Option<i64>>)> {
    let targets = manifest.targets.as_ref().expect("targets were given");
    let months = targets.months as usize;
    let of = |names: Vec<String>, amounts: &[Option<i64>]| {
        let rows = amounts.chunks(months).map(|row| row.iter().map(|a| a.map(|a| a * targets.unit)).collect());
        names.into_iter().zip(rows.collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let names = &manifest.dimensions;
    let regions = targets.regions.iter().map(|&r| names.regions[usize::from(r)].id.clone()).collect();
    let stores = targets.stores.iter().map(|&s| names.stores[usize::from(s)].id.clone()).collect();
    let mut planned = of(regions, &targets.region_amounts);
    planned.extend(of(stores, &targets.store_amounts));
    planned
}

#[test]
fn a_part_is_what_a_build_of_the_region_alone_would_be() {
    for seed in 1..=3 {
        let world = World::new(seed);
        let case = named(world.source(None));
        let built = case.built();
        assert_eq!(built.report.parts.len(), 3, "a region without a name has no part");
        for (region, told) in REGIONS[..3].iter().zip(&built.report.parts) {
            let part = case.part(&built, region);
            let alone = world.source(Some(region)).built();
            assert_eq!(part.lives(), alone.lives(), "{region}");
            let sorted = |mut lines: Vec<String>| {
                lines.sort();
                lines
            };
            assert_eq!(sorted(part.anonymous()), sorted(alone.anonymous()), "{region}");
            let (ours, theirs) = (&part.manifest, &alone.manifest);
            assert_eq!(ours.totals, theirs.totals, "{region}");
            assert_eq!(told.totals, theirs.totals);
            assert_eq!((told.region.as_str(), told.scope.as_str()), (*region, ours.scope.as_str()));
            assert_eq!(ours.dimensions.regions, theirs.dimensions.regions);
            assert_eq!(ours.dimensions.stores, theirs.dimensions.stores);
            let channels = |manifest: &model::Manifest| {
                sorted(manifest.dimensions.channels.iter().map(|channel| channel.id.clone()).collect())
            };
            assert_eq!(channels(ours), channels(theirs));
            assert_eq!(sorted(ours.dimensions.campaigns.clone()), sorted(theirs.dimensions.campaigns.clone()));
            assert_eq!(planned(ours), planned(theirs), "{region}");
            assert!(!planned(ours).is_empty() && !ours.campaigns.is_empty());
            assert_eq!(ours.campaigns, theirs.campaigns);
            assert!(ours.shards.len() > 1, "more than one shard, so that merging is seen: {}", ours.shards.len());
        }
    }
}

#[test]
fn nothing_in_a_parts_folder_names_another_region() {
    let world = World::new(7);
    let case = named(world.source(None));
    case.built();
    for region in &REGIONS[..3] {
        let folder = case.out().join(SCOPES).join(region_scope(region));
        let others = world.stores.iter().filter(|(_, other)| other != region);
        let foreign: Vec<&str> =
            others.flat_map(|(id, region)| [id.as_str(), region]).filter(|n| !n.is_empty()).collect();
        assert!(foreign.len() > 8);
        for (path, bytes) in tree(&folder) {
            let mut plain = bytes.clone();
            if path.extension().is_some_and(|extension| extension == "br") {
                plain.clear();
                brotli(&bytes).read_to_end(&mut plain).expect("whole");
            }
            for name in &foreign {
                let found = plain.windows(name.len()).any(|window| window == name.as_bytes());
                assert!(!found, "{name} in {}", path.display());
            }
        }
    }
}

fn brotli(bytes: &[u8]) -> impl Read + '_ {
    brotli::Decompressor::new(bytes, 4096)
}

#[test]
fn parts_that_are_no_longer_made_are_removed() {
    let world = World::new(9);
    let case = named(world.source(None));
    case.built();
    let shown = |folder: &fs::DirEntry| folder.path().join("manifest.json").exists();
    let folders = |case: &Case| {
        fs::read_dir(case.out().join(SCOPES)).map_or(0, |all| all.filter(|f| shown(f.as_ref().unwrap())).count())
    };
    assert_eq!(folders(&case), 3);
    case.file("stores.csv", b"store_id,region\nStore-0,\xe5\x8d\x8e\xe4\xb8\x9c\n");
    case.file("orders.csv", b"order_id,ordered_at,amount,store_id\na,2024-01-01,5,Store-0\n");
    case.file("touches.csv", b"at,member_id,kind,store_id\n2024-01-02,m1,visit,Store-0\n");
    case.file("members.csv", b"member_id,home_store\nm1,Store-0\n");
    let again = case.built();
    assert_eq!((folders(&case), again.report.parts[0].version), (1, 2));
    let case = case.with(|options| options.regions = false);
    case.built();
    assert_eq!(folders(&case), 0);
    // Versions that are kept still have them; with the last of those they go.
    assert!(case.out().join(SCOPES).exists());
    (0..3).for_each(|_| drop(case.built()));
    assert_eq!(fs::read_dir(case.out().join(SCOPES)).unwrap().count(), 0);
}

#[test]
fn a_failed_build_leaves_every_part_as_it_was() {
    let case = named(World::new(11).source(None));
    case.built();
    case.file("orders.csv", b"order_id,ordered_at\n");
    case.error();
}
