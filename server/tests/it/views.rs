//! A view makes no database query, and is drawn once for all who look at it.

use std::time::Instant;

use wellspring::{MetricsToken, Operation};

use crate::client::get_with;
use crate::gate::Gate;

const TOKEN: &str = "q8Zr1TnV5bXw0KfLs3Hd7GyJc9PmEa2U";
const PAGES: [&str; 10] = [
    "/",
    "/funnel",
    "/cohorts",
    "/stores",
    "/stores/EAST-S1",
    "/ladder",
    "/members",
    "/channels",
    "/data",
    "/?lang=en",
];

fn counted(gate: &Gate, name: &str) -> u64 {
    let reply = get_with(gate.addr(), "/metrics", &[("Authorization", &format!("Bearer {TOKEN}"))]);
    let line = reply.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
    line.unwrap_or_else(|| panic!("{name} in {}", reply.text()))
}

#[test]
fn a_thousand_views_make_no_database_query() {
    let metrics = Some(MetricsToken::parse(TOKEN).expect("a good token"));
    let gate = Gate::run_as(Operation { metrics, ..Operation::default() });
    let readers = ["boss", "east", "west"].map(|name| gate.sign_in(name));
    for reader in &readers {
        assert_eq!(reader.get("/").status, 200, "a session is read once");
    }
    let queries = "wellspring_database_queries_total";
    // What the background asks by itself: a reading of the counters each tenth of a second, and once a minute two
    // statements that tidy up.
    let idle = |begun: Instant| u64::try_from(begun.elapsed().as_millis() / 100).unwrap_or(u64::MAX) + 10;
    let (before, begun) = (counted(&gate, queries), Instant::now());
    for view in 0..1_000 {
        let page = PAGES[view % PAGES.len()];
        assert_eq!(readers[view % readers.len()].get(page).status, 200, "{page}");
    }
    let asked = counted(&gate, queries) - before;
    assert!(asked <= idle(begun), "{asked} queries in {:?}", begun.elapsed());
    assert!(asked < 500, "far from one a view: {asked}");
    let drawn = counted(&gate, "wellspring_pages_total{from=\"work\"}");
    // Three parts, ten addresses; more only where drawing them took longer than a minute.
    assert!(drawn <= 60, "{drawn} pages were drawn");
}
