//! How often someone may try to sign in: by the name tried and by the address trying.
//!
//! In memory, and bounded by construction: names and addresses are hashed, with a key of this process, into 65,536
//! slots, each with a limit of its own. Two that share a slot share its limit, which costs them nothing unless one is
//! attacked. The address is looked at first, so that one address cannot use up what a name has left. Every try counts,
//! also one that succeeds: a guess must not be told from a mistake by what it costs.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::{Result, Subkey};

/// Tries that a name has at once, and seconds until it gets another one.
const BY_NAME: (u32, u64) = (10, 30);
/// The same for an address; a whole office may share one.
const BY_PEER: (u32, u64) = (60, 2);

type Limiter<C> = RateLimiter<u16, DefaultKeyedStateStore<u16>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts tries to sign in.
pub struct Attempts<C: Clock = DefaultClock> {
    key: Subkey,
    by_name: Limiter<C>,
    by_peer: Limiter<C>,
    clock: C,
}

/// Too many tries: answer 429 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds until the next try may succeed, at least 1.
    pub retry_after_secs: u64,
}

impl Attempts {
    /// With the system's clock.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new() -> Result<Self> {
        Self::with_clock(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Attempts<C> {
    fn with_clock(clock: C) -> Result<Self> {
        let limiter = |(burst, seconds)| -> Limiter<C> {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(Duration::from_secs(seconds)).unwrap_or(Quota::per_minute(burst));
            RateLimiter::new(quota.allow_burst(burst), DefaultKeyedStateStore::default(), clock.clone())
        };
        Ok(Self { key: Subkey::random()?, by_name: limiter(BY_NAME), by_peer: limiter(BY_PEER), clock: clock.clone() })
    }

    /// Counts one try, before the password is looked at.
    ///
    /// # Errors
    /// When the name or the address had too many.
    pub fn check(&self, name: &str, peer: IpAddr) -> std::result::Result<(), TooMany> {
        let peer = self.slot(b"peer", &network(peer).octets());
        let name = self.slot(b"name", crate::people::folded(name).as_bytes());
        let refused = match self.by_peer.check_key(&peer) {
            Ok(()) => self.by_name.check_key(&name).err(),
            refused => refused.err(),
        };
        refused.map_or(Ok(()), |refused| Err(self.too_many(&refused)))
    }

    /// Counts one try that names nobody, such as one that another program vouches for.
    ///
    /// # Errors
    /// When the address had too many.
    pub fn check_peer(&self, peer: IpAddr) -> std::result::Result<(), TooMany> {
        let refused = self.by_peer.check_key(&self.slot(b"peer", &network(peer).octets())).err();
        refused.map_or(Ok(()), |refused| Err(self.too_many(&refused)))
    }

    /// Slots in use, both kinds together; 131,072 at most.
    pub fn len(&self) -> usize {
        self.by_name.len() + self.by_peer.len()
    }

    /// Whether nobody tried yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn too_many(&self, refused: &NotUntil<C::Instant>) -> TooMany {
        TooMany { retry_after_secs: refused.wait_time_from(self.clock.now()).as_secs().saturating_add(1) }
    }

    fn slot(&self, kind: &[u8], value: &[u8]) -> u16 {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(kind).update(value);
        let hash = hasher.finalize();
        u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]])
    }
}

impl<C: Clock> fmt::Debug for Attempts<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempts(…)")
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
    use governor::clock::FakeRelativeClock;

    fn peer(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    fn attempts() -> (Attempts<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Attempts::with_clock(clock.clone()).expect("random bytes"), clock)
    }

    #[test]
    fn the_eleventh_try_at_a_name_waits_whoever_tries() {
        let (attempts, clock) = attempts();
        for n in 0..10 {
            assert_eq!(attempts.check("Li", peer(n)), Ok(()), "{n}");
        }
        let refused = attempts.check(" LI ", peer(99)).expect_err("too many");
        assert!((1..=31).contains(&refused.retry_after_secs), "{refused:?}");
        clock.advance(Duration::from_secs(refused.retry_after_secs));
        assert_eq!(attempts.check("li", peer(99)), Ok(()));
        assert!(attempts.check("li", peer(98)).is_err());
    }

    #[test]
    fn one_address_has_sixty_tries_and_then_leaves_names_their_own() {
        let (attempts, _) = attempts();
        let allowed = (0..200).filter(|n| attempts.check(&format!("user {n}"), peer(7)).is_ok()).count();
        assert_eq!(allowed, 60);
        for _ in 0..100 {
            assert!(attempts.check("victim", peer(7)).is_err());
        }
        assert_eq!(attempts.check("victim", peer(8)), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_address_and_so_are_both_forms_of_ipv4() {
        let v6 = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(v6("2001:db8:1:2:3::4"), v6("2001:db8:1:2:ffff::"));
        assert_ne!(v6("2001:db8:1:2::"), v6("2001:db8:1:3::"));
        assert_eq!(v6("::ffff:10.0.0.1"), v6("10.0.0.1"));
        assert_ne!(v6("10.0.0.1"), v6("10.0.0.2"));
    }

    #[test]
    fn memory_is_bounded_whatever_is_tried() {
        let (attempts, _) = attempts();
        for n in 0..150_000 {
            let _ = attempts.check(&format!("name {n}"), peer(n));
        }
        assert!(attempts.len() <= 2 * 65_536, "{}", attempts.len());
        assert!(attempts.len() > 100_000, "{}", attempts.len());
    }
}
