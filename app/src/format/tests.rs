//! Numbers and days, case by case.

use super::*;

fn style(lang: Lang, currency: &str) -> Style {
    Style { lang, currency: currency.into(), digits: 2 }
}

#[test]
fn chinese_groups_by_ten_thousands() {
    let zh = style(Lang::Zh, "CNY");
    assert_eq!(zh.money(12_400_000_000), "1.24亿");
    assert_eq!(zh.count(3_290_000), "329万");
    assert_eq!(zh.count(9_999), "9,999");
    assert_eq!(zh.count(99_996_000), "1.00亿");
    assert_eq!(zh.count(12_800_000), "1280万");
    assert_eq!(zh.change(-600_000_000), "−600万");
    assert_eq!(zh.change(225_000_000), "+225万");
    assert_eq!(zh.change(0), "¥0");
    assert_eq!(zh.change(i64::MIN).chars().next(), Some('−'));
    assert_eq!(zh.money(123_456), "¥1,235");
}

#[test]
fn english_groups_by_thousands() {
    let en = style(Lang::En, "GBP");
    assert_eq!(en.money(12_400_000_000), "£124M");
    assert_eq!(en.count(3_290_000), "3.29M");
    assert_eq!(en.count(9_999), "9,999");
    assert_eq!(en.change(-600_000_000), "−£6.00M");
    assert_eq!(en.count(999_960), "1.00M");
}

#[test]
fn prices_ratios_and_shares_keep_four_digits() {
    let zh = style(Lang::Zh, "CNY");
    assert_eq!(zh.price(Some(24_910.4)), "¥249.1");
    assert_eq!(zh.price(Some(1_999.0)), "¥19.99");
    assert_eq!(zh.price(None), "–");
    assert_eq!(ratio(Some(1.2976)), "1.298");
    assert_eq!(percent(Some(0.10709)), "10.71%");
    assert_eq!(percent(Some(1.0)), "100%");
    assert_eq!(zh.full_money(-1_234_505), "−12,345.05");
}

#[test]
fn changes_say_their_sign_and_nothing_from_nothing() {
    assert_eq!(relative(Some(101.9), Some(100.0)).as_deref(), Some("+1.9%"));
    assert_eq!(relative(Some(94.9), Some(100.0)).as_deref(), Some("−5.1%"));
    assert_eq!(relative(Some(100.0), Some(100.0)).as_deref(), Some("0.0%"));
    assert_eq!(relative(Some(1230.0), Some(100.0)).as_deref(), Some("×12.3"));
    assert_eq!(relative(Some(5.0), Some(0.0)), None);
}

#[test]
fn a_table_has_one_unit() {
    let zh = style(Lang::Zh, "CNY");
    let scale = zh.scale(-600_000_000);
    assert_eq!(scale.unit, "万元");
    assert_eq!(zh.scaled(-532_400_000, &scale), "−532");
    assert_eq!(zh.scaled(3_000, &scale), "0");
    let small = zh.scale(9_000_000);
    assert_eq!(zh.scaled(1_234_500, &small), "+1.23");
}

#[test]
fn windows_name_a_shared_year_once() {
    let day = |text| Day::parse(text).expect("a day");
    let window = |a, b| Window::new(day(a), day(b)).expect("forwards");
    let quarter = window("2025-01-01", "2025-03-31");
    assert_eq!(style(Lang::Zh, "CNY").window(quarter), "2025年1月1日–3月31日");
    assert_eq!(style(Lang::En, "CNY").window(quarter), "Jan 1 – Mar 31, 2025");
    let over = window("2024-12-30", "2025-01-05");
    assert_eq!(style(Lang::En, "CNY").window(over), "Dec 30, 2024 – Jan 5, 2025");
}
