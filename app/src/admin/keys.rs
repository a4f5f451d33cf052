//! The keys of portals.

use crate::charts::escape;
use crate::door::hidden;
use crate::i18n::{Lang, t};
use crate::pages;
use crate::state::PageName;

use super::{Around, minute, table};

/// The keys of portals, and the form for one more.
#[derive(Clone, Debug, Default)]
pub struct PortalKeys {
    /// All keys, revoked ones too.
    pub rows: Vec<KeyRow>,
    /// The regions that a key may show.
    pub regions: Vec<String>,
    /// What was typed before.
    pub draft: KeyDraft,
    /// The `kid` of the key just added, and its secret where it has one; shown this once.
    pub made: Option<(String, Option<String>)>,
}

/// A key in the list.
#[derive(Clone, Debug, Default)]
pub struct KeyRow {
    /// What tokens name it by.
    pub kid: String,
    /// The portal's name.
    pub portal: String,
    /// `EdDSA` or `HS256`.
    pub algorithm: String,
    /// Who may frame its views.
    pub origins: Vec<String>,
    /// What its tokens may show.
    pub scopes: Vec<String>,
    /// The views its tokens may name.
    pub views: Vec<String>,
    /// No rows of single members.
    pub aggregate_only: bool,
    /// When it was added, in Unix seconds.
    pub created: i64,
    /// When it was revoked, if it was.
    pub revoked: Option<i64>,
}

/// A key to be added, as typed.
#[derive(Clone, Debug)]
pub struct KeyDraft {
    /// The portal's name.
    pub portal: String,
    /// Origins, one a line.
    pub origins: String,
    /// What its tokens may show, by word.
    pub scopes: Vec<String>,
    /// The views its tokens may name.
    pub views: Vec<String>,
    /// The public key; empty for a secret made here.
    pub public_key: String,
    /// Whether a secret is made here.
    pub hs256: bool,
    /// No rows of single members.
    pub aggregate_only: bool,
}

impl Default for KeyDraft {
    fn default() -> Self {
        let [portal, origins, public_key] = Default::default();
        let (scopes, views) = (Vec::new(), vec!["growth".to_owned()]);
        Self { portal, origins, scopes, views, public_key, hs256: false, aggregate_only: true }
    }
}

pub(super) fn list(around: &Around<'_>, keys: &PortalKeys) -> String {
    let lang = around.lang;
    let heads = [
        t!(lang, admin.portal),
        t!(lang, admin.shows),
        t!(lang, admin.origins),
        t!(lang, admin.added_at),
        t!(lang, admin.state),
    ];
    let rows: String = keys.rows.iter().map(|key| row(around, key)).collect();
    format!(
        "<h1>{title}</h1>{made}{table}<section><h2>{add_is}</h2>{add}</section>",
        title = t!(lang, admin.keys),
        made = made(lang, keys.made.as_ref()),
        table = table(lang, t!(lang, admin.keys), &heads, &rows),
        add_is = t!(lang, admin.add_key),
        add = add(around, keys),
    )
}

fn made(lang: Lang, made: Option<&(String, Option<String>)>) -> String {
    let Some((kid, secret)) = made else { return String::new() };
    let secret = secret
        .as_ref()
        .map_or(String::new(), |secret| format!("{}<code>{}</code>", t!(lang, admin.secret_is), escape(secret)));
    format!("<p class=\"once\">kid<code>{}</code>{secret}</p>", escape(kid))
}

fn row(around: &Around<'_>, key: &KeyRow) -> String {
    let lang = around.lang;
    let shows: Vec<_> =
        key.scopes.iter().map(|word| scope(lang, word)).chain(key.views.iter().map(|v| view(lang, v))).collect();
    let only = if key.aggregate_only {
        format!("<br><small>{}</small>", t!(lang, admin.aggregate_only))
    } else {
        String::new()
    };
    let state = match key.revoked {
        Some(at) => t!(lang, admin.revoked_at, at = minute(at)),
        None => {
            let inner = format!(
                "{}{}<button class=\"apply\">{}</button>",
                hidden("do", "revoke"),
                hidden("kid", &key.kid),
                t!(lang, admin.revoke)
            );
            format!(
                "<details><summary>{}</summary><p>{}</p>{}</details>",
                t!(lang, admin.revoke),
                t!(lang, admin.revoke_means),
                around.form("/admin/keys", &inner)
            )
        }
    };
    let origins: Vec<_> = key.origins.iter().map(|origin| escape(origin)).collect();
    format!(
        "<tr><th scope=\"row\">{}<br><small>{} · <code>{}</code></small></th><td>{}{only}</td><td>{}</td><td>{}</td>\
         <td>{state}</td></tr>",
        escape(&key.portal),
        escape(&key.algorithm),
        escape(&key.kid),
        escape(&shows.join(" · ")),
        origins.join("<br>"),
        minute(key.created),
    )
}

fn add(around: &Around<'_>, keys: &PortalKeys) -> String {
    let (lang, draft) = (around.lang, &keys.draft);
    let boxes = |name: &str, words: Vec<(String, String)>, chosen: &[String]| -> String {
        let one = |(word, text): &(String, String)| {
            let checked = if chosen.contains(word) { " checked" } else { "" };
            format!(
                "<label class=\"check\"><input type=\"checkbox\" name=\"{name}\" value=\"{}\"{checked}> {}</label>",
                escape(word),
                escape(text)
            )
        };
        words.iter().map(one).collect()
    };
    let scopes = std::iter::once("all".to_owned()).chain(keys.regions.iter().map(|region| format!("region:{region}")));
    let scopes = scopes.map(|word| (word.clone(), scope(lang, &word))).collect();
    let views = PageName::RAIL.iter().map(|page| (word_of(page), (pages::of(page).name)(lang).to_owned())).collect();
    let checked = |is: bool| if is { " checked" } else { "" };
    let inner = format!(
        "<label>{portal_is}<input name=\"portal\" value=\"{portal}\" maxlength=\"64\" autocomplete=\"off\" required>\
         {bad_portal}</label>\
         <label>{origins_is}<textarea name=\"origins\" rows=\"2\" spellcheck=\"false\">{origins}</textarea>\
         {bad_origins}<small>{origins_mean}</small></label>\
         <fieldset><legend>{scopes_is}</legend>{scopes}{bad_scopes}</fieldset>\
         <fieldset><legend>{views_is}</legend>{views}{bad_views}</fieldset>\
         <label>{public_is}<textarea name=\"public_key\" rows=\"3\" spellcheck=\"false\">{public}</textarea>\
         {bad_public}<small>{public_means}</small></label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"hs256\" value=\"1\"{hs256}> {hs256_is}</label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"aggregate_only\" value=\"1\"{only}> {only_is}</label>\
         {action}<button class=\"apply\">{button}</button>",
        portal_is = t!(lang, admin.portal),
        portal = escape(&draft.portal),
        bad_portal = around.problem("portal"),
        origins_is = t!(lang, admin.origins),
        origins = lines(&draft.origins),
        bad_origins = around.problem("origins"),
        origins_mean = t!(lang, admin.origins_mean),
        scopes_is = t!(lang, admin.scopes),
        scopes = boxes("scopes", scopes, &draft.scopes),
        bad_scopes = around.problem("scopes"),
        views_is = t!(lang, admin.views),
        views = boxes("views", views, &draft.views),
        bad_views = around.problem("views"),
        public_is = t!(lang, admin.public_key),
        public = lines(&draft.public_key),
        bad_public = around.problem("public_key"),
        public_means = t!(lang, admin.public_key_means),
        hs256 = checked(draft.hs256),
        hs256_is = t!(lang, admin.hs256),
        only = checked(draft.aggregate_only),
        only_is = t!(lang, admin.aggregate_only),
        action = hidden("do", "add"),
        button = t!(lang, admin.add),
    );
    around.form("/admin/keys", &inner)
}

/// A scope's word as a text.
fn scope(lang: Lang, word: &str) -> String {
    word.strip_prefix("region:").map_or_else(|| t!(lang, admin.all_regions).to_owned(), str::to_owned)
}

/// A view's word as the name of its page; a word that names none stays.
fn view(lang: Lang, word: &str) -> String {
    let page = PageName::RAIL.iter().find(|page| word_of(page) == word);
    page.map_or_else(|| word.to_owned(), |page| (pages::of(page).name)(lang).to_owned())
}

/// A page's word, as tokens name it.
fn word_of(page: &PageName) -> String {
    match page {
        PageName::Growth => "growth".to_owned(),
        page => page.path().trim_start_matches('/').to_owned(),
    }
}

/// A text of several lines; [`escape`] alone would put them into one.
fn lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}
