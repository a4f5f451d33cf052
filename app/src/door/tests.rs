//! What stands on the pages at the door.

use super::*;

fn render(lang: &str, content: DoorContent) -> String {
    render_door(&DoorPage { lang: Some(lang.to_owned()), accept_language: None, content }, "", "n0nce")
}

fn form(name: &str, next: Option<&str>, problem: Option<DoorProblem>) -> DoorContent {
    DoorContent::SignIn {
        name: name.to_owned(),
        next: next.map(str::to_owned),
        form: "t0ken".into(),
        company: true,
        problem,
    }
}

#[test]
fn the_form_speaks_both_languages_and_carries_its_token() {
    for (lang, button, other) in [("zh-CN", "登录</button>", "lang=en"), ("en", "Sign in</button>", "lang=zh-CN")] {
        let html = render(lang, form("", Some("/stores?by=sales&lang=en"), None));
        for part in [button, other, "value=\"t0ken\"", "value=\"/stores?by=sales&amp;lang=en\"", "nonce=\"n0nce\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(html.contains(&format!("<html lang=\"{lang}\">")) && !html.contains("style="), "{html}");
    }
}

#[test]
fn nothing_typed_becomes_markup() {
    let evil = "\"><script>alert(1)</script>";
    let pages = [
        form(evil, Some(evil), Some(DoorProblem::Wrong)),
        DoorContent::Account {
            name: evil.into(),
            region: Some(evil.into()),
            manages: true,
            by_password: true,
            form: evil.into(),
            foreign: true,
        },
        DoorContent::Password {
            name: evil.into(),
            must: true,
            next: Some(evil.into()),
            form: evil.into(),
            problem: Some(PasswordProblem::Weak),
        },
        DoorContent::NoData { region: evil.into() },
    ];
    for content in pages {
        let html = render("en", content);
        assert!(!html.contains("<script>alert") && !html.contains(evil), "{html}");
    }
}

#[test]
fn each_problem_has_a_sentence() {
    for (problem, part) in [
        (DoorProblem::Wrong, "wrong"),
        (DoorProblem::TooMany { seconds: 7 }, "7 s"),
        (DoorProblem::Expired, "cookies"),
        (DoorProblem::CompanyDown, "does not answer"),
        (DoorProblem::CompanyRefused, "Try again"),
        (DoorProblem::CompanyUnknown, "administrator"),
    ] {
        let html = render("en", form("li", None, Some(problem)));
        assert!(html.contains("role=\"alert\"") && html.contains(part), "{html}");
    }
}
