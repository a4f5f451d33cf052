//! Which file belongs to which table: by name alone, whatever the files are kept in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Listing, Place, Source, SourceFile, split_form};
use crate::BuildError;
use crate::mapping::{Entry, Mapping};
use crate::parse::Currency;
use crate::table::{LATER, Table};

/// Gives every table its files, and every other file a note.
pub(super) fn assign(listing: Listing, mapping: &Mapping, currency: &Currency) -> Result<Source, BuildError> {
    let mut source = Source::default();
    let mut taken = BTreeSet::new();
    for table in Table::ALL {
        let mut files = Vec::new();
        for entry in mapping.entries(table, currency) {
            if entry.query.is_some() {
                return Err(entry.wrong("a `query` needs a database as the source; name a file by `from`".to_owned()));
            }
            let entry = Arc::new(entry);
            let own = [table.name().to_owned()];
            let names = if entry.from.is_empty() { &own[..] } else { &entry.from[..] };
            for name in names {
                let found = named(&listing.files, name, table)?;
                if found.is_empty() && !entry.from.is_empty() {
                    return Err(entry.wrong(format!(
                        "`{name}` is no file or folder of tables here; there are {}",
                        shown(&listing)
                    )));
                }
                for (path, place) in found {
                    taken.insert(path.clone());
                    files.extend(file(path, place, &entry));
                }
            }
        }
        if !files.is_empty() {
            source.tables.insert(table, files);
        }
    }
    notes(&listing, &taken, &mut source);
    Ok(source)
}

/// The files with this name: a file by its whole name or without the end that says its form, or all of a folder.
fn named<'a>(
    files: &'a BTreeMap<String, Place>,
    name: &str,
    table: Table,
) -> Result<Vec<(&'a String, &'a Place)>, BuildError> {
    let name = name.trim_matches('/').to_lowercase();
    let depth = name.split('/').count();
    // What the name stands for: `orders.csv`, or the folder `orders`.
    let head = |path: &str| path.split('/').take(depth).collect::<Vec<_>>().join("/");
    let mut found: Vec<(&String, &Place)> = Vec::new();
    for (path, place) in files {
        let Some((stem, _)) = split_form(path) else { continue };
        let head = head(path);
        let is_file = head.len() == path.len() && (path.to_lowercase() == name || stem.to_lowercase() == name);
        let is_within = head.len() < path.len() && head.to_lowercase() == name;
        if is_file || is_within {
            found.push((path, place));
        }
    }
    if let Some((second, _)) = found.iter().find(|(path, _)| head(path) != head(found[0].0)) {
        return Err(BuildError::GivenTwice {
            table: table.name(),
            first: found[0].0.clone(),
            second: (*second).clone(),
        });
    }
    Ok(found)
}

pub(super) fn file(path: &str, place: &Place, entry: &Arc<Entry>) -> Option<SourceFile> {
    let (_, form) = split_form(path)?;
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let partition = folders.split('/').filter_map(|folder| folder.split_once('=')).map(|(key, value)| {
        let value = if value == "__HIVE_DEFAULT_PARTITION__" { String::new() } else { unescaped(value) };
        (key.trim().to_lowercase(), value)
    });
    Some(SourceFile {
        name: path.to_owned(),
        place: place.clone(),
        form,
        partition: partition.collect(),
        entry: Arc::clone(entry),
    })
}

/// `%3A` back to `:`, as Hive and Spark write what a folder's name cannot hold.
fn unescaped(value: &str) -> String {
    if !value.contains('%') {
        return value.to_owned();
    }
    let bytes = value.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| {
            let hex = std::str::from_utf8(hex).ok().filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u8::from_str_radix(hex, 16).ok()
        });
        plain.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(plain).unwrap_or_else(|_| value.to_owned())
}

/// Says what was not read: in one line each what lies at the top, in one line a folder what lies within.
fn notes(listing: &Listing, taken: &BTreeSet<String>, source: &mut Source) {
    let mut foreign: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut tops = BTreeSet::new();
    for path in listing.files.keys().filter(|path| !taken.contains(*path)) {
        match path.split_once('/') {
            Some((top, rest)) if taken.iter().any(|other| other.starts_with(&format!("{top}/"))) => {
                foreign.entry(top).or_default().push(rest);
            }
            Some((top, _)) => {
                tops.insert(top);
            }
            None if super::MAPPINGS.contains(&path.as_str()) => {}
            None => {
                tops.insert(path);
            }
        }
    }
    tops.extend(listing.others.iter().map(String::as_str));
    for top in tops {
        let stem = split_form(top).map_or(top, |(stem, _)| stem).to_lowercase();
        match LATER.into_iter().find(|later| *later == stem) {
            Some(later) if source.later.contains(&later) => {}
            Some(later) => source.later.push(later),
            None => source.notes.push(format!("{top} is no table of the source contract and was not read")),
        }
    }
    for (folder, files) in foreign {
        source.notes.push(format!("{folder}/: neither CSV nor Parquet and not read: {}", few(&files)));
    }
    if !listing.hidden.is_empty() {
        let hidden: Vec<&str> = listing.hidden.iter().map(String::as_str).collect();
        source.notes.push(format!("hidden and not read: {}", few(&hidden)));
    }
}

/// The first few names.
pub(super) fn few(names: &[&str]) -> String {
    match names.len() {
        n if n > 5 => format!("{} and {} more", names[..5].join(", "), n - 5),
        _ => names.join(", "),
    }
}

fn shown(listing: &Listing) -> String {
    let paths = listing.files.keys().filter(|path| !super::MAPPINGS.contains(&path.as_str()));
    let tops: BTreeSet<&str> = paths.filter_map(|path| path.split('/').next()).collect();
    let tops: Vec<&str> = tops.into_iter().chain(listing.others.iter().map(String::as_str)).collect();
    if tops.is_empty() { "none".to_owned() } else { few(&tops) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[&str]) -> Listing {
        let files = names.iter().map(|name| ((*name).to_owned(), Place::Disk((*name).into())));
        Listing { files: files.collect(), ..Listing::default() }
    }

    fn assigned(names: &[&str]) -> Source {
        assign(listing(names), &Mapping::default(), &Currency::default()).expect("sound names")
    }

    #[test]
    fn files_and_folders_of_any_depth_belong_to_the_table_they_are_named_for() {
        let source = assigned(&[
            "Orders/2024-03-05.csv",
            "Orders/2024-03-06.csv.gz",
            "Orders/_SUCCESS",
            "members.CSV.ZST",
            "touches/dt=2024-03-05/store_id=S%3A1/part-0.parquet",
            "touches/dt=__HIVE_DEFAULT_PARTITION__/part-0.parquet",
            "guides.csv",
            "sales.csv",
            "readme",
            "mapping.toml",
        ]);
        let names = |table| source.tables[&table].iter().map(|file| file.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(Table::Orders), ["Orders/2024-03-05.csv", "Orders/2024-03-06.csv.gz"]);
        assert_eq!(names(Table::Members), ["members.CSV.ZST"]);
        let partitions: Vec<_> = source.tables[&Table::Touches].iter().map(|file| file.partition.clone()).collect();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(partitions, [vec![pair("dt", "2024-03-05"), pair("store_id", "S:1")], vec![pair("dt", "")]]);
        assert_eq!(source.later, ["guides"]);
        assert_eq!(
            source.notes,
            [
                "readme is no table of the source contract and was not read",
                "sales.csv is no table of the source contract and was not read",
                "Orders/: neither CSV nor Parquet and not read: _SUCCESS",
            ]
        );
    }

    #[test]
    fn a_table_in_two_forms_is_refused() {
        for names in [["orders.csv", "orders/1.csv"], ["orders.csv", "orders.csv.gz"], ["orders.csv", "ORDERS.parquet"]]
        {
            let error = assign(listing(&names), &Mapping::default(), &Currency::default()).expect_err("twice");
            assert!(matches!(error, BuildError::GivenTwice { table: "orders", .. }), "{error}");
        }
    }
}
