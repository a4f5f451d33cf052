//! Night after night: late rows, what the feed promised, versions to go back to, faults while publishing.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use builder::{BuildError, Report, Silent};
use model::{CheckKind, Outcome, Record};
use snapshot::SnapshotError;
use snapshot::signature::load_signature;
use snapshot::versions::{list, load_manifest_of, load_record};
use snapshot::write::{Disk, rollback};

use crate::faulty::{FAULTS, FaultyDisk};
use crate::support::{Built, Case, case, tree};

const STORES: &str = "store_id,region\nA,华东\nB,西南\n";

fn record(out: &Path) -> Record {
    let (manifest, _) = snapshot::files::load_manifest(out).expect("a snapshot");
    load_record(out, &manifest).expect("its record")
}

#[test]
fn late_orders_and_refunds_land_on_their_own_day() {
    let first = "order_id,ordered_at,amount,member_id,store_id,refunded\n\
                 a,2024-03-01 10:00,100,m1,A,\n\
                 b,2024-03-02 11:00,200,m2,A,\n";
    let case = case(&[("stores.csv", STORES), ("orders/2024-03-02.csv", first)]);
    let built = case.built();
    assert_eq!(sorted(&built), ["2024-03-01 A - - 10000", "2024-03-02 A - - 20000"]);
    // The next night brings an order of the day before that, an order anew with a refund, and a return.
    case.file(
        "orders/2024-03-03.csv",
        b"order_id,ordered_at,amount,member_id,store_id,refunded\n\
          late,2024-03-01 23:50,50,m2,B,\n\
          b,2024-03-02 11:00,200,m2,A,30\n\
          c,2024-03-03 09:00,300,m1,B,\n",
    );
    case.file("returns/2024-03-03.csv", b"return_id,returned_at,amount,order_id\nr,2024-03-03,40,a\n");
    let again = case.built();
    assert_eq!(
        sorted(&again),
        ["2024-03-01 A - - 6000", "2024-03-01 B - - 5000", "2024-03-02 A - - 17000", "2024-03-03 B - - 30000"],
        "an order's day is the one it was made on, also of what was taken off it later"
    );
    assert_eq!(again.manifest.totals.refunded, 7_000);
    assert_eq!((again.manifest.version, again.manifest.totals.sales), (2, 58_000));
    assert_eq!(again.table("orders").duplicate, 1, "the last row of an order counts");
}

/// The orders without their members' numbers, which differ from build to build.
fn sorted(built: &Built) -> Vec<String> {
    let without_member = |line: String| {
        let mut words: Vec<&str> = line.split(' ').collect();
        words.remove(1);
        words.join(" ")
    };
    let mut orders: Vec<String> = built.orders().into_iter().map(without_member).collect();
    orders.sort();
    orders
}

/// Five Saturdays and what lies between, ten orders a day and 20 on Saturdays, as a feed has it until `until`.
fn feed(until: u32, of_the_last: u32) -> String {
    let mut text = "order_id,ordered_at,amount,member_id,store_id\n".to_owned();
    for day in 1..=until {
        // 2024-06-01 was a Saturday.
        let usual = if day % 7 == 1 { 20 } else { 10 };
        for n in 0..if day == until { of_the_last } else { usual } {
            let member = if n % 4 == 0 { String::new() } else { format!("m{n}") };
            text += &format!("o{day}-{n},2024-06-{day:02} 12:{n:02},10.00,{member},A\n");
        }
    }
    text
}

fn nightly(expectations: &str) -> Case {
    let case = case(&[("stores.csv", STORES), ("orders.csv", &feed(22, 20))]);
    let file = case.options.source.with_file_name("expectations.toml");
    fs::write(&file, expectations).expect("a file");
    case.with(|options| options.nightly.expect = Some(file))
}

fn contract(case: &Case, name: &str, text: &str) {
    fs::write(case.options.source.with_file_name(name), text).expect("a file in a temporary folder");
}

#[test]
fn rows_are_held_against_the_same_weekday_of_the_weeks_before() {
    let case = nightly("[[rows]]\ntable = \"orders\"\nleast = 0.7\nmost = 1.5\nthen = \"stop\"\n");
    case.build().expect("a usual Saturday");
    let check = &record(case.out()).checks[0];
    assert_eq!((check.kind, check.found, check.least, check.most), (CheckKind::Rows, Some(20), Some(14), Some(30)));
    assert_eq!(check.outcome, Outcome::Passed);
    for (rows, told) in [(13, "14 at least"), (31, "30 at most")] {
        case.file("orders.csv", feed(29, rows).as_bytes());
        let before = tree(case.out());
        let error = case.build().expect_err("an unusual Saturday").to_string();
        assert!(error.starts_with("the feed is not as expected: orders has") && !error.contains('\n'), "{error}");
        assert!(error.contains(told) && error.contains("--accept-feed"), "{error}");
        let mut after = tree(case.out());
        after.retain(|(path, _)| !path.ends_with("stopped.json"));
        assert_eq!(after, before.into_iter().filter(|(p, _)| !p.ends_with("stopped.json")).collect::<Vec<_>>());
    }
    // What was stopped is told by the next build that is published, and is no measure for others.
    case.file("orders.csv", feed(29, 14).as_bytes());
    case.build().expect("just enough");
    let record = record(case.out());
    let versions: Vec<u64> = record.history.iter().map(|build| build.version).collect();
    assert_eq!(versions, [1, 0, 0, 2]);
    assert_eq!(record.history[1].checks[0].2, Outcome::Stopped);
    assert!(!case.out().join("stopped.json").exists());
    assert_eq!(record.checks[0].least, Some(14));
}

#[test]
fn a_stop_can_be_accepted_once_and_a_warning_publishes() {
    let case = nightly(
        "[[empty]]\ntable = \"orders\"\ncolumn = \"member_id\"\nmost = 0.2\nthen = \"stop\"\n\
         [[age]]\ntable = \"orders\"\nmost = 3\nthen = \"warn\"\n",
    );
    let error = case.error_but_stopped();
    assert!(error.contains("% of the rows of orders have no member_id, 20.00 % at most"), "{error}");
    let case = case.with(|options| options.nightly.accept_feed = true);
    let report = case.build().expect("accepted");
    let outcomes: Vec<_> = record(case.out()).checks.iter().map(|check| check.outcome).collect();
    assert_eq!(outcomes, [Outcome::Warned, Outcome::Warned]);
    assert!(report.to_string().contains("the newest row of orders is"), "{report}");
}

#[test]
fn a_control_file_must_be_met_to_the_row_and_the_fen() {
    let case = nightly("[[control]]\nfile = \"controls.csv\"\nthen = \"stop\"\n");
    contract(
        &case,
        "controls.csv",
        "table,day,rows,amount\norders,2024-06-21,10,100.00\norders,2024-06-22,20,200.00\n",
    );
    case.build().expect("as said");
    for (controls, told) in [
        ("table,day,rows,amount\norders,2024-06-22,21,200.00\n", "by 1 rows, first: 2024-06-22 has 20 rows where 21"),
        ("table,day,rows,amount\norders,2024-06-22,20,200.01\n", "by 0.01 in amount"),
        ("table,day,rows\norders,2024-06-02,10\norders,2024-06-22,2\n", "by 18 rows"),
    ] {
        contract(&case, "controls.csv", controls);
        let error = case.error_but_stopped();
        assert!(error.contains(told), "{error}");
    }
    contract(&case, "expectations.toml", "[[control]]\nfile = \"controls.csv\"\nrows_off = 18\nthen = \"stop\"\n");
    case.build().expect("within what may differ");
}

#[test]
fn a_contract_that_cannot_be_read_says_where() {
    for (text, told) in [
        ("[[rows]]\ntable = \"orders\"\nleast = 0.5\nthen = \"shout\"\n", "expectations.toml, row 4: unknown variant"),
        ("[[rows]]\ntable = \"orders\"\nthen = \"warn\"\n", "`rows` wants `least` or `most`"),
        ("[[rows]]\nleast = 0.5\nthen = \"warn\"\n", "missing field `table`"),
        (
            "[[empty]]\ntable = \"orders\"\ncolumn = \"colour\"\nmost = 0.1\nthen = \"warn\"\n",
            "`orders.colour` is no column",
        ),
        ("[[empty]]\ntable = \"orders\"\ncolumn = \"member_id\"\nmost = 3\nthen = \"warn\"\n", "a share from 0 to 1"),
        ("[[control]]\nfile = \"nowhere.csv\"\nthen = \"warn\"\n", "nowhere.csv"),
        ("[[control]]\nfile = \"bad.csv\"\nthen = \"warn\"\n", "bad.csv, row 2: column `day`: `soon` is not a day"),
        ("[[control]]\nfile = \"short.csv\"\nthen = \"warn\"\n", "the required column `rows` is missing"),
        ("colour = 3\n", "unknown field `colour`"),
        ("[[rows]\n", "expectations.toml, row 1"),
    ] {
        let case = nightly(text);
        contract(&case, "bad.csv", "table,day,rows\norders,soon,3\n");
        contract(&case, "short.csv", "table,day\norders,2024-06-01\n");
        let error = case.error();
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[test]
fn how_fresh_the_data_are_is_recorded() {
    let case = case(&[
        ("orders.csv", "order_id,ordered_at,amount\na,2024-01-01 08:30,1\nb,2024-01-02 21:14,1\n"),
        ("touches.csv", "at,member_id,kind\n2024-01-02 09:05,m1,visit\n"),
    ]);
    case.build().expect("a sound source");
    let freshness = record(case.out()).freshness;
    let newest: Vec<_> = freshness.tables.iter().map(|table| (table.table.as_str(), table.newest.as_str())).collect();
    assert_eq!(newest, [("orders", "2024-01-02 21:14"), ("touches", "2024-01-02 09:05")]);
    for time in freshness.tables.iter().map(|table| &table.written_at).chain([&freshness.started_at]) {
        assert!(model::parse_utc_seconds(time).is_some_and(|secs| secs > 1_700_000_000), "{time}");
    }
}

#[test]
fn going_back_publishes_the_older_content_with_its_parts_anew() {
    let order = |amount: u32| {
        format!("order_id,ordered_at,amount,member_id,store_id\na,2024-01-01,{amount},m1,A\nbad,?,1,m1,A\n")
    };
    let case = case(&[("stores.csv", STORES), ("orders.csv", &order(1))]).with(|options| options.regions = true);
    let sales = || {
        let loaded = snapshot::files::load(case.out()).expect("a snapshot");
        let part = snapshot::scope::scope_folder(case.out(), &snapshot::scope::region_scope("华东")).expect("a part");
        let part = snapshot::files::load(&part).expect("its snapshot").manifest;
        assert_eq!(part.version, loaded.manifest.version);
        assert_eq!(part.totals.sales, loaded.manifest.totals.sales);
        assert_eq!(case.quarantine("orders").len(), 1);
        (loaded.manifest.version, loaded.manifest.totals.sales)
    };
    for amount in [1, 2, 3] {
        case.file("orders.csv", order(amount).as_bytes());
        case.build().expect("a sound source");
    }
    assert_eq!(sales(), (3, 300));
    let built_at = load_manifest_of(case.out(), 2).expect("it is kept").0.built_at;
    let (back, parts) = rollback(case.out(), None, None).expect("there is one before");
    assert_eq!((sales(), parts.len(), &back.built_at), ((4, 200), 2, &built_at));
    let record = record(case.out());
    assert_eq!(record.restored_from, Some(2));
    let withdrawn: Vec<_> = record.history.iter().map(|build| (build.version, build.withdrawn)).collect();
    assert_eq!(withdrawn, [(1, false), (2, false), (3, true)]);
    // Twice back is two back; and to any that is kept.
    rollback(case.out(), None, None).expect("there is one before that");
    assert_eq!(sales(), (5, 100));
    let none_before = rollback(case.out(), None, None).expect_err("nothing is older");
    assert!(matches!(none_before, SnapshotError::NoVersion { version: 0, .. }), "{none_before}");
    rollback(case.out(), Some(3), None).expect("it is kept");
    assert_eq!((sales(), list(case.out()).expect("versions").len()), ((6, 300), 6));
    assert!(
        rollback(case.out(), Some(9), None).expect_err("there is none").to_string().contains("version 9 is not kept")
    );
    // One whose shard is gone is not gone back to.
    let (second, _) = load_manifest_of(case.out(), 2).expect("it is kept");
    fs::remove_file(case.out().join("shards").join(format!("{}.arrow", second.shards[0].hash))).expect("it is there");
    rollback(case.out(), Some(2), None).expect_err("a shard is missing");
    assert_eq!(sales(), (6, 300));
    // A build goes on from there.
    case.file("orders.csv", order(7).as_bytes());
    case.build().expect("a sound source");
    assert_eq!((sales(), list(case.out()).expect("versions")), ((7, 700), vec![4, 5, 6, 7]));
    assert_eq!(load_signature(case.out(), 7).expect("readable"), None);
}

impl Case {
    fn build_on(&self, disk: Arc<dyn Disk>) -> Result<Report, BuildError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(builder::build_on(&self.options, &Silent, disk))
    }

    /// The error of a build that leaves nothing but the memory that it was stopped.
    fn error_but_stopped(&self) -> String {
        let error = self.build().expect_err("the build should stop").to_string();
        assert!(!error.contains('\n'), "one line: {error}");
        error
    }
}

/// `crates/snapshot/tests/publishing.rs` has every step of publishing fail; here it is some of those of a whole build.
#[test]
fn a_build_that_fails_while_it_publishes_leaves_what_was_there() {
    let orders =
        "order_id,ordered_at,amount,member_id,store_id\na,2024-01-01,1,m1,A\nb,2024-01-02,2,m2,B\nbad,?,1,m1,A\n";
    let case = case(&[("stores.csv", STORES), ("orders.csv", orders)]).with(|options| options.regions = true);
    case.build().expect("a sound source");
    case.file("orders.csv", (orders.to_owned() + "c,2024-01-03,5,m1,B\n").as_bytes());
    let version = || snapshot::files::load(case.out()).expect("whole").manifest.version;
    let mut failures = 0;
    for (fault, at) in FAULTS.into_iter().flat_map(|fault| (0..).step_by(7).map(move |at| (fault, at)).take(12)) {
        let before = (version(), tree(case.out()));
        let disk = Arc::new(FaultyDisk::new(fault, at));
        let built = case.build_on(Arc::<FaultyDisk>::clone(&disk));
        if !disk.failed() {
            continue;
        }
        failures += 1;
        if let Err(error) = built {
            assert!(!error.to_string().contains('\n'), "one line: {error}");
            if version() == before.0 && fault == crate::faulty::Fault::Refused {
                assert_eq!(tree(case.out()), before.1, "{fault:?} at {at}: {error}");
            }
        }
        assert!((before.0..=before.0 + 1).contains(&version()));
    }
    assert!(failures > 15, "{failures}");
    let last = version();
    assert_eq!(case.built().manifest.version, last + 1);
    assert_eq!(case.quarantine("orders").len(), 1);
}
