//! Opening the database: once, twice, at once, from another time.

use access::{Access, Secret, audit::Event};

use crate::postgres;
use crate::world::{NOW, SECRET, SETTINGS, World, on_both, password};

on_both! {
    opening_again_changes_nothing,
    eight_servers_start_at_once,
    a_database_of_a_newer_program_is_refused,
    closing_writes_down_and_then_nothing_answers,
}

async fn opening_again_changes_nothing(world: World) {
    world.user("Li", access::Role::Admin).await;
    for _ in 0..3 {
        let again = world.another().await;
        assert_eq!(again.people.all().await.expect("users").len(), 1);
    }
    assert_eq!(world.column("SELECT topic FROM versions ORDER BY topic").await, ["embed_keys", "sessions"]);
}

async fn eight_servers_start_at_once(world: World) {
    // A database without tables, for all of them.
    for table in ["sessions", "users", "embed_keys", "audit", "versions", "_sqlx_migrations"] {
        let statement = format!("DROP TABLE {table}");
        let _ = world.column(&statement).await;
    }
    let secret = Secret::parse(SECRET).expect("a good secret");
    let opening = (0..8).map(|_| {
        let (database, secret) = (world.database.clone(), secret.clone());
        tokio::spawn(async move { Access::open(&database, &secret, SETTINGS).await })
    });
    for opened in opening.collect::<Vec<_>>() {
        let access = opened.await.expect("no panic").expect("opens");
        access.store.ping().await.expect("answers");
    }
    assert_eq!(world.column("SELECT description FROM _sqlx_migrations").await, ["first", "sign in"]);
}

async fn a_database_of_a_newer_program_is_refused(world: World) {
    world.tamper("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1").await;
    let secret = Secret::parse(SECRET).expect("a good secret");
    let error = Access::open(&world.database, &secret, SETTINGS).await.expect_err("newer").to_string();
    assert!(error.contains("9999") && error.contains("newer program"), "{error}");
}

async fn closing_writes_down_and_then_nothing_answers(world: World) {
    let user = world.user("Li", access::Role::Admin).await;
    let token = world.access.sessions.begin(&user, None, NOW).await.expect("a session");
    let other = world.another().await;
    other.sessions.check(token.as_str(), NOW.plus(600)).await.expect("answers").expect("live");
    let (people, sessions, audit) = (other.people.clone(), other.sessions.clone(), other.audit.clone());
    other.close().await.expect("closes");
    assert_eq!(world.column("SELECT CAST(seen AS TEXT) FROM sessions").await, [NOW.plus(600).0.to_string()]);
    assert!(sessions.end(token.as_str()).await.expect_err("closed").is_temporary());
    assert!(people.recognize("li", &password()).await.expect_err("closed").is_temporary());
    assert!(audit.append(&Event::default(), NOW).await.expect_err("closed").is_temporary());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_has_gone_is_noticed() {
    let world = World::postgres().await;
    world.access.store.ping().await.expect("answers");
    let name = world.column("SELECT current_database()::text").await.remove(0);
    postgres::take_away(&name).await;
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), world.access.store.ping()).await;
    assert!(matches!(answer, Ok(Err(_)) | Err(_)), "{answer:?}");
}
