//! From an event in a shop to the number on screen: every station that is known, and how long it took from one to the next.

use leptos::prelude::*;
use model::parse_utc_seconds;

use crate::boot::Page;
use crate::components::section::section;
use crate::format::Style;
use crate::i18n::{Lang, t};

/// The stations; nothing where nothing is known of the build.
pub(super) fn way(page: &Page, lang: Lang) -> Option<AnyView> {
    let told = page.told.as_ref()?;
    let style = page.style();
    let mut hands: Vec<(String, String, String)> = Vec::new();
    for table in &told.freshness.tables {
        let name = match table.table.as_str() {
            "orders" => t!(lang, nightly.newest_orders),
            _ => t!(lang, nightly.newest_touches),
        };
        let written = parse_utc_seconds(&table.written_at).map(|secs| time(secs, &style));
        let aside = written.map(|time| t!(lang, nightly.written, time)).unwrap_or_default();
        let (day, minute) = table.newest.split_once(' ').unwrap_or((table.newest.as_str(), ""));
        let day = model::Day::parse(day).map(|day| style.full_day(day)).unwrap_or_else(|_| day.to_owned());
        hands.push((name.to_owned(), format!("{day} {minute}").trim().to_owned(), aside));
    }
    let stations = [
        (t!(lang, nightly.began), parse_utc_seconds(&told.freshness.started_at)),
        (t!(lang, nightly.published), page.catalog.built_unix_secs()),
        (t!(lang, nightly.shown), Some(told.shown_unix_secs)),
        (t!(lang, nightly.drawn), Some(page.now_unix_secs)),
    ];
    let mut before: Option<u64> = None;
    for (name, at) in stations {
        let Some(at) = at.filter(|at| *at > 0) else { continue };
        let aside = before.map(|before| t!(lang, nightly.after, time = span(at.saturating_sub(before), lang)));
        hands.push((name.to_owned(), time(at, &style), aside.unwrap_or_default()));
        before = Some(at);
    }
    let hands = hands
        .into_iter()
        .map(|(name, value, aside)| view! { <div><dt>{name}</dt><dd><b>{value}</b><small>{aside}</small></dd></div> })
        .collect_view();
    let restored = told.restored_from.map(|version| {
        view! { <p>{t!(lang, nightly.restored, version)}</p> }
    });
    let body = view! { {restored}<dl class="clock way">{hands}</dl> };
    let note = t!(lang, nightly.way_note).to_owned();
    Some(section("way", t!(lang, nightly.way).to_owned(), ().into_any(), body.into_any(), note))
}

/// A day and a time in UTC.
fn time(unix_secs: u64, style: &Style) -> String {
    let day = i32::try_from(unix_secs / 86_400).ok().and_then(model::Day::from_epoch_days);
    let minutes = unix_secs % 86_400 / 60;
    let day = day.map(|day| style.full_day(day)).unwrap_or_default();
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// How long, in the largest unit of which there are two.
fn span(secs: u64, lang: Lang) -> String {
    match secs {
        0..=119 => t!(lang, nightly.seconds, n = secs),
        120..=7_199 => t!(lang, nightly.minutes, n = secs / 60),
        7_200..=172_799 => t!(lang, nightly.hours, n = secs / 3_600),
        _ => t!(lang, nightly.days, n = secs / 86_400),
    }
}
