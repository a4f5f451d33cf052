//! The sample as its readers meet it: bytes, names, wrong rows, sums, and the planted truths in a plain recount.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use sample::{Options, SampleError, Summary, Truths, generate};

/// A row of a file of the sample, read by column name.
struct Row {
    columns: Rc<HashMap<String, usize>>,
    fields: csv::StringRecord,
}

impl Row {
    fn get(&self, column: &str) -> Option<&str> {
        self.columns.get(column).and_then(|at| self.fields.get(*at))
    }
}

impl std::ops::Index<&str> for Row {
    type Output = str;

    fn index(&self, column: &str) -> &str {
        self.get(column).expect("the sample has this column")
    }
}

/// Rows of a file, one after another.
fn rows(dir: &Path, file: &str) -> impl Iterator<Item = Row> {
    let mut reader = csv::Reader::from_path(dir.join(file)).expect("the sample has this file");
    let header = reader.headers().expect("a header").clone();
    let columns = Rc::new(header.iter().map(str::to_owned).zip(0..).collect::<HashMap<_, _>>());
    reader
        .into_records()
        .map(move |fields| Row { columns: columns.clone(), fields: fields.expect("every row has every column") })
}

fn make(dir: &Path, members: u32, stores: u32, seed: u64) -> Summary {
    let options = Options { members, stores, seed, ..Options::new(dir) };
    generate(&options, &mut |_, _| {}).expect("a sample of this size can be made")
}

fn hashes(dir: &Path) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(dir).expect("the folder is there");
    files
        .map(|file| {
            let path = file.expect("readable").path();
            let bytes = std::fs::read(&path).expect("readable");
            let name = path.file_name().expect("named").to_string_lossy().into_owned();
            (name, blake3::hash(&bytes).to_hex().to_string())
        })
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let dirs: Vec<_> = (0..3).map(|_| tempfile::tempdir().expect("a temporary folder")).collect();
    make(dirs[0].path(), 2000, 40, 7);
    make(dirs[1].path(), 2000, 40, 7);
    make(dirs[2].path(), 2000, 40, 8);
    assert_eq!(hashes(dirs[0].path()), hashes(dirs[1].path()));
    let (one, other) = (hashes(dirs[0].path()), hashes(dirs[2].path()));
    for file in
        ["stores.csv", "members.csv", "identities.csv", "orders.csv", "returns.csv", "targets.csv", "touches.csv"]
    {
        assert_ne!(one[file], other[file], "{file}");
    }
    let expected = [
        "README.md",
        "campaigns.csv",
        "channels.csv",
        "coupons.csv",
        "guides.csv",
        "identities.csv",
        "members.csv",
        "orders.csv",
        "returns.csv",
        "stores.csv",
        "targets.csv",
        "touches.csv",
        "truth_identities.csv",
        "truths.json",
    ];
    assert_eq!(one.keys().collect::<Vec<_>>(), expected);
}

#[test]
fn there_are_eight_regions_twenty_nine_channels_and_four_thousand_different_names() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    make(dir.path(), 100, 4000, 1);
    let stores: Vec<_> = rows(dir.path(), "stores.csv").collect();
    let distinct = |column: &str| stores.iter().map(|s| &s[column]).collect::<HashSet<_>>().len();
    assert_eq!((distinct("region"), distinct("name"), distinct("store_id")), (8, 4000, 4000));
    assert!(stores.iter().all(|s| ["direct", "franchise", "dealer", "online"].contains(&&s["format"])));
    let channels: Vec<_> = rows(dir.path(), "channels.csv").collect();
    let ids: HashSet<_> = channels.iter().map(|c| &c["channel_id"]).collect();
    assert_eq!((channels.len(), ids.len()), (29, 29));
}

#[test]
fn a_folder_with_other_things_in_it_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("orders.csv"), "mine").expect("writable");
    let options = Options { members: 100, stores: 16, seed: 1, ..Options::new(dir.path()) };
    let error = generate(&options, &mut |_, _| {}).expect_err("not ours");
    assert!(matches!(error, SampleError::ForeignFolder { .. }));
    assert!(error.to_string().contains("choose a new folder"), "{error}");
    assert_eq!(hashes(dir.path()).len(), 1);
}

#[test]
fn an_earlier_sample_is_written_over_and_a_cut_short_one_too() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    make(dir.path(), 200, 16, 1);
    let before = hashes(dir.path());
    make(dir.path(), 300, 16, 1);
    assert_ne!(hashes(dir.path()), before);
    std::fs::remove_file(dir.path().join("truths.json")).expect("removable");
    std::fs::write(dir.path().join(".sample.part"), "").expect("writable");
    make(dir.path(), 200, 16, 1);
    assert_eq!(hashes(dir.path()), before);
}

#[test]
fn sizes_that_cannot_be_made_say_which_can() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (members, stores, hint) in [(99, 400, "100 to 10000000"), (1000, 15, "16 to 4000"), (1000, 4001, "16 to 4000")]
    {
        let options = Options { members, stores, seed: 1, ..Options::new(dir.path().join("new")) };
        let error = generate(&options, &mut |_, _| {}).expect_err("out of range").to_string();
        assert!(error.contains(hint), "{error}");
    }
    assert!(!dir.path().join("new").exists());
}

#[test]
fn the_smallest_sample_has_every_kind_of_wrong_row() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let made = make(dir.path(), 100, 16, 3);
    assert_eq!(made.truths.dirty["orders.csv"].len(), 7);
    assert_eq!(made.truths.dirty["touches.csv"].len(), 3);
    assert_eq!(made.truths.dirty["returns.csv"].len(), 2);
    assert_eq!(recount_dirt(dir.path()), made.truths.dirty);
}

/// Fen of an amount as written, or why it is none.
fn fen(text: &str) -> Result<i64, &'static str> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (yuan, rest) = plain.split_once('.').ok_or("bad_amount")?;
    let (Ok(yuan), Ok(rest), 2) = (yuan.parse::<i64>(), rest.parse::<i64>(), rest.len()) else {
        return Err("bad_amount");
    };
    Ok(if text.starts_with('-') { -(yuan * 100 + rest) } else { yuan * 100 + rest })
}

/// The day of a time as written, or why it is none.
fn day(text: &str) -> Result<String, &'static str> {
    let time: chrono::NaiveDateTime = text.parse().map_err(|_| "bad_time")?;
    let day = time.date().to_string();
    if ("1990-01-01".."2101-01-01").contains(&day.as_str()) { Ok(day) } else { Err("day_out_of_range") }
}

/// Why a row is wrong, if it is.
fn fault(row: &Row, file: &str, stores: &HashSet<String>) -> Option<&'static str> {
    let at = ["ordered_at", "returned_at", "at"].iter().find_map(|column| row.get(column)).expect("facts have a time");
    if let Err(reason) = day(at) {
        return Some(reason);
    }
    match row.get("amount").map(fen) {
        Some(Err(reason)) => return Some(reason),
        Some(Ok(amount)) if amount < 0 && file == "orders.csv" => return Some("negative_amount"),
        Some(Ok(amount)) if amount > 4_294_967_295 => return Some("absurd_amount"),
        _ => {}
    }
    row.get("store_id").is_some_and(|store| !stores.contains(store)).then_some("unknown_store")
}

fn store_ids(dir: &Path) -> HashSet<String> {
    rows(dir, "stores.csv").map(|s| s["store_id"].to_owned()).collect()
}

fn recount_dirt(dir: &Path) -> sample::DirtyCounts {
    let stores = store_ids(dir);
    let mut counts = sample::DirtyCounts::new();
    for file in ["orders.csv", "returns.csv", "touches.csv"] {
        let by_reason = counts.entry(file.to_owned()).or_default();
        let mut ids = HashSet::new();
        for row in rows(dir, file) {
            let again = row.get("order_id").is_some_and(|id| file == "orders.csv" && !ids.insert(id.to_owned()));
            if let Some(reason) = fault(&row, file, &stores).or(again.then_some("duplicate")) {
                *by_reason.entry(reason.to_owned()).or_default() += 1;
            }
        }
    }
    counts
}

/// A good order or touch.
struct Fact {
    day: String,
    store: String,
    member: String,
    /// Net amount of an order, `None` for a touch.
    order: Option<i64>,
}

/// Good facts, refunds taken off; orders given back whole are gone.
fn facts(dir: &Path) -> (Vec<Fact>, Vec<i64>) {
    let stores = store_ids(dir);
    let mut back: HashMap<String, i64> = HashMap::new();
    for row in rows(dir, "returns.csv") {
        if fault(&row, "returns.csv", &stores).is_none() {
            *back.entry(row["order_id"].to_owned()).or_default() += fen(&row["amount"]).expect("checked").abs();
        }
    }
    let mut orders: HashMap<String, Row> = HashMap::new();
    for row in rows(dir, "orders.csv") {
        if fault(&row, "orders.csv", &stores).is_none() {
            orders.insert(row["order_id"].to_owned(), row);
        }
    }
    let fact = |row: &Row, at: &str, order| Fact {
        day: row[at][..10].to_owned(),
        store: row["store_id"].to_owned(),
        member: row["member_id"].to_owned(),
        order,
    };
    let mut refunds = Vec::new();
    let mut facts = Vec::new();
    for (id, row) in &orders {
        let amount = fen(&row["amount"]).expect("checked");
        let back = back.remove(id).unwrap_or(0);
        assert!((0..=amount).contains(&back), "{id} gives back more than it took");
        refunds.push(back);
        if back < amount || amount == 0 {
            facts.push(fact(row, "ordered_at", Some(amount - back)));
        }
    }
    for row in rows(dir, "touches.csv") {
        if fault(&row, "touches.csv", &stores).is_none() {
            facts.push(fact(&row, "at", None));
        }
    }
    (facts, refunds)
}

/// Users, buyers, orders and fen of members in a window at some stores.
fn formula(facts: &[Fact], stores: &HashSet<String>, from: &str, to: &str) -> [f64; 4] {
    let inside =
        |f: &&Fact| !f.member.is_empty() && stores.contains(&f.store) && f.day.as_str() >= from && f.day.as_str() <= to;
    let users: HashSet<_> = facts.iter().filter(inside).map(|f| &f.member).collect();
    let bought: Vec<_> = facts.iter().filter(inside).filter(|f| f.order.is_some()).collect();
    let buyers: HashSet<_> = bought.iter().map(|f| &f.member).collect();
    let sum: i64 = bought.iter().filter_map(|f| f.order).sum();
    [users.len() as f64, buyers.len() as f64, bought.len() as f64, sum as f64]
}

#[test]
fn wrong_rows_sums_and_planted_truths_hold_in_a_plain_recount_of_the_small_sample() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let made = make(dir.path(), 20_000, 60, sample::DEFAULT_SEED);
    let text = std::fs::read(dir.path().join("truths.json")).expect("written");
    let truths: Truths = serde_json::from_slice(&text).expect("readable");
    assert_eq!(truths, made.truths);
    assert_eq!(recount_dirt(dir.path()), truths.dirty);

    let (facts, refunds) = facts(dir.path());
    let totals = &truths.totals;
    let of = |anonymous: bool| facts.iter().filter(move |f| f.order.is_some() && f.member.is_empty() == anonymous);
    let sum = |anonymous| of(anonymous).filter_map(|f| f.order).sum::<i64>();
    assert_eq!(of(false).count() as u64, totals.orders);
    assert_eq!(of(true).count() as u64, totals.anonymous_orders);
    assert_eq!(sum(true), totals.anonymous_sales);
    assert_eq!(sum(false) + sum(true), totals.sales);
    assert_eq!(refunds.iter().sum::<i64>(), totals.refunded);
    assert_eq!(totals.sales + totals.refunded, totals.gross_sales);
    assert_eq!(facts.iter().filter(|f| f.order.is_none()).count() as u64, totals.touches);
    let share = totals.anonymous_orders as f64 / (totals.orders + totals.anonymous_orders) as f64;
    assert!((0.14..0.16).contains(&share), "anonymous share {share}");
    assert!((0.14..0.16).contains(&made.anonymous_share), "anonymous share {}", made.anonymous_share);

    let stores: Vec<_> = rows(dir.path(), "stores.csv").collect();
    let regions: BTreeMap<String, HashSet<String>> = stores.iter().fold(BTreeMap::new(), |mut regions, s| {
        regions.entry(s["region"].to_owned()).or_default().insert(s["store_id"].to_owned());
        regions
    });
    let factors = |stores: &HashSet<String>, this: (&str, &str), last: (&str, &str)| {
        let (now, then) = (formula(&facts, stores, this.0, this.1), formula(&facts, stores, last.0, last.1));
        let users = now[0] / then[0];
        let conversion = now[1] / now[0] / (then[1] / then[0]);
        let aov = now[3] / now[2] / (then[3] / then[2]);
        let mean = (now[3] - then[3]) / (now[3] / then[3]).ln();
        (users, conversion, aov, mean)
    };

    // 华东: a quarter off, users kept, and the largest negative conversion contribution of the quarter.
    let (users, conversion, ..) = factors(&regions["华东"], ("2025-02-10", "2025-03-31"), ("2024-02-10", "2024-03-31"));
    assert!((0.92..1.05).contains(&users), "华东 users {users}");
    assert!((0.70..0.82).contains(&conversion), "华东 conversion {conversion}");
    let quarter = (("2025-01-01", "2025-03-31"), ("2024-01-01", "2024-03-31"));
    let split: BTreeMap<_, _> = regions
        .iter()
        .map(|(name, stores)| {
            let (users, conversion, _, mean) = factors(stores, quarter.0, quarter.1);
            (name.as_str(), (mean * users.ln(), mean * conversion.ln()))
        })
        .collect();
    let worst = split.iter().min_by(|a, b| a.1.1.total_cmp(&b.1.1)).expect("eight regions");
    let most_users = split.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0)).expect("eight regions");
    assert_eq!((*worst.0, *most_users.0), ("华东", "华南"), "{split:?}");

    // 北京三里屯店: order value doubled.
    let store = |truth: &str| {
        let id = truths.truth(truth).expect("planted").scope["store"].as_str().expect("a store").to_owned();
        HashSet::from([id])
    };
    let (_, _, aov, _) =
        factors(&store("store_aov_doubles"), ("2025-01-06", "2025-03-31"), ("2024-01-06", "2024-03-31"));
    assert!((1.6..2.5).contains(&aov), "doubled store {aov}");

    // 西南's campaign: more users and more of them buying than in any other region.
    let fortnight = (("2025-03-01", "2025-03-14"), ("2024-03-01", "2024-03-14"));
    let rise = |name: &str| {
        let (users, conversion, ..) = factors(&regions[name], fortnight.0, fortnight.1);
        users * conversion
    };
    assert!(rise("西南") > 1.3, "西南 {}", rise("西南"));
    assert!(regions.keys().all(|name| name == "西南" || rise(name) < rise("西南")));

    // 沈阳中街店: silent from the day it closes, lively before.
    let closed = store("store_closes");
    assert_eq!(formula(&facts, &closed, "2024-12-01", "2025-03-31"), [0.0; 4]);
    assert!(facts.iter().all(|f| !closed.contains(&f.store) || f.day.as_str() < "2024-12-01"));
    assert!(formula(&facts, &closed, "2024-10-01", "2024-11-30")[1] > 5.0);
}

#[test]
fn targets_sum_from_stores_over_regions_to_the_whole_and_lie_near_what_was_sold() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let made = make(dir.path(), 2_000, 40, 5);
    let region_of: HashMap<String, String> =
        rows(dir.path(), "stores.csv").map(|s| (s["store_id"].to_owned(), s["region"].to_owned())).collect();
    let (mut whole, mut regions, mut of_stores) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::<_, i64>::new());
    let mut seen = HashSet::new();
    for row in rows(dir.path(), "targets.csv") {
        let (month, amount) = (row["month"].to_owned(), fen(&row["amount"]).expect("an amount"));
        assert!(("2023-04".."2025-04").contains(&month.as_str()) && amount > 0 && amount % 10_000 == 0, "{month}");
        assert!(seen.insert((month.clone(), row["region"].to_owned(), row["store_id"].to_owned())), "{month} twice");
        match (&row["region"], &row["store_id"]) {
            ("", "") => {
                whole.insert(month, amount);
            }
            (region, "") => {
                regions.insert((month, region.to_owned()), amount);
            }
            ("", store) => *of_stores.entry((month, region_of[store].clone())).or_default() += amount,
            both => panic!("a target is of one scope, not of {both:?}"),
        }
    }
    assert_eq!((whole.len(), made.truths.rows["targets.csv"]), (24, seen.len() as u64));
    assert_eq!(regions, of_stores);
    for (month, amount) in &whole {
        assert_eq!(regions.iter().filter(|((m, _), _)| m == month).map(|(_, a)| a).sum::<i64>(), *amount, "{month}");
    }
    let all = whole.values().sum::<i64>() as f64 / made.truths.totals.gross_sales as f64;
    assert!((0.95..1.10).contains(&all), "targets are {all} of sales");
}

#[test]
fn every_question_beside_a_truth_can_be_asked() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let made = make(dir.path(), 100, 60, 1);
    for truth in &made.truths.truths {
        let question: model::Question = serde_json::from_value(truth.question.clone()).expect("a question");
        assert_eq!(question.ask.len(), 1, "{}", truth.id);
    }
    assert_eq!(made.truths.truths.len(), 5);
}
