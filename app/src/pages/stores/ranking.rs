//! The ranking: a measure, its rank with the ranks that chance allows, and the way it moved.
//!
//! Its rows are written as text, so that thousands of them cost the browser no more than reading them; rows out of
//! sight are not laid out (`content-visibility`).

use std::collections::HashMap;

use leptos::prelude::*;
use model::{Measure, Measures, Ratio, Store, StoreRow};

use super::answers::{Answered, index};
use super::options::{MEASURES, StoresOptions};
use crate::boot::Page;
use crate::charts::escape;
use crate::components::compare::Way;
use crate::components::names;
use crate::components::section::section;
use crate::components::tabs::{Tab, tabs};
use crate::components::trend::measure_name;
use crate::format::{self, NOTHING, Style, Unit, as_float};
use crate::i18n::{Lang, t};
use crate::state::PageName;

/// Rows that the browser lays out together.
const CHUNK: usize = 10;

/// The panel.
pub(super) fn ranking(page: &Page, answered: &Answered) -> AnyView {
    let lang = page.state.lang;
    let options = &page.state.params.stores;
    let known = index(page);
    let found: Vec<&StoreRow> = answered
        .rows
        .iter()
        .filter(|row| holds(page, row, known.get(row.store.as_str()).copied(), &options.find))
        .collect();
    let pages = found.len().div_ceil(StoresOptions::ROWS).max(1);
    let at = (options.at as usize).min(pages);
    let first = if options.all { 0 } else { (at - 1) * StoresOptions::ROWS };
    let count = if options.all { found.len() } else { StoresOptions::ROWS };
    let shown: Vec<&StoreRow> = found.iter().skip(first).take(count).copied().collect();
    let last = first + shown.len();
    let none = if found.is_empty() { t!(lang, stores.none_found, find = &options.find) } else { String::new() };
    let grid = Grid { page, known, style: page.style(), ranked: answered.rows.len(), by: page.shown.params.stores.by };
    let body = view! {
        {tools(page, lang)}
        <p class="calm" role="status" hidden=none.is_empty()>{none.clone()}</p>
        <div class="scroll" tabindex="0" role="group" aria-label=t!(lang, stores.ranking) inner_html=grid.table(&shown)></div>
        {pager(page, found.len(), first, last, at, pages)}
    };
    section(
        "ranking",
        t!(lang, stores.ranking).to_owned(),
        ().into_any(),
        body.into_any(),
        t!(lang, stores.ranking_note).to_owned(),
    )
}

/// Whether a row holds the text searched for, in its name, id, city or region.
fn holds(page: &Page, row: &StoreRow, store: Option<&Store>, find: &str) -> bool {
    if find.is_empty() {
        return true;
    }
    let wanted = find.to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&wanted);
    fits(&row.store) || store.is_some_and(|s| fits(&s.name) || fits(&names::place(page, s)))
}

/// The choice of the measure, of how rates are shown, and the search.
fn tools(page: &Page, lang: Lang) -> AnyView {
    let options = &page.state.params.stores;
    let measures = MEASURES.values().map(|measure| Tab {
        name: measure_name(measure, lang).to_owned(),
        href: page.state.href(|p| {
            p.stores.by = measure;
            p.stores.at = 1;
        }),
        chosen: options.by == measure,
    });
    let rates = [(false, t!(lang, stores.raw)), (true, t!(lang, stores.shrunken))].map(|(shrunken, name)| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| p.stores.shrunken = shrunken),
        chosen: options.shrunken == shrunken,
    });
    let kept = page.state.params.with(|p| {
        p.stores.find.clear();
        p.stores.at = 1;
    });
    let hidden = kept
        .pairs(&page.state.page)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let clear = kept.href(&page.state.page) + "#ranking";
    view! {
        <div class="rank-tools">
            {tabs(t!(lang, stores.rank_by), measures.collect())}
            <span class="rates" title=t!(lang, stores.shrunken_is)>{tabs(t!(lang, stores.rates), rates.into())}</span>
            <form class="find" method="get" action=page.state.params.path(&page.state.page) data-form="" role="search">
                {hidden}
                <input type="search" name="find" value=options.find.clone() placeholder=t!(lang, stores.find) aria-label=t!(lang, stores.find) autocomplete="off"/>
                <button class="apply" type="submit">{t!(lang, filters.find)}</button>
                <a class="chip quiet" href=clear data-nav="" hidden=options.find.is_empty()>{t!(lang, stores.find_clear)}</a>
            </form>
        </div>
    }
    .into_any()
}

/// Which rows these are, and the way to the others.
fn pager(page: &Page, found: usize, first: usize, last: usize, at: usize, pages: usize) -> AnyView {
    let lang = page.state.lang;
    let options = &page.state.params.stores;
    let to = |at: usize| page.state.href(|p| p.stores.at = at as u32) + "#ranking";
    let (before, after) = (options.all || at <= 1, options.all || at >= pages);
    let all = page.state.href(|p| {
        p.stores.all = !options.all;
        p.stores.at = 1;
    }) + "#ranking";
    let turn = if options.all { t!(lang, stores.by_pages).to_owned() } else { t!(lang, stores.all_rows, rows = found) };
    view! {
        <nav class="pager" aria-label=t!(lang, stores.pages) hidden=found == 0>
            <span>{t!(lang, stores.rows_of, first = first + 1, last, rows = found)}</span>
            <a class="chip" href=to(at.saturating_sub(1).max(1)) data-nav="" rel="prev" hidden=before>{t!(lang, stores.before)}</a>
            <a class="chip" href=to(at + 1) data-nav="" rel="next" hidden=after>{t!(lang, stores.after)}</a>
            <a class="chip quiet" href=all data-nav="" hidden=found <= StoresOptions::ROWS>{turn}</a>
        </nav>
    }
    .into_any()
}

/// What every row needs.
struct Grid<'a> {
    page: &'a Page,
    known: HashMap<&'a str, &'a Store>,
    style: Style,
    /// Stores that are ranked, shown or not.
    ranked: usize,
    /// The measure that ranks.
    by: Measure,
}

impl Grid<'_> {
    fn table(&self, rows: &[&StoreRow]) -> String {
        let lang = self.page.state.lang;
        let mut out = String::with_capacity(2_048 + rows.len() * 1_600);
        out.push_str(&format!(
            "<table class=\"plain ranks\" role=\"table\"><caption class=\"sr\">{}</caption><thead role=\"rowgroup\"><tr role=\"row\">",
            escape(t!(lang, stores.ranking))
        ));
        let head = |out: &mut String, class: &str, name: &str, hint: &str, sort: Option<&str>, sorted: bool| {
            out.push_str(&format!(
                "<th scope=\"col\" role=\"columnheader\" class=\"{class}\" title=\"{}\"",
                escape(hint)
            ));
            out.push_str(if sorted { " aria-sort=\"descending\">" } else { ">" });
            match sort {
                Some(href) => out.push_str(&format!(
                    "<a class=\"sort\" href=\"{}\" data-nav=\"\">{}</a>",
                    escape(href),
                    escape(name)
                )),
                None => out.push_str(&escape(name)),
            }
            out.push_str("</th>");
        };
        head(&mut out, "rank", t!(lang, stores.rank), t!(lang, stores.rank_is), None, false);
        head(&mut out, "name", t!(lang, shared.store), "", None, false);
        head(&mut out, "moved", t!(lang, stores.moved_by), t!(lang, stores.moved_by_is), None, false);
        for measure in MEASURES.values() {
            let href = self.page.state.href(|p| {
                p.stores.by = measure;
                p.stores.at = 1;
            });
            let by = measure == self.by;
            let name = if self.shrinks(measure) {
                t!(lang, stores.as_shrunken, measure = measure_name(measure, lang))
            } else {
                measure_name(measure, lang).to_owned()
            };
            head(&mut out, if by { "m by" } else { "m" }, &name, "", Some(&href), by);
        }
        out.push_str("</tr></thead>");
        for chunk in rows.chunks(CHUNK) {
            out.push_str("<tbody role=\"rowgroup\">");
            chunk.iter().for_each(|row| self.row(&mut out, row));
            out.push_str("</tbody>");
        }
        out.push_str("</table>");
        out
    }

    fn row(&self, out: &mut String, row: &StoreRow) {
        let page = self.page;
        let store = self.known.get(row.store.as_str()).copied();
        out.push_str("<tr role=\"row\">");
        self.rank(out, row);
        let name = store.map(|s| s.name.as_str()).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| names::store(page, &row.store), str::to_owned);
        let place = store.map(|s| names::place(page, s)).unwrap_or_default();
        out.push_str("<th scope=\"row\" role=\"rowheader\" class=\"name\">");
        if row.store.is_empty() {
            out.push_str(&escape(&name));
        } else {
            let href = page.state.params.href(&PageName::Store(row.store.clone()));
            out.push_str(&format!("<a href=\"{}\" data-nav=\"\">{}</a>", escape(&href), escape(&name)));
        }
        out.push_str(&format!("<small>{}</small></th>", escape(&place)));
        let (class, moved) = climbed(row);
        out.push_str(&format!("<td role=\"cell\" class=\"moved {class}\">{moved}</td>"));
        MEASURES.values().for_each(|measure| self.measure(out, row, measure));
        out.push_str("</tr>");
    }

    /// The rank, and the ranks that chance allows on a line from the first to the last.
    fn rank(&self, out: &mut String, row: &StoreRow) {
        let all = (self.ranked.max(2) - 1) as f64;
        let place = |rank: u32| (f64::from(rank.max(1) - 1) / all * 96.0).clamp(0.0, 96.0);
        let (low, high) = (place(row.rank_low), place(row.rank_high));
        let range = if row.rank_low < row.rank_high {
            t!(self.page.state.lang, stores.rank_between, low = row.rank_low, high = row.rank_high)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "<td role=\"cell\" class=\"rank\" title=\"{}\"><b>{}</b><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\"><rect class=\"track\" y=\"3\" width=\"100\" height=\"2\"/><rect class=\"range\" x=\"{}\" y=\"2\" width=\"{}\" height=\"4\"/><rect class=\"at\" x=\"{}\" width=\"4\" height=\"8\"/></svg></td>",
            escape(&range),
            row.rank,
            escape(&range),
            low.round() as i64,
            (high - low + 4.0).round() as i64,
            place(row.rank).round() as i64,
        ));
    }

    fn measure(&self, out: &mut String, row: &StoreRow, measure: Measure) {
        let lang = self.page.state.lang;
        let by = measure == self.by;
        let unit = Unit::of(measure);
        let found = match measure {
            Measure::Conversion if self.shrinks(measure) => row.shrunken.conversion,
            Measure::RepurchaseRate if self.shrinks(measure) => row.shrunken.repurchase_rate,
            _ => figure(&row.window, measure),
        };
        let shown = found.map_or_else(|| NOTHING.to_owned(), |f| self.style.show(unit, f.value));
        let doubt = found.map(|f| self.style.doubt(unit, &f, lang)).unwrap_or_default();
        out.push_str(if by { "<td role=\"cell\" class=\"m by\">" } else { "<td role=\"cell\" class=\"m\">" });
        out.push_str(&escape(&shown));
        if !doubt.is_empty() {
            out.push_str(&format!("<small class=\"pm\">{}</small>", escape(&doubt)));
        }
        if by {
            let then = row.compare.as_ref().and_then(|c| c.value(measure));
            let now = row.window.value(measure);
            let way = Way::of(format::relative_change(now, then));
            if let Some(change) = format::relative(now, then) {
                out.push_str(&format!("<small class=\"{}\">{}{}</small>", way.class(), way.arrow(), escape(&change)));
            }
        }
        out.push_str("</td>");
    }

    /// Whether a measure is shown as it ranks, drawn towards the mean.
    fn shrinks(&self, measure: Measure) -> bool {
        self.page.state.params.stores.shrunken && matches!(measure, Measure::Conversion | Measure::RepurchaseRate)
    }
}

/// Class and text of the way a rank moved.
fn climbed(row: &StoreRow) -> (&'static str, String) {
    match row.compare_rank.map(|then| i64::from(then) - i64::from(row.rank)) {
        None => ("quiet", NOTHING.to_owned()),
        Some(0) => ("quiet", "=".to_owned()),
        Some(n) => {
            let way = Way::of_amount(n);
            (way.class(), format!("{}{}", way.arrow(), n.abs()))
        }
    }
}

/// A measure with its interval; none where it was not asked.
pub(super) fn figure(measures: &Measures, measure: Measure) -> Option<Ratio> {
    match measure {
        Measure::Sales => measures.sales.as_ref().map(as_float),
        Measure::Buyers => measures.buyers.as_ref().map(as_float),
        Measure::NewBuyers => measures.new_buyers.as_ref().map(as_float),
        Measure::Conversion => measures.conversion,
        Measure::Aov => measures.aov,
        Measure::Frequency => measures.frequency,
        Measure::RepurchaseRate => measures.repurchase_rate,
        _ => measures.value(measure).map(|value| Ratio::exact(Some(value))),
    }
}
