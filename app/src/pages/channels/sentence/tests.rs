//! The sentence by cases that are easy to check by eye, and over generated answers that it must not contradict.

use model::{
    Answer, Breadth, Factors, Figure, GrowthAnswer, GrowthGroup, OverlapAnswer, Ratio, SeriesAnswer, SeriesPoints,
};

use crate::i18n::Lang;
use crate::pages::said::factors;
use crate::pages::tests::said;

fn n(value: i64) -> Figure<i64> {
    Figure::exact(value)
}

fn overlap(rows: &[(u32, i64, i64)]) -> OverlapAnswer {
    let breadth = rows.iter().map(|(channels, members, sales)| Breadth {
        channels: *channels,
        members: n(*members),
        orders: n(*members),
        sales: n(*sales),
        value: Ratio::exact(Some(1.0)),
    });
    OverlapAnswer { channels: vec![], breadth: breadth.collect() }
}

fn growth(window: Factors, compare: Option<Factors>, groups: Vec<GrowthGroup>) -> Answer {
    Answer::Growth(Box::new(GrowthAnswer { window, compare, contributions: None, zero_case: None, groups, mix: None }))
}

fn ground(id: &str, buyers: i64) -> GrowthGroup {
    let window = Factors { buyers: n(buyers), ..factors(buyers, 0, 1) };
    GrowthGroup { id: id.into(), window, compare: None, contributions: None, zero_case: None }
}

/// The page over these: the whole twice, whoever bought on which ground.
fn both(
    query: &str,
    overlap: OverlapAnswer,
    now: Factors,
    then: Option<Factors>,
    grounds: Vec<GrowthGroup>,
) -> [String; 2] {
    let whole = |groups| growth(now.clone(), then.clone(), groups);
    let series = SeriesAnswer { window: SeriesPoints::default(), compare: None };
    let answers = vec![Answer::Overlap(overlap), whole(vec![]), whole(grounds), whole(vec![]), Answer::Series(series)];
    [Lang::Zh, Lang::En].map(|lang| said("/channels", query, lang, answers.clone()))
}

/// So many of a thousand of sales known, give or take.
fn known(known: i64, half: i64) -> Factors {
    let member_sales = Figure { value: known, low: known - half, high: known + half, too_few: false };
    Factors { member_sales, sales: n(1_000), ..factors(100, 15, 1_000) }
}

#[test]
fn it_says_what_is_known_what_goes_with_breadth_and_who_settled() {
    let rows = overlap(&[(1, 75, 750_000), (2, 20, 400_000), (4, 5, 350_000)]);
    let whole = Factors { buyers: n(100), ..known(860, 0) };
    let then = Some(known(850, 0));
    let grounds = vec![ground("private", 80), ground("public", 50)];
    assert_eq!(
        both("compare=year", rows, whole, then, grounds),
        [
            "85% 的订单、86% 的销售额认得出会员，销售额识别率比去年同期高 1.0 个百分点；购买会员中 25.00% 用过两个及以上渠道，人均 ¥300.0，其余人均 ¥100.0；公域买家中 60% 同期也在私域购买。",
            "The member is known for 85% of orders and 86% of sales, 1.0 points more than the year before; 25.00% of buying members used two channels or more and spent ¥300.0 each, others ¥100.0; 60% of those who bought on public ground also bought on private ground.",
        ]
    );
}

#[test]
fn nothing_to_say_is_said_in_one_word() {
    let nothing = both("", overlap(&[]), factors(0, 0, 0), None, vec![]);
    assert_eq!(nothing, ["所选范围内没有订单。", "There are no orders in what is chosen."]);
}

#[test]
fn a_filter_that_leaves_one_ground_out_says_nothing_of_settling() {
    let grounds = || vec![ground("private", 80), ground("public", 50)];
    for query in ["channel=wx", "domain=private"] {
        let text = both(query, overlap(&[]), known(860, 0), None, grounds());
        assert!(!text[1].contains("private ground"), "{text:?}");
    }
}

#[test]
fn a_change_is_named_only_where_its_interval_leaves_no_doubt_and_never_as_a_cause() {
    for now in [0, 1, 500, 859, 860, 861, 1_000] {
        for half in [0, 1, 20] {
            let rows = overlap(&[(1, 75, 750_000), (2, 25, 750_000)]);
            let [zh, en] = both("compare=year", rows, known(now, half), Some(known(860, half)), vec![]);
            let sure = (now - 860i64).abs() > 2 * half;
            assert_eq!(en.contains("points more than"), sure && now > 860, "{now} ± {half}: {en}");
            assert_eq!(en.contains("points less than"), sure && now < 860, "{now} ± {half}: {en}");
            assert_eq!(zh.contains("个百分点"), sure, "{now} ± {half}: {zh}");
            for cause in ["because", "drive", "thanks to", "due to", "因为", "带来", "导致", "得益"] {
                assert!(!en.contains(cause) && !zh.contains(cause), "{zh} {en}");
            }
        }
    }
}
