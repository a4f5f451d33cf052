//! What numbers hold for: every file and every printed page begins with it.

use model::Window;

use crate::boot::Page;
use crate::components::{filters, names};
use crate::i18n::t;
use crate::pages;
use crate::sentence::{against, plain};
use crate::state::Facet;

/// Names and values, in order: page, answer, days, comparison, filters, snapshot, exact or not, currency.
pub(crate) fn terms(page: &Page) -> Vec<(String, String)> {
    let (lang, shown) = (page.state.lang, &page.shown);
    let entry = pages::of(&shown.page);
    let days = |window: Window| t!(lang, export.days, from = window.from(), to = window.to());
    let mut out = vec![(t!(lang, frame.app_name).to_owned(), title(page))];
    let mut add = |name: &str, value: String| out.push((name.to_owned(), value));
    let answer = plain(&(entry.sentence)(page));
    if !answer.is_empty() {
        add(t!(lang, export.answer), answer);
    }
    if entry.filters {
        add(t!(lang, periods.this_period), days(shown.window));
    }
    if let Some(compared) = shown.compared {
        let aligned = filters::aligned_note(page, shown, lang).map(|note| " · ".to_owned() + &note).unwrap_or_default();
        add(against(shown.compare, lang), days(compared) + &aligned);
    }
    for (name, value) in filters(page) {
        add(&name, value);
    }
    let catalog = &page.catalog;
    add(t!(lang, export.snapshot), catalog.snapshot.clone());
    add(t!(lang, export.data_until), catalog.data_until.to_string());
    if let Ok(answers) = &page.answers {
        let exact = match answers.coverage.exact {
            true => t!(lang, export.exact).to_owned(),
            false => {
                t!(lang, export.estimate, read = answers.coverage.read, shards = answers.coverage.shards)
            }
        };
        add(t!(lang, export.certainty), exact);
    }
    add(t!(lang, export.currency), catalog.currency.clone());
    out
}

/// The tenant's name and the page's.
fn title(page: &Page) -> String {
    let name = pages::title(page);
    if page.catalog.tenant.is_empty() { name } else { format!("{} · {name}", page.catalog.tenant) }
}

/// The filters that hold, with the names of their values.
fn filters(page: &Page) -> Vec<(String, String)> {
    let (lang, shown) = (page.state.lang, &page.shown);
    if !pages::of(&shown.page).filters {
        return Vec::new();
    }
    let of_facet = |facet: Facet| {
        let chosen: Vec<String> =
            facet.chosen(&shown.params.filter).iter().map(|id| names::value(page, facet, id)).collect();
        (!chosen.is_empty()).then(|| (names::facet(facet, lang).to_owned(), chosen.join(" | ")))
    };
    let segment = shown.params.segment.as_ref();
    let segment = segment.map(|picked| (t!(lang, export.segment).to_owned(), names::segment(picked, lang)));
    Facet::ALL.into_iter().filter_map(of_facet).chain(segment).collect()
}
