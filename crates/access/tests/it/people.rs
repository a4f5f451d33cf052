//! People: added, recognized, changed, removed.

use std::time::{Duration, Instant};

use access::{Cost, Error, Password, Role, Settings};

use crate::world::{NOW, SETTINGS, World, manager, on_both, open_with, password};

on_both! {
    someone_is_added_found_and_listed,
    names_are_one_whatever_their_case,
    only_the_right_password_is_recognized,
    an_unknown_name_takes_as_long_as_a_wrong_password,
    a_disabled_user_is_not_recognized_until_enabled,
    a_hash_is_made_anew_when_it_became_cheap,
    unusable_input_is_refused_by_field,
    the_last_admin_stays,
    two_admins_cannot_remove_each_other_at_once,
    unknown_people_are_named,
    passwords_and_hashes_are_nowhere_to_be_read,
    a_role_nobody_has_is_an_error_not_a_right,
}

async fn someone_is_added_found_and_listed(world: World) {
    let people = &world.access.people;
    let li = world.user("Li", Role::Admin).await;
    let wang = world.user("王伟", manager("华东")).await;
    assert_eq!(people.find("li").await.expect("answers"), Some(li.clone()));
    assert_eq!(people.find("王伟").await.expect("answers"), Some(wang.clone()));
    assert_eq!(people.find("Wang").await.expect("answers"), None);
    assert_eq!(people.all().await.expect("answers"), [li, wang]);
    people.remove("王伟").await.expect("removed");
    assert_eq!(people.all().await.expect("answers").len(), 1);
}

async fn names_are_one_whatever_their_case(world: World) {
    world.user("Li", Role::Admin).await;
    for name in ["Li", "li", "LI"] {
        let error = world.access.people.add(name, &password(), &Role::Executive, NOW).await.expect_err(name);
        assert!(matches!(error, Error::Taken { what: "user", .. }), "{error}");
    }
    assert!(world.access.people.recognize(" lI ", &password()).await.expect("answers").is_some());
}

async fn only_the_right_password_is_recognized(world: World) {
    let li = world.user("Li", Role::Executive).await;
    let people = &world.access.people;
    assert_eq!(people.recognize("li", &password()).await.expect("answers"), Some(li));
    for wrong in ["", "Correct horse battery", "correct horse battery ", "correct horse batterycorrect horse battery"] {
        assert_eq!(people.recognize("li", &Password::new(wrong)).await.expect("answers"), None, "{wrong:?}");
    }
    for name in ["", "nobody", "li'--", "li\u{0}", "' OR 1=1 --", "%", "l_"] {
        assert_eq!(people.recognize(name, &password()).await.expect("answers"), None, "{name:?}");
    }
    let other = Password::new("another good password");
    people.set_password("li", &other).await.expect("set");
    assert!(people.recognize("li", &password()).await.expect("answers").is_none());
    assert!(people.recognize("li", &other).await.expect("answers").is_some());
}

async fn an_unknown_name_takes_as_long_as_a_wrong_password(world: World) {
    // Dear enough for the hash to be what counts.
    let cost = Cost { memory_kib: 16 * 1_024, passes: 2 };
    let access = open_with(&world.database, Settings { cost, ..SETTINGS }).await;
    access.people.add("Li", &password(), &Role::Executive, NOW).await.expect("a user");
    access.people.add("Disabled", &password(), &Role::Executive, NOW).await.expect("a user");
    access.people.set_disabled("Disabled", true).await.expect("a change");
    let wrong = Password::new("not the right password");
    let mut least = [Duration::MAX; 4];
    // The least of many is what the work itself takes, whatever else the machine does; a hash left out shows in each.
    for _ in 0..60 {
        let tries =
            [("li", &wrong), ("nobody", &wrong), ("disabled", &password()), ("li", &Password::new("x".repeat(1_000)))];
        for (least, (name, password)) in least.iter_mut().zip(tries) {
            let begun = Instant::now();
            assert!(access.people.recognize(name, password).await.expect("answers").is_none());
            *least = begun.elapsed().min(*least);
        }
        let (shortest, longest) = (least.iter().min().expect("four"), least.iter().max().expect("four"));
        if *longest < *shortest * 2 {
            return;
        }
    }
    panic!("wrong, unknown, disabled, overlong: {least:?}");
}

async fn a_disabled_user_is_not_recognized_until_enabled(world: World) {
    world.user("Li", Role::Executive).await;
    let people = &world.access.people;
    people.set_disabled("Li", true).await.expect("disabled");
    assert!(people.recognize("li", &password()).await.expect("answers").is_none());
    assert!(people.find("li").await.expect("answers").expect("kept").disabled);
    people.set_disabled("Li", false).await.expect("enabled");
    assert!(people.recognize("li", &password()).await.expect("answers").is_some());
}

async fn a_hash_is_made_anew_when_it_became_cheap(world: World) {
    world.user("Li", Role::Executive).await;
    let hash = || world.column("SELECT password_hash FROM users");
    assert!(hash().await[0].contains("m=32,t=1"), "{:?}", hash().await);
    let dearer = open_with(&world.database, Settings { cost: Cost { memory_kib: 64, passes: 2 }, ..SETTINGS }).await;
    assert!(dearer.people.recognize("li", &Password::new("wrong")).await.expect("answers").is_none());
    assert!(hash().await[0].contains("m=32,t=1"), "a wrong password changes nothing");
    assert!(dearer.people.recognize("li", &password()).await.expect("answers").is_some());
    assert!(hash().await[0].contains("m=64,t=2"), "{:?}", hash().await);
    let kept = hash().await;
    for access in [&dearer, &world.access] {
        assert!(access.people.recognize("li", &password()).await.expect("answers").is_some());
    }
    assert_eq!(hash().await, kept, "neither the same cost nor a lower one makes it anew");
}

async fn unusable_input_is_refused_by_field(world: World) {
    let long = "x".repeat(65);
    for name in ["", " ", " Li", "Li ", "L\ni", "L\u{0}i", &long] {
        let error = world.access.people.add(name, &password(), &Role::Admin, NOW).await.expect_err(name).to_string();
        assert!(error.starts_with("name: "), "{name:?}: {error}");
    }
    for weak in ["", "short", "password1234", "zhang.weiming1"] {
        let weak = Password::new(weak);
        let error =
            world.access.people.add("zhang.weiming", &weak, &Role::Admin, NOW).await.expect_err("weak").to_string();
        assert!(error.starts_with("password: "), "{error}");
    }
    assert!(world.access.people.all().await.expect("answers").is_empty());
    world.user("Li", Role::Admin).await;
    assert!(world.access.people.set_password("li", &Password::new("short")).await.is_err());
    assert!(world.access.people.recognize("li", &password()).await.expect("answers").is_some());
}

async fn the_last_admin_stays(world: World) {
    let people = &world.access.people;
    world.user("Li", Role::Admin).await;
    world.user("Wang", Role::Executive).await;
    for refused in [
        people.remove("li").await,
        people.set_disabled("li", true).await,
        people.set_role("li", &Role::Executive).await,
        people.set_role("li", &manager("East")).await,
    ] {
        assert!(matches!(refused, Err(Error::LastAdmin { .. })), "{refused:?}");
    }
    let li = people.find("li").await.expect("answers").expect("still there");
    assert!(li.role == Role::Admin && !li.disabled);
    people.set_role("wang", &Role::Admin).await.expect("a second one");
    people.remove("li").await.expect("no longer the last");
    people.set_password("wang", &password()).await.expect("a password is no loss");
}

async fn two_admins_cannot_remove_each_other_at_once(world: World) {
    let another = world.another().await;
    for _ in 0..5 {
        let people = [&world.access.people, &another.people];
        for name in ["Li", "Wang"] {
            let _ = people[0].add(name, &password(), &Role::Admin, NOW).await;
        }
        let (one, other) = tokio::join!(people[0].remove("li"), people[1].remove("wang"));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        assert_eq!(people[0].all().await.expect("answers").len(), 1);
    }
}

async fn unknown_people_are_named(world: World) {
    let people = &world.access.people;
    for unknown in [
        people.remove("nobody").await,
        people.set_disabled("nobody", true).await,
        people.set_role("nobody", &Role::Admin).await,
        people.set_password("nobody", &password()).await,
        people.remove("nobody\0").await,
    ] {
        let error = unknown.expect_err("unknown");
        assert!(error.is_unknown() && error.to_string().contains("nobody"), "{error}");
    }
}

async fn passwords_and_hashes_are_nowhere_to_be_read(world: World) {
    let user = world.user("Li", Role::Admin).await;
    let rows = world.column("SELECT password_hash FROM users").await;
    assert!(rows[0].starts_with("$argon2id$") && !rows[0].contains("battery"), "{rows:?}");
    let shown = format!("{user:?} {:?} {:?}", world.access, password());
    assert!(!shown.contains("argon2id$") && !shown.contains("battery"), "{shown}");
    world.tamper("UPDATE users SET password_hash = 'correct horse battery'").await;
    let error = world.access.people.recognize("li", &password()).await.expect_err("no hash").to_string();
    assert!(error.contains("users.password_hash") && !error.contains("battery"), "{error}");
}

async fn a_role_nobody_has_is_an_error_not_a_right(world: World) {
    let user = world.user("Li", manager("East")).await;
    let token = world.access.sessions.begin(&user, None, NOW).await.expect("a session");
    for change in ["role = 'root'", "role = 'region_manager', region = NULL", "role = 'admin', region = 'East'"] {
        world.tamper(&format!("UPDATE users SET {change}")).await;
        assert!(matches!(world.access.people.find("li").await, Err(Error::Stored { table: "users", .. })), "{change}");
        let checked = world.another().await.sessions.check(token.as_str(), NOW).await;
        assert!(matches!(checked, Err(Error::Stored { .. })), "{change}: {checked:?}");
    }
}
