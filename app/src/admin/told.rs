//! What came of a form, in words, and the field it belongs to.

use crate::i18n::{Lang, t};

/// What came of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminTold {
    /// Someone was added.
    Added,
    /// What someone sees was changed.
    Changed,
    /// Someone is let in no more.
    Disabled,
    /// Someone is let in again.
    Enabled,
    /// Someone has another password.
    PasswordReset,
    /// Someone's sessions were ended.
    SessionsEnded,
    /// A portal's key was added.
    KeyAdded,
    /// A portal's key was revoked.
    KeyRevoked,
    /// The name is not usable.
    Name,
    /// Somebody has the name.
    NameTaken,
    /// It is not said what the person may see.
    Sees,
    /// The company's account is not usable.
    Company,
    /// The company's account is another's.
    CompanyTaken,
    /// Neither a password nor an account: nobody could sign in.
    NoWayIn,
    /// Nobody could manage the others any more.
    LastAdmin,
    /// Nobody, or no key, of that name.
    Unknown,
    /// The form came from elsewhere, or is too old.
    Foreign,
    /// The portal's name is not usable.
    Portal,
    /// Not an origin.
    Origins {
        /// What was given.
        given: String,
    },
    /// Nothing may be shown.
    Scopes,
    /// No view may be shown.
    Views,
    /// Not a public key.
    PublicKey,
}

impl AdminTold {
    /// Whether it went well.
    pub fn is_done(&self) -> bool {
        matches!(
            self,
            Self::Added
                | Self::Changed
                | Self::Disabled
                | Self::Enabled
                | Self::PasswordReset
                | Self::SessionsEnded
                | Self::KeyAdded
                | Self::KeyRevoked
        )
    }

    /// The field that is wrong, by its name in the form.
    pub(super) fn field(&self) -> Option<&'static str> {
        match self {
            Self::Name | Self::NameTaken => Some("name"),
            Self::Sees => Some("sees"),
            Self::Company | Self::CompanyTaken => Some("company"),
            Self::NoWayIn => Some("password"),
            Self::Portal => Some("portal"),
            Self::Origins { .. } => Some("origins"),
            Self::Scopes => Some("scopes"),
            Self::Views => Some("views"),
            Self::PublicKey => Some("public_key"),
            _ => None,
        }
    }

    pub(super) fn sentence(&self, lang: Lang) -> String {
        let text = match self {
            Self::Origins { given } => return t!(lang, admin.bad_origins, given),
            Self::Added => t!(lang, admin.added),
            Self::Changed => t!(lang, admin.changed),
            Self::Disabled => t!(lang, admin.disabled_now),
            Self::Enabled => t!(lang, admin.enabled_now),
            Self::PasswordReset => t!(lang, admin.password_reset),
            Self::SessionsEnded => t!(lang, admin.sessions_ended),
            Self::KeyAdded => t!(lang, admin.key_added),
            Self::KeyRevoked => t!(lang, admin.key_revoked),
            Self::Name => t!(lang, admin.bad_name),
            Self::NameTaken => t!(lang, admin.name_taken),
            Self::Sees => t!(lang, admin.bad_sees),
            Self::Company => t!(lang, admin.bad_company),
            Self::CompanyTaken => t!(lang, admin.company_taken),
            Self::NoWayIn => t!(lang, admin.no_way_in),
            Self::LastAdmin => t!(lang, admin.last_admin),
            Self::Unknown => t!(lang, admin.unknown),
            Self::Foreign => t!(lang, door.foreign),
            Self::Portal => t!(lang, admin.bad_portal),
            Self::Scopes => t!(lang, admin.bad_scopes),
            Self::Views => t!(lang, admin.bad_views),
            Self::PublicKey => t!(lang, admin.bad_public_key),
        };
        text.to_owned()
    }
}
