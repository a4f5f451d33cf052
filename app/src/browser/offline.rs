//! Without a network: `/offline.js` looks after the server and has the page's snapshot kept; what it finds is put where
//! the frame shows it. The numbers on the page stay what they are.

use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Desk;
use super::pool::import_module;
use crate::boot::Page;

#[wasm_bindgen]
extern "C" {
    /// `/offline.js`.
    type Module;

    #[wasm_bindgen(method)]
    fn follow(this: &Module, snapshot: &str, tell: &JsValue);

    #[wasm_bindgen(method, catch)]
    fn keep(this: &Module, snapshot: &str, shards: u32) -> Result<Promise, JsValue>;
}

async fn module() -> Option<Module> {
    JsFuture::from(import_module("/offline.js")).await.ok().map(JsCast::unchecked_into)
}

/// Looks after the server for as long as the document lives.
pub(super) fn follow(desk: Desk) {
    spawn_local(async move {
        let Some(module) = module().await else {
            return;
        };
        let tell = Closure::<dyn FnMut(JsValue)>::new(move |said: JsValue| {
            let is = |name: &str| Reflect::get(&said, &name.into()).is_ok_and(|value| value.is_truthy());
            put(desk.live.offline, is("offline"));
            put(desk.live.newer, is("newer"));
            keep_time(desk);
        });
        let snapshot = desk.page.get_untracked().catalog.snapshot.clone();
        module.follow(&snapshot, &tell.into_js_value());
    });
}

/// Has the snapshot kept, of which so many shards, from the first, are verified.
pub(super) fn keep(snapshot: String, shards: u32) {
    spawn_local(async move {
        if let Some(promise) = module().await.and_then(|module| module.keep(&snapshot, shards).ok()) {
            // A page that is not kept is as good as before while there is a network.
            let _ = JsFuture::from(promise).await;
        }
    });
}

fn put(signal: RwSignal<bool>, value: bool) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}

/// A page that was left open, or kept, says how old its data are by now.
fn keep_time(desk: Desk) {
    let now = (js_sys::Date::now() / 1_000.0) as u64;
    let page = desk.page.get_untracked();
    if now >= page.now_unix_secs + 60 {
        desk.show(Page { now_unix_secs: now, ..(*page).clone() });
    }
}
