//! A PostgreSQL database as a source, on a real server.

use std::thread;
use std::time::{Duration, Instant};

use builder::{Location, Options};
use servers::postgres::{self, PASSWORD};

use crate::support::{Case, case};

/// A database with these statements run in it, as the source of a build; `address` may change its address.
fn database(statements: &str, address: impl FnOnce(String) -> String) -> Case {
    let url = postgres::new_database();
    postgres::tell(name_of(&url), statements);
    at(address(url))
}

fn at(url: String) -> Case {
    let location: Location = url.parse().expect("an address");
    case(&[]).with(|options| *options = Options::new(location, options.out.clone()))
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().and_then(|end| end.split('?').next()).expect("an address ends in the database's name")
}

fn mapped(case: Case, text: &str) -> Case {
    let path = case.out().with_file_name("mapping.toml");
    std::fs::write(&path, text).expect("a temporary folder");
    case.with(|options| options.mapping = Some(path))
}

const TYPED: &str = "
    CREATE TABLE orders (order_id bigint, ordered_at timestamptz, amount numeric, member_id uuid, store_id char(6), note text);
    INSERT INTO orders VALUES
        (1, '2024-01-01 23:30:00+08', 12.50, '00000000-0000-0000-0000-00000000000a', 'S1', E'line\\nbreak'),
        (2, '2024-01-01 23:30:00-05', 100000.005, NULL, 'S1', NULL),
        (3, '2024-01-02 00:00:00+08', 100000.0500, NULL, 'S1', NULL),
        (4, 'infinity', 1, NULL, 'S1', NULL),
        (5, '2024-01-03 00:00:00+08', 'NaN', NULL, 'S1', NULL),
        (6, NULL, 1, NULL, 'S1', NULL);
    CREATE TABLE stores (store_id text, name text, region text);
    INSERT INTO stores VALUES ('S1', '南京路', '华东');
    CREATE VIEW touches AS SELECT timestamp '2024-01-01 10:30' AS at, 'visit'::varchar AS kind, 'm'::text AS member_id;
    CREATE TABLE returns (return_id text, returned_at date, amount money, order_id int);
    INSERT INTO returns VALUES ('r', '2024-02-01', '50.05', 3);
    CREATE TABLE guides (x int); CREATE TABLE unrelated (x int);";

#[test]
fn tables_and_views_arrive_exactly_whatever_their_types() {
    let case = database(TYPED, |url| url);
    let built = case.built();
    assert_eq!(built.orders(), ["2024-01-01 0 S1 - - 1250"]);
    assert_eq!(built.anonymous(), ["2024-01-02 S1 - - 9995000"]);
    assert_eq!(built.touches(), ["2024-01-01 1 - - visit -"]);
    assert_eq!(built.manifest.dimensions.stores[0].name, "南京路");
    assert_eq!(
        case.quarantine("orders"),
        [
            "public.orders,2,amount,100000.005,bad_amount",
            "public.orders,4,ordered_at,infinity,bad_time",
            "public.orders,5,amount,NaN,bad_amount",
            "public.orders,6,ordered_at,,bad_time",
        ]
    );
    assert!(built.table("guides").notes[0].contains("later version"));
    assert_eq!(built.report.notes, ["tables that are none of the source contract and were not read: unrelated"]);
}

#[test]
fn looking_at_a_database_reads_a_sample_of_each_table() {
    let case = database(
        "CREATE TABLE \"订单\" AS SELECT n AS \"订单号\", now() - n * interval '1 hour' AS \"下单时间\", n * 1.25 AS \"实付金额\"
         FROM generate_series(1, 20000) n;
         CREATE TABLE stock (sku text)",
        |url| url,
    );
    let options = |full| builder::InspectOptions {
        source: case.options.source.clone(),
        mapping: None,
        currency: "CNY".to_owned(),
        full,
    };
    let sample = builder::inspect(&options(false)).expect("a database");
    let seen: Vec<_> = sample.places.iter().map(|p| (p.name.as_str(), p.form.as_str(), p.table.as_deref())).collect();
    assert_eq!(seen, [("stock", "table", None), ("订单", "table", Some("orders"))]);
    assert!((1_000..20_000).contains(&sample.places[1].rows), "{}", sample.places[1].rows);
    assert!(sample.places[1].problems.iter().all(|problem| problem.reason == "bad_amount"), "{sample}");
    assert!(!sample.to_string().contains(PASSWORD));
    assert_eq!(builder::inspect(&options(true)).expect("a database").places[1].rows, 20_000);
    let built = mapped(case, &sample.mapping).built();
    assert_eq!(built.table("orders").rows_read, 20_000);
}

#[test]
fn a_mapping_names_tables_of_other_schemas_columns_and_queries() {
    let case = database(
        "CREATE SCHEMA erp; CREATE TABLE erp.\"订单 \"\"明细\" (\"订单号\" text, \"下单\" text, \"金额\" bigint, \"Quoted\"\"Name\" text);
         INSERT INTO erp.\"订单 \"\"明细\" VALUES ('a', '05/06/2024', 1250, 'S1'), ('b', '25/06/2024', 99, 'S2');
         CREATE TABLE erp.people (id int, name text); INSERT INTO erp.people VALUES (7, 'gold');",
        |url| format!("{url}&schema=erp"),
    );
    let text = r#"
        [orders]
        from = "erp.订单 \"明细"
        dates = "day-first"
        amount_unit = "fen"
        columns = { order_id = "订单号", ordered_at = "下单", amount = "金额", store_id = "quoted\"name" }
        constants = { member_id = "7" }
        [members]
        query = "SELECT id AS member_id, name AS tier FROM erp.people -- all of them;"
    "#;
    let built = mapped(case, text).built();
    assert_eq!(built.orders(), ["2024-06-05 0 S1 - - 1250", "2024-06-25 0 S2 - - 99"]);
    assert_eq!(built.members(), ["- - gold -"]);
}

#[test]
fn an_undeclared_form_of_dates_is_not_guessed_from_a_stream() {
    let case = database(
        "CREATE TABLE orders (order_id text, ordered_at text, amount text);
         INSERT INTO orders VALUES ('a', '05/06/2024', '1'), ('b', '25/06/2024', '1'), ('c', '2024-06-06', '1')",
        |url| url,
    );
    let built = case.built();
    assert_eq!(built.bad("orders"), ["ambiguous_date 2"]);
    assert!(built.table("orders").notes[0].contains("day-first"), "{:?}", built.table("orders").notes);
}

#[test]
fn what_goes_wrong_is_told_in_one_line_without_the_password() {
    let good = postgres::new_database();
    postgres::tell(name_of(&good), "CREATE TABLE orders (order_id text, ordered_at text, amount text)");
    let port = postgres::port().to_string();
    let unused = servers::free_port().to_string();
    let typo = "[orders]\nfrom = \"ordres\"";
    let column = "[orders]\ncolumns.order_id = \"nr\"";
    let writes = "[orders]\nquery = \"SELECT nextval('s')::text AS order_id, '2024-01-01' AS ordered_at, 1 AS amount\"";
    let slip = "[orders]\nquery = \"SELEKT 1\"";
    postgres::tell(name_of(&good), "CREATE SEQUENCE s");
    for (url, mapping, parts) in [
        (good.replace(PASSWORD, "guess"), "", ["password authentication failed for user", "PGPASSWORD"]),
        (good.replace(&port, &unused), "", ["cannot be reached", "check host and port"]),
        (good.replace("127.0.0.1", "no-such-host.invalid"), "", ["cannot be reached", "check host and port"]),
        (good.replace("/test_", "/nothing_"), "", ["does not exist", "check the database's name"]),
        (good.replace("sslmode=disable", "sslmode=require"), "", ["cannot read from postgres://127.0.0.1", "sslmode"]),
        (format!("{good}&schema=sales"), "", ["`sales` has no table", "schemas with tables are public"]),
        (good.clone(), typo, ["there is no table `ordres`", "public has orders"]),
        (good.clone(), column, ["required column `order_id` is missing", "called `nr`"]),
        (good.clone(), writes, ["query of orders", "read-only transaction"]),
        (good.clone(), slip, ["query of orders", "syntax error"]),
        (good.clone(), "", ["no order and no touch", "no row was set aside"]),
    ] {
        let case = mapped(at(url), mapping);
        let error = case.error();
        for part in parts {
            assert!(error.contains(part), "{part} in {error}");
        }
        for secret in [PASSWORD, "guess"] {
            assert!(!error.contains(secret) && !format!("{:?}", case.options).contains(secret), "{error}");
        }
    }
    let error = format!("{good}&shema=x").parse::<Location>().expect_err("a slip").to_string();
    assert!(error.contains("`shema`") && !error.contains(PASSWORD), "{error}");
}

#[test]
fn a_connection_that_is_lost_ends_the_build_and_publishes_nothing() {
    let case = database("SELECT 1", |url| url);
    let slow = "[orders]\nquery = \"\"\"SELECT n::text AS order_id, '2024-01-01' AS ordered_at, 1 AS amount,
        pg_sleep(0.001) FROM generate_series(1, 100000) AS n\"\"\"\ncolumns.member_id = \"pg_sleep\"";
    let case = mapped(case, slow);
    let building = thread::spawn(move || case.error());
    let begun = Instant::now();
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%generate_series%' \
               AND application_name = 'wellspring'";
    while postgres::tell("postgres", end) == "0" {
        assert!(begun.elapsed() < Duration::from_secs(30), "the build never asked");
        thread::sleep(Duration::from_millis(50));
    }
    let error = building.join().expect("no panic");
    assert!(error.contains("query of orders") && error.contains("connection was lost"), "{error}");
}

#[test]
fn all_tables_are_of_one_moment() {
    let url = postgres::new_database();
    let name = name_of(&url).to_owned();
    postgres::tell(
        &name,
        "CREATE TABLE stores AS SELECT 'S' || n AS store_id FROM generate_series(1, 20000) n;
         CREATE TABLE orders AS SELECT n::text AS order_id, '2024-01-01' AS ordered_at, 1 AS amount, 'S' || n AS store_id
         FROM generate_series(1, 20000) n",
    );
    // Every store is renamed, and with it its orders, again and again while builds run.
    let writer = thread::spawn(move || {
        for round in 0..40 {
            postgres::tell(
                &name,
                &format!(
                    "BEGIN; UPDATE stores SET store_id = 'R{round}' || store_id WHERE store_id LIKE '%7';
                     UPDATE orders SET store_id = 'R{round}' || store_id WHERE store_id LIKE '%7'; COMMIT"
                ),
            );
        }
    });
    let mut builds = 0;
    while !writer.is_finished() && builds < 5 {
        let built = at(url.clone()).built();
        assert_eq!(built.table("orders").quarantined, [], "an order names a store of another moment");
        builds += 1;
    }
    writer.join().expect("the writer writes");
    assert!(builds > 0);
}
