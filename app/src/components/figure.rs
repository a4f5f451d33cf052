//! A chart in its frame: caption, drawing, table twin.

use leptos::prelude::*;

use crate::i18n::{Lang, t};

/// A table's cells: the first of each row is its header.
pub(crate) struct Twin {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A chart drawn as text, with its caption, its key on the right and its table.
pub(crate) fn figure(
    id: &'static str,
    title: String,
    key: AnyView,
    drawing: String,
    note: String,
    twin: Twin,
    lang: Lang,
) -> AnyView {
    view! {
        <figure class="panel" id=id aria-label=title.clone()>
            <figcaption><h2>{title.clone()}</h2><span class="key">{key}</span></figcaption>
            <div class="drawing" inner_html=drawing></div>
            <p class="note" hidden=note.is_empty()>{note.clone()}</p>
            {twin_table(twin, lang)}
        </figure>
    }
    .into_any()
}

/// The table twin, folded away until wanted.
pub(crate) fn twin_table(twin: Twin, lang: Lang) -> AnyView {
    let head = twin.head.into_iter().map(|cell| view! { <th scope="col">{cell}</th> }).collect_view();
    let rows = twin
        .rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let first = cells.next().unwrap_or_default();
            let rest = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! { <tr><th scope="row">{first}</th>{rest}</tr> }
        })
        .collect_view();
    view! {
        <details class="twin">
            <summary>{t!(lang, figures.table)}</summary>
            <div class="scroll" tabindex="0" role="group" aria-label=t!(lang, figures.table)>
                <table class="plain"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        </details>
    }
    .into_any()
}
