//! What was expected of the feed, what was found, and what the builds before found.

use leptos::prelude::*;
use model::{Check, CheckKind, Outcome, PastBuild};

use crate::boot::Page;
use crate::charts::spark_of;
use crate::components::section::section;
use crate::components::table::{Cell, Column};
use crate::export::{self, Sheet};
use crate::format::{NOTHING, Style};
use crate::i18n::{Lang, t};

/// Days of stopped builds that are named.
const NAMED: usize = 5;

/// The expectations; nothing where nothing is known of the build, or of a part, whose source is the whole's.
pub(super) fn contract(page: &Page, lang: Lang) -> Option<AnyView> {
    let told = page.told.as_ref()?;
    if told.history.is_empty() {
        return None;
    }
    let style = page.style();
    let title = t!(lang, nightly.contract).to_owned();
    if told.checks.is_empty() {
        let body = view! { <p>{t!(lang, nightly.none)}</p> };
        return Some(section("contract", title, ().into_any(), body.into_any(), String::new()));
    }
    let heads =
        [t!(lang, nightly.check), t!(lang, nightly.found), t!(lang, nightly.expected), t!(lang, nightly.outcome)];
    let columns: Vec<Column> = heads.into_iter().map(Column::of).collect();
    let rows: Vec<Vec<Cell>> =
        told.checks.iter().map(|check| words(check, &style, lang).map(Cell::of).into()).collect();
    export::record(|| Sheet::of_cells(&title, &columns, rows.iter()));
    let drawn = told.checks.iter().map(|check| row(check, &told.history, &style, lang)).collect_view();
    let head = heads.map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let past = t!(lang, nightly.past, n = told.history.len());
    let stopped = stopped(&told.history, &style);
    let body = view! {
        <div class="scroll pinned" tabindex="0" role="group" aria-label=title.clone()>
            <table class="plain">
                <thead><tr>{head}<th scope="col">{past}</th></tr></thead>
                <tbody>{drawn}</tbody>
            </table>
        </div>
        {(!stopped.is_empty()).then(|| view! { <p class="stopped">{t!(lang, nightly.stopped_builds, days = stopped.clone())}</p> })}
    };
    let note = t!(lang, nightly.contract_note).to_owned();
    Some(section("contract", title, ().into_any(), body.into_any(), note))
}

fn row(check: &Check, history: &[PastBuild], style: &Style, lang: Lang) -> AnyView {
    let id = check.id();
    let of = |build: &PastBuild| build.checks.iter().find(|(name, ..)| *name == id).and_then(|(_, found, _)| *found);
    let values: Vec<Option<f64>> = history.iter().map(|build| of(build).map(|found| found as f64)).collect();
    let class = match check.outcome {
        Outcome::Passed => "outcome",
        Outcome::Unknown => "outcome quiet",
        Outcome::Warned | Outcome::Stopped => "outcome strong",
    };
    let [name, found, expected, outcome] = words(check, style, lang);
    view! {
        <tr>
            <th scope="row">{name}</th><td class="strong">{found}</td><td>{expected}</td><td class=class>{outcome}</td>
            <td class="past"><div inner_html=spark_of(&values, values.len())></div></td>
        </tr>
    }
    .into_any()
}

/// Its name, what was found and expected, and what became of it.
fn words(check: &Check, style: &Style, lang: Lang) -> [String; 4] {
    let table = match check.table.as_str() {
        "orders" => t!(lang, data.table_orders),
        "touches" => t!(lang, data.table_touches),
        "members" => t!(lang, data.table_members),
        other => other,
    };
    let name = match check.kind {
        CheckKind::Rows => t!(lang, nightly.rows, table),
        CheckKind::Empty => t!(lang, nightly.empty, table, column = &check.column),
        CheckKind::ControlRows => t!(lang, nightly.control_rows, table),
        CheckKind::ControlAmount => t!(lang, nightly.control_amount, table),
        CheckKind::Age => t!(lang, nightly.age, table),
    };
    let value = |value: i64| match check.kind {
        CheckKind::Rows | CheckKind::ControlRows => style.full_count(value),
        CheckKind::Empty => crate::format::fixed(value as f64 / 1e4, 2) + " %",
        CheckKind::ControlAmount => style.symbol().to_owned() + &style.full_money(value),
        CheckKind::Age => t!(lang, nightly.days, n = value),
    };
    let expected = match (check.least.map(value), check.most.map(value)) {
        (Some(least), Some(most)) => t!(lang, nightly.between, least, most),
        (Some(least), None) => t!(lang, nightly.at_least, least),
        (None, Some(most)) => t!(lang, nightly.at_most, most),
        (None, None) => NOTHING.to_owned(),
    };
    let outcome = match check.outcome {
        Outcome::Passed => t!(lang, nightly.passed),
        Outcome::Warned => t!(lang, nightly.warned),
        Outcome::Stopped => t!(lang, nightly.stopped),
        Outcome::Unknown => t!(lang, nightly.unknown),
    };
    [name, check.found.map_or_else(|| NOTHING.to_owned(), value), expected, outcome.to_owned()]
}

/// The days of the last builds that published nothing.
fn stopped(history: &[PastBuild], style: &Style) -> String {
    let mut days: Vec<String> = Vec::new();
    for build in history.iter().rev().filter(|build| build.version == 0) {
        let day = build.built_at.get(..10).and_then(|day| model::Day::parse(day).ok()).map(|day| style.full_day(day));
        days.extend(day.filter(|day| !days.contains(day)));
    }
    days.truncate(NAMED);
    days.join(", ")
}
