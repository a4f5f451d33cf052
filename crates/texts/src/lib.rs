//! Every text of the dashboard: what `leptos_i18n` makes of `locales`, a folder for each language and a file for each
//! part of the page. A crate of its own because the code made is large: it compiles when a text changes, not with
//! every change of a page. `app/src/i18n` says how texts are taken.

#![allow(clippy::all, unused_imports, unreachable_pub, missing_docs, reason = "made by leptos_i18n")]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
