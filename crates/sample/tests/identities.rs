//! Identities as whoever joins them meets them: what the files say, held against whose they truly are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::OnceLock;

use sample::{Options, Summary, generate};
use serde::Deserialize;

#[derive(Clone, Deserialize)]
struct Identity {
    channel_id: String,
    external_id: String,
    member_id: String,
    phone_hash: String,
    union_id: String,
    open_id: String,
    payment_id: String,
    seen_at: String,
}

#[derive(Deserialize)]
struct Whose {
    channel_id: String,
    external_id: String,
    person: String,
}

/// A fact, as far as it says who it is of; columns that a file does not have are empty.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Fact {
    order_id: String,
    member_id: String,
    channel_id: String,
    external_id: String,
    phone_hash: String,
    union_id: String,
    open_id: String,
    payment_id: String,
}

impl Fact {
    fn keys(&self) -> [&str; 5] {
        [&self.external_id, &self.phone_hash, &self.union_id, &self.open_id, &self.payment_id]
    }
}

fn read<T: for<'d> Deserialize<'d>>(dir: &Path, file: &str) -> Vec<T> {
    let mut reader = csv::Reader::from_path(dir.join(file)).expect("the sample has this file");
    reader.deserialize().map(|row| row.expect("a row of this form")).collect()
}

fn make(members: u32, stores: u32, identities_only: u8, recycled_phones: f64) -> (tempfile::TempDir, Summary) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let options = Options { members, stores, identities_only, recycled_phones, ..Options::new(dir.path()) };
    let made = generate(&options, &mut |_, _| {}).expect("a sample can be made");
    (dir, made)
}

/// The hard kind, made once for all who look at it.
fn hard() -> &'static (tempfile::TempDir, Summary) {
    static HARD: OnceLock<(tempfile::TempDir, Summary)> = OnceLock::new();
    HARD.get_or_init(|| make(20_000, 60, 40, 2.0))
}

/// Identities with whose they are.
fn identities(dir: &Path) -> Vec<(Identity, String)> {
    let truth: Vec<Whose> = read(dir, "truth_identities.csv");
    let truth: HashMap<_, _> = truth.into_iter().map(|w| ((w.channel_id, w.external_id), w.person)).collect();
    let rows: Vec<Identity> = read(dir, "identities.csv");
    assert_eq!(truth.len(), rows.len(), "each account once");
    let whose = |row: &Identity| truth[&(row.channel_id.clone(), row.external_id.clone())].clone();
    rows.into_iter().map(|row| (whose(&row), row)).map(|(person, row)| (row, person)).collect()
}

/// A key's value, unless an export spelled out that there is none.
fn value(text: &str) -> Option<&str> {
    Some(text).filter(|text| !["", "NULL", "null", "N/A", "\\N", "-", "无"].contains(text))
}

fn hash(dir: &Path, file: &str) -> String {
    blake3::hash(&std::fs::read(dir.join(file)).expect("the sample has this file")).to_hex().to_string()
}

#[test]
fn without_the_option_every_fact_names_its_member_and_identities_change_no_fact() {
    let (plain, _) = make(1_000, 40, 0, 0.3);
    let (harder, _) = make(1_000, 40, 0, 20.0);
    for file in ["orders.csv", "returns.csv", "touches.csv", "members.csv"] {
        assert_eq!(hash(plain.path(), file), hash(harder.path(), file), "{file}");
    }
    assert_ne!(hash(plain.path(), "identities.csv"), hash(harder.path(), "identities.csv"));
    // As it was before identities had a stream of draws of their own: figures and pictures rest on these files.
    assert_eq!(hash(plain.path(), "orders.csv"), "GOLDEN_ORDERS");
    assert_eq!(hash(plain.path(), "touches.csv"), "GOLDEN_TOUCHES");
    assert!(!plain.path().join("truth_orders.csv").exists());
}

#[test]
fn without_the_option_an_identity_that_names_no_member_is_its_members_beyond_doubt() {
    let (dir, made) = make(10_000, 60, 0, 2.0);
    let rows = identities(dir.path());
    let mut known: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut each: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, person) in &rows {
        assert!(row.member_id.is_empty() || row.member_id == *person);
        let leads = known.entry(person).or_default();
        if row.member_id.is_empty() {
            let leads = |key: &str| leads.contains(key);
            assert!(leads(&row.union_id) || leads(&row.phone_hash), "{} {}", row.channel_id, row.external_id);
        }
        leads.extend([&row.union_id, &row.phone_hash].into_iter().filter_map(|key| value(key)));
        *each.entry(person).or_default() += 1;
    }
    assert_eq!(each.len(), 10_000, "everybody joined by an identity");
    let sizes: BTreeSet<usize> = each.values().copied().collect();
    assert_eq!(sizes, (1..=6).collect());
    let planted = made.truths.identities;
    assert_eq!(planted.identities, rows.len() as u64);
    assert_eq!(planted.with_member_id, rows.iter().filter(|(row, _)| !row.member_id.is_empty()).count() as u64);
    let silent = planted.identities - planted.with_member_id;
    assert!(silent * 5 > planted.identities, "{silent} of {} leave something to join", planted.identities);
    assert_eq!((planted.unlinkable, planted.orders_by_keys, planted.touches_by_keys), (0, 0, 0));
}

#[test]
fn what_is_shared_is_shared_by_many_and_numbers_change_hands_after_a_pause() {
    let (dir, made) = hard();
    let mut holders: HashMap<&str, BTreeMap<&str, (&str, &str)>> = HashMap::new();
    let rows = identities(dir.path());
    for (row, person) in &rows {
        if let Some(phone) = value(&row.phone_hash) {
            let seen = holders.entry(phone).or_default().entry(person).or_insert((&row.seen_at, &row.seen_at));
            *seen = (seen.0.min(&row.seen_at), seen.1.max(&row.seen_at));
        }
    }
    let planted = &made.truths.identities;
    let over = holders.values().filter(|people| people.len() >= 12).count() as u64;
    assert_eq!(over, planted.over_shared_phones);
    assert!(over >= 5, "{over} over-shared phones");
    let two: Vec<_> = holders.values().filter(|people| people.len() == 2).collect();
    assert_eq!(two.len() as u64, planted.recycled_phones);
    assert!((100..=400).contains(&two.len()), "{} of 400 numbers that changed hands were seen with both", two.len());
    let day = |text: &str| text[..10].parse::<chrono::NaiveDate>().expect("a day");
    for people in two {
        let mut spans: Vec<_> = people.values().collect();
        spans.sort();
        let pause = day(spans[1].0) - day(spans[0].1);
        assert!(pause.num_days() >= 90, "{spans:?}");
    }
    // A family pays by one account: it is on identities of two people, never of more.
    let mut payers: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (row, person) in &rows {
        payers.entry(&row.payment_id).or_default().insert(person);
    }
    let shared = payers.iter().filter(|(key, people)| value(key).is_some() && people.len() > 1);
    assert!(shared.clone().count() > 5 && shared.clone().all(|(_, people)| people.len() == 2));
    assert!(planted.family_payments > 20 && planted.typed_wrong > 5 && planted.spelled_nothing > 20, "{planted:?}");
}

#[test]
fn facts_that_name_no_member_bear_keys_that_are_their_persons() {
    let (dir, made) = hard();
    let rows = identities(dir.path());
    let mut whose: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for (row, person) in &rows {
        let account = [("external_id", row.external_id.as_str())];
        let keys = [
            ("phone_hash", row.phone_hash.as_str()),
            ("union_id", row.union_id.as_str()),
            ("open_id", row.open_id.as_str()),
            ("payment_id", row.payment_id.as_str()),
        ];
        for key in account.into_iter().chain(keys).filter(|(_, text)| value(text).is_some()) {
            whose.entry(key).or_default().insert(person);
        }
    }
    #[derive(Deserialize)]
    struct Order {
        order_id: String,
        person: String,
    }
    let truth: Vec<Order> = read(dir.path(), "truth_orders.csv");
    let truth: HashMap<&str, &str> = truth.iter().map(|o| (o.order_id.as_str(), o.person.as_str())).collect();
    let orders: Vec<Fact> = read(dir.path(), "orders.csv");
    let (mut by_keys, mut by_payment, mut anonymous, mut found, mut live) = (HashSet::new(), 0, 0u64, 0u64, 0u64);
    for order in &orders {
        let keys = order.keys();
        let bears = keys.iter().any(|key| !key.is_empty());
        assert!(!(bears && !order.member_id.is_empty()), "{} says it twice", order.order_id);
        assert_eq!(bears, truth.contains_key(order.order_id.as_str()), "{}", order.order_id);
        anonymous += u64::from(!bears && order.member_id.is_empty());
        if !bears || !by_keys.insert(&order.order_id) {
            continue;
        }
        by_payment += u64::from(keys[..4].iter().all(|key| key.is_empty()));
        live +=
            u64::from(order.channel_id == "douyin_live" && !order.open_id.is_empty() && order.external_id.is_empty());
        let person = truth[order.order_id.as_str()];
        let names = ["external_id", "phone_hash", "union_id", "open_id", "payment_id"];
        let mut leads = names.into_iter().zip(keys).filter_map(|key| whose.get(&key));
        found += u64::from(leads.any(|people| people.contains(person)));
    }
    let planted = &made.truths.identities;
    assert_eq!((by_keys.len() as u64, by_payment), (planted.orders_by_keys, planted.orders_by_payment));
    assert!(by_payment > 1_000 && live > 50, "{by_payment} payment-only, {live} open id only");
    let known = orders.iter().filter(|order| !order.member_id.is_empty()).count() as u64;
    let share = by_keys.len() as f64 / (by_keys.len() as u64 + known) as f64;
    assert!((0.15..0.40).contains(&share), "{share} of members' orders name no member");
    // Hardly any has a key that leads nowhere.
    assert!(found as f64 > 0.985 * by_keys.len() as f64, "{found} of {} lead to an identity", by_keys.len());
    let anonymous_share = anonymous as f64 / orders.len() as f64;
    assert!((0.14..0.16).contains(&anonymous_share), "as many strangers as ever: {anonymous_share}");
    let touches: Vec<Fact> = read(dir.path(), "touches.csv");
    let by_keys = touches.iter().filter(|touch| touch.keys().iter().any(|key| !key.is_empty())).count() as u64;
    assert_eq!(by_keys, planted.touches_by_keys);
    assert!(touches.iter().all(|touch| !touch.member_id.is_empty() || touch.keys().iter().any(|key| !key.is_empty())));
}

#[test]
fn a_larger_share_keeps_what_a_smaller_one_has() {
    let borne = |percent| {
        let (dir, _) = make(1_000, 20, percent, 0.3);
        let orders: Vec<Fact> = read(dir.path(), "orders.csv");
        let bears = |order: &Fact| order.keys().iter().any(|key| !key.is_empty());
        orders.iter().filter(|o| bears(o)).map(|o| o.order_id.clone()).collect::<HashSet<_>>()
    };
    let (some, more) = (borne(20), borne(80));
    assert!(some.is_subset(&more) && some.len() * 2 < more.len(), "{} {}", some.len(), more.len());
}

/// Joins identities by whatever they share and is one person's: the most that anybody could join rightly.
#[test]
fn nearly_every_identity_can_be_joined_to_its_person() {
    let (dir, made) = hard();
    let mut of_person: HashMap<String, Vec<Identity>> = HashMap::new();
    for (row, person) in identities(dir.path()) {
        of_person.entry(person).or_default().push(row);
    }
    let (mut pairs, mut joinable) = (0u64, 0u64);
    for rows in of_person.values() {
        let mut group: Vec<usize> = (0..rows.len()).collect();
        for a in 0..rows.len() {
            for b in 0..a {
                let keys = |row: &Identity| {
                    [&row.member_id, &row.phone_hash, &row.union_id, &row.open_id, &row.payment_id].map(String::clone)
                };
                let meet = keys(&rows[a]).iter().zip(&keys(&rows[b])).any(|(x, y)| value(x).is_some() && x == y);
                if meet {
                    let (from, to) = (group[a], group[b]);
                    group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
                }
            }
        }
        for a in 0..rows.len() {
            for b in 0..a {
                pairs += 1;
                joinable += u64::from(group[a] == group[b]);
            }
        }
    }
    let recall = joinable as f64 / pairs as f64;
    assert!((0.993..1.0).contains(&recall), "{recall} of pairs share a chain of keys");
    let planted = &made.truths.identities;
    assert!(planted.unlinkable > 50 && planted.unlinkable * 100 < planted.identities, "{planted:?}");
}

#[test]
fn shares_that_cannot_be_made_say_which_can() {
    for (identities_only, recycled_phones, hint) in
        [(101, 0.3, "from 0 to 100"), (0, 20.5, "0 to 20"), (0, -1.0, "0 to 20")]
    {
        let options = Options { identities_only, recycled_phones, ..Options::new("never-made") };
        let error = generate(&options, &mut |_, _| {}).expect_err("out of range").to_string();
        assert!(error.contains(hint), "{error}");
    }
    assert!(!Path::new("never-made").exists());
}
