//! Files made here: CSV of what is on screen, charts as pictures, the page on paper.

use leptos::prelude::GetUntracked;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event};

use super::Desk;
use crate::export;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = import)]
    fn import_module(address: &str) -> js_sys::Promise;

    /// `/wellspring-export.js`.
    type Module;

    #[wasm_bindgen(method, catch)]
    fn save(this: &Module, name: &str, kind: &str, content: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn picture(this: &Module, id: &str, format: &str, name: &str) -> js_sys::Promise;
}

/// Does what an item of an export menu says; false where the click was on none.
pub(super) fn click(event: &Event, element: &Element, desk: Desk) -> bool {
    let item = |name: &str| element.closest(name).ok().flatten();
    let said = |item: &Element, name: &str| item.get_attribute(name).unwrap_or_default();
    if item("[data-print]").is_some() {
        super::nav::close_menus(None);
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    } else if let Some(button) = item("[data-picture]") {
        super::nav::close_menus(None);
        let (id, format) = (said(&button, "data-of"), said(&button, "data-picture"));
        let name = export::file_stem(&desk.page.get_untracked(), &id);
        spawn_local(async move {
            let taken = async {
                let module = module().await?;
                JsFuture::from(module.picture(&id, &format, &name)).await
            };
            if let Err(error) = taken.await {
                leptos::logging::warn!("the picture of {id}: {error:?}");
            }
        });
    } else if let Some(link) = item("a[data-csv]") {
        event.prevent_default();
        super::nav::close_menus(None);
        let page = desk.page.get_untracked();
        let only = said(&link, "data-csv");
        let name = export::file_stem(&page, &only) + ".csv";
        let text = export::csv(&export::terms(&page), &export::sheets(&page, &only), &page.catalog.currency);
        spawn_local(async move {
            let saved = module().await.and_then(|module| module.save(&name, "text/csv;charset=utf-8", &text));
            // The server makes the same file.
            if let (Err(_), Some(window)) = (saved, web_sys::window()) {
                let _ = window.location().set_href(&said(&link, "href"));
            }
        });
    } else {
        return false;
    }
    true
}

async fn module() -> Result<Module, JsValue> {
    JsFuture::from(import_module("/wellspring-export.js")).await.map(JsCast::unchecked_into)
}
