//! Work on all shards at once, on as many threads as there are cores.

use engine::{Plan, Scratch};
use model::{Answers, Manifest, Question, QuestionError};
use rayon::prelude::*;
use snapshot::Shard;

/// What [`engine::answer`] answers, with the shards shared out among the cores.
/// Partials merge in any order, so both agree to the last digit.
pub(crate) fn answer(question: &Question, manifest: &Manifest, shards: &[Shard]) -> Result<Answers, QuestionError> {
    let plan = Plan::new(question, manifest)?;
    let total = shards
        .par_iter()
        .enumerate()
        .fold(
            || (plan.empty(), Scratch::default()),
            |(mut total, mut scratch), (index, shard)| {
                plan.count(shard, index, &mut scratch, &mut total);
                (total, scratch)
            },
        )
        .map(|(total, _)| total)
        .reduce(
            || plan.empty(),
            |mut left, right| {
                left.merge(right);
                left
            },
        );
    Ok(plan.finish(&total))
}
