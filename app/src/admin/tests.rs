//! What an administrator sees.

use super::*;

const EVIL: &str = "\"><script>alert(1)</script>";

fn render(lang: &str, told: Option<AdminTold>, content: AdminContent) -> String {
    let lang = Some(lang.to_owned());
    render_admin(&AdminPage { lang, accept_language: None, form: "t0ken".into(), told, content }, "", "n0nce")
}

fn person(text: &str) -> PersonRow {
    let (name, sees, company) = (text.to_owned(), format!("region:{text}"), Some(text.to_owned()));
    PersonRow { name, sees, company, disabled: false, password_once: true, created: 1_700_000_000 }
}

/// Every page, with one text wherever a text can be.
fn pages(text: &str) -> Vec<AdminContent> {
    let (texts, one) = (vec![text.to_owned()], text.to_owned());
    let draft = PersonDraft { name: one.clone(), sees: one.clone(), company: one.clone(), password: false };
    let key = KeyRow {
        kid: one.clone(),
        portal: one.clone(),
        algorithm: one.clone(),
        origins: texts.clone(),
        scopes: vec![format!("region:{text}")],
        views: texts.clone(),
        ..KeyRow::default()
    };
    let key_draft =
        KeyDraft { portal: one.clone(), origins: one.clone(), public_key: one.clone(), ..KeyDraft::default() };
    let part = RegionPart { built_at: one.clone(), data_until: one.clone(), ..RegionPart::default() };
    let row = AuditRow {
        who: one.clone(),
        what: one.clone(),
        subject: one.clone(),
        scope: one.clone(),
        from: one.clone(),
        ..AuditRow::default()
    };
    let (made, chain) = (Some((one.clone(), Some(one.clone()))), ChainState::Sound { entries: 1, head: one.clone() });
    vec![
        AdminContent::People(People { rows: vec![person(text)], regions: texts.clone(), draft }),
        AdminContent::Person(Box::new(PersonPage {
            row: person(text),
            sessions: 2,
            regions: texts.clone(),
            password: Some(one.clone()),
        })),
        AdminContent::Regions(vec![RegionRow { name: one.clone(), part: Some(part), managers: texts.clone() }]),
        AdminContent::Keys(Box::new(PortalKeys { rows: vec![key], regions: texts, draft: key_draft, made })),
        AdminContent::Audit(Box::new(AuditList {
            rows: vec![row],
            who: one.clone(),
            what: one,
            next: Some(7),
            chain: Some(chain),
        })),
    ]
}

#[test]
fn no_name_becomes_markup() {
    for content in pages(EVIL) {
        let html = render("en", Some(AdminTold::Origins { given: EVIL.into() }), content);
        assert!(!html.contains("<script>alert") && !html.contains(EVIL), "{html}");
        assert!(!html.contains("style="), "the policy allows no style in an element");
    }
}

#[test]
fn each_page_speaks_both_languages_and_links_to_itself_in_the_other() {
    for content in pages("华东") {
        let (zh, en) = (render("zh-CN", None, content.clone()), render("en", None, content));
        assert!(zh.contains("<html lang=\"zh-CN\">") && zh.contains("审计") && !zh.contains(">Audit<"), "{zh}");
        assert!(en.contains("<html lang=\"en\">") && en.contains("Audit") && !en.contains(">审计<"), "{en}");
        assert!(zh.contains("lang=en") && en.contains("lang=zh-CN"));
    }
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    for content in pages("x") {
        let html = render("en", None, content);
        let forms = html.split("<form method=\"post\"").skip(1);
        for form in forms {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(form.contains("name=\"form\" value=\"t0ken\""), "{form}");
            assert!(form.starts_with(" action=\"/admin"), "{form}");
        }
    }
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_all_else_on_top() {
    let list = || AdminContent::People(People::default());
    let html = render("en", Some(AdminTold::NameTaken), list());
    let field = html.split("name=\"name\"").nth(1).and_then(|rest| rest.split("</label>").next()).expect("a field");
    assert!(field.contains("role=\"alert\"") && html.matches("role=\"alert\"").count() == 1, "{html}");
    let html = render("en", Some(AdminTold::LastAdmin), list());
    assert!(html.contains("<main id=\"main\"><p class=\"problem\" role=\"alert\">"), "{html}");
    let html = render("en", Some(AdminTold::Added), list());
    assert!(html.contains("<p class=\"done\" role=\"status\">Added.</p>"), "{html}");
}

#[test]
fn a_region_that_the_data_lost_stays_what_someone_sees() {
    let page = PersonPage { row: person("华北"), sessions: 0, regions: vec!["华东".into()], password: None };
    let html = render("en", None, AdminContent::Person(Box::new(page)));
    assert!(html.contains("<option value=\"region:华北\" selected>"), "{html}");
    assert!(html.contains("<option value=\"region:华东\">"), "{html}");
}

#[test]
fn minutes_are_utc() {
    assert_eq!(minute(1_795_372_859), "2026-11-22 18:40");
    assert_eq!(minute(i64::MAX), "");
    assert_eq!(minute(-1), "", "no day of ours");
}
