//! The engine in a web worker.
//!
//! The page sends [`ToWorker`] and gets [`FromWorker`], both as JSON texts. Shards are fetched a few at a time,
//! verified and kept; a question is answered once all are here, and a newer question replaces one that still waits.
//! Without a browser around it (native builds) this crate is empty.

#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod session;

#[cfg(target_arch = "wasm32")]
mod entry {
    use wasm_bindgen::prelude::*;

    /// Called by wasm-bindgen when the module is ready.
    #[wasm_bindgen(start)]
    pub(crate) fn start() {
        crate::host::listen(crate::session::Session::default());
    }
}
