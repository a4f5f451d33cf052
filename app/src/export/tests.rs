//! Files hold what the screen shows: the same tables, the same numbers, to the last digit.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use model::{
    Answer, Answers, Contributions, Coverage, Day, Factors, Figure, GrowthAnswer, GrowthGroup, Ratio, SeriesAnswer,
    SeriesPoints,
};

use super::number::Entry;
use super::*;
use crate::boot::tests::catalog;
use crate::boot::{Boot, PageRequest};
use crate::format::{Style, Unit};

mod planned;

fn n(value: i64, half: i64) -> Figure<i64> {
    Figure { value, low: value - half, high: value + half, too_few: false }
}

fn factors(scale: i64, half: i64) -> Factors {
    Factors {
        users: n(100_123 * scale, half),
        buyers: n(10_723 * scale, half),
        orders: n(14_001 * scale, half),
        member_orders: n(13_919 * scale, half),
        sales: n(12_345_678_901 * scale, half),
        member_sales: n(12_000_000_001 * scale, half),
        conversion: Ratio::exact(Some(0.107_098)),
        frequency: Ratio::exact(Some(1.298_05)),
        aov: Ratio::exact(Some(86_213.09)),
        repeat_buyers: n(2_000 * scale, 0),
        repurchase_rate: Ratio::exact(Some(0.186_5)),
        new_buyers: n(3_001, 0),
        anonymous_orders: n(82, 0),
        anonymous_sales: n(345_678_900 * scale, 0),
    }
}

fn growth(ids: &[&str], half: i64) -> Answer {
    let contributions = Contributions {
        users: n(-1_234_567, half),
        conversion: n(7_654_321, half),
        frequency: n(1, 0),
        aov: n(-99, 0),
    };
    let group = |id: &&str| GrowthGroup {
        id: (*id).to_owned(),
        window: factors(2, half),
        compare: Some(factors(1, half)),
        contributions: Some(contributions),
        zero_case: None,
    };
    Answer::Growth(Box::new(GrowthAnswer {
        window: factors(2, half),
        compare: Some(factors(1, half)),
        contributions: Some(contributions),
        zero_case: None,
        groups: ids.iter().map(group).collect(),
        mix: None,
    }))
}

fn series() -> Answer {
    let points = |first: &str, scale: i64| {
        let first = Day::parse(first).expect("a day");
        SeriesPoints {
            periods: (0..3).map(|i| first.plus(7 * i)).collect(),
            days: vec![7; 3],
            partial: vec![false; 3],
            sales: Some((1..4).map(|i| n(scale * i * 1_234_567_891, 0)).collect()),
            ..SeriesPoints::default()
        }
    };
    Answer::Series(SeriesAnswer { window: points("2025-01-01", 3), compare: Some(points("2024-01-01", 2)) })
}

/// The boot of the Growth page over stores whose names attack.
fn boot(query: &str, half: i64) -> Boot {
    let mut catalog = catalog();
    catalog.regions[0] = "=cmd|' /C calc'!A0".to_owned();
    catalog.stores[0].name = "@SUM(1)".to_owned();
    catalog.stores[1].name = "名".repeat(40);
    let coverage = Coverage {
        snapshot: "all-1".to_owned(),
        data_until: catalog.data_until,
        shards: 16,
        read: if half > 0 { 4 } else { 16 },
        exact: half == 0,
    };
    let answers = vec![growth(&["=cmd|' /C calc'!A0", "华南"], half), growth(&["S001", "S002"], half), series()];
    let request = PageRequest { path: "/".into(), query: query.into(), ..PageRequest::default() };
    Boot { request, catalog, answers: Ok(Answers { coverage, answers }), beside: Vec::new(), told: None }
}

fn page(query: &str, half: i64) -> Arc<Page> {
    Arc::new(Page::new(boot(query, half)))
}

/// Rows of the table twin of a figure, off its markup.
fn twin(html: &str, id: &str) -> Vec<Vec<String>> {
    let (_, figure) = html.split_once(&format!("id=\"{id}\"")).expect("the figure");
    let (_, body) = figure.split_once("<tbody>").expect("a body");
    let (body, _) = body.split_once("</tbody>").expect("its end");
    let cells = |row: &str| {
        let parts = row.split("<t").skip(1).filter(|part| part.starts_with("h ") || part.starts_with("d"));
        parts.map(|part| plain_text(part.split_once('>').map_or("", |(_, rest)| rest))).collect()
    };
    body.split("<tr").skip(1).map(cells).collect()
}

fn plain_text(markup: &str) -> String {
    let text: String = markup
        .split('<')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) })
        .collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}

fn style() -> Style {
    page("", 0).style()
}

#[test]
fn the_trend_in_a_file_is_its_table_twin_to_the_last_fen() {
    let html = crate::render_document(boot("", 0), "", "n0nce");
    let shown = twin(&html, "trend");
    let sheets = sheets(&page("", 0), "trend");
    let [sheet] = sheets.as_slice() else {
        panic!("one table in the trend, not {}", sheets.len());
    };
    assert_eq!(sheet.rows.len(), shown.len());
    assert_eq!(sheet.rows.len(), 3);
    let style = style();
    for (at, (row, twin)) in sheet.rows.iter().zip(&shown).enumerate() {
        let week = at as i64 + 1;
        let money = |units| Entry::Number(Number::Whole { units, digits: 2, money: true }, Doubt::None);
        assert_eq!(row[1..3], [money(3 * week * 1_234_567_891), money(2 * week * 1_234_567_891)]);
        assert_eq!(Entry::Words(twin[0].clone()), row[0]);
        assert_eq!(twin[1], style.show(Unit::Money, Some((3 * week * 1_234_567_891) as f64)));
        assert_eq!(twin[2], style.show(Unit::Money, Some((2 * week * 1_234_567_891) as f64)));
        assert_eq!(twin[3], "+50.0%");
        assert_eq!(row[3], Entry::Number(Number::share(0.5).expect("finite"), Doubt::None));
    }
}

#[test]
fn figures_that_write_in_full_are_read_back_as_they_are() {
    let html = crate::render_document(boot("", 0), "", "n0nce");
    let page = page("", 0);
    for id in ["waterfall", "formula-funnel"] {
        let shown = twin(&html, id);
        let sheets = sheets(&page, id);
        assert_eq!(sheets.len(), 1, "{id}");
        assert_eq!(sheets[0].rows.len(), shown.len(), "{id}");
        let mut numbers = 0;
        for (row, twin) in sheets[0].rows.iter().zip(&shown) {
            for (entry, text) in row.iter().zip(twin).skip(1) {
                if let Entry::Number(number, _) = entry {
                    numbers += 1;
                    assert_eq!(Number::read(text).map(Number::text), Some(number.text()), "{id}: {text}");
                }
            }
        }
        assert!(numbers >= 7, "{id}: {numbers}");
    }
}

#[test]
fn every_panel_of_growth_is_in_the_file_under_its_name() {
    let sheets = sheets(&page("", 0), "");
    let ids: Vec<&str> = sheets.iter().map(|sheet| sheet.id).collect();
    for id in ["formula", "waterfall", "trend", "heat", "movers", "formula-funnel", "makeup"] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
    assert!(sheets.iter().all(|sheet| !sheet.title.is_empty() && !sheet.rows.is_empty()), "{sheets:?}");
    // The formula's first line is member sales, exactly, and its change.
    let formula = sheets.iter().find(|sheet| sheet.id == "formula").expect("the formula");
    let money = |units| Entry::Number(Number::Whole { units, digits: 2, money: true }, Doubt::None);
    assert_eq!(formula.rows[0][1..], [24_000_000_002, 12_000_000_001, 12_000_000_001].map(money));
}

#[test]
fn only_screens_have_menus_and_they_lead_to_the_files() {
    let html = crate::render_document(boot("grain=week&lang=en&region=%E5%8D%8E%E5%8D%97", 0), "", "n0nce");
    for href in [
        "/export/growth.csv?region=%E5%8D%8E%E5%8D%97&amp;grain=week&amp;lang=en\"",
        "/export/growth.xlsx?region=%E5%8D%8E%E5%8D%97&amp;grain=week&amp;lang=en&amp;only=trend\"",
        "data-picture=\"svg\" data-of=\"waterfall\"",
    ] {
        assert!(html.contains(href), "{href}");
    }
}

#[test]
fn a_file_says_what_its_numbers_hold_for() {
    let terms = terms(&page("lang=en&compare=lunar&region=%E5%8D%8E%E5%8D%97", 500));
    let value = |name: &str| terms.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    assert_eq!(value("This period"), Some("2025-01-01 to 2025-03-31"));
    assert_eq!(value("Around lunar new year before"), Some("2024-01-13 to 2024-04-11"));
    assert_eq!(value("Region"), Some("华南"));
    assert_eq!(value("Snapshot"), Some("all-1"));
    assert_eq!(value("Currency"), Some("CNY"));
    assert!(value("Certainty").is_some_and(|text| text.starts_with("Estimate: 4 of 16")));
}

fn exported(query: &str, half: i64, format: ExportFormat) -> ExportFile {
    let Boot { request, catalog, answers, beside, .. } = boot(query, half);
    let prepared = crate::boot::prepared(request, catalog);
    export(prepared, answers.expect("answers"), beside, format).expect("a file")
}

#[test]
fn the_csv_file_cannot_run_formulas_and_estimates_carry_their_interval() {
    let file = exported("lang=en", 500, ExportFormat::Csv);
    assert_eq!(file.name, "growth-2025-01-01-2025-03-31.csv");
    let text = String::from_utf8(file.bytes).expect("UTF-8");
    assert!(text.starts_with('\u{feff}'));
    assert!(text.contains("\"'=cmd|' /C calc'!A0\""), "the region's name is tamed");
    assert!(text.contains("\"'@SUM(1)\"") && !text.contains("\"@SUM") && !text.contains("\"=cmd"));
    assert!(text.contains(&"名".repeat(40)));
    assert!(text.contains("\"Users\",200246,500,100123,500,-12345.67,5.00"), "{text}");
}

#[test]
fn the_workbook_opens_with_the_same_numbers() {
    let file = exported("lang=en", 0, ExportFormat::Xlsx);
    let mut book = Xlsx::new(Cursor::new(file.bytes)).expect("a workbook");
    let sheets = sheets(&page("lang=en", 0), "");
    let names = book.sheet_names();
    assert_eq!(names.len(), sheets.len() + 1);
    assert!(names.iter().all(|name| name.encode_utf16().count() <= 31));
    let mut compared = 0;
    for (sheet, name) in sheets.iter().zip(&names[1..]) {
        let (head, rows) = sheet.spread("CNY");
        let range = book.worksheet_range(name).expect("a worksheet");
        assert_eq!(range.height(), rows.len() + 1, "{name}");
        assert_eq!(range.get((0, 1)), Some(&Data::String(head[1].clone())), "{name}");
        for (at, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let read = range.get((at + 1, column)).cloned().unwrap_or(Data::Empty);
                match (cell, read) {
                    (sheet::Spread::Number(number), Data::Float(value)) => {
                        let expected: f64 = number.text().parse().expect("a number");
                        assert!(
                            (value - expected).abs() <= 5e-7 * expected.abs().max(1.0),
                            "{name}: {value} {expected}"
                        );
                        compared += 1;
                    }
                    (sheet::Spread::Words(words), Data::String(text)) => assert_eq!(*words, text),
                    (sheet::Spread::Words(words), Data::Empty) => assert_eq!(words, ""),
                    (sheet::Spread::Nothing, Data::Empty) => {}
                    (cell, read) => panic!("{name}: {cell:?} became {read:?}"),
                }
            }
        }
        assert!(book.worksheet_formula(name).is_ok_and(|formulas| formulas.is_empty()), "{name}");
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn one_panel_alone() {
    let file = exported("only=trend&lang=en", 0, ExportFormat::Csv);
    let text = String::from_utf8(file.bytes).expect("UTF-8");
    assert_eq!(file.name, "growth-trend-2025-01-01-2025-03-31.csv");
    assert!(text.contains("37037036.73") && !text.contains("@SUM"), "{text}");
    let none = exported("only=nothing", 0, ExportFormat::Csv);
    assert!(String::from_utf8(none.bytes).is_ok_and(|text| text.lines().count() < 12));
    let odd = exported("only=..%2F%0d%0ax%22", 0, ExportFormat::Xlsx);
    assert!(odd.name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{}", odd.name);
}

#[test]
fn addresses_of_files_name_a_page_and_a_form() {
    let page = |path, format| Some((String::from(path), format));
    assert_eq!(export_address("/export/growth.csv"), page("/", ExportFormat::Csv));
    assert_eq!(export_address("/export/stores/S%2F1.csv.xlsx"), page("/stores/S%2F1.csv", ExportFormat::Xlsx));
    assert_eq!(export_address("/export/data.xlsx"), page("/data", ExportFormat::Xlsx));
    for path in ["/export/", "/export/.csv", "/export/growth", "/export/growth.pdf", "/growth.csv"] {
        assert_eq!(export_address(path), None, "{path}");
    }
}

#[test]
fn a_page_without_answers_exports_its_terms() {
    let Boot { request, catalog, .. } = boot("", 0);
    let failed = Boot { request, catalog, answers: Err("torn".to_owned()), beside: Vec::new(), told: None };
    let page = Arc::new(Page::new(failed));
    assert!(sheets(&page, "").is_empty());
    assert!(terms(&page).len() >= 4);
}
