//! The lifecycle equals the naive recount, however the data is cut.

use model::{
    Answer, Ask, Figure, Filter, Grain, LifecycleAnswer, LifecycleAsk, LifecyclePeriod, Question, Stock, Window,
};
use proptest::prelude::*;
use testkit::oracle::lifecycle::{State, lifecycle};
use testkit::{Snapshot, World, arbitrary};

fn cases() -> impl Strategy<Value = (World, Window, Filter, LifecycleAsk)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter(&world);
        let grain = prop_oneof![Just(Grain::Day), Just(Grain::Week), Just(Grain::Month)];
        let ask =
            (grain, 1u32..20, prop_oneof![9 => 1u32..30, 1 => Just(36_000)]).prop_map(|(grain, active, longer)| {
                LifecycleAsk { grain, active_days: active, dormant_days: active + longer }
            });
        (Just(world), arbitrary::window(), prop_oneof![Just(Filter::default()), filter], ask)
    })
}

fn ask(snapshot: &Snapshot, window: Window, filter: &Filter, ask: LifecycleAsk) -> LifecycleAnswer {
    match snapshot.ask(window, filter, Ask::Lifecycle(ask)) {
        Answer::Lifecycle(answer) => answer,
        other => panic!("a lifecycle was asked, not {other:?}"),
    }
}

fn values(stock: &Stock) -> [i64; 3] {
    [stock.active, stock.dormant, stock.lost].map(|figure| figure.value)
}

fn moves(period: &LifecyclePeriod) -> [[i64; 3]; 4] {
    [period.moves.none, period.moves.active, period.moves.dormant, period.moves.lost].map(|stock| values(&stock))
}

fn all(period: &LifecyclePeriod) -> Vec<Figure<i64>> {
    let LifecyclePeriod { opening, closing, new, woken, slipped, lost, .. } = period;
    let stocks = [opening, closing].into_iter().flat_map(|stock| [stock.active, stock.dormant, stock.lost]);
    stocks.chain([*new, *woken, *slipped, *lost]).collect()
}

/// What the docs of the type promise.
fn check_balance(period: &LifecyclePeriod) -> Result<(), TestCaseError> {
    let moves = moves(period);
    let column = |after: usize| moves.iter().map(|row| row[after]).sum::<i64>();
    prop_assert_eq!(values(&period.opening), [1, 2, 3].map(|before| moves[before].iter().sum::<i64>()));
    prop_assert_eq!(values(&period.closing), [0, 1, 2].map(column));
    prop_assert!(all(period).iter().all(|figure| figure.low <= figure.value && figure.value <= figure.high));
    Ok(())
}

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn the_lifecycle_equals_the_recount_however_cut((world, window, filter, asked) in cases(), shards in 1usize..4) {
        let answer = ask(&world.snapshot(shards), window, &filter, asked);
        let expected = lifecycle(&world, &filter, window, &asked);
        prop_assert_eq!(answer.len(), expected.len());
        for (ours, period) in answer.iter().zip(&expected) {
            prop_assert_eq!((ours.from, ours.to, ours.partial), (period.from, period.to, !period.whole));
            let count = |before: State, after: State| period.moves.get(&(before, after)).copied().unwrap_or(0);
            let states = [State::None, State::Active, State::Dormant, State::Lost];
            let rows = states.map(|before| [State::Active, State::Dormant, State::Lost].map(|after| count(before, after)));
            prop_assert_eq!(moves(ours), rows);
            check_balance(ours)?;
            let none = State::None;
            let first = [State::Active, State::Dormant, State::Lost].map(|after| count(none, after)).iter().sum::<i64>();
            prop_assert_eq!(ours.new.value, first);
            use State::{Active, Dormant, Lost};
            prop_assert_eq!(ours.woken.value, count(Dormant, Active) + count(Lost, Active));
            prop_assert_eq!(ours.slipped.value, count(Active, Dormant) + count(Active, Lost));
            prop_assert_eq!(ours.lost.value, count(Active, Lost) + count(Dormant, Lost));
        }
        for pair in answer.windows(2) {
            prop_assert_eq!(pair[0].closing, pair[1].opening);
        }
    }

    #[test]
    fn parts_add_up_and_an_empty_store_changes_nothing((world, window, filter, asked) in cases()) {
        let whole = ask(&world.snapshot(1), window, &filter, asked);
        prop_assert_eq!(&ask(&world.with_empty_store().snapshot(1), window, &filter, asked), &whole);
        let parts = [0, 1].map(|part| ask(&world.only(|member| member % 2 == part).snapshot(1), window, &filter, asked));
        for (at, period) in whole.iter().enumerate() {
            for (at_figure, figure) in all(period).iter().enumerate() {
                let sum: i64 = parts.iter().map(|part| all(&part[at])[at_figure].value).sum();
                prop_assert_eq!(sum, figure.value);
            }
        }
    }

    #[test]
    fn shards_merge_in_any_order_and_estimates_balance((world, window, filter, asked) in cases()) {
        let ask = vec![Ask::Lifecycle(asked)];
        let question = Question { window, compare: None, filter, ask };
        let snapshot = world.times(6).snapshot(6);
        let whole = snapshot.ask_parts(&question, &[0, 1, 2, 3, 4, 5]);
        prop_assert!(whole.coverage.exact);
        prop_assert_eq!(&snapshot.ask_parts(&question, &[5, 3, 1, 0, 2, 4]), &whole);
        let like = snapshot.ask_parts(&question, &[4, 0, 2, 5, 1]);
        let unlike = world.snapshot(6).ask_parts(&question, &[4, 0, 2, 5, 1]);
        let [Answer::Lifecycle(whole), Answer::Lifecycle(like), Answer::Lifecycle(unlike)] =
            [&whole.answers[0], &like.answers[0], &unlike.answers[0]]
        else {
            panic!("a lifecycle was asked")
        };
        for (whole, like) in whole.iter().zip(like) {
            prop_assert_eq!(moves(whole), moves(like));
        }
        for period in unlike {
            check_balance(period)?;
        }
    }
}
