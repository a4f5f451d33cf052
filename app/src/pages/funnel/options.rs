//! What the reader chooses on this page: the steps, how strictly they follow, how long, and the split.

use model::{FunnelAsk, FunnelBy, Join, Step, StepOrder};

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::{Words, number};

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FunnelOptions {
    /// Fewer than two mean the default steps, see [`FunnelOptions::steps`].
    pub(crate) steps: Vec<Step>,
    /// How strictly they follow each other.
    pub(crate) order: StepOrder,
    /// Days from the entry to the last step; none means [`FunnelOptions::DAYS`].
    pub(crate) within: Option<u32>,
    /// The split.
    pub(crate) by: Option<FunnelBy>,
}

const ORDERS: Words<StepOrder> =
    Words(&[("in_order", StepOrder::InOrder), ("strict", StepOrder::Strict), ("any", StepOrder::Any)]);
const SPLITS: Words<FunnelBy> =
    Words(&[("region", FunnelBy::Region), ("channel", FunnelBy::Channel), ("source", FunnelBy::SourceChannel)]);

/// Kinds of touch that lead to an order in most shops, in the order in which they happen.
const NATURAL: [&str; 4] = ["visit", "add_friend", "message_open", "add_to_cart"];

/// Touches in the default funnel.
const TOUCHES: usize = 2;

impl FunnelOptions {
    /// Days where the reader chose none.
    pub(crate) const DAYS: u32 = 30;

    /// The steps chosen, else the most natural of the touches that the snapshot has, then the first and second order.
    pub(crate) fn steps(&self, catalog: &Catalog) -> Vec<Step> {
        if self.steps.len() >= 2 {
            return self.steps.clone();
        }
        let has = |kind: &&&str| catalog.touch_kinds.iter().any(|known| known == **kind);
        let mut kinds: Vec<String> = NATURAL.iter().filter(has).take(TOUCHES).map(|kind| (*kind).to_owned()).collect();
        if kinds.is_empty() {
            kinds = catalog.touch_kinds.iter().take(TOUCHES).cloned().collect();
        }
        let touches = kinds.into_iter().map(|kind| Step { touch: vec![kind], ..Step::default() });
        let orders = [1, 2].map(|n| Step { order: Some(n), ..Step::default() });
        touches.chain(orders).collect()
    }

    /// The same without a step; the default again where fewer than two would be left.
    pub(crate) fn without(&self, step: usize, catalog: &Catalog) -> Self {
        let mut steps = self.steps(catalog);
        if step < steps.len() {
            steps.remove(step);
        }
        Self { steps: if steps.len() >= 2 { steps } else { Vec::new() }, ..self.clone() }
    }

    /// The same with a step at the end, where it fits.
    pub(crate) fn and(&self, step: Step, catalog: &Catalog) -> Option<Self> {
        let mut steps = self.steps(catalog);
        fits(&steps, &step).then(|| {
            steps.push(step);
            Self { steps, ..self.clone() }
        })
    }
}

impl PageOptions for FunnelOptions {
    fn take(&mut self, name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "step" => match read_step(value, catalog) {
                Some(step) if fits(&self.steps, &step) => self.steps.push(step),
                _ if value.is_empty() => {}
                _ => notes.push(Note::ignored("step", value)),
            },
            "order" => self.order = ORDERS.read("order", value, notes).unwrap_or_default(),
            "within" => self.within = number("within", value, 1..=3_650, notes).filter(|days| *days != Self::DAYS),
            "by" => self.by = SPLITS.read("by", value, notes),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.steps.len() >= 2 {
            out.extend(self.steps.iter().map(|step| ("step", write_step(step))));
        }
        if self.order != StepOrder::default() {
            out.push(("order", ORDERS.word(self.order).to_owned()));
        }
        out.extend(self.within.map(|days| ("within", days.to_string())));
        out.extend(self.by.map(|by| ("by", SPLITS.word(by).to_owned())));
    }
}

/// `join`, `order` (any), `order-2`, `touch-visit~share`.
fn read_step(text: &str, catalog: &Catalog) -> Option<Step> {
    if text == "join" {
        return Some(Step { join: Some(Join {}), ..Step::default() });
    }
    if text == "order" {
        return Some(Step { order: Some(0), ..Step::default() });
    }
    if let Some(n) = text.strip_prefix("order-") {
        let n = n.parse().ok().filter(|n| (1..=50).contains(n))?;
        return Some(Step { order: Some(n), ..Step::default() });
    }
    let kinds: Vec<String> = text.strip_prefix("touch-")?.split('~').map(str::to_owned).collect();
    let known = |kind: &String| !kind.is_empty() && catalog.touch_kinds.contains(kind);
    let once = kinds.iter().enumerate().all(|(i, kind)| !kinds[..i].contains(kind));
    (once && kinds.iter().all(known)).then(|| Step { touch: kinds, ..Step::default() })
}

fn write_step(step: &Step) -> String {
    match step {
        Step { join: Some(_), .. } => "join".to_owned(),
        Step { order: Some(0), .. } => "order".to_owned(),
        Step { order: Some(n), .. } => format!("order-{n}"),
        Step { touch, .. } => "touch-".to_owned() + &touch.join("~"),
    }
}

/// Whether a step may follow: there is room, and no event belongs to it and to another.
fn fits(steps: &[Step], step: &Step) -> bool {
    let clash = |other: &Step| {
        let orders = match (other.order, step.order) {
            (Some(a), Some(b)) => a == 0 || b == 0 || a == b,
            _ => false,
        };
        orders || (other.join.is_some() && step.join.is_some()) || step.touch.iter().any(|k| other.touch.contains(k))
    };
    steps.len() < FunnelAsk::MAX_STEPS && !steps.iter().any(clash)
}
