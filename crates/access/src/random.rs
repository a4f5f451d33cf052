//! Random bytes, and how they are written.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};

use crate::{Error, Result};

/// `N` bytes from the system's generator.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::Cryptography { what: "random bytes" })?;
    Ok(bytes)
}

/// A new identifier: 128 random bits in base64url. None begins with a hyphen, which commands would take for an option.
pub(crate) fn id() -> Result<String> {
    loop {
        let id = URL_SAFE_NO_PAD.encode(bytes::<16>()?);
        if !id.starts_with('-') {
            return Ok(id);
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What [`hex`] wrote.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let text = std::str::from_utf8(pair).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u8::from_str_radix(text, 16).ok()
    });
    digits.len().is_multiple_of(2).then(|| pairs.collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_never_taken_for_an_option() {
        let ids: Vec<String> = (0..2_000).map(|_| id().expect("random bytes")).collect();
        assert!(ids.iter().all(|id| id.len() == 22 && !id.starts_with('-')));
    }
}
