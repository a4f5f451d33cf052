//! Every page: its address, what it asks, and what it says.

use model::{Answer, Answers, Coverage, Dimensions, Region};

use super::*;
use crate::boot::tests::catalog;
use crate::boot::{Boot, PageRequest};
use crate::i18n::Lang;
use crate::sentence::plain;

/// A page over the small catalog with these answers.
pub(super) fn page(path: &str, query: &str, answers: Vec<Answer>) -> Page {
    let catalog = catalog();
    let coverage = Coverage {
        snapshot: catalog.snapshot.clone(),
        data_until: catalog.data_until,
        shards: 16,
        read: 16,
        exact: true,
    };
    let request = PageRequest { path: path.into(), query: query.into(), ..PageRequest::default() };
    Page::new(Boot { request, catalog, answers: Ok(Answers { coverage, answers }), beside: vec![], told: None })
}

/// What a page says in a language, as text.
pub(super) fn said(path: &str, query: &str, lang: Lang, answers: Vec<Answer>) -> String {
    let page = page(path, &format!("{query}&lang={}", lang.tag()), answers);
    plain(&(of(&page.shown.page).sentence)(&page))
}

/// The document of a page whose answers failed, or are of the wrong kind.
#[cfg(feature = "ssr")]
fn document(path: &str, answers: Result<Vec<Answer>, String>) -> String {
    let mut catalog = catalog();
    catalog.stores[0].name = "<script>alert(1)</script>".into();
    catalog.channels[0].name = "<b onclick=x>".into();
    catalog.campaigns.push("\"><img src=x>".into());
    let coverage =
        Coverage { snapshot: "<i>".into(), data_until: catalog.data_until, shards: 16, read: 16, exact: true };
    let request = PageRequest { path: path.into(), query: "lang=en".into(), ..PageRequest::default() };
    let answers = answers.map(|answers| Answers { coverage, answers });
    crate::render_document(Boot { request, catalog, answers, beside: vec![], told: None }, "", "n0nce")
}

#[test]
#[cfg(feature = "ssr")]
fn a_page_that_has_no_answer_says_why_and_escapes_every_name() {
    for page in PageName::RAIL.into_iter().chain([PageName::Store("S001".into())]) {
        for answers in [Err("the <shard> is torn".to_owned()), Ok(vec![])] {
            let failed = answers.is_err();
            let html = document(&page.path(), answers);
            let (_, body) = html.split_once("<body>").expect("a body");
            let (body, values) = body.split_once("<script id=\"boot\"").expect("the values after the page");
            for markup in ["<script", "<b onclick", "<img", "<shard>"] {
                assert!(!body.contains(markup), "{page:?} {markup}");
                assert!(!values.contains(markup), "{page:?} {markup}");
            }
            let says = body.contains("No answer right now");
            assert_eq!(says, page != PageName::Data, "{page:?}");
            assert!(!failed || !says || body.contains("the &lt;shard&gt; is torn"), "{page:?}");
            // Once in the rail, and once more under "More" where the bar of a phone has no room for it.
            let marked = body.matches("aria-current=\"page\"").count();
            let at = PageName::RAIL.iter().position(|name| *name == page.in_rail()).expect("in the rail");
            assert_eq!(marked, if at < 4 { 1 } else { 2 }, "{page:?}");
        }
    }
}

fn read(path: &str, query: &str) -> State {
    State::read(path, query, Lang::Zh, &catalog())
}

/// The names of the small catalog, as a snapshot has them.
fn dimensions() -> Dimensions {
    let catalog = catalog();
    Dimensions {
        regions: catalog.regions.iter().map(|id| Region { id: id.clone() }).collect(),
        stores: catalog.stores,
        channels: catalog.channels,
        touch_kinds: catalog.touch_kinds,
        campaigns: catalog.campaigns,
        tiers: catalog.tiers,
    }
}

/// Addresses in their canonical form, for every page and every option of it.
const CANONICAL: &[&str] = &[
    "/",
    "/?grain=day&measure=aov&lang=en&theme=dark",
    "/?from=2025-02-01&to=2025-02-28&compare=prev&grain=week",
    "/?measure=repurchase_rate&by=source_channel&formula=traffic&scene=guided",
    "/?region=%E5%8D%8E%E4%B8%9C&by=city&scene=considered",
    "/?by=store&scene=frequent",
    "/?region=%E5%8D%8E%E4%B8%9C&city=%E4%B8%8A%E6%B5%B7&store=S001&format=direct&channel=wx&domain=private&source=tm&tier=%E9%87%91%E5%8D%A1&campaign=C1",
    "/?compare=weekdays&updown=green",
    "/?compare=month&lang=en&theme=dark&updown=red",
    "/?compare=quarter",
    "/?compare=year364",
    "/?from=2025-01-15&to=2025-02-12&compare=lunar",
    "/stores?compare=618",
    "/channels?compare=1111",
    "/?cohort=2024-05",
    "/?rung=3-only",
    "/?rfm=5-45-x~2025-03-31~1.2.3.4~5.6.7.8~9.10.11.12",
    "/funnel",
    "/funnel?step=touch-visit~odd&step=join&step=order-2&order=strict&within=7&by=source",
    "/funnel?step=order&step=touch-add_friend&days=7&order=any&by=channel&groups=all",
    "/funnel?step=join&step=order-1&days=14&step=order-2&by=none",
    "/cohorts",
    "/cohorts?grain=week&anchor=joined&mode=on_or_after&periods=24&measure=value",
    "/cohorts?measure=sales&lang=en",
    "/cohorts?curve=2024-05&curve=2023-01",
    "/cohorts?grain=week&curve=2024-05-06",
    "/stores",
    "/stores?by=repurchase_rate&rows=all",
    "/stores?by=conversion&rates=shrunken&find=%E4%B8%8A%E6%B5%B7&at=2&lang=en",
    "/stores/S001",
    "/stores/S002?compare=none&channel=wx&grain=month&measure=users&by=tier",
    "/ladder",
    "/ladder?rung=2&rungs=12",
    "/ladder?curve=3",
    "/members",
    "/members?grain=week&measure=sales",
    "/members?grain=week&money=5&measure=sales",
    "/channels",
    "/channels?of=users",
    "/channels?of=users&rows=all",
    "/channels?known=orders",
    "/data",
    "/data?lang=en",
];

#[test]
fn every_page_and_option_survives_its_own_address() {
    for address in CANONICAL {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let state = read(path, query);
        assert_eq!(state.notes, [], "{address}");
        assert_eq!(state.params.href(&state.page), *address);
    }
}

#[test]
fn every_address_asks_something_that_can_be_asked() {
    for address in CANONICAL {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let question = read(path, query).question();
        assert_eq!(question.check(&dimensions()), Ok(()), "{address}");
    }
}

#[test]
fn values_that_mean_nothing_become_notes_and_the_default() {
    for (path, query, notes) in [
        ("/funnel", "step=touch-nothing&step=order-0&step=order-x&step=&order=maybe&within=0&by=moon", 6),
        ("/funnel", "step=join&step=join", 1),
        ("/funnel", "step=order&step=order-1", 1),
        ("/funnel", "step=touch-visit&step=touch-visit~odd", 1),
        ("/funnel", "step=touch-visit~visit", 1),
        ("/cohorts", "grain=day&anchor=x&mode=x&periods=121&measure=aov", 5),
        ("/stores", "by=users&rows=some", 2),
        ("/stores", "rates=best&at=0", 2),
        ("/stores", "at=-1&find=", 1),
        ("/stores/S001", "by=region", 1),
        ("/stores/S999", "", 1),
        ("/cohorts", "curve=2024-5&curve=1999-01&curve=x&curve=2024-05&curve=2024-05", 3),
        ("/ladder", "rungs=1", 1),
        ("/ladder", "curve=0", 1),
        ("/ladder", "rungs=99999999999999999999", 1),
        ("/members", "grain=day&measure=rate&money=6", 3),
        ("/channels", "of=cats&rows=some", 2),
        ("/members", "grain=day&measure=rate", 2),
        ("/channels", "of=cats", 1),
        ("/", "updown=blue&compare=lunar2", 2),
        ("/", "city=Atlantis&format=x&domain=both&source=x&tier=x&campaign=x", 6),
        ("/", "cohort=1999-01&rung=0&rfm=543", 3),
        ("/", "by=moon&formula=magic&scene=none&measure=cats", 4),
        // Options of other pages are nobody's business here.
        ("/ladder", "grain=hour&steps=9&of=cats", 0),
    ] {
        let state = read(path, query);
        assert_eq!(state.notes.len(), notes, "{path}?{query}: {:?}", state.notes);
        assert_eq!(state.question().check(&dimensions()), Ok(()), "{path}?{query}");
        let nearest = state.params.href(&state.page);
        let (path, query) = nearest.split_once('?').unwrap_or((&nearest, ""));
        assert_eq!(read(path, query).notes, [], "{nearest}");
    }
}

#[test]
fn days_and_filters_go_along_to_other_pages_options_do_not() {
    let state = read("/cohorts", "compare=prev&region=华东&rung=2&grain=week&measure=sales&lang=en");
    let along = "?compare=prev&region=%E5%8D%8E%E4%B8%9C&rung=2&lang=en";
    assert_eq!(state.params.href(&PageName::Ladder), "/ladder".to_owned() + along);
    assert_eq!(state.params.href(&PageName::Store("S001".into())), "/stores/S001".to_owned() + along);
}

#[test]
fn the_page_of_one_store_counts_that_store_whatever_place_is_chosen() {
    let filter = read("/stores/S002", "region=华东&store=S001&format=direct&city=上海&channel=wx&rung=2").filter();
    assert_eq!(filter.stores, ["S002"]);
    assert!(filter.regions.is_empty() && filter.formats.is_empty() && filter.cities.is_empty());
    assert_eq!(filter.channels, ["wx"]);
    assert!(filter.segment.is_some());
}

#[test]
fn pages_that_compare_nothing_do_not_ask_for_it() {
    for page in PageName::RAIL {
        let state = read(&page.path(), "compare=year");
        assert_eq!(state.question().compare.is_some(), of(&page).compares, "{page:?}");
    }
}

#[test]
fn a_page_without_its_answers_says_so_and_does_not_panic() {
    for page_name in PageName::RAIL.into_iter().chain([PageName::Store("S001".into())]) {
        let page = std::sync::Arc::new(page(&page_name.path(), "", vec![]));
        let sentence = (of(&page_name).sentence)(&page);
        assert!(page_name == PageName::Data || sentence.is_empty(), "{page_name:?}");
    }
}

#[test]
fn the_default_funnel_takes_the_natural_touches_in_their_order_then_two_orders() {
    let state = read("/funnel", "");
    let question = state.question();
    let [Ask::Funnel(ask)] = question.ask.as_slice() else {
        panic!("no funnel in {question:?}");
    };
    let touches: Vec<&str> = ask.steps.iter().flat_map(|s| &s.touch).map(String::as_str).collect();
    assert_eq!(touches, ["visit", "add_friend"]);
    assert_eq!(ask.steps.iter().filter_map(|s| s.order).collect::<Vec<_>>(), [1, 2]);
}
