//! Who is let in: whoever uses this machine, or who signs in.

use std::sync::Arc;

use access::audit::Event;
use access::{Access, Database, Purpose, Secret, Settings, Signed, Subkey, UnixSeconds};
use axum::http::HeaderMap;

use crate::company::Company;
use crate::cookies;
use crate::rejection::Rejection;
use crate::serve::ServeError;

/// Who may read.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Whoever reaches the server, which then listens on this machine only.
    Open,
    /// People who sign in.
    SignIn(Box<SignIn>),
}

/// What signing in rests on.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Where people, sessions, keys and the audit are kept.
    pub database: Database,
    /// The server's secret.
    pub secret: Secret,
    /// How long sessions last and what a password's hash costs.
    pub settings: Settings,
    /// The company's provider of accounts, if people may sign in by one.
    pub company: Option<oidc::Config>,
}

/// The door of a running server.
#[derive(Debug)]
pub(crate) enum Door {
    /// Everything is shown to everybody on this machine.
    Open,
    /// Only who has signed in is let in.
    Guarded(Box<Guard>),
}

/// Knows people, sessions and the audit.
#[derive(Debug)]
pub(crate) struct Guard {
    /// People, sessions, audit.
    pub(crate) access: Access,
    /// The company's provider of accounts, if there is one.
    pub(crate) company: Option<Company>,
    forms: Subkey,
}

impl Door {
    /// Opens the database, where there is one.
    ///
    /// # Errors
    /// When the database cannot be opened, or this machine's TLS not be set up.
    pub(crate) async fn open(entry: Entry) -> Result<Self, ServeError> {
        let Entry::SignIn(with) = entry else { return Ok(Self::Open) };
        let SignIn { database, secret, settings, company } = *with;
        let access = Access::open(&database, &secret, settings).await?;
        let company = company.map(|config| Company::new(config, secret.subkey(Purpose::CompanySignIn))).transpose()?;
        Ok(Self::Guarded(Box::new(Guard { access, company, forms: secret.subkey(Purpose::FormTokens) })))
    }

    /// The guard, where people sign in.
    pub(crate) fn guard(&self) -> Option<&Guard> {
        match self {
            Self::Open => None,
            Self::Guarded(guard) => Some(guard),
        }
    }
}

impl Guard {
    /// Who sent a request; `None` for nobody. No query for a session that this process has seen.
    ///
    /// # Errors
    /// When the database had to be asked and failed: neither signed in nor out.
    pub(crate) async fn signed(&self, headers: &HeaderMap) -> Result<Option<Arc<Signed>>, Rejection> {
        let Some(token) = cookies::read(headers, cookies::SESSION) else { return Ok(None) };
        Ok(self.access.sessions.check(token, UnixSeconds::now()).await?)
    }

    /// The token of forms that go with a cookie's value.
    ///
    /// Derived, not stored: another site can neither read the cookie nor make the token, and with a session its forms
    /// are void as well.
    pub(crate) fn form_token(&self, cookie: &str) -> String {
        self.form_hash(cookie).to_hex().to_string()
    }

    /// Whether a form's token goes with a cookie's value; compared in constant time.
    pub(crate) fn form_fits(&self, cookie: &str, token: &str) -> bool {
        blake3::Hash::from_hex(token).is_ok_and(|token| token == self.form_hash(cookie))
    }

    /// Adds to the audit; what cannot be noted is not done.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, event: &Event) -> Result<(), Rejection> {
        self.access.audit.append(event, UnixSeconds::now()).await?;
        Ok(())
    }

    fn form_hash(&self, cookie: &str) -> blake3::Hash {
        blake3::keyed_hash(&self.forms, cookie.as_bytes())
    }
}
