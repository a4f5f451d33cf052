//! The engine for a web worker: one share of a snapshot, counted step by step.
//!
//! Everything here is synchronous. Fetching, messages and the pool of workers are the JavaScript around it:
//! `public/wellspring-worker.js` and `public/wellspring.js`. [`share`] is plain Rust, which native tests drive;
//! `counter` is its face in the browser.

#[cfg(target_arch = "wasm32")]
mod counter;
mod counting;
mod json;
pub mod share;
