//! Questions in, answers out. Pure: no files, network, clock, threads or randomness.
//!
//! [`Plan`] resolves a question against a manifest; [`Plan::count`] counts one shard; partials merge in any order;
//! [`Plan::finish`] turns the sum into answers: exact when every shard was counted, else estimates with intervals.
//! A member's whole history lies in one shard, so distinct members of different shards add up. The same code runs in
//! the server, in the browser's worker and in tests.

mod ask;
mod counts;
mod estimate;
mod job;
mod kernel;
mod lmdi;
mod median;
mod partial;
mod periods;
mod plan;
mod segment;
mod select;
mod shrink;
mod view;

pub use counts::{Counts, SQUARE_UNIT};
pub use lmdi::{Split, contributions};
pub use partial::{Partial, PartialError};
pub use plan::Plan;
pub use select::Scratch;

use model::{Answers, Manifest, Question, QuestionError};
use snapshot::Shard;

/// Answers a question over all shards at once.
pub fn answer(question: &Question, manifest: &Manifest, shards: &[Shard]) -> Result<Answers, QuestionError> {
    let plan = Plan::new(question, manifest)?;
    let (mut total, mut scratch) = (plan.empty(), Scratch::default());
    for (index, shard) in shards.iter().enumerate() {
        plan.count(shard, index, &mut scratch, &mut total);
    }
    Ok(plan.finish(&total))
}
