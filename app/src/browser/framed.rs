//! Within a portal's frame: `/embed-view.js` has the token, asks with it, and speaks to the portal.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Desk;
use super::answering::Answering;
use super::pool::import_module;
use crate::i18n::Lang;
use crate::query;
use crate::state::State;

#[wasm_bindgen]
extern "C" {
    /// `/embed-view.js`, which the document has loaded already.
    type Module;

    #[wasm_bindgen(method)]
    fn start(this: &Module, program: &js_sys::Object);

    #[wasm_bindgen(method)]
    fn ask(this: &Module, question: &str) -> js_sys::Promise;

    #[wasm_bindgen(method)]
    fn token(this: &Module) -> js_sys::Promise;

    #[wasm_bindgen(method)]
    fn moved(this: &Module, view: &str, query: &str, is_elsewhere: bool);

    #[wasm_bindgen(method)]
    fn load(this: &Module, address: &str);
}

async fn module() -> Result<Module, String> {
    JsFuture::from(import_module("/embed-view.js")).await.map(JsCast::unchecked_into).map_err(|error| said(&error))
}

/// Whether a portal frames the page.
pub(super) fn is_framed(desk: Desk) -> bool {
    desk.page.get_untracked().catalog.frame.is_some()
}

/// Whether workers may count here: they would need rows of members, of the whole part.
pub(super) fn may_count(desk: Desk) -> bool {
    desk.page.get_untracked().catalog.frame.as_ref().is_none_or(|frame| !frame.groups_only && frame.locked.is_all())
}

/// Tells the portal's script that the program is up, and does from then on what the portal wants.
pub(super) fn start(desk: Desk, answering: Answering) {
    let lang_answering = answering.clone();
    let filter = Closure::<dyn FnMut(String)>::new(move |query: String| {
        let page = desk.page.get_untracked();
        let path = page.state.params.path(&page.state.page);
        let mut state = State::read(&path, &query, page.accepted, &page.catalog);
        // What the portal does not speak of here is as it was.
        state.params.lang = state.params.lang.or(page.state.params.lang);
        let href = state.params.href(&state.page);
        super::nav::replace(&href, desk, &answering);
    });
    let lang = Closure::<dyn FnMut(String)>::new(move |lang: String| {
        let page = desk.page.get_untracked();
        let href = page.state.href(|params| params.lang = Lang::parse(&lang).or(params.lang));
        super::nav::replace(&href, desk, &lang_answering);
    });
    let program = js_sys::Object::new();
    for (name, does) in [("filter", filter.into_js_value()), ("lang", lang.into_js_value())] {
        // A new object of ours refuses nothing.
        let _ = js_sys::Reflect::set(&program, &name.into(), &does);
    }
    spawn_local(async move {
        match module().await {
            Ok(module) => module.start(&program),
            Err(error) => leptos::logging::warn!("the portal's script: {error}"),
        }
    });
}

/// The answer to a question, by the server.
pub(super) async fn ask(question: &str) -> Result<String, String> {
    let answer = JsFuture::from(module().await?.ask(question)).await.map_err(|error| said(&error))?;
    answer.as_string().ok_or_else(|| "the portal's script answered no text".to_owned())
}

/// A token that holds.
pub(super) async fn token() -> Result<String, String> {
    let token = JsFuture::from(module().await?.token()).await.map_err(|error| said(&error))?;
    token.as_string().ok_or_else(|| "the portal's script gave no token".to_owned())
}

/// Tells the portal where the reader goes; whether the token is for that page.
pub(super) fn moved(desk: Desk, state: &State) -> bool {
    let page = desk.page.get_untracked();
    let shows = page.catalog.frame.as_ref().is_none_or(|frame| frame.shows(&state.page));
    let is_elsewhere = state.page != page.state.page;
    let view = state.page.view();
    let mut out = query::Writer::default();
    let store = state.page.store().map(|id| ("store", id.to_owned()));
    let pairs = state.params.pairs(&state.page).into_iter().filter(|(name, _)| !matches!(*name, "lang" | "theme"));
    store.into_iter().chain(pairs).for_each(|(name, value)| out.add(name, &value));
    let said = out.finish().trim_start_matches('?').to_owned();
    spawn_local(async move {
        if let Ok(module) = module().await {
            module.moved(view, &said, is_elsewhere);
        }
    });
    shows
}

/// Goes to an address by loading it, where the browser lets addresses not be changed otherwise: in a sandbox.
pub(super) fn load(address: String) {
    spawn_local(async move {
        if let Ok(module) = module().await {
            module.load(&address);
        }
    });
}

fn said(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
