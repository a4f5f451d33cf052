//! Looks at a source without building: what lies there, what it seems to be, how it is written, what a mapping file
//! would have to say, and what each page would lack. Nothing is written; a sample of each place is read unless all of
//! it is asked for.

mod guess;
mod pages;
mod propose;
mod sample;
mod show;
mod synonyms;

use std::path::PathBuf;

use serde::Serialize;

use crate::source::{Everything, everything};
use crate::{BuildError, Location};

/// What to look at.
#[derive(Clone, Debug)]
pub struct InspectOptions {
    /// The source.
    pub source: Location,
    /// A mapping file, whose word counts before what names suggest; one inside the source is found without.
    pub mapping: Option<PathBuf>,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Whether to read every row instead of a sample.
    pub full: bool,
}

/// What a source holds.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// Where it is, without a password.
    pub source: String,
    /// Whether every row was read.
    pub full: bool,
    /// Files, folders of files, and tables.
    pub places: Vec<PlaceSeen>,
    /// A mapping file in TOML with which a build would read it; empty where none is needed.
    pub mapping: String,
    /// What each page would lack.
    pub pages: Vec<PageSeen>,
    /// What was left aside.
    pub notes: Vec<String>,
}

/// A file, a folder of files of one kind, or a database table.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceSeen {
    /// Relative to the source.
    pub name: String,
    /// How many files.
    pub files: usize,
    /// `CSV`, `CSV, gzip`, `Parquet` or `table`.
    pub form: String,
    /// `UTF-8` or `GB18030`, where it is text.
    pub encoding: Option<String>,
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows among them whose number of fields is not the header's.
    pub ragged: u64,
    /// The table of the contract that it seems to be.
    pub table: Option<String>,
    /// Its columns, and what folders such as `dt=2024-03-05` say.
    pub columns: Vec<ColumnSeen>,
    /// Columns that the table must have and that nothing here seems to be.
    pub missing: Vec<String>,
    /// The first cells that a build would set aside.
    pub problems: Vec<ProblemSeen>,
    /// Why it could not be read.
    pub error: Option<String>,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnSeen {
    /// Its name there.
    pub header: String,
    /// The column of the contract that it seems to be.
    pub column: Option<String>,
    /// A few different values; of what may name a person only the beginning.
    pub examples: Vec<String>,
    /// Rows without a value.
    pub empty: u64,
    /// How its days are written, and how often, where it holds days.
    pub dates: Vec<(String, u64)>,
    /// Values in other words than the contract's, and the contract's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
}

/// A cell that a build would not take.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemSeen {
    /// The file.
    pub file: String,
    /// Its row, as a build counts them.
    pub row: u64,
    /// The column, as it is called there.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// The builder's code, such as `bad_amount`.
    pub reason: String,
    /// How many such cells were seen in the column.
    pub cells: u64,
}

/// A page of the product.
#[derive(Clone, Debug, Serialize)]
pub struct PageSeen {
    /// Its name.
    pub page: String,
    /// What it would lack.
    pub lacks: Vec<Lack>,
}

/// Something that a page lacks.
#[derive(Clone, Debug, Serialize)]
pub struct Lack {
    /// The column that would bring it, such as `orders.store_id`.
    pub column: String,
    /// What the page is without it.
    pub without: String,
}

/// Looks at a source. Waits for disks and networks, so it is best called from a thread of its own.
pub fn inspect(options: &InspectOptions) -> Result<Inspection, BuildError> {
    let currency = crate::parse::Currency::new(&options.currency);
    let digits = crate::options::currency_digits(&options.currency)?;
    let Everything { groups, mapping, notes } = everything(&options.source, options.mapping.as_deref())?;
    let mut places = Vec::new();
    for group in &groups {
        places.push(guess::place(group, &mapping, &currency, digits, options.full));
    }
    Ok(Inspection {
        source: options.source.to_string(),
        full: options.full,
        mapping: propose::mapping(&places),
        pages: pages::pages(&places),
        places,
        notes,
    })
}
