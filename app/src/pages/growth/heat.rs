//! Dimension × factor: what each factor did in each group, with the mix row and, where only those that moved most fit,
//! the rest as one row, so that every column adds up to its card and every row to its group's change of sales.

use leptos::prelude::*;
use model::{By, Factors, Figure, GrowthAnswer, GrowthGroup, Money};

use super::options::Formula;
use super::{formulas, split};
use crate::boot::Page;
use crate::components::compare::{Way, beside, with_doubt};
use crate::components::growth_table::{facet, growth_table};
use crate::components::names;
use crate::components::section::section;
use crate::export::{self, Entry};
use crate::format::{Scale, Style};
use crate::i18n::{Lang, t};
use crate::sentence::difference;

/// One row of the table: the parts and their sum.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    cells: Vec<Money>,
    total: Money,
}

/// The table's numbers: groups by id, what is left over, and the sum.
#[derive(Debug, PartialEq)]
struct Sheet {
    groups: Vec<(String, Row)>,
    /// Of the groups that are not shown.
    rest: Option<Row>,
    /// What no group explains; in the rest where the engine does not say it apart.
    mix: Option<Row>,
    total: Row,
}

/// The panel; sales of the groups where nothing is compared.
pub(super) fn heat(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let lang = page.state.lang;
    let by = split::chosen(&page.shown, &page.catalog);
    let formula = page.shown.params.home.formula;
    let topped = split::top(by, &page.shown.params.filter, &page.catalog).is_some();
    let dimension = names::facet(facet(by), lang);
    let Some(sheet) = sheet(answer, formula, topped) else {
        let title = t!(lang, shared.growth_by, dimension);
        let body = view! { {split::crumbs(page)}{growth_table(page, answer, by)} };
        return section("heat", title, split::picker(page), body.into_any(), String::new());
    };
    let title = t!(lang, growth.heat, dimension);
    let style = page.style();
    let all = || sheet.groups.iter().map(|(_, row)| row).chain([&sheet.total]);
    let largest =
        sheet.groups.iter().flat_map(|(_, row)| &row.cells).map(|m| m.value.saturating_abs()).max().unwrap_or(0);
    let scale = style.scale(all().map(|row| row.total.value.saturating_abs()).chain([largest]).max().unwrap_or(0));
    export::record(|| file(page, &sheet, by, formula));
    let menu = export::panel_menu("heat", &title, false);
    let pen = Pen { page, by, formula, style: &style, scale: &scale, largest, lang };

    let head =
        formulas::columns(formula).iter().map(|part| view! { <th scope="col">{part.name(lang)}</th> }).collect_view();
    let body = sheet.groups.iter().enumerate().map(|(at, (id, row))| pen.group(at, id, row)).collect_view();
    let rest = sheet.rest.as_ref().map(|row| {
        let name = if sheet.mix.is_some() { t!(lang, growth.rest) } else { t!(lang, growth.rest_and_mix) };
        pen.plain("mix rest", name, t!(lang, growth.rest_is), row)
    });
    let mix = sheet.mix.as_ref().map(|row| pen.plain("mix", t!(lang, words.mix), t!(lang, words.mix_is), row));
    let total = pen.plain("total", t!(lang, words.total), "", &sheet.total);
    let (class, note) = match split::has_levels(by) {
        true => ("panel heat deep", t!(lang, growth.heat_note_deep, dimension = dimension.to_lowercase())),
        false => ("panel heat", t!(lang, growth.heat_note, dimension = dimension.to_lowercase())),
    };
    let scroll = if sheet.groups.len() > 14 { "scroll tall" } else { "scroll" };
    view! {
        <section class=class id="heat" aria-labelledby="heat-title">
            <div class="caption">
                <h2 id="heat-title">{title.clone()}</h2>
                <span class="key"><span>{t!(lang, figures.unit_is, unit = &scale.unit)}</span>{split::picker(page)}</span>
                {menu}
            </div>
            {split::crumbs(page)}
            <div class=scroll tabindex="0" role="group" aria-label=title.clone()>
                <table>
                    <thead><tr>
                        <th scope="col"><span class="sr">{dimension}</span></th>
                        {head}
                        <th scope="col" class="sum">{t!(lang, words.total)}</th>
                        {pen.below(None)}
                    </tr></thead>
                    <tbody>{body}</tbody>
                    <tfoot>{rest}{mix}{total}</tfoot>
                </table>
            </div>
            <p class="note">{note}</p>
        </section>
    }
    .into_any()
}

/// The table for files, to the last minor unit.
fn file(page: &Page, sheet: &Sheet, by: By, formula: Formula) -> export::Sheet {
    let (lang, style) = (page.state.lang, page.style());
    let line = |name: String, row: &Row| {
        let money = row.cells.iter().chain([&row.total]).map(|money| Entry::money(&style, money));
        std::iter::once(Entry::Words(name)).chain(money).collect::<Vec<_>>()
    };
    let named = |id: &str| match id {
        "" => t!(lang, shared.unknown).to_owned(),
        id => names::value(page, facet(by), id),
    };
    let groups = sheet.groups.iter().map(|(id, row)| line(named(id), row));
    let rest = sheet.rest.iter().map(|row| line(t!(lang, growth.rest).to_owned(), row));
    let mix = sheet.mix.iter().map(|row| line(t!(lang, words.mix).to_owned(), row));
    let total = line(t!(lang, words.total).to_owned(), &sheet.total);
    let parts = formulas::columns(formula).iter().map(|part| part.name(lang));
    let head = std::iter::once(names::facet(facet(by), lang)).chain(parts).chain([t!(lang, words.total)]);
    export::Sheet {
        id: "",
        title: String::new(),
        head: head.map(str::to_owned).collect(),
        rows: groups.chain(rest).chain(mix).chain([total]).collect(),
    }
}

/// The numbers; none where nothing is compared.
fn sheet(answer: &GrowthAnswer, formula: Formula, topped: bool) -> Option<Sheet> {
    let (then, contributions) = (answer.compare.as_ref()?, answer.contributions.as_ref()?);
    let total = row(formula, &answer.window, then, contributions);
    let of_group =
        |g: &GrowthGroup| Some((g.id.clone(), row(formula, &g.window, g.compare.as_ref()?, g.contributions.as_ref()?)));
    let mut groups: Vec<(String, Row)> = answer.groups.iter().filter_map(of_group).collect();
    let fell = total.total.value < 0;
    groups.sort_by_key(|(_, r)| if fell { r.total.value } else { r.total.value.saturating_neg() });

    let mut left = total.clone();
    groups.iter().for_each(|(_, row)| left.take(row));
    let told = answer.mix.as_ref().filter(|_| formula == Formula::Users);
    let mix = told.map(|mix| {
        let cells = vec![mix.users, mix.conversion, mix.frequency, mix.aov, Money::default()];
        let sum = cells.iter().fold(0, |sum: i64, money| sum.saturating_add(money.value));
        Row { cells, total: Figure::exact(sum) }
    });
    let (rest, mix) = match (topped, mix) {
        (true, Some(mix)) => {
            left.take(&mix);
            (Some(left), Some(mix))
        }
        (true, None) => (Some(left), None),
        // What is left over closes the columns; how sure it is, the engine says.
        (false, mix) => {
            let doubts = mix.map(|mix| mix.cells).unwrap_or_default();
            for (cell, doubt) in left.cells.iter_mut().zip(doubts) {
                if cell.value == doubt.value {
                    *cell = doubt;
                }
            }
            (None, Some(left))
        }
    };
    Some(Sheet { groups, rest, mix, total })
}

fn row(formula: Formula, now: &Factors, then: &Factors, contributions: &model::Contributions) -> Row {
    let cells = formulas::effects(formula, now, then, contributions).into_iter().map(|(_, money)| money).collect();
    Row { cells, total: difference(&now.sales, &then.sales) }
}

impl Row {
    /// Takes another row off; what is left is a remainder without an interval of its own.
    fn take(&mut self, other: &Self) {
        for (left, cell) in self.cells.iter_mut().zip(&other.cells) {
            *left = Figure::exact(left.value.saturating_sub(cell.value));
        }
        self.total = Figure::exact(self.total.value.saturating_sub(other.total.value));
    }
}

/// What all rows are drawn with.
struct Pen<'a> {
    page: &'a Page,
    by: By,
    formula: Formula,
    style: &'a Style,
    scale: &'a Scale,
    largest: i64,
    lang: Lang,
}

impl Pen<'_> {
    fn group(&self, at: usize, id: &str, row: &Row) -> AnyView {
        let Self { page, by, lang, .. } = *self;
        let known = !id.is_empty();
        let name = if known { names::value(page, facet(by), id) } else { t!(lang, shared.unknown).to_owned() };
        let (href, only) = split::filter_by(page, by, id);
        let cells = row
            .cells
            .iter()
            .zip(formulas::columns(self.formula))
            .enumerate()
            .map(|(column, (cell, part))| {
                let (shown, doubt, full) = self.words(cell);
                let inside = view! { {shown}{beside(doubt, lang)} };
                let label = name.clone() + " · " + &t!(lang, periods.line_of, name = part.name(lang), value = &full);
                // One stop for Tab; the arrow keys do the rest.
                let stop = if at == 0 && column == 0 { "0" } else { "-1" };
                let spot = if known {
                    view! { <a class="spot" href=href.clone() data-nav="" tabindex=stop aria-label=label>{inside}</a> }
                        .into_any()
                } else {
                    view! { <span class="spot" tabindex=stop role="img" aria-label=label>{inside}</span> }.into_any()
                };
                view! { <td class=level(cell.value, self.largest) title=full>{spot}</td> }
            })
            .collect_view();
        let head = if known {
            view! { <a href=href.clone() data-nav="" aria-current=only.then_some("true")>{name.clone()}</a> }.into_any()
        } else {
            name.clone().into_any()
        };
        let down = split::down(page, by, id).filter(|_| known).map(|(href, label)| {
            view! { <a href=href data-nav="" title=label.clone() aria-label=label.clone()>"›"</a> }.into_any()
        });
        view! { <tr><th scope="row" title=name.clone()>{head}</th>{cells}{self.sum(&row.total)}{self.below(down)}</tr> }
            .into_any()
    }

    fn plain(&self, class: &'static str, name: &'static str, hint: &'static str, row: &Row) -> AnyView {
        let cells = row
            .cells
            .iter()
            .map(|cell| {
                let (shown, doubt, full) = self.words(cell);
                view! { <td title=full>{shown}{beside(doubt, self.lang)}</td> }
            })
            .collect_view();
        let hint = (!hint.is_empty()).then_some(hint);
        view! { <tr class=class><th scope="row" title=hint>{name}</th>{cells}{self.sum(&row.total)}{self.below(None)}</tr> }
            .into_any()
    }

    /// The cell of the way down, in dimensions that have one.
    fn below(&self, down: Option<AnyView>) -> Option<AnyView> {
        split::has_levels(self.by).then(|| view! { <td class="drill">{down}</td> }.into_any())
    }

    fn sum(&self, total: &Money) -> AnyView {
        let (shown, doubt, full) = self.words(total);
        let way = Way::of_amount(total.value);
        let class = ["sum ", way.class()].concat();
        view! { <td class=class title=full><i aria-hidden="true">{way.arrow()}</i>{shown}{beside(doubt, self.lang)}</td> }
            .into_any()
    }

    /// A sum in the table's unit, how sure it is, and both in full.
    fn words(&self, money: &Money) -> (String, String, String) {
        let doubt = self.style.doubt_scaled(money, self.scale, self.lang);
        let full = with_doubt(
            self.style.full_money(money.value),
            &self.style.doubt_of(crate::format::Unit::Money, money, self.lang),
        );
        (self.style.scaled(money.value, self.scale), doubt, full)
    }
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
    use crate::pages::growth::sentence::made_up::{Dice, answer};

    #[test]
    fn the_largest_cell_is_the_strongest_whatever_its_sign() {
        assert_eq!(level(-500, 500), "d9");
        assert_eq!(level(10, 500), "u0");
        assert_eq!(level(0, 0), "u0");
    }

    #[test]
    fn every_column_and_every_row_closes_whichever_groups_are_shown() {
        let mut dice = Dice(3);
        for round in 0..400 {
            let answer = answer(&mut dice, 6);
            for formula in [Formula::Users, Formula::Traffic] {
                for topped in [false, true] {
                    let mut part = answer.clone();
                    if topped {
                        part.groups.truncate(round % 4);
                    }
                    let sheet = sheet(&part, formula, topped).expect("compared");
                    assert_eq!(sheet.rest.is_some(), topped);
                    let rows: Vec<&Row> =
                        sheet.groups.iter().map(|(_, row)| row).chain(&sheet.rest).chain(&sheet.mix).collect();
                    for column in 0..formulas::columns(formula).len() {
                        let sum: i64 = rows.iter().map(|row| row.cells[column].value).sum();
                        assert_eq!(sum, sheet.total.cells[column].value, "{formula:?} {topped} {column}");
                    }
                    let sum: i64 = rows.iter().map(|row| row.total.value).sum();
                    assert_eq!(sum, sheet.total.total.value);
                    for row in rows.into_iter().chain([&sheet.total]) {
                        assert_eq!(row.cells.iter().map(|cell| cell.value).sum::<i64>(), row.total.value);
                    }
                }
            }
        }
    }
}
