//! Whatever the source, every row and every minor unit is accounted for: random sources against a naive recount,
//! and the public data sets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::support::{Built, case};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Order {
    id: u8,
    amount: String,
    day: String,
    member: Option<u8>,
    store: String,
    refunded: u16,
}

fn amount() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (0u32..50_000).prop_map(|n| format!("{}.{:02}", n / 100, n % 100)),
        1 => Just("-3.00".to_owned()),
        1 => Just("abc".to_owned()),
        1 => Just("0".to_owned()),
    ]
}

fn day() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (1u32..29).prop_map(|d| format!("2024-02-{d:02}")),
        1 => (0u32..24).prop_map(|h| format!("2024-02-10T{h:02}:30:00Z")),
        1 => Just("2024-02-30".to_owned()),
        1 => Just("1970-01-01".to_owned()),
    ]
}

fn order() -> impl Strategy<Value = Order> {
    let store = prop_oneof![4 => Just("S1"), 4 => Just("S2"), 2 => Just(""), 1 => Just("S9")].prop_map(str::to_owned);
    let refunded = prop_oneof![3 => Just(0u16), 1 => 0u16..50_000];
    (0u8..40, amount(), day(), proptest::option::of(0u8..12), store, refunded)
        .prop_map(|(id, amount, day, member, store, refunded)| Order { id, amount, day, member, store, refunded })
}

/// The slow and plain way: (sales, refunded, orders, fully refunded, members, bad rows).
fn recount(orders: &[Order], returns: &[(u8, u16)]) -> (i64, i64, u64, u64, usize, u64) {
    let mut last: BTreeMap<u8, (&Order, i64)> = BTreeMap::new();
    let mut bad = 0;
    for order in orders {
        let minor = order.amount.replace('.', "").parse::<i64>();
        let minor = minor.map(|n| if order.amount.contains('.') { n } else { n * 100 });
        match minor {
            Ok(minor)
                if minor >= 0
                    && order.day.starts_with("2024-02")
                    && !order.day.ends_with("30")
                    && order.store != "S9" =>
            {
                last.insert(order.id, (order, minor));
            }
            _ => bad += 1,
        }
    }
    let (mut sales, mut refunded, mut kept, mut gone) = (0, 0, 0, 0);
    let mut members = BTreeSet::new();
    for (id, (order, amount)) in &last {
        let back: i64 = returns.iter().filter(|(order, _)| order == id).map(|(_, a)| i64::from(*a)).sum();
        let back = (back + i64::from(order.refunded)).min(*amount);
        members.extend(order.member);
        refunded += back;
        if *amount > 0 && back == *amount {
            gone += 1;
        } else {
            kept += 1;
            sales += amount - back;
        }
    }
    (sales, refunded, kept, gone, members.len(), bad)
}

fn check_rows(built: &Built) {
    for table in &built.manifest.tables {
        let bad: u64 = table.quarantined.iter().map(|q| q.rows).sum();
        assert_eq!(table.rows_read, table.kept + table.duplicate + bad, "{}", table.table);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn random_sources_reconcile_with_a_naive_recount(
        orders in proptest::collection::vec(order(), 1..60),
        returns in proptest::collection::vec((0u8..45, 1u16..30_000), 0..12),
    ) {
        let mut text = "order_id,ordered_at,amount,member_id,store_id,refunded\n".to_owned();
        for o in &orders {
            let member = o.member.map(|m| format!("m{m}")).unwrap_or_default();
            let _ = writeln!(text, "o{},{},{},{member},{},{}.{:02}", o.id, o.day, o.amount, o.store, o.refunded / 100, o.refunded % 100);
        }
        let mut returns_text = "return_id,returned_at,amount,order_id\n".to_owned();
        for (n, (order, back)) in returns.iter().enumerate() {
            let _ = writeln!(returns_text, "r{n},2024-03-01,-{}.{:02},o{order}", back / 100, back % 100);
        }
        let source = case(&[("stores.csv", "store_id\nS1\nS2\n"), ("orders.csv", &text), ("returns.csv", &returns_text)]);
        let (sales, refunded, kept, gone, members, bad) = recount(&orders, &returns);
        if kept == 0 {
            prop_assert!(source.error().contains("no order and no touch"));
            return Ok(());
        }
        let built = source.built();
        check_rows(&built);
        let totals = &built.manifest.totals;
        prop_assert_eq!((totals.sales, totals.refunded), (sales, refunded));
        prop_assert_eq!((totals.orders + totals.anonymous_orders, totals.orders_fully_refunded), (kept, gone));
        prop_assert_eq!(totals.members, members as u64);
        prop_assert_eq!(built.report.quarantined(), bad);
        let sum: i64 = built.orders().iter().chain(&built.anonymous())
            .map(|line| line.rsplit(' ').next().and_then(|a| a.parse::<i64>().ok()).expect("an amount"))
            .sum();
        prop_assert_eq!(sum, sales);
        prop_assert_eq!(built.table("orders").kept_amount, sales + refunded);
    }
}

#[test]
fn many_members_are_spread_over_shards_and_none_is_lost() {
    let mut text = "order_id,ordered_at,amount,member_id\n".to_owned();
    for n in 0..20_000 {
        let _ = writeln!(text, "o{n},2024-01-{:02},{}.{:02},m{n}", n % 28 + 1, n, n % 100);
    }
    let built = case(&[("orders.csv", &text)]).built();
    assert_eq!(built.manifest.shards.len(), 16);
    let members: Vec<u32> = built.manifest.shards.iter().map(|s| s.members).collect();
    assert_eq!(members.iter().sum::<u32>(), 20_000);
    assert!(members.iter().all(|n| (1_000..1_500).contains(n)), "{members:?}");
    let sales: i64 = (0..20_000i64).map(|n| n * 100 + n % 100).sum();
    assert_eq!(built.manifest.totals.sales, sales);
    check_rows(&built);
}

/// The public data sets are read from beside the project; where they are not, there is nothing to test.
fn public(name: &str, currency: &str) -> Option<Built> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !folder.is_dir() {
        println!("note: {} is not there; the public data set was not tested", folder.display());
        return None;
    }
    let source = case(&[]).with(|o| {
        o.source = folder.into();
        o.currency = currency.to_owned();
    });
    let built = source.built();
    check_rows(&built);
    Some(built)
}

#[test]
fn online_retail_builds_with_its_published_totals() {
    let Some(built) = public("online_retail", "GBP") else { return };
    let totals = &built.manifest.totals;
    assert_eq!((totals.orders, totals.sales, totals.anonymous_orders), (18_536, 891_140_790, 0));
    assert_eq!((totals.members, totals.returns_unattached), (4_372, 3_654));
    assert_eq!((built.manifest.first_day.to_string().as_str(), built.report.days), ("2010-12-01", 374));
}

#[test]
fn the_cdnow_sample_builds_with_its_published_totals() {
    let Some(built) = public("cdnow_sample", "USD") else { return };
    let totals = &built.manifest.totals;
    assert_eq!((totals.orders, totals.sales, totals.members), (6_919, 24_409_194, 2_357));
    assert_eq!(built.manifest.data_until.to_string(), "1998-06-30");
}
