//! 数据 Data: how fresh, from which rows, in which words.

mod ask;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::TableReport;

use super::Entry;
use crate::boot::Page;
use crate::i18n::{Lang, t};

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, frame.data),
    icon: "M4 7c0-4 16-4 16 0v10c0 4-16 4-16 0zM4 7c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
    compares: false,
    filters: false,
    asks: ask::asks,
    beside: None,
    sentence: |page| sentence::sentence(page),
    body,
};

/// The page below the sentence.
fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let catalog = &page.catalog;
    let count = |n: u64| style.full_count(i64::try_from(n).unwrap_or(i64::MAX));
    let totals = &catalog.totals;
    let facts = [
        (t!(lang, data.snapshot), catalog.snapshot.clone()),
        (t!(lang, data.built_at), catalog.built_at.clone()),
        (
            t!(lang, data.days_covered),
            model::Window::new(catalog.first_day, catalog.data_until.max(catalog.first_day))
                .map(|w| style.window(w))
                .unwrap_or_default(),
        ),
        (t!(lang, data.members), count(totals.members)),
        (t!(lang, words.member_orders), count(totals.orders)),
        (t!(lang, words.anonymous), count(totals.anonymous_orders)),
        (t!(lang, data.touches), count(totals.touches)),
        (t!(lang, words.sales), style.symbol().to_owned() + &style.full_money(totals.sales)),
        (t!(lang, words.anonymous_sales), style.symbol().to_owned() + &style.full_money(totals.anonymous_sales)),
        (t!(lang, data.refunded), style.symbol().to_owned() + &style.full_money(totals.refunded)),
        (t!(lang, data.cancelled_orders), count(totals.orders_fully_refunded)),
        (t!(lang, data.loose_returns), count(totals.returns_unattached)),
        (
            t!(lang, data.shards),
            t!(
                lang,
                data.shards_are,
                count = catalog.shards,
                bytes = style.count(i64::try_from(catalog.bytes).unwrap_or(i64::MAX))
            ),
        ),
    ];
    let facts =
        facts.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    let tables = catalog.tables.iter().map(|t| table_rows(t, &count, lang)).collect_view();
    let words = [
        (t!(lang, words.users), t!(lang, words.users_is)),
        (t!(lang, words.buyers), t!(lang, words.buyers_is)),
        (t!(lang, words.conversion), t!(lang, words.conversion_is)),
        (t!(lang, words.frequency), t!(lang, words.frequency_is)),
        (t!(lang, words.aov), t!(lang, words.aov_is)),
        (t!(lang, words.member_sales), t!(lang, words.member_sales_is)),
        (t!(lang, words.sales), t!(lang, words.sales_is)),
        (t!(lang, words.anonymous), t!(lang, words.anonymous_is)),
        (t!(lang, words.repurchase_rate), t!(lang, words.repurchase_rate_is)),
        (t!(lang, words.new_buyers), t!(lang, words.new_buyers_is)),
        (t!(lang, words.contribution), t!(lang, words.contribution_is)),
        (t!(lang, words.mix), t!(lang, words.mix_is)),
    ];
    let words =
        words.into_iter().map(|(name, means)| view! { <div><dt>{name}</dt><dd>{means}</dd></div> }).collect_view();
    view! {
        <div class="grid">
            <section class="panel" aria-labelledby="tables">
                <div class="caption"><h2 id="tables">{t!(lang, data.source_tables)}</h2></div>
                <div class="scroll" tabindex="0" role="group" aria-label=t!(lang, data.source_tables)>
                    <table class="plain">
                        <thead><tr>
                            <th scope="col">{t!(lang, data.table_name)}</th><th scope="col">{t!(lang, data.rows_read)}</th><th scope="col">{t!(lang, data.rows_kept)}</th>
                            <th scope="col">{t!(lang, data.rows_duplicate)}</th><th scope="col">{t!(lang, data.rows_quarantined)}</th>
                        </tr></thead>
                        <tbody>{tables}</tbody>
                    </table>
                </div>
                <p class="note">{t!(lang, data.tables_note)}</p>
            </section>
            <section class="panel" aria-labelledby="facts">
                <div class="caption"><h2 id="facts">{t!(lang, data.snapshot_facts)}</h2></div>
                <dl class="facts">{facts}</dl>
            </section>
        </div>
        <section class="panel words" aria-labelledby="words">
            <div class="caption"><h2 id="words">{t!(lang, data.words)}</h2></div>
            <dl class="facts wide-facts">{words}</dl>
        </section>
    }
    .into_any()
}

fn table_rows(table: &TableReport, count: &dyn Fn(u64) -> String, lang: Lang) -> AnyView {
    let set_aside: u64 = table.quarantined.iter().map(|q| q.rows).sum();
    let reasons = table
        .quarantined
        .iter()
        .map(|q| format!("{} {}", q.reason, count(q.rows)))
        .chain(table.notes.iter().cloned())
        .collect::<Vec<_>>()
        .join(" · ");
    let name = if table.derived { t!(lang, data.derived, table = &table.table) } else { table.table.clone() };
    view! {
        <tr>
            <th scope="row">{name}<small class="reasons" hidden=reasons.is_empty()>{reasons.clone()}</small></th>
            <td>{count(table.rows_read)}</td><td>{count(table.kept)}</td><td>{count(table.duplicate)}</td><td>{count(set_aside)}</td>
        </tr>
    }
    .into_any()
}
