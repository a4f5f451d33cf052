//! The memory that plans work in: what may spill has a part of it, and what may not has another.
//!
//! In one pool of DataFusion's, sorts and groupings that may spill can take all of it; a merge of spilled files, which
//! may not, then finds nothing, and the plan ends. Here neither can take what is the other's.

use std::fmt;

use datafusion::error::Result;
use datafusion::execution::memory_pool::{
    FairSpillPool, GreedyMemoryPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};

/// Two pools beside each other.
#[derive(Debug)]
pub(super) struct Halves {
    /// Of operators that go through files where they get no more.
    may_spill: FairSpillPool,
    /// Of operators that fail where they get no more: one side of a join, merges.
    must_hold: GreedyMemoryPool,
    bytes: usize,
}

impl Halves {
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

impl MemoryPool for Halves {
    fn name(&self) -> &str {
        "halves"
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

impl fmt::Display for Halves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for what may spill, {} for what may not", self.may_spill, self.must_hold)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_may_spill_leaves_room_for_what_may_not() {
        let pool: Arc<dyn MemoryPool> = Arc::new(Halves::new(1_000, 500));
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
