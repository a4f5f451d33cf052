//! The funnel in groups: one small funnel each, against the whole.

use leptos::prelude::*;
use model::{FunnelAnswer, FunnelGroup, FunnelStep, Ratio};

use super::options::Split;
use super::{answers, chance};
use crate::boot::Page;
use crate::charts;
use crate::components::compare::{Way, beside, with_doubt};
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::format::{self, Unit};
use crate::i18n::{Lang, t};
use crate::state::Facet;

/// Groups drawn before the reader asks for all.
const FIRST: usize = 6;

/// The section of groups.
pub(super) fn split(page: &Page, answer: &FunnelAnswer) -> AnyView {
    let lang = page.state.lang;
    let groups = answers::groups(answer);
    let all = page.shown.params.funnel.all_groups;
    let shown = if all { groups.len() } else { groups.len().min(FIRST) };
    // One scale for all that are drawn.
    let drawn = groups.iter().take(shown).map(|group| &group.steps).chain([&answer.steps]);
    let most = drawn.flat_map(|steps| passed(steps)).fold(0.0, f64::max);
    let small = groups.iter().take(shown).map(|group| multiple(page, answer, group, most, lang)).collect_view();
    let more = page.state.href(|p| p.funnel.all_groups = true) + "#split";
    let more_text = t!(lang, funnel.all_groups, count = groups.len());
    let body = view! {
        <div class="multiples" role="group" aria-label=t!(lang, funnel.funnel_split)>{small}</div>
        <p class="more" hidden=groups.len() <= shown><a class="chip" href=more data-nav="">{more_text}</a></p>
        <details class="twin" hidden=groups.is_empty()><summary>{t!(lang, figures.table)}</summary>{table(twin(page, &groups), lang)}</details>
    };
    let note = if groups.is_empty() { String::new() } else { t!(lang, funnel.funnel_split_note).to_owned() };
    section("split", t!(lang, funnel.funnel_split).to_owned(), picker(page, lang), body.into_any(), note)
}

fn picker(page: &Page, lang: Lang) -> AnyView {
    let chosen = page.state.params.funnel.by;
    let choices = [
        (Split::Region, t!(lang, words.region)),
        (Split::Channel, t!(lang, shared.channel)),
        (Split::Source, t!(lang, shared.source_channel)),
        (Split::Whole, t!(lang, shared.whole)),
    ]
    .map(|(by, name)| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| {
            p.funnel.by = by;
            p.funnel.all_groups = false;
        }),
        chosen: chosen == by,
    });
    tabs(t!(lang, shared.split_by), choices.into())
}

/// The address of the page filtered to a group; none for those of no region or channel.
pub(super) fn filtered(page: &Page, id: &str) -> Option<String> {
    let facet = match page.shown.params.funnel.by {
        Split::Region => Facet::Region,
        Split::Channel => Facet::Channel,
        Split::Source => Facet::Source,
        Split::Whole => return None,
    };
    let known = facet.values(&page.catalog).iter().any(|value| value == id);
    known.then(|| {
        page.state.href(|p| {
            facet.clear(&mut p.filter);
            facet.toggle(&mut p.filter, id);
        })
    })
}

/// How far a share lies from the whole's, in points of a hundred; its way only where it is more than
/// chance and what is not read yet leave open.
fn against(share: &Ratio, chance: Option<(f64, f64)>, whole: &Ratio, lang: Lang) -> (Way, String) {
    let (Some(a), Some(b)) = (share.value, whole.value) else {
        return (Way::Flat, String::new());
    };
    let points = (a - b) * 100.0;
    let shown = format::fixed(points.abs(), 2);
    if shown == "0.00" {
        return (Way::Flat, t!(lang, funnel.as_whole).to_owned());
    }
    let apart = |(low, high): (f64, f64)| whole.high.is_some_and(|w| low > w) || whole.low.is_some_and(|w| high < w);
    let sure = !whole.too_few && chance.is_some_and(apart);
    let sign = if points < 0.0 { "\u{2212}" } else { "+" };
    let way = match (sure, points < 0.0) {
        (false, _) => Way::Flat,
        (true, true) => Way::Down,
        (true, false) => Way::Up,
    };
    (way, t!(lang, funnel.points, points = sign.to_owned() + &shown))
}

fn multiple(page: &Page, answer: &FunnelAnswer, group: &FunnelGroup, most: f64, lang: Lang) -> AnyView {
    let style = page.style();
    let nothing = Ratio::exact(None);
    let last = group.steps.last().map_or(nothing, |step| step.rate_from_first);
    let whole = answer.steps.last().map_or(nothing, |step| step.rate_from_first);
    let (way, apart) = against(&last, chance::through(group), &whole, lang);
    let drawing = charts::flow_small(&passed(&group.steps), &passed(&answer.steps), most);
    let entered = group.steps.first().map(|step| Cell::count(&style, &step.members, lang)).unwrap_or_default();
    let through = Cell::ratio(&style, Unit::Percent, &last, lang);
    let name = answers::group_name(page, group);
    let lines: Vec<String> = answers::step_names(page)
        .iter()
        .zip(&group.steps)
        .map(|(name, step)| t!(lang, periods.line_of, name, value = in_words(page, step)))
        .collect();
    let title = format!("{name}\n{}", lines.join("\n"));
    let entered_text = t!(lang, funnel.entered, count = with_doubt(entered.shown, &entered.doubt));
    let inside = view! {
        <b class="mname">{name.clone()}</b>
        <small class="mcount">{entered_text}</small>
        <span class="mdraw" inner_html=drawing></span>
        <span class="mrate">{through.shown}{beside(through.doubt, lang)}</span>
        <span class=format!("mdiff {}", way.class())><i aria-hidden="true">{way.arrow()}</i>{apart}</span>
    };
    match filtered(page, &group.id) {
        Some(href) => view! { <a class="multiple mark" href=href data-nav="" title=title>{inside}</a> }.into_any(),
        None => view! { <span class="multiple mark" tabindex="0" title=title>{inside}</span> }.into_any(),
    }
}

/// Of each step but the first, the share that came on from the step before.
fn passed(steps: &[FunnelStep]) -> Vec<f64> {
    steps.iter().skip(1).map(|step| step.rate_from_previous.value.unwrap_or(0.0)).collect()
}

/// `1,234 · 12.3 %`.
fn in_words(page: &Page, step: &FunnelStep) -> String {
    let (style, lang) = (page.style(), page.state.lang);
    let count = with_doubt(style.full_count(step.members.value), &style.doubt_of(Unit::Count, &step.members, lang));
    format!("{count} · {}", format::percent(step.rate_from_first.value))
}

/// One row a group: members and share of those who entered, step by step.
fn twin(page: &Page, groups: &[&FunnelGroup]) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let row = |group: &&FunnelGroup| {
        let name = Cell::of(answers::group_name(page, group));
        let mut cells = vec![match filtered(page, &group.id) {
            Some(href) => name.to(href),
            None => name,
        }];
        cells.extend(group.steps.iter().enumerate().flat_map(|(i, step)| {
            let members = Cell::count(&style, &step.members, lang);
            let rate = Cell::ratio(&style, Unit::Percent, &step.rate_from_first, lang).class("quiet");
            if i == 0 { vec![members] } else { vec![members, rate] }
        }));
        cells
    };
    let by_region = page.shown.params.funnel.by == Split::Region;
    let mut columns = vec![Column::of(if by_region { t!(lang, words.region) } else { t!(lang, shared.channel) })];
    for (i, name) in answers::step_names(page).into_iter().enumerate() {
        columns.push(Column::of(name));
        if i > 0 {
            columns.push(Column::of(t!(lang, funnel.from_first)));
        }
    }
    Table {
        caption: t!(lang, funnel.funnel_split).to_owned(),
        columns,
        rows: groups.iter().map(row).collect(),
        foot: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_way_only_where_it_is_sure() {
        let share =
            |low, high| Ratio { value: Some((low + high) / 2.0), low: Some(low), high: Some(high), too_few: false };
        let way = |a: Ratio, b| against(&a, a.low.zip(a.high).filter(|_| !a.too_few), &b, Lang::En);
        assert_eq!(way(share(0.2, 0.2), share(0.1, 0.1)), (Way::Up, "+10.00 pts".to_owned()));
        assert_eq!(way(share(0.1, 0.2), share(0.15, 0.17)).0, Way::Flat);
        assert_eq!(way(share(0.1, 0.1), share(0.15, 0.17)).0, Way::Down);
        assert_eq!(way(share(0.1, 0.1), share(0.1, 0.1)), (Way::Flat, "as the whole".to_owned()));
        let few = Ratio { too_few: true, ..share(0.9, 0.9) };
        assert_eq!(way(few, share(0.1, 0.1)).0, Way::Flat);
        assert_eq!(way(Ratio::exact(None), share(0.1, 0.1)).1, "");
    }
}
