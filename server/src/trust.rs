//! Which snapshots may be shown: signed by a key that is trusted, and none older than what was shown before.
//!
//! Without keys everything that is whole is shown, as it has no way to say whose it is.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use snapshot::SnapshotError;
use snapshot::signature::{PublicKey, verify};

use crate::open::OpenSnapshot;

/// Whose snapshots are shown.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Any of them may have signed; several while one key takes over from another.
    pub keys: Vec<PublicKey>,
    /// Where the newest snapshot that was shown is remembered, so that an older one is known as such after a restart.
    pub memory: Option<PathBuf>,
}

/// The newest snapshot that was shown.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Shown {
    tenant: String,
    scope: String,
    version: u64,
    blake3: String,
}

impl Trust {
    /// Whether a manifest was signed by one of the keys.
    pub(crate) fn is_signed(&self, snapshot: &OpenSnapshot) -> Result<(), SnapshotError> {
        if self.keys.is_empty() {
            return Ok(());
        }
        verify(&self.keys, &snapshot.manifest, &snapshot.manifest_bytes, snapshot.signature.as_deref())
    }

    /// Whether a signed whole may be shown after what was shown before; remembers it then.
    pub(crate) fn admit(&self, snapshot: &OpenSnapshot) -> Result<(), SnapshotError> {
        let Some(file) = self.memory.as_deref().filter(|_| !self.keys.is_empty()) else { return Ok(()) };
        let now = Shown::of(snapshot);
        let before = Shown::read(file)?;
        if let Some(before) = &before {
            now.follows(before, file).map_err(|what| SnapshotError::Refused {
                snapshot: snapshot.id.clone(),
                tenant: now.tenant.clone(),
                what,
            })?;
        }
        if before.as_ref() != Some(&now)
            && let Err(error) = now.write(file)
        {
            tracing::error!("cannot remember in {} that {} was shown: {error}", file.display(), snapshot.id);
        }
        Ok(())
    }
}

impl Shown {
    fn of(snapshot: &OpenSnapshot) -> Self {
        let manifest = &snapshot.manifest;
        let blake3 = snapshot::checksum(&snapshot.manifest_bytes).unwrap_or_default().to_owned();
        Self { tenant: manifest.tenant.clone(), scope: manifest.scope.clone(), version: manifest.version, blake3 }
    }

    /// Nothing where none was remembered; an error where one was and cannot be read, since it may say "older".
    fn read(file: &Path) -> Result<Option<Self>, SnapshotError> {
        let fault = |source| SnapshotError::Io { path: file.display().to_string(), source };
        match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| fault(e.into())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(fault(e)),
        }
    }

    fn write(&self, file: &Path) -> std::io::Result<()> {
        let temporary = file.with_extension("tmp");
        fs::write(&temporary, serde_json::to_vec(self)?)?;
        fs::rename(&temporary, file)
    }

    fn follows(&self, before: &Self, file: &Path) -> Result<(), String> {
        let file = file.display();
        if (&self.tenant, &self.scope) != (&before.tenant, &before.scope) {
            return Err(format!(
                "{} of {} was shown here before; remove {file} if this one is meant",
                before.scope, before.tenant
            ));
        }
        if self.version < before.version {
            return Err(format!(
                "version {} was shown here before; go back with `wellspring rollback`, or remove {file} if it is meant",
                before.version
            ));
        }
        if self.version == before.version && self.blake3 != before.blake3 {
            return Err(format!("another one of this version was shown before; remove {file} if it is meant"));
        }
        Ok(())
    }
}
