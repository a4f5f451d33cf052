//! Generators of segments.

use model::{Anchor, Day, Filter, Grain, RfmCuts, Segment};
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::world::World;

/// A filter over names that the world has, in half of the cases with a segment.
pub fn filter_with_segment(world: &World) -> impl Strategy<Value = Filter> + use<> {
    let segment = prop_oneof![Just(None), segment(world).prop_map(Some)];
    (super::filter(world), segment).prop_map(|(filter, segment)| Filter { segment, ..filter })
}

/// A segment around the days of a world.
pub fn segment(world: &World) -> impl Strategy<Value = Segment> + use<> {
    let (first, days) = (world.first_day, i32::from(world.days));
    let day = (-40..days + 10).prop_map(move |day| first.plus(day));
    prop_oneof![cohort(day.clone()), rung(day.clone()), rfm(day)]
}

fn cohort(day: impl Strategy<Value = Day>) -> impl Strategy<Value = Segment> {
    (day, any::<bool>(), any::<bool>()).prop_map(|(day, month, joined)| {
        let (grain, from) = if month { (Grain::Month, day.month_start()) } else { (Grain::Week, day.week_start()) };
        Segment::Cohort { grain, anchor: if joined { Anchor::Joined } else { Anchor::FirstOrder }, from }
    })
}

fn rung(day: impl Strategy<Value = Day>) -> impl Strategy<Value = Segment> {
    (day, 1u32..5, any::<bool>()).prop_map(|(as_of, orders, exactly)| Segment::Rung { orders, exactly, as_of })
}

fn rfm(day: impl Strategy<Value = Day>) -> impl Strategy<Value = Segment> {
    let cuts = |most: i64| {
        proptest::array::uniform4(0..most).prop_map(|mut cuts| {
            cuts.sort_unstable();
            cuts
        })
    };
    let cuts = (cuts(5 * 120), cuts(5 * 6), cuts(5 * 200_000));
    let scores = || subsequence(vec![1u8, 2, 3, 4, 5], 0..=5);
    (day, cuts, scores(), scores(), scores()).prop_map(|(as_of, cuts, recency, frequency, monetary)| {
        let (of_recency, of_frequency, of_money) = cuts;
        let cuts = RfmCuts { recency: of_recency, frequency: of_frequency, monetary: of_money };
        Segment::Rfm { as_of, cuts, recency, frequency, monetary }
    })
}
