//! The sentence by cases that are easy to check by eye, and over generated answers that it must not contradict.

use model::{Answer, Day, LifecyclePeriod, Moves, RfmAnswer, RfmCell, RfmCuts, Stock};

use super::*;
use crate::pages::tests::said;

fn n(value: i64) -> Figure<i64> {
    Figure::exact(value)
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn stock(active: Figure<i64>, dormant: i64, lost: i64) -> Stock {
    Stock { active, dormant: n(dormant), lost: n(lost) }
}

/// One period in which so many came, woke and slipped.
fn period(opening: Figure<i64>, joined: i64, woken: i64, slipped: i64, closing: Figure<i64>) -> LifecyclePeriod {
    let nobody = stock(n(0), 0, 0);
    LifecyclePeriod {
        from: day("2025-03-01"),
        to: day("2025-03-31"),
        partial: false,
        opening: stock(opening, 3, 2),
        closing: stock(closing, 3, 2),
        new: n(joined),
        woken: n(woken),
        slipped: n(slipped),
        lost: n(0),
        moves: Moves {
            none: stock(n(joined), 0, 0),
            active: stock(n(0), slipped, 0),
            dormant: stock(n(woken), 0, 0),
            lost: nobody,
        },
    }
}

fn rfm(cells: &[(u8, u8, i64, i64)]) -> RfmAnswer {
    let cells: Vec<RfmCell> = cells
        .iter()
        .map(|(recency, frequency, members, sales)| RfmCell {
            recency: *recency,
            frequency: *frequency,
            monetary: 3,
            members: n(*members),
            sales: n(*sales),
        })
        .collect();
    let members = n(cells.iter().map(|c| c.members.value).sum());
    RfmAnswer { as_of: day("2025-03-31"), members, cuts: RfmCuts::default(), cells, migration: None }
}

fn both(query: &str, rfm: &RfmAnswer, lifecycle: &[LifecyclePeriod]) -> [String; 2] {
    let answers = vec![Answer::Rfm(rfm.clone()), Answer::Lifecycle(lifecycle.to_vec())];
    [Lang::Zh, Lang::En].map(|lang| said("/members", query, lang, answers.clone()))
}

#[test]
fn it_says_who_is_active_what_moved_them_and_what_champions_brought() {
    let cells = rfm(&[(5, 5, 2, 800), (1, 1, 8, 200)]);
    assert_eq!(
        both("", &cells, &[period(n(8), 3, 1, 7, n(5))]),
        [
            "10 位下过单的会员里 5 位活跃（50%），比期初少 3 位：新客 3、回来 1 人次，抵不上转入沉睡 7 人次；冠军会员占会员 20%，贡献累计消费的 80%。",
            "Of 10 members with an order 5 (50%) are active, 3 fewer than at the start: 3 new and 1 returns did not make up for 7 who slipped away; Champions, 20% of members, brought 80% of all they ever spent.",
        ]
    );
    let grown = both("", &cells, &[period(n(2), 3, 1, 1, n(5))]);
    assert!(grown[0].contains("比期初多 3 位") && grown[1].contains("3 more than at the start"), "{grown:?}");
    assert!(both("", &cells, &[period(n(5), 1, 1, 2, n(5))])[1].contains("as many as at the start"));
}

#[test]
fn champions_who_brought_no_more_than_their_number_are_not_praised() {
    let even = rfm(&[(5, 5, 5, 500), (1, 1, 5, 500)]);
    assert!(!both("", &even, &[period(n(5), 0, 0, 0, n(5))])[1].contains("Champions"));
    // Under a segment the champions are of that segment alone.
    let query = "rfm=5-5-x~2025-03-31~1.2.3.4~5.6.7.8~9.10.11.12";
    let cells = rfm(&[(5, 5, 2, 800), (1, 1, 8, 200)]);
    assert!(!both(query, &cells, &[period(n(5), 0, 0, 0, n(5))])[1].contains("Champions"));
}

#[test]
fn nobody_is_said_so() {
    let nobody = both("", &rfm(&[]), &[period(n(0), 0, 0, 0, n(0))]);
    assert_eq!(nobody[0], "所选范围内还没有会员下过单。");
    assert_eq!(nobody[1], "No member in what is chosen has ordered yet.");
    assert_eq!(both("", &rfm(&[(5, 5, 1, 1)]), &[])[1], "No member in what is chosen has ordered yet.");
}

#[test]
fn it_never_contradicts_generated_answers() {
    let cells = rfm(&[(5, 5, 2, 800), (1, 1, 8, 200)]);
    // A plain generator: every size of change, every width of doubt.
    for opening in [0, 1, 50, 5_000, 123_456] {
        for change in [-123_456, -50, -1, 0, 1, 7, 40_000] {
            for half in [0, 1, 30, 9_999] {
                let closing: i64 = opening + change;
                if closing < 0 {
                    continue;
                }
                let wide = |value: i64| Figure { value, low: value - half, high: value + half, too_few: false };
                let (joined, slipped) = (change.max(0), (-change).max(0));
                let [zh, en] = both("", &cells, &[period(wide(opening), joined, 0, slipped, wide(closing))]);
                let sure = change.abs() > 2 * half || (change == 0 && half == 0);
                assert_eq!(en.contains("fewer"), sure && change < 0, "{opening} {change} {half}: {en}");
                assert_eq!(en.contains("more than at"), sure && change > 0, "{opening} {change} {half}: {en}");
                assert_eq!(zh.contains("比期初少"), sure && change < 0, "{zh}");
                assert_eq!(zh.contains("比期初多"), sure && change > 0, "{zh}");
                assert_eq!(en.contains("no sure change"), !sure, "{en}");
            }
        }
    }
}
