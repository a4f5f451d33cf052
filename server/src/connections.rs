//! Accepts connections, no more than there is room for, and serves each until it ends or takes too long.
//!
//! `axum::serve` has neither a time limit for a request's head nor any limit of connections; this is hyper, as
//! `axum::serve` uses it, with both.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::operation::Limits;
use crate::state::AppState;

/// Files that the process has open besides its connections, and some to spare.
const OTHER_FILES: u64 = 256;
/// For a connection that there is no room for; nothing of its request is read.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\
    Cache-Control: no-store\r\nContent-Length: 0\r\n\r\n";
/// How long to wait when the system gives no connection, such as for want of open files.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until `stop` is ready and the requests under way are done.
pub(crate) async fn serve(listener: TcpListener, router: Router, state: &AppState, stop: impl Future<Output = ()>) {
    let limits = &state.operation().limits;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_header_size(limits.head_bytes)
        .max_buf_size(limits.head_bytes.max(64 * 1024));
    let graceful = GracefulShutdown::new();
    let places = Places::new(room(limits), limits.connections_each);
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(fault) => {
                    wait_out(&fault).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let is_proxy = state.operation().proxies.trusts(peer.ip());
        let Some(place) = places.take((!is_proxy && state.door().guard().is_some()).then(|| peer.ip())) else {
            state.metrics().connection_refused();
            refuse(&stream);
            continue;
        };
        // An answer is sent whole; waiting for more to send with it only costs time.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_time));
        let router = router.clone();
        let service = service_fn(move |request| answer(router.clone(), peer, request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
        let state = state.clone();
        state.metrics().connection(1);
        tokio::spawn(async move {
            // Clients leave, stall and send nonsense: no news.
            let _ = connection.await;
            state.metrics().connection(-1);
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn answer(router: Router, peer: SocketAddr, mut request: Request<Incoming>) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

/// As many connections as the limits and the system allow.
fn room(limits: &Limits) -> usize {
    let wanted = u64::try_from(limits.connections).unwrap_or(u64::MAX);
    let Ok(files) = rlimit::increase_nofile_limit(wanted.saturating_add(OTHER_FILES)) else {
        return limits.connections;
    };
    let room = usize::try_from(files.saturating_sub(OTHER_FILES).max(1)).unwrap_or(usize::MAX);
    if room < limits.connections {
        tracing::warn!("the system allows {files} open files, hence {room} connections and not {}", limits.connections);
    }
    room.min(limits.connections)
}

/// A client that left before it was accepted is no reason to wait; want of open files is.
async fn wait_out(fault: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(fault.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!("no connection can be accepted: {fault}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Says so if that takes no waiting.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(FULL);
}

/// Room for connections, all together and from one address.
#[derive(Clone, Debug)]
struct Places(Arc<Mutex<Taken>>);

#[derive(Debug)]
struct Taken {
    free: usize,
    each: usize,
    by_network: HashMap<Ipv6Addr, usize>,
}

/// A connection's place; free again when dropped.
#[derive(Debug)]
struct Place {
    places: Places,
    network: Option<Ipv6Addr>,
}

impl Places {
    fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Mutex::new(Taken { free: all.max(1), each: each.max(1), by_network: HashMap::new() })))
    }

    /// A place for a connection from this address, or from one that is not counted.
    fn take(&self, address: Option<IpAddr>) -> Option<Place> {
        let network = address.map(network);
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = &mut *guard;
        if taken.free == 0 {
            return None;
        }
        if let Some(network) = network {
            let of_it = taken.by_network.entry(network).or_insert(0);
            if *of_it >= taken.each {
                return None;
            }
            *of_it += 1;
        }
        taken.free -= 1;
        Some(Place { places: self.clone(), network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut guard = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = &mut *guard;
        taken.free += 1;
        if let Some(network) = self.network
            && let Some(of_it) = taken.by_network.get_mut(&network)
        {
            *of_it -= 1;
            if *of_it == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

/// What one household or attacker holds: a single IPv4 address, or 64 bits of IPv6.
fn network(peer: IpAddr) -> Ipv6Addr {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    #[test]
    fn one_address_leaves_room_for_others_and_all_have_an_end() {
        let places = Places::new(5, 2);
        let first = [places.take(address("192.0.2.1")), places.take(address("::ffff:192.0.2.1"))];
        assert!(first.iter().all(Option::is_some));
        assert!(places.take(address("192.0.2.1")).is_none(), "a third of one address");
        let v6 = [places.take(address("2001:db8::1")), places.take(address("2001:db8::ffff:1"))];
        assert!(v6.iter().all(Option::is_some));
        assert!(places.take(address("2001:db8::2")).is_none(), "one network");
        let proxy = places.take(None);
        assert!(proxy.is_some() && places.take(None).is_none(), "the sixth of all");
        drop(first);
        assert!(places.take(address("192.0.2.1")).is_some());
        drop((v6, proxy));
        let taken = places.0.lock().expect("whole");
        assert_eq!((taken.free, taken.by_network.len()), (5, 0));
    }
}
