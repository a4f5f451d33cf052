//! RFM equals the naive recount, however the data is cut.

use std::collections::BTreeMap;

use model::{Answer, Ask, Day, Filter, Question, RfmAnswer, RfmAsk, Window};
use proptest::prelude::*;
use testkit::oracle::rfm::rfm;
use testkit::{Snapshot, World, arbitrary};

fn cases() -> impl Strategy<Value = (World, Filter, RfmAsk)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter(&world);
        let first = world.first_day;
        let ask = (-5i32..130, proptest::option::of(1i32..60)).prop_map(move |(as_of, before)| {
            let as_of = first.plus(as_of);
            RfmAsk { as_of, since: before.map(|before| as_of.plus(-before)) }
        });
        (Just(world), prop_oneof![Just(Filter::default()), filter], ask)
    })
}

/// RFM does not look at it.
fn window() -> Window {
    let day = Day::from_ymd(2024, 3, 1).expect("a real day");
    Window::new(day, day).expect("it runs forwards")
}

fn ask(snapshot: &Snapshot, filter: &Filter, ask: RfmAsk) -> RfmAnswer {
    match snapshot.ask(window(), filter, Ask::Rfm(ask)) {
        Answer::Rfm(answer) => answer,
        other => panic!("RFM was asked, not {other:?}"),
    }
}

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn rfm_equals_the_recount_however_cut((world, filter, asked) in cases(), shards in 1usize..4) {
        let answer = ask(&world.snapshot(shards), &filter, asked);
        let expected = rfm(&world, &filter, &asked);
        prop_assert_eq!(answer.as_of, asked.as_of);
        prop_assert_eq!(answer.members.value, expected.members);
        prop_assert_eq!(answer.cuts, expected.cuts);
        let cells: Vec<_> = answer
            .cells
            .iter()
            .map(|cell| ([cell.recency, cell.frequency, cell.monetary], (cell.members.value, cell.sales.value)))
            .collect();
        prop_assert!(cells.windows(2).all(|pair| pair[0].0 > pair[1].0), "the best first, each once");
        prop_assert_eq!(cells.into_iter().collect::<BTreeMap<_, _>>(), expected.cells);
        prop_assert_eq!(answer.migration.is_some(), asked.since.is_some());
        let moves: Vec<_> =
            answer.migration.iter().flatten().map(|row| ((row.from, row.to), row.members.value)).collect();
        prop_assert!(moves.windows(2).all(|pair| pair[0].0 > pair[1].0), "the best first, each once");
        prop_assert_eq!(moves.into_iter().collect::<BTreeMap<_, _>>(), expected.moves);
    }

    #[test]
    fn cells_hold_everyone_once_and_an_empty_store_changes_nothing((world, filter, asked) in cases()) {
        let whole = ask(&world.snapshot(1), &filter, asked);
        prop_assert_eq!(&ask(&world.with_empty_store().snapshot(1), &filter, asked), &whole);
        prop_assert_eq!(whole.cells.iter().map(|cell| cell.members.value).sum::<i64>(), whole.members.value);
        if let Some(moves) = &whole.migration {
            prop_assert_eq!(moves.iter().map(|row| row.members.value).sum::<i64>(), whole.members.value);
        }
        let parts = [0, 1].map(|part| ask(&world.only(|member| member % 2 == part).snapshot(1), &filter, asked));
        prop_assert_eq!(parts.iter().map(|part| part.members.value).sum::<i64>(), whole.members.value);
    }

    #[test]
    fn shards_merge_in_any_order_and_estimates_hold_their_values((world, filter, asked) in cases()) {
        let question = Question { window: window(), compare: None, filter, ask: vec![Ask::Rfm(asked)] };
        let snapshot = world.snapshot(6);
        let whole = snapshot.ask_parts(&question, &[0, 1, 2, 3, 4, 5]);
        prop_assert!(whole.coverage.exact);
        prop_assert_eq!(&snapshot.ask_parts(&question, &[5, 3, 1, 0, 2, 4]), &whole);
        let some = snapshot.ask_parts(&question, &[4, 0, 2, 5, 1]);
        let Answer::Rfm(some) = &some.answers[0] else { panic!("RFM was asked") };
        let like = world.times(6).snapshot(6).ask_parts(&question, &[4, 0, 2, 5, 1]);
        let [Answer::Rfm(whole), Answer::Rfm(like)] = [&whole.answers[0], &like.answers[0]] else {
            panic!("RFM was asked")
        };
        prop_assert_eq!(like.members.value, 6 * whole.members.value);
        for cell in &some.cells {
            prop_assert!(cell.members.low <= cell.members.value && cell.members.value <= cell.members.high);
            prop_assert!(cell.sales.low <= cell.sales.value && cell.sales.value <= cell.sales.high);
        }
    }
}
