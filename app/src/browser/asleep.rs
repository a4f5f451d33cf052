//! The document before it is taken over.
//!
//! What the server drew is whole: links and forms work by their addresses, and one listener each on the document stands
//! for what they do here ([`super::nav`]). Hydrating it, which takes a slow phone half a second, is therefore left until
//! the reader does something or something has to be drawn anew; many read one page and go. Until then the few words that
//! change by themselves are written into the document from here.

use leptos::prelude::*;
use web_sys::Element;

use super::Desk;
use crate::components::frame::Freshness;

impl Desk {
    /// Takes the document over as it stands; nothing where that was done.
    pub(super) fn wake(&self) {
        if self.awake.get_untracked() {
            return;
        }
        // What is in the document must be what is drawn over it.
        untrack(|| self.write());
        self.awake.set(true);
        let Self { page, live, .. } = *self;
        leptos::mount::hydrate_body(move || crate::body(page, live));
    }

    fn write(&self) {
        let Freshness { told, warns, doing } = Freshness::of(&self.page.get_untracked(), self.live);
        let newer = self.live.offers_newer();
        if let Some(element) = part("told") {
            let _ = element.class_list().toggle_with_force("offline", warns);
            say(&element, &told);
        }
        if let Some(element) = part("live") {
            say(&element, &doing);
        }
        if let Some(element) = part("newer") {
            let _ = element.toggle_attribute_with_force("hidden", !newer);
        }
    }
}

/// Writes what changes by itself, for as long as the document is not taken over.
pub(super) fn follow(desk: Desk) {
    // An error means that it has a runtime already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    Effect::new(move |_| {
        if !desk.awake.get() {
            desk.write();
        }
    });
}

fn part(class: &str) -> Option<Element> {
    document().query_selector(&format!(".fresh > .{class}")).ok().flatten()
}

/// Changes the text where it stands: hydration looks for the very node.
fn say(element: &Element, text: &str) {
    if let Some(node) = element.first_child().filter(|node| node.node_value().as_deref() != Some(text)) {
        node.set_node_value(Some(text));
    }
}
