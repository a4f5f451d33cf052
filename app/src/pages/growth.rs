//! 增长 Growth: why sales moved. One sentence, then its proof.

use std::sync::Arc;

use leptos::prelude::*;

use crate::boot::Page;
use crate::components::{cards, filters, funnel, heat, makeup, movers, trend, waterfall};
use crate::sentence::{Piece, sentence};

/// The sentence and the filters.
pub(crate) fn lead(page: &Arc<Page>) -> AnyView {
    view! { {answer_line(page)}{filters::filters(page)} }.into_any()
}

/// The sentence's pieces; empty where there is no answer.
pub(crate) fn pieces(page: &Page) -> Vec<Piece> {
    let text = page.state.lang.text();
    match page.growth() {
        Some((regions, ..)) => sentence(regions, page.shown.compare, &page.style(), text),
        None => Vec::new(),
    }
}

fn answer_line(page: &Page) -> AnyView {
    let pieces = pieces(page)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(words) => words.into_any(),
            Piece::Strong(words) => view! { <b>{words}</b> }.into_any(),
            Piece::Up(words) => view! { <b class="up">{words}</b> }.into_any(),
            Piece::Down(words) => view! { <b class="down">{words}</b> }.into_any(),
            Piece::Region(name) => {
                let href = page.state.params.with(|p| p.regions = vec![name.clone()]).href(page.state.page);
                view! { <a href=href data-nav="">{name}</a> }.into_any()
            }
        })
        .collect_view();
    view! { <p class="answer">{pieces}</p> }.into_any()
}

/// The page below the filters.
pub(crate) fn growth(page: &Arc<Page>) -> AnyView {
    let text = page.state.lang.text();
    let Some((regions, stores, series)) = page.growth() else {
        let reason = page.answers.as_ref().err().cloned().unwrap_or_default();
        let here = page.state.params.href(page.state.page);
        return view! {
            <section class="panel state" role="alert">
                <h2>{text.failed}</h2><p>{reason}</p>
                <a class="apply" href=here data-nav="again">{text.again}</a>
            </section>
        }
        .into_any();
    };
    let nothing = |f: &model::Factors| f.orders.value == 0 && f.users.value == 0;
    if nothing(&regions.window) && regions.compare.as_ref().is_none_or(nothing) {
        let all = page.state.params.with(|p| {
            p.regions.clear();
            p.stores.clear();
            p.channels.clear();
            p.window = None;
        });
        let empty = page.catalog.totals.orders + page.catalog.totals.anonymous_orders == 0;
        let (title, advice) = if empty {
            (text.empty_snapshot, text.empty_snapshot_advice)
        } else {
            (text.empty_filter, text.empty_filter_advice)
        };
        return view! {
            <section class="panel state">
                <h2>{title}</h2><p>{advice}</p>
                <a class="apply" href=all.href(page.state.page) data-nav="" hidden=empty>{text.show_all}</a>
            </section>
        }
        .into_any();
    }
    let (trend, movers) = (trend::trend(page, series), movers::movers(page, stores));
    // Without a comparison there is nothing to explain, so the trend takes the wide place.
    let proof = match (waterfall::waterfall(page, regions), heat::heat(page, regions)) {
        (Some(waterfall), Some(heat)) => view! {
            <div class="grid">{waterfall}{trend}</div>
            <div class="grid">{heat}{movers}</div>
        }
        .into_any(),
        _ => view! { <div class="grid">{trend}{movers}</div> }.into_any(),
    };
    view! {
        {cards::cards(page, regions, series)}
        {proof}
        <div class="grid">
            {funnel::funnel(page, regions)}
            {makeup::makeup(page, regions)}
        </div>
    }
    .into_any()
}
