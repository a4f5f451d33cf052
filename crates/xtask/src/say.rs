//! One voice for all commands: each step says what it is, what happened, and how long it took.

use std::time::Instant;

/// A step under way. It has said nothing yet; one of its methods will.
pub(crate) struct Step {
    what: String,
    begun: Instant,
}

impl Step {
    /// Starts the clock.
    pub(crate) fn begin(what: &str) -> Self {
        Self { what: what.to_owned(), begun: Instant::now() }
    }

    /// Says that real work starts now, and what the reader waits for.
    pub(crate) fn working(&self, how: &str) {
        println!("… {}: {how}", self.what);
    }

    /// Says that there was nothing to do.
    pub(crate) fn already(&self) {
        self.done("already there");
    }

    /// Says how it ended.
    pub(crate) fn done(&self, how: &str) {
        println!("✓ {}: {how} ({:.1} s)", self.what, self.seconds());
    }

    /// How long it has taken so far.
    pub(crate) fn seconds(&self) -> f32 {
        self.begun.elapsed().as_secs_f32()
    }
}

/// Bytes as people read them: `118.4 kB`.
pub(crate) fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_read_as_kilobytes() {
        assert_eq!(kilobytes(118_449), "118.4 kB");
        assert_eq!(kilobytes(99), "0.0 kB");
    }
}
