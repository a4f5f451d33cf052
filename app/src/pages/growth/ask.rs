//! What the page asks.

use model::{Align, Ask, By, FunnelAsk, GrowthAsk, Measure, SeriesAsk, Step};

use super::options::Scene;
use super::split;
use crate::boot::Catalog;
use crate::state::State;

/// Stores asked for in each direction: a page shows no more of them.
const MOVERS: u32 = 10;

/// The measures whose course the cards show.
const SERIES: [Measure; 8] = [
    Measure::Sales,
    Measure::MemberSales,
    Measure::Orders,
    Measure::Users,
    Measure::Buyers,
    Measure::Conversion,
    Measure::Frequency,
    Measure::Aov,
];

/// What the cards of frequent purchase show beside.
const FREQUENT: [Measure; 3] = [Measure::RepurchaseRate, Measure::RepeatBuyers, Measure::NewBuyers];

/// Days from a lead to its order that the cards of considered purchase allow.
pub(super) const LEAD_DAYS: u32 = 90;

/// The course of what the cards and the trend show.
pub(crate) fn series(state: &State) -> Ask {
    let mut measures = SERIES.to_vec();
    if state.params.home.scene == Some(Scene::Frequent) {
        measures.extend(FREQUENT);
    }
    if !measures.contains(&state.measure) {
        measures.push(state.measure);
    }
    Ask::Series(SeriesAsk { grain: state.grain, align: Align::Window, measures })
}

pub(super) fn asks(state: &State, catalog: &Catalog) -> Vec<Ask> {
    let by = split::chosen(state, catalog);
    let top = split::top(by, &state.params.filter, catalog);
    let mut asks = vec![
        Ask::Growth(GrowthAsk { by: Some(by), top }),
        Ask::Growth(GrowthAsk { by: Some(By::Store), top: Some(MOVERS) }),
        series(state),
    ];
    match state.params.home.scene {
        Some(Scene::Considered) => asks.extend(lead_steps(catalog).map(|steps| {
            Ask::Funnel(FunnelAsk { steps, order: model::StepOrder::InOrder, within_days: LEAD_DAYS, by: None })
        })),
        Some(Scene::Guided) => asks.push(Ask::Growth(GrowthAsk { by: Some(By::Domain), top: None })),
        Some(Scene::Frequent) | None => {}
    }
    asks
}

/// Touches by which a reader of ads becomes somebody to talk to.
const LEADS: [&str; 4] = ["ad_click", "live_watch", "add_friend", "join_group"];

/// The kinds of touch that make a lead: those of [`LEADS`] that the snapshot has, else all it has.
pub(super) fn lead_kinds(catalog: &Catalog) -> Vec<String> {
    let kinds = || catalog.touch_kinds.iter().filter(|kind| !kind.is_empty()).cloned();
    let leads: Vec<String> = kinds().filter(|kind| LEADS.contains(&kind.as_str())).collect();
    if leads.is_empty() { kinds().collect() } else { leads }
}

/// From a lead to an order; none where the snapshot has no touches.
pub(super) fn lead_steps(catalog: &Catalog) -> Option<Vec<Step>> {
    let touch = lead_kinds(catalog);
    let order = Step { order: Some(0), ..Step::default() };
    (!touch.is_empty()).then(|| vec![Step { touch, ..Step::default() }, order])
}
