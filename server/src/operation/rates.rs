//! How much one reader may have worked out a minute, so that one cannot take what belongs to all.
//!
//! Bounded by construction, as tries to sign in are: readers are hashed, with a key of this process, into 65,536 slots.
//! Two that share a slot share its limit.

use std::fmt;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use super::Limits;

/// The most asks that one question has; less a minute would let none through.
const ASKS_AT_ONCE: u32 = 32;

type Limiter<C> = RateLimiter<u16, DefaultKeyedStateStore<u16>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts what readers have worked out.
pub(crate) struct Rates<C: Clock = DefaultClock> {
    key: [u8; 32],
    asks: Limiter<C>,
    exports: Limiter<C>,
    clock: C,
}

/// Too much: answer 429 with `Retry-After` of so many seconds, 1 at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// Seconds until it is worth trying again.
    pub(crate) secs: u64,
}

impl Rates {
    /// With the system's clock; an error where the operating system has no random bits.
    pub(crate) fn new(limits: &Limits) -> Result<Self, getrandom::Error> {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn with_clock(limits: &Limits, clock: C) -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let limiter = |a_minute: u32| -> Limiter<C> {
            let quota = Quota::per_minute(NonZeroU32::new(a_minute).unwrap_or(NonZeroU32::MIN));
            RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone())
        };
        let asks = limiter(limits.asks_a_minute.max(ASKS_AT_ONCE));
        Ok(Self { key, asks, exports: limiter(limits.exports_a_minute), clock: clock.clone() })
    }

    /// Counts the asks of a question, before they are answered.
    ///
    /// # Errors
    /// When the reader had too many.
    pub(crate) fn ask(&self, reader: &str, asks: usize) -> Result<(), Wait> {
        // A question of more is refused for that.
        let asks = u32::try_from(asks).unwrap_or(ASKS_AT_ONCE).clamp(1, ASKS_AT_ONCE);
        let asks = NonZeroU32::new(asks).unwrap_or(NonZeroU32::MIN);
        match self.asks.check_key_n(&self.slot(reader), asks) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(refused)) => Err(self.wait(&refused)),
            Err(_) => Err(Wait { secs: 60 }),
        }
    }

    /// Counts a file of a page, before it is made.
    ///
    /// # Errors
    /// When the reader had too many.
    pub(crate) fn export(&self, reader: &str) -> Result<(), Wait> {
        self.exports.check_key(&self.slot(reader)).map_err(|refused| self.wait(&refused))
    }

    fn wait(&self, refused: &NotUntil<C::Instant>) -> Wait {
        Wait { secs: refused.wait_time_from(self.clock.now()).as_secs().saturating_add(1) }
    }

    fn slot(&self, reader: &str) -> u16 {
        let hash = blake3::keyed_hash(&self.key, reader.as_bytes());
        u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]])
    }
}

impl<C: Clock> fmt::Debug for Rates<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rates(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use governor::clock::FakeRelativeClock;

    fn rates(asks_a_minute: u32, exports_a_minute: u32) -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let limits = Limits { asks_a_minute, exports_a_minute, ..Limits::DEFAULT };
        (Rates::with_clock(&limits, clock.clone()).expect("random bits"), clock)
    }

    #[test]
    fn a_question_costs_as_much_as_it_asks() {
        let (rates, clock) = rates(60, 1);
        assert_eq!(rates.ask("li", 32), Ok(()));
        assert_eq!(rates.ask("li", 28), Ok(()));
        let wait = rates.ask("li", 10).expect_err("too many");
        assert!((10..=11).contains(&wait.secs), "{wait:?}");
        assert_eq!(rates.ask("wang", 32), Ok(()), "others have their own");
        clock.advance(Duration::from_secs(wait.secs));
        assert_eq!(rates.ask("li", 10), Ok(()));
        assert_eq!(rates.export("li"), Ok(()), "files are counted apart");
        assert!(rates.export("li").is_err_and(|wait| wait.secs > 50));
    }

    #[test]
    fn a_question_of_any_size_can_be_asked_at_all() {
        let (rates, clock) = rates(1, 1);
        for asks in [0, 1, 32, 1_000] {
            assert_eq!(rates.ask("li", asks), Ok(()), "{asks}");
            clock.advance(Duration::from_secs(120));
        }
    }
}
