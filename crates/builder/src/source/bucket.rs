//! Files in a bucket of an object store that speaks S3.
//!
//! Text is fetched to a file of the build's own folder while it is read, since it is read more than once; of Parquet
//! only the columns that are wanted are fetched, range by range. Credentials, region and endpoint are those of the usual
//! `AWS_…` variables; plain HTTP is spoken only where `AWS_ALLOW_HTTP` asks for it.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::reader::{ChunkReader, Length};
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as ObjectPath;
use object_store::{Error, GetOptions, GetRange, ObjectStore, RetryConfig};
use tempfile::{NamedTempFile, TempPath};

use super::remote::{Remote, one_line};
use super::{Listing, Place};
use crate::BuildError;
use crate::location::BucketAddress;

/// Bytes fetched at a time where all of an object is.
const CHUNK: u64 = 8 << 20;
/// Bytes fetched at a time where some of it is, and how many such blocks are kept: at the most 64 MiB.
const BLOCK: u64 = 2 << 20;
const BLOCKS: usize = 32;

/// An object store's bucket.
pub(crate) struct Bucket {
    address: BucketAddress,
    store: Arc<dyn ObjectStore>,
    remote: Arc<Remote>,
    /// Where files go while they are read; the system's folder for such where nobody says.
    spool: OnceLock<PathBuf>,
}

/// One object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    bucket: Arc<Bucket>,
    path: ObjectPath,
    bytes: u64,
    /// What tells this content from another under the same name.
    tag: Option<String>,
    written: SystemTime,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)
    }
}

impl Bucket {
    pub(super) fn open(address: &BucketAddress, remote: Arc<Remote>) -> Result<Arc<Self>, BuildError> {
        if is_plain_http_unasked() {
            let reason =
                "the endpoint is plain HTTP, which is spoken only if AWS_ALLOW_HTTP=true asks for it".to_owned();
            return Err(BuildError::Unreachable { place: address.to_string(), reason });
        }
        let retry = RetryConfig { max_retries: 4, retry_timeout: Duration::from_secs(30), ..RetryConfig::default() };
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(&address.bucket)
            .with_retry(retry)
            .build()
            .map_err(|error| unreachable(address, &error))?;
        let address = address.clone();
        Ok(Arc::new(Self { address, store: Arc::new(store), remote, spool: OnceLock::new() }))
    }

    /// Where to keep files while they are read.
    pub(super) fn spool_in(&self, folder: PathBuf) {
        // The first word counts; a source is opened for one build.
        let _ = self.spool.set(folder);
    }

    /// Everything under the prefix.
    pub(super) fn list(self: &Arc<Self>) -> Result<Listing, BuildError> {
        let prefix = Some(self.address.prefix.as_str()).filter(|prefix| !prefix.is_empty()).map(ObjectPath::from);
        let store = Arc::clone(&self.store);
        let listed = prefix.clone();
        let found = self.remote.wait(async move { store.list(listed.as_ref()).try_collect::<Vec<_>>().await })?;
        let mut listing = Listing { files: BTreeMap::new(), ..Listing::default() };
        for meta in found.map_err(|error| unreachable(&self.address, &error))? {
            let full = meta.location.as_ref();
            let name = match &prefix {
                Some(prefix) => full.strip_prefix(prefix.as_ref()).and_then(|rest| rest.strip_prefix('/')),
                None => Some(full),
            };
            // A marker that some tools write for a folder has no bytes, and no name beyond the folder's.
            let Some(name) = name.filter(|name| meta.size > 0 || super::form_of(name).is_some()) else { continue };
            if name.split('/').any(|part| part.starts_with('.')) {
                listing.hidden.push(name.to_owned());
                continue;
            }
            let object = Object {
                bucket: Arc::clone(self),
                path: meta.location.clone(),
                bytes: meta.size,
                tag: meta.e_tag.clone(),
                written: meta.last_modified.into(),
            };
            listing.files.insert(name.to_owned(), Place::Object(object));
        }
        Ok(listing)
    }
}

impl Object {
    /// Bytes of the object.
    pub(crate) fn len(&self) -> u64 {
        self.bytes
    }

    /// What tells this content from another under the same name.
    pub(crate) fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// When it was written.
    pub(crate) fn written(&self) -> SystemTime {
        self.written
    }

    /// The whole object in a file, which is gone once this is dropped.
    pub(crate) fn fetch(&self) -> io::Result<TempPath> {
        let mut file = match self.bucket.spool.get() {
            Some(folder) => NamedTempFile::new_in(folder)?,
            None => NamedTempFile::new()?,
        };
        let mut from = 0;
        while from < self.bytes {
            let until = self.bytes.min(from + CHUNK);
            file.write_all(&self.range(from, until)?)?;
            from = until;
        }
        file.flush()?;
        Ok(file.into_temp_path())
    }

    /// Some of its bytes, which are those of the object that was listed or an error.
    pub(crate) fn range(&self, from: u64, until: u64) -> io::Result<Bytes> {
        if from >= until {
            return Ok(Bytes::new());
        }
        let (store, path) = (Arc::clone(&self.bucket.store), self.path.clone());
        let range = Some(GetRange::Bounded(from..until));
        let options = GetOptions { range, if_match: self.tag.clone(), ..GetOptions::default() };
        let bytes = self.bucket.remote.wait(async move { store.get_opts(&path, options).await?.bytes().await });
        bytes.map_err(io::Error::other)?.map_err(|error| io::Error::other(told(&error)))
    }

    /// For readers that jump about.
    pub(crate) fn by_ranges(&self) -> Ranges {
        Ranges(Arc::new(Blocks { object: self.clone(), kept: Mutex::default() }))
    }
}

/// An object read by ranges; the blocks used last are kept, since Parquet is read in small steps in several places at
/// once.
#[derive(Clone, Debug)]
pub(crate) struct Ranges(Arc<Blocks>);

#[derive(Debug)]
struct Blocks {
    object: Object,
    /// By their number, the one used last at the end.
    kept: Mutex<VecDeque<(u64, Bytes)>>,
}

impl Blocks {
    /// What there is of a block from a byte on.
    fn after(&self, at: u64) -> io::Result<Bytes> {
        let number = at / BLOCK;
        let mut kept = self.kept.lock().expect("no thread panics while it holds the blocks");
        let block = match kept.iter().position(|(other, _)| *other == number).and_then(|place| kept.remove(place)) {
            Some((_, block)) => block,
            None => self.object.range(number * BLOCK, self.object.bytes.min((number + 1) * BLOCK))?,
        };
        kept.push_back((number, block.clone()));
        if kept.len() > BLOCKS {
            kept.pop_front();
        }
        let skipped = usize::try_from(at % BLOCK).unwrap_or(usize::MAX);
        Ok(block.slice(skipped.min(block.len())..))
    }
}

impl Length for Ranges {
    fn len(&self) -> u64 {
        self.0.object.bytes
    }
}

impl ChunkReader for Ranges {
    type T = BufReader<Sequence>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(Sequence { blocks: Arc::clone(&self.0), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let end = start.saturating_add(length as u64);
        if end > self.0.object.bytes {
            return Err(ParquetError::EOF(format!("{} ends before byte {end}", self.0.object.path)));
        }
        let external = |error: io::Error| ParquetError::External(Box::new(error));
        let first = self.0.after(start).map_err(external)?;
        if first.len() >= length {
            return Ok(first.slice(..length));
        }
        let mut bytes = first.to_vec();
        while bytes.len() < length {
            let more = self.0.after(start + bytes.len() as u64).map_err(external)?;
            bytes.extend_from_slice(&more[..more.len().min(length - bytes.len())]);
        }
        Ok(bytes.into())
    }
}

/// Reads on from somewhere, block by block.
pub(crate) struct Sequence {
    blocks: Arc<Blocks>,
    at: u64,
}

impl Read for Sequence {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.blocks.object.bytes {
            return Ok(0);
        }
        let some = self.blocks.after(self.at)?;
        let count = some.len().min(buffer.len());
        buffer[..count].copy_from_slice(&some[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

fn is_plain_http_unasked() -> bool {
    let is_asked = std::env::var("AWS_ALLOW_HTTP").is_ok_and(|value| matches!(value.as_str(), "true" | "1"));
    let endpoints = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
    let has_plain = |name| std::env::var(name).is_ok_and(|endpoint| endpoint.starts_with("http://"));
    !is_asked && endpoints.into_iter().any(has_plain)
}

fn unreachable(address: &BucketAddress, error: &Error) -> BuildError {
    BuildError::Unreachable { place: address.to_string(), reason: told(error) }
}

/// What went wrong and what to look at.
fn told(error: &Error) -> String {
    let what = one_line(&error.to_string());
    match error {
        Error::NotFound { .. } => format!("there is no such bucket or object ({what})"),
        Error::Precondition { .. } => "the object was changed while it was read; build again".to_owned(),
        _ if what.contains("NoSuchBucket") => "there is no such bucket".to_owned(),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            format!(
                "access is refused; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's policy ({what})"
            )
        }
        _ if std::env::var_os("AWS_ACCESS_KEY_ID").is_none() => {
            format!("no answer, and no credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY ({what})")
        }
        _ => format!("check AWS_ENDPOINT and AWS_REGION ({what})"),
    }
}
