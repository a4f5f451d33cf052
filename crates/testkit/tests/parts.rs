//! Any part of a snapshot gives an answer to any question, and says how much it rests on.

use proptest::prelude::*;
use testkit::arbitrary;

proptest! {
    #![proptest_config(arbitrary::cases(600))]

    #[test]
    fn any_part_answers_any_question(
        (world, question) in arbitrary::world().prop_flat_map(|world| {
            let question = arbitrary::question(&world);
            (Just(world), question)
        }),
        // Shards are small, so that groups left out leave stores, channels and members without facts.
        shards in 1usize..=6,
        part in any::<[bool; 6]>(),
    ) {
        let snapshot = world.snapshot(shards);
        let some: Vec<usize> = (0..shards).filter(|&shard| part[shard]).collect();
        let answers = snapshot.ask_parts(&question, &some);
        prop_assert_eq!(answers.answers.len(), question.ask.len());
        prop_assert_eq!(answers.coverage.read as usize, some.len());
        prop_assert_eq!(answers.coverage.exact, some.len() == shards);
    }
}
