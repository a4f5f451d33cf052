//! The engine equals the naive recount, however the data is cut.

use engine::{Plan, Scratch, answer, contributions};
use model::{
    Align, Answer, Answers, Ask, By, Factors, Filter, Grain, GrowthAsk, Measure, Question, SeriesAsk, StoresAsk, Window,
};
use proptest::prelude::*;
use testkit::{Recount, Snapshot, World, arbitrary, recount};

fn counts(f: &Factors) -> Recount {
    assert_eq!(f.sales.value, f.member_sales.value + f.anonymous_sales.value);
    assert_eq!(f.orders.value, f.member_orders.value + f.anonymous_orders.value);
    let ratio = |part: i64, of: i64| (of != 0).then(|| part as f64 / of as f64);
    assert_eq!(f.conversion.value, ratio(f.buyers.value, f.users.value));
    assert_eq!(f.frequency.value, ratio(f.member_orders.value, f.buyers.value));
    assert_eq!(f.aov.value, ratio(f.member_sales.value, f.member_orders.value));
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

fn growth(by: Option<By>) -> Ask {
    Ask::Growth(GrowthAsk { by, top: None })
}

fn ask(snapshot: &Snapshot, window: Window, compare: Option<Window>, filter: &Filter, ask: Vec<Ask>) -> Answers {
    let question = Question { window, compare, filter: filter.clone(), ask };
    answer(&question, &snapshot.manifest, &snapshot.shards).expect("the question is valid")
}

fn index(id: &str) -> usize {
    id[1..].parse().expect("ids of a world end in numbers")
}

/// A world, two windows and a filter over the world's names.
fn cases() -> impl Strategy<Value = (World, Window, Window, Filter)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter(&world);
        (Just(world), arbitrary::window(), arbitrary::window(), filter)
    })
}

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn growth_equals_the_recount_whole_and_by_every_dimension((world, window, compare, filter) in cases(), shards in 1usize..4) {
        let snapshot = world.snapshot(shards);
        for by in [By::Region, By::Store, By::Channel] {
            let answers = ask(&snapshot, window, Some(compare), &filter, vec![growth(Some(by))]);
            prop_assert!(answers.coverage.exact);
            let Answer::Growth(growth) = &answers.answers[0] else { panic!("growth was asked") };
            prop_assert_eq!(counts(&growth.window), recount(&world, window, &filter, |_, _| true));
            prop_assert_eq!(counts(growth.compare.as_ref().unwrap()), recount(&world, compare, &filter, |_, _| true));
            for group in &growth.groups {
                let cell = index(&group.id);
                let inside = |store: u16, channel: u8| cell == match by {
                    By::Region => usize::from(world.stores[usize::from(store)].region),
                    By::Store => store.into(),
                    _ => channel.into(),
                };
                prop_assert_eq!(counts(&group.window), recount(&world, window, &filter, inside));
                prop_assert_eq!(counts(group.compare.as_ref().unwrap()), recount(&world, compare, &filter, inside));
            }
            let parts: i64 = growth.groups.iter().map(|g| g.window.sales.value).sum();
            prop_assert_eq!(parts, growth.window.sales.value, "no sale is in two groups or in none");
        }
    }

    #[test]
    fn the_top_groups_are_those_that_moved_most_and_the_mix_stays_that_of_all((world, window, compare, filter) in cases(), top in 0u32..4) {
        let snapshot = world.snapshot(2);
        let some = Ask::Growth(GrowthAsk { by: Some(By::Store), top: Some(top) });
        let answers = ask(&snapshot, window, Some(compare), &filter, vec![growth(Some(By::Store)), some]);
        let [Answer::Growth(all), Answer::Growth(some)] = &answers.answers[..] else { panic!("growth was asked twice") };
        prop_assert_eq!(&all.mix, &some.mix);
        let change = |g: &model::GrowthGroup| g.window.sales.value - g.compare.as_ref().unwrap().sales.value;
        for sign in [1, -1] {
            let moves = |groups: &[model::GrowthGroup]| {
                let mut moves: Vec<i64> = groups.iter().map(|g| change(g) * sign).filter(|c| *c > 0).collect();
                moves.sort_unstable_by(|a, b| b.cmp(a));
                moves
            };
            let mut expected = moves(&all.groups);
            expected.truncate(top as usize);
            prop_assert_eq!(moves(&some.groups), expected);
        }
    }

    #[test]
    fn contributions_close_to_the_last_unit_whole_by_group_and_with_the_mix((world, window, compare, filter) in cases()) {
        let snapshot = world.snapshot(2);
        let answers = ask(&snapshot, window, Some(compare), &filter, vec![growth(Some(By::Region))]);
        let Answer::Growth(growth) = &answers.answers[0] else { panic!("growth was asked") };
        let sum = |c: &model::Contributions| c.users.value + c.conversion.value + c.frequency.value + c.aov.value;
        let change = |now: &Factors, before: &Factors| now.member_sales.value - before.member_sales.value;
        let whole = growth.contributions.as_ref().unwrap();
        prop_assert_eq!(sum(whole), change(&growth.window, growth.compare.as_ref().unwrap()));
        let mut columns = *growth.mix.as_ref().unwrap();
        prop_assert_eq!(sum(&columns), 0, "the mix moves money between factors, it makes none");
        for group in &growth.groups {
            let parts = group.contributions.as_ref().unwrap();
            prop_assert_eq!(sum(parts), change(&group.window, group.compare.as_ref().unwrap()));
            columns.users.value += parts.users.value;
            columns.conversion.value += parts.conversion.value;
            columns.frequency.value += parts.frequency.value;
            columns.aov.value += parts.aov.value;
        }
        let values = |c: &model::Contributions| [c.users.value, c.conversion.value, c.frequency.value, c.aov.value];
        prop_assert_eq!(values(&columns), values(whole), "columns add up to the cards");
    }

    #[test]
    fn a_series_equals_the_recount_of_each_period((world, window, compare, filter) in cases(), grain in 0usize..3, aligned: bool) {
        let grain = [Grain::Day, Grain::Week, Grain::Month][grain];
        let align = if aligned { Align::Window } else { Align::Calendar };
        let series = Ask::Series(SeriesAsk { grain, align, measures: vec![] });
        let answers = ask(&world.snapshot(2), window, Some(compare), &filter, vec![series]);
        let Answer::Series(series) = &answers.answers[0] else { panic!("a series was asked") };
        for (points, span) in [(&series.window, window), (series.compare.as_ref().unwrap(), compare)] {
            let mut next = span.from();
            for (i, &from) in points.periods.iter().enumerate() {
                prop_assert_eq!(from, next, "periods leave no gap");
                next = from.plus(points.days[i] as i32);
                let period = Window::new(from, next.plus(-1)).unwrap();
                let expected = recount(&world, period, &filter, |_, _| true);
                prop_assert_eq!(points.users.as_ref().unwrap()[i].value, expected.users);
                prop_assert_eq!(points.buyers.as_ref().unwrap()[i].value, expected.buyers);
                prop_assert_eq!(points.sales.as_ref().unwrap()[i].value, expected.member_sales + expected.anonymous_sales);
                prop_assert_eq!(points.member_sales.as_ref().unwrap()[i].value, expected.member_sales);
                prop_assert_eq!(points.orders.as_ref().unwrap()[i].value, expected.member_orders + expected.anonymous_orders);
            }
            prop_assert_eq!(next, span.to().plus(1), "periods end with the window");
        }
    }

    #[test]
    fn stores_stand_in_the_order_of_their_measure((world, window, compare, filter) in cases()) {
        let stores = Ask::Stores(StoresAsk { by: Measure::Sales, limit: None, measures: vec![] });
        let answers = ask(&world.snapshot(2), window, Some(compare), &filter, vec![stores]);
        let Answer::Stores(rows) = &answers.answers[0] else { panic!("stores were asked") };
        for row in rows {
            let store = index(&row.store);
            let expected = recount(&world, window, &filter, |s, _| usize::from(s) == store);
            let value = |figure: Option<model::Figure<i64>>| figure.expect("every measure was asked").value;
            prop_assert_eq!(value(row.window.users), expected.users);
            prop_assert_eq!(value(row.window.buyers), expected.buyers);
            prop_assert_eq!(value(row.window.repeat_buyers), expected.repeat_buyers);
            prop_assert_eq!(value(row.window.new_buyers), expected.new_buyers);
            prop_assert_eq!(value(row.window.member_sales), expected.member_sales);
            let sales = value(row.window.sales);
            prop_assert_eq!(sales, expected.member_sales + expected.anonymous_sales);
            prop_assert!(row.rank_low <= row.rank && row.rank <= row.rank_high);
            let better = rows.iter().filter(|r| value(r.window.sales) > sales).count();
            if value(row.window.orders) > 0 {
                prop_assert_eq!(row.rank as usize, better + 1);
            }
        }
        prop_assert!(rows.is_sorted_by_key(|r| r.rank));
    }

    #[test]
    fn the_answer_does_not_depend_on_how_members_are_cut_or_partials_merged((world, window, compare, filter) in cases(), shards in 2usize..6, turn in 0usize..6) {
        let asks = vec![growth(Some(By::Store)), Ask::Series(SeriesAsk { grain: Grain::Week, align: Align::Window, measures: vec![] })];
        let one = ask(&world.snapshot(1), window, Some(compare), &filter, asks.clone());
        let many = world.snapshot(shards);
        let question = Question { window, compare: Some(compare), filter, ask: asks };
        let plan = Plan::new(&question, &many.manifest).unwrap();
        let mut scratch = Scratch::default();
        let mut partials: Vec<_> = many.shards.iter().enumerate().map(|(index, shard)| {
            let mut partial = plan.empty();
            plan.count(shard, index, &mut scratch, &mut partial);
            // As another worker would send it.
            plan.read_partial(&partial.to_bytes()).unwrap()
        }).collect();
        partials.rotate_left(turn % shards);
        // Merged pairwise from the back: another tree than the engine's own.
        while partials.len() > 1 {
            let last = partials.pop().unwrap();
            partials.last_mut().unwrap().merge(last);
        }
        prop_assert_eq!(plan.finish(&partials[0]).answers, one.answers);
    }

    #[test]
    fn exchanged_windows_negate_every_contribution((world, window, compare, filter) in cases()) {
        let snapshot = world.snapshot(1);
        let there = ask(&snapshot, window, Some(compare), &filter, vec![growth(None)]);
        let back = ask(&snapshot, compare, Some(window), &filter, vec![growth(None)]);
        let (Answer::Growth(there), Answer::Growth(back)) = (&there.answers[0], &back.answers[0]) else { panic!("growth was asked") };
        let values = |g: &model::GrowthAnswer| { let c = g.contributions.unwrap(); [c.users.value, c.conversion.value, c.frequency.value, c.aov.value] };
        prop_assert_eq!(values(there), values(back).map(|v| -v));
    }

    #[test]
    fn any_counts_split_without_a_rest(a in proptest::array::uniform4(1i64..2_000_000_000), b in proptest::array::uniform4(1i64..2_000_000_000)) {
        let counts = |v: [i64; 4]| engine::Counts { users: v[0], buyers: v[1], member_orders: v[2], member_sales: v[3] * 1_000, ..Default::default() };
        let split = contributions(&counts(a), &counts(b));
        prop_assert_eq!(split.parts.iter().sum::<i64>(), (a[3] - b[3]) * 1_000);
    }
}
