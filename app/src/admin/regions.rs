//! The regions that the data know, and which of them have a part of their own.

use crate::charts::escape;
use crate::i18n::t;

use super::{Around, table};

/// A region.
#[derive(Clone, Debug, Default)]
pub struct RegionRow {
    /// Its name, as the store table has it.
    pub name: String,
    /// Its own part of the data, if it was published.
    pub part: Option<RegionPart>,
    /// Who manages it, by name.
    pub managers: Vec<String>,
}

/// A region's own part of the data.
#[derive(Clone, Debug, Default)]
pub struct RegionPart {
    /// When it was built, as the manifest says it.
    pub built_at: String,
    /// The last day it knows.
    pub data_until: String,
    /// How many stores it has.
    pub stores: usize,
    /// How many members were met there.
    pub members: u64,
    /// Bytes that a reader's browser gets, once.
    pub wire_bytes: u64,
}

pub(super) fn list(around: &Around<'_>, rows: &[RegionRow]) -> String {
    let lang = around.lang;
    let row = |row: &RegionRow| {
        let part = row.part.as_ref().map_or_else(
            || format!("<td colspan=\"5\">{}</td>", t!(lang, admin.no_part)),
            |part| {
                // Enough digits for parts of a few kilobytes and of hundreds of megabytes.
                let megabytes = part.wire_bytes as f64 / 1e6;
                let digits = if megabytes < 10.0 { 3 } else { 0 };
                format!(
                    "<td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
                     <td>{megabytes:.digits$} MB</td>",
                    escape(&part.built_at),
                    escape(&part.data_until),
                    part.stores,
                    part.members,
                )
            },
        );
        let link = |name: &String| {
            let href = around.address("/admin/user", &[("name", name)]);
            format!("<a class=\"link\" href=\"{href}\">{}</a>", escape(name))
        };
        let managers: Vec<_> = row.managers.iter().map(link).collect();
        format!("<tr><th scope=\"row\">{}</th>{part}<td>{}</td></tr>", escape(&row.name), managers.join(" · "))
    };
    let heads = [
        t!(lang, admin.region),
        t!(lang, admin.built_at),
        t!(lang, admin.data_until),
        t!(lang, admin.stores),
        t!(lang, admin.members),
        t!(lang, admin.size),
        t!(lang, admin.managers),
    ];
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<h1>{title}</h1><p class=\"quiet\">{means}</p>{table}",
        title = t!(lang, admin.regions),
        means = t!(lang, admin.regions_mean),
        table = table(lang, t!(lang, admin.regions), &heads, &rows),
    )
}
