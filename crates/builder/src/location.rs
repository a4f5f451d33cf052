//! Where a source is: a folder, a PostgreSQL database, or a bucket of an object store.
//!
//! An address may hold a password. Nothing here shows it: neither [`Display`](fmt::Display), [`Debug`](fmt::Debug)
//! nor an error repeats the address as it was written.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use url::Url;

use crate::BuildError;

/// Where the tables of a source are.
///
/// ```
/// use builder::Location;
/// assert!(matches!("my-files".parse()?, Location::Folder(_)));
/// assert!(matches!("postgres://reader@db/erp?schema=sales".parse()?, Location::Postgres(_)));
/// assert!(matches!("s3://exports/nightly".parse()?, Location::Bucket(_)));
/// # Ok::<(), builder::BuildError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A folder of files.
    Folder(PathBuf),
    /// `postgres://USER@HOST:PORT/DATABASE?schema=NAME`; the password from here, `PGPASSWORD` or `~/.pgpass`.
    Postgres(DatabaseAddress),
    /// `s3://BUCKET/PREFIX`; credentials and endpoint from the usual `AWS_…` variables.
    Bucket(BucketAddress),
}

/// A PostgreSQL database and the schema that its tables are in.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseAddress {
    /// Without our own parameter `schema`.
    url: Url,
    schema: String,
}

/// A bucket, and the part of it that is the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    pub(crate) bucket: String,
    /// Without slashes at its ends; empty for the whole bucket.
    pub(crate) prefix: String,
}

impl Location {
    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(dir) => Some(dir),
            _ => None,
        }
    }
}

impl DatabaseAddress {
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }
}

impl FromStr for Location {
    type Err = BuildError;

    fn from_str(text: &str) -> Result<Self, BuildError> {
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(Self::Folder(text.into())) };
        match scheme.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => database(text).map(Self::Postgres),
            "s3" => bucket(rest).map(Self::Bucket),
            "file" => Ok(Self::Folder(rest.into())),
            other => Err(BuildError::BadLocation(format!("`{other}://` is no kind of source"))),
        }
    }
}

fn database(text: &str) -> Result<DatabaseAddress, BuildError> {
    // The text may hold a password: it is not repeated.
    let mut url = Url::parse(text)
        .map_err(|error| BuildError::BadLocation(format!("the database's address cannot be read: {error}")))?;
    let (own, others): (Vec<_>, Vec<_>) = url.query_pairs().into_owned().partition(|(key, _)| key == "schema");
    if let Some((unknown, _)) = others.iter().find(|(key, _)| !DRIVER.contains(&key.as_str())) {
        let known = DRIVER.join(", ");
        return Err(BuildError::BadLocation(format!(
            "the database's address has a parameter `{unknown}` that is not known; known are schema, {known}"
        )));
    }
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    let schema = own.into_iter().next_back().map_or_else(|| "public".to_owned(), |(_, schema)| schema);
    Ok(DatabaseAddress { url, schema })
}

/// What the driver makes of an address's parameters.
const DRIVER: [&str; 9] =
    ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "user", "password", "application_name"];

fn bucket(rest: &str) -> Result<BucketAddress, BuildError> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if bucket.is_empty() || !bucket.chars().all(sound) {
        return Err(BuildError::BadLocation("an object store's address is s3://BUCKET/PREFIX".to_owned()));
    }
    Ok(BucketAddress { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
}

/// For messages and reports: without a password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(dir) => write!(f, "{}", dir.display()),
            Self::Postgres(address) => write!(f, "{address}"),
            Self::Bucket(address) => write!(f, "{address}"),
        }
    }
}

impl fmt::Display for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = (self.url.host_str().unwrap_or("localhost"), self.url.port().unwrap_or(5432));
        write!(f, "postgres://{host}:{port}{}?schema={}", self.url.path(), self.schema)
    }
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A path is a folder, whatever it looks like; [`str::parse`] reads addresses too.
impl From<PathBuf> for Location {
    fn from(dir: PathBuf) -> Self {
        Self::Folder(dir)
    }
}

impl From<&PathBuf> for Location {
    fn from(dir: &PathBuf) -> Self {
        Self::Folder(dir.clone())
    }
}

impl From<&Path> for Location {
    fn from(dir: &Path) -> Self {
        Self::Folder(dir.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Location {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn addresses_are_told_apart() {
        assert_eq!(read("my files/出口").folder(), Some(Path::new("my files/出口")));
        assert_eq!(read("s3://b-1/a/b/").to_string(), "s3://b-1/a/b");
        assert_eq!(read("s3://b-1").to_string(), "s3://b-1");
        let Location::Postgres(address) = read("postgresql://li@db:6543/erp?sslmode=require&schema=sales") else {
            panic!("a database");
        };
        assert_eq!(address.schema(), "sales");
        assert_eq!(address.url().as_str(), "postgresql://li@db:6543/erp?sslmode=require");
        for text in ["mysql://db/x", "s3:///x", "s3://b ad/x", "postgres://db:port/x", "postgres://db/x?shema=a"] {
            text.parse::<Location>().expect_err(text);
        }
    }

    #[test]
    fn a_password_is_in_no_text() {
        let location = read("postgres://li:tell-nobody@db/erp?password=tell-nobody");
        assert_eq!(
            format!("{location} {location:?}"),
            "postgres://db:5432/erp?schema=public postgres://db:5432/erp?schema=public"
        );
        for text in ["postgres://li:tell-nobody@db:port/erp", "postgres://li:tell-nobody@db/erp?shema=tell-nobody"] {
            let error = text.parse::<Location>().expect_err("not an address").to_string();
            assert!(!error.contains("tell-nobody"), "{error}");
        }
    }
}
