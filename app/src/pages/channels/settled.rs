//! Public → private: who bought on a platform's ground and on the retailer's own in the same days; and where members
//! who came through public channels buy.

use leptos::prelude::*;
use model::{Factors, Figure, GrowthAnswer, Ratio};

use super::answers::{Answered, public_channels, settled_pair};
use super::known::change;
use crate::boot::Page;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{self, Unit, share, sum};
use crate::i18n::t;
use crate::sentence::against;

/// The panel's content.
pub(super) fn settled(page: &Page, answered: &Answered) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let public = public_channels(&page.catalog);
    let chosen = &page.shown.params.filter.source_channels;
    let only_public = !chosen.is_empty() && chosen.iter().all(|id| public.contains(id));
    let compares = answered.domains.compare.is_some();
    let mut rows = Vec::new();
    let mut rate_row = |name: &str, hint: &str, now: Ratio, then: Option<Ratio>| {
        let name = Cell { title: hint.to_owned(), ..Cell::of(name) };
        let bar = Cell::bar(now.value.unwrap_or(0.0), then.and_then(|t| t.value));
        let mut cells = vec![name, bar, Cell::ratio(&style, Unit::Percent, &now, lang).class("strong")];
        if compares {
            cells.push(
                Cell::of(then.map_or(format::NOTHING.to_owned(), |t| style.show(Unit::Percent, t.value)))
                    .class("quiet"),
            );
            cells.push(change(&now, then, &style, lang));
        }
        rows.push(cells);
    };
    let mut said = None;
    if let Some((now, then)) = settled_pair(page, answered.domains) {
        let words =
            t!(lang, channels.settled_say, public = style.count(now.public.value), both = style.count(now.both.value));
        said = Some(words);
        rate_row(t!(lang, channels.settled), t!(lang, channels.settled_is), now.rate(), then.map(|t| t.rate()));
    }
    let private = |answer: &GrowthAnswer, read: fn(&Factors) -> Figure<i64>, now: bool| {
        let whole = if now { Some(&answer.window) } else { answer.compare.as_ref() }?;
        let group = answer.groups.iter().find(|g| g.id == "private")?;
        let part = if now { Some(&group.window) } else { group.compare.as_ref() }?;
        Some(share(&read(part), &read(whole)))
    };
    type Read = fn(&Factors) -> Figure<i64>;
    let reads: [(&str, &str, Read); 2] = [
        (t!(lang, channels.private_buyers), t!(lang, channels.private_buyers_is), |f| f.buyers),
        (t!(lang, channels.private_sales), t!(lang, channels.private_sales_is), |f| f.member_sales),
    ];
    for (name, hint, read) in reads {
        if let Some(now) = private(answered.domains, read, true) {
            rate_row(name, hint, now, private(answered.domains, read, false));
        }
    }
    // Of all member sales, those of members who came through public ground.
    let came = |now: bool| {
        let factors = |g: &model::GrowthGroup| {
            if now { Some(g.window.member_sales) } else { g.compare.as_ref().map(|c| c.member_sales) }
        };
        let groups = answered.sources.groups.iter().filter(|g| public.contains(&g.id));
        let whole = if now { Some(&answered.sources.window) } else { answered.sources.compare.as_ref() }?;
        Some(share(&sum(groups.filter_map(factors)), &whole.member_sales))
    };
    if let (Some(now), false) = (came(true), only_public) {
        rate_row(t!(lang, channels.came_public), t!(lang, channels.came_public_is), now, came(false));
    }
    let mut columns =
        vec![Column::of(t!(lang, data.share_of)), Column::of(""), Column::of(t!(lang, periods.this_period))];
    if compares {
        columns.extend([Column::of(against(page.shown.compare, lang)), Column::of(t!(lang, channels.change_points))]);
    }
    let href = page.state.href(|p| p.filter.source_channels = if only_public { vec![] } else { public.clone() });
    let link = if only_public { t!(lang, channels.all_sources) } else { t!(lang, channels.see_public) };
    let context = if only_public { t!(lang, channels.only_public).to_owned() } else { said.unwrap_or_default() };
    let caption = t!(lang, channels.settling).to_owned();
    view! {
        <p class="lede" hidden=context.is_empty()>{context.clone()}</p>
        {table(Table { caption, columns, rows, foot: vec![] }, lang)}
        <p class="follow" hidden=public.is_empty()><a href=href data-nav="">{link}</a></p>
    }
    .into_any()
}
