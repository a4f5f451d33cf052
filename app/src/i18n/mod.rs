//! The languages of the page: which one, and the one table of every text in both.
//!
//! `{0}`, `{1}` … are places for values, filled by [`fill`]; a place without a value stays empty.

mod table;

use serde::{Deserialize, Serialize};

pub(crate) use table::Text;

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

    /// Every text in this language.
    pub(crate) fn text(self) -> &'static Text {
        match self {
            Self::Zh => &table::ZH,
            Self::En => &table::EN,
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

/// Puts values into the places of a text.
pub(crate) fn fill(template: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let Some(end) = tail.find('}') else {
            out.push_str(&rest[at..]);
            return out;
        };
        if let Some(value) = tail[..end].parse::<usize>().ok().and_then(|i| values.get(i)) {
            out.push_str(value);
        }
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_spoken_language_of_the_header_wins() {
        assert_eq!(Lang::accepted(Some("fr, en-GB;q=0.8, zh;q=0.5")), Lang::En);
        assert_eq!(Lang::accepted(Some("zh-TW,zh;q=0.9,en;q=0.8")), Lang::Zh);
        assert_eq!(Lang::accepted(Some(";;,")), Lang::Zh);
        assert_eq!(Lang::accepted(None), Lang::Zh);
    }

    #[test]
    fn places_take_their_values_in_any_order() {
        assert_eq!(fill("{1} of {0}", &["ten", "two"]), "two of ten");
        assert_eq!(fill("{7}x{", &[]), "x{");
    }
}
