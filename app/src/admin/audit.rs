//! Who did what.

use crate::charts::escape;
use crate::i18n::t;

use super::{Around, minute, table};

/// Entries of the audit, and what was looked for.
#[derive(Clone, Debug, Default)]
pub struct AuditList {
    /// The entries, latest first.
    pub rows: Vec<AuditRow>,
    /// Part of who did it, or of whom it was done to.
    pub who: String,
    /// How the word for what was done begins.
    pub what: String,
    /// Where to go on, if there is more.
    pub next: Option<i64>,
    /// What came of following the chain, if it was.
    pub chain: Option<ChainState>,
}

/// An entry.
#[derive(Clone, Debug, Default)]
pub struct AuditRow {
    /// Its number.
    pub seq: i64,
    /// When, in Unix seconds.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What, by its word; empty for an entry that is not readable.
    pub what: String,
    /// What it was done to.
    pub subject: String,
    /// The scope that was seen.
    pub scope: String,
    /// The portal that framed the page, or the peer's address.
    pub from: String,
}

/// What came of following the chain.
#[derive(Clone, Debug)]
pub enum ChainState {
    /// Every entry is as it was written.
    Sound {
        /// How many there are.
        entries: i64,
        /// Where it ends, `NUMBER:HASH`, to be noted elsewhere.
        head: String,
    },
    /// An entry is not as it was written.
    Broken {
        /// The first such.
        seq: i64,
    },
}

pub(super) fn list(around: &Around<'_>, list: &AuditList) -> String {
    let lang = around.lang;
    let row = |row: &AuditRow| {
        let what = if row.what.is_empty() { t!(lang, admin.unreadable).to_owned() } else { escape(&row.what) };
        format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{what}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            row.seq,
            minute(row.at),
            escape(&row.who),
            escape(&row.subject),
            escape(&row.scope),
            escape(&row.from),
        )
    };
    let heads = [
        t!(lang, admin.number),
        t!(lang, admin.when),
        t!(lang, admin.who),
        t!(lang, admin.what),
        t!(lang, admin.subject),
        t!(lang, admin.scope),
        t!(lang, admin.from),
    ];
    let rows: String = list.rows.iter().map(row).collect();
    let older = list.next.map_or(String::new(), |next| {
        let pairs = [("who", list.who.as_str()), ("what", &list.what), ("before", &next.to_string())];
        format!(
            "<p><a class=\"link\" href=\"{}\">{}</a></p>",
            around.address("/admin/audit", &pairs),
            t!(lang, admin.older)
        )
    });
    format!(
        "<h1>{title}</h1>{chain}<form class=\"row\" action=\"/admin/audit\"><input type=\"hidden\" name=\"lang\" \
         value=\"{tag}\"><label>{who_is}<input name=\"who\" value=\"{who}\" maxlength=\"200\"></label>\
         <label>{what_is}<input name=\"what\" value=\"{what}\" maxlength=\"64\" placeholder=\"user.\"></label>\
         <button class=\"apply\">{filter}</button></form>{table}{older}\
         <p class=\"row\"><a class=\"chip\" href=\"{verify}\">{verify_is}</a>\
         <a class=\"chip\" href=\"/admin/audit.jsonl\" download>{export}</a></p>",
        title = t!(lang, admin.audit),
        chain = chain(around, list.chain.as_ref()),
        tag = lang.tag(),
        who_is = t!(lang, admin.filter_who),
        who = escape(&list.who),
        what_is = t!(lang, admin.filter_what),
        what = escape(&list.what),
        filter = t!(lang, admin.filter),
        table = table(lang, t!(lang, admin.audit), &heads, &rows),
        verify = around.address("/admin/audit", &[("verify", "1")]),
        verify_is = t!(lang, admin.verify),
        export = t!(lang, admin.export),
    )
}

fn chain(around: &Around<'_>, chain: Option<&ChainState>) -> String {
    let lang = around.lang;
    match chain {
        None => String::new(),
        Some(ChainState::Sound { entries, head }) => format!(
            "<p class=\"done\" role=\"status\">{}<br>{}<code>{}</code></p>",
            t!(lang, admin.sound, entries),
            t!(lang, admin.head_is),
            escape(head)
        ),
        Some(ChainState::Broken { seq }) => {
            format!("<p class=\"problem\" role=\"alert\">{}</p>", t!(lang, admin.broken, seq))
        }
    }
}
