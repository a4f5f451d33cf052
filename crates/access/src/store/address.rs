//! Where the metadata is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions, Error as SqlxError};
use url::Url;

use crate::{Error, Result};

/// A SQLite file or a PostgreSQL server.
///
/// ```
/// use access::Database;
/// assert!(matches!("var/wellspring.db".parse()?, Database::File(_)));
/// assert!(matches!("postgres://app@db/wellspring".parse()?, Database::Postgres(_)));
/// # Ok::<(), access::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// The file of a SQLite database; made if it is missing. Its folder must be on a local disk.
    File(PathBuf),
    /// `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full`.
    Postgres(Url),
}

impl Database {
    pub(super) fn connect_options(&self) -> Result<AnyConnectOptions> {
        let url = match self {
            Self::Postgres(url) => url.clone(),
            Self::File(path) => {
                let path = std::path::absolute(path).map_err(|source| Error::File { path: path.clone(), source })?;
                let text = path.to_str().ok_or_else(|| {
                    Error::field("database", &path.to_string_lossy(), "is not Unicode: choose another path")
                })?;
                let mut url = Url::parse("sqlite:///").map_err(|error| SqlxError::Configuration(error.into()))?;
                // `set_path` would take these as they are; sqlx decodes them.
                url.set_path(&text.replace('%', "%25").replace('?', "%3F").replace('#', "%23"));
                url
            }
        };
        Ok(AnyConnectOptions::from_url(&url)?)
    }
}

impl FromStr for Database {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some("postgres" | "postgresql") => match Url::parse(text) {
                Ok(url) => Ok(Self::Postgres(url)),
                // The text may hold a password: it is not repeated.
                Err(error) => Err(Error::field("database", "", format!("is not a URL that can be read: {error}"))),
            },
            Some(scheme) => {
                Err(Error::field("database", scheme, "is not a known kind: give a file's path or postgres://…"))
            }
            None if text.trim().is_empty() => {
                Err(Error::field("database", "", "is empty: give a file's path or postgres://…"))
            }
            None => Ok(Self::File(text.strip_prefix("sqlite:").unwrap_or(text).into())),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// For logs: without the password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "SQLite in {}", path.display()),
            Self::Postgres(url) => {
                let (host, port) = (url.host_str().unwrap_or("localhost"), url.port().unwrap_or(5432));
                write!(f, "PostgreSQL at {host}:{port}{}", url.path())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_text() {
        let database: Database =
            "postgres://app:tell-nobody@db:6543/wells?password=tell-nobody".parse().expect("a URL");
        assert_eq!(format!("{database} {database:?}"), "PostgreSQL at db:6543/wells PostgreSQL at db:6543/wells");
        let error = "postgres://app:tell-nobody@db:port/".parse::<Database>().expect_err("no port").to_string();
        assert!(!error.contains("tell-nobody"), "{error}");
    }

    #[test]
    fn other_databases_are_refused_by_name() {
        for text in ["mysql://db/x", "http://db", "", "  "] {
            assert!(text.parse::<Database>().expect_err(text).to_string().starts_with("database: "), "{text}");
        }
    }

    #[test]
    fn a_file_may_have_any_name() {
        for text in ["a b.db", "数据.db", "50%.db", "what?.db", "a#b.db", "sqlite:plain.db"] {
            let database: Database = text.parse().expect(text);
            database.connect_options().expect(text);
        }
    }
}
