//! Hostile names in pages: text, attributes, SVG, and the JSON that the program reads.

use std::collections::HashSet;

use form_urlencoded::Serializer;
use serde_json::Value;

use super::corpus;
use super::retailer::{PLACES, Retailer, field};
use super::structure::{bones, same, shape};
use crate::client::{Reply, get};

const BOOT: &str = "<script id=\"boot\"";

/// The names of one round, of as many as a retailer has places.
pub(super) fn rounds() -> Vec<Vec<String>> {
    let names = corpus::names();
    let rounds = names.len().div_ceil(PLACES);
    (0..rounds)
        .map(|round| (0..PLACES).map(|at| names[(round * PLACES + at) % names.len()].clone()).collect())
        .collect()
}

/// Names that mean nothing.
pub(super) fn harmless() -> Vec<String> {
    (0..PLACES).map(|place| format!("name{place:03}")).collect()
}

/// Whether an address names places. A name with spaces around it or a comma in it may filter by nothing, so that such a
/// page shows more than the one it is compared with: of the same elements, but not as many.
pub(super) fn names_places(address: &str) -> bool {
    ["region=", "store=", "campaign=", "/stores/"].iter().any(|filter| address.contains(filter))
}

/// Addresses, some of which name places of the retailer.
pub(super) fn addresses(names: &[String], prefix: &str, endings: &[&str]) -> Vec<String> {
    let query = |pairs: &[(&str, &str)]| {
        let mut query = Serializer::new(String::new());
        query.append_pair("lang", "en").extend_pairs(pairs);
        query.finish()
    };
    let (store, channel, tier) = (field(names, 3, 0), field(names, 4, 4), field(names, 5, 14));
    let (region, campaign) = (field(names, 2, 12), field(names, 6, 7));
    let queries = [
        query(&[]),
        query(&[("by", "store")]),
        query(&[("by", "channel"), ("compare", "none")]),
        query(&[("by", "tier")]),
        query(&[("by", "city"), ("region", &region)]),
        query(&[("store", &store), ("channel", &channel), ("tier", &tier)]),
        query(&[("campaign", &campaign), ("from", &region), ("to", &store), ("compare", &campaign), ("by", &tier)]),
    ];
    let mut addresses = Vec::new();
    for page in ["growth", "funnel", "cohorts", "stores", "ladder", "members", "channels", "data"] {
        let page = if page == "growth" && prefix.is_empty() { "" } else { page };
        for (ending, query) in endings.iter().flat_map(|ending| queries.iter().map(move |query| (ending, query))) {
            addresses.push(format!("{prefix}/{page}{ending}?{query}"));
        }
    }
    let id: String = form_urlencoded::byte_serialize(store.as_bytes()).collect::<String>().replace('+', "%20");
    for ending in endings {
        addresses.push(format!("{prefix}/stores/{id}{ending}?lang=en"));
    }
    addresses
}

/// What stands before the boot element, and its JSON.
fn parts(what: &str, reply: &Reply) -> (String, Value) {
    assert_eq!(reply.status, 200, "{what}");
    let (page, rest) = reply.text().split_once(BOOT).unwrap_or_else(|| panic!("{what}: no boot element"));
    let (attributes, rest) = rest.split_once('>').expect("the tag ends");
    let (json, rest) = rest.split_once("</script>").expect("the element ends");
    assert_eq!(rest, "</body></html>", "{what}: nothing stands after it");
    assert!(!json.contains('<'), "{what}: JSON holds no `<`");
    let json = serde_json::from_str(json).unwrap_or_else(|fault| panic!("{what}: {fault}"));
    (format!("{page}{BOOT}{attributes}></script>{rest}"), json)
}

#[test]
fn no_name_becomes_markup_on_any_page() {
    let plain = harmless();
    let shown = Retailer::new(&plain);
    let expected: Vec<(String, Value)> =
        addresses(&plain, "", &[""]).iter().map(|path| parts(path, &get(shown.served.addr, path))).collect();
    drop(shown);
    let known: HashSet<String> = expected.iter().flat_map(|(page, _)| bones(page)).collect();
    let mut seen = 0;
    for names in rounds() {
        let shown = Retailer::new(&names);
        for (path, (page, boot)) in addresses(&names, "", &[""]).iter().zip(&expected) {
            let (hostile_page, hostile_boot) = parts(path, &get(shown.served.addr, path));
            if names_places(path) {
                let strange = bones(&hostile_page).into_iter().find(|bone| !known.contains(bone));
                assert_eq!(strange, None, "{path}");
            } else {
                same(path, &hostile_page, page);
            }
            assert_eq!(shape(&hostile_boot["catalog"]), shape(&boot["catalog"]), "{path}");
            let stores = hostile_boot["catalog"]["stores"].as_array().expect("stores");
            assert_eq!(stores.len(), PLACES, "{path}");
            for (place, store) in stores.iter().enumerate() {
                assert_eq!(store["name"].as_str(), Some(field(&names, place, 1).as_str()), "{path}: as it was given");
            }
            seen += 1;
        }
    }
    assert!(seen >= 5 * 57, "{seen} pages");
}
