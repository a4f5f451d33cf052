//! A portal's key and what its tokens may ask for.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::any::AnyRow;
use zeroize::Zeroizing;

use super::origin;
use crate::{Error, Result, Scope, UnixSeconds, random};

/// How tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519: the portal keeps the private key, we only have the public one. The better choice.
    EdDsa,
    /// HMAC with SHA-256: a secret that both have, for portals that can do no other.
    Hs256,
}

impl Algorithm {
    /// As JWT headers write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::EdDsa, Self::Hs256].into_iter().find(|algorithm| algorithm.word() == word)
    }
}

/// A key to be added.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The portal's name, for people and the audit.
    pub portal: String,
    /// Whose key it is.
    pub material: NewMaterial,
    /// Who may frame the views, such as `https://portal.example`; empty means nobody.
    pub origins: Vec<String>,
    /// Scopes that tokens may name, exactly as listed: `all` does not stand for regions.
    pub scopes: BTreeSet<Scope>,
    /// Views that tokens may name.
    pub views: BTreeSet<String>,
    /// `iss` that tokens must have, if any.
    pub issuer: Option<String>,
    /// `aud` that tokens must have, if any. Without it, a token with `aud` is refused: it is meant for someone else.
    pub audience: Option<String>,
    /// Tokens may not ask for member-level rows.
    pub aggregate_only: bool,
}

/// Where a new key comes from.
#[derive(Clone, Debug)]
pub enum NewMaterial {
    /// The portal's Ed25519 public key: PEM, a JWK's `x`, or 64 hexadecimal digits.
    EdDsa {
        /// Its text.
        public_key: String,
    },
    /// A secret for HS256, made here and shown once.
    Hs256,
}

/// A key as it is kept, without what verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalKey {
    /// What tokens name it by.
    pub kid: String,
    /// As in [`NewKey`].
    pub portal: String,
    /// How its tokens are signed.
    pub algorithm: Algorithm,
    /// As in [`NewKey`], in the form in which browsers send them.
    pub origins: Vec<String>,
    /// As in [`NewKey`].
    pub scopes: BTreeSet<Scope>,
    /// As in [`NewKey`].
    pub views: BTreeSet<String>,
    /// As in [`NewKey`].
    pub issuer: Option<String>,
    /// As in [`NewKey`].
    pub audience: Option<String>,
    /// As in [`NewKey`].
    pub aggregate_only: bool,
    /// When it was added.
    pub created: UnixSeconds,
    /// When it was revoked, if it was. It stays listed.
    pub revoked: Option<UnixSeconds>,
}

impl PortalKey {
    /// Whether a page of that origin may frame the views; `origin` as a browser sends it.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == origin)
    }

    /// Checks what was given and gives it a `kid`.
    pub(super) fn new(new: &NewKey, now: UnixSeconds) -> Result<Self> {
        check_texts(new)?;
        let origins = new.origins.iter().map(|text| origin::checked(text)).collect::<Result<_>>()?;
        let algorithm = match new.material {
            NewMaterial::EdDsa { .. } => Algorithm::EdDsa,
            NewMaterial::Hs256 => Algorithm::Hs256,
        };
        Ok(Self {
            kid: random::id()?,
            portal: new.portal.clone(),
            algorithm,
            origins,
            scopes: new.scopes.clone(),
            views: new.views.clone(),
            issuer: new.issuer.clone(),
            audience: new.audience.clone(),
            aggregate_only: new.aggregate_only,
            created: now,
            revoked: None,
        })
    }

    pub(super) fn from_row(row: &AnyRow) -> Result<Self> {
        let kid: String = row.try_get("kid")?;
        let word: String = row.try_get("algorithm")?;
        let unknown = || Error::stored("embed_keys", "algorithm", &kid, "is neither EdDSA nor HS256");
        Ok(Self {
            algorithm: Algorithm::from_word(&word).ok_or_else(unknown)?,
            portal: row.try_get("portal")?,
            origins: json(row, "origins", &kid)?,
            scopes: json(row, "scopes", &kid)?,
            views: json(row, "views", &kid)?,
            issuer: row.try_get("issuer")?,
            audience: row.try_get("audience")?,
            aggregate_only: row.try_get::<i64, _>("aggregate_only")? != 0,
            created: UnixSeconds(row.try_get("created")?),
            revoked: row.try_get::<Option<i64>, _>("revoked")?.map(UnixSeconds),
            kid,
        })
    }
}

/// The secret of an HS256 key, to be shown to whoever added it, once. Portals sign with the bytes of this text.
#[derive(Clone)]
pub struct PortalSecret(Zeroizing<String>);

impl PortalSecret {
    /// 43 letters, digits, `-` and `_`: 256 random bits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn generate() -> Result<Self> {
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random::bytes::<32>()?))))
    }
}

impl fmt::Debug for PortalSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortalSecret(…)")
    }
}

/// The 32 bytes of an Ed25519 public key in any of the forms people have it in.
pub(super) fn ed25519_public_key(text: &str) -> Result<[u8; 32]> {
    /// The DER of a SubjectPublicKeyInfo for Ed25519, before the key (RFC 8410).
    const SPKI: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let text = text.trim();
    let pem = text.strip_prefix("-----BEGIN PUBLIC KEY-----").and_then(|t| t.strip_suffix("-----END PUBLIC KEY-----"));
    let bytes = match pem {
        Some(body) => {
            let body: String = body.split_whitespace().collect();
            STANDARD.decode(body).ok().and_then(|der| der.strip_prefix(SPKI).map(<[u8]>::to_vec))
        }
        None if text.len() == 64 => random::unhex(text),
        None => URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok(),
    };
    // Never shown: a private key may have been given by mistake.
    let remedy = "is not an Ed25519 public key: give its PEM (`openssl pkey -pubout`), its JWK's `x` or 64 hex digits";
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| Error::field("public key", "", remedy))
}

fn json<T: DeserializeOwned>(row: &AnyRow, column: &'static str, kid: &str) -> Result<T> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| Error::stored("embed_keys", column, kid, error))
}

fn check_texts(new: &NewKey) -> Result<()> {
    let plain = |field, text: &str| {
        let is_plain = !text.trim().is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
        let problem = "is not 1 to 200 characters without control characters";
        if is_plain { Ok(()) } else { Err(Error::field(field, text, problem)) }
    };
    plain("portal", &new.portal)?;
    new.issuer.as_deref().map_or(Ok(()), |issuer| plain("issuer", issuer))?;
    new.audience.as_deref().map_or(Ok(()), |audience| plain("audience", audience))?;
    if new.scopes.is_empty() {
        return Err(Error::field("scopes", "", "is empty: name `all` or `region:NAME`"));
    }
    if new.views.is_empty() {
        return Err(Error::field("views", "", "is empty: name at least one view"));
    }
    let is_word = |view: &String| {
        (1..=32).contains(&view.len())
            && view.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_0123456789".contains(&byte))
    };
    match new.views.iter().find(|view| !is_word(view)) {
        Some(view) => Err(Error::field("views", view, "is not a view's name: lower-case letters, digits, - and _")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    #[test]
    fn a_public_key_reads_the_same_in_every_form() {
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        let keys =
            [HEX, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", pem].map(|text| ed25519_public_key(text).expect(text));
        assert!(keys.iter().all(|key| random::hex(key) == HEX));
    }

    #[test]
    fn other_keys_are_refused_and_not_repeated() {
        let rsa = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL\n-----END PUBLIC KEY-----";
        let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----";
        for text in ["", rsa, private, &HEX[..62], &"zz".repeat(32), "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo"] {
            let error = ed25519_public_key(text).expect_err(text).to_string();
            assert!(error.contains("openssl pkey -pubout") && (text.is_empty() || !error.contains(text)), "{error}");
        }
    }

    #[test]
    fn a_key_without_bounds_is_refused_by_field() {
        let new = NewKey {
            portal: "Intranet".into(),
            material: NewMaterial::Hs256,
            origins: vec!["https://portal.example".into()],
            scopes: [Scope::All].into(),
            views: ["growth".into()].into(),
            issuer: None,
            audience: None,
            aggregate_only: true,
        };
        let cases = [
            ("portal", NewKey { portal: " ".into(), ..new.clone() }),
            ("portal", NewKey { portal: "a\nb".into(), ..new.clone() }),
            ("origins", NewKey { origins: vec!["*".into()], ..new.clone() }),
            ("scopes", NewKey { scopes: BTreeSet::new(), ..new.clone() }),
            ("views", NewKey { views: BTreeSet::new(), ..new.clone() }),
            ("views", NewKey { views: ["../growth".into()].into(), ..new.clone() }),
            ("views", NewKey { views: ["Growth".into()].into(), ..new.clone() }),
            ("issuer", NewKey { issuer: Some(String::new()), ..new.clone() }),
            ("audience", NewKey { audience: Some("x".repeat(201)), ..new.clone() }),
        ];
        for (field, bad) in cases {
            let error = PortalKey::new(&bad, UnixSeconds(0)).expect_err(field).to_string();
            assert!(error.starts_with(&format!("{field}: ")), "{error}");
        }
        let key = PortalKey::new(&new, UnixSeconds(0)).expect("bounds");
        assert!(key.allows_origin("https://portal.example") && !key.allows_origin("https://portal.example.evil"));
        assert!(!key.allows_origin("null") && !key.allows_origin(""));
        assert_eq!(format!("{:?}", PortalSecret::generate().expect("random bytes")), "PortalSecret(…)");
    }
}
