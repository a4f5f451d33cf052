//! A database of its own for every test, and a second process on it.

use std::time::{Duration, Instant};

use access::{Access, Cost, Database, Limits, Password, Role, Secret, Settings, UnixSeconds, User};
use sqlx::{AnyPool, AssertSqlSafe, Row};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// When the tests happen.
pub(crate) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// The server's secret in the tests.
pub(crate) const SECRET: &str = "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V";

/// Looks often, so that tests need not wait long; hashes cheaply.
pub(crate) const SETTINGS: Settings = Settings {
    limits: Limits::DEFAULT,
    cost: Cost { memory_kib: 32, passes: 1 },
    poll_every: Duration::from_millis(100),
};

/// A new database and this process's view of it.
pub(crate) struct World {
    pub(crate) access: Access,
    pub(crate) database: Database,
    /// The test's own connection, behind the program's back.
    own: OnceCell<AnyPool>,
    _folder: Option<TempDir>,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let database = Database::File(folder.path().join("用户 50%.db"));
        Self { access: open(&database).await, database, own: OnceCell::new(), _folder: Some(folder) }
    }

    pub(crate) async fn postgres() -> Self {
        let database = super::postgres::new_database().await;
        Self { access: open(&database).await, database, own: OnceCell::new(), _folder: None }
    }

    /// Another process on the same database.
    pub(crate) async fn another(&self) -> Access {
        open(&self.database).await
    }

    /// A user who is there for the test's sake, with the password [`password`].
    pub(crate) async fn user(&self, name: &str, role: Role) -> User {
        self.access.people.add(name, &password(), &role, NOW).await.expect("a user")
    }

    /// Runs a statement behind the program's back, as someone with the database's password could.
    pub(crate) async fn tamper(&self, statement: &str) {
        let done = sqlx::query(AssertSqlSafe(statement)).execute(self.own().await).await.expect(statement);
        assert!(done.rows_affected() > 0, "{statement}");
    }

    /// Every row of a table as texts, as someone who reads the database sees them.
    pub(crate) async fn column(&self, statement: &str) -> Vec<String> {
        let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(self.own().await).await.expect(statement);
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// The test's own connections.
    pub(crate) async fn own(&self) -> &AnyPool {
        let url = match &self.database {
            Database::Postgres(url) => url.to_string(),
            Database::File(path) => format!("sqlite://{}", path.display().to_string().replace('%', "%25")),
        };
        self.own.get_or_init(|| async { AnyPool::connect(&url).await.expect("a connection") }).await
    }
}

pub(crate) async fn open(database: &Database) -> Access {
    open_with(database, SETTINGS).await
}

pub(crate) async fn open_with(database: &Database, settings: Settings) -> Access {
    let secret = Secret::parse(SECRET).expect("a good secret");
    Access::open(database, &secret, settings).await.expect("a database")
}

pub(crate) fn password() -> Password {
    Password::new("correct horse battery")
}

pub(crate) fn manager(region: &str) -> Role {
    Role::RegionManager { region: region.into() }
}

/// Waits until something holds, ten seconds at most. Says how long it took.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(10), "not within ten seconds: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

/// Runs each test on a new database of either kind.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::world::World::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::world::World::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both;
