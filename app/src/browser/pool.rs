//! `/wellspring.js` as the pages use it: the same module that portals use, imported when the page is up.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// JavaScript's own `import()`: a module that fails to load leaves the page as it is.
    #[wasm_bindgen(js_name = import)]
    pub(super) fn import_module(address: &str) -> Promise;

    type Module;

    #[wasm_bindgen(method)]
    fn open(this: &Module, options: &Object) -> Promise;

    /// An open snapshot and its workers.
    #[derive(Clone)]
    pub(super) type Pool;

    /// `<scope>-<version>`.
    #[wasm_bindgen(method, getter)]
    pub(super) fn snapshot(this: &Pool) -> String;

    #[wasm_bindgen(method, js_name = askText)]
    fn ask_text(this: &Pool, question: &str, options: &Object) -> Promise;

    /// Ends the workers.
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Pool);
}

/// How many shards are in memory.
#[derive(Clone, Copy)]
pub(super) struct Load {
    /// Shards read.
    pub(super) read: u32,
    /// Shards that will be.
    pub(super) wanted: u32,
    /// Shards there are.
    pub(super) shards: u32,
}

/// Why there are no workers.
pub(super) struct Refused {
    /// In a sentence.
    pub(super) why: String,
    /// `signature` or `older`, where the snapshot itself is refused.
    pub(super) kind: Option<String>,
}

impl From<JsValue> for Refused {
    fn from(error: JsValue) -> Self {
        let kind = Reflect::get(&error, &"kind".into()).ok().and_then(|kind| kind.as_string());
        Self { why: sentence(&error), kind }
    }
}

/// Opens the server's snapshot, signed by one of the keys where there are some, with a portal's token where there is one; `on_load` hears of every shard, `on_fail` when the workers are given up later.
pub(super) async fn open(
    token: Option<String>,
    keys: &[String],
    mut on_load: impl FnMut(Load) + 'static,
    mut on_fail: impl FnMut(String) + 'static,
) -> Result<Pool, Refused> {
    let on_load = Closure::<dyn FnMut(JsValue)>::new(move |progress: JsValue| {
        let field =
            |name: &str| Reflect::get(&progress, &name.into()).ok().and_then(|v| v.as_f64()).unwrap_or(0.0) as u32;
        on_load(Load { read: field("read"), wanted: field("wanted"), shards: field("shards") });
    });
    let on_fail = Closure::<dyn FnMut(JsValue)>::new(move |error: JsValue| on_fail(sentence(&error)));
    let options = Object::new();
    set(&options, "manifest", &"/snapshot/manifest.json".into());
    if let Some(token) = token {
        set(&options, "token", &token.into());
    }
    if !keys.is_empty() {
        let keys: js_sys::Array = keys.iter().map(|key| JsValue::from(key.as_str())).collect();
        set(&options, "verifyKeys", &keys);
    }
    // The workers live as long as the document.
    set(&options, "onLoad", &on_load.into_js_value());
    set(&options, "onFail", &on_fail.into_js_value());
    let module: Module = JsFuture::from(import_module("/wellspring.js")).await?.unchecked_into();
    Ok(JsFuture::from(module.open(&options)).await?.unchecked_into())
}

impl Pool {
    /// Asks (JSON in, JSON out), in place of the question before; `on_answer` hears every better answer, the best
    /// one included, before this resolves.
    pub(super) async fn ask(&self, question: &str, on_answer: impl FnMut(String) + 'static) -> Result<(), String> {
        let on_answer = Closure::<dyn FnMut(String)>::new(on_answer);
        let options = Object::new();
        set(&options, "onProgress", on_answer.as_ref());
        JsFuture::from(self.ask_text(question, &options)).await.map(|_| ()).map_err(|error| sentence(&error))
    }
}

fn set(options: &Object, name: &str, value: &JsValue) {
    // A new object of ours refuses nothing.
    let _ = Reflect::set(options, &name.into(), value);
}

fn sentence(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
