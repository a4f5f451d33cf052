//! All that lies at a location, in groups that seem to be one table each: for looking, not for building.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::bucket::Bucket;
use super::database::{self, Database};
use super::remote::Remote;
use super::{Listing, Location, SourceFile, assign, folder, mapping_here, mapping_in, split_form};
use crate::BuildError;
use crate::mapping::{Entry, Mapping};
use crate::table::Table;

/// What lies at a location.
pub(crate) struct Everything {
    pub(crate) groups: Vec<Group>,
    pub(crate) mapping: Mapping,
    pub(crate) notes: Vec<String>,
}

/// A file, the files of a folder, or a database table.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) files: Vec<SourceFile>,
}

/// Lists everything at a location.
pub(crate) fn everything(location: &Location, mapping: Option<&Path>) -> Result<Everything, BuildError> {
    let given = mapping.map(Mapping::open).transpose()?;
    let (listing, mapping) = match location {
        Location::Folder(dir) => {
            let mapping = mapping_here(dir, given)?;
            (folder::list(dir, None)?, mapping)
        }
        Location::Bucket(address) => {
            let listing = Bucket::open(address, Remote::new()?)?.list()?;
            let mapping = given.map_or_else(|| mapping_in(&listing), Ok)?;
            (listing, mapping)
        }
        Location::Postgres(address) => {
            let database = Database::open(address, Remote::new()?)?;
            let groups = database::groups(&database)?;
            return Ok(Everything { groups, mapping: given.unwrap_or_default(), notes: Vec::new() });
        }
    };
    let groups = groups(&listing, &mapping);
    if groups.is_empty() {
        return Err(BuildError::SourceEmpty { place: location.to_string() });
    }
    let mut notes = Vec::new();
    let foreign: Vec<&str> = listing
        .files
        .keys()
        .map(String::as_str)
        .filter(|path| split_form(path).is_none() && !super::MAPPINGS.contains(path))
        .collect();
    if !foreign.is_empty() {
        notes.push(format!("neither CSV nor Parquet: {}", assign::few(&foreign)));
    }
    let hidden: Vec<&str> = listing.hidden.iter().map(String::as_str).collect();
    if !hidden.is_empty() {
        notes.push(format!("hidden: {}", assign::few(&hidden)));
    }
    Ok(Everything { groups, mapping, notes })
}

fn groups(listing: &Listing, mapping: &Mapping) -> Vec<Group> {
    let entry = Arc::new(Entry::default());
    let mut groups: BTreeMap<String, Vec<SourceFile>> = BTreeMap::new();
    for (path, place) in &listing.files {
        if let Some(file) = assign::file(path, place, &entry) {
            groups.entry(group_of(path, mapping)).or_default().push(file);
        }
    }
    groups.into_iter().map(|(name, files)| Group { name, files }).collect()
}

/// A file's own name at the top; within folders the one that the mapping file or the contract names, else the deepest
/// that is no partition.
fn group_of(path: &str, mapping: &Mapping) -> String {
    let Some((folders, _)) = path.rsplit_once('/') else { return path.to_owned() };
    let within = |name: &str| folders == name || folders.starts_with(&format!("{name}/"));
    if let Some(from) = mapping.sources().map(|from| from.trim_matches('/')).find(|from| within(from)) {
        return from.to_owned();
    }
    let parts: Vec<&str> = folders.split('/').take_while(|part| !part.contains('=')).collect();
    match parts.first() {
        Some(first) if Table::ALL.iter().any(|table| table.name().eq_ignore_ascii_case(first)) => (*first).to_owned(),
        Some(_) => parts.join("/"),
        None => folders.to_owned(),
    }
}
