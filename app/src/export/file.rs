//! Files that the server makes: an address, the page's own question, the page's own tables.

use std::sync::Arc;

use model::Answers;

use super::{csv, file_stem, sheets, terms, xlsx};
use crate::boot::{Boot, Page, Prepared};
use crate::query;

/// A form of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated, UTF-8 with a byte order mark.
    Csv,
    /// Office Open XML, a worksheet for each table.
    Xlsx,
}

/// A file to be saved.
#[derive(Clone, Debug)]
pub struct ExportFile {
    /// ASCII letters, digits, `-`, `_` and `.` only.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The page and the form that a path under `/export/` names: `/export/growth.csv` is `/` as CSV,
/// `/export/stores/S1.xlsx` is `/stores/S1`. None for other paths.
pub fn export_address(path: &str) -> Option<(String, ExportFormat)> {
    let rest = path.strip_prefix("/export/")?;
    let (name, format) = match rest.rsplit_once('.')? {
        (name, "csv") => (name, ExportFormat::Csv),
        (name, "xlsx") => (name, ExportFormat::Xlsx),
        _ => return None,
    };
    match name {
        "" => None,
        "growth" => Some(("/".to_owned(), format)),
        name => Some((format!("/{name}"), format)),
    }
}

/// The tables of a page, or those of one panel where the query says `only=PANEL`. An error where the file cannot be
/// written, which is a bug of ours.
pub fn export(
    prepared: Prepared,
    answers: Answers,
    beside: Vec<Result<Answers, String>>,
    format: ExportFormat,
) -> Result<ExportFile, String> {
    let boot: Boot = crate::boot::answered(prepared, Ok(answers), beside);
    let only = only(&boot.request.query);
    let page = Arc::new(Page::new(boot));
    let (sheets, terms) = (sheets(&page, &only), terms(&page));
    let currency = page.catalog.currency.as_str();
    let stem = file_stem(&page, &only);
    Ok(match format {
        ExportFormat::Csv => ExportFile {
            name: stem + ".csv",
            content_type: "text/csv; charset=utf-8",
            bytes: csv(&terms, &sheets, currency).into_bytes(),
        },
        ExportFormat::Xlsx => ExportFile {
            name: stem + ".xlsx",
            content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes: xlsx::xlsx(&terms, &sheets, &page.style()).map_err(|error| error.to_string())?,
        },
    })
}

/// The panel that a query asks for; empty for the whole page.
fn only(text: &str) -> String {
    let mut pairs = query::pairs(text).into_iter().rev();
    let panel = pairs.find(|(name, _)| name == "only").map(|(_, value)| value).unwrap_or_default();
    panel.chars().take(40).collect()
}
