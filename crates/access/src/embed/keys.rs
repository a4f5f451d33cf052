//! All keys: added, revoked, and in memory to verify tokens without a database query.
//!
//! There are a handful, so all are read at once, when a token first needs them and after each change, by this process
//! or another (see [`crate::versions`]). A row that cannot be read is left out and logged: its tokens are of no known
//! key.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;
use sqlx::Row;
use sqlx::any::AnyRow;
use tokio::sync::Mutex;

use super::grant::{Grant, Token};
use super::header::is_kid;
use super::key::{Algorithm, NewKey, NewMaterial, PortalKey, PortalSecret, ed25519_public_key};
use super::refusal::Refusal;
use super::{provider, seal::Seal};
use crate::error::shortened;
use crate::versions::{Topic, Versions};
use crate::{Error, Purpose, Result, Secret, Store, UnixSeconds, random};

/// A key and what verifies with it; `None` when its secret does not open.
pub(super) struct Usable {
    pub(super) key: Arc<PortalKey>,
    pub(super) decoding: Option<DecodingKey>,
}

type ByKid = HashMap<String, Usable>;

/// The keys of all portals.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    versions: Arc<Versions>,
    seal: Seal,
    /// With the epoch from before they were read.
    loaded: RwLock<(Option<u64>, Arc<ByKid>)>,
    /// One reads, the others wait for what it read.
    loading: Mutex<()>,
}

impl Keys {
    /// Nothing is read yet.
    ///
    /// # Errors
    /// When the secret's key is not usable.
    pub fn new(store: Arc<Store>, versions: Arc<Versions>, secret: &Secret) -> Result<Self> {
        provider::install();
        let seal = Seal::new(&secret.subkey(Purpose::EmbedSecrets))?;
        let (loaded, loading) = Default::default();
        Ok(Self(Arc::new(Inner { store, versions, seal, loaded, loading })))
    }

    /// What a token shows, or why it shows nothing.
    ///
    /// Costs no database query unless a key was added or revoked since the last one.
    ///
    /// # Errors
    /// See [`Refusal`]; the client gets its code, the log its sentence.
    pub async fn verify(&self, token: &str, now: UnixSeconds) -> std::result::Result<Grant, Refusal> {
        let token = Token::parse(token)?;
        let keys = self.loaded().await.map_err(|error| Refusal::Unavailable { why: error.to_string() })?;
        let unknown = || Refusal::KidUnknown { kid: token.kid().into() };
        token.verify(keys.get(token.kid()).ok_or_else(unknown)?, now)
    }

    /// Who may frame views: the origins of one key, or of all. A key that was revoked or never was has none.
    ///
    /// Costs no database query unless a key was added or revoked since the last one.
    ///
    /// # Errors
    /// When the keys have to be read and the database fails.
    pub async fn origins(&self, kid: Option<&str>) -> Result<BTreeSet<String>> {
        let keys = self.loaded().await?;
        let live = keys.values().map(|usable| &usable.key).filter(|key| key.revoked.is_none());
        let meant = live.filter(|key| kid.is_none_or(|kid| kid == key.kid));
        Ok(meant.flat_map(|key| key.origins.iter().cloned()).collect())
    }

    /// Adds a key. The secret of an HS256 key is returned here and never again.
    ///
    /// # Errors
    /// When a field is not usable or the database fails.
    pub async fn add(&self, new: &NewKey, now: UnixSeconds) -> Result<(PortalKey, Option<PortalSecret>)> {
        let key = PortalKey::new(new, now)?;
        let (material, secret) = match &new.material {
            NewMaterial::EdDsa { public_key } => (random::hex(&ed25519_public_key(public_key)?), None),
            NewMaterial::Hs256 => {
                let secret = PortalSecret::generate()?;
                (self.0.seal.close(&key.kid, secret.as_str().as_bytes())?, Some(secret))
            }
        };
        let json = |value: serde_json::Result<String>| value.map_err(|_| Error::Cryptography { what: "writing JSON" });
        let insert = sqlx::query(
            "INSERT INTO embed_keys
             (kid, portal, algorithm, material, origins, scopes, views, issuer, audience, aggregate_only, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        );
        let insert = insert.bind(&key.kid).bind(&key.portal).bind(key.algorithm.word()).bind(material);
        let insert =
            insert.bind(json(serde_json::to_string(&key.origins))?).bind(json(serde_json::to_string(&key.scopes))?);
        let insert = insert.bind(json(serde_json::to_string(&key.views))?).bind(&key.issuer).bind(&key.audience);
        let insert = insert.bind(i64::from(key.aggregate_only)).bind(now.0);
        let mut transaction = self.0.store.begin().await?;
        self.0.versions.raise(&mut transaction, Topic::EmbedKeys).await?;
        insert.execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.0.versions.changed(Topic::EmbedKeys);
        Ok((key, secret))
    }

    /// Ends a key and all its tokens: here at once, in other processes within seconds. Revoking again changes nothing.
    ///
    /// # Errors
    /// When there is no such key or the database fails; the key may then still be live.
    pub async fn revoke(&self, kid: &str, now: UnixSeconds) -> Result<()> {
        let unknown = || Error::Unknown { what: "embed key", name: shortened(kid, 64) };
        if !is_kid(kid) {
            return Err(unknown());
        }
        let mut transaction = self.0.store.begin().await?;
        self.0.versions.raise(&mut transaction, Topic::EmbedKeys).await?;
        let update = sqlx::query("UPDATE embed_keys SET revoked = COALESCE(revoked, $1) WHERE kid = $2");
        let changed = update.bind(now.0).bind(kid).execute(&mut *transaction).await?.rows_affected();
        if changed == 0 {
            transaction.rollback().await?;
            return Err(unknown());
        }
        transaction.commit().await?;
        self.0.versions.changed(Topic::EmbedKeys);
        Ok(())
    }

    /// All keys, revoked ones too, oldest first.
    ///
    /// # Errors
    /// When the database fails or a row is not readable.
    pub async fn all(&self) -> Result<Vec<PortalKey>> {
        self.rows().await?.iter().map(PortalKey::from_row).collect()
    }

    async fn rows(&self) -> Result<Vec<AnyRow>> {
        let select = sqlx::query(
            "SELECT kid, portal, algorithm, material, origins, scopes, views, issuer, audience, aggregate_only, created,
                    revoked
             FROM embed_keys ORDER BY created, kid",
        );
        Ok(select.fetch_all(self.0.store.pool()).await?)
    }

    /// The keys as of the present epoch.
    async fn loaded(&self) -> Result<Arc<ByKid>> {
        if let Some(keys) = self.current() {
            return Ok(keys);
        }
        let _turn = self.0.loading.lock().await;
        if let Some(keys) = self.current() {
            return Ok(keys);
        }
        let epoch = self.0.versions.epoch(Topic::EmbedKeys);
        let usable = self.rows().await?.iter().filter_map(|row| self.usable(row)).collect();
        let keys = Arc::new(usable);
        *self.0.loaded.write().unwrap_or_else(PoisonError::into_inner) = (epoch, Arc::clone(&keys));
        Ok(keys)
    }

    fn current(&self) -> Option<Arc<ByKid>> {
        let epoch = self.0.versions.epoch(Topic::EmbedKeys)?;
        let loaded = self.0.loaded.read().unwrap_or_else(PoisonError::into_inner);
        (loaded.0 == Some(epoch)).then(|| Arc::clone(&loaded.1))
    }

    fn usable(&self, row: &AnyRow) -> Option<(String, Usable)> {
        let read = || -> Result<Usable> {
            let (key, material): (_, String) = (PortalKey::from_row(row)?, row.try_get("material")?);
            let decoding = match key.algorithm {
                Algorithm::EdDsa => Some(DecodingKey::from_ed_der(&ed25519_public_key(&material)?)),
                Algorithm::Hs256 => {
                    self.0.seal.open(&key.kid, &material).map(|secret| DecodingKey::from_secret(&secret))
                }
            };
            Ok(Usable { key: Arc::new(key), decoding })
        };
        match read() {
            Ok(usable) => Some((usable.key.kid.clone(), usable)),
            Err(error) => {
                tracing::error!(%error, "an embed key is not readable; its tokens are refused");
                None
            }
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}
