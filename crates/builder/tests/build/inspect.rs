//! What looking at a source says of it.

use builder::{InspectOptions, Inspection, inspect};

use crate::support::{Case, case, tree};

fn look(case: &Case, full: bool) -> Inspection {
    let before = tree(case.source());
    let options =
        InspectOptions { source: case.options.source.clone(), mapping: None, currency: "CNY".to_owned(), full };
    let found = inspect(&options).expect("a source that can be read");
    assert_eq!(tree(case.source()), before, "looking changes nothing");
    found
}

const ORDERS: &str = "订单编号,下单时间,实付金额(元),门店编码,手机号,openid,备注\n\
    1001,25/06/2024,\"1,234.50\",S001,13800138000,oABC123,x\n\
    1002,05/06/2024,99,S001,13900139000,oABC124,\n\
    1003,2024-06-07,?,S002,,,\n";

#[test]
fn a_messy_folder_is_recognised_and_the_proposed_mapping_builds() {
    let case = case(&[
        ("tmall/订单明细.csv", ORDERS),
        ("till/sales/2024-06-01.csv", "小票号,销售时间,实收金额,会员卡号,店号\nt1,2024年6月1日 10:00,12,m1,S001\n"),
        ("till/sales/2024-06-02.csv", "小票号,销售时间,实收金额,会员卡号,店号\nt2,20240602,13,m1,S002\n"),
        ("门店.csv", "门店编码,门店名称,大区,城市,经营模式\nS001,南京路,华东,上海,直营\nS002,太古里,西南,成都,加盟\n"),
        ("库存.csv", "sku,qty\n1,2\n"),
        ("说明.docx", "not a table"),
    ]);
    let found = look(&case, false);
    let places: Vec<_> =
        found.places.iter().map(|place| (place.name.as_str(), place.table.as_deref(), place.files)).collect();
    assert_eq!(
        places,
        [
            ("till/sales", Some("orders"), 2),
            ("tmall", Some("orders"), 1),
            ("库存.csv", None, 1),
            ("门店.csv", Some("stores"), 1)
        ]
    );
    let tmall = &found.places[1];
    let columns: Vec<_> = tmall.columns.iter().map(|c| (c.header.as_str(), c.column.as_deref())).collect();
    assert_eq!(
        columns,
        [
            ("订单编号", Some("order_id")),
            ("下单时间", Some("ordered_at")),
            ("实付金额(元)", Some("amount")),
            ("门店编码", Some("store_id")),
            ("手机号", Some("phone_hash")),
            ("openid", Some("open_id")),
            ("备注", None)
        ]
    );
    assert_eq!(tmall.columns[4].examples, ["138…", "139…"], "a phone number is not shown whole");
    assert_eq!(tmall.problems.len(), 1, "{:?}", tmall.problems);
    let problem = &tmall.problems[0];
    assert_eq!(
        (problem.row, problem.column.as_str(), problem.value.as_str(), problem.reason.as_str()),
        (4, "实付金额(元)", "?", "bad_amount")
    );
    let forms: Vec<_> = tmall.columns[1].dates.iter().map(|(form, count)| (form.as_str(), *count)).collect();
    assert_eq!(forms, [("05/06/2024 (day or month first)", 1), ("2024-03-05", 1), ("25/06/2024 (day first)", 1)]);
    let lacks = |page: &str| {
        let page = found.pages.iter().find(|seen| seen.page == page).expect("a page of the product");
        page.lacks.iter().map(|lack| lack.column.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(lacks("ladder"), [] as [&str; 0]);
    assert_eq!(lacks("funnel"), ["touches.kind", "touches.at", "touches.member_id"]);
    assert!(lacks("channels").contains(&"orders.channel_id"));
    assert_eq!(found.notes, ["neither CSV nor Parquet: 说明.docx"]);

    let text = found.to_string();
    for part in ["tmall → orders", "problem: tmall/订单明细.csv, row 4", "what each page would lack", "[[orders]]"]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains("13800138000"), "{text}");

    case.file("mapping.toml", found.mapping.as_bytes());
    let built = case.built();
    assert_eq!(built.table("orders").kept, 4);
    assert_eq!(built.bad("orders"), ["bad_amount 1"]);
    assert_eq!(built.manifest.dimensions.stores[1].format, "franchise");
    assert_eq!(built.manifest.totals.sales, 123_450 + 9_900 + 1_200 + 1_300);
    // Looked at again, with the mapping file's word.
    let again = look(&case, true);
    assert_eq!(again.places[1].table.as_deref(), Some("orders"));
    assert_eq!(again.places.iter().map(|place| place.rows).collect::<Vec<_>>(), [2, 3, 1, 2]);
}

#[test]
fn a_source_in_the_contracts_words_needs_no_mapping() {
    let case = case(&[
        ("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,1\n"),
        ("stores.csv", "store_id,format\nS,direct\n"),
    ]);
    let found = look(&case, false);
    assert_eq!(found.mapping, "");
    assert!(found.to_string().ends_with("no mapping file is needed"));
    let json = serde_json::to_value(&found).expect("JSON");
    assert_eq!(json["places"][0]["table"], "orders");
    assert_eq!(json["pages"][0]["page"], "growth");
}

#[test]
fn what_cannot_be_settled_is_left_to_the_reader_as_a_comment() {
    let case = case(&[("orders.csv", "单号,日期,数\na,05/06/2024,1\n")]);
    let found = look(&case, false);
    assert_eq!(found.places[0].missing, ["amount"]);
    assert!(found.mapping.contains("# dates = \"day-first\"  # or \"month-first\""), "{}", found.mapping);
    assert!(
        found.mapping.contains("# columns.amount = \"?\"  # required; not recognised here: 数"),
        "{}",
        found.mapping
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_beside_the_others() {
    let case = case(&[("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,1\n"), ("touches.parquet", "no")]);
    let found = look(&case, false);
    assert!(found.places[1].error.as_deref().is_some_and(|error| error.contains("cannot read touches.parquet")));
    assert_eq!(found.places[0].table.as_deref(), Some("orders"));
}
