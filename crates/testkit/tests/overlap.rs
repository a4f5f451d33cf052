//! The overlap of channels equals the naive one.

use engine::answer;
use model::{Answer, Ask, Filter, OverlapAnswer, OverlapAsk, OverlapOf, Question, Window};
use proptest::prelude::*;
use testkit::oracle::overlap::{Overlap, overlap};
use testkit::{Member, Order, Place, Snapshot, World, arbitrary};

fn ask(snapshot: &Snapshot, window: Window, filter: &Filter, of: OverlapOf) -> OverlapAnswer {
    let ask = vec![Ask::Overlap(OverlapAsk { of })];
    let question = Question { window, compare: None, filter: filter.clone(), ask };
    let answers = answer(&question, &snapshot.manifest, &snapshot.shards).expect("the question is valid");
    let [Answer::Overlap(answer)] = &answers.answers[..] else { panic!("an overlap was asked") };
    answer.clone()
}

fn channel(id: &str) -> u8 {
    id[1..].parse().expect("ids of a world end in numbers")
}

fn plain(answer: &OverlapAnswer) -> Overlap {
    let mut plain = Overlap::default();
    for row in &answer.channels {
        assert!(row.members.is_exact() && row.sales.is_exact());
        let this = channel(&row.channel);
        plain.channels.insert(this, (row.members.value, row.only.value, row.sales.value));
        for shared in &row.with {
            plain.shared.insert((this, channel(&shared.channel)), (shared.members.value, shared.sales.value));
        }
    }
    for (i, row) in answer.breadth.iter().enumerate() {
        assert_eq!(row.channels as usize, i + 1);
        let value = (row.members.value != 0).then(|| row.sales.value as f64 / row.members.value as f64);
        assert_eq!(row.value.value, value);
        plain.breadth[i] = (row.members.value, row.orders.value, row.sales.value);
    }
    plain
}

fn cases() -> impl Strategy<Value = (World, Window, Filter, OverlapOf)> {
    arbitrary::world().prop_flat_map(|world| {
        let filter = arbitrary::filter_with_segment(&world);
        let of = prop_oneof![Just(OverlapOf::Buyers), Just(OverlapOf::Users)];
        (Just(world), arbitrary::window(), filter, of)
    })
}

proptest! {
    #![proptest_config(arbitrary::cases(800))]

    #[test]
    fn overlap_equals_the_naive_one((world, window, filter, of) in cases(), shards in 1usize..4) {
        let found = ask(&world.snapshot(shards), window, &filter, of);
        prop_assert_eq!(plain(&found), overlap(&world, window, &filter, of));
        prop_assert!(found.channels.is_sorted_by_key(|row| channel(&row.channel)));
        for row in &found.channels {
            for shared in &row.with {
                let back = found.channels.iter().find(|other| other.channel == shared.channel).unwrap();
                let back = back.with.iter().find(|other| other.channel == row.channel).unwrap();
                prop_assert_eq!(shared.members, back.members, "what is shared is shared both ways");
            }
        }
    }

    /// More channels than one word has bits, on both sides of its end.
    #[test]
    fn many_channels_are_told_apart(channels in 60u8..200, orders in proptest::collection::vec((0usize..6, 0u8..200, 1i64..1000), 0..80)) {
        let order = |(member, channel, amount): (usize, u8, i64)| {
            Order { day: 0, member: Some(member), store: 0, channel: channel % channels, amount, campaign: None }
        };
        let world = World {
            channels: vec![None; channels.into()],
            stores: vec![Place { region: 0, city: 0, format: 0 }],
            members: vec![Member::default(); 6],
            orders: orders.into_iter().map(order).collect(),
            ..World::tiny()
        };
        let window = Window::new(world.first_day, world.first_day).unwrap();
        let found = ask(&world.snapshot(2), window, &Filter::default(), OverlapOf::Buyers);
        prop_assert_eq!(plain(&found), overlap(&world, window, &Filter::default(), OverlapOf::Buyers));
    }
}
