//! The pages for administrators: who gets in, what each form does, and what it refuses.

use access::audit::Filter;
use access::{Role, UnixSeconds};

use crate::client::{Reply, get, post_json, send};
use crate::gate::{Gate, PASSWORD, Reader, post_form, session_of};
use crate::regions::{EAST, WEST};

/// A form's names and values.
type Fields<'a> = &'a [(&'a str, &'a str)];

const PAGES: [&str; 6] =
    ["/admin", "/admin/user?name=east", "/admin/regions", "/admin/keys", "/admin/audit", "/admin/audit.jsonl"];

/// Sends a form of the pages with the session's token.
fn post(reader: &Reader, path: &str, fields: &[(&str, &str)]) -> Reply {
    let token = reader.token();
    reader.post(path, &[&[("form", token.as_str())], fields].concat())
}

/// What stands between two marks of a page.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).expect(before).0
}

fn whats(gate: &Gate, who: &str) -> Vec<String> {
    gate.with_access(async |access| {
        let filter = Filter { who: who.to_owned(), ..Filter::default() };
        let found = access.audit.search(&filter, 100, None).await.expect("the audit");
        found.entries.into_iter().filter_map(|listed| listed.entry).map(|entry| entry.what).collect()
    })
}

#[test]
fn only_admins_get_in() {
    let gate = Gate::new();
    for page in PAGES {
        let reply = get(gate.addr(), page);
        assert_eq!(reply.status, 303, "{page}");
        assert!(reply.header("location").starts_with("/sign-in"), "{page}");
        for name in ["boss", "east"] {
            let reply = gate.sign_in(name).get(page);
            assert_eq!(reply.status, 403, "{name} {page}");
            assert!(!reply.text().contains("west") && reply.text().contains("/account"), "{name} {page}");
        }
    }
    let admin = gate.sign_in("admin");
    for page in PAGES {
        let reply = admin.get(page);
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"), "{page}");
        assert!(!reply.text().contains(PASSWORD) && !reply.text().contains("argon2"), "{page}");
    }
    for (path, what) in [("/admin", "add"), ("/admin/user", "disable"), ("/admin/keys", "revoke")] {
        let boss = gate.sign_in("boss");
        let fields = [("do", what), ("name", "east"), ("sees", "admin"), ("password", "1")];
        assert_eq!(post(&boss, path, &fields).status, 403, "{path}");
        assert_eq!(get(gate.addr(), path).status, 303);
        assert_eq!(post_form(gate.addr(), path, &[], &fields).status, 303, "nobody");
    }
    assert!(gate.sign_in("admin").get("/account").text().contains("href=\"/admin?lang="));
    assert!(!gate.sign_in("boss").get("/account").text().contains("/admin"));
}

#[test]
fn a_server_without_sign_in_has_no_such_pages() {
    let world = crate::world::World::new();
    let served = world.serve();
    for page in PAGES {
        assert_eq!(get(served.addr, page).status, 404, "{page}");
    }
    assert_eq!(post_json(served.addr, "/admin/user", "{}").status, 405);
}

#[test]
fn no_other_site_changes_anything() {
    let gate = Gate::new();
    let (admin, boss) = (gate.sign_in("admin"), gate.sign_in("boss"));
    let (token, of_boss, own) = (admin.token(), boss.token(), gate.origin());
    let cases: [(&str, &str, Fields<'_>); 8] = [
        ("no token", "", &[("Origin", &own)]),
        ("made up", "00", &[("Origin", &own)]),
        ("another session's", &of_boss, &[("Origin", &own)]),
        ("another site", &token, &[("Origin", "https://evil.example")]),
        ("a sandboxed frame", &token, &[("Origin", "null")]),
        ("no origin", &token, &[]),
        ("cross-site", &token, &[("Sec-Fetch-Site", "cross-site"), ("Origin", &own)]),
        ("a neighbour", &token, &[("Sec-Fetch-Site", "same-site"), ("Origin", &own)]),
    ];
    for (path, fields) in [
        ("/admin", [("name", "evil"), ("sees", "admin"), ("password", "1")]),
        ("/admin/user", [("name", "east"), ("do", "disable"), ("", "")]),
        ("/admin/user", [("name", "east"), ("do", "password"), ("", "")]),
        ("/admin/user", [("name", "east"), ("do", "role"), ("sees", "admin")]),
        ("/admin/keys", [("do", "add"), ("portal", "evil"), ("hs256", "1")]),
        ("/account/password", [("password", PASSWORD), ("new", "another good one"), ("again", "another good one")]),
    ] {
        for (what, token, headers) in cases {
            let headers: Vec<_> = headers.iter().copied().chain([("Cookie", admin.cookie.as_str())]).collect();
            let fields: Vec<_> = fields.into_iter().chain([("form", token)]).collect();
            let reply = post_form(gate.addr(), path, &headers, &fields);
            assert_eq!(reply.status, 403, "{path}, {what}: {}", reply.whole());
        }
        let address = format!("{path}?form={token}&name=east&do=disable");
        assert_eq!(admin.post(&address, &[]).status, 403, "a token in the address is none");
        let headers = [("Cookie", admin.cookie.as_str()), ("Origin", &own), ("Content-Type", "text/plain")];
        assert_eq!(send(gate.addr(), "POST", path, &headers, b"x").status, 400, "{path}");
    }
    assert!(whats(&gate, "").iter().all(|what| what.starts_with("sign_in")), "nothing was done");
}

#[test]
fn someone_added_signs_in_once_with_the_password_shown_once() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    let sees = format!("region:{}", EAST.region);
    let reply = post(&admin, "/admin", &[("name", "新人"), ("sees", &sees), ("password", "1"), ("company", "")]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let once = between(reply.text(), "class=\"once\"", "</p>");
    let once = between(once, "<code>", "</code>").to_owned();
    assert!(!admin.get("/admin/user?name=%E6%96%B0%E4%BA%BA").text().contains(&once), "shown once");

    let signed = gate.try_sign_in("新人", &once, "/stores?lang=en", "");
    assert_eq!(signed.header("location"), "/account/password?next=%2Fstores%3Flang%3Den");
    let reader = Reader { addr: gate.addr(), cookie: session_of(&signed).expect("a session") };
    for (path, status) in [("/", 303), ("/stores", 303), ("/snapshot/manifest.json", 403), ("/export/growth.csv", 403)]
    {
        assert_eq!(reader.get(path).status, status, "{path}: first the password");
    }
    assert_eq!(reader.ask("{}").status, 403);
    let token = crate::gate::Form::of(&reader.get("/account/password?next=/stores")).token;
    let change = |current: &str, new: &str, again: &str| {
        let fields =
            [("form", token.as_str()), ("password", current), ("new", new), ("again", again), ("next", "/data")];
        reader.post("/account/password", &fields)
    };
    for (current, new, again, status) in [
        ("not the one they have", "four random words", "four random words", 403),
        (&once, "four random words", "four random word", 422),
        (&once, "short", "short", 422),
        (&once, "password1234", "password1234", 422),
        (&once, &once, &once, 422),
    ] {
        let reply = change(current, new, again);
        assert_eq!(reply.status, status, "{new}: {}", reply.text());
        assert!(reply.text().contains("role=\"alert\"") && !reply.text().contains(new), "{new}");
    }
    let changed = change(&once, "four random words", "four random words");
    assert_eq!((changed.status, changed.header("location")), (303, "/data"), "{}", changed.whole());
    assert!(reader.get("/snapshot/manifest.json").status == 401, "the session before has ended");
    let reader = Reader { addr: gate.addr(), cookie: session_of(&changed).expect("a new session") };
    assert!(reader.is_in());
    assert_eq!(gate.try_sign_in("新人", &once, "", "").status, 403, "once");
    assert_eq!(whats(&gate, "新人")[..3], ["sign_in.refused", "password", "password.refused"]);
}

#[test]
fn a_person_is_changed_disabled_and_let_in_again() {
    let gate = Gate::new();
    let (admin, east) = (gate.sign_in("admin"), gate.sign_in("east"));
    let change = |fields: &[(&str, &str)]| {
        let reply = post(&admin, "/admin/user", &[&[("name", "east")], fields].concat());
        assert_eq!(reply.status, 200, "{fields:?}: {}", reply.text());
        assert!(reply.text().contains("role=\"status\""), "{fields:?}");
        reply
    };
    let west = format!("region:{}", WEST.region);
    change(&[("do", "role"), ("sees", &west)]);
    assert!(!east.is_in(), "what they may see has changed");
    let east = gate.sign_in("east");
    assert!(east.get("/snapshot/manifest.json").text().contains(WEST.region));
    change(&[("do", "sessions")]);
    assert!(!east.is_in());
    let east = gate.sign_in("east");
    change(&[("do", "disable")]);
    assert!(!east.is_in());
    assert_eq!(gate.try_sign_in("east", PASSWORD, "", "").status, 403);
    change(&[("do", "enable")]);
    let east = gate.sign_in("east");
    let reply = change(&[("do", "password")]);
    let once = between(between(reply.text(), "class=\"once\"", "</p>"), "<code>", "</code>").to_owned();
    assert!(!east.is_in() && gate.try_sign_in("east", PASSWORD, "", "").status == 403);
    assert_eq!(gate.try_sign_in("east", &once, "", "").status, 303);
    change(&[("do", "company"), ("company", "East@Corp.example")]);
    assert!(admin.get("/admin").text().contains("east@corp.example"));
    change(&[("do", "company"), ("company", "")]);
    assert!(!admin.get("/admin").text().contains("east@corp.example"));
    let done = whats(&gate, "admin");
    for what in ["user.role", "user.sessions", "user.disable", "user.enable", "user.password", "user.company"] {
        assert!(done.iter().any(|done| done == what), "{what} in {done:?}");
    }
}

#[test]
fn what_cannot_be_is_refused_beside_its_field_and_changes_nothing() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    let people = || gate.with_access(async |access| access.people.all().await.expect("people"));
    let before = people();
    let long = "x".repeat(65);
    let cases: [(&str, Fields<'_>, u16); 15] = [
        ("/admin", &[("name", ""), ("sees", "executive"), ("password", "1")], 422),
        ("/admin", &[("name", &long), ("sees", "executive"), ("password", "1")], 422),
        ("/admin", &[("name", "a\u{7}b"), ("sees", "executive"), ("password", "1")], 422),
        ("/admin", &[("name", "EAST"), ("sees", "executive"), ("password", "1")], 422),
        ("/admin", &[("name", "li"), ("sees", "root"), ("password", "1")], 422),
        ("/admin", &[("name", "li"), ("sees", ""), ("password", "1")], 422),
        ("/admin", &[("name", "li"), ("sees", "region:"), ("password", "1")], 422),
        ("/admin", &[("name", "li"), ("sees", "region:Atlantis"), ("password", "1")], 422),
        ("/admin", &[("name", "li"), ("sees", "executive")], 422),
        ("/admin/user", &[("name", "admin"), ("do", "disable")], 422),
        ("/admin/user", &[("name", "admin"), ("do", "role"), ("sees", "executive")], 422),
        ("/admin/user", &[("name", "nobody"), ("do", "disable")], 404),
        ("/admin/user", &[("name", "nobody"), ("do", "sessions")], 404),
        ("/admin/user", &[("name", "east"), ("do", "fly")], 404),
        ("/admin/user", &[("name", "\u{0}"), ("do", "password")], 404),
    ];
    for (path, fields, status) in cases {
        let reply = post(&admin, path, fields);
        assert_eq!(reply.status, status, "{fields:?}: {}", reply.text());
        assert!(reply.text().contains("role=\"alert\""), "{fields:?}");
    }
    assert_eq!(people(), before);
    assert!(whats(&gate, "admin").iter().any(|what| what == "user.disable.failed"));
    let typed = post(&admin, "/admin", &[("name", "li & co"), ("sees", "executive"), ("company", "li@corp")]);
    let kept = typed.text().contains("value=\"li &amp; co\"") && typed.text().contains("value=\"li@corp\"");
    assert_eq!((typed.status, kept), (200, true), "with a company's account no password is needed");
    let again = post(&admin, "/admin", &[("name", "other"), ("sees", "executive"), ("company", "LI@corp")]);
    assert!(again.status == 422 && again.text().contains("value=\"LI@corp\""), "what was typed stays");
}

#[test]
fn a_second_admin_may_be_taken_away_and_the_last_may_not() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    assert_eq!(post(&admin, "/admin/user", &[("name", "boss"), ("do", "role"), ("sees", "admin")]).status, 200);
    let boss = gate.sign_in("boss");
    assert_eq!(post(&boss, "/admin/user", &[("name", "admin"), ("do", "disable")]).status, 200);
    assert!(!admin.is_in());
    for fields in
        [&[("name", "boss"), ("do", "disable")][..], &[("name", "boss"), ("do", "role"), ("sees", "executive")]]
    {
        let reply = post(&boss, "/admin/user", fields);
        assert_eq!(reply.status, 422, "{}", reply.text());
    }
    assert!(boss.is_in());
}

#[test]
fn regions_tell_their_part_and_their_managers() {
    let gate = Gate::new();
    let text = gate.sign_in("admin").get("/admin/regions?lang=en").text().to_owned();
    let row = |region: &str| between(&text, &format!("<th scope=\"row\">{region}</th>"), "</tr>").to_owned();
    for (region, manager) in [(EAST.region, "east"), (WEST.region, "west")] {
        let row = row(region);
        assert!(row.contains(manager) && row.contains("MB") && row.contains("2025-02-28"), "{row}");
    }
    let north = row("华北");
    assert!(north.contains("no part") && north.contains("north"), "{north}");
}

#[test]
fn keys_are_added_shown_once_and_revoked() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let scope = format!("region:{}", EAST.region);
    let add = |more: &[(&str, &str)]| post(&admin, "/admin/keys", &[&[("do", "add")], more].concat());
    let whole = [("portal", "门户"), ("scopes", scope.as_str()), ("views", "growth"), ("views", "stores")];
    let reply =
        add(&[&whole[..], &[("origins", "https://portal.example\r\nhttps://b.example"), ("hs256", "1")]].concat());
    assert_eq!(reply.status, 200, "{}", reply.text());
    let shown = between(reply.text(), "class=\"once\"", "</p>").to_owned();
    let mut codes = shown.split("<code>").skip(1).map(|rest| rest.split('<').next().expect("a code").to_owned());
    let (kid, secret) = (codes.next().expect("a kid"), codes.next().expect("a secret"));
    let listed = admin.get("/admin/keys").text().to_owned();
    assert!(listed.contains(&kid) && listed.contains("https://b.example") && !listed.contains(&secret));
    let reply = add(&[&whole[..], &[("public_key", public), ("aggregate_only", "1")]].concat());
    assert_eq!((reply.status, reply.text().contains(public)), (200, false), "{}", reply.text());

    let cases: [(&str, Vec<(&str, &str)>); 9] = [
        ("no portal", [&whole[1..], &[("hs256", "1")]].concat()),
        ("no material", whole.to_vec()),
        ("both materials", [&whole[..], &[("hs256", "1"), ("public_key", public)]].concat()),
        ("no public key", [&whole[..], &[("public_key", "no key")]].concat()),
        ("a wild origin", [&whole[..], &[("hs256", "1"), ("origins", "https://*.example")]].concat()),
        ("a path", [&whole[..], &[("hs256", "1"), ("origins", "https://a.example/x")]].concat()),
        ("plain HTTP", [&whole[..], &[("hs256", "1"), ("origins", "http://a.example")]].concat()),
        ("no scope", vec![("portal", "p"), ("views", "growth"), ("hs256", "1")]),
        ("no view", vec![("portal", "p"), ("scopes", "all"), ("hs256", "1")]),
    ];
    for (what, fields) in cases {
        let reply = add(&fields);
        assert_eq!(reply.status, 422, "{what}: {}", reply.text());
        assert!(reply.text().contains("role=\"alert\"") && !reply.text().contains("class=\"once\""), "{what}");
    }
    let revoke = |kid: &str| post(&admin, "/admin/keys", &[("do", "revoke"), ("kid", kid)]);
    assert_eq!(revoke("nobody").status, 404);
    assert_eq!(revoke(&kid).status, 200);
    let keys = gate.with_access(async |access| access.keys.all().await.expect("keys"));
    // Both may have been added within one second, and are then listed in any order.
    let revoked: Vec<&str> = keys.iter().filter(|key| key.revoked.is_some()).map(|key| key.kid.as_str()).collect();
    assert_eq!((keys.len(), revoked), (2, vec![kid.as_str()]));
    let done = whats(&gate, &kid);
    assert_eq!(done, ["embed_key.revoke"]);
    assert!(whats(&gate, "门户").contains(&"embed_key.add".to_owned()));
}

#[test]
fn the_audit_is_looked_through_proved_and_exported() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    post(&admin, "/admin/user", &[("name", "east"), ("do", "disable")]);
    let all = admin.get("/admin/audit?lang=en").text().to_owned();
    assert!(all.contains("user.disable") && all.contains("sign_in"), "{all}");
    let found = admin.get("/admin/audit?who=EAST&what=user.").text().to_owned();
    assert!(found.contains("user.disable") && !found.contains("<td>sign_in"), "{found}");
    assert!(!admin.get("/admin/audit?who=nobody-of-that-name").text().contains("<td>user.disable"));
    let sound = admin.get("/admin/audit?verify=1&lang=en");
    assert!(sound.text().contains("Sound:"), "{}", sound.text());
    let lines = admin.get("/admin/audit.jsonl");
    assert!(lines.header("content-disposition").contains("wellspring-audit.jsonl"));
    let whats = lines.text().lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["hash"].as_str().map(str::len), Some(64));
        line["entry"]["what"].as_str().expect("a word").to_owned()
    });
    let whats: Vec<_> = whats.collect();
    assert!(whats.contains(&"user.disable".to_owned()) && whats.last().is_some_and(|last| last == "audit.export"));
}

#[test]
fn many_entries_are_paged_and_a_broken_chain_is_told() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    gate.with_access(async |access| {
        for n in 0..250 {
            let event =
                access::audit::Event { who: "loop".into(), what: format!("n{n}"), ..access::audit::Event::default() };
            access.audit.append(&event, UnixSeconds::now()).await.expect("appended");
        }
    });
    let first = admin.get("/admin/audit?who=loop").text().to_owned();
    assert!(first.contains("<td>n249</td>") && first.contains("<td>n150</td>") && !first.contains("<td>n149</td>"));
    let older = between(&first, "before=", "\"");
    let second = admin.get(&format!("/admin/audit?who=loop&before={older}")).text().to_owned();
    assert!(second.contains("<td>n149</td>") && second.contains("<td>n50</td>") && !second.contains("<td>n150</td>"));
    let lines = admin.get("/admin/audit.jsonl").text().lines().count();
    assert!(lines > 250, "{lines}");
}

#[test]
fn names_are_text_on_every_page() {
    let gate = Gate::new();
    let admin = gate.sign_in("admin");
    let evil = "\"'><img src=x onerror=alert(1)>";
    let reply = post(&admin, "/admin", &[("name", evil), ("sees", "executive"), ("password", "1")]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    post(
        &admin,
        "/admin/keys",
        &[("do", "add"), ("portal", evil), ("scopes", "all"), ("views", "growth"), ("hs256", "1")],
    );
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("name", evil).finish();
    for page in
        ["/admin", &format!("/admin/user?{query}"), "/admin/keys", "/admin/audit", &format!("/admin/audit?who={query}")]
    {
        let text = admin.get(page).text().to_owned();
        assert!(!text.contains("<img") && text.contains("&lt;img"), "{page}");
    }
    let role = Role::Executive;
    assert!(gate.with_access(async |access| {
        access.people.find(evil).await.expect("answers").is_some_and(|user| user.role == role)
    }));
}
