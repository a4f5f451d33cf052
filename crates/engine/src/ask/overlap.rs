//! PLACEHOLDER.
use crate::estimate::{Visit, Walk};
use crate::job::{Asked, Jobs, Sums};
use crate::plan::Frame;
use model::{Answer, OverlapAnswer, OverlapAsk};
pub(crate) struct Overlap;
impl Overlap {
    pub(crate) fn new(_ask: &OverlapAsk, _frame: &Frame<'_>, _jobs: &mut Jobs) -> Self {
        Self
    }
}
impl Asked for Overlap {
    fn answer(&self, _sums: &Sums<'_>) -> Answer {
        panic!()
    }
}
impl Walk for OverlapAnswer {
    fn walk(&mut self, _visit: Visit<'_>) {}
}
