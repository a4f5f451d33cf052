//! Passwords: what may be one, and how it is kept.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::folded;
use crate::{Error, Result, random};

/// Characters that a password has at least.
pub const PASSWORD_MIN_CHARACTERS: usize = 12;
/// Bytes that one has at most; more would only cost time.
pub const PASSWORD_MAX_BYTES: usize = 512;

/// Those that everybody tries first, of twelve characters or more, folded.
const COMMON: &str = include_str!("common.txt");

/// A password as typed. It is wiped from memory when dropped and never shown.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed; whether it is any good is asked when it is set.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(Zeroizing::new(typed.into()))
    }

    /// Whether it may be the password of someone of that name.
    ///
    /// # Errors
    /// When it is short, very long, made from the name, one of those everybody tries, or of very few characters.
    pub fn check(&self, name: &str) -> Result<()> {
        let (typed, lower, name) = (self.0.as_str(), self.0.to_lowercase(), folded(name));
        let mut distinct: Vec<char> = lower.chars().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let problem = if typed.chars().count() < PASSWORD_MIN_CHARACTERS {
            "has fewer than 12 characters"
        } else if typed.len() > PASSWORD_MAX_BYTES {
            "has more than 512 bytes"
        } else if !name.is_empty() && lower.replace(&name, "").chars().count() < 6 {
            "is little more than the name"
        } else if COMMON.lines().any(|common| common == lower) {
            "is one that everybody tries"
        } else if distinct.len() < 5 {
            "has fewer than 5 different characters"
        } else {
            return Ok(());
        };
        Err(Error::field("password", "", format!("{problem}: four random words make a good one")))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password made here, for someone to sign in with once and then change. It is shown to whoever asked for it, once.
#[derive(Clone, Debug)]
pub struct OneTimePassword(Password);

impl OneTimePassword {
    /// Letters and digits that are not taken for one another when read aloud or typed; 32, so that five bits choose one.
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";

    /// Four groups of five characters: 100 random bits.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate() -> Result<Self> {
        let mut text = Zeroizing::new(String::with_capacity(24));
        for (place, byte) in random::bytes::<20>()?.into_iter().enumerate() {
            if place > 0 && place % 5 == 0 {
                text.push('-');
            }
            text.push(char::from(Self::ALPHABET[usize::from(byte & 31)]));
        }
        Ok(Self(Password(text)))
    }

    /// As a password to set.
    pub fn password(&self) -> &Password {
        &self.0
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

/// What hashing a password costs whoever guesses, and us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// Twice the passes and thrice the memory of OWASP's least (19 MiB, 2 passes): 0.1 to 0.2 s of a core.
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3 };
}

/// Hashes and verifies with argon2id, away from the threads that serve pages and only a few at once.
#[derive(Clone)]
pub(crate) struct Hasher {
    params: Params,
    /// A hash that no password has, for names that do not exist.
    dummy: Arc<str>,
    turns: Arc<Semaphore>,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher(…)")
    }
}

/// What came of looking at a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, but its hash costs less than a new one would: hash it again.
    RightButCheap,
}

impl Hasher {
    pub(crate) async fn new(cost: Cost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| Error::field("password cost", &format!("{cost:?}"), format!("is not usable: {error}")))?;
        // Each takes a core and `memory_kib`: more at once than cores would only take more memory.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut hasher = Self { params, dummy: "".into(), turns: Arc::new(Semaphore::new(cores)) };
        let nobodys = Password::new(random::hex(&random::bytes::<32>()?));
        hasher.dummy = hasher.hash(&nobodys).await?.into();
        Ok(hasher)
    }

    /// A PHC string of the password with a random salt.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String> {
        let (argon2, password, salt) = (self.argon2(), password.clone(), random::bytes::<16>()?);
        self.apart(move || {
            let hash: std::result::Result<PasswordHash, _> =
                argon2.hash_password_with_salt(password.0.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|_| Error::Cryptography { what: "hashing a password" })
        })
        .await
    }

    /// Compares a password with a hash. Without one it takes the same time and is wrong.
    pub(crate) async fn verify(&self, password: &Password, kept: Option<&str>) -> Result<Verdict> {
        let (argon2, params, is_known) = (self.argon2(), self.params.clone(), kept.is_some());
        let kept = kept.unwrap_or(&self.dummy).to_owned();
        // Nobody's password is that long; hashing it would let strangers choose how long we work.
        let password = if password.0.len() > PASSWORD_MAX_BYTES { Password::new("") } else { password.clone() };
        self.apart(move || {
            let unreadable = |error: HashError| Error::stored("users", "password_hash", "", error);
            let hash = PasswordHash::new(&kept).map_err(|error| unreadable(error.into()))?;
            match argon2.verify_password(password.0.as_bytes(), &hash) {
                Ok(()) if !is_known => Ok(Verdict::Wrong),
                Ok(()) if is_cheap(&hash, &params) => Ok(Verdict::RightButCheap),
                Ok(()) => Ok(Verdict::Right),
                Err(HashError::PasswordInvalid) => Ok(Verdict::Wrong),
                Err(error) => Err(unreadable(error)),
            }
        })
        .await
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::Cryptography { what: "waiting for a core" })?;
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or(Err(Error::Cryptography { what: "hashing a password" }))
    }
}

fn is_cheap(hash: &PasswordHash, wanted: &Params) -> bool {
    let kept = Params::try_from(hash).ok();
    let kept = kept.filter(|_| hash.algorithm == Algorithm::Argon2id.ident());
    kept.is_none_or(|kept| kept.m_cost() < wanted.m_cost() || kept.t_cost() < wanted.t_cost())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 32, passes: 1 };

    #[test]
    fn good_passwords_are_taken() {
        for (typed, name) in
            [("correct horse battery", "li"), ("十二个字以上的一句好密码呀", "王"), ("x!Q7-zz0_pLm", "")]
        {
            Password::new(typed).check(name).expect(typed);
        }
    }

    #[test]
    fn bad_passwords_are_refused_and_not_repeated() {
        let long = "ab1!x".repeat(110);
        let cases = [
            ("", "li", "12 characters"),
            ("elevenchars", "li", "12 characters"),
            ("十一个字的密码还是短", "li", "12 characters"),
            (&long, "li", "512 bytes"),
            ("Zhang.Weiming", "zhang.weiming", "the name"),
            ("zhang.weiming2024", "Zhang.Weiming", "the name"),
            ("weiweiweiweiwei1", "wei", "the name"),
            ("Password1234", "li", "everybody"),
            ("QWERTYUIOPASDFGH", "li", "everybody"),
            ("abababababababab", "li", "different"),
            ("            ", "li", "different"),
        ];
        for (typed, name, part) in cases {
            let error = Password::new(typed).check(name).expect_err(typed).to_string();
            assert!(error.contains(part), "{typed}: {error}");
            assert!(typed.trim().is_empty() || !error.contains(typed), "{error}");
        }
    }

    #[test]
    fn the_list_of_common_ones_is_folded_and_long_enough_to_matter() {
        for common in COMMON.lines() {
            assert!(common.chars().count() >= PASSWORD_MIN_CHARACTERS && common.to_lowercase() == common, "{common}");
        }
        assert!(COMMON.lines().count() >= 60);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Password::new("tell nobody this")), "Password(…)");
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_salted_and_verifies_only_its_password() {
        let hasher = Hasher::new(CHEAP).await.expect("a cost");
        let password = Password::new("correct horse battery");
        let [one, other] =
            [hasher.hash(&password).await.expect("a hash"), hasher.hash(&password).await.expect("a hash")];
        assert!(one.starts_with("$argon2id$v=19$m=32,t=1,p=1$") && one != other, "{one} {other}");
        assert_eq!(hasher.verify(&password, Some(&one)).await.expect("readable"), Verdict::Right);
        for wrong in ["correct horse batterx", "", "Correct horse battery", "correct horse battery "] {
            let verdict = hasher.verify(&Password::new(wrong), Some(&one)).await.expect("readable");
            assert_eq!(verdict, Verdict::Wrong, "{wrong:?}");
        }
        assert_eq!(hasher.verify(&password, None).await.expect("the dummy"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_cheaper_hash_is_right_and_told() {
        let cheap = Hasher::new(CHEAP).await.expect("a cost");
        let password = Password::new("correct horse battery");
        let kept = cheap.hash(&password).await.expect("a hash");
        for dearer in [Cost { memory_kib: 64, ..CHEAP }, Cost { passes: 2, ..CHEAP }] {
            let verdict = Hasher::new(dearer).await.expect("a cost").verify(&password, Some(&kept)).await;
            assert_eq!(verdict.expect("readable"), Verdict::RightButCheap, "{dearer:?}");
        }
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_read_is_an_error_without_it() {
        let hasher = Hasher::new(CHEAP).await.expect("a cost");
        for kept in ["", "plain text password", "$argon2id$v=19$m=32$x", "$2b$12$abcdefghijklmnopqrstuv"] {
            let error = hasher.verify(&Password::new("x"), Some(kept)).await.expect_err(kept).to_string();
            assert!(error.contains("users.password_hash") && (kept.is_empty() || !error.contains(kept)), "{error}");
        }
    }
}
