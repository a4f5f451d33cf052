//! The page over generated answers: what it says and draws never contradicts them.

use model::{Answer, Contributions, Factors, Figure, GrowthAnswer, GrowthGroup, Measures, Money, Ratio, StoreRow};

use super::answers::{answers, looked};
use crate::boot::Page;
use crate::i18n::Lang;
use crate::pages::of;
use crate::pages::tests::{page, said};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64).rem_euclid(sides)
    }

    fn money(&mut self, value: i64, doubt: bool) -> Money {
        let half = if doubt { self.roll(60_000) } else { 0 };
        Figure { value, low: value - half, high: value + half, too_few: doubt && self.roll(9) == 0 }
    }
}

fn factors(sales: Money) -> Factors {
    let n = Figure::exact;
    let one = Ratio::exact(Some(1.0));
    Factors {
        users: n(10),
        buyers: n(5),
        orders: n(5),
        member_orders: n(5),
        sales,
        member_sales: sales,
        conversion: one,
        frequency: one,
        aov: one,
        repeat_buyers: n(0),
        repurchase_rate: one,
        new_buyers: n(0),
        anonymous_orders: n(0),
        anonymous_sales: n(0),
    }
}

fn measures(f: &Factors) -> Measures {
    Measures::from(f.clone())
}

/// A store of the small catalog, or one that it does not know.
fn id(i: i64) -> String {
    if i == 0 { String::new() } else { format!("S{i:03}") }
}

fn made_up(seed: u64) -> Vec<Answer> {
    let mut dice = Dice(seed);
    let doubt = dice.roll(2) == 0;
    let compared = dice.roll(6) != 0;
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    for i in 0..dice.roll(6) {
        let (now, then) = (dice.roll(200_000), dice.roll(200_000) * dice.roll(4).min(1));
        let window = factors(dice.money(now, doubt));
        let compare = compared.then(|| factors(dice.money(then, doubt)));
        let z = (now - then) as f64 / (1 + dice.roll(60_000)) as f64;
        rows.push(StoreRow {
            store: id(i),
            rank: i as u32 + 1,
            rank_low: 1,
            rank_high: 9,
            compare_rank: compared.then_some(1),
            window: measures(&window),
            shrunken: Default::default(),
            compare: compare.as_ref().map(measures),
            sales_z: (compared && dice.roll(5) != 0).then_some(z),
        });
        let mut part = || {
            let value = dice.roll(100_000) - 50_000;
            dice.money(value, doubt)
        };
        let contributions =
            compared.then(|| Contributions { users: part(), conversion: part(), frequency: part(), aov: part() });
        groups.push(GrowthGroup { id: id(i), window, compare, contributions, zero_case: None });
    }
    let whole = factors(Figure::exact(1));
    let compare = compared.then(|| whole.clone());
    let growth = GrowthAnswer { window: whole, compare, contributions: None, zero_case: None, groups, mix: None };
    vec![Answer::Stores(rows), Answer::Growth(Box::new(growth))]
}

fn made_up_page(seed: u64) -> Page {
    page("/stores", "lang=en", made_up(seed))
}

#[test]
fn what_is_called_out_moved_that_way_for_certain_and_the_driver_agrees() {
    let mut seen = [0; 3];
    for seed in 0..2_000 {
        let page = made_up_page(seed);
        let answered = answers(&page).expect("answers");
        let looked = looked(&answered);
        for moved in looked.sure.iter().chain(&looked.perhaps) {
            let (money, z) = (moved.change, moved.row.sales_z.expect("judged"));
            assert!(z.abs() >= 1.95 && !moved.row.store.is_empty());
            assert!(!money.too_few && (money.low > 0 || money.high < 0));
            assert_eq!(money.value < 0, z < 0.0);
            if let Some(driver) = &moved.driver {
                assert_eq!(driver.money.value < 0, money.value < 0);
                assert!(driver.money.low > 0 || driver.money.high < 0);
                seen[0] += 1;
            }
        }
        assert!(looked.sure.is_sorted_by_key(|m| m.change.value));
        let falls = looked.fallen();
        assert!(looked.sure.iter().enumerate().all(|(i, m)| (m.change.value < 0) == (i < falls)));
        seen[1] += usize::from(!looked.sure.is_empty());
        seen[2] += usize::from(!looked.perhaps.is_empty());
    }
    assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
}

#[test]
fn the_sentence_never_contradicts_the_answers() {
    let mut lost_or_gained = 0;
    for seed in 0..2_000 {
        let page = made_up_page(seed);
        let answered = answers(&page).expect("answers");
        let looked = looked(&answered);
        let falls = looked.fallen();
        for (lang, loss, gain) in [(Lang::En, "loss", "gain"), (Lang::Zh, "损失", "增长最多")] {
            let text = said("/stores", "", lang, made_up(seed));
            assert_eq!(text.contains(loss), falls > 0, "{text}");
            assert_eq!(text.contains(gain), falls == 0 && !looked.sure.is_empty(), "{text}");
            assert!(text.ends_with(['.', '。']), "{text}");
            if let Some(lead) = looked.sure.first().filter(|_| falls > 0) {
                assert!(text.contains(&page.style().change(lead.change.value)) || lang == Lang::Zh, "{text}");
                assert!(text.contains('−'), "{text}");
            }
            lost_or_gained += usize::from(!looked.sure.is_empty());
        }
    }
    assert!(lost_or_gained > 100);
}

#[test]
#[cfg(feature = "ssr")]
fn every_made_up_page_draws_in_every_option() {
    use leptos::prelude::{Owner, RenderHtml};
    for seed in 0..60 {
        for query in ["", "rows=all&by=conversion&rates=shrunken", "find=s001&at=7", "region=华东", "find=nothing"] {
            let page = std::sync::Arc::new(page("/stores", query, made_up(seed)));
            let html = Owner::new().with(|| (of(&page.state.page).body)(&page).to_html());
            assert!(!html.contains("NaN") && !html.contains("inf%"), "{html}");
            let rows = html.matches("<tr role=\"row\">").count();
            let counted = answers(&page).map_or(0, |a| a.rows.len());
            match query {
                "" | "region=华东" => assert!(counted == 0 || rows == counted + 1, "{rows} {counted}"),
                "find=nothing" => assert!(counted == 0 || rows == 1),
                _ => assert!(rows <= counted + 1),
            }
        }
    }
}
