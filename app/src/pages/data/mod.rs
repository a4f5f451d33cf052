//! 数据 Data: how fresh, from which rows, in which words.

mod ask;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::TableReport;

use super::Entry;
use crate::boot::Page;
use crate::i18n::{Text, fill};

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |text| text.data,
    icon: "M4 7c0-4 16-4 16 0v10c0 4-16 4-16 0zM4 7c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
    compares: false,
    filters: false,
    asks: ask::asks,
    sentence: |page| sentence::sentence(page),
    body,
};

/// The page below the sentence.
fn body(page: &Arc<Page>) -> AnyView {
    let text = page.state.lang.text();
    let style = page.style();
    let catalog = &page.catalog;
    let count = |n: u64| style.full_count(i64::try_from(n).unwrap_or(i64::MAX));
    let totals = &catalog.totals;
    let facts = [
        (text.snapshot, catalog.snapshot.clone()),
        (text.built_at, catalog.built_at.clone()),
        (
            text.days_covered,
            model::Window::new(catalog.first_day, catalog.data_until.max(catalog.first_day))
                .map(|w| style.window(w))
                .unwrap_or_default(),
        ),
        (text.members, count(totals.members)),
        (text.member_orders, count(totals.orders)),
        (text.anonymous, count(totals.anonymous_orders)),
        (text.touches, count(totals.touches)),
        (text.sales, style.symbol().to_owned() + &style.full_money(totals.sales)),
        (text.anonymous_sales, style.symbol().to_owned() + &style.full_money(totals.anonymous_sales)),
        (text.refunded, style.symbol().to_owned() + &style.full_money(totals.refunded)),
        (text.cancelled_orders, count(totals.orders_fully_refunded)),
        (text.loose_returns, count(totals.returns_unattached)),
        (
            text.shards,
            fill(
                text.shards_are,
                &[&catalog.shards.to_string(), &style.count(i64::try_from(catalog.bytes).unwrap_or(i64::MAX))],
            ),
        ),
    ];
    let facts =
        facts.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    let tables = catalog.tables.iter().map(|t| table_rows(t, &count, text)).collect_view();
    let words = [
        (text.users, text.users_is),
        (text.buyers, text.buyers_is),
        (text.conversion, text.conversion_is),
        (text.frequency, text.frequency_is),
        (text.aov, text.aov_is),
        (text.member_sales, text.member_sales_is),
        (text.sales, text.sales_is),
        (text.anonymous, text.anonymous_is),
        (text.repurchase_rate, text.repurchase_rate_is),
        (text.new_buyers, text.new_buyers_is),
        (text.contribution, text.contribution_is),
        (text.mix, text.mix_is),
    ];
    let words =
        words.into_iter().map(|(name, means)| view! { <div><dt>{name}</dt><dd>{means}</dd></div> }).collect_view();
    view! {
        <div class="grid">
            <section class="panel" aria-labelledby="tables">
                <div class="caption"><h2 id="tables">{text.source_tables}</h2></div>
                <div class="scroll" tabindex="0" role="group" aria-label=text.source_tables>
                    <table class="plain">
                        <thead><tr>
                            <th scope="col">{text.table_name}</th><th scope="col">{text.rows_read}</th><th scope="col">{text.rows_kept}</th>
                            <th scope="col">{text.rows_duplicate}</th><th scope="col">{text.rows_quarantined}</th>
                        </tr></thead>
                        <tbody>{tables}</tbody>
                    </table>
                </div>
                <p class="note">{text.tables_note}</p>
            </section>
            <section class="panel" aria-labelledby="facts">
                <div class="caption"><h2 id="facts">{text.snapshot_facts}</h2></div>
                <dl class="facts">{facts}</dl>
            </section>
        </div>
        <section class="panel words" aria-labelledby="words">
            <div class="caption"><h2 id="words">{text.words}</h2></div>
            <dl class="facts wide-facts">{words}</dl>
        </section>
    }
    .into_any()
}

fn table_rows(table: &TableReport, count: &dyn Fn(u64) -> String, text: &'static Text) -> AnyView {
    let set_aside: u64 = table.quarantined.iter().map(|q| q.rows).sum();
    let reasons = table
        .quarantined
        .iter()
        .map(|q| fill("{0} {1}", &[&q.reason, &count(q.rows)]))
        .chain(table.notes.iter().cloned())
        .collect::<Vec<_>>()
        .join(" · ");
    let name = if table.derived { fill(text.derived, &[&table.table]) } else { table.table.clone() };
    view! {
        <tr>
            <th scope="row">{name}<small class="reasons" hidden=reasons.is_empty()>{reasons.clone()}</small></th>
            <td>{count(table.rows_read)}</td><td>{count(table.kept)}</td><td>{count(table.duplicate)}</td><td>{count(set_aside)}</td>
        </tr>
    }
    .into_any()
}
