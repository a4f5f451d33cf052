//! What one entry says.

use serde::{Deserialize, Serialize};

use crate::error::shortened;
use crate::{Scope, UnixSeconds};

/// Characters of each text that are kept.
pub const TEXT_MAX_CHARACTERS: usize = 200;

/// Something worth noting. Never put a token, a password or a member's id into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Who did it: a user's name, `portal/subject` of an embed token, or `command line`.
    pub who: String,
    /// What was done, in one word of the program, such as `sign_in` or `embed_key.revoke`.
    pub what: String,
    /// What it was done to, such as another user's name; empty when the word says it all.
    pub subject: String,
    /// The scope that was seen, if one was.
    pub scope: Option<Scope>,
    /// The portal that framed the page, if one did.
    pub portal: Option<String>,
    /// The peer's address, if there is one.
    pub address: Option<String>,
}

/// An event with its number and time, as the chain has it.
///
/// Its JSON is canonical: the fields in this order, none left out, no white space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number; the first is 1.
    pub seq: i64,
    /// When, in Unix seconds.
    pub at: i64,
    /// As in [`Event`].
    pub who: String,
    /// As in [`Event`].
    pub what: String,
    /// As in [`Event`].
    pub subject: String,
    /// As in [`Event`].
    pub scope: Option<String>,
    /// As in [`Event`].
    pub portal: Option<String>,
    /// As in [`Event`].
    pub address: Option<String>,
}

impl Entry {
    pub(super) fn new(seq: i64, now: UnixSeconds, event: &Event) -> Self {
        // NUL is the one character that PostgreSQL's TEXT cannot hold; JSON writes it as an escape.
        let text = |text: &str| shortened(text, TEXT_MAX_CHARACTERS);
        let perhaps = |value: &Option<String>| value.as_deref().map(text);
        let (who, what, subject) = (text(&event.who), text(&event.what), text(&event.subject));
        let scope = event.scope.as_ref().map(|scope| text(&scope.to_string()));
        Self {
            seq,
            at: now.0,
            who,
            what,
            subject,
            scope,
            portal: perhaps(&event.portal),
            address: perhaps(&event.address),
        }
    }

    /// Numbers and texts alone: writing them cannot fail, and an empty text would break the chain for all to see.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn json_is_canonical() {
        let event =
            Event { who: "王\u{0}".into(), what: "sign_in".into(), scope: Some(Scope::All), ..Event::default() };
        assert_eq!(
            Entry::new(7, UnixSeconds(1_700_000_000), &event).json(),
            r#"{"seq":7,"at":1700000000,"who":"王\u0000","what":"sign_in","subject":"","scope":"all","portal":null,"address":null}"#
        );
    }

    proptest! {
        #[test]
        fn an_entry_reads_back_and_is_bounded(who in ".{0,300}", portal in proptest::option::of(".{0,300}")) {
            let event = Event { who, portal, ..Event::default() };
            let entry = Entry::new(1, UnixSeconds(2), &event);
            prop_assert_eq!(serde_json::from_str::<Entry>(&entry.json()).expect("its own JSON"), entry.clone());
            prop_assert!(entry.who.chars().count() <= TEXT_MAX_CHARACTERS + 1);
        }
    }
}
