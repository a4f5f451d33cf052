//! How fresh the numbers are, and what the snapshot holds.

use leptos::prelude::*;
use model::Window;

use crate::boot::Page;
use crate::components::frame::ago;
use crate::components::section::section;
use crate::i18n::{Lang, t};

/// Data until when, built when, how long ago.
pub(super) fn clock(page: &Page, lang: Lang) -> AnyView {
    let (style, catalog) = (page.style(), &page.catalog);
    let today = i64::try_from(page.now_unix_secs / 86_400).unwrap_or(i64::MAX);
    let behind = today.saturating_sub(i64::from(catalog.data_until.epoch_days()));
    let behind = match behind {
        ..=0 => t!(lang, data.same_day).to_owned(),
        1 => t!(lang, data.one_day_behind).to_owned(),
        days => t!(lang, data.days_behind, days = style.full_count(days)),
    };
    let built = catalog.built_unix_secs();
    let age = built.map(|built| ago(page.now_unix_secs.saturating_sub(built), lang)).unwrap_or_default();
    let (built_on, clock) = built_at(&catalog.built_at);
    let built_on = model::Day::parse(&built_on).map(|day| style.full_day(day)).unwrap_or(built_on);
    let time = [clock, age].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let span = Window::new(catalog.first_day, catalog.data_until.max(catalog.first_day));
    let (covered, days) = span.map(|w| (style.window(w), style.full_count(w.len_days().into()))).unwrap_or_default();
    let hands = [
        (t!(lang, data.until), style.full_day(catalog.data_until), behind),
        (t!(lang, data.built_at), built_on, time),
        (t!(lang, data.days_covered), t!(lang, shared.many_days, days), covered),
        (t!(lang, data.snapshot), catalog.snapshot.clone(), t!(lang, data.shard_count, count = catalog.shards)),
    ]
    .into_iter()
    .map(|(name, value, aside)| view! { <div><dt>{name}</dt><dd><b>{value}</b><small>{aside}</small></dd></div> })
    .collect_view();
    let body = view! { <dl class="clock">{hands}</dl> };
    section("fresh", t!(lang, data.freshness).to_owned(), ().into_any(), body.into_any(), String::new())
}

/// The day and `09:12 UTC` of an RFC 3339 time; what is none stays as it is.
fn built_at(text: &str) -> (String, String) {
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) if text.ends_with('Z') => (day.to_owned(), time.to_owned() + " UTC"),
        _ => (text.to_owned(), String::new()),
    }
}

/// Sums over the whole snapshot.
pub(super) fn facts(page: &Page, lang: Lang) -> AnyView {
    let (style, catalog) = (page.style(), &page.catalog);
    let totals = &catalog.totals;
    let count = |n: u64| style.full_count(i64::try_from(n).unwrap_or(i64::MAX));
    let money = |minor: i64| style.symbol().to_owned() + &style.full_money(minor);
    let bytes = style.count(i64::try_from(catalog.bytes).unwrap_or(i64::MAX));
    let rows = [
        (t!(lang, data.members), count(totals.members)),
        (t!(lang, words.member_orders), count(totals.orders)),
        (t!(lang, words.anonymous), count(totals.anonymous_orders)),
        (t!(lang, data.touches), count(totals.touches)),
        (t!(lang, words.sales), money(totals.sales)),
        (t!(lang, words.anonymous_sales), money(totals.anonymous_sales)),
        (t!(lang, data.refunded), money(totals.refunded)),
        (t!(lang, data.cancelled_orders), count(totals.orders_fully_refunded)),
        (t!(lang, data.loose_returns), count(totals.returns_unattached)),
        (t!(lang, data.shards), t!(lang, data.shards_are, count = catalog.shards, bytes)),
    ];
    let rows =
        rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    let body = view! {
        <dl class="facts">{rows}</dl>
        {page.catalog.frame.is_none().then(|| view! { <p class="more"><a class="chip" href="/snapshot/manifest.json">{t!(lang, data.manifest)}</a></p> })}
    };
    section(
        "facts",
        t!(lang, data.snapshot_facts).to_owned(),
        ().into_any(),
        body.into_any(),
        t!(lang, data.manifest_note).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_time_is_shortened_only_where_it_is_one() {
        let parts = |text| built_at(text);
        assert_eq!(parts("2025-04-01T02:03:04Z"), ("2025-04-01".to_owned(), "02:03 UTC".to_owned()));
        for odd in ["neulich", "昨天昨天昨天昨天昨天昨天", ""] {
            assert_eq!(parts(odd), (odd.to_owned(), String::new()));
        }
    }
}
