//! Who may see what.
//!
//! Storage and rules, without HTTP: people and their passwords, sessions, scopes, the keys and tokens of portals, the
//! audit. The server asks; this crate answers with a value, an [`Error`] that says what to do, or an
//! [`embed::Refusal`] with a code for the client and a sentence for the log.
//!
//! | module | owns |
//! |---|---|
//! | [`Secret`] | the server's one secret and the keys derived from it |
//! | [`Store`] | the metadata database, SQLite or PostgreSQL |
//! | [`People`] | names, passwords, roles |
//! | [`Sessions`] | who is signed in; checking costs no query |
//! | [`Attempts`] | how often one may try to sign in |
//! | [`Scope`], [`Role`] | what can be seen, and by whom |
//! | [`embed`] | portals: keys and tokens |
//! | [`audit`] | who did what, chained |
//! | [`versions`] | how processes learn what others took away |
//!
//! ```no_run
//! # async fn example() -> access::Result<()> {
//! use access::{Access, Password, Role, Secret, Settings, UnixSeconds};
//! let secret = Secret::from_environment("WELLSPRING_SECRET")?;
//! let access = Access::open(&"wellspring.db".parse()?, &secret, Settings::default()).await?;
//! let (now, password) = (UnixSeconds::now(), Password::new("four random words here"));
//! access.people.add("li", &password, &Role::RegionManager { region: "华东".into() }, now).await?;
//! if let Some(user) = access.people.recognize("li", &password).await? {
//!     let token = access.sessions.begin(&user, None, now).await?;
//!     let signed = access.sessions.check(token.as_str(), now).await?;
//!     assert_eq!(signed.map(|signed| signed.role.home().to_string()), Some("region:华东".into()));
//! }
//! # Ok(())
//! # }
//! ```

mod attempts;
pub mod audit;
mod clock;
pub mod embed;
mod error;
mod people;
mod random;
mod role;
mod scope;
mod secret;
mod sessions;
mod store;
pub mod versions;

use std::sync::Arc;
use std::time::Duration;

pub use attempts::{Attempts, TooMany};
pub use clock::UnixSeconds;
pub use error::{Error, Result};
pub use people::{
    COMPANY_NAME_MAX_CHARACTERS, Cost, NAME_MAX_CHARACTERS, NewUser, OneTimePassword, PASSWORD_MAX_BYTES,
    PASSWORD_MIN_CHARACTERS, Password, People, User,
};
pub use role::Role;
pub use scope::{REGION_MAX_BYTES, Scope};
pub use secret::{Purpose, SECRET_MIN_BYTES, Secret, Subkey};
pub use sessions::{Limits, SessionToken, Sessions, Signed, Tidying};
pub use store::{Database, Store};

use versions::{Following, Versions};

/// How long, how dear and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When sessions end by themselves.
    pub limits: Limits,
    /// What hashing a password costs.
    pub cost: Cost,
    /// How often to look what other processes took away.
    pub poll_every: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { limits: Limits::DEFAULT, cost: Cost::DEFAULT, poll_every: versions::POLL_EVERY }
    }
}

/// Everything, on one database, with its background tasks; they end with this value.
#[derive(Debug)]
pub struct Access {
    /// The database; for its health and its count of queries.
    pub store: Arc<Store>,
    /// Who may sign in.
    pub people: People,
    /// Who is signed in.
    pub sessions: Sessions,
    /// How often one may try.
    pub attempts: Attempts,
    /// The portals' keys.
    pub keys: embed::Keys,
    /// Who did what.
    pub audit: audit::Audit,
    _tasks: (Following, Tidying),
}

impl Access {
    /// Opens the database and begins the background tasks; call it within a tokio runtime.
    ///
    /// # Errors
    /// When the database cannot be opened or brought up to date, or a setting is out of bounds.
    pub async fn open(database: &Database, secret: &Secret, settings: Settings) -> Result<Self> {
        let store = Store::open(database).await?;
        let versions = Versions::load(Arc::clone(&store), settings.poll_every).await?;
        let sessions = Sessions::new(Arc::clone(&store), Arc::clone(&versions), secret, settings.limits);
        Ok(Self {
            people: People::new(Arc::clone(&store), Arc::clone(&versions), settings.cost).await?,
            attempts: Attempts::new()?,
            keys: embed::Keys::new(Arc::clone(&store), Arc::clone(&versions), secret)?,
            audit: audit::Audit::new(Arc::clone(&store), secret),
            _tasks: (versions.follow(), sessions.keep_tidy()),
            sessions,
            store,
        })
    }

    /// Writes down when sessions were last used and ends all connections: call it before the program stops.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<()> {
        let tidied = self.sessions.tidy(UnixSeconds::now()).await;
        self.store.close().await;
        tidied
    }
}
