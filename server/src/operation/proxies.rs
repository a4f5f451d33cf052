//! Proxies before the server: whose word on a reader's address and on TLS is believed.
//!
//! Anybody may send `X-Forwarded-For`. It is looked at only where the other end of the connection is a proxy named by
//! whoever runs the server, and read from its end, which that proxy wrote.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::state::AppState;

/// A year; neighbours under the same domain decide for themselves.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What stands between the server and its readers.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted: Vec<Network>,
    /// Whether every reader comes over TLS, which ends before the server.
    pub tls: bool,
}

/// One address or a network, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let one = |text: &str| text.parse::<IpAddr>().ok().map(IpNet::from);
        let network = one(text).or_else(|| text.parse().ok());
        network.map(|network| Self(network.trunc())).ok_or_else(|| {
            format!("`{text}` is no address and no network: write it as 10.1.2.3, 10.0.0.0/8 or fd00::/8")
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Proxies {
    /// Whether this address is a proxy's.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.0.contains(&address))
    }

    /// The reader's address: the nearest one that is not a proxy's, where all from there to us are.
    fn reader(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let said = lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
        for address in said {
            if !self.trusts(nearest) {
                break;
            }
            // What a trusted proxy wrote and nobody can read leaves the proxy itself as the last one known.
            let Some(address) = address_of(address.trim()) else { break };
            nearest = address;
        }
        nearest
    }

    /// Whether the reader's own connection is encrypted.
    fn is_secure(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let said = || headers.get_all("x-forwarded-proto").iter().next_back().and_then(|line| line.to_str().ok());
        let is_https = |line: &str| line.rsplit(',').next().is_some_and(|said| said.trim() == "https");
        self.tls || (self.trusts(peer) && said().is_some_and(is_https))
    }
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn address_of(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    let address = address.or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse());
    address.ok().map(|address| address.to_canonical())
}

/// Names the reader, not the proxy, as the other end of the connection, and holds browsers to TLS where there is some.
pub(crate) async fn seen_through(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let proxies = &state.operation().proxies;
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let mut is_secure = proxies.tls;
    if let Some(peer) = peer.filter(|_| !proxies.trusted.is_empty()) {
        is_secure = proxies.is_secure(peer.ip(), request.headers());
        let reader = proxies.reader(peer.ip(), request.headers());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(reader, peer.port())));
    }
    let mut response = next.run(request).await;
    if is_secure {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_str(line).expect("a header"));
        }
        headers
    }

    fn proxies(networks: &[&str]) -> Proxies {
        let trusted = networks.iter().map(|text| text.parse().expect("a network")).collect();
        Proxies { trusted, tls: false }
    }

    #[test]
    fn only_a_trusted_proxys_word_counts_and_only_its_own_part() {
        let one = proxies(&["10.0.0.0/8", "fd00::1"]);
        let cases: [(&str, &[&str], &str); 13] = [
            ("192.0.2.9", &["198.51.100.7"], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("fd00::1", &["2001:db8::5"], "2001:db8::5"),
            ("fd00::2", &["2001:db8::5"], "fd00::2"),
            // What the reader made up stands before what the proxy wrote.
            ("10.0.0.1", &["127.0.0.1, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["127.0.0.1", "198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.2.3.4"], "198.51.100.7"),
            ("10.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("10.0.0.1", &["[2001:db8::5]:80"], "2001:db8::5"),
            ("10.0.0.1", &["198.51.100.7, unknown"], "10.0.0.1"),
            ("10.0.0.1", &[""], "10.0.0.1"),
        ];
        for (peer, lines, expected) in cases {
            let headers = headers("x-forwarded-for", lines);
            assert_eq!(one.reader(address(peer), &headers), address(expected), "{peer} {lines:?}");
        }
        assert_eq!(
            Proxies::default().reader(address("127.0.0.1"), &headers("x-forwarded-for", &["8.8.8.8"])),
            address("127.0.0.1")
        );
    }

    #[test]
    fn tls_is_what_a_trusted_proxy_or_the_operator_says() {
        let one = proxies(&["10.0.0.0/8"]);
        let said = |line: &str| headers("x-forwarded-proto", &[line]);
        assert!(one.is_secure(address("10.1.1.1"), &said("https")));
        assert!(one.is_secure(address("10.1.1.1"), &said("http, https")));
        assert!(!one.is_secure(address("10.1.1.1"), &said("https, http")));
        assert!(!one.is_secure(address("10.1.1.1"), &HeaderMap::new()));
        assert!(!one.is_secure(address("192.0.2.1"), &said("https")));
        let always = Proxies { tls: true, ..Proxies::default() };
        assert!(always.is_secure(address("192.0.2.1"), &HeaderMap::new()));
    }

    #[test]
    fn a_network_is_an_address_or_a_prefix() {
        for (text, shown) in [("10.1.2.3/8", "10.0.0.0/8"), ("127.0.0.1", "127.0.0.1/32"), ("fd00::/8", "fd00::/8")] {
            assert_eq!(text.parse::<Network>().map(|network| network.to_string()), Ok(shown.to_owned()));
        }
        for wrong in ["", "proxy", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "/8"] {
            assert!(wrong.parse::<Network>().is_err_and(|fault| fault.contains(wrong)), "{wrong}");
        }
    }
}
