//! People who sign in by the company's own provider of accounts. It says who somebody is; what they may see is said
//! here alone.

use crate::{Error, Result, User};

use super::records::COLUMNS;
use super::{People, folded};

/// Characters of a provider's name for someone, such as an e-mail address.
pub const COMPANY_NAME_MAX_CHARACTERS: usize = 254;

impl People {
    /// Who the provider's account belongs to; `None` when it is nobody here, or someone disabled.
    ///
    /// `subject` never changes and is never given to another account; write the provider into it. `name` is what an
    /// admin knows the account by. The first sign-in by name notes the subject; from then on it alone counts, so that
    /// who inherits an e-mail address inherits nothing here. Without a name only a noted subject is recognized.
    ///
    /// # Errors
    /// When the database fails or the row is not readable.
    pub async fn recognize_company(&self, subject: &str, name: Option<&str>) -> Result<Option<User>> {
        if is_odd(subject) || name.is_some_and(is_odd) {
            return Ok(None);
        }
        let known = sqlx::query(concat!("SELECT ", COLUMNS!(), " FROM users WHERE company_subject = $1"));
        let mut row = known.bind(subject).fetch_optional(self.store.pool()).await?;
        if row.is_none()
            && let Some(name) = name
        {
            // One statement, so that of two accounts of one name only the first is noted.
            let first = sqlx::query(concat!(
                "UPDATE users SET company_subject = $1 WHERE company_name = $2 AND company_subject IS NULL
                 AND disabled = 0 RETURNING ",
                COLUMNS!()
            ));
            row = first.bind(subject).bind(folded(name)).fetch_optional(self.store.pool()).await?;
        }
        let user = row.map(|row| User::from_row(&row)).transpose()?;
        Ok(user.filter(|user| !user.disabled))
    }

    /// Says by which of the provider's accounts someone signs in, or that by none; ends their sessions, and forgets
    /// the account they signed in by before.
    ///
    /// # Errors
    /// When the user is unknown, or the account is another's or not usable.
    pub async fn set_company_name(&self, name: &str, company: Option<&str>) -> Result<()> {
        let company = company.map(checked).transpose()?;
        let (mut transaction, user) = self.change(name).await?;
        let update = sqlx::query("UPDATE users SET company_name = $1, company_subject = NULL WHERE id = $2");
        match update.bind(&company).bind(&user.id).execute(&mut *transaction).await {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                transaction.rollback().await?;
                Err(Error::Taken { what: COMPANY, name: company.unwrap_or_default() })
            }
            Err(error) => Err(error.into()),
            Ok(_) => self.finish(transaction, &user).await,
        }
    }
}

/// What [`Error::Taken`] calls it.
pub(super) const COMPANY: &str = "company account";

/// As it is kept.
pub(super) fn checked(company: &str) -> Result<String> {
    let problem = match company {
        _ if company.trim().is_empty() => "is empty: write it as the provider does, such as an e-mail address",
        _ if is_odd(company) || company.chars().count() > COMPANY_NAME_MAX_CHARACTERS => {
            "has a control character or more than 254 characters"
        }
        _ => return Ok(folded(company)),
    };
    Err(Error::field("company", company, problem))
}

fn is_odd(text: &str) -> bool {
    // A subject has 255 ASCII characters at most, and the provider's address before it.
    text.is_empty() || text.chars().any(char::is_control) || text.chars().count() > 4 * COMPANY_NAME_MAX_CHARACTERS
}
