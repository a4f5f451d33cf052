//! What the section says of reports that are easy to check by eye.

use model::OneIdConflict;

use super::*;

fn style(lang: Lang) -> Style {
    Style { lang, currency: "CNY".into(), digits: 2 }
}

fn key(key: &str, joins: u64, orders: u64) -> KeyReport {
    KeyReport { key: key.into(), values: 10, joins, orders, ..KeyReport::default() }
}

fn report() -> OneId {
    OneId {
        identities: 642_000,
        members: 200_000,
        keys: vec![
            key("member_id", 20, 900),
            KeyReport { over_shared: 3, over_shared_identities: 300, recycled: 12, ..key("phone_hash", 181_000, 40) },
            key("payment_id", 7, 2),
        ],
        conflicts: vec![OneIdConflict { reason: "two_member_ids".into(), pairs: 5 }],
        members_by_identities: vec![100_000, 60_000, 40_000],
        orders_without: 11,
        touches_without: 7,
        rounds: 9,
        rules: "0123456789abcdef".into(),
    }
}

fn both(one_id: &OneId) -> [String; 2] {
    [Lang::Zh, Lang::En].map(|lang| plain(&say(one_id, &style(lang)).0))
}

#[test]
fn the_report_is_one_sentence_of_what_there_is_to_say() {
    assert_eq!(
        both(&report()),
        [
            "64.2万 个身份合为 20.0万 位会员；手机号连接最多，18.1万 次；3 个共用的键被忽略；12 个换过主人的键按时间分开；\
             42 张订单、0 次触点没写会员号，靠其他键认出了会员。",
            "642K identities became 200K members; Phone joined most, 181K times; 3 shared values were ignored; 12 values \
             that changed hands were kept apart by time; 42 orders and 0 touches that name no member id found their member \
             by another key.",
        ]
    );
}

#[test]
fn what_is_nothing_is_not_said() {
    let nothing = OneId { identities: 5, members: 5, keys: vec![key("member_id", 0, 9)], ..OneId::default() };
    assert_eq!(both(&nothing)[1], "No key joins any two of 5 identities: 5 members.");
    // A key that joins as often as a weaker one is named: the stronger comes first.
    let even = OneId { identities: 9, keys: vec![key("union_id", 2, 0), key("open_id", 2, 0)], ..nothing };
    assert_eq!(both(&even)[1], "9 identities became 5 members; Union id joined most, 2 times.");
}

#[test]
fn unknown_keys_and_reasons_go_by_their_codes() {
    assert_eq!((key_name("card_no", Lang::En), reason("moon", Lang::Zh)), ("card_no", ("moon", "")));
    for lang in [Lang::Zh, Lang::En] {
        assert_ne!(key_name("payment_id", lang), "payment_id");
        assert!(!reason("never_join", lang).1.is_empty());
    }
}

#[test]
#[cfg(feature = "ssr")]
fn the_section_is_drawn_with_a_report_and_says_how_to_get_one_without() {
    use crate::boot::{Boot, PageRequest, tests::catalog};
    let draw = |one_id: Option<OneId>| {
        let request = PageRequest { path: "/data".into(), query: "lang=en".into(), ..PageRequest::default() };
        let catalog = crate::boot::Catalog { one_id, ..catalog() };
        crate::render_document(
            Boot { request, catalog, answers: Err("none".into()), beside: vec![], told: None },
            "",
            "n0nce",
        )
    };
    let html = draw(Some(report()));
    for there in ["642,000", "181,000", "Two member ids", "0123456789abcdef", "3 or more"] {
        let is_there = html.contains(there);
        assert_eq!(is_there, there != "3 or more", "{there}");
    }
    let none = draw(None);
    assert!(none.contains("The source has no identities") && none.contains("#word-identity"));
    assert!(none.contains("id=\"word-identity\"") && !none.contains("one-id-members"));
}
