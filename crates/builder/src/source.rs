//! Finds the tables of a source folder: `<table>.csv`, `<table>.parquet`, or a folder `<table>/` of either.
//!
//! Names are compared without regard to case. Files inside a table's folder are read in the order of their names.
//! Hidden files and anything that is no table become notes, never errors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::BuildError;
use crate::table::{LATER, Table};

/// One file of a table.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// Relative to the source folder, with `/`; this is what messages say.
    pub(crate) name: String,
    pub(crate) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Csv,
    Parquet,
}

/// What a source folder holds.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) tables: BTreeMap<Table, Vec<SourceFile>>,
    /// Tables of the contract that are there and not read yet.
    pub(crate) later: Vec<&'static str>,
    /// Files that are no table.
    pub(crate) notes: Vec<String>,
}

/// Lists the tables of `dir`.
pub(crate) fn find(dir: &Path) -> Result<Source, BuildError> {
    if !dir.is_dir() {
        return Err(BuildError::SourceMissing { dir: dir.to_owned() });
    }
    let mut source = Source::default();
    for (path, name) in entries(dir)? {
        let stem = Path::new(&name).file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
        let found = if path.is_dir() {
            let stem = name.to_lowercase();
            let files = folder_files(&path, &name)?;
            (!files.is_empty()).then_some((stem, files))
        } else {
            form_of(&name).map(|form| {
                let name = name.clone();
                (stem, vec![SourceFile { path, name, form }])
            })
        };
        let table = found.and_then(|(stem, files)| {
            if let Some(later) = LATER.into_iter().find(|l| *l == stem) {
                source.later.push(later);
                return Some(None);
            }
            let table = Table::ALL.into_iter().find(|t| t.name() == stem)?;
            Some(Some((table, files)))
        });
        match table {
            Some(Some((table, files))) => {
                if let Some(other) = source.tables.get(&table) {
                    return Err(BuildError::GivenTwice {
                        table: table.name(),
                        first: other[0].name.clone(),
                        second: files[0].name.clone(),
                    });
                }
                source.tables.insert(table, files);
            }
            Some(None) => {}
            None => source.notes.push(format!("{name} is no table of the source contract and was not read")),
        }
    }
    if source.tables.is_empty() {
        return Err(BuildError::SourceEmpty { dir: dir.to_owned() });
    }
    Ok(source)
}

fn folder_files(dir: &Path, folder: &str) -> Result<Vec<SourceFile>, BuildError> {
    let files = entries(dir)?.into_iter().filter_map(|(path, name)| {
        let form = form_of(&name).filter(|_| path.is_file())?;
        let name = format!("{folder}/{name}");
        Some(SourceFile { path, name, form })
    });
    Ok(files.collect())
}

fn form_of(name: &str) -> Option<Form> {
    let extension = Path::new(name).extension()?.to_str()?.to_lowercase();
    match extension.as_str() {
        "csv" => Some(Form::Csv),
        "parquet" => Some(Form::Parquet),
        _ => None,
    }
}

/// Visible entries of a folder, sorted by name.
fn entries(dir: &Path) -> Result<Vec<(PathBuf, String)>, BuildError> {
    let unreadable = |e: std::io::Error| BuildError::unreadable(&dir.display().to_string(), e);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            entries.push((entry.path(), name));
        }
    }
    entries.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(entries)
}
