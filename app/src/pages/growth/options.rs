//! What the reader chooses on this page: the trend's measure and grain, the split, the formula, the scene.

use model::{By, Grain, Measure};

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// The trend's measure and grain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GrowthOptions {
    /// None takes the grain that fits the window.
    pub(crate) grain: Option<Grain>,
    /// None is sales.
    pub(crate) measure: Option<Measure>,
}

/// How the Growth page explains the change; each default is left out of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HomeOptions {
    /// The dimension that the change is split by; none takes the first that has several values.
    pub(crate) by: Option<By>,
    /// The formula that the change is explained by.
    pub(crate) formula: Formula,
    /// Whose cards lead.
    pub(crate) scene: Option<Scene>,
}

/// A formula whose factors explain the change of sales.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Formula {
    /// Users × conversion × orders per buyer × order value, anonymous orders beside them.
    #[default]
    Users,
    /// Orders × order value, anonymous orders among them.
    Traffic,
}

/// A way of selling, and with it the figures that matter first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Bought every few weeks: coming back matters.
    Frequent,
    /// Bought once in years, after leads: the way to the order matters.
    Considered,
    /// Sold with advice, by people who keep their customers: the own ground matters.
    Guided,
}

const GRAINS: Words<Grain> = Words(&[("day", Grain::Day), ("week", Grain::Week), ("month", Grain::Month)]);

const MEASURES: Words<Measure> = Words(&[
    ("sales", Measure::Sales),
    ("member_sales", Measure::MemberSales),
    ("orders", Measure::Orders),
    ("users", Measure::Users),
    ("buyers", Measure::Buyers),
    ("conversion", Measure::Conversion),
    ("frequency", Measure::Frequency),
    ("aov", Measure::Aov),
    ("repeat_buyers", Measure::RepeatBuyers),
    ("repurchase_rate", Measure::RepurchaseRate),
    ("new_buyers", Measure::NewBuyers),
    ("anonymous_orders", Measure::AnonymousOrders),
    ("anonymous_sales", Measure::AnonymousSales),
]);

const SPLITS: Words<By> = Words(&[
    ("region", By::Region),
    ("city", By::City),
    ("store", By::Store),
    ("format", By::Format),
    ("channel", By::Channel),
    ("domain", By::Domain),
    ("source_channel", By::SourceChannel),
    ("tier", By::Tier),
]);

const FORMULAS: Words<Formula> = Words(&[("users", Formula::Users), ("traffic", Formula::Traffic)]);

const SCENES: Words<Scene> =
    Words(&[("frequent", Scene::Frequent), ("considered", Scene::Considered), ("guided", Scene::Guided)]);

impl PageOptions for GrowthOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "grain" => self.grain = GRAINS.read("grain", value, notes),
            "measure" => self.measure = MEASURES.read("measure", value, notes),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        out.extend(self.grain.map(|grain| ("grain", GRAINS.word(grain).to_owned())));
        out.extend(self.measure.map(|measure| ("measure", MEASURES.word(measure).to_owned())));
    }
}

impl PageOptions for HomeOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "by" => self.by = SPLITS.read("by", value, notes),
            "formula" => self.formula = FORMULAS.read("formula", value, notes).unwrap_or_default(),
            "scene" => self.scene = SCENES.read("scene", value, notes),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        out.extend(self.by.map(|by| ("by", SPLITS.word(by).to_owned())));
        if self.formula != Formula::default() {
            out.push(("formula", FORMULAS.word(self.formula).to_owned()));
        }
        out.extend(self.scene.map(|scene| ("scene", SCENES.word(scene).to_owned())));
    }
}
