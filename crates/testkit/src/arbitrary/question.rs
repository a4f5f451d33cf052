//! Generators of whole questions: all nine asks with any parameters, under any filter.

use model::{
    Align, Anchor, Ask, By, CohortsAsk, Grain, GrowthAsk, LadderAsk, LifecycleAsk, Measure, OverlapAsk, OverlapOf,
    Question, Retention, RfmAsk, SeriesAsk, StoresAsk,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{filter_with_segment, funnel, window};
use crate::world::World;

/// A valid question of one to four asks.
pub fn question(world: &World) -> impl Strategy<Value = Question> + use<> {
    let asks = vec(ask(world), 1..=4);
    (window(), option::of(window()), filter_with_segment(world), asks)
        .prop_map(|(window, compare, filter, ask)| Question { window, compare, filter, ask })
}

/// Any of the nine asks, each as often as the others.
pub fn ask(world: &World) -> impl Strategy<Value = Ask> + use<> {
    prop_oneof![
        growth().prop_map(Ask::Growth),
        series().prop_map(Ask::Series),
        stores().prop_map(Ask::Stores),
        cohorts().prop_map(Ask::Cohorts),
        prop_oneof![6 => 1u32..9, 1 => Just(50)].prop_map(|rungs| Ask::Ladder(LadderAsk { rungs })),
        funnel(world).prop_map(Ask::Funnel),
        rfm(world).prop_map(Ask::Rfm),
        select(vec![OverlapOf::Buyers, OverlapOf::Users]).prop_map(|of| Ask::Overlap(OverlapAsk { of })),
        lifecycle().prop_map(Ask::Lifecycle),
    ]
}

fn growth() -> impl Strategy<Value = GrowthAsk> {
    let by = vec![By::Region, By::City, By::Store, By::Format, By::Channel, By::Domain, By::SourceChannel, By::Tier];
    (option::weighted(0.8, select(by)), option::weighted(0.3, 0u32..4)).prop_map(|(by, top)| GrowthAsk { by, top })
}

fn grain() -> impl Strategy<Value = Grain> {
    select(vec![Grain::Day, Grain::Week, Grain::Month])
}

fn measures() -> impl Strategy<Value = Vec<Measure>> {
    prop_oneof![Just(Vec::new()), subsequence(Measure::ALL.to_vec(), 1..=4)]
}

fn series() -> impl Strategy<Value = SeriesAsk> {
    (grain(), select(vec![Align::Calendar, Align::Window]), measures()).prop_map(|(grain, align, measures)| SeriesAsk {
        grain,
        align,
        measures,
    })
}

fn stores() -> impl Strategy<Value = StoresAsk> {
    (select(Measure::ALL.to_vec()), option::weighted(0.3, 0u32..6), measures())
        .prop_map(|(by, limit, measures)| StoresAsk { by, limit, measures })
}

fn cohorts() -> impl Strategy<Value = CohortsAsk> {
    let anchor = select(vec![Anchor::FirstOrder, Anchor::Joined]);
    let mode = select(vec![Retention::Exact, Retention::OnOrAfter]);
    let periods = prop_oneof![4 => 1u32..8, 1 => 8u32..=120];
    (select(vec![Grain::Month, Grain::Week]), anchor, mode, periods)
        .prop_map(|(grain, anchor, mode, periods)| CohortsAsk { grain, anchor, mode, periods })
}

fn rfm(world: &World) -> impl Strategy<Value = RfmAsk> + use<> {
    let (first, days) = (world.first_day, i32::from(world.days));
    (-10..days + 10, option::of(1i32..60)).prop_map(move |(day, before)| {
        let as_of = first.plus(day);
        RfmAsk { as_of, since: before.map(|before| as_of.plus(-before)) }
    })
}

fn lifecycle() -> impl Strategy<Value = LifecycleAsk> {
    (grain(), 1u32..20, prop_oneof![9 => 1u32..30, 1 => Just(36_000)])
        .prop_map(|(grain, active, longer)| LifecycleAsk { grain, active_days: active, dormant_days: active + longer })
}
