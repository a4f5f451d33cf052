//! Links, forms, history and keys: one listener each on the document, so that pages stay plain markup.
//!
//! `data-nav` marks a link that changes the page's state, `data-form` a form that does; without JavaScript both load
//! the page anew. `data-nav="keep"` leaves an open menu open; `data-nav="again"` asks even if nothing changed.

use leptos::prelude::GetUntracked;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, MouseEvent, Node,
};

use super::Desk;
use super::after_frame;
use super::answering::Answering;
use super::framed;
use crate::i18n::t;
use crate::query;
use crate::state::State;

/// Listens for as long as the document lives. Where the document was drawn for another address than the present one
/// (`drawn_for`; without a network any that is kept must do), shows the present one.
pub(super) fn listen(desk: Desk, answering: Answering, drawn_for: &str) {
    if here().is_some_and(|here| here != drawn_for) {
        arrive(desk, &answering, false);
    }
    let links = answering.clone();
    on("click", move |event| {
        click(&event, desk, &links);
        wake_after(desk);
    });
    let forms = answering.clone();
    on("submit", move |event| submit(&event, desk, &forms));
    on("keydown", move |event| {
        key(&event);
        wake_after(desk);
    });
    let back = Closure::<dyn FnMut(Event)>::new(move |_| arrive(desk, &answering, false));
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("popstate", back.as_ref().unchecked_ref());
    }
    back.forget();
}

/// Who has begun to use the page will change it: once what was done is drawn, it is made ready for more.
fn wake_after(desk: Desk) {
    if !desk.awake.get_untracked() {
        after_frame(move || desk.wake());
    }
}

fn on(name: &str, act: impl FnMut(Event) + 'static) {
    let act = Closure::<dyn FnMut(Event)>::new(act);
    let _ = document().add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
    act.forget();
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn click(event: &Event, desk: Desk, answering: &Answering) {
    let Some(element) = target(event) else {
        return;
    };
    let menu = element.closest("details.menu").ok().flatten();
    close_menus(menu.as_ref());
    if element.closest("[data-share]").ok().flatten().is_some() {
        return share(desk);
    }
    if !modified(event) && super::files::click(event, &element, desk) {
        return;
    }
    let Some(link) = element.closest("a[data-nav]").ok().flatten() else {
        return;
    };
    if modified(event) || event.default_prevented() {
        return;
    }
    event.prevent_default();
    if super::preferences::keep(&link) {
        after_frame(move || desk.keep_up());
    }
    let how = link.get_attribute("data-nav").unwrap_or_default();
    if how != "keep" {
        close_menus(None);
    }
    let href = link.get_attribute("href").unwrap_or_default();
    go(&href, desk, answering, how == "again");
}

/// Whether a click asks for something else than to follow: another tab, another window, a download.
fn modified(event: &Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_none_or(|mouse| {
        mouse.button() != 0 || mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key()
    })
}

fn submit(event: &Event, desk: Desk, answering: &Answering) {
    let Some(form) = target(event).filter(|form| form.has_attribute("data-form")) else {
        return;
    };
    event.prevent_default();
    let mut out = query::Writer::default();
    if let Ok(fields) = form.query_selector_all("input[name], select[name]") {
        for field in (0..fields.length()).filter_map(|i| fields.item(i)) {
            if let Some((name, value)) = sent(&field) {
                out.add(&name, &value);
            }
        }
    }
    close_menus(None);
    // What was typed is in the address now; fields follow their attributes again, which the next page sets.
    if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
        form.reset();
    }
    let action = form.get_attribute("action").unwrap_or_default();
    let text = out.finish();
    let page = desk.page.get_untracked();
    let state = State::read(&action, &text, page.accepted, &page.catalog);
    // The short address says the same; a long one is kept where something in it has to be said.
    let href = if state.notes.is_empty() { state.params.href(&state.page) } else { action + &text };
    go(&href, desk, answering, false);
}

/// What a field sends: nothing where it is disabled or a box not ticked.
fn sent(field: &Node) -> Option<(String, String)> {
    if let Some(list) = field.dyn_ref::<HtmlSelectElement>() {
        return (!list.disabled()).then(|| (list.name(), list.value()));
    }
    let input = field.dyn_ref::<HtmlInputElement>()?;
    let ticked = !matches!(input.type_().as_str(), "checkbox" | "radio") || input.checked();
    (ticked && !input.disabled()).then(|| (input.name(), input.value()))
}

/// The present address: path and query.
fn here() -> Option<String> {
    let location = web_sys::window()?.location();
    Some(location.pathname().ok()? + &location.search().ok()?)
}

/// Goes to an address of ours: history first, then the page.
fn go(href: &str, desk: Desk, answering: &Answering, again: bool) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let (address, place) = href.split_once('#').unwrap_or((href, ""));
    let here = here().unwrap_or_default();
    let is_framed = framed::is_framed(desk);
    if address != here {
        if is_framed && !framed::moved(desk, &read(address, desk)) {
            return;
        }
        let pushed = window.history().and_then(|history| {
            history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&kept(address, desk)))
        });
        if pushed.is_err() {
            if is_framed {
                framed::load(href.to_owned());
            } else {
                let _ = window.location().set_href(href);
            }
            return;
        }
    }
    let path = |address: &str| address.split('?').next().unwrap_or_default().to_owned();
    let (answering, place, elsewhere) = (answering.clone(), place.to_owned(), path(address) != path(&here));
    after_frame(move || {
        arrive(desk, &answering, again);
        if elsewhere && let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
        if let Some(element) = document().get_element_by_id(&place).filter(|_| !place.is_empty()) {
            reveal(&element);
        }
    });
}

/// Goes to an address in the place of the present one; a sandboxed document cannot, and loads it.
pub(super) fn replace(href: &str, desk: Desk, answering: &Answering) {
    let replaced = web_sys::window().and_then(|window| window.history().ok()).is_some_and(|history| {
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&kept(href, desk))).is_ok()
    });
    if replaced {
        arrive(desk, answering, false);
    } else {
        framed::load(href.to_owned());
    }
}

/// The state of an address of ours.
fn read(address: &str, desk: Desk) -> State {
    let page = desk.page.get_untracked();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    State::read(path, query, page.accepted, &page.catalog)
}

/// An address with what a framed document is known by to its portal; needed where it is loaded anew.
fn kept(address: &str, desk: Desk) -> String {
    let hash = web_sys::window().filter(|_| framed::is_framed(desk)).and_then(|window| window.location().hash().ok());
    address.to_owned() + &hash.unwrap_or_default()
}

/// Scrolls an element into view only as far as needed.
fn reveal(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_behavior(web_sys::ScrollBehavior::Smooth);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Shows the page of the present address.
fn arrive(desk: Desk, answering: &Answering, again: bool) {
    let Some(location) = web_sys::window().map(|w| w.location()) else {
        return;
    };
    let page = desk.page.get_untracked();
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let state = State::read(&path, &search, page.accepted, &page.catalog);
    answering.show(state, again);
}

pub(super) fn close_menus(except: Option<&Element>) {
    let Ok(open) = document().query_selector_all("details.menu[open]") else {
        return;
    };
    for i in 0..open.length() {
        if let Some(menu) = open.item(i).and_then(|n| n.dyn_into::<Element>().ok())
            && except.is_none_or(|kept| !kept.is_same_node(Some(&menu)))
        {
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Escape closes menus; arrows step through the marks of a chart and the cells of a grid.
fn key(event: &Event) {
    let (Some(event), Some(element)) = (event.dyn_ref::<KeyboardEvent>(), target(event)) else {
        return;
    };
    let key = event.key();
    if key == "Escape" {
        if let Some(menu) = element.closest("details.menu[open]").ok().flatten()
            && let Ok(Some(summary)) = menu.query_selector("summary")
            && let Ok(summary) = summary.dyn_into::<HtmlElement>()
        {
            let _ = summary.focus();
        }
        return close_menus(None);
    }
    if element.class_list().contains("spot") {
        if let Some(next) = beside_in_grid(&element, &key) {
            event.prevent_default();
            let _ = next.focus();
        }
        return;
    }
    if !element.class_list().contains("mark") {
        return;
    }
    let step = |back: bool| {
        let mut next = Some(element.clone());
        loop {
            next = match back {
                true => next?.previous_element_sibling(),
                false => next?.next_element_sibling(),
            };
            if next.as_ref()?.class_list().contains("mark") {
                return next;
            }
        }
    };
    let next = match key.as_str() {
        "ArrowRight" | "ArrowDown" => step(false),
        "ArrowLeft" | "ArrowUp" => step(true),
        _ => return,
    };
    event.prevent_default();
    // An SVG element has the same `focus` as an HTML one; only the binding's type differs.
    if let Some(next) = next {
        let _ = next.unchecked_ref::<HtmlElement>().focus();
    }
}

/// The cell that an arrow key leads to from a cell of a grid; holes are stepped over.
fn beside_in_grid(spot: &Element, key: &str) -> Option<HtmlElement> {
    let mut cell = spot.closest("td").ok()??;
    let place = |cell: &Element| {
        std::iter::successors(cell.previous_element_sibling(), Element::previous_element_sibling).count()
    };
    let column = place(&cell);
    loop {
        cell = match key {
            "ArrowRight" => cell.next_element_sibling()?,
            "ArrowLeft" => cell.previous_element_sibling()?,
            "ArrowDown" => cell.parent_element()?.next_element_sibling()?.children().item(column as u32)?,
            "ArrowUp" => cell.parent_element()?.previous_element_sibling()?.children().item(column as u32)?,
            _ => return None,
        };
        if let Some(found) = cell.query_selector(".spot").ok()? {
            return found.dyn_into().ok();
        }
    }
}

/// Copies the address; the button says so.
fn share(desk: Desk) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let lang = desk.page.get_untracked().state.lang;
    let address = window.location().href().unwrap_or_default();
    wasm_bindgen_futures::spawn_local(async move {
        let copied = wasm_bindgen_futures::JsFuture::from(window.navigator().clipboard().write_text(&address)).await;
        if copied.is_ok()
            && let Ok(Some(button)) = document().query_selector("[data-share]")
        {
            let _ = button.set_attribute("data-done", t!(lang, frame.link_copied));
            button.set_attribute("aria-label", t!(lang, frame.link_copied)).unwrap_or_default();
        }
    });
}
