//! The origins that may frame a portal's views. They go into a response header, so they are written in one form only.

use url::{Host, Url};

use crate::{Error, Result};

/// An origin in the form in which browsers send it: `https://host`, or with a port other than the usual.
///
/// # Errors
/// When it is no more than part of one, more than one, or plain HTTP on another machine than this.
pub(super) fn checked(text: &str) -> Result<String> {
    let refuse = |problem| Err(Error::field("origins", text, format!("{problem}: write `https://portal.example`")));
    let Ok(url) = Url::parse(text) else { return refuse("is not an address") };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return refuse("names no host"),
    };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback => {}
        _ => return refuse("is not https"),
    }
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_bare || !url.username().is_empty() || url.password().is_some() {
        return refuse("has more than scheme, host and port");
    }
    // `*`, `;` and `,` are letters to a URL but not to the header.
    let origin = url.origin().ascii_serialization();
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if is_plain { Ok(origin) } else { refuse("has a host with other characters than letters, digits, - and .") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_send_them() {
        for (given, sent) in [
            ("https://portal.example", "https://portal.example"),
            ("https://Portal.Example/", "https://portal.example"),
            ("https://portal.example:443", "https://portal.example"),
            ("https://portal.example:8443", "https://portal.example:8443"),
            ("https://门户.example", "https://xn--zoup46i.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(checked(given).expect(given), sent);
        }
    }

    #[test]
    fn what_is_no_single_safe_origin_is_refused() {
        for given in [
            "",
            "*",
            "portal.example",
            "https://",
            "https://*.portal.example",
            "http://portal.example",
            "null",
            "https://portal.example/path",
            "https://portal.example?x",
            "https://portal.example#x",
            "data:text/html,x",
            "https://user@portal.example",
            "https://a.example https://b.example",
            "https://a.example;script-src",
            "https://a.example,b.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://a.example\nx: y",
            "http://127.0.0.1.portal.example",
            "http://localhost.portal.example",
            "https://'none'",
            "blob:https://a.example/x",
        ] {
            let error = checked(given).expect_err(given).to_string();
            assert!(error.starts_with("origins: "), "{error}");
        }
    }
}
