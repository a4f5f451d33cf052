//! A person as the database has them, without the password's hash.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::{Error, Result, Role, UnixSeconds};

/// The columns that [`User::from_row`] reads.
macro_rules! COLUMNS {
    () => {
        "id, name, role, region, disabled, generation, created, password_once, company_name"
    };
}
pub(super) use COLUMNS;

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Stays the same for ever and is never given to another.
    pub id: String,
    /// As written when added; compared without regard to case.
    pub name: String,
    /// What they may see and do.
    pub role: Role,
    /// Kept, but not let in.
    pub disabled: bool,
    /// When they were added.
    pub created: UnixSeconds,
    /// The password was made up by somebody else: its owner has to set another.
    pub password_once: bool,
    /// What the company's provider of accounts calls them, folded, if they sign in by it.
    pub company_name: Option<String>,
    /// Raised by every change of what they may do.
    pub(crate) generation: i64,
}

impl User {
    pub(crate) fn from_row(row: &AnyRow) -> Result<Self> {
        let (id, role, region): (String, String, Option<String>) =
            (row.try_get("id")?, row.try_get("role")?, row.try_get("region")?);
        let role = Role::from_words(&role, region.as_deref());
        Ok(Self {
            role: role.map_err(|error| Error::stored("users", "role", &id, error))?,
            name: row.try_get("name")?,
            disabled: row.try_get::<i64, _>("disabled")? != 0,
            created: UnixSeconds(row.try_get("created")?),
            password_once: row.try_get::<i64, _>("password_once")? != 0,
            company_name: row.try_get("company_name")?,
            generation: row.try_get("generation")?,
            id,
        })
    }
}
