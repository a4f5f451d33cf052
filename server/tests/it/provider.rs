//! A provider of accounts that says what a test wants it to say.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

pub(crate) const CLIENT: &str = "wellspring";
pub(crate) const SECRET: &str = "a secret that provider and server share";

/// What the provider says; a test changes it.
pub(crate) struct Says {
    /// The claims of the token, but for the nonce.
    pub(crate) claims: Value,
    /// The nonce that the browser came with, or another.
    pub(crate) nonce: Option<String>,
    /// PKCE's challenge that the browser came with.
    pub(crate) challenge: String,
    /// What is changed in the discovery document.
    pub(crate) discovery: Value,
    /// What is answered where more is asked about an account.
    pub(crate) info: Option<Value>,
    /// Signs tokens.
    pub(crate) key: Key,
    /// Are published.
    pub(crate) published: Vec<Value>,
    /// Makes the token another.
    pub(crate) twist: fn(String, &Key) -> String,
    /// How long every answer takes.
    pub(crate) delay: Duration,
    /// Requests for the discovery document.
    pub(crate) discovered: u32,
    used: HashSet<String>,
}

/// A key that signs.
pub(crate) struct Key {
    kid: String,
    pair: EcdsaKeyPair,
}

impl Key {
    pub(crate) fn new(kid: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random);
        Self { kid: kid.to_owned(), pair: pair.expect("a key") }
    }

    pub(crate) fn public(&self) -> Value {
        // 4, then both coordinates.
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let text = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid, "x": text(x), "y": text(y) })
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "kid": self.kid, "typ": "JWT" });
        let signed = joined(&header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// Header and claims of a token, before its signature.
pub(crate) fn joined(header: &Value, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", text(header), text(claims))
}

/// The claims of a token.
pub(crate) fn claims_of(token: &str) -> Value {
    let claims = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    serde_json::from_slice(&claims.expect("claims")).expect("JSON")
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) addr: SocketAddr,
    says: Arc<Mutex<Says>>,
}

impl Provider {
    /// A provider at which `li@corp.example` is signed in.
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener for tokio");
        let addr = listener.local_addr().expect("an address");
        let key = Key::new("one");
        let (issuer, published) = (format!("http://{addr}"), vec![key.public()]);
        let claims = json!({
            "iss": issuer, "sub": "7f3a", "aud": CLIENT, "exp": now() + 300, "iat": now(),
            "email": "li@corp.example", "email_verified": true,
        });
        let says = Says {
            claims,
            nonce: None,
            challenge: String::new(),
            discovery: json!({}),
            info: None,
            key,
            published,
            twist: |token, _| token,
            delay: Duration::ZERO,
            discovered: 0,
            used: HashSet::new(),
        };
        let provider = Self { addr, says: Arc::new(Mutex::new(says)) };
        let shared = provider.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                let router = Router::new()
                    .route("/.well-known/openid-configuration", get(discovery))
                    .route("/jwks", get(jwks))
                    .route("/token", post(token))
                    .route("/me", get(info))
                    .with_state(shared);
                axum::serve(listener, router).await.expect("it serves");
            });
        });
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().expect("no test panicked with it")
    }

    async fn delayed(&self) {
        let delay = self.says().delay;
        tokio::time::sleep(delay).await;
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    provider.delayed().await;
    let mut says = provider.says();
    says.discovered += 1;
    let issuer = provider.issuer();
    let mut document = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    });
    if says.info.is_some() {
        document["userinfo_endpoint"] = format!("{issuer}/me").into();
    }
    for (name, value) in says.discovery.as_object().expect("an object") {
        document[name] = value.clone();
    }
    Json(document)
}

async fn jwks(State(provider): State<Provider>) -> Json<Value> {
    Json(json!({ "keys": provider.says().published }))
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> (StatusCode, Json<Value>) {
    provider.delayed().await;
    let mut says = provider.says();
    let field = |name: &str| {
        let mut pairs = form_urlencoded::parse(&body);
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let encoded: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{encoded}")));
    let is_client = headers.get("authorization").is_some_and(|value| value.to_str().is_ok_and(|v| v == expected));
    let hash = ring::digest::digest(&ring::digest::SHA256, field("code_verifier").as_bytes());
    let is_who_began = URL_SAFE_NO_PAD.encode(hash.as_ref()) == says.challenge;
    if !is_client || !is_who_began || !says.used.insert(field("code")) {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    }
    let mut claims = says.claims.clone();
    if let Some(nonce) = &says.nonce {
        claims["nonce"] = nonce.clone().into();
    }
    let token = (says.twist)(says.key.sign(&claims), &says.key);
    let mut answer = json!({ "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60 });
    if !token.is_empty() {
        answer["id_token"] = token.into();
    }
    (StatusCode::OK, Json(answer))
}

async fn info(State(provider): State<Provider>, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let is_known = headers.get("authorization").is_some_and(|value| value == "Bearer an-access-token");
    match provider.says().info.clone().filter(|_| is_known) {
        Some(info) => (StatusCode::OK, Json(info)),
        None => (StatusCode::UNAUTHORIZED, Json(json!({}))),
    }
}
