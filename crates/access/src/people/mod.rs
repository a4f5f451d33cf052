//! The people who may sign in with a name and a password.
//!
//! A change of what someone may do (disabled, removed, another role or region, another password) ends all their
//! sessions in the same transaction, so there is no moment at which an old session has a new role or a removed user a
//! session.

mod company;
mod password;
mod records;

use std::sync::Arc;

use sqlx::{Any, Row, Transaction};

pub use company::COMPANY_NAME_MAX_CHARACTERS;
pub use password::{Cost, OneTimePassword, PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS, Password};
pub use records::User;

use crate::error::shortened;
use crate::versions::{Topic, Versions};
use crate::{Error, Result, Role, Store, UnixSeconds, random};
use password::{Hasher, Verdict};
use records::COLUMNS;

/// Characters that a name may have at most.
pub const NAME_MAX_CHARACTERS: usize = 64;

/// Someone to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewUser<'a> {
    /// Their name, compared without regard to case.
    pub name: &'a str,
    /// What they may see and do.
    pub role: &'a Role,
    /// Without one they sign in by the company's provider alone.
    pub password: Option<&'a Password>,
    /// The password was made up by somebody else: they have to set another.
    pub password_once: bool,
    /// What the company's provider of accounts calls them, such as an e-mail address.
    pub company: Option<&'a str>,
}

/// Adds, changes, removes and recognizes people.
#[derive(Clone, Debug)]
pub struct People {
    store: Arc<Store>,
    versions: Arc<Versions>,
    hasher: Hasher,
}

impl People {
    /// Hashes one password that nobody has, to compare with when a name is unknown.
    ///
    /// # Errors
    /// When the cost is out of argon2's bounds.
    pub async fn new(store: Arc<Store>, versions: Arc<Versions>, cost: Cost) -> Result<Self> {
        Ok(Self { store, versions, hasher: Hasher::new(cost).await? })
    }

    /// Adds someone who signs in by a password.
    ///
    /// # Errors
    /// When the name is taken or not usable, or the password too weak.
    pub async fn add(&self, name: &str, password: &Password, role: &Role, now: UnixSeconds) -> Result<User> {
        self.add_new(&NewUser { name, role, password: Some(password), password_once: false, company: None }, now).await
    }

    /// Adds someone.
    ///
    /// # Errors
    /// When the name or the company's account is taken or not usable, or the password too weak.
    pub async fn add_new(&self, new: &NewUser<'_>, now: UnixSeconds) -> Result<User> {
        check_name(new.name)?;
        let company_name = new.company.map(company::checked).transpose()?;
        let hash = match new.password {
            Some(password) => {
                password.check(new.name)?;
                Some(self.hasher.hash(password).await?)
            }
            None => None,
        };
        let (id, name, role, password_once) = (random::id()?, new.name.into(), new.role.clone(), new.password_once);
        let user = User { id, name, role, password_once, company_name, disabled: false, created: now, generation: 0 };
        let insert = sqlx::query(
            "INSERT INTO users (id, name, name_key, password_hash, role, region, disabled, generation, created,
                                password_once, company_name)
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9)",
        );
        let insert = insert.bind(&user.id).bind(new.name).bind(folded(new.name)).bind(hash);
        let insert = insert.bind(user.role.word()).bind(user.role.region()).bind(now.0);
        match insert.bind(i64::from(password_once)).bind(&user.company_name).execute(self.store.pool()).await {
            // SQLite names the column, PostgreSQL the index, which has the column's name in its own.
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                let of_company = new.company.filter(|_| error.message().contains("company_name"));
                let (what, name) = of_company.map_or(("user", new.name), |company| (company::COMPANY, company));
                Err(Error::Taken { what, name: name.into() })
            }
            done => done.map(|_| user).map_err(Into::into),
        }
    }

    /// Someone by name, whether disabled or not.
    ///
    /// # Errors
    /// When the database fails or the row is not readable.
    pub async fn find(&self, name: &str) -> Result<Option<User>> {
        Ok(self.row(name).await?.map(|(user, _)| user))
    }

    /// Everybody, by folded name.
    ///
    /// # Errors
    /// When the database fails or a row is not readable.
    pub async fn all(&self) -> Result<Vec<User>> {
        let select = sqlx::query(concat!("SELECT ", COLUMNS!(), " FROM users ORDER BY name_key"));
        let rows = select.fetch_all(self.store.pool()).await?;
        rows.iter().map(User::from_row).collect()
    }

    /// Who signs in with this name and password; `None` when it is nobody, for whatever reason.
    ///
    /// An unknown name takes as long as a wrong password, and a disabled user's right one is as wrong as any. Ask
    /// [`crate::Attempts::check`] first. A hash that costs less than new ones is made anew.
    ///
    /// # Errors
    /// When the database fails or the row is not readable.
    pub async fn recognize(&self, name: &str, password: &Password) -> Result<Option<User>> {
        let row = self.row(name).await?;
        let kept = row.as_ref().and_then(|(_, hash)| hash.as_deref());
        let verdict = self.hasher.verify(password, kept).await?;
        let user = row.map(|(user, _)| user).filter(|user| verdict != Verdict::Wrong && !user.disabled);
        if let (Some(user), Verdict::RightButCheap) = (&user, verdict) {
            let hash = self.hasher.hash(password).await?;
            // Unless it was changed meanwhile: an old password must not come back.
            let update = sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2 AND generation = $3");
            let update = update.bind(hash).bind(&user.id).bind(user.generation);
            update.execute(self.store.pool()).await?;
        }
        Ok(user)
    }

    /// Sets a password and ends the user's sessions.
    ///
    /// # Errors
    /// When the user is unknown or the password too weak.
    pub async fn set_password(&self, name: &str, password: &Password) -> Result<()> {
        self.keep_password(name, password, false).await
    }

    /// Gives a user a password that they have to change when they sign in; ends their sessions.
    ///
    /// # Errors
    /// When the user is unknown.
    pub async fn reset_password(&self, name: &str) -> Result<OneTimePassword> {
        let password = OneTimePassword::generate()?;
        self.keep_password(name, password.password(), true).await?;
        Ok(password)
    }

    async fn keep_password(&self, name: &str, password: &Password, once: bool) -> Result<()> {
        password.check(name)?;
        let hash = self.hasher.hash(password).await?;
        let (mut transaction, user) = self.change(name).await?;
        let update = sqlx::query("UPDATE users SET password_hash = $1, password_once = $2 WHERE id = $3");
        update.bind(hash).bind(i64::from(once)).bind(&user.id).execute(&mut *transaction).await?;
        self.finish(transaction, &user).await
    }

    /// Sets a role, with the region of a region manager, and ends the user's sessions.
    ///
    /// # Errors
    /// When the user is unknown or the last admin.
    pub async fn set_role(&self, name: &str, role: &Role) -> Result<()> {
        let (mut transaction, user) = self.change(name).await?;
        let update = sqlx::query("UPDATE users SET role = $1, region = $2 WHERE id = $3");
        update.bind(role.word()).bind(role.region()).bind(&user.id).execute(&mut *transaction).await?;
        self.finish(transaction, &user).await
    }

    /// Lets someone in no more, or again; either way ends the user's sessions.
    ///
    /// # Errors
    /// When the user is unknown or the last admin.
    pub async fn set_disabled(&self, name: &str, disabled: bool) -> Result<()> {
        let (mut transaction, user) = self.change(name).await?;
        let update = sqlx::query("UPDATE users SET disabled = $1 WHERE id = $2").bind(i64::from(disabled));
        update.bind(&user.id).execute(&mut *transaction).await?;
        self.finish(transaction, &user).await
    }

    /// Removes someone and their sessions. The audit keeps the name.
    ///
    /// # Errors
    /// When the user is unknown or the last admin.
    pub async fn remove(&self, name: &str) -> Result<()> {
        let (mut transaction, user) = self.change(name).await?;
        sqlx::query("DELETE FROM users WHERE id = $1").bind(&user.id).execute(&mut *transaction).await?;
        self.finish(transaction, &user).await
    }

    async fn row(&self, name: &str) -> Result<Option<(User, Option<String>)>> {
        if !is_askable(name) {
            return Ok(None);
        }
        let select = sqlx::query(concat!("SELECT ", COLUMNS!(), ", password_hash FROM users WHERE name_key = $1"));
        let row = select.bind(folded(name)).fetch_optional(self.store.pool()).await?;
        row.map(|row| Ok((User::from_row(&row)?, row.try_get("password_hash")?))).transpose()
    }

    /// Begins a change of someone. Raising the version first makes changes wait for each other.
    async fn change(&self, name: &str) -> Result<(Transaction<'static, Any>, User)> {
        let unknown = || Error::Unknown { what: "user", name: shortened(name, NAME_MAX_CHARACTERS) };
        if !is_askable(name) {
            return Err(unknown());
        }
        let mut transaction = self.store.begin().await?;
        self.versions.raise(&mut transaction, Topic::Sessions).await?;
        let select = sqlx::query(concat!("SELECT ", COLUMNS!(), " FROM users WHERE name_key = $1"));
        let row = select.bind(folded(name)).fetch_optional(&mut *transaction).await?;
        let row = row.ok_or_else(unknown)?;
        let user = User::from_row(&row)?;
        Ok((transaction, user))
    }

    /// Ends the user's sessions, makes sure that an admin is left if there was one, and commits.
    async fn finish(&self, mut transaction: Transaction<'static, Any>, before: &User) -> Result<()> {
        if before.role.may_manage() && !before.disabled {
            let count = sqlx::query("SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled = 0");
            if count.fetch_one(&mut *transaction).await?.try_get::<i64, _>(0)? == 0 {
                transaction.rollback().await?;
                return Err(Error::LastAdmin { name: before.name.clone() });
            }
        }
        let update = sqlx::query("UPDATE users SET generation = generation + 1 WHERE id = $1").bind(&before.id);
        update.execute(&mut *transaction).await?;
        let delete = sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(&before.id);
        delete.execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.versions.changed(Topic::Sessions);
        Ok(())
    }
}

/// Names are compared in lower case and without white space around them.
pub(crate) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether someone could be called that. PostgreSQL cannot even be asked for a name with a zero.
fn is_askable(name: &str) -> bool {
    !name.chars().any(char::is_control)
}

fn check_name(name: &str) -> Result<()> {
    let problem = match name {
        _ if name.trim().is_empty() => "is empty",
        _ if name.trim() != name => "has white space around it: leave that out",
        _ if name.chars().count() > NAME_MAX_CHARACTERS => "has more than 64 characters",
        _ if !is_askable(name) => "has a control character",
        _ => return Ok(()),
    };
    Err(Error::field("name", name, problem))
}
