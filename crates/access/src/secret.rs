//! The server's one secret and the keys derived from it.
//!
//! Whoever runs the server gives it as a file or in the environment. There is no default: a secret that is short,
//! repeats itself or looks like one copied from an example is refused with the command that makes a good one.

use std::fmt;
use std::ops::Deref;
use std::path::Path;

use zeroize::Zeroizing;

use crate::{Error, Result, random};

/// Bytes that a secret must have at least.
pub const SECRET_MIN_BYTES: usize = 32;

/// Words of examples; a random secret of 32 bytes holds one by chance less than once in a million.
const TELLTALES: [&str; 9] =
    ["change", "secret", "default", "example", "password", "wellspring", "insecure", "placeholder", "sample"];

const REMEDY: &str = "make one with `openssl rand -base64 48`";

/// The server's secret. It is wiped from memory when dropped and never shown.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

/// What a derived key is for; no two uses share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Authenticates session tokens, so that made-up ones cost no database query.
    SessionTokens,
    /// Keys the audit's chain, so that who can write the database cannot forge it.
    AuditChain,
    /// Seals the secrets of portals that sign with HS256.
    EmbedSecrets,
    /// Free for the server: form tokens against cross-site requests.
    FormTokens,
    /// Free for the server: what goes to the company's provider of accounts and has to come back.
    CompanySignIn,
}

impl Purpose {
    /// BLAKE3's context; changing one makes what was made with it void.
    fn context(self) -> &'static str {
        match self {
            Self::SessionTokens => "wellspring 2026-11-22 session tokens",
            Self::AuditChain => "wellspring 2026-11-22 audit chain",
            Self::EmbedSecrets => "wellspring 2026-11-22 embed secrets",
            Self::FormTokens => "wellspring 2026-11-22 form tokens",
            Self::CompanySignIn => "wellspring 2026-11-22 company sign-in",
        }
    }
}

impl Secret {
    /// From text; white space around it is left out.
    ///
    /// # Errors
    /// When it has fewer than 32 bytes, is no more than a pattern, or contains a word that examples use.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let refuse = |problem: String| Err(Error::field("secret", "", format!("{problem}: {REMEDY}")));
        if text.len() < SECRET_MIN_BYTES {
            return refuse(format!("has {} bytes and needs at least {SECRET_MIN_BYTES}", text.len()));
        }
        if is_pattern(text.as_bytes()) {
            return refuse("is a pattern, not random".into());
        }
        let lower = text.to_ascii_lowercase();
        if let Some(word) = TELLTALES.iter().find(|word| lower.contains(**word)) {
            return refuse(format!("contains \"{word}\", as the secrets of examples do"));
        }
        Ok(Self(Zeroizing::new(blake3::derive_key("wellspring 2026-11-22 server secret", text.as_bytes()))))
    }

    /// From a file, such as one that a container's secret store provides.
    ///
    /// # Errors
    /// When the file cannot be read, or as for [`Secret::parse`].
    pub fn from_file(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        Self::parse(&Zeroizing::new(text))
    }

    /// From an environment variable.
    ///
    /// # Errors
    /// When the variable is not set or not text, or as for [`Secret::parse`].
    pub fn from_environment(variable: &str) -> Result<Self> {
        match std::env::var(variable) {
            Ok(text) => Self::parse(&Zeroizing::new(text)),
            Err(_) => Err(Error::field("secret", variable, format!("is not set in the environment: {REMEDY}"))),
        }
    }

    /// A random one, for a server on loopback whose sessions may end with it.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn ephemeral() -> Result<Self> {
        Ok(Self(Zeroizing::new(random::bytes()?)))
    }

    /// The key for one purpose.
    pub fn subkey(&self, purpose: Purpose) -> Subkey {
        Subkey(Zeroizing::new(blake3::derive_key(purpose.context(), &*self.0)))
    }
}

/// A key for one purpose. It is wiped from memory when dropped and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Subkey(Zeroizing<[u8; 32]>);

impl Subkey {
    /// One that nobody else has, for as long as the process lives.
    pub(crate) fn random() -> Result<Self> {
        Ok(Self(Zeroizing::new(random::bytes()?)))
    }
}

impl Deref for Subkey {
    type Target = [u8; 32];

    fn deref(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Subkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subkey(…)")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Few different bytes, one part repeated, or bytes that mostly follow each other.
fn is_pattern(bytes: &[u8]) -> bool {
    let mut distinct = bytes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let repeats = (1..=bytes.len() / 2).any(|period| bytes.iter().zip(&bytes[period..]).all(|(a, b)| a == b));
    let runs = bytes.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 1).count();
    distinct.len() < 10 || repeats || runs * 2 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V";

    #[test]
    fn a_random_secret_is_taken_with_white_space_around_it() {
        let one = Secret::parse(GOOD).expect("good");
        let other = Secret::parse(&format!(" {GOOD}\n")).expect("good");
        assert_eq!(one.subkey(Purpose::AuditChain), other.subkey(Purpose::AuditChain));
    }

    #[test]
    fn a_secret_in_hexadecimal_digits_is_taken() {
        Secret::parse("8f0c3b6a91d7e2540b9c6f1e8a3d57c2e4f60a1b9d83c7516e2f0ba49c8d7e31").expect("good");
    }

    #[test]
    fn weak_secrets_are_refused_with_a_remedy_and_without_being_shown() {
        let cases = [
            ("", "0 bytes"),
            ("short", "5 bytes"),
            (&GOOD[..31], "31 bytes"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "pattern"),
            ("mT9vQ2xL7cWfZ0aRmT9vQ2xL7cWfZ0aR", "pattern"),
            ("0123456789abcdef0123456789abcdef", "pattern"),
            ("abcdefghijklmnopqrstuvwxyz0123456789ABCD", "pattern"),
            ("00000000000000000000000000000000000001", "pattern"),
            ("CHANGE-me-Qx7Lw2vT9mZ0aRk4JpYh8NdBs1E", "change"),
            ("Qx7Lw2vT9mZ0aRk4my-super-secret-JpYh8Nd", "secret"),
            ("Wellspring-Qx7Lw2vT9mZ0aRk4JpYh8NdBs1E", "wellspring"),
        ];
        for (text, part) in cases {
            let error = Secret::parse(text).expect_err(text).to_string();
            assert!(error.contains(part) && error.contains("openssl rand"), "{text:?}: {error}");
            assert!(text.len() < 6 || !error.contains(text), "{error}");
        }
    }

    #[test]
    fn purposes_have_different_keys_and_debug_shows_none() {
        let secret = Secret::parse(GOOD).expect("good");
        let purposes = [
            Purpose::SessionTokens,
            Purpose::AuditChain,
            Purpose::EmbedSecrets,
            Purpose::FormTokens,
            Purpose::CompanySignIn,
        ];
        let mut keys: Vec<_> = purposes.map(|purpose| *secret.subkey(purpose)).to_vec();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 5);
        assert_eq!(format!("{secret:?} {:?}", secret.subkey(Purpose::AuditChain)), "Secret(…) Subkey(…)");
    }

    #[test]
    fn a_missing_file_or_variable_is_named() {
        let error = Secret::from_file(Path::new("/no/such/secret")).expect_err("not there").to_string();
        assert!(error.contains("/no/such/secret"), "{error}");
        let error = Secret::from_environment("NO_SUCH_VARIABLE_HERE").expect_err("not set").to_string();
        assert!(error.contains("NO_SUCH_VARIABLE_HERE"), "{error}");
    }

    #[test]
    fn ephemeral_secrets_differ() {
        let keys = [(); 2].map(|()| *Secret::ephemeral().expect("random").subkey(Purpose::AuditChain));
        assert_ne!(keys[0], keys[1]);
    }
}
