//! The token of whoever reads the metrics.

use std::fmt;

use access::Secret;
use axum::http::{HeaderMap, header};

/// A bearer token, of which only a hash is kept.
#[derive(Clone, Copy)]
pub struct MetricsToken(blake3::Hash);

impl MetricsToken {
    /// From text; white space around it is left out.
    ///
    /// # Errors
    /// When it is short or no more than a pattern, as for the server's secret.
    pub fn parse(text: &str) -> access::Result<Self> {
        Secret::parse(text)?;
        Ok(Self(blake3::hash(text.trim().as_bytes())))
    }

    /// Whether a request carries it; compared in constant time.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = given.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| blake3::hash(token.trim().as_bytes()) == self.0)
    }
}

impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetricsToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const GOOD: &str = "q8Zr1TnV5bXw0KfLs3Hd7GyJc9PmEa2U";

    #[test]
    fn the_whole_token_opens_and_nothing_else() {
        let token = MetricsToken::parse(&format!("{GOOD}\n")).expect("a good token");
        let with = |value: &str| {
            let value = HeaderValue::from_str(value).expect("a header");
            token.is_in(&HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
        };
        assert!(with(&format!("Bearer {GOOD}")) && with(&format!("bearer {GOOD}")));
        for wrong in ["", "Bearer", "Bearer ", &format!("Basic {GOOD}"), GOOD, &format!("Bearer {}", &GOOD[1..])] {
            assert!(!with(wrong), "{wrong}");
        }
        assert!(!token.is_in(&HeaderMap::new()));
        assert!(MetricsToken::parse("short").is_err() && MetricsToken::parse("").is_err());
        assert!(!format!("{token:?}").contains("q8Z"));
    }
}
