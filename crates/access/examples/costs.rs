//! What the checks of a request cost on this machine: `cargo run --release -p access --example costs`.

use std::time::{Duration, Instant};

use access::embed::{NewKey, NewMaterial};
use access::{Access, Cost, Database, Password, Role, Scope, Secret, Settings, UnixSeconds};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let database = Database::File(folder.path().join("costs.db"));
    let access = Access::open(&database, &Secret::ephemeral()?, Settings::default()).await?;
    let (now, password) = (UnixSeconds::now(), Password::new("correct horse battery"));

    let user = access.people.add("li", &password, &Role::Executive, now).await?;
    let session = access.sessions.begin(&user, None, now).await?;
    access.sessions.check(session.as_str(), now).await?;
    let queries = access.store.queries();
    let begun = Instant::now();
    for _ in 0..200_000 {
        access.sessions.check(session.as_str(), now).await?.ok_or("not signed in")?;
    }
    println!(
        "session check          {:>9.0} ns, {} queries",
        per(begun, 200_000, 1e9),
        access.store.queries() - queries
    );

    let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| "no key")?;
    let pair = Ed25519KeyPair::from_pkcs8(pair.as_ref()).map_err(|_| "no key")?;
    let public_key = URL_SAFE_NO_PAD.encode(pair.public_key());
    let (ed, _) = access.keys.add(&bounds(NewMaterial::EdDsa { public_key }), now).await?;
    let (hs, secret) = access.keys.add(&bounds(NewMaterial::Hs256), now).await?;
    let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.ok_or("no secret")?.as_str().as_bytes());
    let message = |algorithm: &str, kid: &str| {
        let header = serde_json::json!({"alg": algorithm, "typ": "JWT", "kid": kid}).to_string();
        let claims = serde_json::json!({"exp": now.0 + 600, "iat": now.0, "scope": "all", "views": ["growth"],
            "filters": {"locked": {"channels": ["wechat"]}, "free": ["stores"]}, "locale": "en"});
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    let (ed, hs) = (message("EdDSA", &ed.kid), message("HS256", &hs.kid));
    let signatures = [pair.sign(ed.as_bytes()).as_ref().to_vec(), hmac::sign(&secret, hs.as_bytes()).as_ref().to_vec()];
    for (name, message, signature) in [("EdDSA", ed, &signatures[0]), ("HS256", hs, &signatures[1])] {
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
        access.keys.verify(&token, now).await?;
        let begun = Instant::now();
        for _ in 0..10_000 {
            access.keys.verify(&token, now).await?;
        }
        println!("token check, {name}     {:>9.1} µs, {} bytes", per(begun, 10_000, 1e6), token.len());
    }

    let begun = Instant::now();
    for _ in 0..10 {
        access.people.recognize("li", &password).await?.ok_or("not recognized")?;
    }
    let Cost { memory_kib, passes } = Cost::DEFAULT;
    println!("password, argon2id     {:>9.0} ms, {} MiB, {passes} passes", per(begun, 10, 1e3), memory_kib / 1_024);
    let begun = Instant::now();
    for _ in 0..200 {
        access.audit.append(&access::audit::Event::default(), now).await?;
    }
    println!("audit entry, SQLite    {:>9.1} ms", per(begun, 200, 1e3));
    access.close().await?;
    Ok(())
}

fn per(begun: Instant, times: u32, unit: f64) -> f64 {
    let elapsed: Duration = begun.elapsed();
    elapsed.as_secs_f64() / f64::from(times) * unit
}

fn bounds(material: NewMaterial) -> NewKey {
    NewKey {
        portal: "Intranet".into(),
        material,
        origins: Vec::new(),
        scopes: [Scope::All].into(),
        views: ["growth".into()].into(),
        issuer: None,
        audience: None,
        aggregate_only: true,
    }
}
