//! What one request, one connection, one reader, and all of them together may take.

use std::time::Duration;

/// Bounds that hold under attack and are not felt otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the head of a request may take to arrive, and how long a kept connection may be idle.
    pub head_time: Duration,
    /// How long a request may take until its answer begins, its body included.
    pub request_time: Duration,
    /// How long a client may take nothing of an answer.
    pub write_time: Duration,
    /// Bytes of the request line and all headers together.
    pub head_bytes: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address: an IPv4 address, or 64 bits of IPv6. Trusted proxies have no such limit.
    pub connections_each: usize,
    /// Pages, questions, files of pages and forms that are worked on at once.
    pub computing: usize,
    /// Files that are looked up at once.
    pub files: usize,
    /// How long a request may wait for its turn before it is told to come again.
    pub turn_time: Duration,
    /// Asks, which are the parts of questions, that a reader may send a minute to `/api/ask`; 32 at least.
    pub asks_a_minute: u32,
    /// Files of pages that a reader may fetch a minute.
    pub exports_a_minute: u32,
}

impl Limits {
    /// The limits of `wellspring serve` without options.
    pub const DEFAULT: Self = Self {
        head_time: Duration::from_secs(20),
        request_time: Duration::from_secs(30),
        write_time: Duration::from_secs(30),
        head_bytes: 32 * 1024,
        connections: 4_096,
        connections_each: 512,
        computing: 64,
        files: 512,
        turn_time: Duration::from_secs(3),
        asks_a_minute: 600,
        exports_a_minute: 60,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
