//! Tiny folders of files in, a snapshot read back: one binary, since each links the whole query engine.

mod bad_input;
mod bucket;
mod database;
#[path = "../../../snapshot/tests/faulty/mod.rs"]
mod faulty;
mod formats;
mod forms;
mod growing;
mod inspect;
mod memory;
mod nights;
mod one_id;
mod plans;
mod reconcile;
mod scopes;
mod source;
mod steps;
mod support;
mod unchanged;
