//! What the page says of generated answers.

use model::{Answer, Figure, Ratio, ReturnCurve, Rung};

use super::answers::{climbs, gap, top_stake};
use crate::i18n::Lang;
use crate::pages::tests::said;

fn rung(n: u32, members: i64, next: i64, price: i64, ninety: f64, half: f64) -> Rung {
    let exactly = members - next;
    let share = |a: i64, b: i64| Ratio::exact((b > 0).then(|| a as f64 / b as f64));
    Rung {
        n,
        members: Figure::exact(members),
        exactly: Figure::exact(exactly),
        next: Figure::exact(next),
        no_next_rate: share(exactly, members),
        median_days_to_next: Ratio::exact(Some(10.0)),
        survival_median_days: Ratio::exact(Some(20.0)),
        next_value: Ratio::exact(Some(price as f64)),
        at_stake: Figure::exact(exactly * price),
        curve: ReturnCurve {
            days: vec![0, 30, 90],
            returned: vec![Ratio::exact(Some(0.0)), Ratio::exact(Some(ninety / 2.0)), Ratio::exact(Some(ninety))],
            low: vec![None, Some(ninety / 2.0 - half), Some(ninety - half)],
            high: vec![None, Some(ninety / 2.0 + half), Some(ninety + half)],
        },
    }
}

fn both(rungs: &[Rung]) -> [String; 2] {
    [Lang::Zh, Lang::En].map(|lang| said("/ladder", "", lang, vec![Answer::Ladder(rungs.to_vec())]))
}

#[test]
fn the_rung_with_most_at_stake_leads_and_the_climb_is_told_as_far_as_it_is_sure() {
    let rungs = [
        rung(1, 1000, 600, 10_000, 0.40, 0.01),
        rung(2, 600, 100, 20_000, 0.50, 0.01),
        rung(3, 100, 60, 10_000, 0.51, 0.05),
    ];
    assert_eq!(
        both(&rungs),
        [
            "1,000 位会员下过单，60.00% 又买了第二次；潜在金额最大的是第 2 单：停在那里的 500 位若各再买一次，值 10.0万，\
             占各级合计的 69%；90 天内再购率从第 1 单的 40.00% 逐级升到第 2 单的 50.00%。",
            "1,000 members have ordered; 60.00% of them came back for a second order; most is at stake at order 2: if the \
             500 who stopped there each ordered once more, that would be ¥100K, 69% of all rungs together; the 90-day \
             return climbs rung by rung from 40.00% after order 1 to 50.00% after order 2.",
        ]
    );
    let falls = [rung(1, 1000, 600, 10_000, 0.50, 0.01), rung(2, 600, 100, 100, 0.40, 0.01)];
    assert!(both(&falls)[1].contains("falls from 50.00% after order 1 to 40.00% after order 2"), "{:?}", both(&falls));
}

#[test]
fn where_estimates_overlap_no_rung_leads() {
    let mut rungs = [rung(1, 1000, 600, 10_000, 0.4, 0.1), rung(2, 600, 250, 10_000, 0.45, 0.1)];
    assert_eq!(top_stake(&rungs), Some(0));
    rungs[1].at_stake.high = rungs[0].at_stake.value + 1;
    assert_eq!(top_stake(&rungs), None);
    let [zh, en] = both(&rungs);
    assert!(zh.contains("；停在第一单的 400 位若各再买一次") && !zh.contains("最大"), "{zh}");
    assert!(!en.contains("most is at stake") && !en.contains("climbs"), "{en}");
    rungs[1].at_stake.too_few = true;
    assert_eq!(top_stake(&rungs), None);
}

#[test]
fn generated_ladders_never_hear_a_claim_that_their_numbers_contradict() {
    let mut seed = 11_u64;
    let mut below = move |end: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % end.max(1)
    };
    let (mut led, mut climbed, mut fell) = (0, 0, 0);
    for _ in 0..2_000 {
        let mut members = below(5_000) as i64;
        let mut rungs = Vec::new();
        for n in 1..=1 + below(9) as u32 {
            let next = below(members as u64 + 1) as i64;
            let half = below(10) as f64 / 100.0;
            let mut one = rung(n, members, next, below(50_000) as i64, below(100) as f64 / 100.0, half);
            if below(3) == 0 {
                let doubt = below(1_000_000) as i64;
                one.at_stake.low -= doubt;
                one.at_stake.high += doubt;
            }
            rungs.push(one);
            members = next;
        }
        let [zh, en] = both(&rungs);
        let says = |zh_words: &str, en_words: &str| {
            assert_eq!(zh.contains(zh_words), en.contains(en_words), "{zh} {en}");
            zh.contains(zh_words)
        };
        if says("潜在金额最大的是", "most is at stake at order") {
            led += 1;
            let top = top_stake(&rungs).expect("a leader");
            assert!(zh.contains(&format!("最大的是第 {} 单", rungs[top].n)), "{zh}");
            let others = rungs.iter().enumerate().filter(|(i, _)| *i != top);
            assert!(others.into_iter().all(|(_, other)| other.at_stake.high < rungs[top].at_stake.low), "{zh}");
        }
        let ninety = |i: usize| rungs[i].curve.returned[2].value.expect("a share");
        if says("逐级升到", "climbs rung by rung") {
            climbed += 1;
            let steps = climbs(&rungs);
            assert!(steps > 0 && (0..steps).all(|i| ninety(i + 1) > ninety(i)), "{zh}");
            assert!(en.contains(&format!("after order {}.", rungs[steps].n)), "{en}");
        }
        if says("降到第 2 单", "return falls") {
            fell += 1;
            assert!(ninety(1) < ninety(0) && gap(&rungs[0], &rungs[1]).is_some_and(|gap| gap.high < 0.0), "{zh}");
        }
        assert!(!zh.contains("NaN") && !en.contains("NaN"), "{zh} {en}");
    }
    assert!(led > 50 && climbed > 50 && fell > 50, "{led} {climbed} {fell}");
}
