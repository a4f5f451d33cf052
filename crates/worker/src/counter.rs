//! [`Share`] as JavaScript sees it. Errors are thrown as strings, so that whatever else is thrown is a trap.

use wasm_bindgen::prelude::*;

use crate::share::Share;

/// One worker's share of a snapshot and the question it counts.
#[wasm_bindgen]
pub struct Counter(Share);

#[wasm_bindgen]
impl Counter {
    /// See [`Share::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &[u8]) -> Result<Self, String> {
        Share::new(manifest).map(Self)
    }

    /// See [`Share::snapshot`].
    pub fn snapshot(&self) -> String {
        self.0.snapshot()
    }

    /// See [`Share::first_day`].
    pub fn first_day(&self) -> String {
        self.0.first_day()
    }

    /// See [`Share::data_until`].
    pub fn data_until(&self) -> String {
        self.0.data_until()
    }

    /// See [`Share::load`].
    pub fn load(&mut self, index: usize, bytes: &[u8], lengths: &[u32]) -> Result<(), String> {
        self.0.load(index, bytes, lengths)
    }

    /// See [`Share::ask`].
    pub fn ask(&mut self, question: &str) -> Result<(), String> {
        self.0.ask(question)
    }

    /// See [`Share::count_next`].
    pub fn count_next(&mut self) -> usize {
        self.0.count_next()
    }

    /// See [`Share::take_partial`].
    pub fn take_partial(&mut self) -> Vec<u8> {
        self.0.take_partial()
    }

    /// See [`Share::merge`].
    pub fn merge(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.0.merge(bytes)
    }

    /// See [`Share::answer`].
    pub fn answer(&mut self) -> Result<String, String> {
        self.0.answer()
    }
}
