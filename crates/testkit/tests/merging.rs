//! Funnel, overlap and stores do not depend on how members are cut, and speak before all shards are read.

use engine::{Plan, Scratch, answer};
use model::{Answer, Ask, Figure, Filter, Measure, OverlapAsk, OverlapOf, Question, StoresAsk, Window};
use proptest::prelude::*;
use testkit::{World, arbitrary};

fn cases() -> impl Strategy<Value = (World, Question)> {
    arbitrary::world().prop_flat_map(|world| {
        let (filter, funnel) = (arbitrary::filter_with_segment(&world), arbitrary::funnel(&world));
        let question = (arbitrary::window(), arbitrary::window(), filter, funnel).prop_map(question);
        (Just(world), question)
    })
}

fn question((window, compare, filter, funnel): (Window, Window, Filter, model::FunnelAsk)) -> Question {
    let stores = StoresAsk { by: Measure::RepurchaseRate, limit: Some(3), measures: vec![] };
    let overlap = |of| Ask::Overlap(OverlapAsk { of });
    let ask = vec![Ask::Funnel(funnel), overlap(OverlapOf::Users), overlap(OverlapOf::Buyers), Ask::Stores(stores)];
    Question { window, compare: Some(compare), filter, ask }
}

proptest! {
    #![proptest_config(arbitrary::cases(400))]

    #[test]
    fn any_cut_merged_in_any_order_gives_the_same((world, question) in cases(), shards in 2usize..6, turn in 0usize..6) {
        let one = world.snapshot(1);
        let whole = answer(&question, &one.manifest, &one.shards).unwrap();
        let many = world.snapshot(shards);
        let plan = Plan::new(&question, &many.manifest).unwrap();
        let mut scratch = Scratch::default();
        let mut partials: Vec<_> = many.shards.iter().enumerate().map(|(index, shard)| {
            let mut partial = plan.empty();
            plan.count(shard, index, &mut scratch, &mut partial);
            plan.read_partial(&partial.to_bytes()).unwrap()
        }).collect();
        partials.rotate_left(turn % shards);
        while partials.len() > 1 {
            let last = partials.pop().unwrap();
            partials.last_mut().unwrap().merge(last);
        }
        prop_assert_eq!(plan.finish(&partials[0]).answers, whole.answers);
    }

    #[test]
    fn a_part_of_the_shards_gives_figures_within_their_intervals((world, question) in cases(), shards in 6usize..9, read in 1usize..6) {
        let snapshot = world.snapshot(shards);
        let plan = Plan::new(&question, &snapshot.manifest).unwrap();
        let (mut partial, mut scratch) = (plan.empty(), Scratch::default());
        for (index, shard) in snapshot.shards.iter().enumerate().take(read) {
            plan.count(shard, index, &mut scratch, &mut partial);
        }
        let answers = plan.finish(&partial);
        prop_assert!(!answers.coverage.exact);
        let holds = |figure: &Figure<i64>| figure.low <= figure.value && figure.value <= figure.high;
        let Answer::Funnel(funnel) = &answers.answers[0] else { panic!("a funnel was asked") };
        for step in &funnel.steps {
            prop_assert!(holds(&step.members), "{:?}", step.members);
            // A dozen members are too few for an interval, and the figures must say so.
            prop_assert!(step.members.too_few);
        }
        let Answer::Overlap(overlap) = &answers.answers[1] else { panic!("an overlap was asked") };
        for row in &overlap.breadth {
            prop_assert!(holds(&row.members) && holds(&row.orders) && holds(&row.sales));
        }
    }
}

#[test]
fn a_world_of_nobody_has_empty_answers() {
    let world = World::tiny();
    let snapshot = world.snapshot(2);
    let window = Window::new(world.first_day, world.first_day.plus(10)).unwrap();
    let funnel: model::FunnelAsk =
        serde_json::from_str(r#"{"steps": [{"touch": ["kind-0"]}, {"order": 1}], "by": "region"}"#).unwrap();
    let question = question((window, window, Filter::default(), funnel));
    let answers = answer(&question, &snapshot.manifest, &snapshot.shards).unwrap();
    let Answer::Funnel(funnel) = &answers.answers[0] else { panic!("a funnel was asked") };
    assert!(funnel.groups.is_empty());
    assert!(funnel.steps.iter().all(|s| s.members.value == 0 && s.rate_from_first.value.is_none()));
    assert!(funnel.steps.iter().all(|s| s.median_days.value.is_none()));
    let Answer::Overlap(overlap) = &answers.answers[1] else { panic!("an overlap was asked") };
    assert!(overlap.channels.is_empty());
    assert!(overlap.breadth.iter().all(|row| row.value.value.is_none()));
}
