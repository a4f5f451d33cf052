//! Checked rows of the files that a build reads, kept for the next one: a file that is still the same is not opened.
//!
//! What is kept of a file lies in `state/rows/` inside the snapshot's folder: its rows and, in a header, everything else
//! that reading it gave ([`header`], [`rows`]). It is used only for the same file ([`identity`]), read by the same rules:
//! builder, mapping, currency, time zone, stores and channels. A build that takes rows from here publishes the bytes that
//! it would publish if it had read all. Whatever is missing, damaged or of another form is read from its source.
//!
//! New entries are written to a folder of their own and put in place once the snapshot is published, so that a build
//! which fails or dies leaves those of before. What no file of the source needs is then removed.

mod header;
mod identity;
mod rows;
mod writing;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use tempfile::TempDir;

pub(crate) use header::{Header, Judged};
pub(crate) use writing::Writing;

use crate::names::{Catalog, Coded};
use crate::quarantine::BadRows;
use crate::report::SourceRead;
use crate::source::{Place, SourceFile};
use crate::table::Table;
use crate::{BuildError, Location, Options};
use header::hash_of;
use identity::Identity;
use rows::{Rows, list_of};

/// The folder inside that of the snapshot.
const FOLDER: &str = "state/rows";
/// What the folder of new entries begins with.
const NEW: &str = ".new-";
/// New entries that nobody added to for so long were left by a build that died.
const LEFT: Duration = Duration::from_secs(3_600);
/// Rises when what is kept would be misread.
const FORM: &str = "1";
/// The builder's sources and the versions of all it is compiled with.
const BUILDER: &str = env!("BUILDER_MARK");

/// What is kept of files from build to build.
pub(crate) struct Cache {
    out: PathBuf,
    folder: PathBuf,
    /// Where the source is.
    place: String,
    /// Whether nothing is taken from the build before.
    anew: bool,
    settled: Duration,
    least_bytes: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Folders that were not there before, the outermost first.
    made: Vec<PathBuf>,
    /// New entries.
    new: Option<TempDir>,
    new_names: Vec<String>,
    /// Entries of before that were taken.
    taken: HashSet<String>,
    /// Why no more is kept.
    fault: Option<String>,
    read: SourceRead,
}

/// What is kept of a file, which is still the same and read in the same way.
pub(crate) struct Known {
    name: String,
    rows: PathBuf,
    header: Header,
}

/// Tables whose rows are kept: the others are small, and rows of them are judged by what others say.
fn is_kept(table: Table) -> bool {
    matches!(table, Table::Members | Table::Identities | Table::Orders | Table::Returns | Table::Touches)
}

impl Cache {
    pub(crate) fn open(options: &Options) -> Self {
        let place = match &options.source {
            Location::Folder(dir) => dir.canonicalize().unwrap_or_else(|_| dir.clone()).display().to_string(),
            other => other.to_string(),
        };
        Self {
            out: options.out.clone(),
            folder: options.out.join(FOLDER),
            place,
            anew: options.read_all,
            settled: options.settled,
            least_bytes: options.least_kept,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics while it holds what is kept")
    }

    /// What is kept of a file; its rows may still be judged otherwise today.
    pub(crate) fn known(&self, table: Table, file: &SourceFile) -> Option<Known> {
        if self.anew {
            return None;
        }
        let identity = self.identity(table, file)?;
        let name = self.name(table, file);
        let header = Header::read(&self.header_path(&self.folder, &name), &self.key(table, file, &identity))?;
        Some(Known { rows: self.rows_path(&self.folder, &name), name, header })
    }

    /// What a file is known by; none where it is always read.
    fn identity(&self, table: Table, file: &SourceFile) -> Option<Identity> {
        // A small file is read as quickly as what would be kept of it, unless it comes over a network.
        let is_small = |identity: &Identity| matches!(file.place, Place::Disk(_)) && identity.bytes < self.least_bytes;
        is_kept(table).then(|| Identity::of(&file.place)).flatten().filter(|identity| !is_small(identity))
    }

    fn name(&self, table: Table, file: &SourceFile) -> String {
        hash_of(&[&self.place, table.name(), &file.name])[..32].to_owned()
    }

    fn key(&self, table: Table, file: &SourceFile, identity: &Identity) -> String {
        let (form, partition) = (format!("{:?}", file.form), format!("{:?}", file.partition));
        let entry = file.entry.mark();
        hash_of(&[FORM, BUILDER, &self.place, table.name(), &file.name, &form, &partition, entry, &identity.text])
    }

    fn header_path(&self, folder: &Path, name: &str) -> PathBuf {
        folder.join(format!("{name}.json"))
    }

    fn rows_path(&self, folder: &Path, name: &str) -> PathBuf {
        folder.join(format!("{name}.parquet"))
    }

    /// Counts a file that is read.
    pub(crate) fn tell_read(&self, file: &SourceFile) {
        let read = &mut self.state().read;
        read.files_read += 1;
        read.bytes_read += file.bytes();
    }

    /// How much was read.
    pub(crate) fn read(&self) -> SourceRead {
        self.state().read.clone()
    }

    /// Takes the rows of a file, with all that reading it would do, if they would be judged the same today. Else nothing
    /// is done and the file is to be read.
    pub(crate) fn take(
        &self,
        known: &Known,
        whose: Whose<'_>,
        judged: &Judged,
        schema: &SchemaRef,
        into: Taking<'_>,
    ) -> Result<Option<u64>, BuildError> {
        let Whose { table, file, index } = whose;
        let Taking { catalog, bad_rows, emit } = into;
        let header = &known.header;
        if !header.holds(table, judged, catalog) {
            return Ok(None);
        }
        let Some(mut rows) = Rows::open(&known.rows, &header.rows, schema) else { return Ok(None) };
        // In the order in which reading would meet them. Where a list is full, reading says which row is too much.
        let coded = rows.code(&header.used, index as u64, |column, id| match list_of(catalog, column)?.code(id) {
            Coded::Code(code) => Some(code),
            Coded::Unknown | Coded::Full => None,
        });
        if !coded {
            return Ok(None);
        }
        for bad in &header.bad {
            bad_rows.add(&file.name, bad.row, &bad.column, &bad.value, bad.reason)?;
        }
        let mut told = 0;
        for batch in rows {
            // What was summed just now can be read, unless the disk fails.
            let batch = batch.map_err(|what| BuildError::unreadable(&known.rows.display().to_string(), what))?;
            let rows = batch.num_rows() as u64;
            told += rows;
            emit(batch, rows)?;
        }
        emit(RecordBatch::new_empty(SchemaRef::clone(schema)), header.rows_read.saturating_sub(told))?;
        let mut state = self.state();
        state.taken.insert(known.name.clone());
        state.read.files_unchanged += 1;
        state.read.bytes_unchanged += file.bytes();
        Ok(Some(header.rows_read))
    }

    /// Begins to keep a file that is about to be read; none where that is of no use or not possible.
    pub(crate) fn begin(&self, table: Table, file: &SourceFile, schema: &SchemaRef) -> Option<Writing> {
        let now = SystemTime::now();
        let identity = self.identity(table, file).filter(|identity| identity.is_settled(now, self.settled))?;
        let mut state = self.state();
        if state.fault.is_some() {
            return None;
        }
        let folder = match self.new_folder(&mut state) {
            Ok(folder) => folder,
            Err(error) => {
                state.fault = Some(error.to_string());
                return None;
            }
        };
        let name = self.name(table, file);
        let key = self.key(table, file, &identity);
        Some(Writing::begin(name.clone(), key, self.rows_path(&folder, &name), schema))
    }

    /// Where new entries go until the snapshot is published.
    fn new_folder(&self, state: &mut State) -> std::io::Result<PathBuf> {
        if let Some(new) = &state.new {
            return Ok(new.path().to_owned());
        }
        let missing = self.folder.ancestors().take_while(|path| path.starts_with(&self.out) && !path.exists());
        let mut made: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        made.reverse();
        fs::create_dir_all(&self.folder)?;
        state.made = made;
        let new = tempfile::Builder::new().prefix(NEW).tempdir_in(&self.folder)?;
        let path = new.path().to_owned();
        state.new = Some(new);
        Ok(path)
    }

    /// Ends what [`Self::begin`] began: the file was read to its end.
    pub(crate) fn end(
        &self,
        writing: Writing,
        whose: Whose<'_>,
        found: crate::read::Found,
        judged: &Judged,
        catalog: &mut Catalog,
    ) {
        let Whose { table, file, .. } = whose;
        let (name, key) = (writing.name.clone(), writing.key.clone());
        let rows = writing.path.clone();
        let header = match writing.end(found, judged, catalog) {
            Ok(header) => header,
            Err(fault) => {
                let _ = fs::remove_file(&rows);
                // Bad rows beyond count are no fault.
                if let Some(fault) = fault {
                    self.state().fault.get_or_insert(fault);
                }
                return;
            }
        };
        // Somebody may have written into it meanwhile.
        let is_same = self.identity(table, file).is_some_and(|identity| self.key(table, file, &identity) == key);
        let mut state = self.state();
        let Some(folder) = state.new.as_ref().map(|new| new.path().to_owned()) else { return };
        if !is_same {
            let _ = fs::remove_file(&rows);
            return;
        }
        let path = self.header_path(&folder, &name);
        match header.write(&path) {
            Ok(()) => state.new_names.push(name),
            Err(error) => {
                let _ = fs::remove_file(&rows);
                let _ = fs::remove_file(&path);
                state.fault.get_or_insert(error.to_string());
            }
        }
    }

    /// The snapshot is published: puts new entries in place and removes those that no file needs. Gives a note where
    /// something could not be kept.
    pub(crate) fn finish(&self) -> Option<String> {
        let mut state = self.state();
        let state = &mut *state;
        let names = std::mem::take(&mut state.new_names);
        let mut needed = std::mem::take(&mut state.taken);
        if let Some(new) = state.new.take() {
            for name in names {
                // The header last: one without its rows, or with those of before, is none.
                let put = [self.rows_path(new.path(), &name), self.header_path(new.path(), &name)].iter().try_for_each(
                    |path| {
                        let to = self.folder.join(path.file_name().unwrap_or_default());
                        // Whoever put one there: no file replaces a folder.
                        if to.is_dir() {
                            let _ = fs::remove_dir_all(&to);
                        }
                        fs::rename(path, to)
                    },
                );
                if let Err(error) = put {
                    state.fault.get_or_insert(error.to_string());
                }
                needed.insert(name);
            }
        }
        state.made.clear();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| needed.contains(stem)) {
                continue;
            }
            // Another build may have begun since this one published.
            let is_new = entry.file_name().to_str().is_some_and(|name| name.starts_with(NEW));
            if is_new && !is_old(&path) {
                continue;
            }
            // What cannot be removed now is removed by the next build.
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
        let _ = fs::remove_dir(&self.folder);
        state
            .fault
            .take()
            .map(|fault| format!("rows of files could not be kept; the next build reads them again: {fault}"))
    }
}

/// Whether a folder of new entries was left by a build that died.
fn is_old(path: &Path) -> bool {
    let written = fs::metadata(path).and_then(|meta| meta.modified());
    written.is_ok_and(|written| written.elapsed().is_ok_and(|age| age > LEFT))
}

impl Drop for Cache {
    /// A build that failed leaves nothing new.
    fn drop(&mut self) {
        let Ok(state) = self.state.get_mut() else { return };
        drop(state.new.take());
        for folder in state.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A file of a table.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) table: Table,
    pub(crate) file: &'a SourceFile,
    /// Its number in the table.
    pub(crate) index: usize,
}

/// Where rows that are taken go.
pub(crate) struct Taking<'a> {
    pub(crate) catalog: &'a mut Catalog,
    pub(crate) bad_rows: &'a mut BadRows,
    /// Takes good rows and the number of rows that were read for them.
    pub(crate) emit: &'a mut dyn FnMut(RecordBatch, u64) -> Result<(), BuildError>,
}

impl Known {
    /// What reading found of the file, apart from its rows.
    pub(crate) fn found(&self) -> &crate::read::Found {
        &self.header.found
    }
}
