//! What bad input gets: a note, a row set aside and counted, or one sentence and nothing written.

use crate::support::{case, tree};

const ORDERS: &str = "order_id,ordered_at,amount\na,2024-01-01,1\n";

#[test]
fn bad_rows_are_set_aside_with_file_row_column_value_and_reason() {
    let case = case(&[
        ("stores.csv", "store_id,time_zone\nS1,\nS2,Mars/Olympus\n,\n"),
        ("channels.csv", "channel_id\nweb\n"),
        (
            "orders.csv",
            "order_id,ordered_at,amount,member_id,store_id,channel_id,refunded\n\
             ok,2024-01-01,1,m,S1,web,\n\
             money,2024-01-01,\"1,00\",m,S1,web,\n\
             minus,2024-01-01,-5,m,S1,web,\n\
             huge,2024-01-01,99999999999,m,S1,web,\n\
             fine,2024-01-01,1.005,m,S1,web,\n\
             time,01/02/2024,1,m,S1,web,\n\
             old,1989-12-31,1,m,S1,web,\n\
             far,2101-01-01,1,m,S1,web,\n\
             shop,2024-01-01,1,m,S7,web,\n\
             way,2024-01-01,1,m,S1,fax,\n\
             back,2024-01-01,1,m,S1,web,some\n\
             short,2024-01-01,1\n\
             ,2024-01-01,1,m,S1,web,\n",
        ),
        ("returns.csv", "return_id,returned_at,amount\nr,2024-01-01,?\n"),
        ("touches.csv", "at,kind,member_id\n2024-01-01,visit,m\n2024-01-01,,m\n2024-01-01,visit,\nsoon,visit,m\n"),
        ("members.csv", "member_id,joined_at,home_store\nm,,\nn,never,\no,,S9\n"),
    ]);
    let built = case.built();
    assert_eq!(
        built.bad("orders"),
        [
            "absurd_amount 1",
            "ambiguous_date 1",
            "bad_amount 3",
            "day_out_of_range 2",
            "missing_id 1",
            "negative_amount 1",
            "ragged_row 1",
            "unknown_channel 1",
            "unknown_store 1",
        ]
    );
    assert_eq!(
        case.quarantine("orders"),
        [
            "orders.csv,13,,\"short,2024-01-01,1\",ragged_row",
            "orders.csv,3,amount,\"1,00\",bad_amount",
            "orders.csv,4,amount,-5,negative_amount",
            "orders.csv,5,amount,99999999999,absurd_amount",
            "orders.csv,6,amount,1.005,bad_amount",
            "orders.csv,7,ordered_at,01/02/2024,ambiguous_date",
            "orders.csv,8,ordered_at,1989-12-31,day_out_of_range",
            "orders.csv,9,ordered_at,2101-01-01,day_out_of_range",
            "orders.csv,10,store_id,S7,unknown_store",
            "orders.csv,11,channel_id,fax,unknown_channel",
            "orders.csv,12,refunded,some,bad_amount",
            "orders.csv,14,order_id,,missing_id",
        ]
    );
    let amounts = built.table("orders").quarantined.iter().find(|q| q.reason == "bad_amount").expect("three of them");
    let shown = amounts.examples.iter().map(|e| format!("{},{},{},{}", e.file, e.row, e.column, e.value));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        ["orders.csv,3,amount,1,00", "orders.csv,6,amount,1.005", "orders.csv,12,refunded,some"]
    );
    assert_eq!(built.bad("stores"), ["bad_time_zone 1", "missing_id 1"]);
    assert_eq!(built.bad("returns"), ["bad_amount 1"]);
    assert_eq!(built.bad("touches"), ["bad_time 1", "missing_id 1", "missing_kind 1"]);
    assert_eq!(built.bad("members"), ["bad_time 1", "unknown_store 1"]);
    assert_eq!(built.manifest.totals.orders, 1);
    assert_eq!(built.report.quarantined(), 12 + 2 + 1 + 3 + 2);
}

#[test]
fn unknown_files_and_columns_are_notes() {
    let built = case(&[
        ("orders.csv", "Order_ID , ORDERED_AT,amount,colour,guide_id\na,2024-01-01,1,red,g\n"),
        ("notes.txt", "hello"),
        ("sales.csv", "x\n"),
        ("guides.csv", "guide_id\n"),
        (".hidden.csv", ""),
    ])
    .built();
    assert_eq!(built.manifest.totals.sales, 100);
    let notes = &built.table("orders").notes;
    assert!(notes.iter().any(|n| n.contains("unknown and were ignored: colour")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("later version: guide_id")), "{notes:?}");
    assert!(built.table("guides").notes[0].contains("later version"));
    assert_eq!(
        built.report.notes,
        [
            "notes.txt is no table of the source contract and was not read",
            "sales.csv is no table of the source contract and was not read",
            "hidden and not read: .hidden.csv",
        ]
    );
}

#[test]
fn a_missing_required_column_names_file_column_and_what_is_there() {
    let error = case(&[("orders.csv", "order_id,date,amount\n")]).error();
    assert_eq!(
        error,
        "orders.csv: the required column `ordered_at` is missing; found order_id, date, amount; add it, or say in a \
         mapping file what it is called here (`wellspring inspect` proposes one)"
    );
    let error = case(&[("orders.csv", "order_id;ordered_at;amount\n1;2;3\n")]).error();
    assert!(error.contains("separate them by commas"), "{error}");
    assert!(case(&[("orders.csv", "")]).error().contains("found no columns at all"));
    assert!(case(&[("orders.csv", "amount,Amount\n")]).error().contains("`amount` is there twice"));
}

#[test]
fn an_empty_or_missing_folder_says_how_to_make_one() {
    let empty = case(&[]);
    assert!(empty.error().contains("wellspring demo-data"));
    let missing = empty.with(|o| o.source = "nowhere".parse().expect("a folder"));
    let error = missing.error();
    assert!(error.contains("does not exist") && error.contains("wellspring demo-data"), "{error}");
}

#[test]
fn files_that_are_not_what_they_say_are_refused() {
    let broken = case(&[("orders.parquet", "PAR1 but not really")]).error();
    assert!(broken.starts_with("cannot read orders.parquet:"), "{broken}");
    let twice = case(&[("orders.csv", ORDERS), ("orders/1.csv", ORDERS)]).error();
    assert!(
        twice.contains("orders is there twice, as orders/1.csv and as orders.csv")
            || twice.contains("as orders.csv and as orders/1.csv"),
        "{twice}"
    );
    let quote = case(&[]);
    quote.file("orders.csv", format!("{ORDERS}b,\"2024-01-02,1\n{}", "c,2024-01-03,1\n".repeat(90_000)).as_bytes());
    let error = quote.error();
    assert!(error.contains("orders.csv, row 3: this row runs on"), "{error}");
}

#[test]
fn text_in_no_known_encoding_names_file_and_row() {
    let utf16 = case(&[]);
    utf16.file("orders.csv", &[0xFF, 0xFE, b'o', 0, b'r', 0]);
    assert!(utf16.error().contains("UTF-16"));
    let binary = case(&[]);
    binary.file("orders.csv", b"order_id,ordered_at,amount\na,2024-01-01,1\n\xFF\xFF,2024-01-01,1\n");
    let error = binary.error();
    assert!(error.starts_with("orders.csv, row 3:") && error.contains("CSV UTF-8"), "{error}");
    let flipped = case(&[]);
    let mut text = "order_id,ordered_at,amount,shop\na,2024-01-01,1,上海南京路店\n".repeat(20).into_bytes();
    text[150] = 0xE4;
    flipped.file("orders.csv", &text);
    let error = flipped.error();
    assert!(error.contains("not valid UTF-8, though the rest"), "{error}");
}

#[test]
fn no_usable_fact_is_an_error_that_counts_the_reasons() {
    let error = case(&[("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,?\n")]).error();
    assert!(error.contains("orders: 1 bad_amount; the first is orders.csv, row 2, column `amount`: `?`"), "{error}");
    assert!(case(&[("stores.csv", "store_id\nS1\n")]).error().contains("no order and no touch"));
}

#[test]
fn more_bad_rows_than_allowed_is_an_error() {
    let case = case(&[("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,?\nb,2024-01-01,1\nc,x,1\n")])
        .with(|o| o.max_bad = Some(1));
    let error = case.error();
    assert!(
        error.starts_with("2 rows are bad and 1 are allowed: orders: 1 bad_amount, 1 bad_time; the first is"),
        "{error}"
    );
    case.with(|o| o.max_bad = Some(2)).build().expect("two are allowed");
}

#[test]
fn too_many_names_name_the_one_that_did_not_fit() {
    let mut orders = "order_id,ordered_at,amount,channel_id\n".to_owned();
    for n in 0..300 {
        orders += &format!("o{n},2024-01-01,1,c{n}\n");
    }
    let error = case(&[("orders.csv", &orders)]).error();
    assert!(error.starts_with("orders.csv, row 255, column `channel_id`: `c253`"), "{error}");
}

#[test]
fn a_failing_build_leaves_the_old_snapshot_as_it_was() {
    let case = case(&[("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,1\nb,2024-01-01,?\n")]);
    case.build().expect("a sound source");
    let before = tree(case.out());
    assert!(before.iter().any(|(path, _)| path.ends_with("quarantine/orders.csv")));
    case.file("orders.csv", b"order_id,ordered_at,amount\na,?,1\n");
    case.error();
    case.file("orders.csv", b"order_id,ordered_at\n");
    case.error();
    assert_eq!(tree(case.out()), before);
    snapshot::files::load(case.out()).expect("the old snapshot");
}
