//! Who published a manifest: an Ed25519 signature beside it, `versions/<version>/manifest.sig`.
//!
//! What is signed names the manifest's checksum, and with it every shard and the record, hence every part; its scope,
//! version and tenant are said as well, so that whoever checks need not read the manifest to know what was signed. The
//! private key never comes near the server that shows the snapshot.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use model::Manifest;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::SnapshotError;
use crate::versions::{SIGNATURE, version_folder};

/// The key that signs; kept by whoever builds.
pub struct SigningKey(Ed25519KeyPair);

/// The key that a signature is checked with, 64 hex digits; no secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl SigningKey {
    /// Reads a key in the form of PKCS#8.
    ///
    /// # Errors
    /// What is no Ed25519 key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, String> {
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der)
            .map(Self)
            .map_err(|e| format!("it is no Ed25519 key in PKCS#8 form ({e})"))
    }

    /// What its signatures are checked with.
    pub fn public(&self) -> PublicKey {
        let bytes = self.0.public_key().as_ref().try_into();
        PublicKey(bytes.expect("an Ed25519 public key has 32 bytes"))
    }

    /// The signature's file.
    pub fn sign(&self, manifest: &Manifest, bytes: &[u8]) -> String {
        let signature = self.0.sign(&statement(manifest, bytes));
        format!("ed25519 {} {}\n", self.public(), hex(signature.as_ref()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey of {}", self.public())
    }
}

impl FromStr for PublicKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes = unhex(text.trim()).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| "write the 64 hex digits that `wellspring sign-key` prints".to_owned())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The signature's file beside a version's manifest; none where it was not signed.
pub fn load_signature(folder: &Path, version: u64) -> Result<Option<String>, SnapshotError> {
    let path = version_folder(folder, version).join(SIGNATURE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(SnapshotError::io(&path, e)),
    }
}

/// Whether one of the keys signed this manifest.
pub fn verify(
    keys: &[PublicKey],
    manifest: &Manifest,
    bytes: &[u8],
    signature: Option<&str>,
) -> Result<(), SnapshotError> {
    let refused = |what: String| SnapshotError::Refused {
        snapshot: crate::snapshot_id(manifest),
        tenant: manifest.tenant.clone(),
        what,
    };
    let Some(text) = signature else {
        return Err(refused("it is not signed; publish it with `wellspring build --sign-key FILE`".to_owned()));
    };
    let mut words = text.split_ascii_whitespace();
    let (Some("ed25519"), Some(key), Some(signature), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(refused(
            "its signature cannot be read; publish it again with `wellspring build --sign-key FILE`".to_owned(),
        ));
    };
    let Some(trusted) = keys.iter().find(|trusted| trusted.to_string() == key) else {
        let known: String = key.chars().take(8).collect();
        return Err(refused(format!(
            "the key {known}… that signed it is none of those trusted; trust it with --verify-key, or find out whose it is"
        )));
    };
    let signature = unhex(signature).unwrap_or_default();
    UnparsedPublicKey::new(&ED25519, &trusted.0).verify(&statement(manifest, bytes), &signature).map_err(|_| {
        refused("its signature is of another manifest; publish it again, and find out who changed it".to_owned())
    })
}

/// What is signed: lines of the manifest's checksum, scope, version and tenant, the last without an end.
fn statement(manifest: &Manifest, bytes: &[u8]) -> Vec<u8> {
    let checksum = crate::manifest::checksum(bytes).unwrap_or_default();
    let Manifest { scope, version, tenant, .. } = manifest;
    format!("wellspring manifest\n{checksum}\n{scope}\n{version}\n{tenant}").into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lower-case digits only, so that a key has one form.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = pair { Some(16 * digit(*high)? + digit(*low)?) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("32 bytes are a seed"))
    }

    fn manifest() -> (Manifest, Vec<u8>) {
        let manifest = Manifest { scope: "all".into(), tenant: "Tiny".into(), version: 7, ..Manifest::empty() };
        let bytes = format!("{{\"blake3\":\"{}\",", "ab".repeat(32)).into_bytes();
        (manifest, bytes)
    }

    #[test]
    fn what_a_trusted_key_signed_is_accepted_and_nothing_else() {
        let (manifest, bytes) = manifest();
        let (ours, next, theirs) = (key(1), key(2), key(3));
        let trusted = [ours.public(), next.public()];
        for key in [&ours, &next] {
            verify(&trusted, &manifest, &bytes, Some(&key.sign(&manifest, &bytes))).expect("a trusted key");
        }
        let signature = ours.sign(&manifest, &bytes);
        let told = |manifest: &Manifest, bytes: &[u8], signature: Option<&str>| {
            verify(&trusted, manifest, bytes, signature).expect_err("it is refused").to_string()
        };
        for other in [
            Manifest { version: 8, ..manifest.clone() },
            Manifest { scope: "region-0".into(), ..manifest.clone() },
            Manifest { tenant: "Other".into(), ..manifest.clone() },
        ] {
            assert!(told(&other, &bytes, Some(&signature)).contains("of another manifest"));
        }
        let mut changed = bytes.clone();
        changed[12] = b'0';
        assert!(told(&manifest, &changed, Some(&signature)).contains("of another manifest"));
        assert!(told(&manifest, &bytes, None).contains("not signed"));
        assert!(told(&manifest, &bytes, Some(&theirs.sign(&manifest, &bytes))).contains("none of those trusted"));
        for broken in ["", "ed25519", "rsa a b", &format!("{signature} x")] {
            assert!(told(&manifest, &bytes, Some(broken)).contains("cannot be read"), "{broken}");
        }
        for cut in 0..signature.trim().len() {
            told(&manifest, &bytes, Some(&signature[..cut]));
        }
    }

    #[test]
    fn a_key_has_one_form() {
        let text = key(1).public().to_string();
        assert_eq!(text.parse::<PublicKey>().expect("as written").to_string(), text);
        for other in ["", "ab", &text[1..], &text.to_uppercase(), &format!("{text}0"), "zz"] {
            assert!(other.parse::<PublicKey>().is_err(), "{other}");
        }
        assert!(SigningKey::from_pkcs8(b"no key").is_err());
    }
}
