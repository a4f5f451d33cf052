//! The shards of one folder, each under the hash of its content, plain and compressed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{ShardEntry, Tail};

use crate::files::shard_path;
use crate::write::session::Session;
use crate::write::{ShardData, encode_shard};
use crate::{SnapshotError, content_hash, versions};

/// Quality 9 packs these columns 0.3 % better and takes three times as long, 10 packs 6 % better and takes 28 times as
/// long. Of a build of ten million members, 9 was a fifth.
pub(super) const BROTLI_QUALITY: u32 = 6;

/// Where the shards of the whole or of a part lie.
pub(super) struct Store {
    folder: PathBuf,
    /// Sizes of the compressed files that kept versions name: what has not changed is not packed again.
    packed: HashMap<String, u64>,
}

impl Store {
    /// Makes the folder for shards if needed.
    pub(super) fn open(folder: &Path, session: &Arc<Session>) -> Result<Self, SnapshotError> {
        session.make_folder(&folder.join("shards"))?;
        let mut packed = HashMap::new();
        for version in versions::list(folder)? {
            // What cannot be read is packed anew.
            let Ok((manifest, _)) = versions::load_manifest_of(folder, version) else { continue };
            let files = manifest.shards.iter().flat_map(|shard| shard.files());
            packed.extend(files.map(|file| (file.hash.to_owned(), file.wire_bytes)));
        }
        Ok(Self { folder: folder.to_owned(), packed })
    }

    /// The folder of the snapshot.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Encodes a shard and puts it in place.
    pub(super) fn add(&self, data: &ShardData, session: &Session) -> Result<ShardEntry, SnapshotError> {
        let file = encode_shard(data)?;
        let (hash, wire_bytes) = self.put(&file, session)?;
        Ok(ShardEntry { hash, bytes: file.len() as u64, wire_bytes, ..counted(data) })
    }

    /// Puts a file in place, plain and packed as it is.
    pub(super) fn put_packed(&self, file: &[u8], packed: &[u8], session: &Session) -> Result<Tail, SnapshotError> {
        let hash = content_hash(file);
        let path = shard_path(&self.folder, &hash);
        session.put(&path.with_extension("arrow.br"), packed)?;
        session.put(&path, file)?;
        Ok(Tail { hash, bytes: file.len() as u64, wire_bytes: packed.len() as u64 })
    }

    /// Puts a file in place, plain and compressed; gives its name and its size on the wire.
    fn put(&self, file: &[u8], session: &Session) -> Result<(String, u64), SnapshotError> {
        let hash = content_hash(file);
        let path = shard_path(&self.folder, &hash);
        if let Some(wire_bytes) = self.unchanged(&hash, &path, file) {
            return Ok((hash, wire_bytes));
        }
        let packed = compress(file, BROTLI_QUALITY);
        session.put(&path.with_extension("arrow.br"), &packed)?;
        session.put(&path, file)?;
        Ok((hash, packed.len() as u64))
    }

    /// The size of the compressed file where both are there already and as a kept version says.
    fn unchanged(&self, hash: &str, path: &Path, file: &[u8]) -> Option<u64> {
        let wire_bytes = *self.packed.get(hash)?;
        let is_there = fs::metadata(path.with_extension("arrow.br")).is_ok_and(|meta| meta.len() == wire_bytes)
            && fs::read(path).is_ok_and(|there| there == file);
        is_there.then_some(wire_bytes)
    }
}

/// An entry of a shard's counts, without files.
pub(super) fn counted(data: &ShardData) -> ShardEntry {
    ShardEntry {
        members: data.members.home_store.len() as u32,
        orders: data.orders.day.len() as u32,
        anonymous: data.anonymous.day.len() as u32,
        touches: data.touches.day.len() as u32,
        ..ShardEntry::default()
    }
}

pub(super) fn compress(file: &[u8], quality: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len() / 4);
    let params = brotli::enc::BrotliEncoderParams {
        quality: quality as i32,
        lgwin: 22,
        size_hint: file.len(),
        ..Default::default()
    };
    let mut input = file;
    brotli::BrotliCompress(&mut input, &mut out, &params).expect("writing to memory cannot fail");
    out
}
