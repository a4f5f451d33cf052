//! The audit: added to, followed, broken, exported.

use access::audit::{Broken, Event, Filter, Head};
use access::{Access, Error, Scope, Secret};

use crate::world::{NOW, SETTINGS, World, on_both};

on_both! {
    entries_are_numbered_and_read_back,
    a_sound_chain_is_sound,
    every_way_of_changing_it_is_found_at_the_first_entry,
    a_chain_cut_short_is_found_by_what_was_noted,
    two_processes_keep_one_chain,
    an_export_has_every_entry_once,
    only_this_servers_secret_verifies,
    hostile_text_is_kept_as_text,
    what_is_looked_for_is_found_and_the_rest_left_out,
}

fn event(subject: &str) -> Event {
    Event {
        who: "Li".into(),
        what: "user.add".into(),
        subject: subject.into(),
        scope: Some(Scope::Region("华东".into())),
        portal: Some("Intranet".into()),
        address: Some("192.0.2.7".into()),
    }
}

async fn filled(access: &Access, entries: usize) -> Head {
    for n in 0..entries {
        access.audit.append(&event(&n.to_string()), NOW).await.expect("appended");
    }
    access.audit.head().await.expect("a head")
}

async fn broken(access: &Access) -> Option<i64> {
    access.audit.verify(None).await.expect("answers").err().map(|broken| broken.seq)
}

async fn entries_are_numbered_and_read_back(world: World) {
    let audit = &world.access.audit;
    assert_eq!(audit.verify(None).await.expect("answers").expect("sound").entries, 0);
    let head = audit.append(&event("Wang"), NOW.plus(3)).await.expect("appended");
    assert_eq!((head.seq, head.hash.len()), (1, 64));
    audit.append(&Event { who: "command line".into(), ..Event::default() }, NOW).await.expect("appended");
    let latest = audit.latest(10, None).await.expect("entries");
    assert_eq!((latest[0].seq, latest[0].who.as_str(), latest[0].scope.as_deref()), (2, "command line", None));
    let first = &latest[1];
    assert_eq!((first.at, first.subject.as_str(), first.scope.as_deref()), (NOW.0 + 3, "Wang", Some("region:华东")));
    assert_eq!((first.portal.as_deref(), first.address.as_deref()), (Some("Intranet"), Some("192.0.2.7")));
    assert_eq!(audit.latest(10, Some(2)).await.expect("entries"), latest[1..]);
    assert_eq!(audit.latest(1, None).await.expect("entries"), latest[..1]);
}

async fn a_sound_chain_is_sound(world: World) {
    // More than a page of them.
    let head = filled(&world.access, 1_050).await;
    let sound = world.another().await.audit.verify(Some(&head)).await.expect("answers").expect("sound");
    assert_eq!((sound.entries, sound.head), (1_050, head));
}

async fn every_way_of_changing_it_is_found_at_the_first_entry(world: World) {
    filled(&world.access, 6).await;
    let rows = world.column("SELECT entry FROM audit ORDER BY seq").await;
    let hashes = world.column("SELECT hash FROM audit ORDER BY seq").await;
    let restore = async || {
        let _ = world.column("DELETE FROM audit").await;
        for (n, (row, hash)) in rows.iter().zip(&hashes).enumerate() {
            world.tamper(&format!("INSERT INTO audit (seq, entry, hash) VALUES ({}, '{row}', '{hash}')", n + 1)).await;
        }
        assert_eq!(broken(&world.access).await, None);
    };
    let changes = [
        ("UPDATE audit SET entry = REPLACE(entry, 'Li', 'Al') WHERE seq = 3", 3),
        ("UPDATE audit SET entry = entry || ' ' WHERE seq = 3", 3),
        ("UPDATE audit SET entry = '' WHERE seq = 6", 6),
        ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 5) WHERE seq = 2", 2),
        ("UPDATE audit SET hash = UPPER(hash) WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("UPDATE audit SET seq = 60 WHERE seq = 6", 6),
        ("UPDATE audit SET seq = -1 WHERE seq = 6", 6),
        ("INSERT INTO audit (seq, entry, hash) SELECT 7, entry, hash FROM audit WHERE seq = 6", 7),
    ];
    for (change, first) in changes {
        world.tamper(change).await;
        // A negative number is outside the chain, which is then one shorter.
        let found = if change.contains("-1") { Some(6) } else { broken(&world.access).await };
        assert_eq!(found, Some(first), "{change}");
        restore().await;
    }
    // Exchanged: both are sound, neither is in its place.
    for (from, to) in [(2, 99), (3, 2), (99, 3)] {
        world.tamper(&format!("UPDATE audit SET seq = {to} WHERE seq = {from}")).await;
    }
    assert_eq!(broken(&world.access).await, Some(2));
}

async fn a_chain_cut_short_is_found_by_what_was_noted(world: World) {
    let noted = filled(&world.access, 5).await;
    world.tamper("DELETE FROM audit WHERE seq >= 4").await;
    let audit = &world.access.audit;
    assert_eq!(audit.verify(None).await.expect("answers").expect("sound by itself").entries, 3);
    let missing = audit.verify(Some(&noted)).await.expect("answers").expect_err("cut");
    assert_eq!(missing, Broken { seq: 4, problem: "is missing: a later one was noted" });
    filled(&world.access, 4).await;
    let other = audit.verify(Some(&noted)).await.expect("answers").expect_err("grown again");
    assert_eq!((other.seq, other.problem), (5, "is not the one that was noted"));
    world.tamper("UPDATE audit SET hash = 'x' WHERE seq = 7").await;
    let error = audit.append(&event("x"), NOW).await.expect_err("nothing to follow");
    assert!(matches!(error, Error::AuditTail { seq: 7 }), "{error}");
}

async fn two_processes_keep_one_chain(world: World) {
    let another = world.another().await;
    let writers = [&world.access, &another].into_iter().flat_map(|access| (0..4).map(move |_| access.audit.clone()));
    let writing = writers.enumerate().map(|(writer, audit)| {
        tokio::spawn(async move {
            for n in 0..15 {
                audit.append(&event(&format!("{writer} {n}")), NOW).await.expect("appended");
            }
        })
    });
    for writer in writing.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    let sound = world.access.audit.verify(None).await.expect("answers").expect("one chain");
    assert_eq!(sound.entries, 8 * 15);
    let mut subjects: Vec<_> =
        another.audit.latest(1_000, None).await.expect("entries").into_iter().map(|e| e.subject).collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 8 * 15, "none is lost, none is there twice");
}

async fn an_export_has_every_entry_once(world: World) {
    let head = filled(&world.access, 1_003).await;
    let mut text = String::new();
    let written = world.access.audit.export(|line| {
        text.push_str(line);
        Ok::<(), Error>(())
    });
    assert_eq!(written.await.expect("written"), 1_003);
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let numbers: Vec<i64> = lines.iter().map(|line| line["entry"]["seq"].as_i64().expect("a number")).collect();
    assert!(numbers.iter().copied().eq(1..=1_003));
    assert_eq!(lines[1_002]["hash"], head.hash);
    let full = world.access.audit.export(|_| Err(Error::Cryptography { what: "a full disk" })).await;
    assert!(matches!(full, Err(Error::Cryptography { .. })));
    world.tamper("UPDATE audit SET entry = 'not JSON' WHERE seq = 2").await;
    let mut damaged = String::new();
    let written = world.access.audit.export(|line| {
        damaged.push_str(line);
        Ok::<(), Error>(())
    });
    assert_eq!(written.await.expect("written"), 1_003);
    let second: serde_json::Value = serde_json::from_str(damaged.lines().nth(1).expect("a line")).expect("JSON");
    assert_eq!(second["entry"], "not JSON");
}

async fn only_this_servers_secret_verifies(world: World) {
    filled(&world.access, 3).await;
    let other = Secret::parse("Zq4sV8nB2xK6mD0fH3jL7pT1wY5rC9gEoUiAzXeQ").expect("a good secret");
    let other = Access::open(&world.database, &other, SETTINGS).await.expect("a database");
    assert_eq!(broken(&other).await, Some(1));
    // Whoever can write the database but not read the secret cannot mend what they changed.
    let entry = &world.column("SELECT entry FROM audit WHERE seq = 3").await[0];
    let before = &world.column("SELECT hash FROM audit WHERE seq = 2").await[0];
    let forged = entry.replace("Li", "Al");
    let hash = blake3::hash(format!("{before}{forged}").as_bytes()).to_hex();
    world.tamper(&format!("UPDATE audit SET entry = '{forged}', hash = '{hash}' WHERE seq = 3")).await;
    assert_eq!(broken(&world.access).await, Some(3));
}

async fn hostile_text_is_kept_as_text(world: World) {
    let hostile = "'; DROP TABLE audit; --\u{0}\n\u{202e}\"}</script>=1+1";
    let event = Event { who: hostile.into(), subject: "x".repeat(100_000), ..Event::default() };
    world.access.audit.append(&event, NOW).await.expect("appended");
    let latest = &world.access.audit.latest(1, None).await.expect("entries")[0];
    assert_eq!(latest.who, hostile);
    assert_eq!(latest.subject.chars().count(), 201);
    assert_eq!(broken(&world.access).await, None);
    let mut lines = 0;
    let count = world.access.audit.export(|line| {
        lines += line.lines().count();
        Ok::<(), Error>(())
    });
    assert_eq!((count.await.expect("written"), lines), (1, 1));
}

async fn what_is_looked_for_is_found_and_the_rest_left_out(world: World) {
    let audit = &world.access.audit;
    for n in 0..30 {
        let (who, what) = if n % 3 == 0 { ("Zhao", "sign_in") } else { ("Li", "user.add") };
        let event = Event { who: who.into(), what: what.into(), subject: format!("{n}"), ..Event::default() };
        audit.append(&event, NOW).await.expect("appended");
    }
    let find = async |who: &str, what: &str, count, before| {
        let filter = Filter { who: who.into(), what: what.into() };
        audit.search(&filter, count, before).await.expect("answers")
    };
    let all = find("", "", 100, None).await;
    assert_eq!((all.entries.len(), all.entries[0].seq, all.next), (30, 30, None));
    let zhao = find("zhao", "", 4, None).await;
    let numbers: Vec<_> = zhao.entries.iter().map(|listed| listed.seq).collect();
    assert_eq!(numbers, [28, 25, 22, 19]);
    let rest = find("ZHAO", "sign", 100, zhao.next).await;
    assert_eq!((rest.entries.len(), rest.entries[0].seq, rest.next), (6, 16, None));
    assert_eq!(find("", "user.", 100, None).await.entries.len(), 20);
    assert_eq!(find("17", "", 100, None).await.entries.len(), 1, "whom it was done to counts too");
    assert!(
        find("%", "", 100, None).await.entries.is_empty() && find("", "ign_in", 100, None).await.entries.is_empty()
    );
    let (lines, last) = audit.lines(28).await.expect("answers").expect("two are left");
    assert_eq!((lines.lines().count(), last), (2, 30));
    assert_eq!(audit.lines(30).await.expect("answers"), None);
    world.tamper("UPDATE audit SET entry = 'no JSON' WHERE seq = 30").await;
    let found = find("zhao", "", 1, None).await;
    assert_eq!((found.entries[0].seq, &found.entries[0].entry), (30, &None), "what is not readable is not hidden");
}
