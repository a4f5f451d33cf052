//! What the page says and draws of generated answers.

use model::{Answer, Cohort, CohortsAnswer, Day, Figure, Grain, Ratio};

use super::options::CohortsOptions;
use super::same_age::same_age;
use crate::boot::Page;
use crate::i18n::Lang;
use crate::pages::tests::{page, said};

/// A small generator (Steele, Lea & Flood 2014), so that every run sees the same answers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as i64
    }
}

fn ratio(a: i64, b: i64) -> Ratio {
    Ratio::exact((b > 0).then(|| a as f64 / b as f64))
}

/// Cohorts of consecutive months, each with a size and the members of period 1 and on; the last period of all is open
/// where `open` says so.
fn answer(sizes: &[i64], mut active: impl FnMut(usize, usize) -> i64, periods: usize, open: bool) -> CohortsAnswer {
    let first = Day::parse("2023-01-01").expect("a day");
    let count = sizes.len();
    let cohorts: Vec<Cohort> = sizes
        .iter()
        .enumerate()
        .map(|(i, &size)| {
            let from = first.plus_months(i as i32);
            let begun = (count - i).min(periods);
            let mature = (count - i - usize::from(open)).min(periods);
            let cells: Vec<i64> = (0..begun).map(|k| if k == 0 { size } else { active(i, k).clamp(0, size) }).collect();
            let mut spent = 0;
            Cohort {
                period: from.to_string()[..7].to_owned(),
                from,
                size: Figure::exact(size),
                rate: cells.iter().map(|n| ratio(*n, size)).collect(),
                sales: cells.iter().map(|n| Figure::exact(n * 10_000)).collect(),
                value: cells
                    .iter()
                    .map(|n| {
                        spent += n * 10_000;
                        ratio(spent, size)
                    })
                    .collect(),
                active: cells.into_iter().map(Figure::exact).collect(),
                immature_from: mature as u32,
            }
        })
        .collect();
    let mature = |k: usize| cohorts.iter().filter(move |c| k < c.immature_from as usize && c.size.value > 0);
    let weighted = (0..periods)
        .map(|k| ratio(mature(k).map(|c| c.active[k].value).sum(), mature(k).map(|c| c.size.value).sum()))
        .collect();
    let simple = (0..periods)
        .map(|k| {
            let rates: Vec<f64> = mature(k).filter_map(|c| c.rate[k].value).collect();
            Ratio::exact((!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64))
        })
        .collect();
    CohortsAnswer { cohorts, weighted, simple }
}

fn both(query: &str, answer: &CohortsAnswer) -> [String; 2] {
    [Lang::Zh, Lang::En].map(|lang| said("/cohorts", query, lang, vec![Answer::Cohorts(answer.clone())]))
}

#[test]
fn a_fall_beyond_chance_is_said_with_its_size_and_against_the_year_before() {
    let fell = answer(&[1000; 24], |i, _| if i >= 20 { 100 } else { 200 }, 12, false);
    let [zh, en] = both("", &fell);
    assert!(zh.contains("；最近 3 个（2024-09 至 2024-11）为 10.00%，比一年前同月的 20.00% 少 10.0 个百分点"), "{zh}");
    assert!(en.contains("stand at 10.00%, 10.0 points below the same months a year before (20.00%)"), "{en}");
    let rose = answer(&[1000; 24], |i, _| if i >= 20 { 300 } else { 200 }, 12, false);
    assert!(both("", &rose)[1].contains("10.0 points above"), "{:?}", both("", &rose));
    // Sixty of three thousand more: chance.
    let level = answer(&[1000; 24], |i, _| if i >= 20 { 210 } else { 200 }, 12, false);
    let [zh, en] = both("", &level);
    assert!(zh.contains("之差在偶然范围内") && en.contains("within chance of"), "{zh} {en}");
}

#[test]
fn generated_cohorts_never_hear_a_claim_that_their_numbers_contradict() {
    let mut dice = Dice(7);
    let (mut claims, mut chances) = (0, 0);
    for _ in 0..2_000 {
        let count = 1 + dice.below(30) as usize;
        let top = [3, 50, 4_000][dice.below(3) as usize];
        let sizes: Vec<i64> = (0..count).map(|_| dice.below(top)).collect();
        let (a, b, turn) = (dice.below(60), dice.below(60), dice.below(30));
        let open = dice.below(2) == 0;
        let periods = 1 + dice.below(24) as usize;
        let share = |i: usize| if (i as i64) < turn { a } else { b };
        let made = answer(&sizes, |i, _| sizes[i] * share(i) / 100 + dice.below(2), periods, open);
        let query = format!("periods={periods}");
        let [zh, en] = both(&query, &made);
        let found = same_age(&made, 1, &CohortsOptions::default(), 1.0).filter(|_| made.weighted.len() > 1);
        let says = |zh_words: &str, en_words: &str| {
            assert_eq!(zh.contains(zh_words), en.contains(en_words), "{zh} {en}");
            zh.contains(zh_words)
        };
        let (less, more) = (says(" 少 ", " points below "), says(" 多 ", " points above "));
        let chance = says("偶然范围内", "within chance");
        match found {
            None => assert!(!(less || more || chance), "{zh}"),
            Some(found) => {
                assert!(!less || (found.gap.high < 0.0 && found.now.value < found.then.value), "{zh}");
                assert!(!more || (found.gap.low > 0.0 && found.now.value > found.then.value), "{zh}");
                assert!(!chance || (found.gap.low <= 0.0 && found.gap.high >= 0.0), "{zh}");
                // Against the counts themselves, by the pooled test of two proportions: a claim has |z| > 1.6 at least.
                if less || more {
                    claims += 1;
                    let n = |names: &(String, String)| -> f64 {
                        let group = made.cohorts.iter().filter(|c| names.0 <= c.period && c.period <= names.1);
                        group.map(|c| c.size.value as f64).sum()
                    };
                    let (x, y) = (n(&found.recent), n(&found.before));
                    let pool = (found.now.value * x + found.then.value * y) / (x + y);
                    let z = found.gap.value.abs() / (pool * (1.0 - pool) * (1.0 / x + 1.0 / y)).sqrt();
                    assert!(z > 1.6, "{z} {zh}");
                }
                chances += usize::from(chance);
            }
        }
        assert!(!zh.contains("NaN") && !en.contains("NaN") && !zh.contains("–"), "{zh} {en}");
        assert!(zh.ends_with('。') && en.ends_with('.'), "{zh} {en}");
    }
    assert!(claims > 50 && chances > 50, "{claims} {chances}");
}

#[test]
fn what_grows_with_the_time_watched_is_not_compared_across_ages() {
    let fell = answer(&[1000; 24], |i, _| if i >= 20 { 100 } else { 200 }, 12, false);
    let [zh, en] = both("mode=on_or_after", &fell);
    assert!(!zh.contains("最近") && !en.contains("latest"), "{zh} {en}");
}

#[test]
fn the_first_half_year_of_first_orders_is_not_compared_joining_is() {
    let made = answer(&[1000; 17], |_, _| 200, 12, false);
    let first = CohortsOptions::default();
    let joined = CohortsOptions { anchor: model::Anchor::Joined, ..CohortsOptions::default() };
    let before =
        |options: &CohortsOptions| same_age(&made, 1, options, 1.0).map(|found| (found.a_year, found.before.0));
    assert_eq!(before(&joined), Some((true, "2023-02".to_owned())));
    assert_eq!(before(&first), Some((false, "2023-11".to_owned())));
}

#[test]
fn a_part_read_or_too_few_make_no_claim_that_all_would_not_bear() {
    let fell = answer(&[1000; 24], |i, _| if i >= 20 { 170 } else { 200 }, 12, false);
    let options = CohortsOptions::default();
    let clear = |read: f64| same_age(&fell, 1, &options, read).is_some_and(|found| found.gap.is_clear());
    assert!(clear(1.0) && !clear(0.1));
    let mut few = fell.clone();
    few.cohorts[21].active[1].too_few = true;
    assert_eq!(same_age(&few, 1, &options, 1.0), None);
}

fn drawn(query: &str, answer: CohortsAnswer) -> Vec<String> {
    let page: Page = page("/cohorts", query, vec![Answer::Cohorts(answer.clone())]);
    super::choice::choice(&page, &answer).iter().map(|(cohort, _)| cohort.period.clone()).collect()
}

#[test]
fn curves_are_the_readers_or_the_highest_the_lowest_and_the_latest() {
    let made = || {
        let share = |i: usize| [(10, 400), (12, 50)].iter().find(|(at, _)| *at == i).map_or(200, |(_, share)| *share);
        answer(&[1000; 24], |i, _| share(i), 12, false)
    };
    assert_eq!(drawn("", made()), ["2023-11", "2024-01", "2024-09"]);
    assert_eq!(drawn("curve=2024-05&curve=2023-02", made()), ["2024-05", "2023-02"]);
    assert_eq!(drawn("curve=2025-03", made()), drawn("", made()), "a cohort without members gives way");
}

#[test]
fn a_sixth_curve_takes_the_place_of_the_first() {
    let names = |options: &CohortsOptions, name: &str| super::choice::toggled(options, name);
    let mut options = CohortsOptions::default();
    for month in ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05"] {
        options.curves = names(&options, month);
    }
    assert_eq!(names(&options, "2024-06"), ["2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]);
    assert_eq!(names(&options, "2024-03"), ["2024-01", "2024-02", "2024-04", "2024-05"]);
    options.regrain(Grain::Week);
    assert!(options.curves.is_empty());
}

#[test]
#[cfg(feature = "ssr")]
fn one_cohort_one_period_and_nobody_draw_without_panic() {
    for (sizes, periods, open) in
        [(vec![1], 1, true), (vec![0, 0, 5], 6, false), (vec![3; 40], 24, true), (vec![0], 1, false)]
    {
        for shown in ["rate", "members", "sales", "value"] {
            let made = answer(&sizes, |_, _| 1, periods, open);
            let page = page("/cohorts", &format!("measure={shown}&lang=en"), vec![Answer::Cohorts(made)]);
            let html = leptos::prelude::RenderHtml::to_html((super::ENTRY.body)(&std::sync::Arc::new(page)));
            assert!(!html.contains("NaN"), "{sizes:?} {shown}");
            let cells = html.matches("class=\"spot\"").count();
            let all = sizes.len();
            let begun: usize = (0..all).filter(|i| sizes[*i] > 0).map(|i| (all - i).min(periods)).sum();
            assert_eq!(cells, begun, "{sizes:?} {shown}");
        }
    }
}
