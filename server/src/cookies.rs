//! The server's cookies. `__Host-` holds the browser to it: sent to this host alone, over TLS (or to this machine),
//! and set by no neighbour under the same domain.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's token.
pub(crate) const SESSION: &str = "__Host-wellspring";
/// A random value that the sign-in form goes with, before there is a session.
pub(crate) const FORM: &str = "__Host-wellspring-form";

/// What goes out to the company's provider of accounts and has to come back.
pub(crate) const COMPANY: &str = "__Host-wellspring-company";

/// Seconds after which a browser forgets the session; the server may end it before.
const SESSION_SECS: u64 = 7 * 86_400;
/// Seconds that a sign-in page may be left open.
const FORM_SECS: u64 = 3_600;
/// Seconds between going out to the company's provider and coming back.
const COMPANY_SECS: u64 = 600;
/// Characters of a value that is worth looking at.
const MAX: usize = 200;
/// The same for one that carries a place to go to.
const LONG_MAX: usize = 3_500;

/// A cookie's value in a request.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    read_long(headers, name).filter(|value| value.len() <= MAX)
}

/// The value of a cookie that carries a place to go to.
pub(crate) fn read_long<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty() && value.len() <= LONG_MAX)
}

/// Sets the session's cookie. `Lax`: a link from an e-mail opens the page signed in, a form from elsewhere does not.
pub(crate) fn set_session(token: &str) -> Option<HeaderValue> {
    set(SESSION, token, "Lax", SESSION_SECS)
}

/// Sets the sign-in form's cookie.
pub(crate) fn set_form(value: &str) -> Option<HeaderValue> {
    set(FORM, value, "Strict", FORM_SECS)
}

/// Sets what goes out to the company's provider. `Lax`: coming back is a link from another site.
pub(crate) fn set_company(value: &str) -> Option<HeaderValue> {
    set(COMPANY, value, "Lax", COMPANY_SECS)
}

/// Takes a cookie away.
pub(crate) fn clear(name: &str) -> Option<HeaderValue> {
    set(name, "", "Lax", 0)
}

/// `None` for a value that no cookie can have; none of ours has one.
fn set(name: &str, value: &str, same_site: &str, secs: u64) -> Option<HeaderValue> {
    let text = format!("{name}={value}; Path=/; Max-Age={secs}; Secure; HttpOnly; SameSite={same_site}");
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_whole_name_only() {
        let mut headers = HeaderMap::new();
        for line in
            ["a=1; __Host-wellspring-form=f; x__Host-wellspring=no", "__Host-wellspring=yes; __host-wellspring=n"]
        {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        assert_eq!(read(&headers, SESSION), Some("yes"));
        assert_eq!(read(&headers, FORM), Some("f"));
        assert_eq!(read(&headers, "b"), None);
        let long = format!("{SESSION}={}", "x".repeat(201));
        headers.insert(header::COOKIE, HeaderValue::from_str(&long).expect("a header"));
        assert_eq!(read(&headers, SESSION), None);
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-wellspring="));
        assert_eq!(read(&headers, SESSION), None);
    }

    #[test]
    fn a_cookie_is_kept_from_scripts_neighbours_and_plain_http() {
        let cookie = set_session("abc").expect("a header");
        let text = cookie.to_str().expect("text");
        for part in ["__Host-wellspring=abc;", "Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=604800"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        assert!(set_session("a\nb").is_none());
    }
}
