//! What a person is here for, and so what they may see.

use crate::scope::checked_region;
use crate::{Error, Result, Scope};

/// A person's role. That a region manager has a region, and nobody else does, is in the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sees everything; manages people, keys and the audit.
    Admin,
    /// Sees everything.
    Executive,
    /// Sees one region.
    RegionManager {
        /// The region's name, as the files have it.
        region: String,
    },
}

impl Role {
    /// From the words of the command line, of forms and of the database.
    ///
    /// # Errors
    /// When the word is unknown, or the region is missing, unreadable or given to someone who has none.
    pub fn from_words(role: &str, region: Option<&str>) -> Result<Self> {
        match (role, region) {
            ("admin", None) => Ok(Self::Admin),
            ("executive", None) => Ok(Self::Executive),
            ("region_manager", Some(region)) => Ok(Self::RegionManager { region: checked_region(region)? }),
            ("region_manager", None) => Err(Error::field("region", "", "is missing: a region manager has one")),
            ("admin" | "executive", Some(region)) => {
                Err(Error::field("region", region, format!("is given to a role without region, {role}")))
            }
            _ => Err(Error::field("role", role, "is not one of admin, executive, region_manager")),
        }
    }

    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Executive => "executive",
            Self::RegionManager { .. } => "region_manager",
        }
    }

    /// The region of a region manager.
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::RegionManager { region } => Some(region),
            Self::Admin | Self::Executive => None,
        }
    }

    /// The widest scope of this role: what opens when no scope is asked for.
    pub fn home(&self) -> Scope {
        match self {
            Self::Admin | Self::Executive => Scope::All,
            Self::RegionManager { region } => Scope::Region(region.clone()),
        }
    }

    /// Whether this role may see a scope.
    pub fn may_see(&self, scope: &Scope) -> bool {
        self.home().covers(scope)
    }

    /// Whether this role may change people and keys and read the audit.
    pub fn may_manage(&self) -> bool {
        *self == Self::Admin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str) -> Scope {
        Scope::Region(name.into())
    }

    #[test]
    fn words_read_back_as_the_role() {
        for role in [Role::Admin, Role::Executive, Role::RegionManager { region: "华东".into() }] {
            assert_eq!(Role::from_words(role.word(), role.region()).expect("its own words"), role);
        }
    }

    #[test]
    fn a_region_belongs_to_region_managers_alone() {
        for (role, given) in [
            ("region_manager", None),
            ("region_manager", Some(" ")),
            ("admin", Some("East")),
            ("executive", Some("East")),
            ("Admin", None),
            ("", None),
            ("root", None),
        ] {
            assert!(Role::from_words(role, given).is_err(), "{role} {given:?}");
        }
    }

    #[test]
    fn a_region_manager_sees_that_region_and_nothing_else() {
        let manager = Role::RegionManager { region: "East".into() };
        assert!(manager.may_see(&region("East")));
        for scope in [Scope::All, region("West"), region("east"), region("East "), region("East/.."), region("all")] {
            assert!(!manager.may_see(&scope), "{scope}");
        }
        assert!(!manager.may_manage() && !Role::Executive.may_manage() && Role::Admin.may_manage());
    }

    #[test]
    fn admins_and_executives_see_every_scope() {
        for role in [Role::Admin, Role::Executive] {
            assert!(role.may_see(&Scope::All) && role.may_see(&region("East")));
        }
    }
}
