//! A chart in its frame: caption, drawing, table twin.

use leptos::prelude::*;

use crate::export::{self, Entry, Sheet};
use crate::i18n::{Lang, t};

/// A table's cells: the first of each row is its header.
pub(crate) struct Twin {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A table twin and, where its words are rounded, its values for files.
pub(crate) struct Told {
    twin: Twin,
    values: Option<Vec<Vec<Entry>>>,
}

impl From<Twin> for Told {
    fn from(twin: Twin) -> Self {
        Self { twin, values: None }
    }
}

/// The values stand cell for cell for the words.
impl From<(Twin, Vec<Vec<Entry>>)> for Told {
    fn from((twin, values): (Twin, Vec<Vec<Entry>>)) -> Self {
        Self { twin, values: Some(values) }
    }
}

/// A chart drawn as text, with its caption, its key on the right and its table.
pub(crate) fn figure(
    id: &'static str,
    title: String,
    key: AnyView,
    drawing: String,
    note: String,
    told: impl Into<Told>,
    lang: Lang,
) -> AnyView {
    let Told { twin, values } = told.into();
    record(&title, &twin, values);
    let menu = export::panel_menu(id, &title, true);
    view! {
        <figure class="panel" id=id aria-label=title.clone()>
            <figcaption><h2>{title.clone()}</h2><span class="key">{key}</span>{menu}</figcaption>
            <div class="drawing" inner_html=drawing></div>
            <p class="note" hidden=note.is_empty()>{note.clone()}</p>
            {twin_table(twin, lang)}
        </figure>
    }
    .into_any()
}

/// Tells files of a twin.
fn record(title: &str, twin: &Twin, values: Option<Vec<Vec<Entry>>>) {
    export::record(|| match values {
        Some(rows) => Sheet { id: "", title: title.to_owned(), head: twin.head.clone(), rows },
        None => Sheet::of_words(title, &twin.head, &twin.rows),
    });
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
