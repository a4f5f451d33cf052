//! The keys by which identities are one person's: their names, and their values as numbers.
//!
//! A value is known by 64 bits of a hash that its key is part of, the same in every build; names, phones and accounts
//! themselves are not carried along. A cell that spells out that there is nothing, such as `NULL`, is empty.

use crate::check::Row;
use crate::short_hash::ShortHash;

/// A key, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The retailer's own number of a member.
    Member,
    /// An account of a channel: `external_id` with `channel_id`.
    External,
    Union,
    Open,
    Payment,
    Phone,
}

/// How systems write that there is nothing, in small letters.
const NOTHING: [&str; 9] = ["null", "n/a", "na", "none", "nil", "\\n", "-", "--", "无"];

impl Key {
    pub(crate) const ALL: [Self; 6] =
        [Self::Member, Self::External, Self::Union, Self::Open, Self::Payment, Self::Phone];

    /// The column of the source contract.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Member => "member_id",
            Self::External => "external_id",
            Self::Union => "union_id",
            Self::Open => "open_id",
            Self::Payment => "payment_id",
            Self::Phone => "phone_hash",
        }
    }

    /// The column that holds its values as numbers.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Member => "k_member_id",
            Self::External => "k_external_id",
            Self::Union => "k_union_id",
            Self::Open => "k_open_id",
            Self::Payment => "k_payment_id",
            Self::Phone => "k_phone_hash",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Position in [`Self::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The number of a value. An account's value is [`account`].
    pub(crate) fn value(self, text: &str) -> u64 {
        number(&[b"wellspring key 1", self.name().as_bytes(), text.as_bytes()])
    }
}

/// An account as a value of [`Key::External`].
pub(crate) fn account(channel: &str, external: &str) -> u64 {
    number(&[b"wellspring key 1", Key::External.name().as_bytes(), channel.as_bytes(), external.as_bytes()])
}

/// A channel, to tell accounts of one from those of another.
pub(crate) fn channel(id: &str) -> u32 {
    number(&[b"wellspring channel 1", id.as_bytes()]) as u32
}

/// The number of what was seen together; of one value alone it is that value.
pub(crate) fn sighting(values: &[Option<u64>; 6]) -> Option<u64> {
    let mut present = values.iter().flatten();
    let first = *present.next()?;
    if present.next().is_none() {
        return Some(first);
    }
    let mut bytes = Vec::with_capacity(6 * 9);
    for (key, value) in (0u8..).zip(values) {
        if let Some(value) = value {
            bytes.push(key);
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    Some(number(&[b"wellspring sighting 1", &bytes]))
}

/// 64 bits of a hash over parts; where one ends is part of it.
pub(crate) fn number(parts: &[&[u8]]) -> u64 {
    let mut hash = ShortHash::new();
    for part in parts {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finish()
}

/// The cell of a key, unless it is empty or spells out that it is.
pub(crate) fn cell(row: Row<'_>, column: usize) -> Option<&str> {
    row.optional(column).filter(|text| !is_nothing(text))
}

fn is_nothing(text: &str) -> bool {
    text.len() <= 4 && NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_from_the_same_text_of_another_key() {
        assert_ne!(Key::Union.value("x1"), Key::Open.value("x1"));
        assert_ne!(account("a", "bc"), account("ab", "c"));
        assert_ne!(Key::External.value("x1"), account("", "x1"));
        // The same in every build: member keys are made of it.
        assert_eq!(Key::Phone.value("13800000000"), Key::Phone.value("13800000000"));
    }

    #[test]
    fn what_was_seen_alone_is_its_value_and_together_is_all_of_them() {
        let of = |member, phone| sighting(&[member, None, None, None, None, phone]);
        assert_eq!(of(None, None), None);
        assert_eq!(of(Some(7), None), Some(7));
        assert_eq!(of(None, Some(9)), Some(9));
        assert_ne!(of(Some(7), Some(9)), of(Some(9), Some(7)));
    }

    #[test]
    fn nothing_is_nothing_however_it_is_spelled() {
        for text in ["NULL", "null", "N/A", "\\N", "-", "无", "None"] {
            assert!(is_nothing(text), "{text}");
        }
        for text in ["n", "0", "nullx", "a-b"] {
            assert!(!is_nothing(text), "{text}");
        }
    }
}
