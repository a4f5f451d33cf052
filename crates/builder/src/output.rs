//! The folder that a build writes to: locked for the build's time, and as it was before if the build fails.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::Manifest;
use snapshot::write::{Disk, Publication, Publisher};

use crate::BuildError;

/// A snapshot's folder, or a part's inside it, while a build writes into it.
pub(crate) struct Output {
    /// `None` once published.
    publisher: Option<Arc<Publisher>>,
}

impl Output {
    /// Makes the folder if needed, locks it, and removes what a build that died left there.
    pub(crate) fn open(dir: &Path, disk: Arc<dyn Disk>) -> Result<Self, BuildError> {
        Ok(Self { publisher: Some(Arc::new(Publisher::on(dir, disk)?)) })
    }

    /// Where the shards of a part go; it is published together with the whole.
    pub(crate) fn part(&self, scope: &str) -> Result<Self, BuildError> {
        Ok(Self { publisher: Some(Arc::new(self.publisher()?.part(scope)?)) })
    }

    pub(crate) fn publisher(&self) -> Result<&Arc<Publisher>, BuildError> {
        self.publisher.as_ref().ok_or_else(|| BuildError::Engine("the snapshot was published already".to_owned()))
    }

    /// Publishes the whole and its parts; from here on nothing is taken back.
    pub(crate) fn publish(&mut self, publication: Publication) -> Result<(Manifest, Vec<Manifest>), BuildError> {
        let publisher = self
            .publisher
            .take()
            .and_then(Arc::into_inner)
            .ok_or_else(|| BuildError::Engine("a shard is still being written".to_owned()))?;
        Ok(publisher.publish_all(publication)?)
    }
}

impl Drop for Output {
    /// A shard may still be on its way to the disk: what a failed build left is taken back before its error is told.
    fn drop(&mut self) {
        while self.publisher.as_ref().is_some_and(|publisher| Arc::strong_count(publisher) > 1) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
