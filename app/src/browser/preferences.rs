//! The reader's language, theme and colours, kept by the browser for addresses that name none.
//!
//! The address stays the truth: it says the same to whoever opens it. What is kept here only fills its gaps; the
//! document's first script (`document.rs`) does so before anything is painted.

use web_sys::{Element, Storage};

use crate::boot::Kept;
use crate::state::{Theme, UpDown};

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What is kept; nothing where the browser keeps nothing.
pub(super) fn kept() -> Kept {
    let word = |name: &str| storage()?.get_item(&key(name)).ok()?;
    Kept {
        theme: word("theme").and_then(|word| Theme::WORDS.of(&word)),
        updown: word("updown").and_then(|word| UpDown::WORDS.of(&word)),
    }
}

/// Keeps what a link of the settings says, `theme=dark`; an empty value is forgotten.
pub(super) fn keep(link: &Element) -> bool {
    let Some(said) = link.get_attribute("data-keep") else {
        return false;
    };
    if let (Some((name, value)), Some(storage)) = (said.split_once('='), storage()) {
        // A full or closed storage is no reason to stop.
        let _ = if value.is_empty() { storage.remove_item(&key(name)) } else { storage.set_item(&key(name), value) };
    }
    true
}

fn key(name: &str) -> String {
    format!("wellspring.{name}")
}
