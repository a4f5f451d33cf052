//! Waiting for a network from threads that read files: they do not `await`, so a runtime of its own does it for them.

use std::sync::{Arc, mpsc};

use tokio::runtime::{Builder, Runtime};

use crate::BuildError;

/// A small runtime beside the build's.
#[derive(Debug)]
pub(crate) struct Remote {
    /// Taken when it ends.
    runtime: Option<Runtime>,
}

impl Remote {
    pub(crate) fn new() -> Result<Arc<Self>, BuildError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("wellspring-source")
            .enable_all()
            .build()
            .map_err(|e| BuildError::Engine(format!("no thread for the network: {e}")))?;
        Ok(Arc::new(Self { runtime: Some(runtime) }))
    }

    /// Runs to the end; the calling thread waits, be it one of another runtime.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, BuildError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.begin(async move {
            // Nobody to tell is nobody who waits.
            let _ = sender.send(work.await);
        });
        receiver.recv().map_err(|_| BuildError::Engine("reading from the network stopped by itself".to_owned()))
    }

    /// Runs on its own.
    pub(crate) fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(work);
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // Waiting for its threads here would block a thread of the build's runtime, which tokio refuses.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What another program says, in one short line.
pub(super) fn one_line(text: &str) -> String {
    let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(300).collect()
}
