//! What the worker needs of the browser around it: messages, fetch, a clock.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use model::{FromWorker, ToWorker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Response};

use crate::session::Session;

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Hands every message of the page to the session, for ever.
pub(crate) fn listen(session: Session) {
    let session = Rc::new(RefCell::new(session));
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        match serde_json::from_str::<ToWorker>(&text) {
            Ok(message) => Session::receive(&session, message),
            Err(error) => post(&FromWorker::Failed { id: None, message: error.to_string() }),
        }
    });
    scope().set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
}

/// Sends a message to the page.
pub(crate) fn post(message: &FromWorker) {
    let text = serde_json::to_string(message).expect("messages have string keys only");
    // Posting a string fails only while the worker is being shut down.
    let _ = scope().post_message(&JsValue::from_str(&text));
}

/// Milliseconds since some fixed instant.
pub(crate) fn now_millis() -> f64 {
    scope().performance().map_or(0.0, |p| p.now())
}

/// Runs `task` after the messages that already wait.
pub(crate) fn after_messages(task: impl FnOnce() + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        let pause = js_sys::Promise::new(&mut |resolve, _| {
            let _ = scope().set_timeout_with_callback(&resolve);
        });
        let _ = JsFuture::from(pause).await;
        task();
    });
}

/// The body of a URL; the error is a sentence that names it.
pub(crate) async fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let failed = |what: &str| format!("{url}: {what}");
    let response = JsFuture::from(scope().fetch_with_str(url)).await.map_err(|_| failed("the network failed"))?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(failed(&format!("the server said {}", response.status())));
    }
    let body = response.array_buffer().map_err(|_| failed("the answer has no body"))?;
    let buffer = JsFuture::from(body).await.map_err(|_| failed("the answer was cut off"))?;
    Ok(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec())
}
