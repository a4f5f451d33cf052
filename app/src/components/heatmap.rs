//! A grid of cells from one hue: the larger, the stronger; what is not settled yet is hatched.
//!
//! The arrow keys step from cell to cell; Tab enters at the first. Every cell says itself in words, so the grid is its
//! own table twin.

use leptos::prelude::*;

use super::compare::beside;
use super::table::Cell;
use crate::export::{self, Entry, Sheet};
use crate::i18n::Lang;

/// One cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    /// What is written, how sure, where it leads; its title says the cell in full.
    pub(crate) cell: Cell,
    /// From 0 to 9; see [`level`].
    pub(crate) level: u8,
    /// Not complete yet.
    pub(crate) hatched: bool,
}

/// One row: its header, cells beside the header that are no part of the grid, the grid's cells; `None` leaves a hole.
pub(crate) struct Line {
    pub(crate) head: Cell,
    pub(crate) aside: Vec<Cell>,
    pub(crate) spots: Vec<Option<Spot>>,
}

/// The grid.
pub(crate) struct Heatmap {
    /// Said to readers who do not see it.
    pub(crate) caption: String,
    /// Over the row headers, the cells beside them, and the grid.
    pub(crate) columns: Vec<String>,
    pub(crate) lines: Vec<Line>,
    /// Sums and means under the grid, as wide as the grid with the cells beside the headers.
    pub(crate) foot: Vec<Vec<Cell>>,
}

/// How strong a value is against the largest: 0 to 9.
pub(crate) fn level(value: Option<f64>, largest: f64) -> u8 {
    let share = value.filter(|_| largest > 0.0).map_or(0.0, |value| value / largest);
    (share.clamp(0.0, 1.0) * 9.0).round() as u8
}

/// The grid in a box that scrolls by itself.
pub(crate) fn heatmap(map: Heatmap, lang: Lang) -> AnyView {
    export::record(|| sheet(&map));
    let Heatmap { caption, columns, lines, foot } = map;
    let head = columns.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    let mut reached = false;
    let body = lines
        .into_iter()
        .map(|line| {
            let aside = line.aside.into_iter().map(|cell| plain(cell, lang)).collect_view();
            let spots = line.spots.into_iter().map(|spot| draw(spot, &mut reached, lang)).collect_view();
            view! { <tr>{header(line.head)}{aside}{spots}</tr> }
        })
        .collect_view();
    let foot = foot
        .into_iter()
        .map(|cells| {
            let mut cells = cells.into_iter();
            let first = header(cells.next().unwrap_or_default());
            view! { <tr>{first}{cells.map(|cell| plain(cell, lang)).collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <div class="scroll pinned" tabindex="0" role="group" aria-label=caption.clone()>
            <table class="heatmap">
                <caption class="sr">{caption.clone()}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
                <tfoot>{foot}</tfoot>
            </table>
        </div>
    }
    .into_any()
}

/// The grid for files.
fn sheet(map: &Heatmap) -> Sheet {
    let named = |head: &Cell| Entry::Words(head.shown.clone());
    let lines = map.lines.iter().map(|line| {
        let spots = line.spots.iter().map(|spot| spot.as_ref().map_or(Entry::Nothing, |spot| spot.cell.entry()));
        std::iter::once(named(&line.head)).chain(line.aside.iter().map(Cell::entry)).chain(spots).collect()
    });
    let feet = map.foot.iter().map(|cells| {
        cells.iter().enumerate().map(|(at, cell)| if at == 0 { named(cell) } else { cell.entry() }).collect()
    });
    Sheet { id: "", title: map.caption.clone(), head: map.columns.clone(), rows: lines.chain(feet).collect() }
}

fn header(cell: Cell) -> AnyView {
    let name = match cell.href {
        Some(href) => view! { <a class="go" href=href data-nav="">{cell.shown}</a> }.into_any(),
        None => cell.shown.into_any(),
    };
    view! { <th scope="row">{name}</th> }.into_any()
}

fn plain(cell: Cell, lang: Lang) -> AnyView {
    let title = (!cell.title.is_empty()).then(|| cell.title.clone());
    view! { <td class=cell.class title=title>{cell.shown}{beside(cell.doubt, lang)}</td> }.into_any()
}

fn draw(spot: Option<Spot>, reached: &mut bool, lang: Lang) -> AnyView {
    let Some(Spot { cell, level, hatched }) = spot else {
        return view! { <td class="hole"></td> }.into_any();
    };
    let class = format!("heat-{}{}", level.min(9), if hatched { " hatched" } else { "" });
    // One stop for Tab; the arrow keys do the rest.
    let stop = if std::mem::replace(reached, true) { "-1" } else { "0" };
    let title = (!cell.title.is_empty()).then(|| cell.title.clone());
    let inside = view! { {cell.shown}{beside(cell.doubt, lang)} };
    match cell.href {
        Some(href) => view! {
            <td class=class><a class="spot" href=href data-nav="" tabindex=stop title=title.clone() aria-label=title.clone()>{inside}</a></td>
        }
        .into_any(),
        None => view! { <td class=class><span class="spot" tabindex=stop title=title.clone()>{inside}</span></td> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_grows_with_the_value_and_holds_at_the_ends() {
        assert_eq!(level(Some(5.0), 5.0), 9);
        assert_eq!(level(Some(50.0), 5.0), 9);
        assert_eq!(level(Some(-5.0), 5.0), 0);
        assert_eq!(level(None, 5.0), 0);
        assert_eq!(level(Some(1.0), 0.0), 0);
        assert_eq!(level(Some(f64::NAN), 1.0), 0);
    }
}
