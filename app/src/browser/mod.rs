//! The browser side: takes the document over, follows the address bar, and has every question answered
//! by the worker, or by the server where the worker fails.

mod answering;
mod asleep;
mod files;
mod framed;
mod nav;
mod offline;
mod plans;
mod pool;
mod preferences;
mod told;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::boot::{Boot, Page};
use crate::live::Live;
use answering::Answering;

/// Everything the browser side shares; lives as long as the document.
#[derive(Clone, Copy)]
struct Desk {
    page: RwSignal<Arc<Page>>,
    live: Live,
    /// Whether the document was taken over; see [`asleep`].
    awake: RwSignal<bool>,
}

/// Reads the boot and gets ready to change the document. Without a boot the document stays as it is.
pub(crate) fn start() {
    let text = document().get_element_by_id("boot").and_then(|element| element.text_content()).unwrap_or_default();
    let boot: Boot = match serde_json::from_str(&text) {
        Ok(boot) => boot,
        Err(error) => {
            leptos::logging::warn!("the page's values cannot be read: {error}");
            return;
        }
    };
    // Signals outlive the view they are made in, so they belong to an owner that is never dropped.
    let address = boot.request.address();
    let owner = Owner::new();
    let desk = owner.with(|| Desk {
        page: RwSignal::new(Arc::new(Page::new(boot))),
        live: Live::new(),
        awake: RwSignal::new(false),
    });
    // Reading takes long on a slow phone: after it the browser may draw and hear taps.
    soon(move || {
        owner.with(|| listen(desk, &address));
        std::mem::forget(owner);
    });
}

/// Does it in a task of its own.
fn soon(work: impl FnOnce() + 'static) {
    let work = Closure::once_into_js(work);
    let _ = window().set_timeout_with_callback(work.unchecked_ref());
}

/// Does it once the browser has drawn what a tap changed at once, such as a menu that closed; drawing a page anew takes
/// longer than a frame. A tab that is not looked at draws none, nor does a portal's frame that is out of sight.
fn after_frame(work: impl FnOnce() + 'static) {
    const LATEST_MILLIS: i32 = 200;
    let waiting = Rc::new(Cell::new(Some(work)));
    let drawn = waiting.clone();
    let late = Closure::once_into_js(move || {
        if let Some(work) = waiting.take() {
            work();
        }
    });
    let frame = Closure::once_into_js(move || {
        if let Some(work) = drawn.take() {
            soon(work);
        }
    });
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(late.unchecked_ref(), LATEST_MILLIS);
    let _ = window().request_animation_frame(frame.unchecked_ref());
}

/// Listens, and starts the workers.
fn listen(desk: Desk, drawn_for: &str) {
    asleep::follow(desk);
    let is_framed = framed::is_framed(desk);
    if !is_framed {
        desk.keep_up();
    }
    let answering = Answering::start(desk);
    nav::listen(desk, answering.clone(), drawn_for);
    if is_framed {
        // Nothing is kept there, neither settings nor pages.
        framed::start(desk, answering);
    } else {
        offline::follow(desk);
    }
}

impl Desk {
    /// Takes up what the browser keeps; the page is drawn anew where that is something else than before.
    fn keep_up(&self) {
        let (page, kept) = (self.page.get_untracked(), preferences::kept());
        if page.kept != kept {
            self.show(Page { kept, ..(*page).clone() });
        }
    }

    /// Puts a page up, and what of it stands outside the body.
    fn show(&self, page: Page) {
        self.wake();
        let document = document();
        document.set_title(&crate::title(&page));
        if let Some(root) = document.document_element() {
            let _ = root.set_attribute("lang", page.state.lang.tag());
            let _ = root.set_attribute("data-updown", crate::up_color(&page));
            let _ = match page.theme() {
                // A framed page wears what its portal says.
                _ if page.catalog.frame.is_some() => Ok(()),
                Some(theme) => root.set_attribute("data-theme", theme.word()),
                None => root.remove_attribute("data-theme"),
            };
        }
        self.page.set(Arc::new(page));
    }
}

/// Says in the document that from now on workers answer; for style and for tests.
fn mark_ready() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-ready", "worker");
    }
}
