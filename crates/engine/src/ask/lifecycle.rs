//! PLACEHOLDER.
use crate::estimate::{Visit, Walk};
use crate::job::{Asked, Jobs, Sums};
use crate::plan::Frame;
use model::{Answer, LifecycleAnswer, LifecycleAsk};
pub(crate) struct Lifecycle;
impl Lifecycle {
    pub(crate) fn new(_ask: &LifecycleAsk, _frame: &Frame<'_>, _jobs: &mut Jobs) -> Self {
        Self
    }
}
impl Asked for Lifecycle {
    fn answer(&self, _sums: &Sums<'_>) -> Answer {
        panic!()
    }
}
impl Walk for LifecycleAnswer {
    fn walk(&mut self, _visit: Visit<'_>) {}
}
