//! Everybody, and one person.

use crate::charts::escape;
use crate::door::hidden;
use crate::i18n::t;

use super::{Around, minute, seen, table};

/// Everybody.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Everybody, in the order of names.
    pub rows: Vec<PersonRow>,
    /// The regions that somebody may be given.
    pub regions: Vec<String>,
    /// What was typed before.
    pub draft: PersonDraft,
}

/// Someone in the list.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The name to sign in with.
    pub name: String,
    /// What they see: `admin`, `executive` or `region:NAME`.
    pub sees: String,
    /// The company's account they sign in by, if any.
    pub company: Option<String>,
    /// Kept, but not let in.
    pub disabled: bool,
    /// The password has to be changed.
    pub password_once: bool,
    /// When they were added, in Unix seconds.
    pub created: i64,
}

/// Someone to be added, as typed.
#[derive(Clone, Debug)]
pub struct PersonDraft {
    /// The name.
    pub name: String,
    /// What they see, by its word.
    pub sees: String,
    /// The company's account.
    pub company: String,
    /// Whether a password is made for them.
    pub password: bool,
}

impl Default for PersonDraft {
    fn default() -> Self {
        Self { name: String::new(), sees: "executive".to_owned(), company: String::new(), password: true }
    }
}

/// One person.
#[derive(Clone, Debug)]
pub struct PersonPage {
    /// As in the list.
    pub row: PersonRow,
    /// How many sessions they have.
    pub sessions: u64,
    /// The regions that they may be given.
    pub regions: Vec<String>,
    /// The password just made, shown this once.
    pub password: Option<String>,
}

pub(super) fn list(around: &Around<'_>, people: &People) -> String {
    let lang = around.lang;
    let row = |row: &PersonRow| {
        let href = around.address("/admin/user", &[("name", &row.name)]);
        format!(
            "<tr><th scope=\"row\"><a class=\"link\" href=\"{href}\">{name}</a></th><td>{sees}</td><td>{state}</td>\
             <td>{company}</td><td>{since}</td></tr>",
            name = escape(&row.name),
            sees = escape(&seen(lang, &row.sees)),
            state = state(around, row),
            company = escape(row.company.as_deref().unwrap_or_default()),
            since = minute(row.created),
        )
    };
    let heads = [
        t!(lang, door.name),
        t!(lang, admin.sees),
        t!(lang, admin.state),
        t!(lang, admin.company),
        t!(lang, admin.added_at),
    ];
    let rows: String = people.rows.iter().map(row).collect();
    format!(
        "<h1>{title}</h1>{table}{add}",
        title = t!(lang, admin.people),
        table = table(lang, t!(lang, admin.people), &heads, &rows),
        add = add(around, people)
    )
}

fn state(around: &Around<'_>, row: &PersonRow) -> &'static str {
    let lang = around.lang;
    match row {
        PersonRow { disabled: true, .. } => t!(lang, admin.is_disabled),
        PersonRow { password_once: true, .. } => t!(lang, admin.is_once),
        _ => t!(lang, admin.is_active),
    }
}

fn add(around: &Around<'_>, people: &People) -> String {
    let (lang, draft) = (around.lang, &people.draft);
    let inner = format!(
        "<label>{name_is}<input name=\"name\" value=\"{name}\" maxlength=\"64\" autocomplete=\"off\" \
         autocapitalize=\"none\" spellcheck=\"false\" required>{bad_name}</label>{sees}\
         <label>{company_is}<input name=\"company\" value=\"{company}\" maxlength=\"254\" autocomplete=\"off\" \
         autocapitalize=\"none\" spellcheck=\"false\">{bad_company}<small>{company_means}</small></label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"password\" value=\"1\"{checked}> {password_is}\
         {no_way_in}</label><button class=\"apply\">{button}</button>",
        name_is = t!(lang, door.name),
        name = escape(&draft.name),
        bad_name = around.problem("name"),
        sees = sees(around, &people.regions, &draft.sees),
        company_is = t!(lang, admin.company),
        company = escape(&draft.company),
        bad_company = around.problem("company"),
        company_means = t!(lang, admin.company_means),
        checked = if draft.password { " checked" } else { "" },
        password_is = t!(lang, admin.make_password),
        no_way_in = around.problem("password"),
        button = t!(lang, admin.add),
    );
    format!("<section><h2>{}</h2>{}</section>", t!(lang, admin.add_person), around.form("/admin", &inner))
}

/// One choice for role and region, so that no combination is wrong.
fn sees(around: &Around<'_>, regions: &[String], chosen: &str) -> String {
    let lang = around.lang;
    let words = ["executive".to_owned(), "admin".to_owned()].into_iter();
    let mut words: Vec<_> = words.chain(regions.iter().map(|region| format!("region:{region}"))).collect();
    // A region that the data do not know (any more) stays what it is.
    if chosen.starts_with("region:") && !words.iter().any(|word| word == chosen) {
        words.push(chosen.to_owned());
    }
    let option = |word: &String| {
        let selected = if word == chosen { " selected" } else { "" };
        format!("<option value=\"{}\"{selected}>{}</option>", escape(word), escape(&seen(lang, word)))
    };
    let options: String = words.iter().map(option).collect();
    let (sees_is, problem) = (t!(lang, admin.sees), around.problem("sees"));
    format!("<label>{sees_is}<select name=\"sees\">{options}</select>{problem}</label>")
}

pub(super) fn page(around: &Around<'_>, person: &PersonPage) -> String {
    let (lang, row) = (around.lang, &person.row);
    let name = hidden("name", &row.name);
    let what = |what: &str, inner: &str| around.form("/admin/user", &format!("{name}{}{inner}", hidden("do", what)));
    let asked = |title: &str, means: &str, action: &str| {
        let form = what(action, &format!("<button class=\"apply\">{title}</button>"));
        format!("<details><summary>{title}</summary><p>{means}</p>{form}</details>")
    };
    let shown = person.password.as_ref().map_or(String::new(), |password| {
        format!("<p class=\"once\">{}<code>{}</code></p>", t!(lang, admin.password_is), escape(password))
    });
    let let_in = match row.disabled {
        true => what("enable", &format!("<button class=\"apply\">{}</button>", t!(lang, admin.enable))),
        false => asked(t!(lang, admin.disable), t!(lang, admin.disable_means), "disable"),
    };
    let save = format!("<button class=\"apply\">{}</button>", t!(lang, admin.save));
    format!(
        "<h1>{title}</h1>{shown}<dl><dt>{sees_is}</dt><dd>{seen}</dd><dt>{state_is}</dt><dd>{state}</dd>\
         <dt>{sessions_is}</dt><dd>{sessions}</dd><dt>{added_is}</dt><dd>{added} UTC</dd></dl>\
         <section><h2>{change}</h2>{role}<p><small>{change_means}</small></p>{company}</section>\
         <section><h2>{way_in}</h2>{reset}{end}{let_in}</section>\
         <p><a class=\"link\" href=\"{audit}\">{audit_is}</a></p>",
        title = escape(&row.name),
        sees_is = t!(lang, admin.sees),
        seen = escape(&seen(lang, &row.sees)),
        state_is = t!(lang, admin.state),
        state = state(around, row),
        sessions_is = t!(lang, admin.sessions),
        sessions = person.sessions,
        added_is = t!(lang, admin.added_at),
        added = minute(row.created),
        change = t!(lang, admin.change),
        change_means = t!(lang, admin.change_means),
        role = what("role", &format!("{}{save}", sees(around, &person.regions, &row.sees))),
        company = what(
            "company",
            &format!(
                "<label>{}<input name=\"company\" value=\"{}\" maxlength=\"254\" autocomplete=\"off\" \
                 autocapitalize=\"none\" spellcheck=\"false\">{}<small>{}</small></label>{save}",
                t!(lang, admin.company),
                escape(row.company.as_deref().unwrap_or_default()),
                around.problem("company"),
                t!(lang, admin.company_means),
            )
        ),
        way_in = t!(lang, admin.way_in),
        reset = asked(t!(lang, admin.reset), t!(lang, admin.reset_means), "password"),
        end = asked(t!(lang, admin.end_sessions), t!(lang, admin.end_sessions_means), "sessions"),
        audit = around.address("/admin/audit", &[("who", &row.name)]),
        audit_is = t!(lang, admin.audit_of_person),
    )
}
