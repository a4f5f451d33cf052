//! Generators of funnels.

use model::{FunnelAsk, FunnelBy, Join, Step, StepOrder};
use proptest::option;
use proptest::prelude::*;

use crate::world::World;

/// A funnel of two to five steps that no event shares.
pub fn funnel(world: &World) -> impl Strategy<Value = FunnelAsk> + use<> {
    let kinds: Vec<String> = (0..world.kinds).map(World::kind_name).collect();
    let touch = |kinds: &[String]| Step { touch: kinds.to_vec(), ..Step::default() };
    let order = |n| Step { order: Some(n), ..Step::default() };
    let join = Step { join: Some(Join {}), ..Step::default() };
    let touches = match &kinds[..] {
        [first, second, rest @ ..] => {
            // Either one kind a step, or two kinds in one.
            let together = [touch(&[first.clone(), second.clone()])]
                .into_iter()
                .chain(rest.iter().map(|k| touch(std::slice::from_ref(k))));
            vec![kinds.iter().map(|kind| touch(std::slice::from_ref(kind))).collect::<Vec<_>>(), together.collect()]
        }
        _ => vec![kinds.iter().map(|kind| touch(std::slice::from_ref(kind))).collect()],
    };
    let orders = vec![vec![order(0)], vec![order(1), order(2)], vec![order(2), order(1), order(4)]];
    let steps = (proptest::sample::select(touches), proptest::sample::select(orders)).prop_flat_map(
        move |(touches, orders)| {
            let all: Vec<Step> = touches.into_iter().chain(orders).chain([join.clone()]).collect();
            let most = all.len().min(5);
            (Just(all).prop_shuffle(), 2..=most).prop_map(|(mut steps, count)| {
                steps.truncate(count);
                steps
            })
        },
    );
    let order = prop_oneof![2 => Just(StepOrder::InOrder), 2 => Just(StepOrder::Strict), 1 => Just(StepOrder::Any)];
    let by = option::of(proptest::sample::select(vec![FunnelBy::Region, FunnelBy::Channel, FunnelBy::SourceChannel]));
    let limits = proptest::collection::vec(option::weighted(0.3, 0u32..20), 5);
    (steps, order, prop_oneof![0u32..10, 10u32..200], by, limits).prop_map(
        |(mut steps, order, within_days, by, limits)| {
            if order != StepOrder::Any {
                for (step, within) in steps.iter_mut().zip(limits).skip(1) {
                    step.within_days = within;
                }
            }
            FunnelAsk { steps, order, within_days, by }
        },
    )
}
