//! The text in a session's cookie: 256 random bits and a tag that only this server can make.
//!
//! The tag says nothing about the session; it lets made-up tokens be refused without asking the database. What is kept
//! is the hash of the random part, so that who reads the database cannot sign in.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::{Result, random};

/// A session's token, to be set as the cookie's value. It is wiped from memory when dropped and never shown.
#[derive(Clone)]
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// Characters of every token: 64 bytes in base64url.
    pub const LENGTH: usize = 86;

    /// The cookie's value: letters, digits, `-` and `_`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A new token and the hash it is kept by.
    pub(super) fn generate(key: &[u8; 32]) -> Result<(Self, SessionHash)> {
        let random = Zeroizing::new(random::bytes::<32>()?);
        let mut bytes = Zeroizing::new([0; 64]);
        bytes[..32].copy_from_slice(&*random);
        bytes[32..].copy_from_slice(blake3::keyed_hash(key, &*random).as_bytes());
        Ok((Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))), SessionHash::of(&*random)))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// What a session is kept by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SessionHash([u8; 32]);

impl SessionHash {
    /// Of a token that this server made; `None` for every other text.
    pub(super) fn of_token(token: &str, key: &[u8; 32]) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 64]);
        // The length first: base64 would decode as much as fits.
        let is_whole = token.len() == SessionToken::LENGTH;
        let decoded = is_whole.then(|| URL_SAFE_NO_PAD.decode_slice(token, &mut *bytes).ok()).flatten();
        let (random, tag) = bytes.split_at(32);
        let tag = blake3::Hash::from_bytes(tag.try_into().ok()?);
        // `Hash` compares in constant time.
        (decoded == Some(64) && blake3::keyed_hash(key, random) == tag).then(|| Self::of(random))
    }

    /// As the database has it.
    pub(super) fn text(self) -> String {
        random::hex(&self.0)
    }

    fn of(random: &[u8]) -> Self {
        Self(*blake3::hash(random).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_token_leads_to_the_hash_it_is_kept_by_and_not_back() {
        let (token, hash) = SessionToken::generate(&KEY).expect("random bytes");
        assert_eq!(token.as_str().len(), SessionToken::LENGTH);
        assert!(SessionHash::of_token(token.as_str(), &KEY) == Some(hash));
        assert!(SessionHash::of_token(token.as_str(), &[8; 32]).is_none());
        assert_eq!(format!("{token:?}"), "SessionToken(…)");
        assert!(!token.as_str().contains(&hash.text()) && hash.text().len() == 64);
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let (token, _) = SessionToken::generate(&KEY).expect("random bytes");
        let token = token.as_str();
        let others = ["", "x", &token[..85], &format!("{token}A"), &format!("{token}=="), &token.to_lowercase()];
        for other in others.into_iter().chain(["ÿ".repeat(43).as_str(), &"A".repeat(86), &"=".repeat(86)]) {
            assert!(SessionHash::of_token(other, &KEY).is_none(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_token_with_one_other_character_is_none(place in 0..SessionToken::LENGTH, other in "[A-Za-z0-9_=. -]") {
            let (token, _) = SessionToken::generate(&KEY).expect("random bytes");
            let mut text = token.as_str().to_owned();
            text.replace_range(place..=place, &other);
            prop_assert_eq!(SessionHash::of_token(&text, &KEY).is_some(), text == token.as_str());
        }
    }
}
