//! Campaigns and targets: what is carried along, what is set aside, and that every row is accounted for.

use model::{Campaign, Day, Targets};

use crate::support::{Built, case};

const STORES: &str = "store_id,region\nS1,华东\nS2,华南\nS3,华东\nS4,\n";
const ORDERS: &str =
    "order_id,ordered_at,amount,store_id,campaign_id\na,2024-01-05,1,S1,spring\nb,2024-03-02,1,S2,only-here\n";

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

#[track_caller]
fn accounts(built: &Built, table: &str, [read, kept, duplicate, bad]: [u64; 4]) {
    let report = built.table(table);
    let quarantined: u64 = report.quarantined.iter().map(|q| q.rows).sum();
    assert_eq!([report.rows_read, report.kept, report.duplicate, quarantined], [read, kept, duplicate, bad], "{table}");
    assert_eq!(report.rows_read, report.kept + report.duplicate + quarantined, "{table}");
}

#[test]
fn campaigns_have_names_and_days_and_bad_ones_are_set_aside() {
    let case = case(&[
        ("stores.csv", STORES),
        ("orders.csv", ORDERS),
        (
            "campaigns.csv",
            "campaign_id,starts_on,ends_on,name,kind,cost\n\
             late,2024-03-01,2024-03-10,三八焕新,Platform,100.00\n\
             spring,2023-01-01,2023-01-02,Old,,\n\
             spring,2024-01-01,2024/1/20,,festival,none\n\
             back,2024-02-02,2024-02-01,Backwards,,\n\
             open,2024-02-02,,No end,,\n\
             when,02/02/2024,2024-02-03,Whenever,,\n\
             far,2024-02-02,2150-01-01,Endless,,\n\
             ,2024-02-02,2024-02-03,Nameless,,\n\
             one,2024-02-29,2024-02-29,One day,,\n",
        ),
    ]);
    let built = case.built();
    let campaign = |id: &str, name: &str, kind: &str, days: [&str; 2]| Campaign {
        id: id.into(),
        name: name.into(),
        kind: kind.into(),
        first_day: day(days[0]),
        last_day: day(days[1]),
    };
    assert_eq!(
        built.manifest.campaigns,
        [
            campaign("spring", "spring", "festival", ["2024-01-01", "2024-01-20"]),
            campaign("one", "One day", "", ["2024-02-29", "2024-02-29"]),
            campaign("late", "三八焕新", "platform", ["2024-03-01", "2024-03-10"]),
        ]
    );
    // The list that facts refer to stays theirs: a campaign without a fact is no filter, one without a row still is.
    assert_eq!(built.manifest.dimensions.campaigns, ["only-here", "spring"]);
    assert_eq!(built.orders().len() + built.anonymous().len(), 2);
    accounts(&built, "campaigns", [9, 3, 1, 5]);
    assert_eq!(
        built.bad("campaigns"),
        ["ambiguous_date 1", "bad_time 1", "day_out_of_range 1", "ends_before_start 1", "missing_id 1"]
    );
    assert_eq!(
        case.quarantine("campaigns"),
        [
            "campaigns.csv,5,ends_on,2024-02-01,ends_before_start",
            "campaigns.csv,6,ends_on,,bad_time",
            "campaigns.csv,7,starts_on,02/02/2024,ambiguous_date",
            "campaigns.csv,8,ends_on,2150-01-01,day_out_of_range",
            "campaigns.csv,9,campaign_id,,missing_id",
        ]
    );
    let notes = &built.table("campaigns").notes;
    assert!(notes[0].contains("read by a later version: cost"), "{notes:?}");
}

#[test]
fn targets_are_columns_by_month_and_bad_ones_are_set_aside() {
    let case = case(&[
        ("stores.csv", STORES),
        ("orders.csv", ORDERS),
        (
            "targets.csv",
            "month,amount,store_id,region\n\
             2024-01,900000000.00,,\n\
             2024/3,120.50,,\n\
             2024-01,1,S2,\n\
             2024-01,70.00,S2,\n\
             2024-02,0,S1,\n\
             2024-02,30,,华南\n\
             2024-03,40,S3,华东\n\
             2024-13,1,,\n\
             2024-03-01,1,,\n\
             1989-12,1,,\n\
             2024-01,-1,,\n\
             2024-01,1e6,,\n\
             2024-01,,,\n\
             2024-01,99999999999999,,\n\
             2024-01,1,S9,\n\
             2024-01,1,,华中\n\
             2024-01,1,S1,华南\n\
             2025-01,5,,\n\
             2024-01\n",
        ),
    ]);
    let built = case.built();
    let (none, some) = (None, Some::<i64>);
    assert_eq!(
        built.manifest.targets,
        Some(Targets {
            from: day("2024-01-01"),
            months: 3,
            unit: 50,
            whole: vec![some(1_800_000_000), none, some(241)],
            regions: vec![1],
            region_amounts: vec![none, some(60), none],
            stores: vec![0, 1, 2],
            store_amounts: vec![none, some(0), none, some(140), none, none, none, none, some(80)],
        })
    );
    assert_eq!(built.manifest.dimensions.regions[1].id, "华南");
    assert_eq!(built.manifest.dimensions.stores[2].id, "S3");
    accounts(&built, "targets", [19, 7, 1, 11]);
    assert_eq!(
        built.bad("targets"),
        [
            "absurd_amount 1",
            "bad_amount 2",
            "bad_month 2",
            "day_out_of_range 1",
            "negative_amount 1",
            "ragged_row 1",
            "unknown_region 2",
            "unknown_store 1",
        ]
    );
    assert!(case.quarantine("targets").contains(&"targets.csv,18,region,华南,unknown_region".to_owned()));
    let notes = &built.table("targets").notes;
    assert_eq!(notes, &["1 targets are of months without facts and are not shown"]);
    assert_eq!(built.table("targets").kept_amount, 90_000_000_000 + 12_050 + 7_000 + 3_000 + 4_000 + 500);
}

#[test]
fn stores_that_only_facts_name_have_targets_too_and_no_others() {
    let built = case(&[
        ("orders.csv", ORDERS),
        ("targets.csv", "month,amount,store_id\n2024-01,10,S2\n2024-01,10,S1\n2024-01,10,S3\n"),
    ])
    .built();
    let targets = built.manifest.targets.as_ref().expect("targets");
    assert_eq!((targets.stores.as_slice(), targets.unit), ([0, 1].as_slice(), 1_000));
    assert_eq!(built.bad("targets"), ["unknown_store 1"]);
    assert_eq!(built.report.stores, 2, "a target makes no store");
}

#[test]
fn without_the_tables_the_manifest_says_nothing_of_them() {
    let built = case(&[("orders.csv", ORDERS), ("targets.csv", "month,amount\n2030-01,1\n")]).built();
    assert_eq!((built.manifest.campaigns.len(), &built.manifest.targets), (0, &None));
    assert!(built.manifest.tables.iter().all(|table| table.table != "campaigns"));
    let error = case(&[("orders.csv", ORDERS), ("targets.csv", "month,sales\n2024-01,1\n")]).error();
    assert!(error.contains("targets.csv: the required column `amount` is missing; found month, sales"), "{error}");
}

/// 4,000 stores × 24 months are columns of numbers: less than the names of the stores.
#[test]
fn targets_of_every_store_stay_small() {
    let (mut stores, mut targets) = ("store_id,name,region,city\n".to_owned(), "month,amount,store_id\n".to_owned());
    for store in 0..4_000u32 {
        stores += &format!("S{store:04},第{store}号示例门店,R{},城市{}\n", store % 8, store % 97);
        for month in 0..24 {
            let amount = 50_000 + (store * 7_919 + month * 104_729) % 900_000 / 100 * 100;
            targets += &format!("{}-{:02},{amount},S{store:04}\n", 2023 + month / 12, month % 12 + 1);
        }
    }
    let orders = "order_id,ordered_at,amount,store_id\na,2023-01-05,1,S0001\nb,2024-12-02,1,S0002\n";
    let built = case(&[("stores.csv", &stores), ("orders.csv", orders), ("targets.csv", &targets)]).built();
    let kept = built.manifest.targets.as_ref().expect("targets");
    assert_eq!((kept.stores.len(), kept.store_amounts.len(), kept.unit), (4_000, 96_000, 10_000));
    let bytes = serde_json::to_vec(kept).expect("JSON").len();
    assert!(bytes < 550_000, "{bytes} bytes");
}
