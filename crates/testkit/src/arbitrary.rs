//! Generators of worlds, windows and filters.
//!
//! Small on purpose: few members and stores make collisions, ties and empty cells common.

use model::{Day, Filter, Window};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::world::{Order, Touch, World};

/// A retailer with up to 12 members, 5 stores, 3 regions, 3 channels and 40 days.
pub fn world() -> impl Strategy<Value = World> {
    (1u16..=40, 1u16..=3, 1u8..=3, 1usize..=5, 0usize..=12).prop_flat_map(
        |(days, regions, channels, stores, members)| {
            let store = 0..stores as u16;
            let channel = 0..channels;
            let member = if members == 0 { Just(None).boxed() } else { option::weighted(0.85, 0..members).boxed() };
            let amount = prop_oneof![1 => Just(0i64), 20 => 1i64..100_000, 1 => 4_000_000_000i64..6_000_000_000];
            let order = (0..days, member, store.clone(), channel.clone(), amount)
                .prop_map(|(day, member, store, channel, amount)| Order { day, member, store, channel, amount });
            let touch = (0..days, 0..members.max(1), store.clone(), channel.clone())
                .prop_map(|(day, member, store, channel)| Touch { day, member, store, channel });
            let most_touches = if members == 0 { 0 } else { 60 };
            (
                vec(0..regions, stores),
                vec((option::of(store), option::of(channel)), members),
                vec(order, 0..60),
                vec(touch, 0..=most_touches),
            )
                .prop_map(move |(store_regions, members, orders, touches)| World {
                    first_day: Day::from_ymd(2024, 2, 20).expect("a real day"),
                    days,
                    store_regions,
                    regions,
                    channels,
                    members,
                    orders,
                    touches,
                })
        },
    )
}

/// A window that may lie before, across or after the calendar of [`world`].
pub fn window() -> impl Strategy<Value = Window> {
    (-10i32..50, 0i32..40).prop_map(|(start, length)| {
        let from = Day::from_ymd(2024, 2, 20).expect("a real day").plus(start);
        Window::new(from, from.plus(length)).expect("it runs forwards")
    })
}

/// A filter over names that the world has.
pub fn filter(world: &World) -> impl Strategy<Value = Filter> + use<> {
    let regions: Vec<String> = (0..world.regions).map(World::region_id).collect();
    let stores: Vec<String> = (0..world.store_regions.len() as u16).map(World::store_id).collect();
    let channels: Vec<String> = (0..world.channels).map(World::channel_id).collect();
    let some = |names: Vec<String>| {
        let most = names.len();
        prop_oneof![2 => Just(vec![]), 1 => proptest::sample::subsequence(names, 0..=most)]
    };
    (some(regions), some(stores), some(channels)).prop_map(|(regions, stores, channels)| Filter {
        regions,
        stores,
        channels,
    })
}
