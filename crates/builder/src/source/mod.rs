//! Finds the tables of a source: `<table>.csv`, `.csv.gz`, `.csv.zst`, `<table>.parquet`, or a folder `<table>/` of any
//! of them, however deep: `orders/2024-03-05.csv`, `orders/dt=2024-03-05/part-0.parquet`.
//!
//! A database's tables are found by the same names, a bucket's objects as if they were files.
//! Names are compared without regard to case. The files of a table are read in the order of their names. Hidden files
//! and anything that is no table become notes, never errors. A mapping file may name other files for a table.

mod assign;
mod bucket;
mod database;
mod everything;
mod folder;
mod packing;
mod remote;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

pub(crate) use bucket::Object;
pub(crate) use database::{OpenRows, Rows};
pub(crate) use everything::{Everything, Group, everything};
pub(crate) use packing::Packing;

use crate::mapping::{Entry, Mapping};
use crate::parse::Currency;
use crate::table::Table;
use crate::{BuildError, Location};
use bucket::Bucket;
use database::Database;
use remote::Remote;

/// One file of a table.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// Relative to the source, with `/`; this is what messages say.
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) form: Form,
    /// What folders such as `dt=2024-03-05` say of every row: column and value.
    pub(crate) partition: Vec<(String, String)>,
    /// How its columns and cells are to be read.
    pub(crate) entry: Arc<Entry>,
}

impl SourceFile {
    /// When it was written, where that is known: a table of a database does not say.
    pub(crate) fn written(&self) -> Option<SystemTime> {
        match &self.place {
            Place::Disk(path) => std::fs::metadata(path).ok()?.modified().ok(),
            Place::Object(object) => Some(object.written()),
            Place::Rows(_) => None,
        }
    }
}

impl SourceFile {
    /// Its length, where that is known: a table of a database has none.
    pub(crate) fn bytes(&self) -> u64 {
        match &self.place {
            Place::Disk(path) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
            Place::Object(object) => object.len(),
            Place::Rows(_) => 0,
        }
    }
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Disk(PathBuf),
    Object(Object),
    Rows(Rows),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Csv(Packing),
    Parquet,
    /// Of a database.
    Rows,
}

/// What a source holds.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) tables: BTreeMap<Table, Vec<SourceFile>>,
    /// Tables of the contract that are there and not read yet.
    pub(crate) later: Vec<&'static str>,
    /// What was left aside.
    pub(crate) notes: Vec<String>,
    /// Where the files are, if they are in one.
    bucket: Option<Arc<Bucket>>,
}

/// Everything that lies at a location, before it is known what it is.
#[derive(Debug, Default)]
struct Listing {
    /// Names with `/`, in their order.
    files: BTreeMap<String, Place>,
    /// Names that begin with a point.
    hidden: Vec<String>,
    /// Folders that were not looked into.
    others: Vec<String>,
}

/// Finds the tables at a location; a mapping file is taken from `mapping`, else from the source itself.
pub(crate) fn find(location: &Location, mapping: Option<&Path>, currency: &Currency) -> Result<Source, BuildError> {
    let given = mapping.map(Mapping::open).transpose()?;
    let source = match location {
        Location::Folder(dir) => {
            let mapping = mapping_here(dir, given)?;
            assign::assign(folder::list(dir, Some(&mapping))?, &mapping, currency)?
        }
        Location::Bucket(address) => {
            let bucket = Bucket::open(address, Remote::new()?)?;
            let listing = bucket.list()?;
            let mapping = given.map_or_else(|| mapping_in(&listing), Ok)?;
            Source { bucket: Some(bucket), ..assign::assign(listing, &mapping, currency)? }
        }
        Location::Postgres(address) => {
            let database = Database::open(address, Remote::new()?)?;
            database::find(&database, &given.unwrap_or_default(), currency)?
        }
    };
    if source.tables.is_empty() {
        return Err(BuildError::SourceEmpty { place: location.to_string() });
    }
    Ok(source)
}

/// The mapping file that was given, else the one in a folder.
fn mapping_here(dir: &Path, given: Option<Mapping>) -> Result<Mapping, BuildError> {
    if !dir.is_dir() {
        return Err(BuildError::SourceMissing { dir: dir.to_owned() });
    }
    let own = || MAPPINGS.map(|name| dir.join(name)).into_iter().find(|path| path.is_file());
    match given {
        Some(mapping) => Ok(mapping),
        None => own().map_or_else(|| Ok(Mapping::default()), |path| Mapping::open(&path)),
    }
}

/// The mapping file among a bucket's objects.
fn mapping_in(listing: &Listing) -> Result<Mapping, BuildError> {
    for name in MAPPINGS {
        if let Some(Place::Object(object)) = listing.files.get(name) {
            let unreadable = |e: &dyn std::fmt::Display| BuildError::unreadable(name, e);
            let bytes = object.range(0, object.len()).map_err(|e| unreadable(&e))?;
            let text = std::str::from_utf8(&bytes).map_err(|e| unreadable(&e))?;
            return Mapping::parse(name, text);
        }
    }
    Ok(Mapping::default())
}

impl Source {
    /// Says where files that come over a network may lie while they are read.
    pub(crate) fn spool_in(&self, folder: &Path) {
        if let Some(bucket) = &self.bucket {
            bucket.spool_in(folder.to_owned());
        }
    }
}

/// Names of mapping files that lie in the source itself.
const MAPPINGS: [&str; 2] = ["mapping.toml", "mapping.json"];

/// What a file is, by the end of its name.
pub(crate) fn form_of(name: &str) -> Option<Form> {
    split_form(name).map(|(_, form)| form)
}

/// A name without the end that says its form.
fn split_form(name: &str) -> Option<(&str, Form)> {
    const ENDS: [(&str, Form); 5] = [
        (".csv", Form::Csv(Packing::Plain)),
        (".csv.gz", Form::Csv(Packing::Gzip)),
        (".csv.zst", Form::Csv(Packing::Zstd)),
        (".csv.zstd", Form::Csv(Packing::Zstd)),
        (".parquet", Form::Parquet),
    ];
    ENDS.into_iter().find_map(|(end, form)| {
        let at = name.len().checked_sub(end.len())?;
        let is_it = at > 0 && name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(end);
        is_it.then(|| (&name[..at], form))
    })
}
