//! Chance that is the same on every machine: ChaCha streams, integer draws, and pure-Rust `libm`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// One stream of draws. Every member has a stream of its own, so that no draw depends on another member.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream numbered `stream` of a seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A whole number below `n`, which must not be 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// Uniform in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Near a standard normal: four uniforms added, which ends at ±3.46.
    pub(crate) fn normal(&mut self) -> f64 {
        let bits = self.0.next_u64();
        let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum();
        (sum as f64 / 65_536.0 - 2.0) * 1.732_050_807_568_877_2
    }

    /// The waiting time of a process with one event per unit of time.
    pub(crate) fn wait(&mut self) -> f64 {
        -libm::log(1.0 - self.unit())
    }

    /// One of a list, all alike.
    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u32) as usize]
    }

    /// Sixteen hex digits.
    pub(crate) fn token(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// A list of numbers with weights, drawn from in proportion to them.
pub(crate) struct Weighted<T> {
    items: Vec<T>,
    ends: Vec<u32>,
}

impl<T: Copy> Weighted<T> {
    /// The weights must not be all 0 and must add up to less than 2^32.
    pub(crate) fn new(pairs: impl IntoIterator<Item = (T, u32)>) -> Self {
        let mut end = 0;
        let (mut items, mut ends) = (Vec::new(), Vec::new());
        for (item, weight) in pairs {
            end += weight;
            items.push(item);
            ends.push(end);
        }
        Self { items, ends }
    }

    /// One item.
    pub(crate) fn draw(&self, dice: &mut Dice) -> T {
        let total = *self.ends.last().expect("weighted lists are not empty");
        let at = dice.below(total);
        self.items[self.ends.partition_point(|end| *end <= at)]
    }
}
