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
    /// Another process is writing into the folder.
    #[error("another build is writing into {folder}; wait for it to end")]
    Locked {
        /// The folder.
        folder: String,
    },
}

impl SnapshotError {
    /// Whether the files themselves are broken, so that trying again is of no use.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Manifest { .. } | Self::Length { .. } | Self::Hash { .. } | Self::Layout { .. })
    }
}
