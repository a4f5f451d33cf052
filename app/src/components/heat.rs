//! Region × factor: what each factor did in each region, with the mix row, so that every column adds up to its card
//! and every row to its region's change of sales.

use leptos::prelude::*;
use model::{Contributions, Factors, GrowthAnswer};

use super::compare::Way;
use crate::boot::Page;
use crate::export::{self, Doubt, Entry, Number, Sheet};
use crate::format::{Scale, Style};
use crate::i18n::t;
use crate::sentence::{Part, parts};

/// One row of the table: five parts and their sum.
struct Row {
    region: Option<String>,
    cells: [i64; 5],
    total: i64,
}

/// The panel; none where nothing is compared.
pub(crate) fn heat(page: &Page, answer: &GrowthAnswer) -> Option<AnyView> {
    let (then, contributions) = (answer.compare.as_ref()?, answer.contributions.as_ref()?);
    let lang = page.state.lang;
    let style = page.style();
    let total = row(None, &answer.window, then, contributions);
    let mut rows: Vec<Row> = answer
        .groups
        .iter()
        .filter_map(|g| Some(row(Some(g.id.clone()), &g.window, g.compare.as_ref()?, g.contributions.as_ref()?)))
        .collect();
    let fell = total.total < 0;
    rows.sort_by_key(|r| if fell { r.total } else { r.total.saturating_neg() });
    let mut mix = Row { region: None, cells: total.cells, total: total.total };
    for row in &rows {
        for (rest, cell) in mix.cells.iter_mut().zip(row.cells) {
            *rest = rest.saturating_sub(cell);
        }
        mix.total = mix.total.saturating_sub(row.total);
    }
    let largest = rows.iter().flat_map(|r| r.cells).map(i64::saturating_abs).max().unwrap_or(0);
    let scale = style.scale(
        rows.iter().map(|r| r.total.saturating_abs()).chain([largest, total.total.saturating_abs()]).max().unwrap_or(0),
    );

    export::record(|| sheet(page, &rows, &mix, &total));
    let menu = export::panel_menu("heat", t!(lang, figures.heat), false);
    let body = rows.iter().map(|r| region_row(page, r, largest, &style, &scale)).collect_view();
    let columns = [Part::Users, Part::Conversion, Part::Frequency, Part::Aov, Part::Anonymous];
    let head = columns.into_iter().map(|p| view! { <th scope="col">{p.name(lang)}</th> }).collect_view();
    Some(
        view! {
            <section class="panel heat" aria-labelledby="heat-title">
                <div class="caption">
                    <h2 id="heat-title">{t!(lang, figures.heat)}</h2>
                    <span class="key">{t!(lang, figures.unit_is, unit = &scale.unit)}</span>
                    {menu}
                </div>
                <div class="scroll" tabindex="0" role="group" aria-label=t!(lang, figures.heat)>
                    <table>
                        <thead><tr><th scope="col"><span class="sr">{t!(lang, words.region)}</span></th>{head}<th scope="col">{t!(lang, words.total)}</th></tr></thead>
                        <tbody>{body}</tbody>
                        <tfoot>
                            {plain_row("mix", t!(lang, words.mix), t!(lang, words.mix_is), &mix, &style, &scale)}
                            {plain_row("total", t!(lang, words.total), "", &total, &style, &scale)}
                        </tfoot>
                    </table>
                </div>
                <p class="note">{t!(lang, figures.heat_note)}</p>
            </section>
        }
        .into_any(),
    )
}

/// The table for files, to the last minor unit.
fn sheet(page: &Page, rows: &[Row], mix: &Row, total: &Row) -> Sheet {
    let (lang, style) = (page.state.lang, page.style());
    let parts = [Part::Users, Part::Conversion, Part::Frequency, Part::Aov, Part::Anonymous];
    let names = parts.map(|part| part.name(lang));
    let head = [t!(lang, words.region)].into_iter().chain(names).chain([t!(lang, words.total)]);
    let money = |minor: &i64| Entry::Number(Number::money(*minor, &style), Doubt::None);
    let line = |name: &str, row: &Row| {
        let name = std::iter::once(Entry::Words(name.to_owned()));
        name.chain(row.cells.iter().chain([&row.total]).map(money)).collect::<Vec<_>>()
    };
    let region = |row: &Row| {
        let id = row.region.as_deref().unwrap_or_default();
        line(if id.is_empty() { t!(lang, figures.no_region) } else { id }, row)
    };
    let foot = [line(t!(lang, words.mix), mix), line(t!(lang, words.total), total)];
    Sheet {
        id: "",
        title: String::new(),
        head: head.map(str::to_owned).collect(),
        rows: rows.iter().map(region).chain(foot).collect(),
    }
}

fn row(region: Option<String>, now: &Factors, then: &Factors, contributions: &Contributions) -> Row {
    let cells = parts(now, then, contributions).map(|(_, money)| money.value);
    Row { region, cells, total: now.sales.value.saturating_sub(then.sales.value) }
}

fn region_row(page: &Page, row: &Row, largest: i64, style: &Style, scale: &Scale) -> AnyView {
    let lang = page.state.lang;
    let id = row.region.clone().unwrap_or_default();
    let name = if id.is_empty() { t!(lang, figures.no_region).to_owned() } else { id.clone() };
    let only = page.state.params.filter.regions == [id.clone()];
    let href = page
        .state
        .params
        .with(|p| p.filter.regions = if only { Vec::new() } else { vec![id.clone()] })
        .href(&page.state.page);
    let cells = row
        .cells
        .iter()
        .map(|cell| {
            let shown = style.scaled(*cell, scale);
            let label = style.full_money(*cell);
            view! { <td class=level(*cell, largest) title=label><a href=href.clone() data-nav="" tabindex="-1">{shown}</a></td> }
        })
        .collect_view();
    let way = Way::of_amount(row.total);
    view! {
        <tr>
            <th scope="row"><a href=href.clone() data-nav="" aria-current=only.then_some("true")>{name}</a></th>
            {cells}
            <td class=["sum ", way.class()].concat() title=style.full_money(row.total)>{style.scaled(row.total, scale)}</td>
        </tr>
    }
    .into_any()
}

fn plain_row(
    class: &'static str,
    name: &'static str,
    hint: &'static str,
    row: &Row,
    style: &Style,
    scale: &Scale,
) -> AnyView {
    let cells = row
        .cells
        .iter()
        .map(|cell| view! { <td title=style.full_money(*cell)>{style.scaled(*cell, scale)}</td> })
        .collect_view();
    view! {
        <tr class=class>
            <th scope="row" title=hint>{name}</th>
            {cells}
            <td class="sum" title=style.full_money(row.total)>{style.scaled(row.total, scale)}</td>
        </tr>
    }
    .into_any()
}

/// The class of a cell: `u` or `d` for its sign, 0 to 9 for its size against the largest.
fn level(cell: i64, largest: i64) -> String {
    let share = if largest > 0 { cell.saturating_abs() as f64 / largest as f64 } else { 0.0 };
    let step = (share * 9.0).round() as i64;
    let sign = if cell < 0 { 'd' } else { 'u' };
    format!("{sign}{step}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_cell_is_the_strongest_whatever_its_sign() {
        assert_eq!(level(-500, 500), "d9");
        assert_eq!(level(10, 500), "u0");
        assert_eq!(level(0, 0), "u0");
    }
}
