//! One file per page.

pub(crate) mod data;
pub(crate) mod growth;
