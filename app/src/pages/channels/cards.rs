//! The four figures the page rests on, each a way down to what it is made of.

use leptos::prelude::*;
use model::Ratio;

use super::answers::{Answered, breadths, identified, settled_pair};
use crate::boot::Page;
use crate::components::compare::{Way, beside};
use crate::format::{self, Unit, share, share_less, unsure};
use crate::i18n::t;

struct Card {
    title: &'static str,
    hint: &'static str,
    place: &'static str,
    value: String,
    doubt: String,
    now: Option<Ratio>,
    then: Option<Ratio>,
    aside: String,
}

/// The cards; each leads to its section.
pub(super) fn cards(page: &Page, answered: &Answered) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let now = identified(&answered.channels.window);
    let then = answered.channels.compare.as_ref().map(identified);
    let rate = |now: &Ratio| (style.show(Unit::Percent, now.value), style.doubt(Unit::Percent, now, lang));
    let known = |i: usize, title, hint| {
        let (value, doubt) = rate(&now[i]);
        let then = then.map(|then| then[i]);
        Card { title, hint, place: "#known", value, doubt, now: Some(now[i]), then, aside: String::new() }
    };
    let mut cards = vec![
        known(1, t!(lang, channels.known_sales), t!(lang, channels.known_sales_is)),
        known(0, t!(lang, channels.known_orders), t!(lang, channels.known_orders_is)),
    ];
    if let Some(breadths) = breadths(answered.overlap) {
        let of = share(&breadths.several, &breadths.all);
        let (value, doubt) = rate(&of);
        let times =
            breadths.several_value.zip(breadths.single_value).filter(|(_, one)| *one > 0.0 && !breadths.too_few);
        let aside = times.map(|(more, one)| {
            t!(lang, channels.each_against, several = style.price(Some(more)), single = style.price(Some(one)))
        });
        let aside = aside.unwrap_or_default();
        let (title, hint) = (t!(lang, channels.several), t!(lang, channels.several_is));
        cards.push(Card { title, hint, place: "#breadth", value, doubt, now: None, then: None, aside });
    }
    if let Some((now, then)) = settled_pair(page, answered.domains) {
        let (value, doubt) = rate(&now.rate());
        let (title, hint) = (t!(lang, channels.settled), t!(lang, channels.settled_is));
        let (now, then) = (Some(now.rate()), then.map(|then| then.rate()));
        cards.push(Card { title, hint, place: "#settled", value, doubt, now, then, aside: String::new() });
    }
    let cards = cards.into_iter().map(|card| draw(page, card)).collect_view();
    view! { <section class="kpis" aria-label=t!(lang, channels.kpis)>{cards}</section> }.into_any()
}

fn draw(page: &Page, card: Card) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let change = card.now.zip(card.then).and_then(|(now, then)| share_less(&now, &then));
    let way = match &change {
        Some(change) if !unsure(change) => Way::of(change.value),
        _ => Way::Flat,
    };
    let moved = change.and_then(|c| c.value).map(|c| t!(lang, channels.points, change = format::points(c)));
    let was = card.then.map(|then| t!(lang, figures.was, value = style.show(Unit::Percent, then.value)));
    let href = page.state.href(|_| ()) + card.place;
    view! {
        <a class="card" href=href data-nav="" title=card.hint>
            <h2>{card.title}</h2>
            <p class="val"><span>{card.value}</span>{beside(card.doubt, lang)}</p>
            <p class="chg">
                <span class=way.class()><i aria-hidden="true">{way.arrow()}</i>{moved.unwrap_or_default()}</span>
            </p>
            <p class="was">{was.unwrap_or(card.aside)}</p>
        </a>
    }
    .into_any()
}
