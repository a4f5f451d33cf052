//! Generators of worlds, windows and filters.
//!
//! Small on purpose: few members and stores make collisions, ties and empty cells common.

mod funnel;
mod question;
mod segment;

pub use funnel::funnel;
pub use question::{ask, question};
pub use segment::{filter_with_segment, segment};

use model::{ChannelDomain, Day, Filter, Window};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::world::{Member, Order, Place, Touch, World};

/// Cases of a property test: `fewest`, times the environment's `WELLSPRING_CASES` (1 unless set).
///
/// Tells their number on a line of its own, `property: N cases`, which `cargo xtask test --long` adds up.
pub fn cases(fewest: u32) -> ProptestConfig {
    let times = std::env::var("WELLSPRING_CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1u32);
    let cases = fewest.saturating_mul(times);
    println!("property: {cases} cases");
    ProptestConfig::with_cases(cases)
}

/// How much of everything a world has.
#[derive(Clone, Copy, Debug)]
struct Size {
    days: u16,
    regions: u16,
    stores: u16,
    channels: u8,
    kinds: u8,
    tiers: u8,
    campaigns: u16,
    members: usize,
}

/// A retailer with up to 12 members, 5 stores, 3 regions, 3 channels and 120 days.
pub fn world() -> impl Strategy<Value = World> {
    let size = (
        prop_oneof![3 => 1u16..=40, 1 => 40u16..=120],
        1u16..=3,
        1u16..=5,
        1u8..=3,
        1u8..=3,
        0u8..=2,
        0u16..=2,
        0usize..=12,
    );
    size.prop_flat_map(|(days, regions, stores, channels, kinds, tiers, campaigns, members)| {
        world_of(Size { days, regions, stores, channels, kinds, tiers, campaigns, members })
    })
}

fn world_of(size: Size) -> impl Strategy<Value = World> {
    let Size { days, regions, stores, channels, kinds, tiers, campaigns, members } = size;
    let store = 0..stores;
    let channel = 0..channels;
    let place = (0..regions, 0u8..=2, 0u8..=2).prop_map(|(region, city, format)| Place { region, city, format });
    let domain = option::of(prop_oneof![Just(ChannelDomain::Public), Just(ChannelDomain::Private)]);
    let member = (option::of(store.clone()), option::of(channel.clone()), some_below(tiers), option::of(-20i32..140))
        .prop_map(|(home, source, tier, joined)| Member { home, source, tier, joined });
    let whose = if members == 0 { Just(None).boxed() } else { option::weighted(0.85, 0..members).boxed() };
    let amount = prop_oneof![1 => Just(0i64), 20 => 1i64..100_000, 1 => 4_000_000_000i64..6_000_000_000];
    let order = (0..days, whose, store.clone(), channel.clone(), amount, some_below(campaigns)).prop_map(
        |(day, member, store, channel, amount, campaign)| Order { day, member, store, channel, amount, campaign },
    );
    let touch = (0..days, 0..members.max(1), store, channel, 0..kinds, some_below(campaigns)).prop_map(
        |(day, member, store, channel, kind, campaign)| Touch { day, member, store, channel, kind, campaign },
    );
    let most_touches = if members == 0 { 0 } else { 60 };
    (
        vec(place, usize::from(stores)),
        vec(domain, usize::from(channels)),
        vec(member, members),
        vec(order, 0..60),
        vec(touch, 0..=most_touches),
    )
        .prop_map(move |(stores, channels, members, orders, touches)| World {
            first_day: Day::from_ymd(2024, 2, 20).expect("a real day"),
            days,
            stores,
            regions,
            channels,
            kinds,
            tiers,
            campaigns,
            members,
            orders,
            touches,
        })
}

/// Nothing, or a number below `count`.
fn some_below<T>(count: T) -> BoxedStrategy<Option<T>>
where
    T: Copy + Default + PartialOrd + std::fmt::Debug + 'static,
    std::ops::Range<T>: Strategy<Value = T>,
{
    if count > T::default() { option::of(T::default()..count).boxed() } else { Just(None).boxed() }
}

/// A window that may lie before, across or after the calendar of [`world`].
pub fn window() -> impl Strategy<Value = Window> {
    (-10i32..130, 0i32..60).prop_map(|(start, length)| {
        let from = Day::from_ymd(2024, 2, 20).expect("a real day").plus(start);
        Window::new(from, from.plus(length)).expect("it runs forwards")
    })
}

/// A filter over names that the world has, without a segment.
pub fn filter(world: &World) -> impl Strategy<Value = Filter> + use<> {
    let some = |names: Vec<String>, weight: u32| {
        let most = names.len();
        prop_oneof![weight => Just(vec![]), 1 => proptest::sample::subsequence(names, 0..=most)]
    };
    let cities = distinct(world.stores.iter().map(|place| World::city_name(place.city)));
    let formats = distinct(world.stores.iter().map(|place| World::format_name(place.format)));
    let channels: Vec<String> = (0..world.channels.len() as u8).map(World::channel_id).collect();
    let domains = vec![ChannelDomain::Public, ChannelDomain::Private];
    (
        some((0..world.regions).map(World::region_id).collect(), 2),
        some(cities, 5),
        some((0..world.stores.len() as u16).map(World::store_id).collect(), 3),
        some(formats, 5),
        some(channels.clone(), 2),
        prop_oneof![5 => Just(vec![]), 1 => proptest::sample::subsequence(domains, 0..=2)],
        some((0..world.campaigns).map(World::campaign_id).collect(), 5),
        some(channels, 5),
        some((0..world.tiers).map(World::tier_name).collect(), 5),
    )
        .prop_map(|(regions, cities, stores, formats, channels, domains, campaigns, source_channels, tiers)| {
            Filter {
                regions,
                cities,
                stores,
                formats,
                channels,
                domains,
                campaigns,
                source_channels,
                tiers,
                segment: None,
            }
        })
}

fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}
