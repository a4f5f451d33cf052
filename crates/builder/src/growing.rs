//! What the build before left to go on from, so that a night's build changes few bytes.
//!
//! A shard is written anew whole when its numbers change: which shard a member is in, its number there, the numbers of
//! stores, channels, campaigns, kinds and tiers, the first day. So a build keeps all of them from the one before, and
//! adds what is new at the end. What is kept for it lies in `state/` inside the snapshot's folder and is never served.
//! It is a hint: whatever it says, shards are compared row by row with what was published, and without it a build writes
//! whole shards.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::datatypes::UInt32Type;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use model::{Dimensions, Manifest};
use serde::{Deserialize, Serialize};
use snapshot::files::load_manifest;
use snapshot::scope::scope_folder;
use snapshot::write::{Grown, Standing};

use crate::engine::{column, stream};
use crate::held::Held;
use crate::seats::{self, PartBefore, Place};
use crate::{BuildError, Options};

/// The folder inside that of the snapshot.
const FOLDER: &str = "state";
const STATE: &str = "build.json";
const MEMBERS: &str = "members.parquet";
/// The table of members' numbers in the build before.
pub(crate) const MEMBERS_BEFORE: &str = "members_before";
/// Rises when what is kept would be misread.
const FORM: u32 = 1;

/// What a build must have in common with the one before to go on from it, and what it needs to know of the shards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    form: u32,
    tenant: String,
    currency: String,
    time_zone: String,
    shard_members: u32,
    shards: Vec<ShardState>,
    /// Those of the parts, by their scopes.
    #[serde(default)]
    parts: BTreeMap<String, Vec<ShardState>>,
}

/// See [`Standing::spent`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ShardState {
    /// The base it is of.
    base: String,
    spent: Vec<u64>,
}

impl State {
    fn new(options: &Options, shards: Vec<ShardState>, parts: BTreeMap<String, Vec<ShardState>>) -> Self {
        Self {
            form: FORM,
            tenant: options.tenant.clone(),
            currency: options.currency.clone(),
            time_zone: options.time_zone.name().to_owned(),
            shard_members: options.shard_members,
            shards,
            parts,
        }
    }
}

/// A snapshot before and where its shards stand.
#[derive(Clone, Debug)]
pub(crate) struct Standings {
    pub(crate) manifest: Manifest,
    shards: Vec<ShardState>,
    /// Shards that held a member who is gone: they are written whole, so that nothing of that member is in a file.
    left: HashSet<u32>,
}

/// The build before.
#[derive(Debug)]
pub(crate) struct Before {
    pub(crate) whole: Arc<Standings>,
    parts: BTreeMap<String, Vec<ShardState>>,
    /// The snapshot's folder.
    out: PathBuf,
    members: PathBuf,
}

impl Before {
    /// The build before, if it published a snapshot of the same kind here and this build may go on from it.
    pub(crate) fn find(options: &Options) -> Option<Self> {
        if options.full {
            return None;
        }
        let folder = options.out.join(FOLDER);
        let state: State = serde_json::from_slice(&fs::read(folder.join(STATE)).ok()?).ok()?;
        let same = State::new(options, state.shards.clone(), state.parts.clone()) == state;
        let (manifest, _) = load_manifest(&options.out).ok()?;
        let members = folder.join(MEMBERS);
        (same && manifest.scope == snapshot::scope::ALL && !manifest.shards.is_empty() && members.is_file()).then(
            || Self {
                whole: Arc::new(Standings { manifest, shards: state.shards, left: HashSet::new() }),
                parts: state.parts,
                out: options.out.clone(),
                members,
            },
        )
    }

    pub(crate) fn shards(&self) -> u32 {
        self.whole.manifest.shards.len() as u32
    }

    pub(crate) fn dimensions(&self) -> &Dimensions {
        &self.whole.manifest.dimensions
    }

    /// What is left of a part, if it was published together with the whole.
    pub(crate) fn part(&self, scope: &str) -> Option<PartBefore> {
        let (manifest, _) = load_manifest(&scope_folder(&self.out, scope)?).ok()?;
        let seats = seats::from_bytes(&fs::read(seats_file(&self.out, scope)).ok()?)?;
        let together = manifest.scope == scope && manifest.version == self.whole.manifest.version;
        let shards = self.parts.get(scope)?.clone();
        let held = |shard: &[Place]| shard.iter().any(|(of, _)| self.whole.left.contains(of));
        let left = (0u32..).zip(&seats).filter(|(_, shard)| held(shard)).map(|(at, _)| at).collect();
        together.then_some(PartBefore { standings: Standings { manifest, shards, left }, seats })
    }

    /// Notes the shards that members have left.
    pub(crate) fn note(&mut self, left: HashSet<u32>) {
        Arc::make_mut(&mut self.whole).left = left;
    }
}

impl Standings {
    /// Where a shard stands; none where it is to be written whole.
    pub(crate) fn standing(&self, index: usize) -> Option<Standing<'_>> {
        let entry = self.manifest.shards.get(index).filter(|_| !self.left.contains(&(index as u32)))?;
        let spent = self.shards.get(index).filter(|state| state.base == entry.hash);
        // From a half to one and a half: shards written together are not all written anew in one night again.
        let patience = 0.5 + (index * 7 % 16) as f64 / 15.0;
        Some(Standing { entry, spent: spent.map_or(&[], |state| &state.spent), patience })
    }
}

impl Before {
    /// Makes the table [`MEMBERS_BEFORE`] (member_id, before); false where it cannot be read.
    pub(crate) async fn register_members(&self, context: &SessionContext) -> Result<bool, BuildError> {
        let Ok(reader) = File::open(&self.members).map_err(drop).and_then(|file| {
            ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build()).map_err(drop)
        }) else {
            return Ok(false);
        };
        let mut held: Option<Held> = None;
        for batch in reader {
            let Ok(batch) = batch else { return Ok(false) };
            held.get_or_insert_with(|| Held::new(context, MEMBERS_BEFORE, batch.schema())).push(batch)?;
        }
        let Some(held) = held else { return Ok(false) };
        held.register(context).await?;
        Ok(true)
    }
}

/// The shards of members who were in the build before and are not any more.
pub(crate) async fn left(context: &SessionContext, shards: u32) -> Result<HashSet<u32>, BuildError> {
    let gone = format!(
        "SELECT DISTINCT shard_of(b.member_id, {shards}) AS shard
         FROM {MEMBERS_BEFORE} b LEFT ANTI JOIN ids i ON b.member_id = i.member_id"
    );
    let mut rows = stream(context, &gone).await?;
    let mut shards = HashSet::new();
    while let Some(batch) = rows.next().await {
        shards.extend(column::<UInt32Type>(&batch?, "shard")?);
    }
    Ok(shards)
}

/// Writes the members' numbers to a file in `work`, to be kept once the snapshot is published: it is given back open,
/// since publishing removes the folder.
pub(crate) async fn write_members(context: &SessionContext, work: &Path) -> Result<File, BuildError> {
    let path = work.join(MEMBERS);
    let unwritable = |e: &dyn std::fmt::Display| BuildError::unwritable(&path, e);
    let mut rows = stream(context, "SELECT member_id, member AS before FROM places ORDER BY shard, member").await?;
    let file = File::create(&path).map_err(|e| unwritable(&e))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(false)
        .build();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).map_err(|e| unwritable(&e))?;
    while let Some(batch) = rows.next().await {
        writer.write(&batch?).map_err(|e| unwritable(&e))?;
    }
    writer.close().map_err(|e| unwritable(&e))?;
    File::open(&path).map_err(|e| unwritable(&e))
}

/// Where the places of a part's members are kept.
fn seats_file(out: &Path, scope: &str) -> PathBuf {
    out.join(FOLDER).join(format!("{scope}.places"))
}

/// What is kept of a part.
#[derive(Debug)]
pub(crate) struct PartState {
    pub(crate) scope: String,
    pub(crate) grown: Vec<Grown>,
    pub(crate) seats: Vec<Vec<Place>>,
}

fn states(grown: &[Grown]) -> Vec<ShardState> {
    grown.iter().map(|g| ShardState { base: g.entry.hash.clone(), spent: g.spent.clone() }).collect()
}

/// Keeps what the next build goes on from, after the snapshot is published.
pub(crate) fn keep(
    options: &Options,
    mut members: File,
    grown: &[Grown],
    parts: &[PartState],
) -> Result<(), BuildError> {
    let folder = options.out.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|e| BuildError::unwritable(&folder, e))?;
    let put = |path: &Path, from: &mut dyn Read| {
        let temporary = path.with_extension("tmp");
        let written = File::create(&temporary).and_then(|mut file| {
            std::io::copy(from, &mut file)?;
            file.sync_all()
        });
        written.and_then(|()| fs::rename(&temporary, path)).map_err(|e| BuildError::unwritable(path, e))
    };
    put(&folder.join(MEMBERS), &mut members)?;
    for part in parts {
        put(&seats_file(&options.out, &part.scope), &mut seats::to_bytes(&part.seats).as_slice())?;
    }
    let of_parts = parts.iter().map(|part| (part.scope.clone(), states(&part.grown))).collect();
    let json = serde_json::to_vec(&State::new(options, states(grown), of_parts)).expect("a state has string keys only");
    put(&folder.join(STATE), &mut json.as_slice())
}
