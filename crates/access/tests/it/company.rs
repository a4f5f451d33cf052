//! People who sign in by the company's provider of accounts, and passwords that somebody else made up.

use access::{Error, NewUser, OneTimePassword, Password, Role};

use crate::world::{NOW, World, manager, on_both, password};

on_both! {
    an_account_is_tied_to_the_first_who_signs_in_by_its_name,
    only_who_was_added_is_recognized,
    an_account_is_one_persons,
    another_account_forgets_the_one_before_and_ends_sessions,
    a_password_made_up_here_has_to_be_changed,
}

const SUBJECT: &str = "https://accounts.example 7f3a";
const MAIL: &str = "li@corp.example";

async fn add(world: &World, name: &str, company: Option<&str>) -> Result<access::User, Error> {
    let new = NewUser { name, role: &Role::Executive, password: None, password_once: false, company };
    world.access.people.add_new(&new, NOW).await
}

async fn an_account_is_tied_to_the_first_who_signs_in_by_its_name(world: World) {
    let people = &world.access.people;
    let li = add(&world, "li", Some("Li@Corp.example")).await.expect("added");
    assert_eq!(li.company_name.as_deref(), Some(MAIL));
    assert_eq!(people.recognize_company(SUBJECT, None).await.expect("answers"), None, "no name, not noted yet");
    assert_eq!(people.recognize_company(SUBJECT, Some("LI@corp.example")).await.expect("answers"), Some(li.clone()));
    assert_eq!(people.recognize_company(SUBJECT, None).await.expect("answers"), Some(li.clone()));
    let heir = people.recognize_company("https://accounts.example 9b21", Some(MAIL)).await.expect("answers");
    assert_eq!(heir, None, "who inherits the address inherits nothing");
    assert_eq!(people.recognize("li", &Password::new("")).await.expect("answers"), None, "there is no password");
    let renamed = people.recognize_company(SUBJECT, Some("li.new@corp.example")).await.expect("answers");
    assert_eq!(renamed, Some(li), "the subject stays when the name changes");
}

async fn only_who_was_added_is_recognized(world: World) {
    let people = &world.access.people;
    world.user("wang", manager("华东")).await;
    add(&world, "li", Some(MAIL)).await.expect("added");
    for (subject, name) in [
        (SUBJECT, Some("wang")),
        (SUBJECT, Some("li")),
        (SUBJECT, Some("")),
        (SUBJECT, Some("li@corp.example\u{0}")),
        (SUBJECT, Some("%")),
        (SUBJECT, None),
        ("", Some(MAIL)),
        ("a\nb", Some(MAIL)),
    ] {
        assert_eq!(people.recognize_company(subject, name).await.expect("answers"), None, "{subject:?} {name:?}");
    }
    people.set_disabled("li", true).await.expect("disabled");
    assert_eq!(people.recognize_company(SUBJECT, Some(MAIL)).await.expect("answers"), None, "disabled");
    people.set_disabled("li", false).await.expect("enabled");
    assert!(people.recognize_company(SUBJECT, Some(MAIL)).await.expect("answers").is_some());
    people.set_disabled("li", true).await.expect("disabled");
    assert_eq!(people.recognize_company(SUBJECT, None).await.expect("answers"), None, "disabled later");
}

async fn an_account_is_one_persons(world: World) {
    add(&world, "li", Some(MAIL)).await.expect("added");
    let taken = add(&world, "wang", Some("LI@CORP.EXAMPLE")).await.expect_err("another's");
    assert!(matches!(taken, Error::Taken { what: "company account", .. }), "{taken}");
    add(&world, "wang", None).await.expect("added");
    let taken = world.access.people.set_company_name("wang", Some(MAIL)).await.expect_err("another's");
    assert!(matches!(taken, Error::Taken { what: "company account", .. }), "{taken}");
    let taken = add(&world, "Wang", Some("w@corp.example")).await.expect_err("the name is");
    assert!(matches!(taken, Error::Taken { what: "user", .. }), "{taken}");
    for bad in ["", "  ", "a\u{0}b", "a\nb", &"x".repeat(255)] {
        let error = add(&world, "zhao", Some(bad)).await.expect_err("not usable");
        assert!(matches!(error, Error::Field { field: "company", .. }), "{error}");
    }
}

async fn another_account_forgets_the_one_before_and_ends_sessions(world: World) {
    let (people, sessions) = (&world.access.people, &world.access.sessions);
    add(&world, "li", Some(MAIL)).await.expect("added");
    let li = people.recognize_company(SUBJECT, Some(MAIL)).await.expect("answers").expect("li");
    let token = sessions.begin(&li, None, NOW).await.expect("begun");
    assert_eq!(sessions.count(&li.id).await.expect("answers"), 1);
    people.set_company_name("li", Some("li@new.example")).await.expect("changed");
    assert_eq!(sessions.check(token.as_str(), NOW).await.expect("answers"), None);
    assert_eq!(people.recognize_company(SUBJECT, Some(MAIL)).await.expect("answers"), None);
    let other = people.recognize_company("https://accounts.example 9b21", Some("li@new.example")).await;
    assert!(other.expect("answers").is_some());
    people.set_company_name("li", None).await.expect("changed");
    assert_eq!(people.find("li").await.expect("answers").and_then(|li| li.company_name), None);
}

async fn a_password_made_up_here_has_to_be_changed(world: World) {
    let (people, sessions) = (&world.access.people, &world.access.sessions);
    world.user("li", Role::Executive).await;
    let once = people.reset_password("li").await.expect("reset");
    assert_eq!(people.recognize("li", &password()).await.expect("answers"), None, "the one before is gone");
    let li = people.recognize("li", once.password()).await.expect("answers").expect("li");
    assert!(li.password_once);
    let token = sessions.begin(&li, None, NOW).await.expect("begun");
    assert!(sessions.check(token.as_str(), NOW).await.expect("answers").expect("signed in").password_once);
    let vouched = sessions.begin_company(&li, None, NOW).await.expect("begun");
    for token in [vouched.clone(), sessions.rotate(vouched.as_str(), NOW).await.expect("answers").expect("another")] {
        let Some(signed) = sessions.check(token.as_str(), NOW).await.expect("answers") else { continue };
        assert!(!signed.password_once && !signed.by_password, "no password was typed");
    }
    assert_eq!(sessions.count(&li.id).await.expect("answers"), 2);
    people.set_password("li", &password()).await.expect("set");
    assert!(!people.find("li").await.expect("answers").expect("li").password_once);
    let (one, other) = (OneTimePassword::generate().expect("bits"), OneTimePassword::generate().expect("bits"));
    assert!(one.as_str() != other.as_str() && one.as_str().len() == 23 && one.password().check("li").is_ok());
    assert!(!format!("{one:?}").contains(one.as_str()));
    assert!(matches!(people.reset_password("nobody").await, Err(Error::Unknown { .. })));
}
