//! The pages for administrators: people, regions, portals' keys, the audit. Like the door they are forms and links,
//! drawn by the server alone.
//!
//! What cannot be taken back stands in a `<details>`: opening it is the question, its button the answer.

mod audit;
mod keys;
mod people;
mod regions;
mod told;

use crate::charts::escape;
use crate::document::KEPT;
use crate::door::{document, hidden};
use crate::i18n::{Lang, t};
use crate::query::Writer;

pub use audit::{AuditList, AuditRow, ChainState};
pub use keys::{KeyDraft, KeyRow, PortalKeys};
pub use people::{People, PersonDraft, PersonPage, PersonRow};
pub use regions::{RegionPart, RegionRow};
pub use told::AdminTold;

/// A page for administrators.
#[derive(Clone, Debug)]
pub struct AdminPage {
    /// The language asked for, such as `en`; without one the browser's.
    pub lang: Option<String>,
    /// The header of that name.
    pub accept_language: Option<String>,
    /// The token that goes with the forms.
    pub form: String,
    /// What came of the form that was sent.
    pub told: Option<AdminTold>,
    /// What stands on it.
    pub content: AdminContent,
}

/// What stands on such a page.
#[derive(Clone, Debug)]
pub enum AdminContent {
    /// Everybody, and the form for one more.
    People(People),
    /// One person, and what can be changed.
    Person(Box<PersonPage>),
    /// The regions that the data know.
    Regions(Vec<RegionRow>),
    /// The keys of portals, and the form for one more.
    Keys(Box<PortalKeys>),
    /// Who did what.
    Audit(Box<AuditList>),
}

/// What every part of a page needs to know.
struct Around<'a> {
    lang: Lang,
    form: String,
    told: Option<&'a AdminTold>,
}

impl Around<'_> {
    /// A form that is sent to an address, in the page's language.
    fn form(&self, action: &str, inner: &str) -> String {
        let (tag, token) = (self.lang.tag(), &self.form);
        format!("<form method=\"post\" action=\"{action}?lang={tag}\">{token}{inner}</form>")
    }

    /// What is wrong with a field, to stand beside it; nothing where nothing is.
    fn problem(&self, field: &str) -> String {
        let told = self.told.filter(|told| told.field() == Some(field));
        told.map_or(String::new(), |told| {
            format!("<span class=\"problem\" role=\"alert\">{}</span>", escape(&told.sentence(self.lang)))
        })
    }

    /// An address with a language and further pairs.
    fn address(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        address(path, self.lang, pairs)
    }
}

fn address(path: &str, lang: Lang, pairs: &[(&str, &str)]) -> String {
    let mut query = Writer::default();
    query.add("lang", lang.tag());
    pairs.iter().for_each(|(name, value)| query.add(name, value));
    // `escape`, since `&` stands between the pairs.
    escape(&format!("{path}{}", query.finish()))
}

/// Renders the document of such a page; `style_html` links the style sheet.
pub fn render_admin(page: &AdminPage, style_html: &str, nonce: &str) -> String {
    let asked = page.lang.as_deref().and_then(Lang::parse);
    let lang = asked.unwrap_or_else(|| Lang::accepted(page.accept_language.as_deref()));
    let around = Around { lang, form: hidden("form", &page.form), told: page.told.as_ref() };
    let (path, name) = match &page.content {
        AdminContent::Person(person) => ("/admin/user", Some(person.row.name.as_str())),
        AdminContent::People(_) => ("/admin", None),
        AdminContent::Regions(_) => ("/admin/regions", None),
        AdminContent::Keys(_) => ("/admin/keys", None),
        AdminContent::Audit(_) => ("/admin/audit", None),
    };
    let body = match &page.content {
        AdminContent::People(people) => people::list(&around, people),
        AdminContent::Person(person) => people::page(&around, person),
        AdminContent::Regions(rows) => regions::list(&around, rows),
        AdminContent::Keys(keys) => keys::list(&around, keys),
        AdminContent::Audit(list) => audit::list(&around, list),
    };
    let told = page.told.as_ref().filter(|told| told.field().is_none());
    let told = told.map_or(String::new(), |told| {
        let (class, role) = if told.is_done() { ("done", "status") } else { ("problem", "alert") };
        format!("<p class=\"{class}\" role=\"{role}\">{}</p>", escape(&told.sentence(lang)))
    });
    let pairs: Vec<_> = name.iter().map(|name| ("name", *name)).collect();
    let inner = format!(
        "<header>{tabs}{languages}</header><main id=\"main\">{told}{body}</main>",
        tabs = tabs(lang, path),
        languages = languages(lang, path, &pairs),
    );
    // What came of a form is lost by going elsewhere: such a page keeps its language.
    let kept = if page.told.is_none() { KEPT } else { "" };
    document(lang, t!(lang, admin.title), "admin", &inner, kept, style_html, nonce)
}

fn tabs(lang: Lang, path: &str) -> String {
    let tabs = [
        ("/admin", t!(lang, admin.people)),
        ("/admin/regions", t!(lang, admin.regions)),
        ("/admin/keys", t!(lang, admin.keys)),
        ("/admin/audit", t!(lang, admin.audit)),
    ];
    let tab = |(to, name): (&str, &str)| {
        let is_here = to == path || (to == "/admin" && path == "/admin/user");
        let current = if is_here { " aria-current=\"page\"" } else { "" };
        format!("<a href=\"{}\"{current}>{name}</a>", address(to, lang, &[]))
    };
    let links: String = tabs.into_iter().map(tab).collect();
    let back = format!("<a href=\"{}\">{}</a>", address("/", lang, &[]), t!(lang, door.back));
    format!("<nav aria-label=\"{}\">{links}{back}</nav>", t!(lang, admin.title))
}

fn languages(lang: Lang, path: &str, pairs: &[(&str, &str)]) -> String {
    let link = |(other, name): (Lang, &str)| {
        let (tag, current) = (other.tag(), if other == lang { " aria-current=\"true\"" } else { "" });
        let href = address(path, other, pairs);
        format!("<a href=\"{href}\" lang=\"{tag}\" hreflang=\"{tag}\"{current}>{name}</a>")
    };
    let links: String = [(Lang::Zh, "中文"), (Lang::En, "English")].into_iter().map(link).collect();
    format!("<nav class=\"languages\" aria-label=\"{}\">{links}</nav>", t!(lang, door.language))
}

/// A table that scrolls by itself where the page is narrower, also by keys.
fn table(lang: Lang, name: &str, heads: &[&str], rows: &str) -> String {
    if rows.is_empty() {
        return format!("<p class=\"quiet\">{}</p>", t!(lang, admin.none));
    }
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"{name}\" tabindex=\"0\">\
         <table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// Seconds since 1970 as a minute in UTC, such as `2026-11-22 18:40`.
fn minute(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let day = i32::try_from(day).ok().and_then(model::Day::from_epoch_days);
    day.map_or(String::new(), |day| format!("{day} {:02}:{:02}", rest / 3_600, rest % 3_600 / 60))
}

/// What is seen, by its word `admin`, `executive` or `region:NAME`.
fn seen(lang: Lang, word: &str) -> String {
    match word.strip_prefix("region:") {
        Some(region) => t!(lang, admin.sees_region, region),
        None if word == "admin" => t!(lang, admin.sees_admin).to_owned(),
        None => t!(lang, admin.sees_executive).to_owned(),
    }
}

#[cfg(test)]
mod tests;
