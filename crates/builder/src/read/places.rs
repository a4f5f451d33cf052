//! Where each column of the contract stands in a file: under its own name, under the one a mapping file gives it, in
//! the name of a folder, or nowhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::notes::Notes;
use crate::BuildError;
use crate::source::SourceFile;
use crate::table::{Column, Table};

/// Where the cells of a column come from.
pub(super) enum Cells {
    /// From this column of the file.
    Column(usize),
    /// Every row has this.
    Constant(String),
    Absent,
}

impl Cells {
    pub(super) fn column(&self) -> Option<usize> {
        match self {
            Self::Column(place) => Some(*place),
            _ => None,
        }
    }
}

/// Finds every column of a table; notes what is left aside.
pub(super) fn places(
    table: Table,
    file: &SourceFile,
    header: &[String],
    notes: &mut Notes,
) -> Result<Vec<Cells>, BuildError> {
    let names: Vec<String> = header.iter().map(|h| h.trim().to_lowercase()).collect();
    for (i, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..i].contains(name) {
            return Err(BuildError::ColumnTwice { file: file.name.clone(), column: name.clone() });
        }
    }
    let columns = table.columns();
    let cells: Vec<Cells> = columns.iter().map(|column| cells_of(column, file, &names)).collect();
    let entry = Arc::as_ptr(&file.entry) as usize;
    notes.headers.insert(entry, shown(&names));
    for (column, cells) in columns.iter().zip(&cells) {
        if column.required && matches!(cells, Cells::Absent) {
            return Err(BuildError::MissingColumn {
                file: file.name.clone(),
                column: column.name,
                found: shown(&names),
                hint: hint(table, column, file, &names),
            });
        }
        if !matches!(cells, Cells::Absent) {
            notes.mapped.entry(entry).or_default().insert(column.name);
        }
    }
    let used: BTreeSet<usize> = cells.iter().filter_map(Cells::column).collect();
    let rest = names.iter().enumerate().filter(|(place, _)| !used.contains(place)).map(|(_, name)| name);
    let (later, unknown): (Vec<_>, Vec<_>) = rest.partition(|name| table.later_columns().contains(&name.as_str()));
    for (names, why) in [(later, "are read by a later version"), (unknown, "are unknown and were ignored")] {
        if !names.is_empty() {
            notes.add(&file.name, format!(": columns that {why}: {}", shown(&names)));
        }
    }
    Ok(cells)
}

fn cells_of(column: &Column, file: &SourceFile, names: &[String]) -> Cells {
    if let Some(value) = file.entry.constant(column.name) {
        return Cells::Constant(value.to_owned());
    }
    let mut wanted = file.entry.names(column.name);
    let found = wanted.find_map(|wanted| {
        let in_file = names.iter().position(|name| name == wanted).map(Cells::Column);
        let in_folder = || file.partition.iter().find(|(key, _)| key == wanted);
        in_file.or_else(|| in_folder().map(|(_, value)| Cells::Constant(value.clone())))
    });
    found.unwrap_or(Cells::Absent)
}

/// The header of a file whose places were just found.
pub(super) fn header_of(file: &SourceFile, notes: &Notes) -> String {
    notes.headers.get(&(Arc::as_ptr(&file.entry) as usize)).cloned().unwrap_or_default()
}

/// Notes the columns of a file that were found by an earlier reading.
pub(super) fn known(file: &SourceFile, columns: impl Iterator<Item = &'static str>, header: &str, notes: &mut Notes) {
    let entry = Arc::as_ptr(&file.entry) as usize;
    notes.headers.insert(entry, header.to_owned());
    notes.mapped.entry(entry).or_default().extend(columns);
}

/// A column that a mapping file names must be in one of its files at least; else it is a slip of the pen.
pub(super) fn all_found(table: Table, files: &[SourceFile], notes: &mut Notes) -> Result<(), BuildError> {
    for file in files {
        let entry = Arc::as_ptr(&file.entry) as usize;
        let found = notes.mapped.get(&entry);
        let missing = table.columns().iter().find(|column| {
            file.entry.is_renamed(column.name) && !found.is_some_and(|found| found.contains(column.name))
        });
        if let Some(column) = missing {
            let names: Vec<&str> = file.entry.names(column.name).collect();
            let found = notes.headers.get(&entry).map_or("", String::as_str);
            return Err(file.entry.wrong(format!(
                "columns: `{}` should be `{}`, which {} does not have; found {found}",
                column.name,
                names.join("` or `"),
                file.name
            )));
        }
    }
    Ok(())
}

fn shown(names: &[impl AsRef<str>]) -> String {
    let all: Vec<String> = names.iter().map(|n| n.as_ref().chars().take(40).collect()).collect();
    match all.len() {
        0 => "no columns at all".to_owned(),
        n if n > 30 => format!("{} and {} more", all[..30].join(", "), n - 30),
        _ => all.join(", "),
    }
}

fn hint(table: Table, column: &Column, file: &SourceFile, names: &[String]) -> String {
    match names {
        [only] if only.contains(';') || only.contains('\t') => {
            "add it or rename yours (the cells seem to be separated by `;` or tabs; separate them by commas)".to_owned()
        }
        _ if file.entry.is_renamed(column.name) => {
            let wanted: Vec<&str> = file.entry.names(column.name).collect();
            format!("{} says that it is called `{}`", file.entry.remedy(table), wanted.join("` or `"))
        }
        _ => "add it, or say in a mapping file what it is called here (`wellspring inspect` proposes one)".to_owned(),
    }
}
