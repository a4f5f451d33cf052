//! Who may ask about groups only, asks twice, and takes one answer from the other.

use std::collections::BTreeSet;

use aggregates::{FEWEST_MEMBERS, Plan, ROUNDED_TO, Refused};
use model::{Answer, Answers, Ask, By, ChannelDomain, Day, Filter, GrowthAsk, Measure, Question, StoresAsk, Window};
use proptest::prelude::*;
use testkit::{Member, Order, Place, Snapshot, Touch, World};

const WEEKS: u16 = 5;
const STORES: u16 = 8;
const CHANNELS: u8 = 3;

/// Where a member bought: week, store, channel.
type Visit = (u16, u16, u8);

/// A retailer where each store has its regulars every week, but for the last two: one has few, one has none. And a
/// member who was only where the visits say.
fn world(regulars: &[u16], visits: &[Visit]) -> World {
    let place = |region, city, format| Place { region, city, format };
    let mut world = World {
        first_day: Day::from_ymd(2024, 1, 1).expect("a Monday"),
        days: WEEKS * 7,
        stores: vec![
            place(0, 1, 1),
            place(0, 1, 1),
            place(0, 2, 2),
            place(0, 3, 1),
            place(1, 4, 2),
            place(1, 4, 1),
            place(1, 5, 2),
            place(0, 2, 1),
        ],
        regions: 2,
        channels: vec![Some(ChannelDomain::Public), Some(ChannelDomain::Private), None],
        tiers: 2,
        ..World::tiny()
    };
    let mut amount = 1_000;
    let mut visit = |world: &mut World, member: usize, (week, store, channel): Visit| {
        let day = week * 7 + (member % 7) as u16;
        amount += 7;
        world.orders.push(Order { day, member: Some(member), store, channel, amount, campaign: None });
        world.touches.push(Touch { day, member, store, channel, kind: 0, campaign: None });
    };
    for (store, count) in (0..STORES).zip(regulars) {
        for at in 0..*count {
            let member = world.members.len();
            let (source, tier) = (Some((at % 3) as u8), Some((at % 2) as u8));
            world.members.push(Member { home: Some(store), source, tier, joined: Some(0) });
            for week in 0..WEEKS {
                visit(&mut world, member, (week, store, (at % 3) as u8));
            }
        }
    }
    let lone = world.members.len();
    world.members.push(Member { home: None, source: Some(0), tier: Some(0), joined: Some(0) });
    for one in visits {
        visit(&mut world, lone, *one);
    }
    world
}

fn window((from, to): (u16, u16)) -> Window {
    let first = Day::from_ymd(2024, 1, 1).expect("a day");
    Window::new(first.plus(i32::from(from) * 7), first.plus(i32::from(to) * 7 + 6)).expect("weeks")
}

fn question(weeks: (u16, u16), filter: Filter) -> Question {
    let growth = |by| Ask::Growth(GrowthAsk { by, top: None });
    let stores = Ask::Stores(StoresAsk { by: Measure::Sales, limit: None, measures: vec![] });
    let ask = vec![growth(None), growth(Some(By::City)), growth(Some(By::Channel)), stores];
    Question { window: window(weeks), compare: None, filter, ask }
}

fn ask(question: &Question, snapshot: &Snapshot) -> Result<Answers, Refused> {
    let plan = Plan::new(question, &Filter::default())?;
    let answers = plan.questions().iter().map(|question| {
        engine::answer(question, &snapshot.manifest, &snapshot.shards).expect("names that the snapshot knows")
    });
    plan.publish(&snapshot.manifest, &answers.collect::<Vec<_>>())
}

/// The orders that a question is about, each told by its amount, and whose they are.
fn orders(world: &World, question: &Question) -> BTreeSet<(i64, Option<usize>)> {
    let first = world.first_day;
    let facts = world.matching(&question.filter);
    let within = facts.orders.iter().filter(|order| question.window.contains(first.plus(i32::from(order.day))));
    within.map(|order| (order.amount, order.member)).collect()
}

/// Every one, every pair, all but one, all but two, and all of a list.
fn lists(names: &[String]) -> Vec<Vec<String>> {
    let pairs: BTreeSet<BTreeSet<&String>> =
        names.iter().flat_map(|a| names.iter().map(move |b| BTreeSet::from([a, b]))).collect();
    let without = |pair: &BTreeSet<&String>| names.iter().filter(|name| !pair.contains(name)).cloned().collect();
    let with = pairs.iter().map(|pair| pair.iter().copied().cloned().collect::<Vec<_>>());
    with.chain(pairs.iter().map(without)).chain([names.to_vec()]).filter(|list| !list.is_empty()).collect()
}

/// Filters of one dimension or of those that contain it, and none.
fn filters(family: u8) -> Vec<Filter> {
    let all = Filter::default;
    let names = |count: u16, name: fn(u16) -> String| (0..count).map(name).collect::<Vec<_>>();
    let channels = || lists(&names(CHANNELS.into(), |c| World::channel_id(c as u8)));
    let mut filters = vec![all()];
    match family {
        0 => {
            filters.extend(lists(&names(2, World::region_id)).into_iter().map(|regions| Filter { regions, ..all() }));
            let cities = names(5, |city| World::city_name(city as u8 + 1));
            filters.extend(lists(&cities).into_iter().map(|cities| Filter { cities, ..all() }));
            let formats = names(2, |format| World::format_name(format as u8 + 1));
            filters.extend(lists(&formats).into_iter().map(|formats| Filter { formats, ..all() }));
            filters.extend(lists(&names(STORES, World::store_id)).into_iter().map(|stores| Filter { stores, ..all() }));
        }
        1 => {
            filters.extend(channels().into_iter().map(|channels| Filter { channels, ..all() }));
            for domains in [vec![ChannelDomain::Public], vec![ChannelDomain::Private]] {
                filters.push(Filter { domains, ..all() });
            }
        }
        2 => filters
            .extend(lists(&names(2, |t| World::tier_name(t as u8))).into_iter().map(|tiers| Filter { tiers, ..all() })),
        _ => filters.extend(channels().into_iter().map(|source_channels| Filter { source_channels, ..all() })),
    }
    filters
}

fn weeks() -> impl Strategy<Value = (u16, u16)> {
    (0..WEEKS, 0..WEEKS).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

fn worlds() -> impl Strategy<Value = World> {
    let regulars = (prop::collection::vec(11u16..16, 6), 0u16..12, prop_oneof![Just(0u16), Just(0), 1u16..14]);
    let visits = prop::collection::vec((0..WEEKS, 0..STORES, 0..CHANNELS), 0..4);
    (regulars, visits).prop_map(|((mut regulars, few, none), visits)| {
        regulars.extend([few, none]);
        world(&regulars, &visits)
    })
}

/// Of questions whose orders differ by those of a few members: one is refused, or both are told the same.
fn none_tells_of_few(world: &World, questions: &[Question]) -> Result<(), TestCaseError> {
    let snapshot = world.snapshot(2);
    let told = questions.iter().filter_map(|question| {
        let answers = ask(question, &snapshot).ok()?.answers;
        Some((question, answers, orders(world, question)))
    });
    let told: Vec<_> = told.collect();
    for (place, (a, one, of_one)) in told.iter().enumerate() {
        for (b, other, of_other) in &told[..place] {
            let apart: BTreeSet<_> = of_one.symmetric_difference(of_other).map(|(_, member)| *member).collect();
            if (1..FEWEST_MEMBERS as usize).contains(&apart.len()) {
                prop_assert_eq!(one, other, "{:?} and {:?}", a, b);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_of_a_dimension_tell_of_no_few_members(world in worlds(), weeks in weeks(), family in 0u8..4) {
        let questions: Vec<_> = filters(family).into_iter().map(|filter| question(weeks, filter)).collect();
        none_tells_of_few(&world, &questions)?;
    }

    #[test]
    fn days_tell_of_no_few_members(world in worlds(), filter in (0u8..4).prop_flat_map(|f| prop::sample::select(filters(f)))) {
        let all = (0..WEEKS).flat_map(|from| (from..WEEKS).map(move |to| (from, to)));
        let questions: Vec<_> = all.map(|weeks| question(weeks, filter.clone())).collect();
        none_tells_of_few(&world, &questions)?;
    }

    /// Nothing that is told is of a few members, and members are told in fives.
    #[test]
    fn what_is_told_is_of_many_and_rounded(world in worlds(), weeks in weeks(), filter in (0u8..4).prop_flat_map(|f| prop::sample::select(filters(f)))) {
        let snapshot = world.snapshot(2);
        let asked = question(weeks, filter);
        let Ok(told) = ask(&asked, &snapshot) else { return Ok(()) };
        let exact = engine::answer(&asked, &snapshot.manifest, &snapshot.shards).expect("an answer");
        for (told, exact) in told.answers.iter().zip(&exact.answers) {
            let (Answer::Growth(told), Answer::Growth(exact)) = (told, exact) else { continue };
            for group in &told.groups {
                let exact = exact.groups.iter().find(|one| one.id == group.id).expect("a group that there is");
                let members = exact.window.buyers.value;
                prop_assert!(members == 0 || members >= FEWEST_MEMBERS, "{}: {}", group.id, members);
                prop_assert_eq!(group.window.buyers.value % ROUNDED_TO, 0);
            }
            // What is hidden of a split is nobody, or of many.
            let sum = |groups: &[model::GrowthGroup]| groups.iter().map(|g| g.window.buyers.value).sum::<i64>();
            let shown: Vec<_> =
                exact.groups.iter().filter(|one| told.groups.iter().any(|group| group.id == one.id)).cloned().collect();
            let hidden = sum(&exact.groups) - sum(&shown);
            prop_assert!(hidden == 0 || hidden >= FEWEST_MEMBERS, "{} hidden", hidden);
        }
    }
}

#[test]
fn most_questions_are_answered() {
    let world = world(&[14, 13, 15, 12, 14, 13, 12, 11], &[]);
    let snapshot = world.snapshot(2);
    let all = Filter::default();
    for filter in [
        all.clone(),
        Filter { stores: vec![World::store_id(0)], ..all.clone() },
        Filter { regions: vec![World::region_id(1)], channels: vec![World::channel_id(0)], ..all.clone() },
        Filter { formats: vec![World::format_name(1)], tiers: vec![World::tier_name(0)], ..all },
    ] {
        let told = ask(&question((1, 3), filter.clone()), &snapshot);
        assert!(told.is_ok(), "{filter:?}: {told:?}");
    }
}

#[test]
fn a_store_of_few_is_not_shown_nor_the_one_it_would_follow_from() {
    let world = world(&[14, 13, 15, 12, 14, 13, 12, 4], &[]);
    let snapshot = world.snapshot(2);
    let told = ask(&question((0, 4), Filter::default()), &snapshot).expect("an answer");
    let Some(Answer::Stores(rows)) = told.answers.last() else { panic!("a ranking") };
    let shown: BTreeSet<&str> = rows.iter().map(|row| row.store.as_str()).collect();
    assert!(!shown.contains("S07"), "{shown:?}");
    // The other one of its city, without which the city would tell of it.
    assert!(!shown.contains("S02"), "{shown:?}");
    let one = |store: u16| Filter { stores: vec![World::store_id(store)], ..Filter::default() };
    assert!(ask(&question((0, 4), one(7)), &snapshot).is_err());
    assert!(matches!(ask(&question((0, 4), one(2)), &snapshot), Err(Refused::Value { .. })));
    let others = Filter { stores: (0..7).map(World::store_id).collect(), ..Filter::default() };
    assert!(ask(&question((0, 4), others), &snapshot).is_err(), "all but the few");
}
