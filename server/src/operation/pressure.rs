//! What happens when more comes than can be worked on: requests wait their turn for a moment, then are told to come again.
//!
//! Pages and questions cost computing, files do not, and a password costs a tenth of a second on purpose; each kind has
//! seats of its own, so that a rush for one leaves the others as they were.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Limits;
use crate::rejection::Rejection;
use crate::state::AppState;

/// Who signs in or out at once. Passwords are hashed one a core at a time; more would only wait further in.
const AT_THE_DOOR: usize = 16;

/// Seats for requests that are being worked on.
#[derive(Debug)]
pub(crate) struct Seats {
    computing: Semaphore,
    files: Semaphore,
    door: Semaphore,
    turn_time: Duration,
}

impl Seats {
    /// As many as the limits say.
    pub(crate) fn new(limits: &Limits) -> Self {
        let seats = |seats: usize| Semaphore::new(seats.clamp(1, Semaphore::MAX_PERMITS));
        Self {
            computing: seats(limits.computing),
            files: seats(limits.files),
            door: seats(AT_THE_DOOR),
            turn_time: limits.turn_time,
        }
    }

    async fn take(&self, path: &str) -> Option<SemaphorePermit<'_>> {
        let seats = match path {
            _ if path.starts_with("/sign-") => &self.door,
            _ if is_file(path) => &self.files,
            _ => &self.computing,
        };
        tokio::time::timeout(self.turn_time, seats.acquire()).await.ok()?.ok()
    }
}

/// Shards and whatever has an ending like a file's; the manifest is in memory, but as large as some of them.
fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/snapshot/") || (name.contains('.') && !path.starts_with("/export/"))
}

/// Works on a request when it is its turn. Those who see whether the server is well are never kept waiting.
pub(crate) async fn seated(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics") {
        return next.run(request).await;
    }
    match state.seats().take(request.uri().path()).await {
        Some(_seat) => next.run(request).await,
        None => Rejection::Busy.into_response(),
    }
}

/// Ends a request that takes too long, a body that trickles in included. What the engine has begun it finishes, at most
/// one question a core.
pub(crate) async fn in_time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(state.operation().limits.request_time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Rejection::TooSlow.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_what_costs_computing() {
        for path in ["/snapshot/shards/a.arrow", "/snapshot/manifest.json", "/app-0123456789abcdef.js", "/favicon.svg"]
        {
            assert!(is_file(path), "{path}");
        }
        for path in ["/", "/stores/S1", "/api/ask", "/export/growth.csv", "/sign-in", "/nothing"] {
            assert!(!is_file(path), "{path}");
        }
    }

    #[tokio::test]
    async fn who_waits_too_long_gets_no_seat_and_the_other_kind_is_free() {
        let limits = Limits { computing: 1, turn_time: Duration::from_millis(20), ..Limits::DEFAULT };
        let seats = Seats::new(&limits);
        let first = seats.take("/").await.expect("free");
        assert!(seats.take("/api/ask").await.is_none());
        assert!(seats.take("/a.js").await.is_some());
        assert!(seats.take("/sign-in").await.is_some());
        drop(first);
        assert!(seats.take("/").await.is_some());
    }
}
