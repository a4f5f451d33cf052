//! Which keys the files of a table have: those that none has take no room in any row.

use super::borne::Borne;
use super::key::Key;
use crate::BuildError;
use crate::cache::Cache;
use crate::read::columns_of;
use crate::source::SourceFile;
use crate::table::Table;

/// What rows of a table bear; nothing where no file of it has a key besides the member's.
pub(crate) fn borne(table: Table, files: &[SourceFile], cache: &Cache) -> Result<Option<Borne>, BuildError> {
    let mut names = std::collections::BTreeSet::new();
    for file in files {
        match cache.known(table, file) {
            Some(known) => names.extend(known.found().columns.iter().cloned()),
            None => names.extend(columns_of(table, file)?.into_iter().map(str::to_owned)),
        }
    }
    let place = |name: &str| table.columns().iter().position(|column| column.name == name);
    let places = Key::ALL.map(|key| place(key.name()).filter(|_| key == Key::Member || names.contains(key.name())));
    let channel = place("channel_id").ok_or_else(|| BuildError::Engine(format!("{} has no channel", table.name())))?;
    Ok(Borne::new(places, channel))
}
