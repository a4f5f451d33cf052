//! PLACEHOLDER.
use crate::estimate::{Visit, Walk};
use crate::job::{Asked, Jobs, Sums};
use crate::plan::Frame;
use model::{Answer, FunnelAnswer, FunnelAsk};
pub(crate) struct Funnel;
impl Funnel {
    pub(crate) fn new(_ask: &FunnelAsk, _frame: &Frame<'_>, _jobs: &mut Jobs) -> Self {
        Self
    }
}
impl Asked for Funnel {
    fn answer(&self, _sums: &Sums<'_>) -> Answer {
        panic!()
    }
}
impl Walk for FunnelAnswer {
    fn walk(&mut self, _visit: Visit<'_>) {}
}
