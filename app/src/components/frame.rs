//! The frame around every page: rail or bottom bar, title, freshness, settings.

use std::sync::Arc;

use leptos::prelude::*;

use super::answer::answer;
use super::filters::filters;
use super::tabs::{Tab, tabs};
use crate::boot::Page;
use crate::export;
use crate::framed::Frame;
use crate::i18n::{Lang, t};
use crate::live::{Live, Status};
use crate::pages;
use crate::state::{Note, PageName, Theme, UpDown};

/// The whole body of the document.
pub(crate) fn frame(page: &Arc<Page>, live: Live) -> AnyView {
    let lang = page.state.lang;
    // While the answer of another page is on its way, the old page stays, dimmed: nothing jumps.
    let frame = page.catalog.frame.as_ref();
    let is_whole = frame.is_none();
    if is_whole {
        export::for_screen(page);
    }
    let shown = pages::of(&page.shown.page);
    let title = pages::title(page);
    let body = (shown.body)(page);
    let filters = pages::of(&page.state.page).filters.then(|| filters(page));
    let lead = view! { {answer(page, (shown.sentence)(page))}{filters} };
    let notes = page.state.notes.iter().map(|note| view! { <li>{say(note, page, lang)}</li> }).collect_view();
    view! {
        <div class=if is_whole { "app" } else { "app framed" }>
            {is_whole.then(|| view! { <a class="skip" href="#main">{t!(lang, frame.skip)}</a> })}
            {is_whole.then(|| rail(page, lang))}
            <main id="main" tabindex="-1">
                <header class="top">
                    <div class="titles">
                        <h1>{title}</h1>
                        {freshness(page, live, lang)}
                        {is_whole.then(|| export::page_menu(page))}
                        {is_whole.then(|| settings(page, lang))}
                    </div>
                    {frame.map(|frame| views(page, frame, lang))}
                    <div role="status"><ul class="notes" hidden=page.state.notes.is_empty()>{notes}</ul></div>
                    {is_whole.then(|| export::print_terms(page))}
                    <div class="lead" class:busy=move || live.stale.get()>{lead}</div>
                </header>
                <div class="content" class:busy=move || live.stale.get() aria-busy=move || live.busy.get().to_string()>{body}</div>
                <footer class="foot-line">
                    {frame.is_some_and(|frame| frame.groups_only).then(|| view! { <span>{t!(lang, framed.groups)}</span> })}
                    <span>{page.catalog.tenant.clone()}</span>
                    <span>{t!(lang, frame.snapshot_is, id = &page.catalog.snapshot)}</span>
                    <span>{t!(lang, frame.app_name)}</span>
                </footer>
            </main>
        </div>
    }
    .into_any()
}

/// The views that a portal's token grants, where there are several.
fn views(page: &Page, frame: &Frame, lang: Lang) -> Option<AnyView> {
    let granted = PageName::RAIL.iter().filter(|name| frame.shows(name));
    let tab = |name: &PageName| Tab {
        name: (pages::of(name).name)(lang).to_owned(),
        href: page.state.params.href(name),
        chosen: *name == page.state.page.in_rail(),
    };
    let all: Vec<Tab> = granted.map(tab).collect();
    (all.len() > 1).then(|| view! { <div class="views">{tabs(t!(lang, frame.pages), all)}</div> }.into_any())
}

/// Pages that have a place of their own in the bottom bar of a phone; the others are under "More".
const IN_BAR: usize = 4;

fn rail(page: &Page, lang: Lang) -> AnyView {
    let here = page.state.page.in_rail();
    let link = |name: &PageName, class: &'static str| {
        let entry = pages::of(name);
        let current = (*name == here).then_some("page");
        let href = page.state.params.href(name);
        view! { <a class=class href=href data-nav="" aria-current=current><span class="icon" inner_html=icon(entry.icon)></span><span>{(entry.name)(lang)}</span></a> }
    };
    let (bar, rest) = PageName::RAIL.split_at(IN_BAR);
    let links = bar.iter().map(|name| link(name, "")).collect_view();
    let others = rest.iter().map(|name| link(name, "rest")).collect_view();
    let listed = rest.iter().map(|name| view! { <li>{link(name, "")}</li> }).collect_view();
    let more_class = if rest.contains(&here) { "here" } else { "" };
    let logo = "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\"><path d=\"M16 4c5 6 8 10 8 14a8 8 0 0 1-16 0c0-4 3-8 8-14z\"/><path class=\"wave\" d=\"M9.5 19.5c2.2-1.800 4.300-1.800 6.500 0s4.300 1.800 6.500 0\"/></svg>";
    view! {
        <nav class="rail" aria-label=t!(lang, frame.pages)>
            <a class="logo" href=page.state.params.href(&PageName::Growth) data-nav="" aria-label=t!(lang, frame.app_name) inner_html=logo></a>
            {links}
            {others}
            <details class="menu more-pages" name="filter">
                <summary class=more_class><span class="icon" inner_html=icon("M5 12h.01M12 12h.01M19 12h.01")></span><span>{t!(lang, shared.more_pages)}</span></summary>
                <ul class="sheet">{listed}</ul>
            </details>
        </nav>
    }
    .into_any()
}

fn icon(path: &str) -> String {
    format!("<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>")
}

/// Data until when, built how long ago, exact or not, and what the workers are doing.
fn freshness(page: &Arc<Page>, live: Live, lang: Lang) -> AnyView {
    let exact = match &page.answers {
        Ok(_) if page.catalog.frame.as_ref().is_some_and(|frame| frame.groups_only) => {
            t!(lang, framed.rounded).to_owned()
        }
        Ok(answers) if answers.coverage.exact => t!(lang, frame.exact).to_owned(),
        Ok(answers) => t!(lang, frame.estimate, read = answers.coverage.read, shards = answers.coverage.shards),
        Err(_) => String::new(),
    };
    let here = page.state.params.href(&page.state.page);
    let (warned, told, doing) = (page.clone(), page.clone(), page.clone());
    view! {
        <p class="fresh">
            <span class="told" class:offline=move || Freshness::of(&warned, live).warns>{move || Freshness::of(&told, live).told}</span>
            <span class="badge" hidden=exact.is_empty()>{exact.clone()}</span>
            <span class="live" role="status">{move || Freshness::of(&doing, live).doing}</span>
            <a class="newer" href=here hidden=move || !live.offers_newer()>{t!(lang, frame.newer)}</a>
        </p>
    }
    .into_any()
}

/// What the line of freshness says and what may change while a page is looked at.
pub(crate) struct Freshness {
    /// How old the data are.
    pub(crate) told: String,
    /// Whether that is to be marked: there is no network, or the data are older than agreed.
    pub(crate) warns: bool,
    /// What the workers are doing; empty where that is nothing worth a word.
    pub(crate) doing: String,
}

impl Freshness {
    pub(crate) fn of(page: &Page, live: Live) -> Self {
        let (lang, style) = (page.state.lang, page.style());
        let built = page.catalog.built_unix_secs();
        let age = built.map(|built| ago(page.now_unix_secs.saturating_sub(built), lang));
        let until = t!(lang, frame.data_until, day = style.full_day(page.catalog.data_until));
        let line = [Some(until), age].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let (offline, stale) = (live.offline.get(), page.is_stale());
        let line = if stale { t!(lang, frame.stale, line = &line) } else { line };
        Self {
            warns: offline || stale,
            told: if offline { t!(lang, frame.offline, line = &line) } else { line },
            doing: say_status(&live.status.get(), offline, lang),
        }
    }
}

fn say_status(status: &Status, offline: bool, lang: Lang) -> String {
    match status {
        Status::Quiet | Status::ByServer if offline => t!(lang, frame.kept_here).to_owned(),
        Status::Quiet => String::new(),
        Status::Reading { read, shards } => t!(lang, frame.loading, read, shards),
        Status::Answered { millis } => t!(lang, frame.answered_here, millis),
        Status::ByServer => t!(lang, frame.by_server).to_owned(),
        Status::Unsigned => t!(lang, frame.unsigned).to_owned(),
        Status::Older => t!(lang, frame.older).to_owned(),
    }
}

/// How long ago, roughly.
pub(crate) fn ago(secs: u64, lang: Lang) -> String {
    match secs {
        0..=59 => t!(lang, frame.just_now).to_owned(),
        60..=3_599 => t!(lang, frame.minutes_ago, minutes = secs / 60),
        3_600..=172_799 => t!(lang, frame.hours_ago, hours = secs / 3_600),
        _ => t!(lang, frame.days_ago, days = secs / 86_400),
    }
}

fn say(note: &Note, page: &Page, lang: Lang) -> String {
    let style = page.style();
    match note {
        Note::Ignored { field, value } => t!(lang, notes.ignored, field, value),
        Note::Unknown(name) => t!(lang, notes.unknown, name),
        Note::NoSuchStore(id) => t!(lang, shared.note_no_store, id),
        Note::WindowMoved(window) => t!(lang, notes.window, days = style.window(*window)),
        Note::CompareBeforeData(day) => t!(lang, notes.compare, day = style.full_day(*day)),
        Note::NoCompareDays => t!(lang, compare.no_days).to_owned(),
        Note::NoCampaignDays => t!(lang, plans.not_started).to_owned(),
        Note::OutsideCampaign => t!(lang, plans.outside).to_owned(),
        Note::GrainCoarser => t!(lang, notes.grain).to_owned(),
    }
}

/// Language and light or dark: links, so that they work without JavaScript and can be shared.
fn settings(page: &Page, lang: Lang) -> AnyView {
    let params = &page.state.params;
    // `keep` is kept by the browser, too, for addresses that name none.
    let link = |name: &'static str,
                tag: Option<&'static str>,
                keep: String,
                changed: crate::state::Params,
                chosen: bool| {
        view! { <li><a href=changed.href(&page.state.page) data-nav="" data-keep=keep lang=tag aria-current=chosen.then_some("true")><span>{name}</span></a></li> }
    };
    let langs = [(Lang::Zh, "中文"), (Lang::En, "English")]
        .into_iter()
        .map(|(lang, name)| {
            link(
                name,
                Some(lang.tag()),
                format!("lang={}", lang.tag()),
                params.with(|p| p.lang = Some(lang)),
                page.state.lang == lang,
            )
        })
        .collect_view();
    let themes = [
        (None, t!(lang, frame.theme_system)),
        (Some(Theme::Light), t!(lang, frame.theme_light)),
        (Some(Theme::Dark), t!(lang, frame.theme_dark)),
    ]
    .into_iter()
    .map(|(theme, name)| {
        let keep = format!("theme={}", theme.map_or("", Theme::word));
        link(name, None, keep, params.with(|p| p.theme = theme), page.theme() == theme)
    })
    .collect_view();
    let colors = [
        (None, t!(lang, settings.by_language)),
        (Some(UpDown::Red), t!(lang, settings.red_up)),
        (Some(UpDown::Green), t!(lang, settings.green_up)),
    ]
    .into_iter()
    .map(|(updown, name)| {
        let keep = format!("updown={}", updown.map_or("", |updown| UpDown::WORDS.word(updown)));
        link(name, None, keep, params.with(|p| p.updown = updown), page.updown() == updown)
    })
    .collect_view();
    let account = page.reader.as_ref().map(|name| {
        let href = format!("/account?lang={}", lang.tag());
        view! { <p class="popname">{t!(lang, door.account)}</p><ul><li><a href=href><span>{name.clone()}</span></a></li></ul> }
    });
    let icon = "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M4 7h9m5 0h2M4 17h2m5 0h9\"/><circle cx=\"15.500\" cy=\"7\" r=\"2.500\"/><circle cx=\"8.500\" cy=\"17\" r=\"2.500\"/></svg>";
    view! {
        <details class="menu settings" name="filter">
            <summary class="chip quiet" aria-label=t!(lang, frame.settings) title=t!(lang, frame.settings)><span class="icon" inner_html=icon></span></summary>
            <div class="pop">
                <p class="popname">{t!(lang, frame.language)}</p><ul>{langs}</ul>
                <p class="popname">{t!(lang, frame.theme)}</p><ul>{themes}</ul>
                <p class="popname">{t!(lang, settings.updown)}</p><ul>{colors}</ul>
                {account}
            </div>
        </details>
    }
    .into_any()
}
