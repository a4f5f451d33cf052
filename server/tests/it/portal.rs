//! A portal with a key of its own, and what it signs.

use std::time::{SystemTime, UNIX_EPOCH};

use access::embed::{NewKey, NewMaterial};
use access::{Scope, UnixSeconds};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use serde_json::{Value, json};

use crate::client::{Reply, send};
use crate::gate::Gate;
use crate::regions::{EAST, WEST};

/// A portal, and the server that knows its key.
pub(crate) struct Portal<'a> {
    gate: &'a Gate,
    pub(crate) kid: String,
    secret: String,
}

/// A token signed with a secret: the usual claims, but for these.
pub(crate) fn sign(kid: &str, secret: &str, other: Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
    let mut claims = json!({ "exp": now + 600, "sub": "lin", "scope": "all", "views": ["growth", "stores"] });
    for (name, value) in other.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({ "alg": "HS256", "typ": "JWT", "kid": kid })), part(&claims));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

impl<'a> Portal<'a> {
    /// One whose key is good for everything and both regions, for the views growth, stores and data.
    pub(crate) fn new(gate: &'a Gate, name: &str) -> Self {
        let new = NewKey {
            portal: name.to_owned(),
            material: NewMaterial::Hs256,
            origins: vec![format!("https://{name}.example")],
            scopes: [Scope::All, scope(EAST.region), scope(WEST.region)].into(),
            views: ["growth", "stores", "data", "members"].map(str::to_owned).into(),
            issuer: None,
            audience: None,
            aggregate_only: false,
        };
        let made = gate.with_access(async |access| access.keys.add(&new, UnixSeconds::now()).await.expect("a key"));
        let (key, secret) = made;
        Self { gate, kid: key.kid, secret: secret.expect("a secret").as_str().to_owned() }
    }

    /// A token with the usual claims, but for these; those that are null are left out.
    pub(crate) fn token(&self, other: Value) -> String {
        sign(&self.kid, &self.secret, other)
    }

    /// Of groups in everything.
    pub(crate) fn usual(&self) -> String {
        self.token(json!({}))
    }

    pub(crate) fn send(&self, method: &str, path: &str, token: &str, more: &[(&str, &str)], body: &str) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers: Vec<_> = more.iter().copied().chain([("Authorization", bearer.as_str())]).collect();
        send(self.gate.addr(), method, path, &headers, body.as_bytes())
    }

    pub(crate) fn page(&self, path: &str, token: &str, query: &str) -> Reply {
        self.send("POST", path, token, &[("Content-Type", "text/plain;charset=utf-8")], query)
    }

    pub(crate) fn ask(&self, token: &str, question: &Value) -> Reply {
        self.send("POST", "/api/ask", token, &[("Content-Type", "application/json")], &question.to_string())
    }

    pub(crate) fn revoke(&self) {
        let now = UnixSeconds::now();
        self.gate.with_access(async |access| access.keys.revoke(&self.kid, now).await.expect("revoked"));
    }
}

pub(crate) fn scope(region: &str) -> Scope {
    Scope::Region(region.to_owned())
}
