//! What was found, for a person at a terminal.

use std::fmt;

use super::{Inspection, PlaceSeen};

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}{}", self.source, if self.full { "" } else { " (a sample; --full reads every row)" })?;
        let (known, others): (Vec<_>, Vec<_>) =
            self.places.iter().partition(|place| place.table.is_some() || place.error.is_some());
        for place in known {
            show(place, f)?;
        }
        if !others.is_empty() {
            writeln!(f, "\nnot recognised as a table of the source contract:")?;
            for place in others {
                let columns: Vec<&str> = place.columns.iter().map(|column| column.header.as_str()).collect();
                writeln!(f, "  {}: {}", place.name, clean(&columns.join(", "), 100))?;
            }
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        writeln!(f, "\nwhat each page would lack")?;
        for page in &self.pages {
            if page.lacks.is_empty() {
                writeln!(f, "  {:<9} nothing", page.page)?;
            }
            for (index, lack) in page.lacks.iter().enumerate() {
                let name = if index == 0 { page.page.as_str() } else { "" };
                writeln!(f, "  {name:<9} {:<23} {}", lack.column, lack.without)?;
            }
        }
        if self.mapping.is_empty() {
            return write!(f, "\nno mapping file is needed");
        }
        write!(f, "\na mapping file to start from (--write FILE writes it):\n\n{}", self.mapping.trim_end())
    }
}

fn show(place: &PlaceSeen, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let files = if place.files > 1 { format!(", {} files", place.files) } else { String::new() };
    let encoding = place.encoding.as_ref().map_or_else(String::new, |encoding| format!(", {encoding}"));
    let table = place.table.as_ref().map_or_else(String::new, |table| format!(" → {table}"));
    writeln!(f, "\n{}{table} ({}{encoding}{files}, {} rows looked at)", place.name, place.form, place.rows)?;
    if let Some(error) = &place.error {
        return writeln!(f, "  {error}");
    }
    for column in &place.columns {
        let meant = column.column.as_deref().unwrap_or("-");
        let mut told = vec![column.examples.join(" | ")];
        told.extend(column.dates.iter().map(|(form, count)| format!("[{form} × {count}]")));
        if column.empty > 0 {
            told.push(format!("[empty × {}]", column.empty));
        }
        let header = clean(&column.header, 24);
        // A Chinese character is as wide as two Latin ones.
        let wide = header.chars().filter(|c| *c >= '\u{1100}').count();
        let padding = " ".repeat(24usize.saturating_sub(header.chars().count() + wide));
        writeln!(f, "  {header}{padding} {meant:<15} {}", clean(&told.join(" "), 100))?;
    }
    for column in &place.missing {
        writeln!(f, "  missing: the required column {column}")?;
    }
    if place.ragged > 0 {
        writeln!(f, "  problem: {} rows have more or fewer cells than the header (ragged_row)", place.ragged)?;
    }
    for problem in &place.problems {
        writeln!(
            f,
            "  problem: {}, row {}, column `{}`: `{}` ({}, {} such cells)",
            problem.file,
            problem.row,
            clean(&problem.column, 40),
            clean(&problem.value, 40),
            problem.reason,
            problem.cells
        )?;
    }
    Ok(())
}

/// Text from a file, fit for a terminal's line.
fn clean(text: &str, longest: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.chars().count() <= longest {
        return plain;
    }
    plain.chars().take(longest - 1).chain(['…']).collect()
}
