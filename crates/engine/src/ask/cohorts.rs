//! PLACEHOLDER.
use crate::estimate::{Visit, Walk};
use crate::job::{Asked, Jobs, Sums};
use crate::plan::Frame;
use model::{Answer, CohortsAnswer, CohortsAsk};
pub(crate) struct Cohorts;
impl Cohorts {
    pub(crate) fn new(_ask: &CohortsAsk, _frame: &Frame<'_>, _jobs: &mut Jobs) -> Self {
        Self
    }
}
impl Asked for Cohorts {
    fn answer(&self, _sums: &Sums<'_>) -> Answer {
        panic!()
    }
}
impl Walk for CohortsAnswer {
    fn walk(&mut self, _visit: Visit<'_>) {}
}
