//! The figures that can be asked "why this number": what each means, from which others it is made, what is asked for it.

use model::{Factors, Measure, Ratio};

use crate::format::{Unit, as_float};
use crate::i18n::{Lang, t};
use crate::sentence::Part;
use crate::state::words::Words;

/// A figure of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Sales,
    MemberSales,
    Users,
    Buyers,
    Conversion,
    Frequency,
    Aov,
    Orders,
    MemberOrders,
    RepeatBuyers,
    RepurchaseRate,
    NewBuyers,
    AnonymousOrders,
    AnonymousSales,
    Contribution,
    Mix,
    /// The steps of a funnel: the only one whose address says more, the steps.
    Funnel,
}

/// Their words in the address.
pub(super) const WORDS: Words<Why> = Words(&[
    ("sales", Why::Sales),
    ("member_sales", Why::MemberSales),
    ("users", Why::Users),
    ("buyers", Why::Buyers),
    ("conversion", Why::Conversion),
    ("frequency", Why::Frequency),
    ("aov", Why::Aov),
    ("orders", Why::Orders),
    ("member_orders", Why::MemberOrders),
    ("repeat_buyers", Why::RepeatBuyers),
    ("repurchase_rate", Why::RepurchaseRate),
    ("new_buyers", Why::NewBuyers),
    ("anonymous_orders", Why::AnonymousOrders),
    ("anonymous_sales", Why::AnonymousSales),
    ("contribution", Why::Contribution),
    ("mix", Why::Mix),
    ("funnel", Why::Funnel),
]);

/// How a figure follows from others.
pub(super) enum Made {
    /// Counted, not calculated.
    Counted,
    /// The first divided by the second.
    Divided(Why, Why),
    /// The first and the second together.
    Added(Why, Why),
    /// All of them multiplied.
    Multiplied([Why; 4]),
}

impl Why {
    /// All, in the order of the list of words.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        WORDS.values()
    }

    /// The figure that a measure shows.
    pub(crate) fn of(measure: Measure) -> Self {
        match measure {
            Measure::Sales => Self::Sales,
            Measure::MemberSales => Self::MemberSales,
            Measure::Orders => Self::Orders,
            Measure::Users => Self::Users,
            Measure::Buyers => Self::Buyers,
            Measure::Conversion => Self::Conversion,
            Measure::Frequency => Self::Frequency,
            Measure::Aov => Self::Aov,
            Measure::RepeatBuyers => Self::RepeatBuyers,
            Measure::RepurchaseRate => Self::RepurchaseRate,
            Measure::NewBuyers => Self::NewBuyers,
            Measure::AnonymousOrders => Self::AnonymousOrders,
            Measure::AnonymousSales => Self::AnonymousSales,
        }
    }

    /// Its word in the address.
    pub(crate) fn word(self) -> &'static str {
        WORDS.word(self)
    }

    /// What it is called.
    pub(crate) fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Sales => t!(lang, words.sales),
            Self::MemberSales => t!(lang, words.member_sales),
            Self::Users => Part::Users.name(lang),
            Self::Buyers => t!(lang, words.buyers),
            Self::Conversion => Part::Conversion.name(lang),
            Self::Frequency => Part::Frequency.name(lang),
            Self::Aov => Part::Aov.name(lang),
            Self::Orders => t!(lang, words.orders),
            Self::MemberOrders => t!(lang, words.member_orders),
            Self::RepeatBuyers => t!(lang, words.repeat_buyers),
            Self::RepurchaseRate => t!(lang, words.repurchase_rate),
            Self::NewBuyers => t!(lang, words.new_buyers),
            Self::AnonymousOrders => Part::Anonymous.name(lang),
            Self::AnonymousSales => t!(lang, words.anonymous_sales),
            Self::Contribution => t!(lang, words.contribution),
            Self::Mix => t!(lang, words.mix),
            Self::Funnel => t!(lang, data.funnel_steps),
        }
    }

    /// What it means, in the words that the pages show on pointing.
    pub(crate) fn means(self, lang: Lang) -> &'static str {
        match self {
            Self::Sales => t!(lang, words.sales_is),
            Self::MemberSales => t!(lang, words.member_sales_is),
            Self::Users => t!(lang, words.users_is),
            Self::Buyers => t!(lang, words.buyers_is),
            Self::Conversion => t!(lang, words.conversion_is),
            Self::Frequency => t!(lang, words.frequency_is),
            Self::Aov => t!(lang, words.aov_is),
            Self::Orders => t!(lang, data.orders_is),
            Self::MemberOrders => t!(lang, data.member_orders_is),
            Self::RepeatBuyers => t!(lang, data.repeat_buyers_is),
            Self::RepurchaseRate => t!(lang, words.repurchase_rate_is),
            Self::NewBuyers => t!(lang, words.new_buyers_is),
            Self::AnonymousOrders => t!(lang, words.anonymous_is),
            Self::AnonymousSales => t!(lang, data.anonymous_sales_is),
            Self::Contribution => t!(lang, words.contribution_is),
            Self::Mix => t!(lang, words.mix_is),
            Self::Funnel => t!(lang, data.funnel_steps_is),
        }
    }

    /// From which others it is made.
    pub(super) fn made(self) -> Made {
        match self {
            Self::Sales => Made::Added(Self::MemberSales, Self::AnonymousSales),
            Self::MemberSales => Made::Multiplied([Self::Users, Self::Conversion, Self::Frequency, Self::Aov]),
            Self::Orders => Made::Added(Self::MemberOrders, Self::AnonymousOrders),
            Self::Conversion => Made::Divided(Self::Buyers, Self::Users),
            Self::Frequency => Made::Divided(Self::MemberOrders, Self::Buyers),
            Self::Aov => Made::Divided(Self::MemberSales, Self::MemberOrders),
            Self::RepurchaseRate => Made::Divided(Self::RepeatBuyers, Self::Buyers),
            _ => Made::Counted,
        }
    }

    /// Its value among the factors of a window; none for what is no figure of one window.
    pub(super) fn value(self, factors: &Factors) -> Option<(Unit, Ratio)> {
        let count = |figure| (Unit::Count, as_float(figure));
        let money = |figure| (Unit::Money, as_float(figure));
        Some(match self {
            Self::Sales => money(&factors.sales),
            Self::MemberSales => money(&factors.member_sales),
            Self::Users => count(&factors.users),
            Self::Buyers => count(&factors.buyers),
            Self::Conversion => (Unit::Percent, factors.conversion),
            Self::Frequency => (Unit::Ratio, factors.frequency),
            Self::Aov => (Unit::Price, factors.aov),
            Self::Orders => count(&factors.orders),
            Self::MemberOrders => count(&factors.member_orders),
            Self::RepeatBuyers => count(&factors.repeat_buyers),
            Self::RepurchaseRate => (Unit::Percent, factors.repurchase_rate),
            Self::NewBuyers => count(&factors.new_buyers),
            Self::AnonymousOrders => count(&factors.anonymous_orders),
            Self::AnonymousSales => money(&factors.anonymous_sales),
            Self::Contribution | Self::Mix | Self::Funnel => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_word_a_name_and_a_meaning() {
        for why in Why::all() {
            assert!(!why.word().is_empty());
            for lang in [Lang::Zh, Lang::En] {
                assert!(!why.name(lang).is_empty() && !why.means(lang).is_empty());
            }
        }
        assert_eq!(Why::all().count(), 17);
    }
}
