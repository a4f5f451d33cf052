//! Each way in which a token is refused: a sentence for the log and a code for the client.

use crate::error::shortened;

/// Why a token was refused. Its text is for the log: it holds no token, and what a stranger wrote is shortened and
/// escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing was sent.
    #[error("there is no token")]
    Missing,
    /// Longer than any honest token.
    #[error("the token has {bytes} bytes; at most 8192 are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not three parts.
    #[error("the token has {parts} parts between dots instead of 3")]
    Parts {
        /// How many.
        parts: usize,
    },
    /// A part is not base64url without padding.
    #[error("the token's {part} is not base64url without padding")]
    Encoding {
        /// `header`, `payload` or `signature`.
        part: &'static str,
    },
    /// The header is not the JSON object it should be.
    #[error("the header is not a sound JSON object: {why}")]
    Header {
        /// What the reader said.
        why: String,
    },
    /// A header field other than `alg`, `kid` and `typ`; among them those that would bring a key along.
    #[error("the header has {name:?}: only alg, kid and typ are allowed")]
    HeaderField {
        /// The field.
        name: String,
    },
    /// `typ` is there and not `JWT`.
    #[error("the header's typ is {typ:?} instead of \"JWT\"")]
    Type {
        /// What it is.
        typ: String,
    },
    /// No algorithm, `none`, or one that no key has.
    #[error("the header's alg is {named:?}; keys here have EdDSA or HS256")]
    Algorithm {
        /// What it names.
        named: String,
    },
    /// No `kid`.
    #[error("the header has no kid: it must name the key that `embed-key add` made")]
    KidMissing,
    /// `kid` is not such as we give.
    #[error("the header's kid {kid:?} is none: 1 to 64 letters, digits, - and _")]
    KidForm {
        /// What was given.
        kid: String,
    },
    /// No such key.
    #[error("there is no key {kid:?}")]
    KidUnknown {
        /// Which.
        kid: String,
    },
    /// The key was revoked.
    #[error("the key {kid:?} was revoked")]
    Revoked {
        /// Which.
        kid: String,
    },
    /// The key's secret does not open with this server's secret.
    #[error("the key {kid:?} was sealed with another server secret: add a new key")]
    Sealed {
        /// Which.
        kid: String,
    },
    /// The key signs with another algorithm.
    #[error("the token says {named}, the key {kid:?} is for {own}")]
    AlgorithmForeign {
        /// The header's.
        named: &'static str,
        /// Which key.
        kid: String,
        /// The key's.
        own: &'static str,
    },
    /// The signature is not this key's over these bytes.
    #[error("the signature is not that of the key {kid:?}")]
    Signature {
        /// Which key.
        kid: String,
    },
    /// The signed payload is not a JSON object.
    #[error("the payload is not a sound JSON object: {why}")]
    Payload {
        /// What the reader said.
        why: String,
    },
    /// A claim is there twice.
    #[error("the claim {name:?} is there twice")]
    ClaimRepeated {
        /// Which.
        name: String,
    },
    /// A claim that means nothing here.
    #[error("the claim {name:?} is not known")]
    ClaimUnknown {
        /// Which.
        name: String,
    },
    /// A required claim is missing.
    #[error("the claim {name:?} is missing")]
    ClaimMissing {
        /// Which.
        name: &'static str,
    },
    /// A claim has a value of the wrong kind.
    #[error("the claim {name:?} is not usable: {why}")]
    ClaimValue {
        /// Which.
        name: &'static str,
        /// What is wrong, or would be right.
        why: String,
    },
    /// `exp` has passed.
    #[error("the token expired {ago} seconds ago")]
    Expired {
        /// Seconds since.
        ago: i64,
    },
    /// `exp` is more than an hour ahead, or than an hour after `iat`.
    #[error("the token lives {seconds} seconds; at most 3600 are allowed")]
    TooLongLived {
        /// Seconds from now, or from `iat`, to `exp`.
        seconds: i64,
    },
    /// `nbf` is in the future.
    #[error("the token begins {seconds} seconds from now")]
    NotYet {
        /// Until then.
        seconds: i64,
    },
    /// `iat` is in the future.
    #[error("the token was issued {seconds} seconds from now: is the portal's clock right?")]
    IssuedLater {
        /// Until then.
        seconds: i64,
    },
    /// `iss` is not what the key demands.
    #[error("the issuer is {given:?}; the key {kid:?} demands another")]
    Issuer {
        /// What was given, if anything.
        given: Option<String>,
        /// Which key.
        kid: String,
    },
    /// `aud` is not what the key demands, or is there although it demands none.
    #[error("the audience is {given:?}; the key {kid:?} demands {demanded:?}")]
    Audience {
        /// What was given.
        given: Vec<String>,
        /// What the key demands, if anything.
        demanded: Option<String>,
        /// Which key.
        kid: String,
    },
    /// The scope is not one of the key's.
    #[error("the key {kid:?} is not for the scope {scope:?}")]
    Scope {
        /// What was asked for.
        scope: String,
        /// Which key.
        kid: String,
    },
    /// A view is not one of the key's.
    #[error("the key {kid:?} is not for the view {view:?}")]
    View {
        /// What was asked for.
        view: String,
        /// Which key.
        kid: String,
    },
    /// The key is for aggregates only, the token asks for more.
    #[error("the key {kid:?} is for aggregates only")]
    Members {
        /// Which key.
        kid: String,
    },
    /// The keys could not be read, so nothing is known of this token.
    #[error("the keys could not be read: {why}")]
    Unavailable {
        /// What the database said.
        why: String,
    },
}

impl Refusal {
    /// A short word that never changes, for the client: what a portal's developer looks up.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "token_missing",
            Self::TooLong { .. } => "token_too_long",
            Self::Parts { .. } => "token_parts",
            Self::Encoding { .. } => "token_encoding",
            Self::Header { .. } => "header_form",
            Self::HeaderField { .. } => "header_field",
            Self::Type { .. } => "header_typ",
            Self::Algorithm { .. } => "alg_not_allowed",
            Self::KidMissing => "kid_missing",
            Self::KidForm { .. } => "kid_form",
            Self::KidUnknown { .. } => "kid_unknown",
            Self::Revoked { .. } => "key_revoked",
            Self::Sealed { .. } => "key_unusable",
            Self::AlgorithmForeign { .. } => "alg_mismatch",
            Self::Signature { .. } => "signature",
            Self::Payload { .. } => "payload_form",
            Self::ClaimRepeated { .. } => "claim_repeated",
            Self::ClaimUnknown { .. } => "claim_unknown",
            Self::ClaimMissing { .. } => "claim_missing",
            Self::ClaimValue { .. } => "claim_value",
            Self::Expired { .. } => "expired",
            Self::TooLongLived { .. } => "too_long_lived",
            Self::NotYet { .. } => "not_yet",
            Self::IssuedLater { .. } => "issued_later",
            Self::Issuer { .. } => "issuer",
            Self::Audience { .. } => "audience",
            Self::Scope { .. } => "scope_not_allowed",
            Self::View { .. } => "view_not_allowed",
            Self::Members { .. } => "members_not_allowed",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// Whether to try again later (503) instead of refusing (401).
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Whether a new token of the same kind would do: the frame asks the portal for one.
    pub fn wants_new_token(&self) -> bool {
        matches!(self, Self::Expired { .. })
    }
}

/// What a stranger wrote, short enough for a log.
pub(super) fn quoted(text: &str) -> String {
    shortened(text, 64)
}
