//! A page's answer in one sentence, coloured and linked.

use leptos::prelude::*;

use crate::boot::Page;
use crate::sentence::Piece;

/// The sentence.
pub(crate) fn answer(page: &Page, pieces: Vec<Piece>) -> AnyView {
    let pieces = pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(words) => words.into_any(),
            Piece::Strong(words) => view! { <b>{words}</b> }.into_any(),
            Piece::Up(words) => view! { <b class="up">{words}</b> }.into_any(),
            Piece::Down(words) => view! { <b class="down">{words}</b> }.into_any(),
            Piece::Region(name) => {
                let href = page.state.href(|p| p.filter.regions = vec![name.clone()]);
                view! { <a href=href data-nav="">{name}</a> }.into_any()
            }
            Piece::Link(words, href) => view! { <a href=href data-nav="">{words}</a> }.into_any(),
        })
        .collect_view();
    view! { <p class="answer">{pieces}</p> }.into_any()
}
