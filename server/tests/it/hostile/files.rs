//! Hostile names in files: CSV that a spreadsheet opens, and workbooks.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use super::corpus::STARTS_A_FORMULA;
use super::pages::{addresses, harmless, names_places, rounds};
use super::retailer::Retailer;
use super::structure::bones;
use crate::client::get;

/// The cells of a CSV file, line by line.
fn cells(what: &str, body: &[u8]) -> Vec<Vec<String>> {
    assert!(body.starts_with("\u{feff}".as_bytes()), "{what}: it says that it is UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&body[3..]);
    reader.records().map(|line| line.expect("a line").iter().map(str::to_owned).collect()).collect()
}

/// Whether a spreadsheet takes a cell for a formula; a number may begin with its sign.
fn runs(cell: &str) -> bool {
    let unseen = |c: char| c == ' ' || matches!(c, '\u{200b}' | '\u{3000}' | '\u{feff}' | '\u{a0}' | '\u{202e}');
    cell.trim_start_matches(unseen).starts_with(|c| STARTS_A_FORMULA.contains(c)) && cell.parse::<f64>().is_err()
}

#[test]
fn no_name_becomes_a_formula_or_a_cell_of_its_own() {
    let plain = harmless();
    let shown = Retailer::new(&plain);
    let form = |cells: &[Vec<String>]| cells.iter().map(Vec::len).collect::<Vec<_>>();
    let expected: Vec<Vec<usize>> = addresses(&plain, "/export", &[".csv"])
        .iter()
        .map(|path| form(&cells(path, &get(shown.served.addr, path).body)))
        .collect();
    drop(shown);
    let mut seen = 0;
    for names in rounds() {
        let shown = Retailer::new(&names);
        for (path, expected) in addresses(&names, "/export", &[".csv"]).iter().zip(&expected) {
            let reply = get(shown.served.addr, path);
            assert_eq!((reply.status, reply.header("content-type")), (200, "text/csv; charset=utf-8"), "{path}");
            let cells = cells(path, &reply.body);
            assert!(names_places(path) || &form(&cells) == expected, "{path}: {cells:?}");
            let found = cells.iter().flatten().find(|cell| runs(cell));
            assert_eq!(found, None, "{path}");
            seen += cells.iter().flatten().count();
        }
    }
    assert!(seen > 25_000, "{seen} cells");
}

/// The files of a workbook that hold markup, by name.
fn book(body: &[u8]) -> Vec<(String, String)> {
    let mut book = zip::ZipArchive::new(Cursor::new(body)).expect("a workbook");
    let mut files = Vec::new();
    for index in 0..book.len() {
        let mut file = book.by_index(index).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        let name = file.name().expect("a name").into_owned();
        files.push((name, text));
    }
    files
}

#[test]
fn no_name_becomes_a_formula_or_markup_in_a_workbook() {
    let plain = harmless();
    let shown = Retailer::new(&plain);
    let paths = addresses(&plain, "/export", &[".xlsx"]);
    let known: HashSet<String> = paths
        .iter()
        .flat_map(|path| book(&get(shown.served.addr, path).body))
        .flat_map(|(_, text)| bones(&plainly(&text)))
        .collect();
    drop(shown);
    let mut seen = 0;
    for names in rounds() {
        let shown = Retailer::new(&names);
        // A third of them: every sheet of every page is written by the same few functions.
        for path in addresses(&names, "/export", &[".xlsx"]).into_iter().step_by(3) {
            let reply = get(shown.served.addr, &path);
            assert_eq!(reply.status, 200, "{path}");
            for (name, text) in book(&reply.body) {
                for element in ["<f>", "<f ", "<hyperlink", "<externalLink", "<oleObject"] {
                    assert!(!text.contains(element), "{path}: {name} has {element}");
                }
                let strange = bones(&plainly(&text)).into_iter().find(|bone| !known.contains(bone));
                assert_eq!(strange, None, "{path}: {name}");
                seen += 1;
            }
        }
    }
    assert!(seen > 700, "{seen} files");
}

/// A workbook's markup without the addresses of its own schemas, and without the mark of a text that spaces surround.
fn plainly(text: &str) -> String {
    text.replace("http://schemas.", "/schemas.").replace(" xml:space=\"preserve\"", "")
}
