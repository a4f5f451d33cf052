//! A shard that grows by tails, as the builder would let it grow if tails cost nothing.

use model::{Manifest, ShardEntry, Tail};
use snapshot::content_hash;
use snapshot::write::{Before, Change, ShardData, encode_shard};

use crate::World;

/// A shard's files, the base first, and its entry.
#[derive(Clone, Debug)]
pub struct Grown {
    /// What a manifest says of it.
    pub entry: ShardEntry,
    /// Its files.
    pub files: Vec<Vec<u8>>,
}

impl Grown {
    /// A base of these rows.
    pub fn base(data: &ShardData) -> Self {
        let file = encode_shard(data).expect("a world follows the rules");
        let (hash, bytes) = (content_hash(&file), file.len() as u64);
        let entry = ShardEntry { hash, bytes, wire_bytes: bytes, ..ShardEntry::default() };
        Self { entry: counting(entry, data), files: vec![file] }
    }

    /// The shards of a world that stood in bases on an earlier day.
    pub fn shards(now: &World, before: &World, shards: usize) -> (Manifest, Vec<Self>) {
        let mut manifest = now.snapshot(shards).manifest;
        let mut grown = Vec::new();
        for shard in 0..shards {
            let mut files = Self::base(&before.shard_data(shard, shards));
            if !files.grow(&manifest, &now.shard_data(shard, shards)) {
                files = Self::base(&now.shard_data(shard, shards));
            }
            grown.push(files);
        }
        manifest.shards = grown.iter().map(|shard| shard.entry.clone()).collect();
        (manifest, grown)
    }

    /// Its files, as a reader takes them.
    pub fn refs(&self) -> Vec<&[u8]> {
        self.files.iter().map(Vec::as_slice).collect()
    }

    /// Grows by a tail to what the shard holds now; false where a tail cannot say it.
    pub fn grow(&mut self, manifest: &Manifest, data: &ShardData) -> bool {
        let before = Before::open(&self.refs(), manifest, &self.entry).expect("it is whole");
        match before.change(data).expect("a world follows the rules") {
            Change::Apart => return false,
            Change::Nothing => {}
            Change::Tail(file) => {
                let (hash, bytes) = (content_hash(&file), file.len() as u64);
                self.entry.tails.push(Tail { hash, bytes, wire_bytes: bytes });
                self.files.push(file);
            }
        }
        self.entry = counting(std::mem::take(&mut self.entry), data);
        true
    }
}

fn counting(entry: ShardEntry, data: &ShardData) -> ShardEntry {
    ShardEntry {
        members: data.members.home_store.len() as u32,
        orders: data.orders.day.len() as u32,
        anonymous: data.anonymous.day.len() as u32,
        touches: data.touches.day.len() as u32,
        ..entry
    }
}
