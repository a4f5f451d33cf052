//! Every field of the filter, every kind of segment and every dimension, against the naive recount.

use std::collections::{BTreeMap, BTreeSet};

use engine::answer;
use model::{
    Align, Answer, Ask, By, ChannelDomain, Factors, Filter, Grain, GrowthAnswer, GrowthAsk, Measure, Question,
};
use model::{SeriesAnswer, SeriesAsk, SeriesPoints, Window};
use proptest::prelude::*;
use testkit::{Facts, Recount, Snapshot, World, arbitrary, recount_of};

fn ask(snapshot: &Snapshot, window: Window, compare: Window, filter: &Filter, ask: Ask) -> Answer {
    let question = Question { window, compare: Some(compare), filter: filter.clone(), ask: vec![ask] };
    let answers = answer(&question, &snapshot.manifest, &snapshot.shards).expect("the question is valid");
    answers.answers.into_iter().next().expect("one answer for one ask")
}

fn growth(snapshot: &Snapshot, window: Window, compare: Window, filter: &Filter, by: Option<By>) -> GrowthAnswer {
    match ask(snapshot, window, compare, filter, Ask::Growth(GrowthAsk { by, top: None })) {
        Answer::Growth(growth) => *growth,
        _ => panic!("growth was asked"),
    }
}

fn counts(f: &Factors) -> Recount {
    Recount {
        users: f.users.value,
        buyers: f.buyers.value,
        repeat_buyers: f.repeat_buyers.value,
        new_buyers: f.new_buyers.value,
        member_orders: f.member_orders.value,
        member_sales: f.member_sales.value,
        anonymous_orders: f.anonymous_orders.value,
        anonymous_sales: f.anonymous_sales.value,
    }
}

/// A world, two windows and a filter, in half of the cases with a segment.
fn cases() -> impl Strategy<Value = (World, Window, Window, Filter)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter_with_segment(&world);
        (Just(world), arbitrary::window(), arbitrary::window(), filter)
    })
}

/// The value of a dimension that a fact has.
fn value(world: &World, by: By, store: u16, channel: u8, member: Option<usize>) -> String {
    let place = world.stores[usize::from(store)];
    let member = member.map(|member| world.members[member]);
    match by {
        By::Region => World::region_id(place.region),
        By::City => World::city_name(place.city),
        By::Store => World::store_id(store),
        By::Format => World::format_name(place.format),
        By::Channel => World::channel_id(channel),
        By::Domain => match world.channels[usize::from(channel)] {
            Some(ChannelDomain::Public) => "public".into(),
            Some(ChannelDomain::Private) => "private".into(),
            None => String::new(),
        },
        By::SourceChannel => member.and_then(|m| m.source).map_or(String::new(), World::channel_id),
        By::Tier => member.and_then(|m| m.tier).map_or(String::new(), World::tier_name),
    }
}

const DIMENSIONS: [By; 8] =
    [By::Region, By::City, By::Store, By::Format, By::Channel, By::Domain, By::SourceChannel, By::Tier];

/// The facts whose value of a dimension is `wanted`.
fn part(world: &World, facts: &Facts, by: By, wanted: &str) -> Facts {
    let mut part = facts.clone();
    part.orders.retain(|o| value(world, by, o.store, o.channel, o.member) == wanted);
    part.touches.retain(|t| value(world, by, t.store, t.channel, Some(t.member)) == wanted);
    part
}

proptest! {
    #![proptest_config(arbitrary::cases(1000))]

    #[test]
    fn growth_under_any_filter_and_segment_equals_the_recount((world, window, compare, filter) in cases(), shards in 1usize..4) {
        let found = growth(&world.snapshot(shards), window, compare, &filter, None);
        let facts = world.selected(&filter);
        prop_assert_eq!(counts(&found.window), recount_of(&world, &facts, window, |_, _| true));
        prop_assert_eq!(counts(&found.compare.unwrap()), recount_of(&world, &facts, compare, |_, _| true));
    }

    #[test]
    fn every_dimension_equals_the_recount_of_its_values((world, window, compare, filter) in cases(), by in proptest::sample::select(&DIMENSIONS[..])) {
        let found = growth(&world.snapshot(2), window, compare, &filter, Some(by));
        let facts = world.selected(&filter);
        let inside = |day: u16| [window, compare].iter().any(|w| w.contains(world.first_day.plus(day.into())));
        let orders = facts.orders.iter().filter(|o| inside(o.day)).map(|o| value(&world, by, o.store, o.channel, o.member));
        let touches =
            facts.touches.iter().filter(|t| inside(t.day)).map(|t| value(&world, by, t.store, t.channel, Some(t.member)));
        let expected: BTreeSet<String> = orders.chain(touches).collect();
        let answered: Vec<&str> = found.groups.iter().map(|group| &group.id[..]).collect();
        prop_assert_eq!(answered.len(), expected.len(), "{:?} {:?}", answered, expected);
        for group in &found.groups {
            prop_assert!(expected.contains(&group.id));
            let part = part(&world, &facts, by, &group.id);
            prop_assert_eq!(counts(&group.window), recount_of(&world, &part, window, |_, _| true), "{}", &group.id);
            prop_assert_eq!(counts(group.compare.as_ref().unwrap()), recount_of(&world, &part, compare, |_, _| true));
        }
        let sales: i64 = found.groups.iter().map(|group| group.window.sales.value).sum();
        prop_assert_eq!(sales, found.window.sales.value);
        let orders: i64 = found.groups.iter().map(|group| group.window.orders.value).sum();
        prop_assert_eq!(orders, found.window.orders.value);
    }

    #[test]
    fn naming_everything_there_is_of_stores_and_channels_changes_nothing((world, window, compare, _) in cases()) {
        let snapshot = world.snapshot(2);
        let all = growth(&snapshot, window, compare, &Filter::default(), None);
        let dimensions = &snapshot.manifest.dimensions;
        let filter = Filter {
            regions: dimensions.regions.iter().map(|region| region.id.clone()).collect(),
            stores: dimensions.stores.iter().map(|store| store.id.clone()).collect(),
            channels: dimensions.channels.iter().map(|channel| channel.id.clone()).collect(),
            ..Filter::default()
        };
        prop_assert_eq!(all, growth(&snapshot, window, compare, &filter, None));
    }

    #[test]
    fn every_measure_of_a_series_equals_the_recount_of_its_period((world, window, compare, filter) in cases(), grain in 0usize..3, aligned: bool) {
        let grain = [Grain::Day, Grain::Week, Grain::Month][grain];
        let align = if aligned { Align::Window } else { Align::Calendar };
        let found = series(&world.snapshot(2), window, compare, &filter, SeriesAsk { grain, align, measures: vec![] });
        let facts = world.selected(&filter);
        let until = world.first_day.plus(i32::from(world.days) - 1);
        for (points, span) in [(&found.window, window), (found.compare.as_ref().unwrap(), compare)] {
            let mut next = span.from();
            for (i, &from) in points.periods.iter().enumerate() {
                prop_assert_eq!(from, next, "periods leave no gap");
                next = from.plus(points.days[i] as i32);
                let (start, end) = match (grain, aligned) {
                    (Grain::Day, _) => (from, from.plus(1)),
                    (Grain::Week, true) => (from, from.plus(7)),
                    (Grain::Week, false) => (from.week_start(), from.week_start().plus(7)),
                    (Grain::Month, true) => (span.from().plus_months(i as i32), span.from().plus_months(i as i32 + 1)),
                    (Grain::Month, false) => (from.month_start(), from.month_start().plus_months(1)),
                };
                prop_assert_eq!(from, start.max(span.from()));
                prop_assert_eq!(next, end.min(span.to().plus(1)));
                let whole = start >= span.from().max(world.first_day) && end.plus(-1) <= span.to().min(until);
                prop_assert_eq!(points.partial[i], !whole);
                let period = Window::new(from, next.plus(-1)).unwrap();
                let expected = measures(&recount_of(&world, &facts, period, |_, _| true));
                for measure in Measure::ALL {
                    prop_assert_eq!(point(points, measure, i), expected[&measure], "{:?}", measure);
                }
            }
            prop_assert_eq!(next, span.to().plus(1), "periods end with the window");
        }
    }

    #[test]
    fn a_series_answers_the_measures_asked_and_no_others((world, window, compare, filter) in cases(), wanted in proptest::sample::subsequence(&Measure::ALL[..], 1..=13)) {
        let snapshot = world.snapshot(2);
        let of = |measures: Vec<Measure>| {
            series(&snapshot, window, compare, &filter, SeriesAsk { grain: Grain::Week, align: Align::Window, measures })
        };
        let (all, some) = (of(vec![]), of(wanted.clone()));
        let mut expected = all;
        expected.window.retain(&wanted);
        expected.compare.as_mut().unwrap().retain(&wanted);
        prop_assert_eq!(&some, &expected);
        let text = serde_json::to_string(&some).unwrap();
        let named = Measure::ALL.into_iter().filter(|measure| {
            let name = serde_json::to_string(measure).unwrap();
            text.contains(&format!("{name}:"))
        });
        prop_assert_eq!(named.collect::<Vec<_>>(), wanted);
    }
}

fn series(snapshot: &Snapshot, window: Window, compare: Window, filter: &Filter, of: SeriesAsk) -> SeriesAnswer {
    match ask(snapshot, window, compare, filter, Ask::Series(of)) {
        Answer::Series(series) => series,
        _ => panic!("a series was asked"),
    }
}

/// All measures of a recount; none over nothing.
fn measures(r: &Recount) -> BTreeMap<Measure, Option<f64>> {
    let count = |n: i64| Some(n as f64);
    let ratio = |part: i64, of: i64| (of != 0).then(|| part as f64 / of as f64);
    BTreeMap::from([
        (Measure::Sales, count(r.member_sales + r.anonymous_sales)),
        (Measure::MemberSales, count(r.member_sales)),
        (Measure::Orders, count(r.member_orders + r.anonymous_orders)),
        (Measure::Users, count(r.users)),
        (Measure::Buyers, count(r.buyers)),
        (Measure::Conversion, ratio(r.buyers, r.users)),
        (Measure::Frequency, ratio(r.member_orders, r.buyers)),
        (Measure::Aov, ratio(r.member_sales, r.member_orders)),
        (Measure::RepeatBuyers, count(r.repeat_buyers)),
        (Measure::RepurchaseRate, ratio(r.repeat_buyers, r.buyers)),
        (Measure::NewBuyers, count(r.new_buyers)),
        (Measure::AnonymousOrders, count(r.anonymous_orders)),
        (Measure::AnonymousSales, count(r.anonymous_sales)),
    ])
}

fn point(points: &SeriesPoints, measure: Measure, i: usize) -> Option<f64> {
    let count = |list: &Option<Vec<model::Figure<i64>>>| Some(list.as_ref().expect("asked")[i].value as f64);
    let ratio = |list: &Option<Vec<model::Ratio>>| list.as_ref().expect("asked")[i].value;
    match measure {
        Measure::Sales => count(&points.sales),
        Measure::MemberSales => count(&points.member_sales),
        Measure::Orders => count(&points.orders),
        Measure::Users => count(&points.users),
        Measure::Buyers => count(&points.buyers),
        Measure::Conversion => ratio(&points.conversion),
        Measure::Frequency => ratio(&points.frequency),
        Measure::Aov => ratio(&points.aov),
        Measure::RepeatBuyers => count(&points.repeat_buyers),
        Measure::RepurchaseRate => ratio(&points.repurchase_rate),
        Measure::NewBuyers => count(&points.new_buyers),
        Measure::AnonymousOrders => count(&points.anonymous_orders),
        Measure::AnonymousSales => count(&points.anonymous_sales),
    }
}
