//! Targets on the page, in its table twin and in its file; campaigns by their names, which may be markup.

use model::{Campaign, Targets};

use super::*;

/// Targets of the whole retailer: 31,000.31, 28,000.28 and 31,000.31 in the months of the first quarter of 2025.
fn planned(query: &str, half: i64) -> Boot {
    let mut boot = boot(query, half);
    boot.catalog.targets = Some(Targets {
        from: Day::parse("2025-01-01").expect("a day"),
        months: 3,
        unit: 1,
        whole: vec![Some(3_100_031), Some(2_800_028), Some(3_100_031)],
        regions: vec![],
        region_amounts: vec![],
        stores: vec![],
        store_amounts: vec![],
    });
    boot
}

/// The markup of the line that says how much is reached.
fn line_of(document: &str) -> &str {
    let (_, line) = document.split_once("id=\"target\"").expect("a target");
    line.split_once("</p>").expect("its end").0
}

fn html(boot: Boot) -> String {
    crate::render_document(boot, "", "n0nce")
}

#[test]
fn a_target_is_in_the_line_the_twin_and_the_file_alike() {
    let document = html(planned("lang=en", 0));
    let style = page("lang=en", 0).style();
    // 24,691,357,802 of 9,000,090.
    let line = format!("Target {}, 274,346% reached", style.money(9_000_090));
    assert!(line_of(&document).contains(&line) && line_of(&document).contains("title=\"¥90,000.90\""), "{line}");
    let shown = twin(&document, "trend");
    let page = Arc::new(Page::new(planned("lang=en", 0)));
    let sheets = sheets(&page, "trend");
    assert_eq!(sheets[0].head.last().map(String::as_str), Some("Target"));
    for (row, twin) in sheets[0].rows.iter().zip(&shown) {
        // Seven days of January at 100,001 each.
        let week = Entry::Number(Number::Whole { units: 700_007, digits: 2, money: true }, Doubt::None);
        assert_eq!((row.len(), twin.len()), (5, 5));
        assert_eq!(row[4], week);
        assert_eq!(twin[4], style.money(700_007));
    }
    assert!(document.contains("s-aim"), "its line");
    assert!(!line_of(&document).contains('±'));
    assert!(line_of(&html(planned("lang=en", 600_000_000))).contains('±'), "an estimate of it says so");
}

#[test]
fn nothing_of_targets_is_shown_where_exactly_what_is_shown_has_none() {
    let without = [
        boot("lang=en", 0),
        planned("lang=en&region=华南", 0),
        planned("lang=en&channel=wx", 0),
        planned("lang=en&rung=2", 0),
        planned("lang=en&from=2024-12-31&to=2025-03-31", 0),
    ];
    for boot in without {
        let query = boot.request.query.clone();
        assert!(!html(boot).contains("id=\"target\""), "{query}");
    }
    let other = html(planned("lang=en&measure=orders", 0));
    assert!(other.contains("id=\"target\"") && !other.contains("s-aim"), "the trend of another measure has no target");
}

#[test]
fn campaigns_go_by_names_that_stay_text() {
    let campaign = |id: &str, name: &str, from: &str, to: &str| Campaign {
        id: id.into(),
        name: name.into(),
        kind: String::new(),
        first_day: Day::parse(from).expect("a day"),
        last_day: Day::parse(to).expect("a day"),
    };
    let with = |query: &str| {
        let mut boot = boot(query, 0);
        boot.catalog.campaigns_dated = vec![
            campaign("C0", "<i>春</i> 2024", "2024-02-01", "2024-02-10"),
            campaign("C1", "<i>春</i> 2025", "2025-02-01", "2025-02-10"),
        ];
        boot
    };
    let offered = html(with("lang=en"));
    assert!(!offered.contains("<i>春"), "a name is no markup");
    assert!(offered.contains("&lt;i&gt;春&lt;/i&gt; 2024, days 1–10"), "the earlier one is offered");
    let link = "/?from=2025-02-01&amp;to=2025-02-10&amp;compare=campaign&amp;cnow=C1&amp;cthen=C0&amp;lang=en";
    assert!(offered.contains(link), "by a link");
    assert!(!offered.contains("class=\"note aligned\""));
    let compared = html(with("compare=campaign&cnow=C1&cthen=C0&from=2025-02-03&to=2025-02-05&lang=en"));
    let note = "Days 3–5 of &lt;i&gt;春&lt;/i&gt; 2025 against days 3–5 of &lt;i&gt;春&lt;/i&gt; 2024";
    assert!(compared.contains(note), "what is aligned is said");
    let page = Page::new(with("compare=campaign&cnow=C1&cthen=C0&lang=en"));
    let terms = terms(&page);
    let days = "2024-02-01 to 2024-02-10 · Days 1–10 of <i>春</i> 2025 against days 1–10 of <i>春</i> 2024";
    assert!(terms.iter().any(|(_, value)| value == days), "and in files: {terms:?}");
}
