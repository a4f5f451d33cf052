//! Steps as the address writes them, and which of them may stand in one funnel.

use model::{FunnelAsk, Join, Step};

use crate::boot::Catalog;

/// The highest n of "the n-th order" that an address may name.
pub(super) const MOST_ORDERS: u32 = 50;

/// A touch of one kind.
pub(super) fn touch(kind: &str) -> Step {
    Step { touch: vec![kind.to_owned()], ..Step::default() }
}

/// The n-th order; 0 is any.
pub(super) fn order(n: u32) -> Step {
    Step { order: Some(n), ..Step::default() }
}

/// Joining.
pub(super) fn join() -> Step {
    Step { join: Some(Join {}), ..Step::default() }
}

/// Whether it says what happens; a step that is still being read may not.
pub(super) fn is_whole(step: &Step) -> bool {
    step.order.is_some() || step.join.is_some() || !step.touch.is_empty()
}

/// `join`, `order` (any), `order-2`, `touch-visit~share`.
pub(super) fn read(text: &str, catalog: &Catalog) -> Option<Step> {
    if text == "join" {
        return Some(join());
    }
    if text == "order" {
        return Some(order(0));
    }
    if let Some(n) = text.strip_prefix("order-") {
        return Some(order(n.parse().ok().filter(|n| (1..=MOST_ORDERS).contains(n))?));
    }
    let text = text.strip_prefix("touch-")?;
    let known = |kind: &str| catalog.touch_kinds.iter().any(|k| k == kind);
    // A kind may itself have the sign that stands between kinds.
    if known(text) {
        return Some(touch(text));
    }
    let kinds: Vec<String> = text.split('~').map(str::to_owned).collect();
    let once = kinds.iter().enumerate().all(|(i, kind)| !kinds[..i].contains(kind));
    (once && kinds.iter().all(|kind| !kind.is_empty() && known(kind))).then(|| Step { touch: kinds, ..Step::default() })
}

/// The other way round; the days from the step before are a parameter of their own.
pub(super) fn write(step: &Step) -> String {
    match step {
        Step { join: Some(_), .. } => "join".to_owned(),
        Step { order: Some(0), .. } => "order".to_owned(),
        Step { order: Some(n), .. } => format!("order-{n}"),
        Step { touch, .. } => "touch-".to_owned() + &touch.join("~"),
    }
}

/// Whether an event could belong to both.
pub(super) fn clash(a: &Step, b: &Step) -> bool {
    let orders = match (a.order, b.order) {
        (Some(a), Some(b)) => a == 0 || b == 0 || a == b,
        _ => false,
    };
    orders || (a.join.is_some() && b.join.is_some()) || a.touch.iter().any(|kind| b.touch.contains(kind))
}

/// Whether a step may stand with the others: there is room, and no event belongs to it and to another.
pub(super) fn fits(others: &[Step], step: &Step) -> bool {
    others.len() < FunnelAsk::MAX_STEPS && !others.iter().any(|other| clash(other, step))
}
