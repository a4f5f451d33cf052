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
        let heap = Heap { times: 1, plus: 100 };
        heap.allow(1_000, || drop(vec![1u8; 1_000]));
        let result = std::panic::catch_unwind(|| heap.allow(1_000, || drop(std::hint::black_box(vec![1u8; 100_000]))));
        assert!(result.is_err());
    }
}
