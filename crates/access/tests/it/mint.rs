//! What a portal does: signs tokens. And what an attacker does: signs other ones.

use access::Scope;
use access::embed::{Keys, NewKey, NewMaterial, PortalKey, PortalSecret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{Ed25519KeyPair, KeyPair};
use ring::{hmac, rand::SystemRandom};
use serde_json::{Value, json};

use crate::world::NOW;

/// Whoever signs with Ed25519.
pub(crate) struct Signer(Ed25519KeyPair);

impl Signer {
    pub(crate) fn generate() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("random bytes");
        Self(Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key"))
    }

    pub(crate) fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key())
    }

    /// Any header and payload, as text.
    pub(crate) fn sign(&self, header: &str, payload: &str) -> String {
        let message = message(header, payload);
        let signature = self.0.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The same with HMAC.
pub(crate) fn sign_hs256(secret: &[u8], header: &str, payload: &str) -> String {
    let message = message(header, payload);
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub(crate) fn message(header: &str, payload: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
}

/// The header of an honest token.
pub(crate) fn header(algorithm: &str, kid: &str) -> String {
    json!({"alg": algorithm, "typ": "JWT", "kid": kid}).to_string()
}

/// The claims of an honest token for the growth view.
pub(crate) fn claims() -> Value {
    json!({"exp": NOW.0 + 600, "scope": "all", "views": ["growth"]})
}

/// These with one more or another one.
pub(crate) fn with(name: &str, value: Value) -> String {
    let mut claims = claims();
    claims[name] = value;
    claims.to_string()
}

/// What a key may ask for: everything and the East, growth and funnel.
pub(crate) fn bounds(material: NewMaterial) -> NewKey {
    NewKey {
        portal: "Intranet".into(),
        material,
        origins: vec!["https://portal.example".into()],
        scopes: [Scope::All, Scope::Region("East".into())].into(),
        views: ["growth".into(), "funnel".into()].into(),
        issuer: None,
        audience: None,
        aggregate_only: false,
    }
}

/// Five portals with a key each.
pub(crate) struct Portals {
    /// Signs with Ed25519 and may do all that [`bounds`] says.
    pub(crate) signer: Signer,
    pub(crate) ed: PortalKey,
    /// Signs with a secret, for aggregates only.
    pub(crate) secret: PortalSecret,
    pub(crate) hs: PortalKey,
    /// The first portal's other key, which demands an issuer and an audience.
    pub(crate) strict: PortalKey,
    /// The first portal's old key.
    pub(crate) revoked: PortalKey,
    /// Another portal, with a key of its own.
    pub(crate) stranger: Signer,
    pub(crate) strangers: PortalKey,
}

impl Portals {
    pub(crate) async fn new(keys: &Keys) -> Self {
        let (signer, stranger) = (Signer::generate(), Signer::generate());
        let own = || NewMaterial::EdDsa { public_key: signer.public_key() };
        let add = async |new: NewKey| keys.add(&new, NOW).await.expect("a key");
        let (ed, _) = add(bounds(own())).await;
        let (hs, secret) = add(NewKey { aggregate_only: true, ..bounds(NewMaterial::Hs256) }).await;
        let (issuer, audience) = (Some("https://portal.example".into()), Some("wells".into()));
        let (strict, _) = add(NewKey { issuer, audience, ..bounds(own()) }).await;
        let (revoked, _) = add(bounds(own())).await;
        keys.revoke(&revoked.kid, NOW).await.expect("revoked");
        let theirs = NewMaterial::EdDsa { public_key: stranger.public_key() };
        let views = ["stores".into()].into();
        let (strangers, _) =
            add(NewKey { scopes: [Scope::Region("West".into())].into(), views, ..bounds(theirs) }).await;
        Self { signer, ed, secret: secret.expect("shown once"), hs, strict, revoked, stranger, strangers }
    }

    /// The first portal's token with these claims.
    pub(crate) fn ed(&self, payload: &str) -> String {
        self.signer.sign(&header("EdDSA", &self.ed.kid), payload)
    }

    /// The first portal's token with this header and honest claims.
    pub(crate) fn headed(&self, header: &str) -> String {
        self.signer.sign(header, &claims().to_string())
    }

    /// The second portal's.
    pub(crate) fn hs(&self, payload: &str) -> String {
        sign_hs256(self.secret.as_str().as_bytes(), &header("HS256", &self.hs.kid), payload)
    }

    /// The first portal's token for the demanding key.
    pub(crate) fn strict(&self, payload: &str) -> String {
        self.signer.sign(&header("EdDSA", &self.strict.kid), payload)
    }
}
