//! One source in many forms gives one snapshot: Parquet, byte order mark, GB18030, quotes, folders of parts.

use std::sync::Arc;

use crate::support::{Built, case};
use datafusion::arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

const ORDERS: &str = "order_id,ordered_at,amount,member_id,store_id\n\
    1,2024-01-01T10:00:00,12.50,甲,S1\n\
    2,2024-01-02T23:59:59,0.07,乙,S2\n\
    3,2024-01-03T00:00:00,99.00,,S1\n";

fn facts(built: &Built) -> (Vec<String>, Vec<String>, i64) {
    (built.orders(), built.anonymous(), built.manifest.totals.sales)
}

pub(crate) fn parquet_bytes(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
        .expect("columns of one length");
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    bytes
}

fn parquet(path: &std::path::Path, columns: Vec<(&str, ArrayRef)>) {
    std::fs::write(path, parquet_bytes(columns)).expect("a temporary folder");
}

#[test]
fn parquet_with_native_types_equals_csv() {
    let csv = case(&[("orders.csv", ORDERS)]).built();
    let times = ["2024-01-01T10:00:00", "2024-01-02T23:59:59", "2024-01-03T00:00:00"]
        .map(|t| t.parse::<chrono::NaiveDateTime>().expect("a time").and_utc().timestamp_micros());
    let local = TimestampMicrosecondArray::from(times.to_vec());
    let instants = TimestampMicrosecondArray::from(times.map(|t| t - 8 * 3_600_000_000).to_vec());
    let decimals =
        Decimal128Array::from(vec![125_000, 700, 990_000]).with_precision_and_scale(18, 4).expect("a decimal");
    let floats = Float64Array::from(vec![12.5, 0.07, 99.0]);
    let amounts: [ArrayRef; 2] = [Arc::new(decimals), Arc::new(floats)];
    let moments: [ArrayRef; 2] = [Arc::new(local), Arc::new(instants.with_timezone("Asia/Shanghai"))];
    for amount in &amounts {
        for at in &moments {
            let source = case(&[]);
            parquet(
                &source.source().join("orders.parquet"),
                vec![
                    ("Order_Id", Arc::new(Int64Array::from(vec![1, 2, 3])) as ArrayRef),
                    ("items", Arc::new(Int64Array::from(vec![1, 1, 1]))),
                    ("amount", Arc::clone(amount)),
                    ("ordered_at", Arc::clone(at)),
                    ("store_id", Arc::new(StringArray::from(vec!["S1", "S2", "S1"]))),
                    ("member_id", Arc::new(StringArray::from(vec![Some("甲"), Some("乙"), None]))),
                ],
            );
            assert_eq!(facts(&source.built()), facts(&csv), "{} {}", amount.data_type(), at.data_type());
        }
    }
}

#[test]
fn parquet_dates_and_bad_cells_are_treated_like_text() {
    let source = case(&[]);
    parquet(
        &source.source().join("orders.parquet"),
        vec![
            ("order_id", Arc::new(StringArray::from(vec!["a", "b", "c"])) as ArrayRef),
            ("ordered_at", Arc::new(Date32Array::from(vec![Some(19_723), Some(19_724), None]))),
            ("amount", Arc::new(Float64Array::from(vec![Some(1.0), Some(0.1 + 0.2), Some(2.0)]))),
        ],
    );
    let built = source.built();
    assert_eq!(built.anonymous(), ["2024-01-01 - - - 100"]);
    assert_eq!(
        source.quarantine("orders"),
        ["orders.parquet,2,amount,0.30000000000000004,bad_amount", "orders.parquet,3,ordered_at,,bad_time"]
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_matter() {
    let csv = case(&[("orders.csv", ORDERS)]).built();
    let marked = case(&[("orders.csv", &format!("\u{feff}{}", ORDERS.replace('\n', "\r\n")))]).built();
    assert_eq!(facts(&marked), facts(&csv));
    let quoted =
        case(&[("orders.csv", &format!("\u{feff}{}", ORDERS.replacen("order_id", "\"order_id\"", 1)))]).built();
    assert_eq!(facts(&quoted), facts(&csv));
}

#[test]
fn gb18030_is_told_decoded_and_noted() {
    let rows: String = (0..30_000).map(|n| format!("x{n},2024-01-02,1,王小明{n},上海南京路店\n")).collect();
    let text = format!("{ORDERS}{rows}");
    let utf8 = case(&[("orders.csv", &text)]).built();
    let source = case(&[]);
    source.file("orders.csv", &encoding_rs::GB18030.encode(&text).0);
    let built = source.built();
    assert_eq!(facts(&built), facts(&utf8));
    assert_eq!(built.table("orders").notes, ["orders.csv was read as GB18030"]);
    assert!(utf8.table("orders").notes.is_empty());
}

#[test]
fn quoted_newlines_commas_and_quotes_stay_in_their_cell() {
    let built = case(&[
        ("stores.csv", "store_id,name\nS1,\"Line one\nline \"\"two\"\", end\"\nS2,plain\n"),
        ("orders.csv", "order_id,ordered_at,amount,store_id\n\"a\nb\",2024-01-01,1,S1\nc,2024-01-01,?,S2\n"),
    ]);
    let read = built.built();
    assert_eq!(read.manifest.dimensions.stores[0].name, "Line one\nline \"two\", end");
    assert_eq!(read.anonymous(), ["2024-01-01 S1 - - 100"]);
    assert_eq!(built.quarantine("orders"), ["orders.csv,4,amount,?,bad_amount"]);
}

#[test]
fn rows_are_named_by_their_line_whatever_the_line_ends() {
    let text =
        "order_id,ordered_at,amount\n\na,2024-01-01,1\n\"b\nb\",2024-01-01,?\n\n  \nc,2024-01-01,?\n\"d\",x,\"1\"";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let source = case(&[("orders.csv", &text)]);
        let built = source.built();
        assert_eq!(
            source.quarantine("orders"),
            [
                "orders.csv,4,amount,?,bad_amount",
                "orders.csv,8,amount,?,bad_amount",
                "orders.csv,9,ordered_at,x,bad_time"
            ]
        );
        assert_eq!(built.table("orders").rows_read, 4);
    }
}

#[test]
fn parts_in_a_folder_are_one_table() {
    let parts = case(&[
        ("orders/a.csv", "order_id,ordered_at,amount\n1,2024-01-01,1\n"),
        ("orders/b.CSV", "amount,order_id,ordered_at,extra\n2,2,2024-01-02,x\n"),
        ("orders/readme.txt", ""),
    ])
    .built();
    assert_eq!(parts.anonymous(), ["2024-01-01 - - - 100", "2024-01-02 - - - 200"]);
    assert_eq!(parts.table("orders").rows_read, 2);
}
