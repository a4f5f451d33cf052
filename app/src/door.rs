//! The pages before the dashboard: signing in, one's account, and why there is nothing to see. They are forms and
//! links, drawn by the server alone; no program takes them over.

mod password;

use crate::charts::escape;
use crate::document::{KEPT, theme_color};
use crate::i18n::{Lang, t};
use crate::query::Writer;

/// A page before the dashboard.
#[derive(Clone, Debug)]
pub struct DoorPage {
    /// The language asked for, such as `en`; without one the browser's.
    pub lang: Option<String>,
    /// The header of that name.
    pub accept_language: Option<String>,
    /// What stands on it.
    pub content: DoorContent,
}

/// What stands on such a page.
#[derive(Clone, Debug)]
pub enum DoorContent {
    /// The form to sign in.
    SignIn {
        /// The name typed before, if any.
        name: String,
        /// Where to go then, an address of ours; the first page otherwise.
        next: Option<String>,
        /// The token that goes with the form.
        form: String,
        /// Whether people may sign in by the company's own provider of accounts.
        company: bool,
        /// Why the last try failed.
        problem: Option<DoorProblem>,
    },
    /// Who is signed in, and the way out.
    Account {
        /// The name.
        name: String,
        /// The region seen; none for everything.
        region: Option<String>,
        /// Whether they manage the others.
        manages: bool,
        /// Whether they signed in by a password, and so have one to change.
        by_password: bool,
        /// The token that goes with the forms.
        form: String,
        /// Whether the last form came from another site.
        foreign: bool,
    },
    /// The form for another password.
    Password {
        /// The name.
        name: String,
        /// Whether there is no way on without it.
        must: bool,
        /// Where to go then, an address of ours.
        next: Option<String>,
        /// The token that goes with the form.
        form: String,
        /// Why the last try failed.
        problem: Option<PasswordProblem>,
    },
    /// Signed in, but the page is for others.
    NotYours,
    /// Signed in, but the region has no data.
    NoData {
        /// The region.
        region: String,
    },
}

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorProblem {
    /// Name or password; which of them is not said.
    Wrong,
    /// Too often.
    TooMany {
        /// Seconds until the next try.
        seconds: u64,
    },
    /// The form is too old, or no cookie came with it.
    Expired,
    /// The company's provider of accounts does not answer.
    CompanyDown,
    /// What the provider sent back does not fit what was asked.
    CompanyRefused,
    /// The provider knows them, but nobody here has that account.
    CompanyUnknown,
}

/// Why a password was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// The one they have is another.
    Current,
    /// The new one is too easily guessed.
    Weak,
    /// The two new ones differ.
    Differ,
    /// The new one is the one they have.
    Same,
    /// Too often.
    TooMany {
        /// Seconds until the next try.
        seconds: u64,
    },
    /// The form came from elsewhere, or is too old.
    Foreign,
}

/// Renders the document of such a page; `style_html` links the style sheet.
pub fn render_door(page: &DoorPage, style_html: &str, nonce: &str) -> String {
    let asked = page.lang.as_deref().and_then(Lang::parse);
    let lang = asked.unwrap_or_else(|| Lang::accepted(page.accept_language.as_deref()));
    let (title, body) = match &page.content {
        DoorContent::SignIn { name, next, form, company, problem } => {
            (t!(lang, door.sign_in), sign_in(lang, name, next.as_deref(), form, *company, *problem))
        }
        DoorContent::Account { name, region, manages, by_password, form, foreign } => {
            let links = account_links(lang, *manages, *by_password);
            (t!(lang, door.account), account(lang, name, region.as_deref(), &links, form, *foreign))
        }
        DoorContent::Password { name, must, next, form, problem } => {
            (t!(lang, door.new_password), password::page(lang, name, *must, next.as_deref(), form, *problem))
        }
        DoorContent::NotYours => (t!(lang, door.account), elsewhere(lang, t!(lang, door.not_yours))),
        DoorContent::NoData { region } => (t!(lang, door.account), elsewhere(lang, &t!(lang, door.no_data, region))),
    };
    // A page that was sent back with an error keeps its language: going elsewhere would lose the error.
    // Unless the address itself names the error.
    let kept = match &page.content {
        DoorContent::SignIn {
            problem: None | Some(DoorProblem::CompanyDown | DoorProblem::CompanyRefused | DoorProblem::CompanyUnknown),
            ..
        } => KEPT,
        _ => "",
    };
    let body = format!("<main id=\"main\">{LOGO}{body}</main>");
    document(lang, title, "door", &body, kept, style_html, nonce)
}

/// The document of a page that no program takes over: `kept` is its one script.
pub(crate) fn document(
    lang: Lang,
    title: &str,
    class: &str,
    body: &str,
    kept: &str,
    style_html: &str,
    nonce: &str,
) -> String {
    let (tag, colors, nonce) = (lang.tag(), theme_color(None), escape(nonce));
    format!(
        "<!DOCTYPE html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <title>{title} · Wellspring</title><meta name=\"robots\" content=\"noindex, nofollow\">\
         <meta name=\"color-scheme\" content=\"light dark\">{colors}\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <script nonce=\"{nonce}\">{kept}</script>{style_html}</head>\
         <body class=\"{class}\">{body}</body></html>"
    )
}

const LOGO: &str = "<div class=\"logo\"><svg viewBox=\"0 0 32 32\" aria-hidden=\"true\">\
                    <path d=\"M16 4c5 6 8 10 8 14a8 8 0 0 1-16 0c0-4 3-8 8-14z\"/>\
                    <path class=\"wave\" d=\"M9.5 19.5c2.2-1.8 4.3-1.8 6.5 0s4.3 1.8 6.5 0\"/></svg></div>";

fn sign_in(
    lang: Lang,
    name: &str,
    next: Option<&str>,
    form: &str,
    company: bool,
    problem: Option<DoorProblem>,
) -> String {
    let told = problem.map(|problem| match problem {
        DoorProblem::Wrong => t!(lang, door.wrong).to_owned(),
        DoorProblem::TooMany { seconds } => t!(lang, door.too_many, seconds),
        DoorProblem::Expired => t!(lang, door.expired).to_owned(),
        DoorProblem::CompanyDown => t!(lang, door.company_down).to_owned(),
        DoorProblem::CompanyRefused => t!(lang, door.company_refused).to_owned(),
        DoorProblem::CompanyUnknown => t!(lang, door.company_unknown).to_owned(),
    });
    let told = told.map_or(String::new(), |told| format!("<p class=\"problem\" role=\"alert\">{}</p>", escape(&told)));
    let target = next.map_or(String::new(), |next| hidden("next", next));
    // Who tried before goes on with the password.
    let (first, second) = if name.is_empty() { (" autofocus", "") } else { ("", " autofocus") };
    format!(
        "<h1>{title}</h1>{told}<form method=\"post\" action=\"/sign-in?lang={tag}\">{form}{target}\
         <label>{name_is}<input name=\"name\" value=\"{name}\" autocomplete=\"username\" autocapitalize=\"none\" \
         spellcheck=\"false\" maxlength=\"64\" required{first}></label>\
         <label>{password_is}<input type=\"password\" name=\"password\" autocomplete=\"current-password\" \
         maxlength=\"512\" required{second}></label>\
         <button class=\"apply\">{title}</button></form>{company}{languages}",
        title = t!(lang, door.sign_in),
        company = if company { by_company(lang, next) } else { String::new() },
        tag = lang.tag(),
        form = hidden("form", form),
        name_is = t!(lang, door.name),
        name = escape(name),
        password_is = t!(lang, door.password),
        languages = languages(lang, next),
    )
}

fn account(lang: Lang, name: &str, region: Option<&str>, links: &str, form: &str, foreign: bool) -> String {
    let told = match foreign {
        true => format!("<p class=\"problem\" role=\"alert\">{}</p>", t!(lang, door.foreign)),
        false => String::new(),
    };
    let sees = match region {
        Some(region) => t!(lang, door.sees_region, region),
        None => t!(lang, door.sees_all).to_owned(),
    };
    let (form, tag) = (hidden("form", form), lang.tag());
    format!(
        "<h1>{title}</h1>{told}<p>{who}</p><p class=\"quiet\">{sees}</p>\
         <form method=\"post\" action=\"/sign-out?lang={tag}\">{form}<button class=\"apply\">{out}</button></form>\
         <form method=\"post\" action=\"/sign-out-everywhere?lang={tag}\">{form}\
         <button class=\"chip\">{everywhere}</button></form>\
         <p class=\"quiet\">{out_is}</p>{links}\
         <p><a class=\"link\" href=\"/?lang={tag}\">{back}</a></p>",
        title = t!(lang, door.account),
        who = escape(&t!(lang, door.signed_in_as, name)),
        sees = escape(&sees),
        out = t!(lang, door.sign_out),
        everywhere = t!(lang, door.sign_out_everywhere),
        out_is = t!(lang, door.sign_out_is),
        back = t!(lang, door.back),
    )
}

/// Where an account's page leads to beside the dashboard.
fn account_links(lang: Lang, manages: bool, by_password: bool) -> String {
    let link = |is: bool, path: &str, text: &str| match is {
        true => format!("<p><a class=\"link\" href=\"{path}?lang={}\">{text}</a></p>", lang.tag()),
        false => String::new(),
    };
    link(manages, "/admin", t!(lang, admin.title))
        + &link(by_password, "/account/password", t!(lang, door.change_password))
}

/// A link and not a form: where a form's answer leads to, browsers hold to the page's own policy.
fn by_company(lang: Lang, next: Option<&str>) -> String {
    let mut query = Writer::default();
    query.add("lang", lang.tag());
    if let Some(next) = next {
        query.add("next", next);
    }
    let (href, text) = (escape(&query.finish()), t!(lang, door.by_company));
    format!("<p><a class=\"chip\" href=\"/sign-in/company{href}\">{text}</a></p>")
}

/// Why there is nothing to see here, and the way to the account.
fn elsewhere(lang: Lang, told: &str) -> String {
    let (told, account) = (escape(told), t!(lang, door.account));
    format!(
        "<h1>Wellspring</h1><p>{told}</p><p><a class=\"link\" href=\"/account?lang={}\">{account}</a></p>",
        lang.tag()
    )
}

/// The same page in each language.
fn languages(lang: Lang, next: Option<&str>) -> String {
    let link = |(other, name): (Lang, &str)| {
        let mut query = Writer::default();
        query.add("lang", other.tag());
        if let Some(next) = next {
            query.add("next", next);
        }
        let current = if other == lang { " aria-current=\"true\"" } else { "" };
        // `escape`, since `&` stands between the pairs.
        let href = escape(&query.finish());
        format!("<a href=\"/sign-in{href}\" lang=\"{tag}\" hreflang=\"{tag}\"{current}>{name}</a>", tag = other.tag())
    };
    let links: String = [(Lang::Zh, "中文"), (Lang::En, "English")].into_iter().map(link).collect();
    format!("<nav aria-label=\"{}\">{links}</nav>", t!(lang, door.language))
}

pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

#[cfg(test)]
mod tests;
