//! Which part of the retailer someone sees. Every scope is a snapshot folder of its own, so that no filter can fail
//! open.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Bytes that a region's name may have at most.
pub const REGION_MAX_BYTES: usize = 200;

/// Everything, or one region.
///
/// Written `all` or `region:NAME`; the name is compared byte for byte, as the files have it. Which folder a scope's
/// snapshots lie in is said by `snapshot::scope` alone.
///
/// ```
/// use access::Scope;
/// let scope: Scope = "region:华东".parse()?;
/// assert_eq!(scope, Scope::Region("华东".into()));
/// assert_eq!(scope.to_string(), "region:华东");
/// assert!(Scope::All.covers(&scope) && !scope.covers(&Scope::All));
/// # Ok::<(), access::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// The whole retailer.
    All,
    /// The stores of one region.
    Region(String),
}

impl Scope {
    /// Whether all that `other` shows is in this scope.
    pub fn covers(&self, other: &Self) -> bool {
        *self == Self::All || self == other
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Region(name) => write!(f, "region:{name}"),
        }
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.strip_prefix("region:") {
            Some(name) => Ok(Self::Region(checked_region(name)?)),
            None if text == "all" => Ok(Self::All),
            None => Err(Error::field("scope", text, "is neither `all` nor `region:NAME`")),
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

/// A region's name that can be stored and shown.
pub(crate) fn checked_region(name: &str) -> Result<String> {
    let problem = match name {
        _ if name.trim().is_empty() => "is empty: name the region as the store table does",
        _ if name.len() > REGION_MAX_BYTES => "has more than 200 bytes",
        _ if name.chars().any(char::is_control) => "has a control character",
        _ => return Ok(name.to_owned()),
    };
    Err(Error::field("region", name, problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_scope_is_refused_by_name() {
        for text in ["", "ALL", "all ", "region", "region:", "region:  ", "region:a\nb", "store:1", "East"] {
            let error = text.parse::<Scope>().expect_err(text).to_string();
            assert!(error.starts_with("scope: ") || error.starts_with("region: "), "{error}");
        }
        assert!(format!("region:{}", "x".repeat(201)).parse::<Scope>().is_err());
    }

    proptest! {
        #[test]
        fn a_scope_reads_back_as_itself(name in "[^\\p{Cc}]{1,40}") {
            prop_assume!(!name.trim().is_empty());
            let scope = Scope::Region(name);
            prop_assert_eq!(scope.to_string().parse::<Scope>().expect("its own text"), scope);
        }
    }
}
