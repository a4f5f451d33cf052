//! Reads the next rows of a file while the last ones are worked on.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::{Frame, Opened};
use crate::BuildError;

/// Frames that wait to be worked on at the most.
const WAITING: usize = 4;

/// What [`Opened::rows`] does, with the reading on a thread of its own. `sink` takes every frame that came before a
/// fault of the file; its own fault counts first.
pub(super) fn rows(
    opened: Box<dyn Opened + '_>,
    columns: &[usize],
    mut sink: impl FnMut(Frame) -> Result<(), BuildError>,
) -> Result<(), BuildError> {
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        let reader = scope.spawn(move || {
            opened.rows(columns, &mut |frame| {
                // Nobody takes frames any more where the sink met a fault.
                Ok(if sender.send(frame).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })
        });
        let taken = receiver.into_iter().try_for_each(&mut sink);
        let read = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        taken.and(read)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A file of so many frames, each of one row, and then a fault.
    struct Faulty<'a> {
        frames: u64,
        read: &'a AtomicU64,
    }

    impl Opened for Faulty<'_> {
        fn header(&self) -> &[String] {
            &[]
        }

        fn note(&self) -> Option<String> {
            None
        }

        fn rows(
            self: Box<Self>,
            _: &[usize],
            sink: &mut dyn FnMut(Frame) -> Result<ControlFlow<()>, BuildError>,
        ) -> Result<(), BuildError> {
            for row in 1..=self.frames {
                self.read.fetch_add(1, Ordering::Relaxed);
                if sink(Frame { rows: vec![row], columns: Vec::new(), ragged: Vec::new() })?.is_break() {
                    return Ok(());
                }
            }
            Err(BuildError::unreadable("orders.csv", "the disk"))
        }
    }

    #[test]
    fn all_that_came_before_a_fault_is_taken_in_order() {
        let read = AtomicU64::new(0);
        let mut taken = Vec::new();
        let outcome = rows(Box::new(Faulty { frames: 100, read: &read }), &[], |frame| {
            taken.extend(frame.rows);
            Ok(())
        });
        assert!(outcome.expect_err("the file has a fault").to_string().contains("the disk"));
        assert_eq!(taken, (1..=100).collect::<Vec<u64>>());
    }

    #[test]
    fn reading_ends_soon_after_nobody_takes_it() {
        let read = AtomicU64::new(0);
        let outcome = rows(Box::new(Faulty { frames: 1_000_000, read: &read }), &[], |frame| match frame.rows[0] {
            3 => Err(BuildError::Engine("enough".to_owned())),
            _ => Ok(()),
        });
        assert!(outcome.expect_err("the sink has a fault").to_string().contains("enough"));
        assert!(read.load(Ordering::Relaxed) <= 3 + WAITING as u64 + 2, "{read:?}");
    }
}
