//! Looking through the audit, latest first.

use sqlx::Row;

use super::{Audit, Entry, Link, PAGE};
use crate::Result;

/// Entries looked at for one answer; who wants to see further goes on from there.
const LOOKED_AT: i64 = 20 * PAGE;

/// Which entries are wanted; empty texts want all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of who did it, or of what it was done to; without regard to case.
    pub who: String,
    /// How the word for what was done begins, such as `user.` or `sign_in`.
    pub what: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The entries, latest first.
    pub entries: Vec<Listed>,
    /// Where to go on: the entries before this number were not looked at.
    pub next: Option<i64>,
}

/// An entry in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub seq: i64,
    /// What it says; `None` where somebody made it unreadable. Such an entry is listed whatever is wanted.
    pub entry: Option<Entry>,
}

impl Filter {
    fn wants(&self, entry: &Entry) -> bool {
        let who = self.who.to_lowercase();
        let is_named = [&entry.who, &entry.subject].iter().any(|text| text.to_lowercase().contains(&who));
        is_named && entry.what.starts_with(&self.what)
    }
}

impl Audit {
    /// The latest entries that are wanted, at most `count`; with `before`, those of smaller numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search(&self, filter: &Filter, count: usize, before: Option<i64>) -> Result<Found> {
        let (mut entries, mut before, mut looked_at) = (Vec::new(), before.unwrap_or(i64::MAX), 0);
        loop {
            let select = "SELECT seq, entry, hash FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
            let rows = sqlx::query(select).bind(before).bind(PAGE).fetch_all(self.store.pool()).await?;
            for row in &rows {
                if entries.len() >= count {
                    return Ok(Found { entries, next: Some(before) });
                }
                let seq: i64 = row.try_get(0)?;
                let entry = Link::from_row(row).and_then(|link| link.entry()).ok();
                if entry.as_ref().is_none_or(|entry| filter.wants(entry)) {
                    entries.push(Listed { seq, entry });
                }
                before = seq;
            }
            looked_at += PAGE;
            if (rows.len() as i64) < PAGE {
                return Ok(Found { entries, next: None });
            }
            if looked_at >= LOOKED_AT {
                return Ok(Found { entries, next: Some(before) });
            }
        }
    }

    /// The entries after a number as JSON lines, as [`Audit::export`] writes them, with the number of the last one;
    /// `None` where none is left. For who cannot write while the database is read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lines(&self, after: i64) -> Result<Option<(String, i64)>> {
        let links = self.page(after).await?;
        let last = links.last().map(|link| link.seq);
        Ok(last.map(|last| (links.iter().map(Link::line).collect(), last)))
    }
}
