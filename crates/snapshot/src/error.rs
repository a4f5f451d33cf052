//! Why a snapshot cannot be read or written, one sentence each, with the remedy.

use thiserror::Error;

/// Why a snapshot cannot be read or written.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// The manifest's bytes are not what its checksum says.
    #[error("manifest.json is damaged: {what}; publish the snapshot again with `wellspring build`")]
    Manifest {
        /// What is wrong.
        what: String,
    },
    /// Written by another version of Wellspring.
    #[error("manifest.json has format {found}, this program reads format {expected}; build the snapshot again")]
    Format {
        /// The manifest's format.
        found: u32,
        /// Ours.
        expected: u32,
    },
    /// A shard whose length is not the manifest's.
    #[error(
        "shard {file} has {found} bytes, its manifest says {expected}: it is cut or from another snapshot; build the snapshot again"
    )]
    Length {
        /// File name.
        file: String,
        /// Bytes found.
        found: u64,
        /// Bytes promised.
        expected: u64,
    },
    /// A shard whose content is not the manifest's.
    #[error(
        "shard {file} does not match its BLAKE3 name: bytes were changed or belong to another snapshot; build the snapshot again"
    )]
    Hash {
        /// File name.
        file: String,
    },
    /// A shard that is no Arrow IPC file of our layout, or points outside of itself.
    #[error("shard {file} is not a Wellspring shard: {what}; build the snapshot again")]
    Layout {
        /// File name.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// The rows given to the writer break a rule of the format.
    #[error("cannot write a shard: {what}")]
    Rows {
        /// Which rule.
        what: String,
    },
    /// No snapshot in the folder.
    #[error(
        "no snapshot in {folder}: manifest.json is missing; make one with `wellspring build --source DIR --out {folder}`"
    )]
    Missing {
        /// The folder.
        folder: String,
    },
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// A version that is not kept, or never was.
    #[error(
        "version {version} is not kept in {folder}; `wellspring versions --snapshot {folder}` lists those that are"
    )]
    NoVersion {
        /// The version asked for.
        version: u64,
        /// The folder.
        folder: String,
    },
    /// Published, but the disk did not say that it will still be so after a power cut.
    #[error(
        "version {version} is published, but the disk did not confirm it ({path}: {source}); nothing was removed; check the disk"
    )]
    Unconfirmed {
        /// The new version.
        version: u64,
        /// The folder that could not be synced.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// Whole, and not one to be shown here: not signed by a key that is trusted, or older than what was shown.
    #[error("the manifest {snapshot} of {tenant} is refused: {what}")]
    Refused {
        /// `<scope>-<version>`.
        snapshot: String,
        /// Whose it says it is.
        tenant: String,
        /// What is wrong, with the remedy.
        what: String,
    },
    /// Another process is writing into the folder.
    #[error("another build is writing into {folder}; wait for it to end")]
    Locked {
        /// The folder.
        folder: String,
    },
}

impl SnapshotError {
    /// The operating system's refusal, with the file or folder it is about.
    #[cfg(feature = "files")]
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), source }
    }

    /// Whether the files themselves are broken, so that trying again is of no use.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Manifest { .. } | Self::Length { .. } | Self::Hash { .. } | Self::Layout { .. })
    }
}
