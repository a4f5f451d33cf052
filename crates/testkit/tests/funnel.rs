//! The funnel equals the naive one, member by member counted.

use std::collections::BTreeMap;

use engine::answer;
use model::{Answer, Ask, Filter, FunnelAnswer, FunnelAsk, FunnelBy, FunnelStep, Question, Step, StepOrder, Window};
use proptest::prelude::*;
use testkit::oracle::funnel::{Way, funnel};
use testkit::{Snapshot, World, arbitrary};

/// Members, rates from the first and the previous step, median of days.
type Row = (i64, Option<f64>, Option<f64>, Option<f64>);

fn ask(snapshot: &Snapshot, window: Window, filter: &Filter, funnel: &FunnelAsk) -> FunnelAnswer {
    let question = Question { window, compare: None, filter: filter.clone(), ask: vec![Ask::Funnel(funnel.clone())] };
    let answers = answer(&question, &snapshot.manifest, &snapshot.shards).expect("the question is valid");
    let [Answer::Funnel(answer)] = &answers.answers[..] else { panic!("a funnel was asked") };
    answer.clone()
}

/// Each step by the definitions.
fn rows(ways: &[&Way], steps: usize) -> Vec<Row> {
    let reached = |step: usize| {
        let mut days: Vec<i64> = ways.iter().filter_map(|way| way.days[step]).collect();
        days.sort_unstable();
        days
    };
    let ratio = |part: usize, of: usize| (of != 0).then(|| part as f64 / of as f64);
    (0..steps)
        .map(|step| {
            let days = reached(step);
            let median = (!days.is_empty()).then(|| (days[(days.len() - 1) / 2] + days[days.len() / 2]) as f64 / 2.0);
            let previous = if step == 0 { None } else { ratio(days.len(), reached(step - 1).len()) };
            (days.len() as i64, ratio(days.len(), reached(0).len()), previous, median)
        })
        .collect()
}

fn answered(steps: &[FunnelStep]) -> Vec<Row> {
    assert!(steps.iter().all(|s| s.members.is_exact() && s.median_days.is_exact() && s.rate_from_first.is_exact()));
    let row =
        |s: &FunnelStep| (s.members.value, s.rate_from_first.value, s.rate_from_previous.value, s.median_days.value);
    steps.iter().map(row).collect()
}

fn cases() -> impl Strategy<Value = (World, Window, Filter, FunnelAsk)> {
    arbitrary::world().prop_flat_map(|world| {
        let (filter, funnel) = (arbitrary::filter_with_segment(&world), arbitrary::funnel(&world));
        // A filter thins a small world out: half of the cases go without.
        let filter = prop_oneof![Just(Filter::default()), filter];
        let (first, crowd) = (world.first_day, crowd(world.clone()));
        let early = Window::new(first, first.plus(9)).expect("it runs forwards");
        let world = prop_oneof![1 => (Just(world), arbitrary::window()), 2 => (Just(crowd), Just(early))];
        (world, filter, funnel).prop_map(|((world, window), filter, funnel)| (world, window, filter, funnel))
    })
}

/// The same facts, but of two members and within 15 days, so that long chains come about.
fn crowd(mut world: World) -> World {
    if world.members.is_empty() {
        return world;
    }
    world.members.truncate(2);
    let (members, days) = (world.members.len(), world.days.min(15));
    for order in &mut world.orders {
        (order.day, order.member) = (order.day % days, order.member.map(|member| member % members));
    }
    for touch in &mut world.touches {
        (touch.day, touch.member) = (touch.day % days, touch.member % members);
    }
    world
}

proptest! {
    #![proptest_config(arbitrary::cases(3000))]

    #[test]
    fn a_funnel_equals_the_naive_one((world, window, filter, ask_of) in cases(), shards in 1usize..4) {
        let found = ask(&world.snapshot(shards), window, &filter, &ask_of);
        let ways = funnel(&world, window, &filter, &ask_of);
        let steps = ask_of.steps.len();
        prop_assert_eq!(answered(&found.steps), rows(&ways.iter().collect::<Vec<_>>(), steps));
        let mut groups: BTreeMap<&str, Vec<&Way>> = BTreeMap::new();
        if ask_of.by.is_some() {
            for way in &ways {
                groups.entry(&way.group).or_default().push(way);
            }
        }
        prop_assert_eq!(found.groups.len(), groups.len());
        for group in &found.groups {
            let members = groups.get(&group.id[..]);
            prop_assert!(members.is_some(), "{} has no members", &group.id);
            prop_assert_eq!(answered(&group.steps), rows(members.unwrap(), steps), "{}", &group.id);
        }
        // Unknown comes last, the others in the snapshot's order.
        prop_assert!(found.groups.is_sorted_by_key(|group| (group.id.is_empty(), group.id.clone())));
    }

    #[test]
    fn steps_only_lose_members_and_groups_add_up((world, window, filter, ask_of) in cases()) {
        let found = ask(&world.snapshot(2), window, &filter, &ask_of);
        prop_assert!(found.steps.is_sorted_by(|a, b| a.members.value >= b.members.value));
        if ask_of.by.is_some() {
            for (step, whole) in found.steps.iter().enumerate() {
                let parts: i64 = found.groups.iter().map(|group| group.steps[step].members.value).sum();
                prop_assert_eq!(parts, whole.members.value);
            }
        }
    }

    #[test]
    fn strict_is_never_more_than_in_order_nor_a_shorter_limit_more_than_a_longer((world, window, filter, ask_of) in cases(), less in 0u32..30) {
        let snapshot = world.snapshot(1);
        let members = |ask_of: &FunnelAsk| -> Vec<i64> {
            ask(&snapshot, window, &filter, ask_of).steps.iter().map(|step| step.members.value).collect()
        };
        let all = members(&ask_of);
        let shorter = FunnelAsk { within_days: ask_of.within_days.saturating_sub(less), ..ask_of.clone() };
        prop_assert!(members(&shorter).iter().zip(&all).all(|(short, long)| short <= long));
        if ask_of.order == StepOrder::InOrder {
            let strict = FunnelAsk { order: StepOrder::Strict, ..ask_of.clone() };
            prop_assert!(members(&strict).iter().zip(&all).all(|(strict, loose)| strict <= loose));
        }
    }
}

/// Funnels deep enough that the properties above speak of something: counted once over many worlds.
#[test]
fn generated_worlds_reach_late_steps_under_every_order() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..1500 {
        let (world, window, filter, ask) = cases().new_tree(&mut runner).expect("a case").current();
        for way in funnel(&world, window, &filter, &ask) {
            let steps = way.days.iter().flatten().count();
            if steps >= 3 {
                *reached.entry(format!("{:?}", ask.order)).or_default() += 1;
            }
        }
    }
    for order in ["Any", "InOrder", "Strict"] {
        assert!(reached.get(order).is_some_and(|&n| n >= 20), "{order}: {reached:?}");
    }
}

fn touch(kind: u8) -> Step {
    Step { touch: vec![World::kind_name(kind)], ..Step::default() }
}

#[test]
fn a_question_that_cannot_be_asked_names_its_field() {
    let world = World::tiny();
    let snapshot = world.snapshot(1);
    let window = Window::new(world.first_day, world.first_day.plus(3)).unwrap();
    let refused = |steps: Vec<Step>, order| {
        let funnel = FunnelAsk { steps, order, within_days: 30, by: Some(FunnelBy::Region) };
        let question = Question { window, compare: None, filter: Filter::default(), ask: vec![Ask::Funnel(funnel)] };
        answer(&question, &snapshot.manifest, &snapshot.shards).unwrap_err().to_string()
    };
    let order = |n| Step { order: Some(n), ..Step::default() };
    let late = Step { within_days: Some(3), ..order(1) };
    assert!(refused(vec![touch(0)], StepOrder::InOrder).contains("2 to 8 steps"));
    assert!(refused(vec![touch(0), touch(0)], StepOrder::InOrder).contains("one step only"));
    assert!(refused(vec![order(0), order(2)], StepOrder::Any).contains("one step only"));
    assert!(refused(vec![touch(0), order(60_001)], StepOrder::Any).contains("`funnel.steps.order` is 60001"));
    assert!(refused(vec![touch(0), late.clone()], StepOrder::Any).contains("within_days"));
    assert!(refused(vec![late, touch(0)], StepOrder::InOrder).contains("within_days"));
    assert!(refused(vec![touch(0), Step::default()], StepOrder::InOrder).contains("exactly one"));
    assert!(refused(vec![touch(7), order(1)], StepOrder::InOrder).contains("`funnel.steps.touch` names `kind-7`"));
}
