//! Cohorts equal the naive recount, however the data is cut.

use model::{Anchor, Answer, Ask, CohortsAnswer, CohortsAsk, Filter, Grain, Question, Retention, Window};
use proptest::prelude::*;
use testkit::oracle::cohorts::{Cohort, cohorts};
use testkit::{Snapshot, World, arbitrary};

fn asks() -> impl Strategy<Value = CohortsAsk> {
    let grain = prop_oneof![Just(Grain::Month), Just(Grain::Week)];
    let anchor = prop_oneof![Just(Anchor::FirstOrder), Just(Anchor::Joined)];
    let mode = prop_oneof![Just(Retention::Exact), Just(Retention::OnOrAfter)];
    let periods = prop_oneof![4 => 1u32..8, 1 => 8u32..=120];
    (grain, anchor, mode, periods).prop_map(|(grain, anchor, mode, periods)| CohortsAsk {
        grain,
        anchor,
        mode,
        periods,
    })
}

fn cases() -> impl Strategy<Value = (World, Window, Filter, CohortsAsk)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter(&world);
        (Just(world), arbitrary::window(), prop_oneof![Just(Filter::default()), filter], asks())
    })
}

fn ask(snapshot: &Snapshot, window: Window, filter: &Filter, ask: &CohortsAsk) -> CohortsAnswer {
    match snapshot.ask(window, filter, Ask::Cohorts(ask.clone())) {
        Answer::Cohorts(answer) => answer,
        other => panic!("cohorts were asked, not {other:?}"),
    }
}

fn ratio(part: i64, of: i64) -> Option<f64> {
    (of != 0).then(|| part as f64 / of as f64)
}

fn compare(answer: &CohortsAnswer, expected: &[Cohort], ask: &CohortsAsk) -> Result<(), TestCaseError> {
    prop_assert_eq!(answer.cohorts.len(), expected.len());
    for (ours, cohort) in answer.cohorts.iter().zip(expected) {
        let text = cohort.from.to_string();
        prop_assert_eq!(&ours.period, if ask.grain == Grain::Month { &text[..7] } else { &text[..] });
        prop_assert_eq!(ours.from, cohort.from);
        prop_assert_eq!(ours.size.value, cohort.size);
        prop_assert_eq!(ours.active.iter().map(|f| f.value).collect::<Vec<_>>(), cohort.active.clone());
        prop_assert_eq!(ours.sales.iter().map(|f| f.value).collect::<Vec<_>>(), cohort.sales.clone());
        prop_assert_eq!(ours.immature_from as usize, cohort.complete);
        let rates: Vec<_> = cohort.active.iter().map(|&active| ratio(active, cohort.size)).collect();
        prop_assert_eq!(ours.rate.iter().map(|f| f.value).collect::<Vec<_>>(), rates);
        let values: Vec<_> =
            (1..=cohort.sales.len()).map(|k| ratio(cohort.sales[..k].iter().sum(), cohort.size)).collect();
        prop_assert_eq!(ours.value.iter().map(|f| f.value).collect::<Vec<_>>(), values);
    }
    prop_assert_eq!(answer.weighted.len(), ask.periods as usize);
    prop_assert_eq!(answer.simple.len(), ask.periods as usize);
    for k in 0..ask.periods as usize {
        let old: Vec<&Cohort> = expected.iter().filter(|cohort| k < cohort.complete).collect();
        let weighted = ratio(old.iter().map(|c| c.active[k]).sum(), old.iter().map(|c| c.size).sum());
        prop_assert_eq!(answer.weighted[k].value, weighted);
        let rates: Vec<f64> = old.iter().filter_map(|c| ratio(c.active[k], c.size)).collect();
        let simple = (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64);
        prop_assert_eq!(answer.simple[k].value, simple);
    }
    Ok(())
}

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn cohorts_equal_the_recount_however_cut((world, window, filter, cohorts_ask) in cases(), shards in 1usize..4) {
        let answer = ask(&world.snapshot(shards), window, &filter, &cohorts_ask);
        compare(&answer, &cohorts(&world, &filter, window.to(), &cohorts_ask), &cohorts_ask)?;
    }

    #[test]
    fn parts_add_up_and_an_empty_store_changes_nothing((world, window, filter, cohorts_ask) in cases()) {
        let whole = ask(&world.snapshot(1), window, &filter, &cohorts_ask);
        let wider = world.with_empty_store();
        prop_assert_eq!(&ask(&wider.snapshot(1), window, &filter, &cohorts_ask), &whole);
        let parts = [0, 1].map(|part| {
            let part = world.only(|member| member % 2 == part);
            ask(&part.snapshot(1), window, &filter, &cohorts_ask)
        });
        for (at, cohort) in whole.cohorts.iter().enumerate() {
            for k in 0..cohort.active.len() {
                let sums = parts.iter().map(|part| part.cohorts[at].active[k].value).sum::<i64>();
                prop_assert_eq!(sums, cohort.active[k].value);
                let sums = parts.iter().map(|part| part.cohorts[at].sales[k].value).sum::<i64>();
                prop_assert_eq!(sums, cohort.sales[k].value);
            }
        }
        // Who bought in k or later bought in k or in what comes after.
        let exact = CohortsAsk { mode: Retention::Exact, ..cohorts_ask.clone() };
        let later = CohortsAsk { mode: Retention::OnOrAfter, ..cohorts_ask };
        let [exact, later] = [exact, later].map(|asked| ask(&world.snapshot(2), window, &filter, &asked));
        for (exact, later) in exact.cohorts.iter().zip(&later.cohorts) {
            prop_assert!(exact.active.iter().zip(&later.active).all(|(exact, later)| exact.value <= later.value));
            prop_assert!(later.active.windows(2).all(|pair| pair[0].value >= pair[1].value));
        }
    }

    #[test]
    fn shards_merge_in_any_order_and_like_shards_estimate_the_whole((world, window, filter, cohorts_ask) in cases()) {
        let snapshot = world.times(6).snapshot(6);
        let question = Question { window, compare: None, filter, ask: vec![Ask::Cohorts(cohorts_ask)] };
        let whole = snapshot.ask_parts(&question, &[0, 1, 2, 3, 4, 5]);
        prop_assert!(whole.coverage.exact);
        prop_assert_eq!(&snapshot.ask_parts(&question, &[5, 3, 1, 0, 2, 4]), &whole);
        let some = snapshot.ask_parts(&question, &[4, 0, 2, 5, 1]);
        let [Answer::Cohorts(whole), Answer::Cohorts(some)] = [&whole.answers[0], &some.answers[0]] else {
            panic!("cohorts were asked")
        };
        for (whole, some) in whole.cohorts.iter().zip(&some.cohorts) {
            prop_assert_eq!(whole.size.value, some.size.value);
            for (whole, some) in whole.active.iter().chain(&whole.sales).zip(some.active.iter().chain(&some.sales)) {
                prop_assert!(whole.value == some.value && some.low <= some.value && some.value <= some.high);
            }
            prop_assert!(whole.rate.iter().zip(&some.rate).all(|(whole, some)| whole.value == some.value));
        }
    }
}
