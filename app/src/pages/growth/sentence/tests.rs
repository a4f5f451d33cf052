//! The sentence, case by case.

use model::{Contributions, Figure, GrowthGroup};

use super::made_up::Dice;
use super::*;
use crate::i18n::Lang;
use crate::sentence::plain;

fn factors(users: i64, buyers: i64, sales: i64, anonymous: i64) -> Factors {
    let f = Figure::exact;
    let ratio = |a: i64, b: i64| Figure::exact((b > 0).then(|| a as f64 / b as f64));
    Factors {
        users: f(users),
        buyers: f(buyers),
        orders: f(buyers + anonymous.signum()),
        member_orders: f(buyers),
        sales: f(sales + anonymous),
        member_sales: f(sales),
        conversion: ratio(buyers, users),
        frequency: ratio(buyers, buyers),
        aov: ratio(sales, buyers),
        repeat_buyers: f(0),
        repurchase_rate: ratio(0, buyers),
        new_buyers: f(0),
        anonymous_orders: f(anonymous.signum()),
        anonymous_sales: f(anonymous),
    }
}

fn group(id: &str, now: i64, then: i64) -> GrowthGroup {
    GrowthGroup {
        id: id.into(),
        window: factors(10, 5, now, 0),
        compare: Some(factors(10, 5, then, 0)),
        contributions: None,
        zero_case: None,
    }
}

fn answer(now: Factors, then: Option<Factors>, parts: [i64; 4]) -> GrowthAnswer {
    let [users, conversion, frequency, aov] = parts.map(Figure::exact);
    GrowthAnswer {
        contributions: then.is_some().then_some(Contributions { users, conversion, frequency, aov }),
        window: now,
        compare: then,
        zero_case: None,
        groups: vec![],
        mix: None,
    }
}

fn say(answer: &GrowthAnswer, lang: Lang) -> String {
    let style = Style { lang, currency: "CNY".into(), digits: 2 };
    plain(&sentence(answer, Compare::Year, &style, lang))
}

const M: i64 = 100_000_000;

#[test]
fn a_fall_names_what_dragged_then_what_gave_back_and_the_region() {
    let mut a = answer(factors(1000, 100, 90 * M, 0), Some(factors(1000, 110, 96 * M, 0)), [M, -9 * M, 0, 2 * M]);
    a.groups = vec![group("华东", 10 * M, 14 * M), group("华南", 20 * M, 22 * M)];
    assert_eq!(
        say(&a, Lang::Zh),
        "销售额 9000万，比去年同期少 6.3%：转化率拖累 −900万，客单价补回 +200万；下滑最多的是 华东（−400万，占下滑的 67%）。"
    );
    assert_eq!(
        say(&a, Lang::En),
        "Sales of ¥90.0M, 6.3% less than the year before: conversion dragged −¥9.00M, order value gave back +¥2.00M; the largest fall was in 华东 (−¥4.00M, 67% of the fall)."
    );
}

#[test]
fn a_rise_never_speaks_of_falling() {
    let mut a = answer(factors(1000, 120, 110 * M, 0), Some(factors(1000, 100, 100 * M, 0)), [0, 12 * M, 0, -2 * M]);
    a.groups = vec![group("华东", 30 * M, 15 * M), group("华南", 10 * M, 15 * M)];
    let zh = say(&a, Lang::Zh);
    assert_eq!(
        zh,
        "销售额 1.10亿，比去年同期多 10.0%：转化率拉动 +1200万，客单价拖累 −200万；增长最多的是 华东（+1500万）。"
    );
    assert!(!say(&a, Lang::En).contains("fall"));
}

#[test]
fn a_change_too_small_to_show_is_level() {
    let a = answer(factors(1000, 100, 100 * M, 0), Some(factors(1000, 100, 100 * M, 0)), [0; 4]);
    assert_eq!(say(&a, Lang::Zh), "销售额 1.00亿，与去年同期基本持平。");
}

#[test]
fn nothing_compared_says_who_bought() {
    let a = answer(factors(1000, 100, 80 * M, 20 * M), None, [0; 4]);
    assert_eq!(
        say(&a, Lang::Zh),
        "销售额 1.00亿，100 位会员购买，客单价 ¥8.00亿，匿名订单占 20%。".replace("¥8.00亿", "¥80.0万")
    );
}

#[test]
fn from_nothing_there_is_no_growth_rate() {
    let mut a = answer(factors(10, 5, M, 0), Some(factors(0, 0, 0, 0)), [M, 0, 0, 0]);
    a.zero_case = Some(ZeroCase::NoUsers);
    assert_eq!(say(&a, Lang::Zh), "销售额 100万；去年同期没有销售额，无法算增幅。");
}

#[test]
fn a_zero_case_is_named_instead_of_causes() {
    let mut a = answer(factors(10, 0, 0, M), Some(factors(10, 5, M, M)), [0, -M, 0, 0]);
    a.zero_case = Some(ZeroCase::NoBuyers);
    assert_eq!(say(&a, Lang::Zh), "销售额 100万，比去年同期少 50.0%；有一期没有购买会员，变化全部记在转化率上。");
}

#[test]
fn no_orders_and_nobody_are_said_plainly() {
    let nobody = answer(factors(0, 0, 0, 0), None, [0; 4]);
    assert_eq!(say(&nobody, Lang::En), "Nobody and no orders in what is chosen.");
    let idle = answer(factors(7, 0, 0, 0), Some(factors(7, 1, M, 0)), [0; 4]);
    assert_eq!(say(&idle, Lang::Zh), "有 7 位会员有触点，但没有订单，去年同期销售额为 100万。");
}

#[test]
fn a_cause_whose_interval_crosses_zero_is_not_named() {
    let mut a = answer(factors(1000, 100, 90 * M, 0), Some(factors(1000, 110, 96 * M, 0)), [0, -6 * M, 0, 0]);
    let sure = a.contributions.as_mut().expect("compared");
    sure.conversion = Figure { value: -6 * M, low: -13 * M, high: M, too_few: false };
    assert_eq!(say(&a, Lang::Zh), "销售额 9000万，比去年同期少 6.3%。");
}

/// Words that only a fall, and words that only a rise, may bring.
const FALL: [&str; 5] = ["少 ", "下滑", "补回", " less than", "fall"];
const RISE: [&str; 4] = ["多 ", "增长", " more than", "rise"];

#[test]
fn whatever_the_answer_the_sentence_contradicts_none_of_its_numbers() {
    let mut dice = Dice(2024);
    let mut spoke_of = [0; 4];
    for round in 0..3_000 {
        let answer = made_up::answer(&mut dice, round % 5);
        let then = answer.compare.as_ref().expect("compared");
        let moved = difference(&answer.window.sales, &then.sales);
        for formula in [Formula::Users, Formula::Traffic] {
            let effects =
                formulas::effects(formula, &answer.window, then, answer.contributions.as_ref().expect("parts"));
            for lang in [Lang::Zh, Lang::En] {
                let style = Style { lang, currency: "CNY".into(), digits: 2 };
                let name = |id: &str| Piece::Region(id.to_owned());
                let pieces = written(&answer, formula, Compare::Year, &name, &style, lang);
                let said = plain(&pieces);
                let speaks = |words: &[&str]| words.iter().any(|word| said.contains(word));
                if speaks(&FALL) {
                    assert!(moved.value < 0 && certain(&moved), "{said}: {moved:?}");
                    spoke_of[0] += 1;
                }
                if speaks(&RISE) {
                    assert!(moved.value > 0 && certain(&moved), "{said}: {moved:?}");
                    spoke_of[1] += 1;
                }
                for (part, money) in &effects {
                    let factor = part.name(lang).to_lowercase();
                    for verb in
                        [t!(lang, sentence.dragged, factor = &factor), t!(lang, sentence.lifted, factor = &factor)]
                    {
                        if said.contains(&verb) {
                            assert!(certain(money), "{said}: {part:?} {money:?}");
                            assert_eq!(verb == t!(lang, sentence.dragged, factor = &factor), money.value < 0, "{said}");
                            spoke_of[2] += 1;
                        }
                    }
                }
                for piece in &pieces {
                    match piece {
                        Piece::Up(words) => assert!(words.starts_with('+'), "{said}"),
                        Piece::Down(words) => assert!(words.starts_with('−'), "{said}"),
                        Piece::Region(id) => {
                            leads(&answer, id, moved.value < 0, &said);
                            spoke_of[3] += 1;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    // The rules were put to the test, not the silence.
    assert!(spoke_of.iter().all(|times| *times > 200), "{spoke_of:?}");
}

/// The group named went further than any other in the whole's direction, whatever the intervals leave open.
fn leads(answer: &GrowthAnswer, id: &str, fell: bool, said: &str) {
    let moved = |group: &GrowthGroup| difference(&group.window.sales, &group.compare.as_ref().expect("compared").sales);
    let named = answer.groups.iter().find(|group| group.id == id).map(moved).expect("a group");
    for other in answer.groups.iter().filter(|group| group.id != id).map(moved) {
        let behind = if fell { named.high < other.low } else { named.low > other.high };
        assert!(behind, "{said}: {named:?} {other:?}");
    }
}

#[test]
fn a_difference_within_the_margin_is_neither_more_nor_less() {
    let mut a = answer(factors(1000, 100, 90 * M, 0), Some(factors(1000, 110, 96 * M, 0)), [0, -6 * M, 0, 0]);
    a.window.sales = Figure { value: 90 * M, low: 80 * M, high: 100 * M, too_few: false };
    assert_eq!(say(&a, Lang::Zh), "销售额 9000万，与去年同期的差异还在误差之内。");
    assert_eq!(say(&a, Lang::En), "Sales of ¥90.0M; the difference from the year before is within the margin so far.");
}

#[test]
fn two_groups_that_may_have_moved_as_much_are_not_ranked() {
    let mut a = answer(factors(1000, 100, 90 * M, 0), Some(factors(1000, 110, 96 * M, 0)), [0; 4]);
    a.groups = vec![group("华东", 10 * M, 14 * M), group("华南", 20 * M, 24 * M)];
    assert!(!say(&a, Lang::Zh).contains('华'));
    a.groups[0].compare = Some(factors(10, 5, 15 * M, 0));
    assert!(say(&a, Lang::Zh).contains("下滑最多的是 华东"));
}

#[test]
fn the_formula_of_traffic_names_orders_and_their_value() {
    let a = answer(factors(1000, 90, 90 * M, 0), Some(factors(1000, 100, 80 * M, 0)), [0; 4]);
    let style = Style { lang: Lang::En, currency: "CNY".into(), digits: 2 };
    let name = |id: &str| Piece::Region(id.to_owned());
    let said = plain(&written(&a, Formula::Traffic, Compare::Year, &name, &style, Lang::En));
    assert_eq!(
        said,
        "Sales of ¥90.0M, 12.5% more than the year before: order value lifted +¥18.9M, orders dragged −¥8.95M."
    );
}
