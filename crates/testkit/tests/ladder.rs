//! The ladder equals the naive recount, however the data is cut.

use model::{Answer, Ask, Filter, LadderAnswer, LadderAsk, Question, Window};
use proptest::prelude::*;
use testkit::oracle::ladder::ladder;
use testkit::{Snapshot, World, arbitrary};

fn cases() -> impl Strategy<Value = (World, Window, Filter, u32)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter(&world);
        let rungs = prop_oneof![6 => 1u32..9, 1 => Just(50)];
        (Just(world), arbitrary::window(), prop_oneof![Just(Filter::default()), filter], rungs)
    })
}

fn ask(snapshot: &Snapshot, window: Window, filter: &Filter, rungs: u32) -> LadderAnswer {
    match snapshot.ask(window, filter, Ask::Ladder(LadderAsk { rungs })) {
        Answer::Ladder(answer) => answer,
        other => panic!("a ladder was asked, not {other:?}"),
    }
}

fn close(ours: Option<f64>, expected: Option<f64>) -> bool {
    match (ours, expected) {
        (Some(ours), Some(expected)) => (ours - expected).abs() < 1e-9,
        (ours, expected) => ours.is_none() && expected.is_none(),
    }
}

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn the_ladder_equals_the_recount_however_cut((world, window, filter, rungs) in cases(), shards in 1usize..4) {
        let answer = ask(&world.snapshot(shards), window, &filter, rungs);
        let expected = ladder(&world, &filter, window.to(), rungs as usize);
        prop_assert_eq!(answer.len(), rungs as usize);
        for (n, (ours, rung)) in answer.iter().zip(&expected).enumerate() {
            let (next, exactly) = (rung.gaps.len() as i64, rung.watched.len() as i64);
            prop_assert_eq!(ours.n as usize, n + 1);
            prop_assert_eq!((ours.next.value, ours.exactly.value), (next, exactly));
            prop_assert_eq!(ours.members.value, next + exactly);
            let ratio = |part: i64, of: i64| (of != 0).then(|| part as f64 / of as f64);
            prop_assert_eq!(ours.no_next_rate.value, ratio(exactly, next + exactly));
            prop_assert_eq!(ours.next_value.value, ratio(rung.amounts, next));
            prop_assert_eq!(ours.median_days_to_next.value, rung.median_gap());
            prop_assert_eq!(ours.survival_median_days.value, rung.half_back().map(|day| day as f64));
            let at_stake = ratio(rung.amounts, next).map_or(0.0, |value| exactly as f64 * value);
            prop_assert!((ours.at_stake.value as f64 - at_stake).abs() <= 0.5 + 1e-9 * at_stake);
            for (at, &day) in ours.curve.days.iter().enumerate() {
                let left = rung.left(day.into()).map(|left| left.part as f64 / left.of as f64);
                prop_assert!(close(ours.curve.returned[at].value, left.map(|left| 1.0 - left)));
                let inner = left.filter(|left| 0.0 < *left && *left < 1.0);
                let band = inner.map(|left| {
                    let reach = (1.959963984540054 * rung.spread(day.into()).sqrt() / -left.ln()).exp();
                    (1.0 - left.powf(1.0 / reach), 1.0 - left.powf(reach))
                });
                prop_assert!(close(ours.curve.low[at], band.map(|band| band.0)), "{:?} {:?}", ours.curve, band);
                prop_assert!(close(ours.curve.high[at], band.map(|band| band.1)));
            }
            let watched = window.to().min(testkit::oracle::last_day(&world)).epoch_days() - world.first_day.epoch_days();
            prop_assert!(ours.curve.days.iter().all(|&day| i64::from(day) <= i64::from(watched)));
            prop_assert_eq!(ours.curve.days.contains(&7), watched >= 7);
        }
    }

    #[test]
    fn rungs_follow_each_other_parts_add_up_and_an_empty_store_changes_nothing((world, window, filter, rungs) in cases()) {
        let whole = ask(&world.snapshot(1), window, &filter, rungs);
        prop_assert_eq!(&ask(&world.with_empty_store().snapshot(1), window, &filter, rungs), &whole);
        for pair in whole.windows(2) {
            prop_assert_eq!(pair[0].next.value, pair[1].members.value);
        }
        let parts = [0, 1].map(|part| ask(&world.only(|member| member % 2 == part).snapshot(1), window, &filter, rungs));
        for (at, rung) in whole.iter().enumerate() {
            prop_assert_eq!(parts.iter().map(|part| part[at].members.value).sum::<i64>(), rung.members.value);
            prop_assert_eq!(parts.iter().map(|part| part[at].exactly.value).sum::<i64>(), rung.exactly.value);
        }
    }

    #[test]
    fn shards_merge_in_any_order_and_like_shards_estimate_the_whole((world, window, filter, rungs) in cases()) {
        let snapshot = world.times(6).snapshot(6);
        let question = Question { window, compare: None, filter, ask: vec![Ask::Ladder(LadderAsk { rungs })] };
        let whole = snapshot.ask_parts(&question, &[0, 1, 2, 3, 4, 5]);
        prop_assert!(whole.coverage.exact);
        prop_assert_eq!(&snapshot.ask_parts(&question, &[5, 3, 1, 0, 2, 4]), &whole);
        let some = snapshot.ask_parts(&question, &[4, 0, 2, 5, 1]);
        let [Answer::Ladder(whole), Answer::Ladder(some)] = [&whole.answers[0], &some.answers[0]] else {
            panic!("a ladder was asked")
        };
        for (whole, some) in whole.iter().zip(some) {
            prop_assert_eq!(whole.members.value, some.members.value);
            prop_assert_eq!(whole.exactly.value, some.exactly.value);
            // Rounded once before it is scaled up.
            prop_assert!((whole.at_stake.value - some.at_stake.value).abs() <= 1);
            prop_assert!(close(whole.median_days_to_next.value, some.median_days_to_next.value));
            prop_assert!(close(whole.survival_median_days.value, some.survival_median_days.value));
            for (whole, some) in whole.curve.returned.iter().zip(&some.curve.returned) {
                prop_assert!(close(whole.value, some.value));
            }
        }
    }
}
