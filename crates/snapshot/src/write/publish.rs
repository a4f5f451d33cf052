//! Puts a snapshot in place so that readers see the whole old one or the whole new one.
//!
//! Everything of a new version is written where no reader looks yet and synced: the shards under the hash of their
//! content, then in `versions/<number>/` the manifests of the parts, the quarantined rows, the record that names the
//! parts, and the manifest that names the record. Renaming that manifest to `manifest.json` publishes all of it in one
//! step. A build that dies before leaves the old version and some files that nobody names, which the next build
//! removes; one that dies after leaves old versions that are no longer kept, likewise.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{HISTORY, Manifest, PartRecord, PastBuild, Record};

use crate::files::load_manifest;
use crate::manifest::{parse_manifest, render_manifest};
use crate::scope::{SCOPES, is_scope_name};
use crate::signature::SigningKey;
use crate::versions::{MANIFEST, RECORD, SIGNATURE, VERSIONS, list, version_folder};
use crate::write::session::Session;
use crate::write::store::Store;
use crate::write::tidy::{WORK, hand_out, tidy};
use crate::write::{Disk, LocalDisk, ShardData};
use crate::{SnapshotError, content_hash};

/// Older versions that are kept beside the new one where nothing else is asked.
pub const KEEP: usize = 3;

/// The folder of the quarantined rows, inside that of a version.
pub const QUARANTINE: &str = "quarantine";

/// Writes into one snapshot folder, that of the whole or of a part; the folder is locked until all of them are dropped.
pub struct Publisher {
    store: Store,
    /// The highest version that was there before.
    before: u64,
    session: Arc<Session>,
}

/// What is published in one step.
#[derive(Debug)]
pub struct Publication {
    /// The manifest of the whole; its version, time and record are filled in.
    pub whole: Manifest,
    /// The manifests of the parts, whose shards were added to publishers made by [`Publisher::part`].
    pub parts: Vec<Manifest>,
    /// What else is known of the build; the parts are filled in.
    pub record: Record,
    /// What this build found, to stand at the end of the record's history; version and time are filled in.
    pub found: Option<PastBuild>,
    /// A folder of quarantined rows in the same file system, which is moved.
    pub quarantine: Option<PathBuf>,
    /// Older versions to keep, one at least: pages that are open still read the one before.
    pub keep: usize,
    /// Signs the manifests.
    pub sign: Option<Arc<SigningKey>>,
}

impl Publication {
    /// The whole alone.
    pub fn of(whole: Manifest) -> Self {
        Self {
            whole,
            parts: Vec::new(),
            record: Record::default(),
            found: None,
            quarantine: None,
            keep: KEEP,
            sign: None,
        }
    }
}

impl Publisher {
    /// What the temporary folders of a build begin with: inside the snapshot's folder, so that they are in its file
    /// system, and removed by the next build where this one dies.
    pub const WORK_PREFIX: &str = WORK;

    /// Makes the folder if needed, locks it against other builds, and removes what a build that died left.
    pub fn new(folder: &Path) -> Result<Self, SnapshotError> {
        Self::on(folder, Arc::new(LocalDisk))
    }

    /// The same on another disk.
    pub fn on(folder: &Path, disk: Arc<dyn Disk>) -> Result<Self, SnapshotError> {
        let session = Arc::new(Session::begin(folder, disk)?);
        let (shown, before) = versions_before(folder)?;
        hand_out(folder, &*session.disk, |path, bytes| session.replace(path, bytes));
        tidy(folder, &*session.disk, shown, usize::MAX);
        adopt(folder, &session)?;
        Ok(Self { store: Store::open(folder, &session)?, before, session })
    }

    /// What writes the shards of a part.
    pub fn part(&self, scope: &str) -> Result<Self, SnapshotError> {
        let folder = part_folder(self.store.folder(), scope)?;
        let session = Arc::clone(&self.session);
        Ok(Self { store: Store::open(&folder, &session)?, before: self.before, session })
    }

    /// Encodes a shard and puts it in place, plain and brotli-compressed.
    pub fn add(&self, data: &ShardData) -> Result<model::ShardEntry, SnapshotError> {
        self.store.add(data, &self.session)
    }

    /// Publishes the whole alone.
    pub fn publish(self, manifest: Manifest) -> Result<Manifest, SnapshotError> {
        self.publish_all(Publication::of(manifest)).map(|(whole, _)| whole)
    }

    /// Publishes: one version above the folder's, everything in one step; then clears what is no longer kept.
    pub fn publish_all(self, publication: Publication) -> Result<(Manifest, Vec<Manifest>), SnapshotError> {
        let Publication { mut whole, mut parts, mut record, found, quarantine, keep, sign } = publication;
        let folder = self.store.folder();
        let version = self.before + 1;
        if whole.built_at.is_empty() {
            whole.built_at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        }
        record.parts = Vec::new();
        record.history.extend(found.map(|found| PastBuild { version, built_at: whole.built_at.clone(), ..found }));
        record.history.drain(..record.history.len().saturating_sub(HISTORY));
        for part in &mut parts {
            (part.version, part.built_at, part.record) = (version, whole.built_at.clone(), None);
            let bytes = render(part)?;
            let folder = part_folder(folder, &part.scope)?;
            let signature = sign.as_ref().map(|key| key.sign(part, &bytes));
            self.put_version(&folder, version, &[(MANIFEST, &bytes)], signature, None)?;
            record.parts.push(PartRecord { scope: part.scope.clone(), manifest: content_hash(&bytes) });
        }
        if !parts.is_empty() {
            self.session.sync_folder(&folder.join(SCOPES))?;
        }
        let written = serde_json::to_vec(&record).expect("a record has string keys only");
        (whole.version, whole.record) = (version, Some(content_hash(&written)));
        let bytes = render(&whole)?;
        let signature = sign.as_ref().map(|key| key.sign(&whole, &bytes));
        let files: &[(&str, &[u8])] = &[(RECORD, &written), (MANIFEST, &bytes)];
        self.put_version(folder, version, files, signature, quarantine.as_deref())?;
        self.session.sync_folder(folder)?;

        // The one step.
        self.session.replace(&folder.join(MANIFEST), &bytes)?;
        self.session.commit();
        self.session.sync_folder(folder).map_err(|e| match e {
            SnapshotError::Io { path, source } => SnapshotError::Unconfirmed { version, path, source },
            other => other,
        })?;
        hand_out(folder, &*self.session.disk, |path, bytes| self.session.replace(path, bytes));
        tidy(folder, &*self.session.disk, version, keep.max(1));
        Ok((whole, parts))
    }

    /// Puts a version's own files in place and waits until the disk has them and the shards.
    fn put_version(
        &self,
        folder: &Path,
        version: u64,
        files: &[(&str, &[u8])],
        signature: Option<String>,
        quarantine: Option<&Path>,
    ) -> Result<(), SnapshotError> {
        let place = version_folder(folder, version);
        self.session.make_folder(&place)?;
        if let Some(from) = quarantine {
            self.session.sync_folder(from)?;
            self.session.move_folder(from, &place.join(QUARANTINE))?;
        }
        let signature = signature.iter().map(|text| (SIGNATURE, text.as_bytes()));
        for (name, bytes) in files.iter().copied().chain(signature) {
            self.session.put(&place.join(name), bytes)?;
        }
        self.session.sync_folder(&place)?;
        self.session.sync_folder(&folder.join(VERSIONS))?;
        self.session.sync_folder(&folder.join("shards"))?;
        self.session.sync_folder(folder)
    }
}

/// The folder of a part; an error where the scope is no part's name.
fn part_folder(whole: &Path, scope: &str) -> Result<PathBuf, SnapshotError> {
    if is_scope_name(scope) {
        return Ok(whole.join(SCOPES).join(scope));
    }
    Err(SnapshotError::Manifest { what: format!("`{scope}` is no part's name") })
}

/// A manifest's file, if its readers will take it.
fn render(manifest: &Manifest) -> Result<Vec<u8>, SnapshotError> {
    let bytes = render_manifest(manifest);
    parse_manifest(&bytes).map(|_| bytes)
}

/// Makes a version of what an earlier Wellspring published, so that it is kept like others.
fn adopt(folder: &Path, session: &Session) -> Result<(), SnapshotError> {
    let Ok((manifest, bytes)) = load_manifest(folder) else { return Ok(()) };
    let place = version_folder(folder, manifest.version);
    if place.exists() {
        return Ok(());
    }
    session.make_folder(&place)?;
    session.put(&place.join(MANIFEST), &bytes)
}

/// The version that is shown, and the highest that anybody may have seen: a build that died may have shown one that a
/// power cut took back, so no number is used again. A manifest that cannot be understood, of another format perhaps,
/// still says which version it is; one that is damaged leaves the versions beside it.
fn versions_before(folder: &Path) -> Result<(u64, u64), SnapshotError> {
    #[derive(serde::Deserialize)]
    struct Version {
        version: u64,
    }
    let path = folder.join(MANIFEST);
    let last = list(folder)?.last().copied().unwrap_or(0);
    let shown = match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice::<Version>(&bytes).map_or(last, |Version { version }| version),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => last,
        Err(e) => return Err(SnapshotError::io(&path, e)),
    };
    Ok((shown, last.max(shown)))
}
