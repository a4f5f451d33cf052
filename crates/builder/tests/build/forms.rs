//! One set of rows, clean and dirty, in every form that a source may have: the same snapshot from each, and every row
//! accounted for as it was planted.

use std::sync::Arc;

use builder::{Location, Options};
use datafusion::arrow::array::{ArrayRef, StringArray};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use servers::postgres;

use crate::formats::parquet_bytes;
use crate::steps::gzip;
use crate::support::{Built, Case, case};

/// What is written, and what it means: a value, or the reason why the row is set aside.
type Cell = (&'static str, Result<&'static str, &'static str>);

/// All of 2024-05-06.
const TIMES: [Cell; 16] = [
    ("2024-05-06", Ok("")),
    ("2024/5/6 8:01", Ok("")),
    ("20240506", Ok("")),
    ("2024年5月6日", Ok("")),
    ("２０２４－０５－０６", Ok("")),
    ("06/05/2024", Ok("")),
    ("6.5.2024 10:00", Ok("")),
    ("1714960800", Ok("")),
    ("1714960800000", Ok("")),
    ("2024-05-06T02:00:00Z", Ok("")),
    ("05/26/2024", Err("bad_time")),
    ("2024-02-30", Err("bad_time")),
    ("昨天", Err("bad_time")),
    ("", Err("bad_time")),
    ("1887-06-01", Err("day_out_of_range")),
    ("1714960800.5x", Err("bad_time")),
];

/// All of 1,234.50 where they are anything.
const AMOUNTS: [Cell; 14] = [
    ("1234.50", Ok("")),
    ("1,234.50", Ok("")),
    ("1，234.5", Ok("")),
    ("１２３４．５０", Ok("")),
    ("¥1,234.50", Ok("")),
    ("1234.5元", Ok("")),
    (" 1234.500 ", Ok("")),
    ("12,34.50", Err("bad_amount")),
    ("$1234.50", Err("bad_amount")),
    ("1234.505", Err("bad_amount")),
    ("1.2345e3", Err("bad_amount")),
    ("", Err("bad_amount")),
    ("-1234.50", Err("negative_amount")),
    ("99,999,999.00", Err("absurd_amount")),
];

const STORES: [Cell; 4] = [("S1", Ok("")), ("旧店", Ok("")), ("", Ok("")), ("S9", Err("unknown_store"))];

/// Order, time, amount, store, member.
type Row = (u8, Cell, Cell, Cell, u8);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let cell = |cells: &'static [Cell]| prop::sample::select(cells);
    // Half of the cells are clean, so that rows are kept too.
    let mostly = |cells: &'static [Cell]| prop_oneof![Just(cells[0]), cell(cells)];
    let row = (0u8..40, mostly(&TIMES), mostly(&AMOUNTS), mostly(&STORES), 0u8..6);
    prop::collection::vec(row, 1..60)
}

const MAPPING: &str = "[orders]\ndates = \"day-first\"\nvalues.store_id = { \"旧店\" = \"S1\" }\n\
                       columns = { order_id = \"订单号\", ordered_at = \"下单时间\" }\n";
const HEADER: [&str; 5] = ["订单号", "下单时间", "amount", "store_id", "member_id"];

fn cells(row: &Row) -> [String; 5] {
    let (order, time, amount, store, member) = row;
    let member = if *member == 0 { String::new() } else { format!("m{member}") };
    [format!("o{order}"), time.0.to_owned(), amount.0.to_owned(), store.0.to_owned(), member]
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).expect("memory");
    for row in rows {
        writer.write_record(cells(row)).expect("memory");
    }
    writer.into_inner().expect("memory")
}

fn parquet(rows: &[Row]) -> Vec<u8> {
    let column = |at: usize| {
        let values = rows.iter().map(|row| Some(cells(row)[at].clone()).filter(|cell| !cell.is_empty()));
        Arc::new(values.collect::<StringArray>()) as ArrayRef
    };
    parquet_bytes(HEADER.iter().enumerate().map(|(at, name)| (*name, column(at))).collect())
}

fn folder(files: Vec<(String, Vec<u8>)>) -> Case {
    let case = case(&[("stores.csv", "store_id\nS1\n"), ("mapping.toml", MAPPING)]);
    for (name, bytes) in files {
        case.file(&name, &bytes);
    }
    case
}

fn database(rows: &[Row]) -> Case {
    let url = postgres::new_database();
    let name = url.rsplit('/').next().and_then(|end| end.split('?').next()).expect("a name").to_owned();
    let columns = HEADER.map(|name| format!("\"{name}\" text")).join(", ");
    let values = rows.iter().map(|row| format!("({})", cells(row).map(|cell| format!("'{cell}'")).join(", ")));
    let values = values.collect::<Vec<_>>().join(", ");
    postgres::tell(
        &name,
        &format!(
            "CREATE TABLE stores AS SELECT 'S1' AS store_id; CREATE TABLE orders ({columns});
             INSERT INTO orders VALUES {values}"
        ),
    );
    let location: Location = url.parse().expect("an address");
    let case = case(&[("mapping.toml", MAPPING)]);
    let mapping = case.source().join("mapping.toml");
    case.with(|options| *options = Options { mapping: Some(mapping), ..Options::new(location, options.out.clone()) })
}

/// What became of the rows; without files and rows, which each form has its own of.
fn outcome(case: &Case, built: &Built) -> impl PartialEq + std::fmt::Debug + use<> {
    let report = built.table("orders");
    let mut quarantine: Vec<String> = case
        .quarantine("orders")
        .iter()
        .map(|line| line.splitn(3, ',').nth(2).unwrap_or_default().to_owned())
        .collect();
    quarantine.sort();
    let counts = (report.rows_read, report.kept, report.duplicate, report.kept_amount);
    (counts, built.bad("orders"), quarantine, built.lives(), built.anonymous())
}

#[test]
fn every_form_of_a_source_gives_the_same_and_every_row_is_accounted_for() {
    let mut runner = TestRunner::new(Config { cases: 10, failure_persistence: None, ..Config::default() });
    runner.run(&rows(), |rows| check(&rows)).expect("every form gives the same");
}

fn check(rows: &[Row]) -> Result<(), TestCaseError> {
    let faults = |row: &Row| [row.1.1, row.2.1, row.3.1].into_iter().find_map(Result::err);
    // A build without any fact is an error of its own.
    prop_assume!(rows.iter().any(|row| faults(row).is_none()));
    let split = rows.len() / 2;
    let parts = |write: fn(&[Row]) -> Vec<u8>, end: &str| {
        vec![
            (format!("orders/dt=2024-05-06/hour=01/part-0{end}"), write(&rows[..split])),
            (format!("orders/dt=2024-05-06/hour=02/part-0{end}"), write(&rows[split..])),
        ]
    };
    let one = |name: &str, bytes: Vec<u8>| vec![(name.to_owned(), bytes)];
    let plain = folder(one("orders.csv", csv(rows)));
    let built = plain.built();
    let report = built.table("orders");

    let good: Vec<&Row> = rows.iter().filter(|row| faults(row).is_none()).collect();
    let distinct: std::collections::BTreeSet<u8> = good.iter().map(|row| row.0).collect();
    prop_assert_eq!(report.rows_read, rows.len() as u64);
    prop_assert_eq!(report.kept, distinct.len() as u64);
    prop_assert_eq!(report.duplicate, (good.len() - distinct.len()) as u64);
    prop_assert_eq!(report.kept_amount, 123_450 * distinct.len() as i64);
    for bad in &report.quarantined {
        let planted = rows.iter().filter(|row| faults(row) == Some(&*bad.reason)).count();
        prop_assert_eq!(bad.rows, planted as u64, "{}", bad.reason);
    }
    let set_aside: u64 = report.quarantined.iter().map(|bad| bad.rows).sum();
    prop_assert_eq!(report.rows_read, report.kept + report.duplicate + set_aside);

    let expected = outcome(&plain, &built);
    let others = [
        ("gzip", folder(one("orders.csv.gz", gzip(&csv(rows))))),
        ("zstd", folder(one("orders.csv.zst", zstd::encode_all(&csv(rows)[..], 1).expect("memory")))),
        (
            "GB18030",
            folder(one("orders.csv", encoding_rs::GB18030.encode(&String::from_utf8_lossy(&csv(rows))).0.into_owned())),
        ),
        ("Parquet", folder(one("orders.parquet", parquet(rows)))),
        ("partitions", folder(parts(csv, ".csv"))),
        ("Parquet partitions", folder(parts(parquet, ".parquet"))),
        ("PostgreSQL", database(rows)),
    ];
    for (form, case) in others {
        let found = outcome(&case, &case.built());
        prop_assert!(found == expected, "{form}: {found:?}\n instead of {expected:?}");
    }
    Ok(())
}
