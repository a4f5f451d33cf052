//! Sessions: free of queries, and gone when they should be.

use std::time::{Duration, Instant};

use access::{Error, Limits, Password, Role, Settings, UnixSeconds};

use crate::world::{NOW, SETTINGS, World, manager, on_both, open_with, password, until};

on_both! {
    a_session_says_who_is_signed_in,
    a_thousand_checks_make_no_query,
    checks_go_on_without_the_database_for_a_while_and_then_fail,
    made_up_tokens_cost_no_query,
    a_session_ends_when_idle_and_when_its_time_is_up,
    use_in_one_process_keeps_a_session_alive_in_another,
    signing_in_and_rotating_end_the_token_before,
    signing_out_ends_one_and_everywhere_all,
    every_change_of_a_user_ends_their_sessions_at_once,
    a_sign_in_waits_for_a_change_under_way,
    a_change_in_one_process_is_known_in_another_within_seconds,
    ended_sessions_are_removed,
    the_database_does_not_hold_tokens,
}

/// Polls as the product does: a reading every two seconds.
fn as_shipped() -> Settings {
    Settings { poll_every: access::versions::POLL_EVERY, ..SETTINGS }
}

async fn a_session_says_who_is_signed_in(world: World) {
    let user = world.user("Li", manager("华东")).await;
    let token = world.access.sessions.begin(&user, None, NOW).await.expect("a session");
    let signed = world.access.sessions.check(token.as_str(), NOW.plus(5)).await.expect("answers").expect("live");
    assert_eq!((signed.name.as_str(), &signed.role, &signed.user_id), ("Li", &manager("华东"), &user.id));
    assert_eq!((signed.created, signed.ends), (NOW, NOW.plus(7 * 86_400)));
}

async fn a_thousand_checks_make_no_query(world: World) {
    let access = open_with(&world.database, as_shipped()).await;
    let user = world.user("Li", Role::Executive).await;
    let token = access.sessions.begin(&user, None, NOW).await.expect("a session");
    let before = access.store.queries();
    access.sessions.check(token.as_str(), NOW).await.expect("answers").expect("live");
    assert_eq!(access.store.queries(), before + 1, "the first check reads it");
    let (before, begun) = (access.store.queries(), Instant::now());
    for second in 0..1_000 {
        access.sessions.check(token.as_str(), NOW.plus(second)).await.expect("answers").expect("live");
    }
    // The readings of the versions, one every two seconds, are all that may have been asked meanwhile.
    let readings = begun.elapsed().as_secs() / 2 + 1;
    assert!(access.store.queries() - before <= readings, "{} queries", access.store.queries() - before);
}

async fn checks_go_on_without_the_database_for_a_while_and_then_fail(world: World) {
    let settings = Settings { poll_every: Duration::from_secs(1), ..SETTINGS };
    let access = open_with(&world.database, settings).await;
    let user = world.user("Li", Role::Executive).await;
    let token = access.sessions.begin(&user, None, NOW).await.expect("a session");
    access.sessions.check(token.as_str(), NOW).await.expect("answers").expect("live");
    access.store.close().await;
    for _ in 0..1_000 {
        access.sessions.check(token.as_str(), NOW).await.expect("from memory").expect("live");
    }
    // Nobody can tell any more whether the session was taken away: it counts no longer.
    let fails = async || access.sessions.check(token.as_str(), NOW).await.is_err();
    let waited = until("sessions are not trusted for ever", fails).await;
    assert!(waited < Duration::from_secs(8), "{waited:?}");
    assert!(access.sessions.check(token.as_str(), NOW).await.expect_err("closed").is_temporary());
}

async fn made_up_tokens_cost_no_query(world: World) {
    let access = open_with(&world.database, as_shipped()).await;
    let (before, begun) = (access.store.queries(), Instant::now());
    for n in 0..1_000 {
        let token = format!("{n:086}");
        assert!(access.sessions.check(&token, NOW).await.expect("answers").is_none());
    }
    for token in ["", "' OR 1=1 --", "\u{0}", "../../etc/passwd", &"A".repeat(100_000)] {
        assert!(access.sessions.check(token, NOW).await.expect("answers").is_none());
    }
    assert!(access.store.queries() - before <= begun.elapsed().as_secs() / 2 + 1);
}

async fn a_session_ends_when_idle_and_when_its_time_is_up(world: World) {
    let user = world.user("Li", Role::Executive).await;
    let sessions = &world.access.sessions;
    let (hour, day) = (3_600, 86_400);
    let idle = sessions.begin(&user, None, NOW).await.expect("a session");
    assert!(sessions.check(idle.as_str(), NOW.plus(12 * hour - 1)).await.expect("answers").is_some());
    assert!(sessions.check(idle.as_str(), NOW.plus(24 * hour - 2)).await.expect("answers").is_some());
    assert!(sessions.check(idle.as_str(), NOW.plus(36 * hour - 2)).await.expect("answers").is_none());
    assert!(sessions.check(idle.as_str(), NOW.plus(36 * hour)).await.expect("answers").is_none());
    let used = sessions.begin(&user, None, NOW).await.expect("a session");
    for at in (0..7 * day).step_by(10 * 3_600) {
        assert!(sessions.check(used.as_str(), NOW.plus(at)).await.expect("answers").is_some(), "{at}");
    }
    assert!(sessions.check(used.as_str(), NOW.plus(7 * day - 1)).await.expect("answers").is_some());
    assert!(sessions.check(used.as_str(), NOW.plus(7 * day)).await.expect("answers").is_none());
}

async fn use_in_one_process_keeps_a_session_alive_in_another(world: World) {
    let another = world.another().await;
    let user = world.user("Li", Role::Executive).await;
    let token = world.access.sessions.begin(&user, None, NOW).await.expect("a session");
    let later = NOW.plus(11 * 3_600);
    for access in [&world.access, &another] {
        access.sessions.check(token.as_str(), NOW).await.expect("answers").expect("live");
    }
    another.sessions.check(token.as_str(), later).await.expect("answers").expect("live");
    another.sessions.tidy(later).await.expect("written down");
    // Idle for 13 hours by what this process knows.
    let much_later = NOW.plus(13 * 3_600);
    world.access.sessions.check(token.as_str(), much_later).await.expect("answers").expect("live");
}

async fn signing_in_and_rotating_end_the_token_before(world: World) {
    let user = world.user("Li", Role::Executive).await;
    let sessions = &world.access.sessions;
    let first = sessions.begin(&user, None, NOW).await.expect("a session");
    let second = sessions.begin(&user, Some(first.as_str()), NOW.plus(1)).await.expect("a session");
    assert!(sessions.check(first.as_str(), NOW.plus(2)).await.expect("answers").is_none());
    let third = sessions.rotate(second.as_str(), NOW.plus(100)).await.expect("answers").expect("was live");
    assert!(sessions.check(second.as_str(), NOW.plus(100)).await.expect("answers").is_none());
    let signed = sessions.check(third.as_str(), NOW.plus(100)).await.expect("answers").expect("live");
    assert_eq!(signed.ends, NOW.plus(1 + 7 * 86_400), "a new token is no new session");
    assert!(sessions.rotate(second.as_str(), NOW).await.expect("answers").is_none(), "an ended one has no successor");
    let fixed = sessions.begin(&user, Some("a token made up by an attacker"), NOW).await.expect("a session");
    assert_ne!(fixed.as_str(), "a token made up by an attacker");
}

async fn signing_out_ends_one_and_everywhere_all(world: World) {
    let [user, other] = [world.user("Li", Role::Executive).await, world.user("Wang", Role::Executive).await];
    let sessions = &world.access.sessions;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(sessions.begin(&user, None, NOW).await.expect("a session"));
    }
    let others = sessions.begin(&other, None, NOW).await.expect("a session");
    sessions.end(tokens[0].as_str()).await.expect("ended");
    sessions.end(tokens[0].as_str()).await.expect("ending again is no error");
    sessions.end("nonsense").await.expect("nor is nonsense");
    let mut live = [true; 3];
    for (live, token) in live.iter_mut().zip(&tokens) {
        *live = sessions.check(token.as_str(), NOW).await.expect("answers").is_some();
    }
    assert_eq!(live, [false, true, true]);
    assert_eq!(sessions.end_all(&user.id).await.expect("ended"), 2);
    for token in &tokens {
        assert!(sessions.check(token.as_str(), NOW).await.expect("answers").is_none());
    }
    assert!(sessions.check(others.as_str(), NOW).await.expect("answers").is_some());
}

async fn every_change_of_a_user_ends_their_sessions_at_once(world: World) {
    world.user("Root", Role::Admin).await;
    let (people, sessions) = (&world.access.people, &world.access.sessions);
    world.user("Li", manager("East")).await;
    let other_password = Password::new("another good password");
    for change in ["role", "region", "password", "disabled", "enabled", "removed"] {
        let user = people.find("li").await.expect("answers").expect("there");
        let begun = sessions.begin(&user, None, NOW).await;
        let token = begun.as_ref().map_or("", |token| token.as_str());
        let is_live = async || sessions.check(token, NOW).await.expect("answers").is_some();
        assert_eq!(is_live().await, !user.disabled, "before {change}");
        match change {
            "role" => people.set_role("li", &Role::Executive).await,
            "region" => people.set_role("li", &manager("West")).await,
            "password" => people.set_password("li", &other_password).await,
            "disabled" => people.set_disabled("li", true).await,
            "enabled" => people.set_disabled("li", false).await,
            _ => people.remove("li").await,
        }
        .expect(change);
        assert!(!is_live().await, "after {change}");
        // Whoever was recognized before the change is not signed in after it, nor does an ended session go on.
        let error = sessions.begin(&user, None, NOW).await.expect_err(change);
        assert!(matches!(error, Error::Overtaken { .. }) && !error.is_temporary(), "{error}");
        assert!(sessions.rotate(token, NOW).await.expect("answers").is_none(), "{change}");
        assert_eq!(world.column("SELECT hash FROM sessions").await.len(), 0, "{change}");
    }
}

async fn a_sign_in_waits_for_a_change_under_way(world: World) {
    let user = world.user("Li", Role::Executive).await;
    let mut change = world.own().await.begin().await.expect("a transaction");
    for statement in [
        "UPDATE versions SET value = value + 1 WHERE topic = 'sessions'",
        "UPDATE users SET generation = generation + 1",
        "DELETE FROM sessions",
    ] {
        sqlx::query(statement).execute(&mut *change).await.expect(statement);
    }
    let (sessions, recognized) = (world.access.sessions.clone(), user.clone());
    let beginning = tokio::spawn(async move { sessions.begin(&recognized, None, NOW).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!beginning.is_finished());
    change.commit().await.expect("changed");
    let overtaken = beginning.await.expect("no panic");
    assert!(matches!(overtaken, Err(Error::Overtaken { .. })), "{overtaken:?}");
}

async fn a_change_in_one_process_is_known_in_another_within_seconds(world: World) {
    world.user("Root", Role::Admin).await;
    let another = open_with(&world.database, as_shipped()).await;
    world.user("Li", manager("East")).await;
    for change in ["end", "end_all", "role", "disabled"] {
        let user = world.access.people.find("li").await.expect("answers").expect("there");
        let token = world.access.sessions.begin(&user, None, NOW).await.expect("a session");
        let is_live = async || another.sessions.check(token.as_str(), NOW).await.expect("answers").is_some();
        assert!(is_live().await, "before {change}");
        match change {
            "end" => world.access.sessions.end(token.as_str()).await,
            "end_all" => world.access.sessions.end_all(&user.id).await.map(drop),
            "role" => world.access.people.set_role("li", &manager("West")).await,
            _ => world.access.people.set_disabled("li", true).await,
        }
        .expect(change);
        let waited = until(change, async || !is_live().await).await;
        assert!(waited < Duration::from_secs(5), "{change} took {waited:?}");
    }
}

async fn ended_sessions_are_removed(world: World) {
    let user = world.user("Li", Role::Executive).await;
    let settings = Settings { limits: Limits { idle: Duration::from_secs(60), ..SETTINGS.limits }, ..SETTINGS };
    let access = open_with(&world.database, settings).await;
    // Now and not then: the background tidies by the real clock.
    let now = UnixSeconds::now();
    access.sessions.begin(&user, None, now).await.expect("a session");
    access.sessions.tidy(now.plus(60)).await.expect("tidied");
    assert_eq!(world.column("SELECT hash FROM sessions").await.len(), 1, "others may have used it");
    access.sessions.tidy(now.plus(361)).await.expect("tidied");
    assert_eq!(world.column("SELECT hash FROM sessions").await.len(), 0);
}

async fn the_database_does_not_hold_tokens(world: World) {
    let user = world.user("Li", Role::Executive).await;
    assert!(world.access.people.recognize("li", &password()).await.expect("answers").is_some());
    let token = world.access.sessions.begin(&user, None, NOW).await.expect("a session");
    let hashes = world.column("SELECT hash FROM sessions").await;
    assert!(hashes.len() == 1 && hashes[0].len() == 64);
    for stolen in [hashes[0].as_str(), &hashes[0][..43], &format!("{:A<86}", hashes[0])] {
        assert!(world.access.sessions.check(stolen, NOW).await.expect("answers").is_none());
    }
    let shown = format!("{token:?} {:?}", world.access);
    assert!(!shown.contains(token.as_str()) && !shown.contains(&hashes[0]), "{shown}");
}
