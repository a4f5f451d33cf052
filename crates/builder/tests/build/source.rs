//! From source files to a snapshot: what a good source becomes.

use crate::support::case;

const STORES: &str = "store_id,name,region,city,format,time_zone\n\
    S2,南京路店,华东,上海,direct,\n\
    S1,Harajuku,Japan,Tokyo,Franchise,Asia/Tokyo\n\
    S3,Pop-up,,,,\n";
const CHANNELS: &str = "channel_id,name,kind,domain\nshop,门店,store,private\ntmall,天猫,marketplace,public\n";

#[test]
fn every_table_arrives_with_its_names() {
    let built = case(&[
        ("stores.csv", STORES),
        ("channels.csv", CHANNELS),
        ("members.csv", "member_id,joined_at,source_channel,home_store,tier\nm1,2023-05-01,tmall,S1,gold\nm2,,,,\n"),
        (
            "orders.csv",
            "order_id,ordered_at,amount,member_id,store_id,channel_id,campaign_id\n\
             o2,2024-01-02 10:30,20.5,m1,S2,tmall,spring\n\
             o1,2024-01-01T09:00:00,10,m2,S1,shop,\n\
             o3,2024-01-03,7.77,,S3,shop,\n",
        ),
        ("touches.csv", "at,kind,member_id,store_id,channel_id,campaign_id\n2024-01-02T08:00,visit,m2,,tmall,spring\n"),
    ])
    .built();
    assert_eq!(built.orders(), ["2024-01-01 1 S1 shop - 1000", "2024-01-02 0 S2 tmall spring 2050"]);
    assert_eq!(built.anonymous(), ["2024-01-03 S3 shop - 777"]);
    assert_eq!(built.touches(), ["2024-01-02 1 - tmall visit spring"]);
    assert_eq!(built.members(), ["S1 tmall gold 2023-05-01", "- - - -"]);
    let dimensions = &built.manifest.dimensions;
    let stores: Vec<_> =
        dimensions.stores.iter().map(|s| (s.id.as_str(), s.name.as_str(), s.region, s.format.as_str())).collect();
    assert_eq!(
        stores,
        [("S2", "南京路店", 0, "direct"), ("S1", "Harajuku", 1, "franchise"), ("S3", "Pop-up", 2, ""), ("", "", 2, "")]
    );
    let regions: Vec<_> = dimensions.regions.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(regions, ["华东", "Japan", ""]);
    assert_eq!(dimensions.channels[1].domain, Some(model::ChannelDomain::Public));
    let totals = &built.manifest.totals;
    assert_eq!((totals.sales, totals.anonymous_sales, totals.members), (3827, 777, 2));
    assert_eq!(built.report.version, 1);
    assert_eq!(built.manifest.data_until.to_string(), "2024-01-03");
}

#[test]
fn business_days_follow_the_stores_own_zone() {
    let built = case(&[
        ("stores.csv", STORES),
        (
            "orders.csv",
            "order_id,ordered_at,amount,store_id\n\
             tokyo,2024-01-01T15:30:00Z,1,S1\n\
             shanghai,2024-01-01T15:30:00Z,2,S2\n\
             offset,2024-01-01T23:30:00+05:00,3,S2\n\
             nowhere,2024-01-01T16:00:00Z,4,\n\
             local,2024-01-01 23:59,5,S1\n",
        ),
    ])
    .built();
    assert_eq!(
        built.anonymous(),
        [
            "2024-01-01 S2 - - 200",
            "2024-01-01 S1 - - 500",
            "2024-01-02 - - - 400",
            "2024-01-02 S1 - - 100",
            "2024-01-02 S2 - - 300",
        ]
    );
}

#[test]
fn refunds_lower_their_order_and_a_fully_refunded_order_is_none() {
    let built = case(&[
        (
            "orders.csv",
            "order_id,ordered_at,amount,member_id,refunded\n\
             part,2024-01-01,100.00,m,10\n\
             full,2024-01-02,50.00,m,\n\
             over,2024-01-03,50.00,m,20.00\n\
             free,2024-01-04,0,m,\n\
             left,2024-01-05,5.00,,\n",
        ),
        (
            "returns.csv",
            "return_id,returned_at,amount,order_id\n\
             r1,2024-02-01,-5.50,part\n\
             r2,2024-02-01,4.50,part\n\
             r3,2024-02-01,50,full\n\
             r4,2024-02-01,31,over\n\
             r5,2024-02-01,9.99,nobody\n\
             r6,2024-02-01,-1.01,\n",
        ),
    ])
    .built();
    assert_eq!(built.orders(), ["2024-01-01 0 - - - 8000", "2024-01-04 0 - - - 0"]);
    assert_eq!(built.anonymous(), ["2024-01-05 - - - 500"]);
    let totals = &built.manifest.totals;
    assert_eq!((totals.sales, totals.refunded, totals.orders_fully_refunded), (8500, 12000, 2));
    assert_eq!((totals.returns_unattached, totals.returns_unattached_amount), (2, 1100));
    assert_eq!(built.table("orders").kept_amount, 20500);
    assert_eq!(built.table("returns").kept_amount, 10200);
    assert!(
        built.table("orders").notes[0].contains("1 orders were refunded more"),
        "{:?}",
        built.table("orders").notes
    );
}

#[test]
fn of_rows_with_one_id_the_last_in_file_order_counts() {
    let built = case(&[
        (
            "orders/2024-02.csv",
            "order_id,ordered_at,amount,member_id\na,2024-02-01,3,m\nb,2024-02-02,4,m\na,2024-02-03,5,m\n",
        ),
        ("orders/2024-01.csv", "order_id,ordered_at,amount,member_id\na,2024-01-01,1,m\nc,2024-01-02,2,m\n"),
        ("returns.csv", "return_id,returned_at,amount,order_id\nr,2024-02-05,2,b\nr,2024-02-05,1,b\n"),
        ("members.csv", "member_id,tier\nm,silver\nm,gold\n"),
        ("stores.csv", "store_id,name\ns,Old\ns,New\n"),
    ])
    .built();
    assert_eq!(built.orders(), ["2024-01-02 0 - - - 200", "2024-02-02 0 - - - 300", "2024-02-03 0 - - - 500"]);
    assert_eq!(built.members(), ["- - gold -"]);
    assert_eq!(built.manifest.dimensions.stores[0].name, "New");
    for (table, read, kept, duplicate) in
        [("orders", 5, 3, 2), ("returns", 2, 1, 1), ("members", 2, 1, 1), ("stores", 2, 1, 1)]
    {
        let report = built.table(table);
        assert_eq!((report.rows_read, report.kept, report.duplicate), (read, kept, duplicate), "{table}");
    }
}

#[test]
fn missing_tables_are_made_from_the_facts() {
    let built = case(&[
        ("orders.csv", "order_id,ordered_at,amount,member_id,store_id,channel_id\no,2024-01-01,1,m2,S9,app\n"),
        ("touches.csv", "at,kind,member_id,store_id\n2024-01-01,visit,m1,S1\n2024-01-02,share,m2,S9\n"),
    ])
    .built();
    assert_eq!(built.orders(), ["2024-01-01 1 S9 app - 100"]);
    assert_eq!(built.touches(), ["2024-01-01 0 S1 - visit -", "2024-01-02 1 S9 - share -"]);
    for table in ["stores", "channels", "members"] {
        assert!(built.table(table).derived, "{table}");
        assert_eq!(built.table(table).rows_read, 0);
    }
    let channels: Vec<_> = built.manifest.dimensions.channels.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(channels, ["app", ""]);
    assert_eq!(built.manifest.dimensions.regions[0].id, "");
}

#[test]
fn members_that_only_facts_name_join_those_of_the_table() {
    let built = case(&[
        ("members.csv", "member_id,tier\nm1,gold\nm9,gold\n"),
        ("orders.csv", "order_id,ordered_at,amount,member_id\no,2024-01-01,1,m5\n"),
    ])
    .built();
    assert_eq!(built.members(), ["- - gold -", "- - - -", "- - gold -"]);
    assert!(!built.table("members").derived);
    assert!(
        built.table("members").notes[0].starts_with("1 members come from orders"),
        "{:?}",
        built.table("members").notes
    );
}

#[test]
fn a_second_build_replaces_the_first_and_an_equal_source_gives_equal_shards() {
    let case = case(&[("orders.csv", "order_id,ordered_at,amount,member_id\na,2024-01-01,1,m\nb,2024-01-01,x,m\n")]);
    let first = case.built();
    assert_eq!(case.quarantine("orders").len(), 1);
    case.file("orders.csv", b"order_id,ordered_at,amount,member_id\na,2024-01-01,1,m\n");
    let second = case.built();
    assert_eq!((first.report.version, second.report.version), (1, 2));
    assert_eq!(first.manifest.shards, second.manifest.shards);
    assert!(!case.out().join("quarantine").exists(), "no bad row, no folder");
}

#[test]
fn currencies_have_their_own_minor_units() {
    let case = case(&[("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,1500\nb,2024-01-01,1.5\n")])
        .with(|o| o.currency = "JPY".to_owned());
    let built = case.built();
    assert_eq!((built.manifest.currency_digits, built.manifest.totals.sales), (0, 1500));
    assert_eq!(built.bad("orders"), ["bad_amount 1"]);
    let case = case.with(|o| o.currency = "yuan".to_owned());
    assert!(case.error().contains("`yuan` is not a currency code"));
}

#[test]
fn the_report_reads_as_a_table_and_as_json() {
    let case = case(&[("orders.csv", "order_id,ordered_at,amount\na,2024-01-01,1234567.80\nb,2024-01-01,x\nc,,1\n")]);
    let path = case.out().with_extension("json");
    let case = case.with(|o| o.report = Some(path.clone()));
    let report = case.build().expect("a sound source");
    let json: builder::Report = serde_json::from_slice(&std::fs::read(path).expect("the report")).expect("a report");
    assert_eq!(json, report);
    let text = report.to_string();
    for part in ["orders", "1,234,567.80", "bad_amount", "bad_time", "stores*", "version 1: 1 shards"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}
