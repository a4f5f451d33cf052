//! What a build is told that runs every night: what to keep, who signs, what to expect of the source.

use std::path::PathBuf;
use std::sync::Arc;

use snapshot::signature::SigningKey;
use snapshot::write::KEEP;

/// How a build is run night after night.
#[derive(Clone, Debug)]
pub struct Nightly {
    /// Older versions of the snapshot to keep beside the new one, one at least.
    pub keep: usize,
    /// Signs the manifests; none where nobody checks signatures.
    pub sign: Option<Arc<SigningKey>>,
    /// The file that says what is expected of the source.
    pub expect: Option<PathBuf>,
    /// Publish even where an expectation says stop.
    pub accept_feed: bool,
}

impl Default for Nightly {
    fn default() -> Self {
        Self { keep: KEEP, sign: None, expect: None, accept_feed: false }
    }
}
