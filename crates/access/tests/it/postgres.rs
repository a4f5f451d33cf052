//! Databases of a real PostgreSQL, one for each test.

use access::Database;

/// A new, empty database.
pub(crate) async fn new_database() -> Database {
    sqlx::any::install_default_drivers();
    let url = tokio::task::spawn_blocking(servers::postgres::new_database).await.expect("PostgreSQL starts");
    url.parse().expect("a URL")
}

/// Takes a database away from all who are connected to it.
pub(crate) async fn take_away(name: &str) {
    let name = name.to_owned();
    tokio::task::spawn_blocking(move || servers::postgres::take_away(&name)).await.expect("taken away");
}
