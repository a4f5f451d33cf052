//! The menus that lead to files: one of the page, one of each panel. Files are links to the server, which works
//! without JavaScript; with it CSV comes from the screen, and pictures and printing are offered.

use leptos::prelude::*;

use super::terms::terms;
use crate::boot::Page;
use crate::i18n::{Lang, t};

/// Where a page's files are, and in which language the menus speak.
pub(super) struct Links {
    /// Up to the ending: `/export/stores`.
    address: String,
    /// With its `?`, or empty.
    query: String,
    lang: Lang,
}

impl Links {
    /// The files of the page on screen.
    pub(super) fn of(page: &Page) -> Self {
        let here = page.state.params.href(&page.state.page);
        let (path, query) = here.split_once('?').map_or((here.as_str(), ""), |(path, query)| (path, query));
        let name = if path == "/" { "/growth" } else { path };
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        Self { address: format!("/export{name}"), query, lang: page.state.lang }
    }

    fn to(&self, ending: &str, only: &str) -> String {
        let join = if self.query.is_empty() { "?" } else { "&" };
        let only = if only.is_empty() { String::new() } else { format!("{join}only={only}") };
        format!("{}.{ending}{}{only}", self.address, self.query)
    }
}

/// The menu of the whole page.
pub(crate) fn page_menu(page: &Page) -> AnyView {
    let links = Links::of(page);
    let lang = links.lang;
    let print = view! { <li class="needs-js"><button type="button" data-print=""><span>{t!(lang, export.print)}</span><small>"PDF"</small></button></li> };
    let items = view! { {table_items(&links, "")}{print} }.into_any();
    menu("menu export whole", t!(lang, export.page).to_owned(), items)
}

/// The menu of a panel: its tables, its drawing.
pub(super) fn of_panel(links: &Links, id: &'static str, title: &str, tables: bool, pictured: bool) -> AnyView {
    let lang = links.lang;
    let tables = tables.then(|| table_items(links, id));
    let picture = |format: &'static str, name: &'static str| {
        view! { <li class="needs-js"><button type="button" data-picture=format data-of=id><span>{name}</span><small>{t!(lang, export.picture)}</small></button></li> }
    };
    let pictures = pictured.then(|| view! { {picture("svg", "SVG")}{picture("png", "PNG")} });
    menu("menu export", t!(lang, export.panel, title), view! { {tables}{pictures} }.into_any())
}

fn table_items(links: &Links, only: &'static str) -> AnyView {
    let lang = links.lang;
    view! {
        <li><a href=links.to("csv", only) download="" data-csv=only><span>"CSV"</span><small>{t!(lang, export.table)}</small></a></li>
        <li><a href=links.to("xlsx", only) download=""><span>"Excel"</span><small>{t!(lang, export.table)}</small></a></li>
    }
    .into_any()
}

fn menu(class: &'static str, label: String, items: AnyView) -> AnyView {
    let icon = "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M12 4v11m-5-4.500l5 5 5-5M5 20h14\"/></svg>";
    view! {
        <details class=class name="filter">
            <summary class="chip quiet" aria-label=label.clone() title=label.clone()><span class="icon" inner_html=icon></span></summary>
            <div class="pop"><ul>{items}</ul></div>
        </details>
    }
    .into_any()
}

/// What the numbers hold for, on paper only: there the filters' chips are gone.
pub(crate) fn print_terms(page: &Page) -> AnyView {
    // The title and the answer stand on the page already.
    let answer = t!(page.state.lang, export.answer);
    let lines = terms(page)
        .into_iter()
        .skip(1)
        .filter(|(name, _)| name != answer)
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="terms">{lines}</dl> }.into_any()
}
