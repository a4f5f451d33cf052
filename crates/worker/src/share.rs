//! One worker's share of a snapshot and the question it counts.

use model::{Manifest, Question};
use snapshot::{Shard, read_manifest, snapshot_id};

use crate::counting::Counting;
use crate::json;

/// Shards of one snapshot, and the counting of one question at a time. Errors are sentences for a reader.
pub struct Share {
    manifest: Manifest,
    /// By the manifest's order; none where the shard is not loaded.
    shards: Vec<Option<Shard>>,
    counting: Option<Counting>,
    /// Which shards the question has counted.
    counted: Vec<bool>,
}

impl Share {
    /// Reads `manifest.json`; a damaged one or one of another format is an error.
    pub fn new(manifest: &[u8]) -> Result<Self, String> {
        let manifest = read_manifest(manifest, |json| json::from_slice(json)).map_err(|error| error.to_string())?;
        let shards: Vec<Option<Shard>> = manifest.shards.iter().map(|_| None).collect();
        Ok(Self { counted: vec![false; shards.len()], shards, manifest, counting: None })
    }

    /// `<scope>-<version>`.
    pub fn snapshot(&self) -> String {
        snapshot_id(&self.manifest)
    }

    /// The first day with data, `YYYY-MM-DD`.
    pub fn first_day(&self) -> String {
        self.manifest.first_day.to_string()
    }

    /// The last day with data, `YYYY-MM-DD`.
    pub fn data_until(&self) -> String {
        self.manifest.data_until.to_string()
    }

    /// Verifies and keeps a shard; `bytes` holds its files one behind the other, the base first, `lengths` says how
    /// long each is. One that is damaged or of another snapshot is an error.
    pub fn load(&mut self, index: usize, bytes: &[u8], lengths: &[u32]) -> Result<(), String> {
        let entry = self.manifest.shards.get(index).ok_or_else(|| no_shard(index))?;
        let mut rest = bytes;
        let mut files = Vec::with_capacity(lengths.len());
        for &length in lengths {
            let (file, others) = rest.split_at_checked(length as usize).ok_or("a shard's files were cut short")?;
            files.push(file);
            rest = others;
        }
        if !rest.is_empty() {
            return Err("a shard has more bytes than its files".to_owned());
        }
        let shard = Shard::open(&files, &self.manifest, entry).map_err(|error| error.to_string())?;
        self.shards[index] = Some(shard);
        Ok(())
    }

    /// Takes up a question (JSON) in place of the one before; an error names the field and the remedy.
    pub fn ask(&mut self, question: &str) -> Result<(), String> {
        self.counting = None;
        self.counted.fill(false);
        let question: Question =
            json::from_slice(question.as_bytes()).map_err(|error| format!("the question: {error}"))?;
        self.counting = Some(Counting::new(&question, &self.manifest)?);
        Ok(())
    }

    /// Counts one shard that is loaded and not yet counted; how many such remain comes back.
    pub fn count_next(&mut self) -> usize {
        let Some(counting) = &mut self.counting else {
            return 0;
        };
        let mut waiting = (0..self.shards.len()).filter(|&i| self.shards[i].is_some() && !self.counted[i]);
        let next = waiting.next();
        let remaining = waiting.count();
        if let Some(index) = next
            && let Some(shard) = &self.shards[index]
        {
            counting.count(shard, index);
            self.counted[index] = true;
        }
        remaining
    }

    /// What was counted since the last take, as bytes for [`Share::merge`]; empty without a question.
    pub fn take_partial(&mut self) -> Vec<u8> {
        self.counting.as_mut().map(Counting::take).unwrap_or_default()
    }

    /// Adds what another worker counted of the same question.
    pub fn merge(&mut self, bytes: &[u8]) -> Result<(), String> {
        let counting = self.counting.as_mut().ok_or("nothing was asked that a partial could belong to; ask first")?;
        if counting.merge(bytes) {
            Ok(())
        } else {
            Err("a partial belongs to another question; ask every worker the same one".to_owned())
        }
    }

    /// The answers to the question so far, as JSON ([`model::Answers`]); an error where nothing was asked.
    pub fn answer(&mut self) -> Result<String, String> {
        let counting = self.counting.as_mut().ok_or("nothing was asked; ask first")?;
        json::to_string(&counting.answers())
    }
}

fn no_shard(index: usize) -> String {
    format!("the manifest has no shard {index}; open the snapshot again")
}
