//! How much memory reading takes, measured by an allocator that counts.

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// What a reader may take.
#[derive(Clone, Copy, Debug)]
pub struct Heap {
    /// Bytes for each byte of the input.
    pub times: usize,
    /// Bytes however small the input is.
    pub plus: usize,
}

impl Heap {
    /// Runs `read`; panics if more memory was held at any moment than an input of `length` bytes allows.
    /// One thread at a time: the whole process is measured.
    pub fn allow<T>(self, length: usize, read: impl FnOnce() -> T) -> T {
        let before = HEAP.current_usage();
        HEAP.reset_peak_usage();
        let result = read();
        let taken = HEAP.peak_usage().saturating_sub(before);
        let allowed = self.times * length + self.plus;
        assert!(taken <= allowed, "reading {length} bytes took {taken}, allowed are {allowed}");
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_freed_again_counts_too() {
        // The harness may take a little meanwhile.
        let heap = Heap { times: 1, plus: 50_000 };
        heap.allow(1_000, || drop(std::hint::black_box(vec![1u8; 1_000])));
        let too_much = || heap.allow(1_000, || drop(std::hint::black_box(vec![1u8; 1_000_000])));
        assert!(std::panic::catch_unwind(too_much).is_err());
    }
}
