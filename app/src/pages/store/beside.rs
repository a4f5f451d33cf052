//! The panel that sets the store beside its like: its change and theirs, factor by factor, and its ranks.
//!
//! Its numbers answer other questions than the page's, so they come later; until then the panel keeps its place.

use leptos::prelude::*;
use model::{Measure, Ratio, Store, StoreRow};

use super::like::{Like, apart, like, relative, rows, sales_change};
use crate::boot::Page;
use crate::charts::{self, Shape, StripDot};
use crate::components::compare::{Way, with_doubt};
use crate::components::figure::{Twin, twin_table};
use crate::components::names;
use crate::components::trend::measure_name;
use crate::format::{self, NOTHING, Style, Unit};
use crate::i18n::{Lang, t};
use crate::state::PageName;

/// Beyond so many standard errors a change is more than noise: 95 %, two-sided.
const BEYOND_CHANCE: f64 = 1.96;

/// Dots on the strip at the most.
const MOST: usize = 120;

/// The panel.
pub(super) fn beside(page: &Page, store: &Store) -> AnyView {
    let lang = page.state.lang;
    let (whole, region) = (rows(page, super::ask::WHOLE), rows(page, super::ask::REGION));
    let found = region.map(|rows| like(page, store, rows));
    let waits = page.beside.len() < page.shown.beside(&page.catalog).len();
    let failed = page.beside.iter().any(Result::is_err);
    let state = match (waits, failed) {
        (true, _) => t!(lang, stores.beside_waits),
        (false, true) => t!(lang, stores.beside_failed),
        (false, false) => "",
    };
    let region_name = page.catalog.regions.get(usize::from(store.region)).cloned().unwrap_or_default();
    let ranks = [
        region.zip(Some(t!(lang, stores.rank_in, place = &region_name))),
        whole.zip(Some(t!(lang, stores.rank_in_all).to_owned())),
    ];
    let ranks = ranks.into_iter().flatten().filter_map(|(rows, name)| rank(rows, store, name, lang)).collect_view();
    let title = t!(lang, stores.beside);
    let (words, rest) = match &found {
        Some(like) => (said(page, store, like), compared(page, store, like)),
        None => (String::new(), None),
    };
    view! {
        <section class="panel beside" id="beside" aria-labelledby="beside-title">
            <div class="caption"><h2 id="beside-title">{title}</h2></div>
            <p class="calm" role="status" hidden=state.is_empty()>{state}</p>
            <p class="beside-said" hidden=words.is_empty()>{words.clone()}</p>
            <div class="beside-grid"><dl class="ranks-of">{ranks}</dl>{rest}</div>
        </section>
    }
    .into_any()
}

/// A rank by sales, among how many, and the ranks that chance allows.
fn rank(rows: &[StoreRow], store: &Store, name: String, lang: Lang) -> Option<AnyView> {
    let row = rows.iter().find(|row| row.store == store.id)?;
    let all = rows.iter().filter(|row| !row.store.is_empty()).count().max(row.rank as usize);
    let steps = (all.max(2) - 1) as f64;
    let place = |rank: u32| (f64::from(rank.max(1) - 1) / steps * 96.0).clamp(0.0, 96.0).round() as i64;
    let (low, high) = (place(row.rank_low), place(row.rank_high));
    let bar = format!(
        "<svg class=\"rankbar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" y=\"3\" width=\"100\" height=\"2\"/><rect class=\"range\" x=\"{low}\" y=\"2\" width=\"{}\" height=\"4\"/><rect class=\"at\" x=\"{}\" width=\"4\" height=\"8\"/></svg>",
        high - low + 4,
        place(row.rank)
    );
    let range = t!(lang, stores.rank_between, low = row.rank_low, high = row.rank_high);
    let range = if row.rank_low < row.rank_high { range } else { String::new() };
    let climbed = row.compare_rank.map(|then| i64::from(then) - i64::from(row.rank)).filter(|n| *n != 0);
    let way = Way::of_amount(climbed.unwrap_or(0));
    let moved = climbed.map(|n| format!("{}{}", way.arrow(), n.abs())).unwrap_or_default();
    Some(
        view! {
            <div>
                <dt>{name}</dt>
                <dd><b>{row.rank}</b><small>{t!(lang, stores.rank_of, stores = all)}</small><i class=way.class()>{moved}</i></dd>
                <dd class="rank-range"><div inner_html=bar></div><small>{range}</small></dd>
            </div>
        }
        .into_any(),
    )
}

/// The store's change and its group's, in a sentence.
fn said(page: &Page, store: &Store, like: &Like) -> String {
    let lang = page.state.lang;
    let Some((own, change)) = like.own.and_then(|row| Some((row, sales_change(row)?))) else {
        return String::new();
    };
    let style = page.style();
    let mut out = t!(lang, stores.own_change, change = shown(&change, &style, lang));
    if let Some(z) = own.sales_z {
        out += if z.abs() > BEYOND_CHANCE { t!(lang, stores.own_beyond) } else { t!(lang, stores.own_within) };
    }
    let Some(group) = like.group_change() else {
        return out + t!(lang, stores.no_group);
    };
    let region = page.catalog.regions.get(usize::from(store.region)).cloned().unwrap_or_default();
    let kind = [region, if like.same_format { names::format(&store.format, lang) } else { String::new() }];
    let kind = kind.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" · ");
    out += &t!(lang, stores.group_change, kind, count = like.group.len(), change = shown(&group, &style, lang));
    if let Some(points) = apart(&change, &group) {
        let points_shown = format::fixed(points.abs() as f64 / 10.0, 1);
        out += &if points < 0 {
            t!(lang, stores.behind, points = points_shown)
        } else {
            t!(lang, stores.ahead, points = points_shown)
        };
    }
    out + t!(lang, sentence.stop)
}

/// A relative change with its sign and doubt.
fn shown(change: &Ratio, style: &Style, lang: Lang) -> String {
    let value = change.value.and_then(|v| format::relative(Some(1.0 + v), Some(1.0)));
    with_doubt(value.unwrap_or_else(|| NOTHING.to_owned()), &style.doubt(Unit::Percent, change, lang))
}

/// Factor by factor, and every store of the group on a line; nothing without a comparison.
fn compared(page: &Page, store: &Store, like: &Like) -> Option<AnyView> {
    let lang = page.state.lang;
    let own = like.own.filter(|row| row.compare.is_some())?;
    let percent = |v: Option<f64>| v.and_then(|v| format::relative(Some(1.0 + v), Some(1.0)));
    let cell = |value: Option<f64>| {
        let way = Way::of(value);
        let text = percent(value).unwrap_or_else(|| NOTHING.to_owned());
        view! { <td class=way.class()><i aria-hidden="true">{way.arrow()}</i>{text}</td> }
    };
    let lines = [Measure::Sales, Measure::Users, Measure::Conversion, Measure::Frequency, Measure::Aov]
        .map(|measure| {
            let name = measure_name(measure, lang);
            view! { <tr><th scope="row">{name}</th>{cell(relative(own, measure))}{cell(like.middle(measure))}</tr> }
        })
        .collect_view();
    let mut all: Vec<(&StoreRow, f64)> =
        like.group.iter().copied().chain([own]).filter_map(|row| Some((row, relative(row, Measure::Sales)?))).collect();
    // The nearest to the store, where the group is too large to draw.
    let here = relative(own, Measure::Sales).unwrap_or(0.0);
    all.sort_by(|a, b| (a.1 - here).abs().total_cmp(&(b.1 - here).abs()));
    all.truncate(MOST);
    all.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.store.cmp(&b.0.store)));
    let text =
        |row: &StoreRow, change: f64| (names::store(page, &row.store), percent(Some(change)).unwrap_or_default());
    let dots: Vec<StripDot> = all
        .iter()
        .map(|(row, change)| {
            let (name, change_shown) = text(row, *change);
            StripDot {
                at: *change,
                own: row.store == store.id,
                lines: vec![name, t!(lang, periods.line_of, name = t!(lang, words.sales), value = change_shown)],
                href: page.state.params.href(&PageName::Store(row.store.clone())),
            }
        })
        .collect();
    let twin = all.iter().map(|(row, change)| {
        let (name, change_shown) = text(row, *change);
        vec![name, change_shown]
    });
    let twin = Twin {
        head: vec![t!(lang, shared.store).to_owned(), t!(lang, periods.change).to_owned()],
        rows: twin.collect(),
    };
    let guide = like.group_change().and_then(|g| g.value);
    let guide_text = t!(lang, stores.group_guide, change = percent(guide).unwrap_or_default());
    let axis = |v: f64| percent(Some(v)).unwrap_or_default();
    let drawing = [Shape::Wide, Shape::Narrow]
        .map(|shape| {
            charts::strip(&dots, shape, t!(lang, stores.strip_label), &axis, guide.map(|g| (g, guide_text.as_str())))
        })
        .concat();
    Some(
        view! {
            <table class="plain factors">
                <thead><tr>
                    <th scope="col"><span class="sr">{t!(lang, figures.part)}</span></th>
                    <th scope="col">{t!(lang, stores.this_store)}</th>
                    <th scope="col" title=t!(lang, stores.group_middle_is)>{t!(lang, stores.group_middle)}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <figure class="strip" aria-label=t!(lang, stores.strip_label)>
                <p class="note">{t!(lang, stores.strip_note)}</p>
                <div class="drawing" inner_html=drawing></div>
                {twin_table(twin, lang)}
            </figure>
        }
        .into_any(),
    )
}
