//! What can go wrong, said so that the reader knows what to do. No message holds a password, a token or a key.

use std::path::PathBuf;

/// Why something about people, sessions, keys or the audit was not done.
///
/// That a token is refused is not an error: see [`crate::embed::Refusal`]. Nor is a wrong password or an ended session.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be reached, or refused a statement.
    #[error("the metadata database: {0}")]
    Database(#[from] sqlx::Error),
    /// Its tables could not be made or brought up to date.
    #[error("the tables of the metadata database: {0}; a newer program may have changed them")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A file could not be read or made.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A value given by a person or a setting.
    #[error("{field}: {value:?} {problem}")]
    Field {
        /// Which field, such as `name` or `origins`.
        field: &'static str,
        /// What was given, shortened; empty for secrets.
        value: String,
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// Nothing of that name is known.
    #[error("there is no {what} {name:?}")]
    Unknown {
        /// `user` or `embed key`.
        what: &'static str,
        /// As asked for.
        name: String,
    },
    /// Something of that name is there already.
    #[error("there is a {what} {name:?} already")]
    Taken {
        /// `user` or `embed key`.
        what: &'static str,
        /// As given.
        name: String,
    },
    /// Someone was recognized, and then changed, disabled or removed before the session began.
    #[error("{name:?} was changed while signing in: sign in again")]
    Overtaken {
        /// Who.
        name: String,
    },
    /// The change would leave nobody who can manage the others.
    #[error("{name:?} is the last admin: make someone else an admin first")]
    LastAdmin {
        /// Whose change was refused.
        name: String,
    },
    /// A stored value is not what this program writes.
    #[error("{table}.{column} of {key:?} is not readable: {problem}; restore the database or remove that row")]
    Stored {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key, never a secret.
        key: String,
        /// What is wrong.
        problem: String,
    },
    /// The audit's chain is broken, so nothing can be added to it.
    #[error("the audit's last entry, {seq}, is not readable: run `wellspring audit verify`")]
    AuditTail {
        /// Its number.
        seq: i64,
    },
    /// Others wrote to the audit all the time.
    #[error("the audit could not be written: {tries} others were quicker")]
    AuditBusy {
        /// How often it was tried.
        tries: u32,
    },
    /// The system gave no random bytes, or a hash could not be made.
    #[error("cryptography failed: {what}")]
    Cryptography {
        /// At what.
        what: &'static str,
    },
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Whether the request should be tried again later (503), not corrected (400).
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Database(_) | Self::AuditBusy { .. })
    }

    /// Whether someone asked for what is not there (404).
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    pub(crate) fn field(field: &'static str, value: &str, problem: impl Into<String>) -> Self {
        Self::Field { field, value: shortened(value, 80), problem: problem.into() }
    }

    pub(crate) fn stored(table: &'static str, column: &'static str, key: &str, problem: impl ToString) -> Self {
        Self::Stored { table, column, key: shortened(key, 80), problem: problem.to_string() }
    }
}

/// The first characters, with `…` for the rest.
pub(crate) fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
