//! Values that the URL names by a word, and what becomes of words that name none.

use super::Note;

/// The words of one parameter, each with what it means.
pub(crate) struct Words<T: 'static>(pub(crate) &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Words<T> {
    /// What a word means; an unknown one becomes a note, an empty one means the default.
    pub(crate) fn read(&self, field: &'static str, word: &str, notes: &mut Vec<Note>) -> Option<T> {
        let found = self.0.iter().find(|(name, _)| *name == word);
        if found.is_none() && !word.is_empty() {
            notes.push(Note::ignored(field, word));
        }
        found.map(|(_, value)| *value)
    }

    /// What a word means; none for words that mean nothing.
    pub(crate) fn of(&self, word: &str) -> Option<T> {
        self.0.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
    }

    /// The word of a value; empty where the table lacks it.
    pub(crate) fn word(&self, value: T) -> &'static str {
        self.0.iter().find(|(_, v)| *v == value).map_or("", |(name, _)| name)
    }

    /// Every value, in the table's order.
    pub(crate) fn values(&self) -> impl Iterator<Item = T> + '_ {
        self.0.iter().map(|(_, value)| *value)
    }
}

/// A whole number inside a range; others become a note, an empty text means the default.
pub(crate) fn number(
    field: &'static str,
    text: &str,
    allowed: std::ops::RangeInclusive<u32>,
    notes: &mut Vec<Note>,
) -> Option<u32> {
    let found = text.parse::<u32>().ok().filter(|n| allowed.contains(n));
    if found.is_none() && !text.is_empty() {
        notes.push(Note::ignored(field, text));
    }
    found
}
