//! JSON in and out, small: `serde_json` makes the worker 21 kB (compressed) larger, for the same bytes.
//!
//! What it leaves out: fractions in what is read (questions and manifests have none), values of unknown type, and
//! positions by line. What it writes is `serde_json`'s compact form, to the last byte.

mod read;
mod write;

pub(crate) use read::from_slice;
pub(crate) use write::to_string;

#[cfg(test)]
mod tests;
