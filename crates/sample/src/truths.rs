//! What was planted: `truths.json`, for tests to compare with and for people to look for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::calendar::{
    CAMPAIGNS, CLOSES, DAYS, DOUBLES, DayNumber, EAST_LEFT, FALLS, LIFT_CONVERSION, LIFT_FROM, LIFT_TO, LIFT_TRAFFIC,
    SOUTHWEST_CAMPAIGN, date_of,
};
use crate::dirt::DirtyCounts;
use crate::identities::IdentityTruths;
use crate::ledger::Totals;
use crate::places::{EAST, REGIONS, SOUTH, SOUTHWEST};
use crate::stores::Stores;

/// The content of `truths.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truths {
    /// Says that the folder is a sample; only such a folder is written over.
    pub made_by: String,
    /// The invented retailer.
    pub brand: String,
    /// Seed of the sample.
    pub seed: u64,
    /// First day with facts, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day with facts.
    pub last_day: String,
    /// The planted changes.
    pub truths: Vec<Truth>,
    /// Wrong rows by file and reason, in the builder's codes.
    pub dirty: DirtyCounts,
    /// Columns outside the source contract, by file.
    pub unknown_columns: BTreeMap<String, Vec<String>>,
    /// Rows after the header, by file, wrong ones included.
    pub rows: BTreeMap<String, u64>,
    /// What was planted among the identities.
    pub identities: IdentityTruths,
    /// Sums that a builder must arrive at.
    pub totals: Totals,
}

/// A planted change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Stable name.
    pub id: String,
    /// Which factor moves: `conversion`, `aov`, `users`, `users_and_conversion`, `store_closed`.
    pub kind: String,
    /// Where: `{"region": …}`, or `{"store": id, "name": …}`.
    pub scope: Value,
    /// First day of the change.
    pub from: String,
    /// Last day of it; none if it lasts.
    pub to: Option<String>,
    /// What each moved factor is multiplied by.
    pub factor: BTreeMap<String, f64>,
    /// In words, English.
    pub en: String,
    /// In words, Chinese.
    pub zh: String,
    /// A question whose answer shows it.
    pub question: Value,
    /// Where in the answer to look.
    pub look_at: String,
}

impl Truths {
    /// The truth of this name.
    pub fn truth(&self, id: &str) -> Option<&Truth> {
        self.truths.iter().find(|truth| truth.id == id)
    }
}

fn text(day: DayNumber) -> String {
    date_of(day).to_string()
}

fn window(from: &str, to: &str) -> Value {
    json!({ "from": from, "to": to })
}

fn question(window: Value, compare: Value, filter: Value, ask: Value) -> Value {
    json!({ "window": window, "compare": compare, "filter": filter, "ask": [ask] })
}

fn factors<const N: usize>(pairs: [(&str, f64); N]) -> BTreeMap<String, f64> {
    pairs.into_iter().map(|(name, factor)| (name.to_owned(), factor)).collect()
}

/// The planted changes in words and numbers.
pub(crate) fn planted(stores: &Stores) -> Vec<Truth> {
    let quarter = || (window("2025-01-01", "2025-03-31"), window("2024-01-01", "2024-03-31"));
    let by_region = || json!({ "growth": { "by": "region" } });
    let by_store = || json!({ "growth": { "by": "store" } });
    let region = |index: usize| json!({ "region": REGIONS[index].name });
    let store = |index: u16| {
        let it = &stores.list[usize::from(index)];
        (json!({ "store": it.id, "name": it.name }), it.id.clone(), it.name.clone())
    };
    let (doubled, doubled_id, doubled_name) = store(stores.doubled);
    let (closed, closed_id, closed_name) = store(stores.closed);
    let lift = &CAMPAIGNS[usize::from(SOUTHWEST_CAMPAIGN)];
    let (this, last) = quarter();
    let (this_again, last_again) = quarter();
    vec![
        Truth {
            id: "east_conversion_falls".to_owned(),
            kind: "conversion".to_owned(),
            scope: region(EAST),
            from: text(FALLS),
            to: None,
            factor: factors([("conversion", EAST_LEFT)]),
            en: "From 2025-02-10 on a quarter of 华东's buyers, most of them occasional ones, no longer buy; they still come, \
                 so users stay. Over the whole first quarter the fall is smaller, because January is untouched."
                .to_owned(),
            zh: "2025年2月10日起，华东四分之一的买家（多为低频顾客）不再下单，但仍然到访：用户数不变，转化率下降四分之一。\
                 放到整个一季度看，降幅会小一些，因为1月未受影响。"
                .to_owned(),
            question: question(this, last, json!({}), by_region()),
            look_at: "groups: 华东's contributions.conversion is the most negative of all regions and factors"
                .to_owned(),
        },
        Truth {
            id: "store_aov_doubles".to_owned(),
            kind: "aov".to_owned(),
            scope: doubled,
            from: text(DOUBLES),
            to: None,
            factor: factors([("aov", 2.0)]),
            en: format!("From 2025-01-06 on every order at {doubled_name} ({doubled_id}) is worth twice as much."),
            zh: format!("2025年1月6日起，{doubled_name}（{doubled_id}）的客单价翻倍。"),
            question: question(
                window("2025-01-06", "2025-03-31"),
                window("2024-01-06", "2024-03-31"),
                json!({ "stores": [doubled_id] }),
                json!({ "growth": {} }),
            ),
            look_at: "window.aov is about twice compare.aov; contributions.aov is the largest".to_owned(),
        },
        Truth {
            id: "southwest_campaign".to_owned(),
            kind: "users_and_conversion".to_owned(),
            scope: json!({ "region": REGIONS[SOUTHWEST].name, "campaign": lift.id }),
            from: text(LIFT_FROM),
            to: Some(text(LIFT_TO)),
            factor: factors([("visits", LIFT_TRAFFIC), ("orders_per_visit", LIFT_CONVERSION)]),
            en: format!(
                "{} ({}) brings 西南 1.7 times the visits and 1.3 times the orders a visit for two weeks; \
                 distinct users rise a little less than visits.",
                lift.name, lift.id
            ),
            zh: format!(
                "{}（{}）两周内给西南带来1.7倍到访、每次到访1.3倍下单；去重后的用户数涨幅略小于到访。",
                lift.name, lift.id
            ),
            question: question(
                window(&text(LIFT_FROM), &text(LIFT_TO)),
                window("2024-03-01", "2024-03-14"),
                json!({}),
                by_region(),
            ),
            look_at: "groups: 西南's users and conversion rise more than any other region's".to_owned(),
        },
        Truth {
            id: "south_traffic_grows".to_owned(),
            kind: "users".to_owned(),
            scope: region(SOUTH),
            from: text(0),
            to: None,
            factor: factors([("users_first_quarter_against_the_year_before", 1.10)]),
            en: "华南's users grow evenly over the two years: about 10 % from one first quarter to the next."
                .to_owned(),
            zh: "华南的用户数两年里匀速增长：一季度同比约增长10%。".to_owned(),
            question: question(this_again, last_again, json!({}), by_region()),
            look_at: "groups: 华南's contributions.users is the largest users contribution".to_owned(),
        },
        Truth {
            id: "store_closes".to_owned(),
            kind: "store_closed".to_owned(),
            scope: closed,
            from: text(CLOSES),
            to: None,
            factor: factors([("users", 0.0)]),
            en: format!(
                "{closed_name} ({closed_id}) closes: no touch and no order from 2024-12-01 on; \
                 its members go to another shop of the region."
            ),
            zh: format!("{closed_name}（{closed_id}）2024年12月1日起闭店，再无触点与订单；会员转到同大区其他门店。"),
            question: question(
                window("2025-01-01", "2025-03-31"),
                window("2024-01-01", "2024-03-31"),
                json!({ "stores": [closed_id] }),
                by_store(),
            ),
            look_at: "window.users is 0 and zero_case is no_users".to_owned(),
        },
    ]
}

/// The last day as text.
pub(crate) fn last_day() -> String {
    text(DAYS - 1)
}

/// The first day as text.
pub(crate) fn first_day() -> String {
    text(0)
}
