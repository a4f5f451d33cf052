//! A panel with a title, what belongs to its right, its content and a note under it.

use leptos::prelude::*;

/// The panel. `id` names it for links; `key` stands at the right of the title: a legend, tabs, nothing.
pub(crate) fn section(id: &'static str, title: String, key: AnyView, body: AnyView, note: String) -> AnyView {
    let menu = crate::export::panel_menu(id, &title, false);
    let title_id = id.to_owned() + "-title";
    let labelled = title_id.clone();
    view! {
        <section class="panel" id=id aria-labelledby=labelled>
            <div class="caption"><h2 id=title_id>{title}</h2><span class="key">{key}</span>{menu}</div>
            {body}
            <p class="note" hidden=note.is_empty()>{note.clone()}</p>
        </section>
    }
    .into_any()
}
