//! Questions in, answers out. Pure: no files, network, clock, threads or randomness.
//!
//! [`Plan`] resolves a question against a manifest; [`Plan::partial`] counts one shard; partials merge in any order;
//! [`Plan::finish`] turns the sum into answers. A member's whole history lies in one shard, so distinct members of
//! different shards add up. The same code runs in the server, in the browser's worker and in tests.

mod counts;
mod finish;
mod kernel;
mod lmdi;
mod periods;
mod plan;

pub use counts::{Counts, Partial};
pub use lmdi::{Split, contributions};
pub use plan::Plan;

use model::{Answers, Manifest, Question, QuestionError};
use snapshot::Shard;

/// Answers a question over all shards at once.
pub fn answer(question: &Question, manifest: &Manifest, shards: &[Shard]) -> Result<Answers, QuestionError> {
    let plan = Plan::new(question, manifest)?;
    let mut total = plan.empty();
    for shard in shards {
        total.merge(plan.partial(shard));
    }
    Ok(plan.finish(&total))
}
