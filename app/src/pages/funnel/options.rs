//! What the reader chooses on this page: the steps, how strictly they follow, how long, and the split.
//!
//! In the address a step is `step=touch-visit~share`, `step=join`, `step=order`, `step=order-2`; `days=7` after it
//! limits the days from the step before. A form says the same in more words: `step=` begins a step, each `or=` after it
//! adds a kind of touch, or says what else happens.

use model::{FunnelAsk, FunnelBy, Step, StepOrder};

use super::steps::{self, fits, is_whole};
use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::{Words, number};

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FunnelOptions {
    /// As read; see [`FunnelOptions::steps`] for those that count.
    pub(crate) steps: Vec<Step>,
    /// How strictly they follow each other.
    pub(crate) order: StepOrder,
    /// Days from the entry to the last step; none means [`FunnelOptions::DAYS`].
    pub(crate) within: Option<u32>,
    /// The split.
    pub(crate) by: Split,
    /// Whether all groups of the split are drawn, not only the largest.
    pub(crate) all_groups: bool,
}

const ORDERS: Words<StepOrder> =
    Words(&[("in_order", StepOrder::InOrder), ("strict", StepOrder::Strict), ("any", StepOrder::Any)]);
const SPLITS: Words<Split> =
    Words(&[("region", Split::Region), ("channel", Split::Channel), ("source", Split::Source), ("none", Split::Whole)]);

/// By what the funnel is drawn in groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Split {
    /// The region of the entry.
    #[default]
    Region,
    /// The channel of the entry.
    Channel,
    /// The channel through which the member came.
    Source,
    /// Not at all.
    Whole,
}

impl Split {
    /// As it is asked.
    fn asked(self) -> Option<FunnelBy> {
        match self {
            Self::Region => Some(FunnelBy::Region),
            Self::Channel => Some(FunnelBy::Channel),
            Self::Source => Some(FunnelBy::SourceChannel),
            Self::Whole => None,
        }
    }
}

/// Kinds of touch that lead to an order in most shops, in the order in which they happen.
const NATURAL: [&str; 4] = ["visit", "add_friend", "message_open", "add_to_cart"];

/// Touches in the default funnel.
const TOUCHES: usize = 2;

impl FunnelOptions {
    /// Days where the reader chose none.
    pub(crate) const DAYS: u32 = 30;

    /// Days from the entry to the last step.
    pub(crate) fn days(&self) -> u32 {
        self.within.unwrap_or(Self::DAYS)
    }

    /// The steps chosen, else the most natural of the touches that the snapshot has, then the first and second order.
    pub(crate) fn steps(&self, catalog: &Catalog) -> Vec<Step> {
        let chosen: Vec<Step> = self.steps.iter().filter(|step| is_whole(step)).cloned().collect();
        if chosen.len() >= 2 {
            return chosen;
        }
        let has = |kind: &&&str| catalog.touch_kinds.iter().any(|known| known == **kind);
        let mut kinds: Vec<&str> = NATURAL.iter().filter(has).take(TOUCHES).copied().collect();
        if kinds.is_empty() {
            kinds = catalog.touch_kinds.iter().take(TOUCHES).map(String::as_str).collect();
        }
        kinds.into_iter().map(steps::touch).chain([1, 2].map(steps::order)).collect()
    }

    /// The same with these steps; the default ones where fewer than two.
    pub(crate) fn with(&self, mut steps: Vec<Step>) -> Self {
        if let Some(first) = steps.first_mut() {
            first.within_days = None;
        }
        Self { steps: if steps.len() >= 2 { steps } else { Vec::new() }, ..self.clone() }
    }

    /// The pairs that say the steps in an address.
    pub(super) fn step_pairs(steps: &[Step]) -> Vec<(&'static str, String)> {
        let pairs = |step: &Step| {
            let days = step.within_days.map(|days| ("days", days.to_string()));
            [Some(("step", steps::write(step))), days].into_iter().flatten().collect::<Vec<_>>()
        };
        steps.iter().flat_map(pairs).collect()
    }

    /// A step from the address; one that cannot stand leaves an empty one, so that what follows is not taken for part
    /// of the step before.
    fn begin(&mut self, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) {
        let whole: Vec<Step> = self.steps.iter().filter(|step| is_whole(step)).cloned().collect();
        let step = steps::read(value, catalog).filter(|step| fits(&whole, step));
        if step.is_none() && !value.is_empty() {
            notes.push(Note::ignored("step", value));
        }
        self.steps.push(step.unwrap_or_default());
    }

    /// One more thing that the last step may be.
    fn or(&mut self, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) {
        if value.is_empty() {
            return;
        }
        let Some((last, others)) = self.steps.split_last_mut() else {
            return notes.push(Note::ignored("or", value));
        };
        let others: Vec<Step> = others.iter().filter(|step| is_whole(step)).cloned().collect();
        match steps::read(value, catalog) {
            Some(more) if fits(&others, &more) => {
                if !is_whole(last) {
                    *last = Step { within_days: last.within_days, ..more };
                } else if !last.touch.is_empty() {
                    // An order or joining is one thing; only touches can be several.
                    let new = more.touch.into_iter().filter(|kind| !last.touch.contains(kind)).collect::<Vec<_>>();
                    last.touch.extend(new);
                }
            }
            _ => notes.push(Note::ignored("or", value)),
        }
    }
}

impl PageOptions for FunnelOptions {
    fn take(&mut self, name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "step" => self.begin(value, catalog, notes),
            "or" => self.or(value, catalog, notes),
            "days" => {
                let days = number("days", value, 0..=3_650, notes);
                let first = self.steps.iter().filter(|step| is_whole(step)).count() < 2;
                match self.steps.last_mut() {
                    Some(step) if !first => step.within_days = days,
                    _ if days.is_some() => notes.push(Note::ignored("days", value)),
                    _ => {}
                }
            }
            "order" => self.order = ORDERS.read("order", value, notes).unwrap_or_default(),
            "within" => self.within = number("within", value, 1..=3_650, notes).filter(|days| *days != Self::DAYS),
            "by" => self.by = SPLITS.read("by", value, notes).unwrap_or_default(),
            "groups" => match value {
                "all" => self.all_groups = true,
                "" => {}
                _ => notes.push(Note::ignored("groups", value)),
            },
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        let steps: Vec<Step> = self.steps.iter().filter(|step| is_whole(step)).cloned().collect();
        if steps.len() >= 2 {
            out.extend(Self::step_pairs(&steps));
        }
        if self.order != StepOrder::default() {
            out.push(("order", ORDERS.word(self.order).to_owned()));
        }
        out.extend(self.within.map(|days| ("within", days.to_string())));
        if self.by != Split::default() {
            out.push(("by", SPLITS.word(self.by).to_owned()));
        }
        if self.all_groups && self.by != Split::Whole {
            out.push(("groups", "all".to_owned()));
        }
    }
}

/// What the steps ask: without what the engine would refuse.
pub(super) fn ask(options: &FunnelOptions, catalog: &Catalog) -> FunnelAsk {
    let mut steps = options.steps(catalog);
    for (i, step) in steps.iter_mut().enumerate() {
        if i == 0 || options.order == StepOrder::Any {
            step.within_days = None;
        }
    }
    FunnelAsk { steps, order: options.order, within_days: options.days(), by: options.by.asked() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boot::tests::catalog;
    use crate::query;

    fn read(text: &str) -> (FunnelOptions, usize) {
        let (mut options, mut notes) = (FunnelOptions::default(), Vec::new());
        for (name, value) in query::pairs(text) {
            assert!(options.take(&name, &value, &catalog(), &mut notes), "{name}");
        }
        (options, notes.len())
    }

    fn written(options: &FunnelOptions) -> String {
        let mut pairs = Vec::new();
        options.give(&mut pairs);
        pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    #[test]
    fn a_form_says_the_same_as_the_short_address() {
        for (form, short, notes) in [
            (
                "step=&or=&or=touch-visit&or=touch-odd&days=&step=order-1&days=7",
                "step=touch-visit~odd&step=order-1&days=7",
                0,
            ),
            // What is chosen from the list wins over boxes left ticked.
            ("step=join&step=&or=order-2&or=touch-visit&days=3", "step=join&step=order-2&days=3", 0),
            // A step left empty goes away, its days with it.
            ("step=join&step=&or=&days=5&step=order", "step=join&step=order", 1),
            // The first step has none before it to count from.
            ("step=join&days=5&step=order", "step=join&step=order", 1),
            // What does not stand is no part of the step before.
            (
                "step=touch-visit&step=touch-none&or=touch-odd&step=order",
                "step=touch-visit&step=touch-odd&step=order",
                1,
            ),
            ("or=touch-visit", "", 1),
            ("step=touch-visit&step=&or=touch-visit&step=join", "step=touch-visit&step=join", 1),
            ("by=channel&groups=all", "by=channel&groups=all", 0),
            ("groups=some", "", 1),
        ] {
            let (options, said) = read(form);
            assert_eq!((written(&options).as_str(), said), (short, notes), "{form}");
            assert_eq!(read(short).1, 0, "{short}");
        }
    }

    #[test]
    fn what_is_asked_is_never_refused() {
        let (any, _) = read("step=join&step=order-1&days=7&order=any");
        assert!(ask(&any, &catalog()).steps.iter().all(|step| step.within_days.is_none()));
        let (chain, _) = read("step=join&step=order-1&days=7");
        let turned: Vec<Step> = chain.steps(&catalog()).into_iter().rev().collect();
        let turned = chain.with(turned);
        assert_eq!(written(&turned), "step=order-1&step=join");
        assert_eq!(ask(&turned, &catalog()).steps[0].within_days, None);
        // Fewer than two steps are the default ones again.
        assert_eq!(chain.with(vec![steps::join()]).steps(&catalog()).len(), 4);
    }

    #[test]
    fn an_address_of_many_steps_keeps_to_the_limit() {
        let text = (1..=20).map(|n| format!("step=order-{n}")).collect::<Vec<_>>().join("&");
        let (options, notes) = read(&text);
        assert_eq!((options.steps(&catalog()).len(), notes), (FunnelAsk::MAX_STEPS, 12));
    }
}
