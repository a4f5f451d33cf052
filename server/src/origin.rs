//! Where a request comes from: our own pages, or another site that a reader's browser also has open.

use axum::http::{HeaderMap, HeaderName, header};
use std::net::IpAddr;

/// What a browser says about a request's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It is one of ours.
    Own,
    /// It is not, or cannot be told.
    Foreign,
    /// Nothing is said: no browser of today sent it.
    Unsaid,
}

/// Where a request comes from. Browsers set both headers themselves; no script can.
pub(crate) fn of(headers: &HeaderMap) -> Origin {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("\0"));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        // Another port or a neighbour under the same domain is `same-site`, and another's.
        return if site == "same-origin" { Origin::Own } else { Origin::Foreign };
    }
    let Some(origin) = text(header::ORIGIN) else { return Origin::Unsaid };
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    match (host, text(header::HOST)) {
        (Some(from), Some(to)) if !to.is_empty() && from.eq_ignore_ascii_case(to) => Origin::Own,
        _ => Origin::Foreign,
    }
}

/// Whether a request names this machine as its host, or none.
///
/// Without sign-in this is what keeps other sites out: one whose name leads to 127.0.0.1 could otherwise read everything
/// in the reader's own browser.
pub(crate) fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let name = bracketed.map_or_else(|| host.rsplit_once(':').map_or(host, |(name, _)| name), |(name, _)| name);
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(given: &[(&'static str, &'static str)]) -> HeaderMap {
        given.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_the_very_same_origin_is_our_own() {
        let host = ("host", "dash.example");
        let cases = [
            (vec![host, ("sec-fetch-site", "same-origin")], Origin::Own),
            (vec![host, ("sec-fetch-site", "same-site")], Origin::Foreign),
            (vec![host, ("sec-fetch-site", "cross-site"), ("origin", "https://dash.example")], Origin::Foreign),
            (vec![host, ("sec-fetch-site", "none")], Origin::Foreign),
            (vec![host, ("sec-fetch-site", "")], Origin::Foreign),
            (vec![host, ("origin", "https://dash.example")], Origin::Own),
            (vec![host, ("origin", "https://dash.example:8443")], Origin::Foreign),
            (vec![host, ("origin", "https://dash.example.evil.example")], Origin::Foreign),
            (vec![host, ("origin", "https://evil.example")], Origin::Foreign),
            (vec![host, ("origin", "null")], Origin::Foreign),
            (vec![host, ("origin", "")], Origin::Foreign),
            (vec![("origin", "https://dash.example")], Origin::Foreign),
            (vec![("host", ""), ("origin", "https://")], Origin::Foreign),
            (vec![host], Origin::Unsaid),
        ];
        for (given, expected) in cases {
            assert_eq!(of(&headers(&given)), expected, "{given:?}");
        }
    }

    #[test]
    fn a_name_that_merely_leads_to_this_machine_is_not_its_own() {
        for own in ["localhost", "LOCALHOST:3000", "127.0.0.1:3000", "127.8.0.1", "[::1]:3000", "app.localhost"] {
            assert!(
                names_this_machine(&HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(own))])),
                "{own}"
            );
        }
        for other in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:3000", "10.0.0.1", "", "[::2]"]
        {
            assert!(
                !names_this_machine(&HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(other))])),
                "{other}"
            );
        }
    }
}
