//! From a token's text to what it shows.
//!
//! The order is that of trust: length and shape, the header alone, the key it names, the algorithm, the signature, and
//! only then a look at what was signed. Until the signature holds, nothing of the payload is read.

use std::collections::HashSet;
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode};
use serde::de::IgnoredAny;

use super::claims::{CLOCK_SKEW_SECS, Claims, Filters, Locale, TOKEN_MAX_SECS, Theme};
use super::header::Header;
use super::key::{Algorithm, PortalKey};
use super::keys::Usable;
use super::refusal::{Refusal, quoted};
use crate::{Scope, UnixSeconds};

/// Bytes of the longest token that is read; what servers allow a header to have.
pub const TOKEN_MAX_BYTES: usize = 8_192;

/// What a token shows, and to whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The key it was signed with: portal, origins, `kid`.
    pub key: Arc<PortalKey>,
    /// The reader, as the portal names them; for the audit only.
    pub subject: Option<String>,
    /// The one scope.
    pub scope: Scope,
    /// The views, in the order of the token; one at least.
    pub views: Vec<String>,
    /// What holds and what the reader may filter.
    pub filters: Filters,
    /// The language, if the token says.
    pub locale: Option<Locale>,
    /// The colours, if the token says.
    pub theme: Option<Theme>,
    /// Only aggregates; the default. Else shards with member-level rows may be sent.
    pub aggregate_only: bool,
    /// From then on it shows nothing.
    pub expires: UnixSeconds,
}

/// A token whose header was read and nothing else.
pub(super) struct Token<'a> {
    text: &'a str,
    payload: &'a str,
    header: Header,
}

impl<'a> Token<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Err(Refusal::Missing);
        }
        if text.len() > TOKEN_MAX_BYTES {
            return Err(Refusal::TooLong { bytes: text.len() });
        }
        let parts: Vec<&str> = text.split('.').collect();
        let &[header, payload, signature] = &*parts else { return Err(Refusal::Parts { parts: parts.len() }) };
        let header = Header::parse(&decoded("header", header)?)?;
        // Looked at before the key, so that a text which is no token says so whatever keys there are.
        decoded("payload", payload)?;
        decoded("signature", signature)?;
        Ok(Self { text, payload, header })
    }

    pub(super) fn kid(&self) -> &str {
        &self.header.kid
    }

    pub(super) fn verify(&self, usable: &Usable, now: UnixSeconds) -> Result<Grant, Refusal> {
        let (key, kid) = (&usable.key, || usable.key.kid.clone());
        if key.revoked.is_some() {
            return Err(Refusal::Revoked { kid: kid() });
        }
        let (named, own) = (self.header.algorithm, key.algorithm);
        if named != own {
            return Err(Refusal::AlgorithmForeign { named: named.word(), kid: kid(), own: own.word() });
        }
        let decoding = usable.decoding.as_ref().ok_or_else(|| Refusal::Sealed { kid: kid() })?;
        // Without its checks of claims: they are lenient about types and use a clock of their own. Ours follow.
        let mut validation = Validation::new(match own {
            Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Algorithm::Hs256 => jsonwebtoken::Algorithm::HS256,
        });
        validation.required_spec_claims = HashSet::new();
        (validation.validate_exp, validation.validate_aud) = (false, false);
        let verified = decode::<IgnoredAny>(self.text, decoding, &validation);
        let payload = decoded("payload", self.payload)?;
        match verified.map_err(jsonwebtoken::errors::Error::into_kind) {
            Ok(_) => within(key, Claims::parse(&payload)?, now),
            // Signed by the portal, but no sound JSON; our reader says it better. Never a grant, whatever it says.
            Err(ErrorKind::Json(error)) => {
                Err(Claims::parse(&payload).err().unwrap_or(Refusal::Payload { why: quoted(&error.to_string()) }))
            }
            Err(_) => Err(Refusal::Signature { kid: kid() }),
        }
    }
}

/// What the claims grant within the bounds of the key.
fn within(key: &Arc<PortalKey>, claims: Claims, now: UnixSeconds) -> Result<Grant, Refusal> {
    check_times(&claims, now)?;
    let kid = || key.kid.clone();
    if key.issuer.is_some() && key.issuer != claims.iss {
        return Err(Refusal::Issuer { given: claims.iss.as_deref().map(quoted), kid: kid() });
    }
    let is_for_us = match &key.audience {
        Some(demanded) => claims.aud.contains(demanded),
        None => claims.aud.is_empty(),
    };
    if !is_for_us {
        let given = claims.aud.iter().take(3).map(|aud| quoted(aud)).collect();
        return Err(Refusal::Audience { given, demanded: key.audience.clone(), kid: kid() });
    }
    if !key.scopes.contains(&claims.scope) {
        return Err(Refusal::Scope { scope: quoted(&claims.scope.to_string()), kid: kid() });
    }
    if let Some(view) = claims.views.iter().find(|view| !key.views.contains(*view)) {
        return Err(Refusal::View { view: quoted(view), kid: kid() });
    }
    if key.aggregate_only && !claims.aggregate_only {
        return Err(Refusal::Members { kid: kid() });
    }
    Ok(Grant {
        key: Arc::clone(key),
        subject: claims.sub,
        scope: claims.scope,
        views: claims.views,
        filters: claims.filters,
        locale: claims.locale,
        theme: claims.theme,
        aggregate_only: claims.aggregate_only,
        expires: claims.exp,
    })
}

/// By our clock alone; only a beginning in the future is forgiven a little.
fn check_times(claims: &Claims, now: UnixSeconds) -> Result<(), Refusal> {
    let left = claims.exp.since(now);
    if left <= 0 {
        return Err(Refusal::Expired { ago: -left });
    }
    if left > TOKEN_MAX_SECS {
        return Err(Refusal::TooLongLived { seconds: left });
    }
    if let Some(seconds) = claims.nbf.map(|nbf| nbf.since(now)).filter(|seconds| *seconds > CLOCK_SKEW_SECS) {
        return Err(Refusal::NotYet { seconds });
    }
    let Some(iat) = claims.iat else { return Ok(()) };
    if iat.since(now) > CLOCK_SKEW_SECS {
        return Err(Refusal::IssuedLater { seconds: iat.since(now) });
    }
    // A token made for a day is refused in its last hour too.
    let life = claims.exp.since(iat);
    if life > TOKEN_MAX_SECS { Err(Refusal::TooLongLived { seconds: life }) } else { Ok(()) }
}

fn decoded(part: &'static str, text: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::Encoding { part })
}
