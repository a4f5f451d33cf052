//! What the pages say about answers that are easy to check by eye, in both languages.

use model::{
    Answer, Cohort, CohortsAnswer, Day, Factors, Figure, FunnelAnswer, FunnelStep, GrowthAnswer, GrowthGroup, Measures,
    Ratio, ReturnCurve, Rung, StoreRow,
};

use super::tests::said;
use crate::i18n::Lang;

fn n(value: i64) -> Figure<i64> {
    Figure::exact(value)
}

fn r(value: f64) -> Ratio {
    Ratio::exact(Some(value))
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn both(path: &str, query: &str, answers: &[Answer]) -> [String; 2] {
    [Lang::Zh, Lang::En].map(|lang| said(path, query, lang, answers.to_vec()))
}

pub(super) fn factors(orders: i64, anonymous: i64, sales: i64) -> Factors {
    let known = orders - anonymous;
    Factors {
        users: n(known),
        buyers: n(known),
        orders: n(orders),
        member_orders: n(known),
        sales: n(sales),
        member_sales: n(sales),
        conversion: r(1.0),
        frequency: r(1.0),
        aov: r(1.0),
        repeat_buyers: n(0),
        repurchase_rate: r(0.0),
        new_buyers: n(0),
        anonymous_orders: n(anonymous),
        anonymous_sales: n(0),
    }
}

fn growth(window: Factors, compare: Option<Factors>, groups: Vec<GrowthGroup>) -> Answer {
    Answer::Growth(Box::new(GrowthAnswer { window, compare, contributions: None, zero_case: None, groups, mix: None }))
}

fn step(members: i64, first: f64) -> FunnelStep {
    FunnelStep { members: n(members), rate_from_first: r(first), rate_from_previous: r(0.5), median_days: r(1.0) }
}

fn funnel(counts: &[i64]) -> Answer {
    let first = counts[0].max(1) as f64;
    let steps = counts.iter().map(|members| step(*members, *members as f64 / first)).collect();
    Answer::Funnel(FunnelAnswer { steps, groups: vec![] })
}

#[test]
fn the_funnel_names_the_step_that_loses_most() {
    assert_eq!(
        both("/funnel", "", &[funnel(&[1000, 900, 300, 100])]),
        [
            "1,000 位会员进入「到访」，10.00% 走到「第 2 单」；流失最多的是「加好友」到「第 1 单」，少了 600 人。",
            "1,000 members entered by Visit; 10.00% of them reached Order 2; most were lost between Add friend and Order 1: 600.",
        ]
    );
    // Nobody lost, nobody there.
    assert!(!both("/funnel", "", &[funnel(&[10, 10, 10, 10])])[1].contains("lost"));
    assert_eq!(
        both("/funnel", "", &[funnel(&[0, 0, 0, 0])])[1],
        "Nobody entered by the step Visit in the days chosen."
    );
}

fn cohort(period: &str, immature_from: u32, rates: &[f64]) -> Cohort {
    Cohort {
        period: period.into(),
        from: day(&format!("{period}-01")),
        size: n(100),
        active: rates.iter().map(|rate| n((rate * 100.0) as i64)).collect(),
        rate: rates.iter().map(|rate| r(*rate)).collect(),
        sales: rates.iter().map(|_| n(1)).collect(),
        value: rates.iter().map(|_| r(1.0)).collect(),
        immature_from,
    }
}

#[test]
fn cohorts_speak_only_of_periods_that_are_over() {
    let old = CohortsAnswer {
        cohorts: vec![cohort("2025-01", 3, &[1.0, 0.3, 0.2]), cohort("2025-02", 1, &[1.0, 0.9])],
        weighted: vec![r(1.0), r(0.3), r(0.2)],
        simple: vec![r(1.0), r(0.3), r(0.2)],
    };
    assert_eq!(
        both("/cohorts", "", &[Answer::Cohorts(old.clone())]),
        [
            "1 个已满次月的首单同期群里，30.00% 的会员在次期有订单。",
            "Of 1 first-order cohorts with a complete next month, 30.00% of members ordered in it.",
        ]
    );
    assert!(both("/cohorts", "mode=on_or_after&anchor=joined", &[Answer::Cohorts(old)])[1].contains("joining"));
    let young =
        CohortsAnswer { cohorts: vec![cohort("2025-03", 1, &[1.0])], weighted: vec![r(1.0)], simple: vec![r(1.0)] };
    assert_eq!(both("/cohorts", "", &[Answer::Cohorts(young)])[0], "还没有哪个同期群过完第二期，无法说留存。");
}

fn store(id: &str, rank: u32, z: Option<f64>, now: i64, then: i64) -> (StoreRow, GrowthGroup) {
    let row = StoreRow {
        store: id.into(),
        rank,
        rank_low: rank,
        rank_high: rank,
        compare_rank: None,
        window: Measures { sales: Some(n(now)), ..Measures::default() },
        shrunken: Default::default(),
        compare: Some(Measures { sales: Some(n(then)), ..Measures::default() }),
        sales_z: z,
    };
    let (window, compare) = (factors(1, 0, now), Some(factors(1, 0, then)));
    (row, GrowthGroup { id: id.into(), window, compare, contributions: None, zero_case: None })
}

fn stores(list: Vec<(StoreRow, GrowthGroup)>, compared: bool) -> Vec<Answer> {
    let (rows, groups) = list.into_iter().unzip();
    let compare = compared.then(|| factors(2, 0, 2));
    vec![Answer::Stores(rows), growth(factors(2, 0, 2), compare, groups)]
}

#[test]
fn stores_within_chance_are_not_called_out() {
    let calm = stores(vec![store("S001", 1, Some(-1.9), 100, 500), store("S002", 2, None, 100, 0)], true);
    assert_eq!(both("/stores", "", &calm)[0], "2 家门店，没有一家的变化超出偶然波动。");
    let moved =
        stores(vec![store("S001", 1, Some(-4.0), 500_000, 900_000), store("S002", 2, Some(2.5), 200, 100)], true);
    assert_eq!(
        both("/stores", "", &moved),
        [
            "2 家门店，变化超出偶然波动的有 1 家下滑、1 家增长；损失最大的是 上海南京西路店（−¥4,000）。",
            "2 stores; beyond chance, 1 fell and 1 rose; the largest loss is at 上海南京西路店 (−¥4,000).",
        ]
    );
    let risen = stores(vec![store("S002", 1, Some(2.5), 200, 100)], true);
    assert!(!both("/stores", "", &risen)[1].contains("loss"));
}

fn rung(members: i64, exactly: i64, stake: i64) -> Rung {
    Rung {
        n: 1,
        members: n(members),
        exactly: n(exactly),
        next: n(members - exactly),
        no_next_rate: if members > 0 { r(exactly as f64 / members as f64) } else { Ratio::exact(None) },
        median_days_to_next: r(10.0),
        survival_median_days: r(20.0),
        next_value: r(1.0),
        at_stake: n(stake),
        curve: ReturnCurve { days: vec![], returned: vec![], low: vec![], high: vec![] },
    }
}

#[test]
fn the_ladder_says_who_came_back_and_what_the_rest_would_be_worth() {
    assert_eq!(
        both("/ladder", "", &[Answer::Ladder(vec![rung(200, 50, 123_400)])]),
        [
            "200 位会员下过单，75.00% 又买了第二次；停在第一单的 50 位若各再买一次，值 ¥1,234。",
            "200 members have ordered; 75.00% of them came back for a second order; if the 50 who stopped at the first each ordered once more, that would be ¥1,234.",
        ]
    );
    assert_eq!(both("/ladder", "", &[Answer::Ladder(vec![rung(0, 0, 0)])])[0], "所选范围内还没有会员下过单。");
}
