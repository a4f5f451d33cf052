//! The memory that plans work in: what may spill has a part of it, and what may not has another.
//!
//! In one pool of DataFusion's, sorts and groupings that may spill can take all of it; a merge of spilled files, which
//! may not, then finds nothing, and the plan ends. Here neither can take what is the other's.

use std::fmt;

use datafusion::error::Result;
use datafusion::execution::memory_pool::{
    FairSpillPool, GreedyMemoryPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};

/// How the memory of a session is shared out, in bytes, and among how many parts of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    /// Tables between plans.
    pub(super) tables: usize,
    /// Operators that go through files where they get no more.
    pub(super) may_spill: usize,
    /// Operators that fail where they get no more: sorts take for the keys of what they merge up to as much again as
    /// they hold.
    pub(super) must_hold: usize,
    /// Parts of a plan that run at once.
    pub(super) parts: usize,
    /// What each sort of each part sets aside for its merge before it has seen a row.
    pub(super) set_aside: usize,
}

/// Below this a part has no room to work, and fewer parts are quicker.
const LEAST_OF_PART: usize = 64 << 20;
/// Sorts of a plan that are open at once, at the most: both sides of joins of joins, and windows over them.
const SORTS_AT_ONCE: usize = 24;
/// What DataFusion sets aside where nothing is said.
const MOST_SET_ASIDE: usize = 10 << 20;

impl Budget {
    /// Shares out so much memory; what the three leave is for shards being encoded.
    pub(super) fn of(memory: u64, cores: usize) -> Self {
        let memory = usize::try_from(memory).unwrap_or(usize::MAX);
        let (quarter, must_hold) = (memory / 4, memory / 8 * 3);
        let parts = cores.min(memory / LEAST_OF_PART).clamp(1, 8);
        let set_aside = (must_hold / 2 / (parts * SORTS_AT_ONCE)).min(MOST_SET_ASIDE);
        Self { tables: quarter, may_spill: quarter, must_hold, parts, set_aside }
    }
}

/// Two pools beside each other.
#[derive(Debug)]
pub(super) struct TwoPools {
    /// Of operators that go through files where they get no more.
    may_spill: FairSpillPool,
    /// Of operators that fail where they get no more: one side of a join, merges.
    must_hold: GreedyMemoryPool,
    bytes: usize,
}

impl TwoPools {
    /// So many bytes for the one and for the other.
    pub(super) fn new(may_spill: usize, must_hold: usize) -> Self {
        Self {
            may_spill: FairSpillPool::new(may_spill),
            must_hold: GreedyMemoryPool::new(must_hold),
            bytes: may_spill.saturating_add(must_hold),
        }
    }

    fn of(&self, consumer: &MemoryConsumer) -> &dyn MemoryPool {
        if consumer.can_spill() { &self.may_spill } else { &self.must_hold }
    }
}

impl MemoryPool for TwoPools {
    fn name(&self) -> &str {
        "two pools"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.of(consumer).register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.of(consumer).unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.of(reservation.consumer()).grow(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.of(reservation.consumer()).shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        self.of(reservation.consumer()).try_grow(reservation, additional)
    }

    fn reserved(&self) -> usize {
        self.may_spill.reserved() + self.must_hold.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.bytes)
    }
}

impl fmt::Display for TwoPools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for what may spill, {} for what may not", self.may_spill, self.must_hold)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::BuildError;
    use crate::engine::{CORES, integers, keep, session};

    #[test]
    fn little_memory_is_for_fewer_parts_that_set_less_aside() {
        for (memory, cores, parts) in [(64u64 << 20, 8, 1), (256 << 20, 8, 4), (4 << 30, 2, 2), (64 << 30, 64, 8)] {
            let budget = Budget::of(memory, cores);
            assert_eq!(budget.parts, parts, "{memory} bytes, {cores} cores");
            assert!(budget.parts * SORTS_AT_ONCE * budget.set_aside <= budget.must_hold / 2, "{budget:?}");
            assert!((budget.tables + budget.may_spill + budget.must_hold) as u64 <= memory / 8 * 7, "{budget:?}");
        }
        assert_eq!(Budget::of(8 << 30, 2).set_aside, MOST_SET_ASIDE);
    }

    /// Ten sorts at once, each in as many parts as eight cores are given: none has all its rows before all have some.
    #[tokio::test]
    async fn sorts_of_many_cores_have_room_in_little_memory() -> Result<(), BuildError> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        CORES.set(Some(8));
        let context = session(folder.path(), 256 << 20);
        CORES.set(None);
        let context = context?;
        keep(&context, "numbers", "SELECT value AS n FROM generate_series(1, 40000)").await?;
        let sorted =
            |key: u32| format!("SELECT row_number() OVER (PARTITION BY n % {key} ORDER BY n) AS place FROM numbers");
        let all: Vec<_> = (1_000..1_010).map(sorted).collect();
        let sql = format!("SELECT count(*), max(place) FROM ({})", all.join(" UNION ALL "));
        assert_eq!(integers(&context, &sql).await?, [400_000, 40]);
        Ok(())
    }

    #[test]
    fn what_may_spill_leaves_room_for_what_may_not() {
        let pool: Arc<dyn MemoryPool> = Arc::new(TwoPools::new(1_000, 500));
        let sort = MemoryConsumer::new("sort").with_can_spill(true).register(&pool);
        let merge = MemoryConsumer::new("merge").register(&pool);
        sort.try_grow(1_000).expect("all that sorts have");
        assert!(sort.try_grow(1).is_err());
        merge.try_grow(500).expect("merges have theirs");
        assert!(merge.try_grow(1).is_err());
        let other = MemoryConsumer::new("other").with_can_spill(true).register(&pool);
        assert!(other.try_grow(1).is_ok() && sort.try_grow(1).is_err(), "two who sort share");
        drop((sort, merge, other));
        assert_eq!(pool.reserved(), 0);
    }
}
