//! What is on screen as a file.
//!
//! There is one description of a page's tables: the page itself. Whatever draws a table says so here
//! ([`record`]), in numbers and not in the words that the screen has for them. Drawing a page for the screen, that
//! tells a panel whether it has anything to export ([`panel_menu`]); drawing it for a file ([`sheets`]) collects
//! the tables. So a file cannot differ from the screen, and a new table is in it without a thought.

mod csv;
#[cfg(feature = "ssr")]
mod file;
mod menu;
mod number;
mod sheet;
mod terms;
#[cfg(feature = "ssr")]
mod xlsx;

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

use crate::boot::Page;
use crate::pages;

#[cfg(feature = "ssr")]
pub use file::{ExportFile, ExportFormat, export, export_address};

pub(crate) use csv::csv;
pub(crate) use menu::{page_menu, print_terms};
pub(crate) use number::{Doubt, Entry, Number};
pub(crate) use sheet::Sheet;
pub(crate) use terms::terms;

/// What the drawing under way is for; components reach it by Leptos' context.
#[derive(Clone)]
struct Drawing(Arc<Mutex<Purpose>>);

enum Purpose {
    /// For the screen.
    Screen {
        /// The links of the menus, without the panel they are of.
        links: menu::Links,
        /// Whether a table was drawn that no panel has claimed yet.
        drawn: bool,
    },
    /// For a file: the tables so far. Those of no panel yet have an empty `id`.
    File(Vec<Sheet>),
}

/// From here on components draw for the screen, with menus that lead to this page's files.
pub(crate) fn for_screen(page: &Page) {
    let purpose = Purpose::Screen { links: menu::Links::of(page), drawn: false };
    provide_context(Drawing(Arc::new(Mutex::new(purpose))));
}

/// A table is being drawn. `sheet` is called only where the drawing is for a file.
pub(crate) fn record(sheet: impl FnOnce() -> Sheet) {
    let Some(Drawing(purpose)) = use_context::<Drawing>() else {
        return;
    };
    match &mut *purpose.lock().unwrap_or_else(PoisonError::into_inner) {
        Purpose::Screen { drawn, .. } => *drawn = true,
        Purpose::File(sheets) => sheets.push(sheet()),
    }
}

/// The tables drawn since the last panel are the panel `id`'s: its menu, where it has any.
/// `pictured` says that it has a drawing, too.
pub(crate) fn panel_menu(id: &'static str, title: &str, pictured: bool) -> Option<AnyView> {
    let Drawing(purpose) = use_context::<Drawing>()?;
    match &mut *purpose.lock().unwrap_or_else(PoisonError::into_inner) {
        Purpose::Screen { links, drawn } => {
            let any = std::mem::take(drawn);
            (any || pictured).then(|| menu::of_panel(links, id, title, any, pictured))
        }
        Purpose::File(sheets) => {
            for sheet in sheets.iter_mut().filter(|sheet| sheet.id.is_empty()) {
                sheet.id = id;
                if sheet.title.is_empty() {
                    title.clone_into(&mut sheet.title);
                }
            }
            None
        }
    }
}

/// The tables of a page, in its order; `only` those of one panel, unless it is empty.
pub(crate) fn sheets(page: &Arc<Page>, only: &str) -> Vec<Sheet> {
    let owner = Owner::new();
    let collected = owner.with(|| {
        let drawing = Drawing(Arc::new(Mutex::new(Purpose::File(Vec::new()))));
        provide_context(drawing.clone());
        // Making the view is enough: nothing is put into a document.
        drop((pages::of(&page.shown.page).body)(page));
        let Purpose::File(sheets) = &mut *drawing.0.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Vec::new();
        };
        std::mem::take(sheets)
    });
    collected.into_iter().filter(|sheet| only.is_empty() || sheet.id == only).collect()
}

/// The name of a page's file, without its ending: `growth-2025-01-01-2025-03-31`; the panel is added to its part.
pub(crate) fn file_stem(page: &Page, only: &str) -> String {
    let path = page.shown.page.path();
    let name = match path.trim_matches('/') {
        "" => "growth",
        path => path,
    };
    let window = page.shown.window;
    let mut out = String::from(name);
    if !only.is_empty() {
        out.push('-');
        out.push_str(only);
    }
    out.push_str(&format!("-{}-{}", window.from(), window.to()));
    // Nothing that a file system or a header could take amiss.
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    out.chars().map(safe).take(120).collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
