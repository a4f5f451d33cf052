//! What the reader chooses on this page: the cohorts, what counts as staying, and what the cells show.

use model::{Anchor, CohortsAsk, Day, Grain, Retention};

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::{Words, number};

/// What a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Share of the cohort.
    #[default]
    Rate,
    /// Members.
    Members,
    /// Sales of the period.
    Sales,
    /// Sales up to and with the period, for each member of the cohort.
    Value,
}

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CohortsOptions {
    /// Month or week.
    pub(crate) grain: Grain,
    /// First order or joining.
    pub(crate) anchor: Anchor,
    /// Exactly in the period, or then or later.
    pub(crate) mode: Retention,
    /// Periods followed.
    pub(crate) periods: u32,
    /// What a cell shows; changes no question.
    pub(crate) shown: Shown,
    /// Cohorts whose curves are drawn, by their names, each once; none means the page's own choice.
    pub(crate) curves: Vec<String>,
}

impl CohortsOptions {
    /// The most curves a reader can choose: as many as there are colours beside the mean's.
    pub(crate) const MAX_CURVES: usize = 5;

    /// Whether cohorts are months or weeks, named by another grain than before: their names mean nothing any more.
    pub(crate) fn regrain(&mut self, grain: Grain) {
        if self.grain != grain {
            self.curves.clear();
        }
        self.grain = grain;
    }
}

impl Default for CohortsOptions {
    fn default() -> Self {
        Self {
            grain: Grain::Month,
            anchor: Anchor::FirstOrder,
            mode: Retention::Exact,
            periods: 12,
            shown: Shown::Rate,
            curves: Vec::new(),
        }
    }
}

const GRAINS: Words<Grain> = Words(&[("month", Grain::Month), ("week", Grain::Week)]);
const ANCHORS: Words<Anchor> = Words(&[("first_order", Anchor::FirstOrder), ("joined", Anchor::Joined)]);
const MODES: Words<Retention> = Words(&[("exact", Retention::Exact), ("on_or_after", Retention::OnOrAfter)]);
const SHOWN: Words<Shown> =
    Words(&[("rate", Shown::Rate), ("members", Shown::Members), ("sales", Shown::Sales), ("value", Shown::Value)]);

impl PageOptions for CohortsOptions {
    fn take(&mut self, name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> bool {
        let default = Self::default();
        match name {
            "grain" => self.grain = GRAINS.read("grain", value, notes).unwrap_or(default.grain),
            "anchor" => self.anchor = ANCHORS.read("anchor", value, notes).unwrap_or(default.anchor),
            "mode" => self.mode = MODES.read("mode", value, notes).unwrap_or(default.mode),
            "measure" => self.shown = SHOWN.read("measure", value, notes).unwrap_or(default.shown),
            "periods" => {
                let read = number("periods", value, 1..=CohortsAsk::MAX_PERIODS, notes);
                self.periods = read.unwrap_or(default.periods);
            }
            "curve" => match cohort_name(value, catalog) {
                Some(name) if self.curves.contains(&name) => {}
                Some(name) if self.curves.len() < Self::MAX_CURVES => self.curves.push(name),
                _ if value.is_empty() => {}
                _ => notes.push(Note::ignored("curve", value)),
            },
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        let default = Self::default();
        let pairs = [
            ("grain", self.grain != default.grain, GRAINS.word(self.grain).to_owned()),
            ("anchor", self.anchor != default.anchor, ANCHORS.word(self.anchor).to_owned()),
            ("mode", self.mode != default.mode, MODES.word(self.mode).to_owned()),
            ("periods", self.periods != default.periods, self.periods.to_string()),
            ("measure", self.shown != default.shown, SHOWN.word(self.shown).to_owned()),
        ];
        out.extend(pairs.into_iter().filter(|(_, chosen, _)| *chosen).map(|(name, _, word)| (name, word)));
        out.extend(self.curves.iter().map(|name| ("curve", name.clone())));
    }
}

/// The name of a cohort that the data may hold: `2024-05`, or a day of a week, which becomes the week's Monday.
fn cohort_name(value: &str, catalog: &Catalog) -> Option<String> {
    let month = value.len() == 7;
    let day = if month { Day::parse(&(value.to_owned() + "-01")) } else { Day::parse(value) }.ok()?;
    let first = if month { catalog.first_day.month_start() } else { catalog.first_day.week_start() };
    let from = if month { day } else { day.week_start() };
    let held = (first..=catalog.data_until).contains(&from);
    held.then(|| if month { value.to_owned() } else { from.to_string() })
}
