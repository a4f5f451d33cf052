//! What a page's one-sentence answer is made of. Pieces carry their meaning, so that the page can colour and link
//! them; the sentences themselves stand with their pages.

use model::{Contributions, Factors, Money};

use crate::format::Style;
use crate::i18n::Text;
use crate::state::Compare;

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

/// One of the five parts that sum to the change of sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Users,
    Conversion,
    Frequency,
    Aov,
    Anonymous,
}

impl Part {
    /// Its name on the page.
    pub(crate) fn name(self, text: &Text) -> &'static str {
        match self {
            Self::Users => text.users,
            Self::Conversion => text.conversion,
            Self::Frequency => text.frequency,
            Self::Aov => text.aov,
            Self::Anonymous => text.anonymous,
        }
    }
}

/// The change of sales in its five parts, in the order of the formula.
pub(crate) fn parts(window: &Factors, compare: &Factors, contributions: &Contributions) -> [(Part, Money); 5] {
    let (now, then) = (&window.anonymous_sales, &compare.anonymous_sales);
    let anonymous = Money {
        value: now.value.saturating_sub(then.value),
        low: now.low.saturating_sub(then.high),
        high: now.high.saturating_sub(then.low),
        too_few: now.too_few || then.too_few,
    };
    [
        (Part::Users, contributions.users),
        (Part::Conversion, contributions.conversion),
        (Part::Frequency, contributions.frequency),
        (Part::Aov, contributions.aov),
        (Part::Anonymous, anonymous),
    ]
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
pub(crate) fn amid(compare: Compare, text: &Text) -> &'static str {
    match compare {
        Compare::Year => text.the_last_year,
        Compare::Custom => text.the_chosen_period,
        Compare::Previous | Compare::Nothing => text.the_previous_period,
    }
}

/// The compared window's name as a label.
pub(crate) fn against(compare: Compare, text: &Text) -> &'static str {
    match compare {
        Compare::Year => text.last_year,
        Compare::Custom => text.chosen_period,
        Compare::Previous | Compare::Nothing => text.previous_period,
    }
}

/// A sentence under construction.
#[derive(Default)]
pub(crate) struct Sentence(pub(crate) Vec<Piece>);

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
    /// The words of a text with its values, the values strong: `{0} of {1}`.
    pub(crate) fn say(&mut self, template: &str, values: &[String]) {
        let mut rest = template;
        while let Some((before, tail)) = rest.split_once('{') {
            let Some((place, after)) = tail.split_once('}') else {
                break;
            };
            if !before.is_empty() {
                self.plain(before);
            }
            if let Some(value) = place.parse::<usize>().ok().and_then(|i| values.get(i)) {
                self.strong(value.clone());
            }
            rest = after;
        }
        if !rest.is_empty() {
            self.plain(rest);
        }
    }
}
