//! PLACEHOLDER.
use crate::estimate::{Visit, Walk};
use crate::job::{Asked, Jobs, Sums};
use crate::plan::Frame;
use model::{Answer, RfmAnswer, RfmAsk};
pub(crate) struct Rfm;
impl Rfm {
    pub(crate) fn new(_ask: &RfmAsk, _frame: &Frame<'_>, _jobs: &mut Jobs) -> Self {
        Self
    }
}
impl Asked for Rfm {
    fn answer(&self, _sums: &Sums<'_>) -> Answer {
        panic!()
    }
}
impl Walk for RfmAnswer {
    fn walk(&mut self, _visit: Visit<'_>) {}
}
