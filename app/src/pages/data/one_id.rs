//! How identities became members: what each key joined, what was kept apart, how many identities members have.

use leptos::prelude::*;
use model::{Figure, KeyReport, OneId};

use crate::boot::Page;
use crate::charts::{self, Shape};
use crate::components::figure::{Twin, figure};
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::export::Entry;
use crate::format::{self, Style, Unit, share};
use crate::i18n::{Lang, t};
use crate::sentence::{Sentence, plain, strong};

/// The last of [`OneId::members_by_identities`] is so many identities or more, where the list is as long.
const MANY: usize = 10;

/// The sections; how to get one where the source has no identities.
pub(super) fn one_id(page: &Page, lang: Lang) -> AnyView {
    let title = t!(lang, data.one_id_title).to_owned();
    let Some(one_id) = &page.catalog.one_id else {
        // A portal's reader is shown a part, of which nobody counted identities.
        if page.catalog.frame.is_some() {
            return ().into_any();
        }
        let href = page.state.href(|_| ()) + "#word-identity";
        let body = view! {
            <p>{t!(lang, data.one_id_none)}</p>
            <p class="note">{t!(lang, data.one_id_add)}</p>
            <p class="follow"><a href=href data-nav="">{t!(lang, data.one_id_what)}</a></p>
        };
        return section("one-id", title, ().into_any(), body.into_any(), String::new());
    };
    let style = page.style();
    let body = view! { <p class="lede">{plain(&say(one_id, &style).0)}</p>{keys(one_id, &style)} };
    let note = t!(lang, data.one_id_note).to_owned();
    view! {
        {section("one-id", title, ().into_any(), body.into_any(), note)}
        <div class="grid">
            {by_identities(one_id, &style)}
            {section("one-id-apart", t!(lang, data.conflicts).to_owned(), ().into_any(), apart(one_id, &style), t!(lang, data.conflicts_note).to_owned())}
        </div>
    }
    .into_any()
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What a key is called; one that this page does not know goes by its column.
fn key_name(key: &str, lang: Lang) -> &str {
    match key {
        "member_id" => t!(lang, data.key_member_id),
        "phone_hash" => t!(lang, data.key_phone_hash),
        "union_id" => t!(lang, data.key_union_id),
        "open_id" => t!(lang, data.key_open_id),
        "payment_id" => t!(lang, data.key_payment_id),
        "external_id" => t!(lang, data.key_external_id),
        other => other,
    }
}

/// The report in one sentence; each half is said only where there is something to say.
fn say(one_id: &OneId, style: &Style) -> Sentence {
    let lang = style.lang;
    let count = |n: u64| strong(style.count(whole(n)));
    let sum = |of: fn(&KeyReport) -> u64| one_id.keys.iter().map(of).fold(0u64, u64::saturating_add);
    let mut out = Sentence::default();
    let (identities, members) = (count(one_id.identities), count(one_id.members));
    if one_id.members >= one_id.identities && sum(|key| key.joins) == 0 {
        out.say(&t!(lang, data.one_id_say_alone, identities, members));
    } else {
        out.say(&t!(lang, data.one_id_say, identities, members));
    }
    if let Some(most) = one_id.keys.iter().rev().max_by_key(|key| key.joins).filter(|key| key.joins > 0) {
        let key = key_name(&most.key, lang);
        out.say(&t!(lang, data.one_id_say_joins, key, joins = count(most.joins)));
    }
    let shared = sum(|key| key.over_shared);
    if shared > 0 {
        out.say(&t!(lang, data.one_id_say_shared, values = count(shared)));
    }
    let recycled = sum(|key| key.recycled);
    if recycled > 0 {
        out.say(&t!(lang, data.one_id_say_recycled, values = count(recycled)));
    }
    let others = || one_id.keys.iter().filter(|key| key.key != "member_id");
    let orders = others().map(|key| key.orders).fold(0, u64::saturating_add);
    let touches = others().map(|key| key.touches).fold(0, u64::saturating_add);
    if orders > 0 || touches > 0 {
        out.say(&t!(lang, data.one_id_say_facts, orders = count(orders), touches = count(touches)));
    }
    out.plain(t!(lang, sentence.stop));
    out
}

/// What each key did, the strongest first.
fn keys(one_id: &OneId, style: &Style) -> AnyView {
    let lang = style.lang;
    let count =
        |n: u64| Cell { value: Entry::count(style, &Figure::exact(whole(n))), ..Cell::of(style.full_count(whole(n))) };
    let rows = one_id.keys.iter().map(|key| {
        vec![
            Cell { title: key.key.clone(), ..Cell::of(key_name(&key.key, lang)) },
            count(key.values),
            count(key.joins).class("strong"),
            count(key.over_shared),
            count(key.over_shared_identities),
            count(key.recycled),
            count(key.orders),
            count(key.touches),
        ]
    });
    let columns = vec![
        Column::of(t!(lang, data.key)),
        Column::of(t!(lang, data.key_values)).hint(t!(lang, data.key_values_is)),
        Column::of(t!(lang, data.key_joins)).hint(t!(lang, data.key_joins_is)),
        Column::of(t!(lang, data.key_shared)).hint(t!(lang, data.key_shared_is)),
        Column::of(t!(lang, data.key_shared_identities)).hint(t!(lang, data.key_shared_identities_is)),
        Column::of(t!(lang, data.key_recycled)).hint(t!(lang, data.key_recycled_is)),
        Column::of(t!(lang, data.key_orders)).hint(t!(lang, data.key_orders_is)),
        Column::of(t!(lang, data.key_touches)).hint(t!(lang, data.key_touches_is)),
    ];
    let caption = t!(lang, data.one_id_title).to_owned();
    table(Table { caption, columns, rows: rows.collect(), foot: vec![] }, lang)
}

/// A column for each number of identities.
fn by_identities(one_id: &OneId, style: &Style) -> AnyView {
    let lang = style.lang;
    let all: u64 = one_id.members_by_identities.iter().fold(0, |sum, n| sum.saturating_add(*n));
    let last = one_id.members_by_identities.iter().rposition(|members| *members > 0).map_or(0, |last| last + 1);
    let mut columns = Vec::new();
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for (at, members) in one_id.members_by_identities.iter().take(last).enumerate() {
        let name = if at + 1 >= MANY {
            t!(lang, data.identities_many, count = at + 1)
        } else {
            t!(lang, data.identities_some, count = at + 1)
        };
        let part = share(&Figure::exact(whole(*members)), &Figure::exact(whole(all)));
        let shown = style.show(Unit::Percent, part.value);
        let line = t!(
            lang,
            data.identities_mark,
            identities = &name,
            members = style.full_count(whole(*members)),
            share = &shown
        );
        let label = if at + 1 >= MANY { format!("{}+", at + 1) } else { (at + 1).to_string() };
        columns.push(charts::Column { label, parts: vec![whole(*members)], href: None, lines: vec![line] });
        values.push(vec![
            Entry::Words(name.clone()),
            Entry::count(style, &Figure::exact(whole(*members))),
            Entry::ratio(style, Unit::Percent, &part),
        ]);
        rows.push(vec![name, style.full_count(whole(*members)), shown]);
    }
    let title = t!(lang, data.by_identities).to_owned();
    let axis = |value: f64| style.axis_count(value);
    let drawing = charts::stacked(&columns, Shape::Wide, &title, &axis)
        + &charts::stacked(&columns, Shape::Narrow, &title, &axis);
    let head = [t!(lang, data.identities_of), t!(lang, data.members), t!(lang, data.identities_share)];
    let twin = Twin { head: head.map(str::to_owned).into(), rows };
    let note = t!(lang, data.by_identities_note).to_owned();
    figure("one-id-members", title, ().into_any(), drawing, note, (twin, values), lang)
}

/// What a reason not to join is called, and what it means; one that this page does not know goes by its code.
fn reason(code: &str, lang: Lang) -> (&str, &'static str) {
    match code {
        "two_member_ids" => (t!(lang, data.two_member_ids), t!(lang, data.two_member_ids_is)),
        "between_two" => (t!(lang, data.between_two), t!(lang, data.between_two_is)),
        "never_join" => (t!(lang, data.never_join), t!(lang, data.never_join_is)),
        "too_many_identities" => (t!(lang, data.too_many_identities), t!(lang, data.too_many_identities_is)),
        other => (other, ""),
    }
}

/// What was not joined although a key said so, and what the report rests on.
fn apart(one_id: &OneId, style: &Style) -> AnyView {
    let lang = style.lang;
    let rows: Vec<Vec<Cell>> = one_id
        .conflicts
        .iter()
        .filter(|conflict| conflict.pairs > 0)
        .map(|conflict| {
            let (name, means) = reason(&conflict.reason, lang);
            vec![
                Cell { title: conflict.reason.clone(), ..Cell::of(name) },
                Cell::of(style.full_count(whole(conflict.pairs))).class("strong"),
                Cell::of(if means.is_empty() { format::NOTHING } else { means }).class("means-cell"),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, data.reason)),
        Column::of(t!(lang, data.pairs_apart)),
        Column::of(t!(lang, data.means)),
    ];
    let conflicts = if rows.is_empty() {
        view! { <p>{t!(lang, data.conflicts_none)}</p> }.into_any()
    } else {
        table(Table { caption: t!(lang, data.conflicts).to_owned(), columns, rows, foot: vec![] }, lang)
    };
    let each = (one_id.members > 0).then(|| one_id.identities as f64 / one_id.members as f64);
    let facts = [
        (t!(lang, data.identities_known), "", style.full_count(whole(one_id.identities))),
        (t!(lang, data.members), "", style.full_count(whole(one_id.members))),
        (t!(lang, data.identities_each), "", style.show(Unit::Ratio, each)),
        (
            t!(lang, data.orders_without),
            t!(lang, data.orders_without_is),
            style.full_count(whole(one_id.orders_without)),
        ),
        (
            t!(lang, data.touches_without),
            t!(lang, data.touches_without_is),
            style.full_count(whole(one_id.touches_without)),
        ),
        (t!(lang, data.rules), "", one_id.rules.clone()),
    ]
    .map(|(name, means, value)| {
        let title = (!means.is_empty()).then_some(means);
        view! { <div title=title><dt>{name}</dt><dd>{value}</dd></div> }
    });
    view! { {conflicts}<dl class="facts">{facts.into_iter().collect_view()}</dl> }.into_any()
}

#[cfg(test)]
mod tests;
