//! The languages of the page: which one, and its texts.
//!
//! The texts live in `crates/texts/locales`, a folder for each language and a file for each part of the page;
//! `leptos_i18n` compiles them in. A text that one language lacks, a misspelt name, a place without its value do not
//! build. [`t!`] takes one. A new text is a line in both files of a part; a new part is a file for each language.

use serde::{Deserialize, Serialize};
use texts::i18n::Locale;

/// A text in a language: `t!(lang, frame.skip)` is a `&'static str`,
/// `t!(lang, frame.data_until, day = shown)` a `String` with the values (anything that displays) in their places.
macro_rules! t {
    ($lang:expr, $($text:tt)+) => {
        leptos_i18n::td_string!($crate::i18n::Lang::locale($lang), $($text)+)
    };
}
pub(crate) use t;

/// A language the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The tag for `<html lang>` and the URL.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language as the texts know it.
    pub(crate) fn locale(self) -> Locale {
        match self {
            Self::Zh => Locale::zh_CN,
            Self::En => Locale::en,
        }
    }

    /// The language a tag such as `zh-CN`, `zh`, `en-GB` means; none for others.
    pub(crate) fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Self::Zh)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The first language of an `Accept-Language` header that the page speaks; weights break ties by order,
    /// which is how browsers write them. Chinese where none fits.
    pub(crate) fn accepted(header: Option<&str>) -> Self {
        header
            .unwrap_or_default()
            .split(',')
            .find_map(|part| Self::parse(part.split(';').next().unwrap_or_default().trim()))
            .unwrap_or(Self::Zh)
    }
}

/// The language that a page without `lang` in its address has for this `Accept-Language` header, as a tag: headers that
/// lead to the same page can be told to.
#[cfg(feature = "ssr")]
pub fn accepted_language(header: Option<&str>) -> &'static str {
    Lang::accepted(header).tag()
}

#[cfg(test)]
mod tests;
