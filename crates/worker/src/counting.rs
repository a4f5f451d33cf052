//! The one place that knows how the engine counts: a question's plan and what was counted of it.

use engine::{Partial, Plan, Scratch};
use model::{Answers, Manifest, Question};
use snapshot::Shard;

/// A question being counted.
pub(crate) struct Counting {
    plan: Plan,
    scratch: Scratch,
    /// Counted here since the last take.
    fresh: Partial,
    /// Merged for an answer.
    total: Partial,
}

impl Counting {
    /// Plans a question; the error names the field that the snapshot does not know.
    pub(crate) fn new(question: &Question, manifest: &Manifest) -> Result<Self, String> {
        let plan = Plan::new(question, manifest).map_err(|error| error.to_string())?;
        Ok(Self { scratch: Scratch::default(), fresh: plan.empty(), total: plan.empty(), plan })
    }

    /// Counts a shard, which is the manifest's `index`-th.
    pub(crate) fn count(&mut self, shard: &Shard, index: usize) {
        self.plan.count(shard, index, &mut self.scratch, &mut self.fresh);
    }

    /// What was counted since the last take, as bytes for another worker.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.fresh, self.plan.empty()).to_bytes()
    }

    /// Adds what another worker took; false where it is of another question.
    pub(crate) fn merge(&mut self, bytes: &[u8]) -> bool {
        let read = self.plan.read_partial(bytes);
        let fits = read.is_ok();
        if let Ok(partial) = read {
            self.total.merge(partial);
        }
        fits
    }

    /// The answers that everything counted and merged so far gives.
    pub(crate) fn answers(&mut self) -> Answers {
        self.total.merge(std::mem::replace(&mut self.fresh, self.plan.empty()));
        self.plan.finish(&self.total)
    }
}
