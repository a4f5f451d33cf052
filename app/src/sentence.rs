//! What a page's one-sentence answer is made of. Pieces carry their meaning, so that the page can colour and link
//! them; the sentences themselves stand with their pages.

use model::{Contributions, Factors, Money};

use crate::format::Style;
use crate::i18n::{Lang, t};
use crate::state::{Compare, Event};

/// A piece of the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words.
    Plain(String),
    /// A number of weight.
    Strong(String),
    /// Money that helped.
    Up(String),
    /// Money that dragged.
    Down(String),
    /// A region to follow.
    Region(String),
    /// Words to follow, and where to.
    Link(String, String),
}

/// A part of the change of sales: the first five sum to it, and so do the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Users,
    Conversion,
    Frequency,
    Aov,
    Anonymous,
    Orders,
    OrderValue,
}

impl Part {
    /// Its name on the page.
    pub(crate) fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Users => t!(lang, words.users),
            Self::Conversion => t!(lang, words.conversion),
            Self::Frequency => t!(lang, words.frequency),
            Self::Aov => t!(lang, words.aov),
            Self::Anonymous => t!(lang, words.anonymous),
            Self::Orders => t!(lang, words.orders),
            Self::OrderValue => t!(lang, words.aov),
        }
    }
}

/// The change of sales in its five parts, in the order of the formula.
pub(crate) fn parts(window: &Factors, compare: &Factors, contributions: &Contributions) -> [(Part, Money); 5] {
    let anonymous = difference(&window.anonymous_sales, &compare.anonymous_sales);
    [
        (Part::Users, contributions.users),
        (Part::Conversion, contributions.conversion),
        (Part::Frequency, contributions.frequency),
        (Part::Aov, contributions.aov),
        (Part::Anonymous, anonymous),
    ]
}

/// A sum less another, with the widest interval that both leave open.
pub(crate) fn difference(now: &Money, then: &Money) -> Money {
    Money {
        value: now.value.saturating_sub(then.value),
        low: now.low.saturating_sub(then.high),
        high: now.high.saturating_sub(then.low),
        too_few: now.too_few || then.too_few,
    }
}

/// The sentence as text, for the document's description.
pub(crate) fn plain(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Plain(t)
            | Piece::Strong(t)
            | Piece::Up(t)
            | Piece::Down(t)
            | Piece::Region(t)
            | Piece::Link(t, _) => t.as_str(),
        })
        .collect()
}

/// The compared window's name in the middle of a sentence.
pub(crate) fn amid(compare: Compare, lang: Lang) -> &'static str {
    match compare {
        Compare::Year => t!(lang, periods.the_last_year),
        Compare::YearWeekdays => t!(lang, compare.the_year_weekdays),
        Compare::Weekdays => t!(lang, compare.the_weekdays),
        Compare::Month => t!(lang, compare.the_month),
        Compare::Quarter => t!(lang, compare.the_quarter),
        Compare::Around(Event::LunarNewYear) => t!(lang, compare.the_lunar),
        Compare::Around(Event::MidYear) => t!(lang, compare.the_mid_year),
        Compare::Around(Event::Singles) => t!(lang, compare.the_singles),
        Compare::Campaign => t!(lang, plans.the_campaign),
        Compare::Custom => t!(lang, periods.the_chosen_period),
        Compare::Previous | Compare::Nothing => t!(lang, periods.the_previous_period),
    }
}

/// The compared window's name as a label.
pub(crate) fn against(compare: Compare, lang: Lang) -> &'static str {
    match compare {
        Compare::Year => t!(lang, periods.last_year),
        Compare::YearWeekdays => t!(lang, compare.year_weekdays),
        Compare::Weekdays => t!(lang, compare.weekdays),
        Compare::Month => t!(lang, compare.month),
        Compare::Quarter => t!(lang, compare.quarter),
        Compare::Around(Event::LunarNewYear) => t!(lang, compare.lunar),
        Compare::Around(Event::MidYear) => t!(lang, compare.mid_year),
        Compare::Around(Event::Singles) => t!(lang, compare.singles),
        Compare::Campaign => t!(lang, plans.campaign),
        Compare::Custom => t!(lang, periods.chosen_period),
        Compare::Previous | Compare::Nothing => t!(lang, periods.previous_period),
    }
}

/// A sentence under construction.
#[derive(Default)]
pub(crate) struct Sentence(pub(crate) Vec<Piece>);

/// Stands on both sides of a value of weight.
const MARK: char = '\u{1}';

/// A value of weight for a text that [`Sentence::say`] says.
pub(crate) fn strong(value: impl std::fmt::Display) -> String {
    format!("{MARK}{}{MARK}", value.to_string().replace(MARK, ""))
}

impl Sentence {
    /// Words.
    pub(crate) fn plain(&mut self, words: &str) {
        // An empty text would be drawn as a space.
        if !words.is_empty() {
            self.0.push(Piece::Plain(words.to_owned()));
        }
    }
    /// A number of weight.
    pub(crate) fn strong(&mut self, words: String) {
        self.0.push(Piece::Strong(words));
    }
    /// A change of money, up or down.
    pub(crate) fn amount(&mut self, minor: i64, style: &Style) {
        let words = style.change(minor);
        self.0.push(if minor < 0 { Piece::Down(words) } else { Piece::Up(words) });
    }
    /// Words to follow.
    pub(crate) fn link(&mut self, words: String, href: String) {
        self.0.push(Piece::Link(words, href));
    }
    /// The words of a text; values given by [`strong`] keep their weight.
    pub(crate) fn say(&mut self, text: &str) {
        for (at, piece) in text.split(MARK).enumerate().filter(|(_, piece)| !piece.is_empty()) {
            if at % 2 == 0 { self.plain(piece) } else { self.strong(piece.to_owned()) }
        }
    }
}
