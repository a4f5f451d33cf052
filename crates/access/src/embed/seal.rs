//! Secrets of portals that sign with HS256, as the database has them.
//!
//! Whoever knows such a secret can sign tokens, and unlike a password it is needed in the clear to verify. So it is
//! kept encrypted with a key derived from the server's secret, bound to its `kid`: a copy of the database alone signs
//! nothing, and a sealed secret put into another row does not open.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{Error, Result, random};

/// Seals and opens.
pub(super) struct Seal(LessSafeKey);

impl Seal {
    pub(super) fn new(key: &[u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| Error::Cryptography { what: "sealing key" })?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Nonce, secret and tag in hexadecimal digits. Nonces are random: portals are a handful, collisions need billions.
    pub(super) fn close(&self, kid: &str, secret: &[u8]) -> Result<String> {
        let nonce = random::bytes::<NONCE_LEN>()?;
        let mut sealed = secret.to_vec();
        let closed = self.0.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(kid.as_bytes()),
            &mut sealed,
        );
        closed.map_err(|_| Error::Cryptography { what: "sealing a secret" })?;
        Ok(random::hex(&nonce) + &random::hex(&sealed))
    }

    /// `None` when it was sealed with another server secret, for another `kid`, or changed.
    pub(super) fn open(&self, kid: &str, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(random::unhex(sealed)?);
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let secret = self.0.open_in_place(nonce, Aad::from(kid.as_bytes()), sealed).ok()?;
        Some(Zeroizing::new(secret.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_and_kid_alone() {
        let (seal, other) = (Seal::new(&[1; 32]).expect("a key"), Seal::new(&[2; 32]).expect("a key"));
        let sealed = seal.close("kid", b"the portal's secret").expect("sealed");
        assert_eq!(&**seal.open("kid", &sealed).expect("opens"), b"the portal's secret");
        assert!(seal.open("die", &sealed).is_none() && other.open("kid", &sealed).is_none());
        assert_ne!(seal.close("kid", b"the portal's secret").expect("sealed"), sealed);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed.replace_range(at..=at, if &sealed[at..=at] == "0" { "1" } else { "0" });
            assert!(seal.open("kid", &changed).is_none(), "{at}");
        }
        for text in ["", "0", "zz", "00", "é0", &sealed[..24], &sealed[..40]] {
            assert!(seal.open("kid", text).is_none(), "{text}");
        }
    }
}
