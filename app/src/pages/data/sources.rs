//! From which rows: every table reconciled, the sums that must close, what was set aside and why.

use leptos::prelude::*;
use model::{QuarantineCount, QuarantineExample, TableReport};

use crate::boot::Page;
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::NOTHING;
use crate::i18n::{Lang, t};

fn set_aside(table: &TableReport) -> u64 {
    table.quarantined.iter().map(|q| q.rows).sum()
}

/// A table's name as readers say it, and as the files do.
fn table_name(table: &TableReport, lang: Lang) -> String {
    let known = match table.table.as_str() {
        "stores" => t!(lang, data.table_stores),
        "channels" => t!(lang, data.table_channels),
        "members" => t!(lang, data.table_members),
        "orders" => t!(lang, data.table_orders),
        "returns" => t!(lang, data.table_returns),
        "touches" => t!(lang, data.table_touches),
        "campaigns" => t!(lang, data.table_campaigns),
        "targets" => t!(lang, data.table_targets),
        "coupons" => t!(lang, data.table_coupons),
        "guides" => t!(lang, data.table_guides),
        "identities" => t!(lang, data.table_identities),
        other => other,
    };
    let name =
        if known == table.table { known.to_owned() } else { t!(lang, data.named, name = known, file = &table.table) };
    if table.derived { t!(lang, data.derived, table = name) } else { name }
}

/// What the build noted, in the reader's words; what it says in others stays as it is.
fn note(text: &str, lang: Lang) -> String {
    let columns = |sign: &str| text.split_once(sign);
    if let Some((file, columns)) = columns(": columns that are read by a later version: ") {
        return t!(lang, data.note_later, file, columns);
    }
    if let Some((file, columns)) = columns(": columns that are unknown and were ignored: ") {
        return t!(lang, data.note_unknown, file, columns);
    }
    if let Some(rows) = text.strip_suffix(" targets are of months without facts and are not shown") {
        return t!(lang, data.note_targets, rows);
    }
    match text {
        "this table is read by a later version and was left aside" => t!(lang, data.note_left).to_owned(),
        other => other.to_owned(),
    }
}

/// Row by row: read = kept + duplicate + set aside.
pub(super) fn sources(page: &Page, lang: Lang) -> AnyView {
    let style = page.style();
    let count = |n: u64| style.full_count(i64::try_from(n).unwrap_or(i64::MAX));
    let rows = page.catalog.tables.iter().map(|table| {
        let aside = set_aside(table);
        let closes = table.rows_read == table.kept + table.duplicate + aside;
        let notes = table.notes.iter().map(|text| note(text, lang)).collect::<Vec<_>>().join(" · ");
        let unread = table.rows_read == 0 && !notes.is_empty();
        let mark = if unread { NOTHING } else if closes { "✓" } else { "≠" };
        view! {
            <tr>
                <th scope="row">{table_name(table, lang)}<small class="reasons" hidden=notes.is_empty()>{notes.clone()}</small></th>
                <td>{count(table.rows_read)}</td><td>{count(table.kept)}</td><td>{count(table.duplicate)}</td><td>{count(aside)}</td>
                <td title=t!(lang, data.closes)>{mark}</td>
            </tr>
        }
    }).collect_view();
    let body = view! {
        <div class="scroll pinned" tabindex="0" role="group" aria-label=t!(lang, data.source_tables)>
            <table class="plain">
                <thead><tr>
                    <th scope="col">{t!(lang, data.table_name)}</th><th scope="col">{t!(lang, data.rows_read)}</th><th scope="col">{t!(lang, data.rows_kept)}</th>
                    <th scope="col">{t!(lang, data.rows_duplicate)}</th><th scope="col">{t!(lang, data.rows_quarantined)}</th><th scope="col">{t!(lang, data.closes)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    section(
        "tables",
        t!(lang, data.source_tables).to_owned(),
        ().into_any(),
        body.into_any(),
        t!(lang, data.tables_note).to_owned(),
    )
}

/// The sums of the snapshot against the sums of the source.
pub(super) fn reconciled(page: &Page, lang: Lang) -> AnyView {
    let style = page.style();
    let totals = &page.catalog.totals;
    let money = |minor: i64| style.symbol().to_owned() + &style.full_money(minor);
    let count = |n: i64| style.full_count(n);
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let find = |name: &str| page.catalog.tables.iter().find(|table| table.table == name);
    let mut sums = Vec::new();
    if let Some(orders) = find("orders") {
        let parts = [totals.orders, totals.anonymous_orders, totals.orders_fully_refunded].map(whole);
        let right = t!(
            lang,
            data.sum_orders,
            member = count(parts[0]),
            anonymous = count(parts[1]),
            cancelled = count(parts[2])
        );
        let off = whole(orders.kept) - parts.iter().sum::<i64>();
        sums.push((t!(lang, data.order_rows), count(whole(orders.kept)), right, off, count(off)));
        let off = orders.kept_amount.saturating_sub(totals.refunded).saturating_sub(totals.sales);
        let right = t!(lang, data.sum_sales, sales = money(totals.sales), refunded = money(totals.refunded));
        sums.push((t!(lang, data.order_amount), money(orders.kept_amount), right, off, money(off)));
    }
    if let Some(returns) = find("returns") {
        let off = returns.kept_amount.saturating_sub(totals.refunded).saturating_sub(totals.returns_unattached_amount);
        let right = t!(
            lang,
            data.sum_returns,
            refunded = money(totals.refunded),
            loose = money(totals.returns_unattached_amount)
        );
        sums.push((t!(lang, data.return_amount), money(returns.kept_amount), right, off, money(off)));
    }
    let rows = sums
        .into_iter()
        .map(|(name, left, right, off, difference)| {
            let state = if off == 0 {
                t!(lang, data.closes_exactly).to_owned()
            } else {
                t!(lang, data.differs, by = difference)
            };
            let class = if off == 0 { "closes" } else { "open" };
            view! { <div><dt>{name}<b>{left}</b></dt><dd>{right}<small class=class>{state}</small></dd></div> }
        })
        .collect_view();
    let body = view! { <dl class="facts sums">{rows}</dl> };
    section("sums", t!(lang, data.sums).to_owned(), ().into_any(), body.into_any(), t!(lang, data.sums_note).to_owned())
}

/// What a reason means.
fn reason(code: &str, lang: Lang) -> (&str, &'static str) {
    match code {
        "absurd_amount" => (t!(lang, data.absurd_amount), t!(lang, data.absurd_amount_is)),
        "bad_amount" => (t!(lang, data.bad_amount), t!(lang, data.bad_amount_is)),
        "bad_month" => (t!(lang, data.bad_month), t!(lang, data.bad_month_is)),
        "bad_time" => (t!(lang, data.bad_time), t!(lang, data.bad_time_is)),
        "bad_time_zone" => (t!(lang, data.bad_time_zone), t!(lang, data.bad_time_zone_is)),
        "day_out_of_range" => (t!(lang, data.day_out_of_range), t!(lang, data.day_out_of_range_is)),
        "ends_before_start" => (t!(lang, data.ends_before_start), t!(lang, data.ends_before_start_is)),
        "missing_id" => (t!(lang, data.missing_id), t!(lang, data.missing_id_is)),
        "missing_kind" => (t!(lang, data.missing_kind), t!(lang, data.missing_kind_is)),
        "negative_amount" => (t!(lang, data.negative_amount), t!(lang, data.negative_amount_is)),
        "ragged_row" => (t!(lang, data.ragged_row), t!(lang, data.ragged_row_is)),
        "shared_identity" => (t!(lang, data.shared_identity), t!(lang, data.shared_identity_is)),
        "unknown_channel" => (t!(lang, data.unknown_channel), t!(lang, data.unknown_channel_is)),
        "unknown_region" => (t!(lang, data.unknown_region), t!(lang, data.unknown_region_is)),
        "unknown_store" => (t!(lang, data.unknown_store), t!(lang, data.unknown_store_is)),
        other => (other, ""),
    }
}

/// Where a row that was set aside stands, and what stood in it.
fn example(one: &QuarantineExample, lang: Lang) -> String {
    let QuarantineExample { file, row, column, value } = one;
    // A file's own text may hold anything; here it stays on its line and runs the line's way.
    let disturbs = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let value: String = value.chars().map(|c| if disturbs(c) { '\u{fffd}' } else { c }).collect();
    if column.is_empty() {
        return t!(lang, data.example_row, file, row, value);
    }
    t!(lang, data.example_cell, file, row, column, value)
}

/// Rows set aside by reason, most first, each with its first example.
pub(super) fn quarantined(page: &Page, lang: Lang) -> AnyView {
    let style = page.style();
    let mut found: Vec<(&TableReport, &QuarantineCount)> =
        page.catalog.tables.iter().flat_map(|table| table.quarantined.iter().map(move |q| (table, q))).collect();
    found.sort_by_key(|(_, set_aside)| std::cmp::Reverse(set_aside.rows));
    let none = found.is_empty();
    let rows = found
        .into_iter()
        .map(|(table, set_aside)| {
            let (code, rows) = (set_aside.reason.as_str(), set_aside.rows);
            let (name, means) = reason(code, lang);
            let examples: Vec<String> = set_aside.examples.iter().map(|one| example(one, lang)).collect();
            let title = if means.is_empty() { String::new() } else { format!("{means} ({code})") };
            vec![
                Cell { title, ..Cell::of(name) },
                Cell::of(table_name(table, lang)),
                Cell::of(style.full_count(i64::try_from(rows).unwrap_or(i64::MAX))).class("strong"),
                Cell { title: examples.join("\n"), ..Cell::of(examples.first().map_or(NOTHING, String::as_str)) }
                    .class("example"),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, data.reason)),
        Column::of(t!(lang, data.table_name)),
        Column::of(t!(lang, data.rows_quarantined)),
        Column::of(t!(lang, data.example)),
    ];
    let title = t!(lang, data.quarantine).to_owned();
    let body = if none {
        view! { <p>{t!(lang, data.quarantine_none)}</p> }.into_any()
    } else {
        table(Table { caption: title.clone(), columns, rows, foot: vec![] }, lang)
    };
    let version = page.catalog.snapshot.rsplit('-').next().unwrap_or_default();
    let note = if none { String::new() } else { t!(lang, data.quarantine_note, version) };
    section("quarantine", title, ().into_any(), body, note)
}
