//! CSV that spreadsheets open as it is meant: UTF-8 with a byte order mark, lines of RFC 4180, words in quotes,
//! numbers without, and no words that a spreadsheet would run as a formula.

use super::sheet::{Sheet, Spread};

/// The terms, then every table under its title, an empty line between them.
pub(crate) fn csv(terms: &[(String, String)], sheets: &[Sheet], currency: &str) -> String {
    let mut out = String::from("\u{feff}");
    for (name, value) in terms {
        line(&mut out, [words(name), words(value)].into_iter());
    }
    for sheet in sheets {
        out.push_str("\r\n");
        line(&mut out, [words(&sheet.title)].into_iter());
        let (head, rows) = sheet.spread(currency);
        line(&mut out, head.iter().map(|name| words(name)));
        for row in rows {
            line(&mut out, row.into_iter().map(cell));
        }
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&cell);
    }
    out.push_str("\r\n");
}

fn cell(cell: Spread) -> String {
    match cell {
        Spread::Nothing => String::new(),
        Spread::Words(text) => words(&text),
        Spread::Number(number) => number.text(),
    }
}

fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    if looks_like_a_formula(text) {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
    out
}

/// Whether a spreadsheet may take a text for a formula: it begins with `=`, `+`, `-` or `@`, also full-width, or with
/// a tab or an end of line (OWASP, "CSV Injection"); what is not seen before it does not count.
pub(super) fn looks_like_a_formula(text: &str) -> bool {
    let unseen = |c: char| {
        c == ' '
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{3000}' | '\u{a0}')
    };
    match text.trim_start_matches(unseen).chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => true,
        Some(c) => c.is_control(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Doubt, Entry, Number};

    /// What attackers put into names, after OWASP's page and reports on spreadsheets.
    const FORMULAS: [&str; 16] = [
        "=1+1",
        "=HYPERLINK(\"http://evil\",\"click\")",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+9)*cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        " =1+1",
        "\u{200b}=1+1",
        "\u{202e}=1+1",
        "\u{0}=1+1",
    ];

    fn sheet(cells: &[&str]) -> Sheet {
        let row = |text: &&str| vec![Entry::Words("a".to_owned()), Entry::Words((*text).to_owned())];
        Sheet {
            id: "",
            title: "题".to_owned(),
            head: vec!["=head".to_owned(), "b".to_owned()],
            rows: cells.iter().map(row).collect(),
        }
    }

    /// The file as a program reads it.
    fn read(text: &str) -> Vec<Vec<String>> {
        let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(body.as_bytes());
        reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn no_cell_begins_as_a_formula() {
        let text = csv(&[("+x".to_owned(), "@y".to_owned())], &[sheet(&FORMULAS)], "CNY");
        let records = read(&text);
        for (formula, record) in FORMULAS.iter().zip(&records[3..]) {
            assert_eq!(record[1], format!("'{formula}"));
        }
        let first = |cell: &String| cell.chars().next();
        let bare =
            records.iter().flatten().filter(|cell| first(cell).is_some_and(|c| "=+-@＝＋－＠\t\r\n".contains(c)));
        assert_eq!(bare.count(), 0);
        assert_eq!(records[0], ["'+x", "'@y"]);
        assert_eq!(records[2][0], "'=head");
    }

    #[test]
    fn words_survive_quotes_commas_lines_and_names_of_forty_characters() {
        let names = ["a\"b", "a,b", "a\r\nb", "a;b\tc", &"泉".repeat(40), "<b>x</b>", "O'Neil", "نص", "2025-01-01"];
        let records = read(&csv(&[], &[sheet(&names)], "CNY"));
        let read: Vec<&str> = records[2..].iter().map(|record| record[1].as_str()).collect();
        assert_eq!(read, names);
    }

    #[test]
    fn numbers_stay_numbers_and_doubts_have_a_column() {
        let money = |units| Number::Whole { units, digits: 2, money: true };
        let rows = vec![
            vec![
                Entry::Words("a".to_owned()),
                Entry::Number(money(-123_456), Doubt::Half(money(150))),
                Entry::Number(Number::count(7), Doubt::None),
            ],
            vec![Entry::Words("b".to_owned()), Entry::Nothing],
        ];
        let head = ["name", "sales", "orders"].map(str::to_owned).to_vec();
        let text = csv(&[], &[Sheet { id: "x", title: "t".to_owned(), head, rows }], "CNY");
        assert_eq!(
            text,
            "\u{feff}\r\n\"t\"\r\n\"name\",\"sales (CNY)\",\"sales ±\",\"orders\"\r\n\"a\",-1234.56,1.50,7\r\n\"b\",,,\r\n"
        );
    }
}
