//! 会员 Members: how recent, how often, how much; who moved; and who is new, active, dormant, lost.

mod answers;
mod ask;
mod cuts;
mod grid;
mod lifecycle;
mod migration;
mod named;
mod options;
mod segments;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Grain, RfmAnswer};

use super::Entry;
use crate::boot::Page;
use crate::components::heatmap::heatmap;
use crate::components::section::section;
use crate::components::states;
use crate::components::tabs::{Tab, tabs};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;
use crate::state::Picked;
use answers::Answered;
use options::Shown;

pub(crate) use options::MembersOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, data.members),
    icon: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-8 14-8 14 0M16 3.500a4 4 0 0 1 0 7.300M18 14c3 1 4 3 4 7",
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(Answered { rfm, lifecycle: periods }) = answers::answers(page) else {
        return states::failed(page);
    };
    if rfm.members.value == 0 {
        return states::nothing(page);
    }
    let style = page.style();
    let title = t!(lang, members.rfm_title, day = style.full_day(rfm.as_of));
    let rescored = matches!(page.shown.params.segment, Some(Picked::Rfm { .. }));
    let note = if rescored { t!(lang, members.rescored) } else { t!(lang, members.rfm_note) };
    let grid = view! { <div class="sub">{grid::money_tabs(page, rfm)}</div>{grid::grid(page, rfm)} }.into_any();
    let stock = answers::balance(periods).map(|balance| {
        let rows = lifecycle::periods(page, periods, &balance);
        let title = t!(lang, members.lifecycle).to_owned();
        view! {
            <div class="grid">{lifecycle::waterfall(page, &balance)}{lifecycle::stock(page, periods)}</div>
            {section("lifecycle", title, grain_tabs(page, lang), rows, t!(lang, members.balances).to_owned())}
        }
    });
    view! {
        <div class="grid even">
            {section("rfm", title, shown_tabs(page, lang), grid, note.to_owned())}
            {section("segments", t!(lang, members.named).to_owned(), ().into_any(), named::named(page, rfm), t!(lang, members.named_note).to_owned())}
        </div>
        {stock}
        {moves(page, rfm)}
    }
    .into_any()
}

/// The matrix of moves with the largest in words beside it; none without a comparison.
fn moves(page: &Page, rfm: &RfmAnswer) -> Option<AnyView> {
    rfm.migration.as_ref()?;
    let (lang, style) = (page.state.lang, page.style());
    let since = page.shown.compared.map(|days| style.full_day(days.to())).unwrap_or_default();
    let title = t!(lang, members.migration_title, before = &since, after = style.full_day(rfm.as_of));
    let matrix = heatmap(migration::matrix(page, rfm), lang);
    let said = match migration::largest(&migration::flows(rfm)) {
        Some(flow) => t!(
            lang,
            members.largest_move,
            before = (segments::SEGMENTS[flow.from].name)(lang),
            after = (segments::SEGMENTS[flow.to].name)(lang),
            members = style.count(flow.members.value)
        ),
        None => t!(lang, members.no_largest_move).to_owned(),
    };
    let list = view! { <p class="lede">{said}</p>{migration::list(page, rfm)} }.into_any();
    let note = t!(lang, members.migration_note).to_owned();
    Some(
        view! {
            <div class="grid wide-first">
                {section("migration", title, ().into_any(), matrix, note)}
                {section("moves", t!(lang, members.moves).to_owned(), ().into_any(), list, t!(lang, members.moves_note).to_owned())}
            </div>
        }
        .into_any(),
    )
}

fn shown_tabs(page: &Page, lang: Lang) -> AnyView {
    let choices =
        [(Shown::Members, t!(lang, data.members)), (Shown::Sales, t!(lang, words.sales))].map(|(shown, name)| Tab {
            name: name.to_owned(),
            href: page.state.href(|p| p.members.shown = shown),
            chosen: page.state.params.members.shown == shown,
        });
    tabs(t!(lang, shared.measure), choices.into())
}

fn grain_tabs(page: &Page, lang: Lang) -> AnyView {
    let choices =
        [(Grain::Month, t!(lang, periods.month)), (Grain::Week, t!(lang, periods.week))].map(|(grain, name)| Tab {
            name: name.to_owned(),
            href: page.state.href(|p| p.members.grain = grain),
            chosen: page.state.params.members.grain == grain,
        });
    tabs(t!(lang, periods.grain), choices.into())
}
