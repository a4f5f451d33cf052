//! The record of a build: what belongs to one version of a snapshot and is not needed to count.
//!
//! It lies beside the version's manifest, which names it by its hash. Pages do not load it; the server reads it, and
//! hands on what a page shows.

use serde::{Deserialize, Serialize};

use crate::{Check, Freshness, PastBuild};

/// `versions/<version>/record.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The regions' snapshots that were published together with the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartRecord>,
    /// The version whose content this one shows again; none where it was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_from: Option<u64>,
    /// How fresh the data are.
    #[serde(default)]
    pub freshness: Freshness,
    /// What was expected of the source, and found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// What the builds up to this one found, the oldest first, at most [`crate::HISTORY`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<PastBuild>,
}

/// What of a record a page tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// See [`Record::freshness`].
    pub freshness: Freshness,
    /// When the server began to show the snapshot, seconds since 1970.
    pub shown_unix_secs: u64,
    /// See [`Record::restored_from`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_from: Option<u64>,
    /// See [`Record::checks`]; a part tells none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// See [`Record::history`]; a part tells none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<PastBuild>,
}

/// One region's snapshot, published together with the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRecord {
    /// Its scope, also its folder in `scopes/`.
    pub scope: String,
    /// BLAKE3 of its manifest's file, so that parts of different builds cannot be mixed.
    pub manifest: String,
}
