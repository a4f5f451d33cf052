//! The whole HTML document, rendered on the server in one go.

use std::sync::Arc;

use leptos::prelude::*;

use crate::boot::{Boot, Page, PageRequest};
use crate::charts::escape;
use crate::i18n::{Lang, t};
use crate::live::Live;
use crate::pages;
use crate::sentence::plain;
use crate::state::Theme;

/// Fills what the address leaves open from what the browser keeps, before anything is painted: theme and colours are
/// attributes of the root; another language is another document, so the address is completed and loaded in place.
/// The server cannot do it: it knows no browser, and a cookie would make it remember readers.
pub(crate) const KEPT: &str = "try{(function(r,q){function k(n,w){var v=q.has(n)?'':localStorage.getItem('wellspring.'+n)||'';\
                    return w.test(v)?v:''}var l=k('lang',/^(zh-CN|en)$/),t=k('theme',/^(light|dark)$/),\
                    u=k('updown',/^(red|green)$/);if(t)r.dataset.theme=t;if(u)r.dataset.updown=u+'-up';\
                    if(l&&l!==r.lang){q.set('lang',l);location.replace(location.pathname+'?'+q+location.hash)}\
                    })(document.documentElement,new URLSearchParams(location.search))}catch(e){}";

/// Renders the document of a page: `head_html` is Trunk's head (scripts, styles), and every script of it
/// gets `nonce` unless it has one. Reads fully without JavaScript.
pub fn render_document(boot: Boot, head_html: &str, nonce: &str) -> String {
    // `<` cannot close the script element then, nor open a comment in it.
    let values = model::compactly(|| serde_json::to_string(&boot))
        .map_or_else(|_| "null".to_owned(), |json| json.replace('<', "\\u003c"));
    let page = Arc::new(Page::new(boot));
    let chosen = page.theme();
    let theme = chosen.map_or(String::new(), |t| format!(" data-theme=\"{}\"", t.word()));
    let description = plain(&(pages::of(&page.state.page).sentence)(&page));
    let (lang, colors, title) = (page.state.lang.tag(), crate::up_color(&page), crate::title(&page));
    let owner = Owner::new();
    let body = owner.with(|| crate::body(RwSignal::new(page), Live::new()).to_html());
    drop(owner);
    let nonce = escape(nonce);
    let mut out = String::with_capacity(body.len() + values.len() + head_html.len() + 2_048);
    out.push_str(&format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-updown=\"{colors}\"{theme}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <title>{}</title><meta name=\"description\" content=\"{}\"><meta name=\"robots\" content=\"noindex, nofollow\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         {}<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"apple-touch-icon\" href=\"/icons/apple-touch-180.png\">\
         <link rel=\"manifest\" href=\"/manifest.{lang}.webmanifest\" crossorigin=\"use-credentials\">",
        escape(&title),
        escape(&description),
        theme_color(chosen),
    ));
    // Leptos looks these up by name when it takes over; we stream nothing, so they are empty.
    out.push_str(&format!(
        "<script nonce=\"{nonce}\">var __RESOLVED_RESOURCES=[],__SERIALIZED_ERRORS=[],__INCOMPLETE_CHUNKS=[];document.documentElement.classList.add('js');{KEPT}</script>"
    ));
    out.push_str(&with_nonce(head_html, &nonce));
    out.push_str("</head><body>");
    out.push_str(&body);
    // After the page: what a reader sees does not wait for what only the program reads.
    out.push_str(&format!(
        "<script id=\"boot\" type=\"application/json\" nonce=\"{nonce}\">{values}</script></body></html>"
    ));
    out
}

/// What belongs in a document that a portal frames.
#[derive(Clone, Debug)]
pub struct FramedPage {
    /// The body's inside.
    pub html: String,
    /// The text of the element `boot`, from which the program takes the page over.
    pub boot: String,
    /// The language.
    pub lang: &'static str,
    /// The colours of more and less.
    pub updown: &'static str,
    /// The document's title.
    pub title: String,
}

/// Renders a page for a document that is there already, see [`render_shell`].
pub fn render_framed(boot: Boot) -> FramedPage {
    let values = model::compactly(|| serde_json::to_string(&boot)).unwrap_or_else(|_| "null".to_owned());
    let page = Arc::new(Page::new(boot));
    let (lang, updown, title) = (page.state.lang.tag(), crate::up_color(&page), crate::title(&page));
    let owner = Owner::new();
    let html = owner.with(|| crate::body(RwSignal::new(page), Live::new()).to_html());
    drop(owner);
    FramedPage { html, boot: values, lang, updown, title }
}

/// Renders the document that portals frame, without any data: `/embed-view.js` fetches what belongs in it.
pub fn render_shell(request: &PageRequest, head_html: &str, nonce: &str) -> String {
    let asked = crate::query::pairs(&request.query).into_iter().find(|(name, _)| name == "lang");
    let lang = asked.and_then(|(_, lang)| Lang::parse(&lang));
    let lang = lang.unwrap_or_else(|| Lang::accepted(request.accept_language.as_deref()));
    let (tag, nonce) = (lang.tag(), escape(nonce));
    let head = with_nonce(head_html, &nonce);
    let (waiting, scripts, refused) = (t!(lang, framed.waiting), t!(lang, framed.scripts), t!(lang, framed.refused));
    format!(
        "<!DOCTYPE html><html lang=\"{tag}\" data-framed=\"\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Wellspring</title>\
         <meta name=\"robots\" content=\"noindex, nofollow\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <script nonce=\"{nonce}\">var __RESOLVED_RESOURCES=[],__SERIALIZED_ERRORS=[],__INCOMPLETE_CHUNKS=[];\
         document.documentElement.classList.add('js')</script>{head}\
         <script type=\"module\" src=\"/embed-view.js\" crossorigin nonce=\"{nonce}\"></script></head>\
         <body><main class=\"shell\"><p role=\"status\" data-refused=\"{refused}\">{waiting}</p><noscript>{scripts}</noscript></main></body></html>"
    )
}

/// The colour of the browser's own frame: `--surface` of style/tokens.css, by the system's wish unless the reader chose.
pub(crate) fn theme_color(chosen: Option<Theme>) -> String {
    const COLORS: [(Theme, &str); 2] = [(Theme::Light, "#f5f6f8"), (Theme::Dark, "#0e1318")];
    let tag = |(theme, color): &(Theme, &str)| match chosen {
        None => format!(
            "<meta name=\"theme-color\" media=\"(prefers-color-scheme: {})\" content=\"{color}\">",
            theme.word()
        ),
        Some(chosen) if chosen == *theme => format!("<meta name=\"theme-color\" content=\"{color}\">"),
        Some(_) => String::new(),
    };
    COLORS.iter().map(tag).collect()
}

/// Gives every script that has no nonce this one.
fn with_nonce(head: &str, nonce: &str) -> String {
    let mut out = String::with_capacity(head.len() + 64);
    let mut rest = head;
    while let Some(at) = rest.find("<script") {
        let (before, tag) = rest.split_at(at);
        let end = tag.find('>').unwrap_or(tag.len());
        out.push_str(before);
        out.push_str("<script");
        if !tag[..end].contains("nonce=") {
            out.push_str(&format!(" nonce=\"{nonce}\""));
        }
        out.push_str(&tag["<script".len()..end]);
        rest = &tag[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_of_the_browser_has_the_color_of_the_page() {
        let tokens = include_str!("../../style/tokens.css");
        for (theme, color) in [(Theme::Light, "#f5f6f8"), (Theme::Dark, "#0e1318")] {
            assert!(tokens.contains(&format!("--surface: {color};")), "{color} is no surface any more");
            assert_eq!(theme_color(Some(theme)), format!("<meta name=\"theme-color\" content=\"{color}\">"));
            assert!(
                theme_color(None).contains(&format!("(prefers-color-scheme: {})\" content=\"{color}\"", theme.word()))
            );
        }
    }

    #[test]
    fn every_script_gets_the_nonce_once() {
        let head = "<script type=\"module\">1<2</script><link rel=\"x\"><script nonce=\"a\">2</script>";
        assert_eq!(
            with_nonce(head, "n"),
            "<script nonce=\"n\" type=\"module\">1<2</script><link rel=\"x\"><script nonce=\"a\">2</script>"
        );
    }
}
