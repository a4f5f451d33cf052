//! Why this number: what it means, from which figures it is made, for which days and filters, from how many rows.

use leptos::prelude::*;
use model::{Answer, Coverage, Factors, Ratio};

use super::why::{Made, Why};
use crate::boot::Page;
use crate::components::compare::{beside, with_doubt};
use crate::components::names;
use crate::format::{Style, Unit, as_float};
use crate::i18n::{Lang, t};
use crate::pages::{self, funnel};
use crate::state::{Facet, PageName};

/// The panel; nothing where no figure is asked about.
pub(super) fn explain(page: &Page, lang: Lang) -> Option<AnyView> {
    let why = page.shown.params.data.why?;
    let back = page.state.params.data.back.clone().unwrap_or(PageName::Growth);
    let back_href = page.state.params.href(&back);
    let back_name = match back.store().and_then(|id| page.catalog.store(id)) {
        Some(store) => store.name.clone(),
        None => (pages::of(&back).name)(lang).to_owned(),
    };
    let close = page.state.href(|p| p.data.why = None);
    let title = t!(lang, data.why_title, name = why.name(lang));
    let facts = facts(page, lang);
    Some(
        view! {
            <section class="panel why-panel" id="why" aria-labelledby="why-title">
                <div class="caption">
                    <h2 id="why-title">{title}</h2>
                    <span class="key"><a class="chip" href=back_href data-nav="">{t!(lang, data.why_back, page = back_name)}</a><a class="chip quiet" href=close data-nav="">{t!(lang, data.why_close)}</a></span>
                </div>
                {value(page, why, lang)}
                <p class="means">{why.means(lang)}</p>
                <dl class="facts">{facts}</dl>
                {question(page, lang)}
            </section>
        }
        .into_any(),
    )
}

/// The figure now, and how it is made.
fn value(page: &Page, why: Why, lang: Lang) -> AnyView {
    let style = page.style();
    if why == Why::Funnel {
        return steps(page, &style, lang);
    }
    let Some(factors) = factors(page) else {
        return ().into_any();
    };
    let Some((unit, figure)) = why.value(factors) else {
        return ().into_any();
    };
    let operand = |why: Why| {
        let (unit, figure) = why.value(factors).unwrap_or((Unit::Count, Ratio::exact(None)));
        let shown = with_doubt(style.show(unit, figure.value), &style.doubt(unit, &figure, lang));
        let href = page.state.href(|p| p.data.why = Some(why));
        view! { <a href=href data-nav=""><small>{why.name(lang)}</small><b>{shown}</b></a> }.into_any()
    };
    let sign = |sign: &'static str| view! { <span class="op" aria-hidden="true">{sign}</span> }.into_any();
    let made = match why.made() {
        Made::Counted => vec![],
        Made::Divided(a, b) => vec![operand(a), sign("÷"), operand(b)],
        Made::Added(a, b) => vec![operand(a), sign("+"), operand(b)],
        Made::Multiplied([a, b, c, d]) => {
            vec![operand(a), sign("×"), operand(b), sign("×"), operand(c), sign("×"), operand(d)]
        }
    };
    let counted = made.is_empty();
    let full = full(&style, unit, &figure);
    view! {
        <p class="equation">
            <span class="result"><small>{why.name(lang)}</small><b title=full>{style.show(unit, figure.value)}</b>{beside(style.doubt(unit, &figure, lang), lang)}</span>
            <span class="op" aria-hidden="true" hidden=counted>"="</span>
            {made}
        </p>
        <p class="note">{interval(&style, unit, &figure, lang)}</p>
    }
    .into_any()
}

/// The figure to its last digit, where it is shown shorter.
fn full(style: &Style, unit: Unit, figure: &Ratio) -> Option<String> {
    let whole = figure.value.map(|value| value.round() as i64)?;
    match unit {
        Unit::Money => Some(style.symbol().to_owned() + &style.full_money(whole)),
        Unit::Count => Some(style.full_count(whole)),
        _ => None,
    }
}

/// Exact, or the interval of 95 %, or that too few were read to give one.
fn interval(style: &Style, unit: Unit, figure: &Ratio, lang: Lang) -> String {
    if figure.too_few {
        return t!(lang, frame.too_few_is).to_owned();
    }
    if figure.is_exact() {
        return t!(
            lang,
            data.why_exact,
            value = full(style, unit, figure).unwrap_or_else(|| style.show(unit, figure.value))
        );
    }
    t!(lang, data.why_interval, low = style.show(unit, figure.low), high = style.show(unit, figure.high))
}

/// The steps of a funnel: members, and of how many before them.
fn steps(page: &Page, style: &Style, lang: Lang) -> AnyView {
    let Some(answer) = funnel::answers(page) else {
        return ().into_any();
    };
    let mut before = None;
    let rows = answer
        .steps
        .iter()
        .zip(funnel::step_names(page))
        .map(|(step, name)| {
            let count =
                with_doubt(style.full_count(step.members.value), &style.doubt_of(Unit::Count, &step.members, lang));
            let of = before.map(|before: i64| {
                let rate = style.show(Unit::Percent, step.rate_from_previous.value);
                t!(
                    lang,
                    data.why_step,
                    members = style.full_count(step.members.value),
                    before = style.full_count(before),
                    rate
                )
            });
            let interval = interval(style, Unit::Count, &as_float(&step.members), lang);
            before = Some(step.members.value);
            view! { <div><dt>{name}</dt><dd title=interval>{count}<small>{of.unwrap_or_default()}</small></dd></div> }
        })
        .collect_view();
    view! { <dl class="facts stepfacts">{rows}</dl> }.into_any()
}

fn factors(page: &Page) -> Option<&Factors> {
    match page.answered()? {
        [Answer::Growth(growth)] => Some(&growth.window),
        _ => None,
    }
}

fn facts(page: &Page, lang: Lang) -> AnyView {
    let (style, state) = (page.style(), &page.shown);
    let totals = &page.catalog.totals;
    let count = |n: u64| style.full_count(i64::try_from(n).unwrap_or(i64::MAX));
    let days = state.window.len_days();
    let days = if days == 1 { t!(lang, shared.one_day, days) } else { t!(lang, shared.many_days, days) };
    let rows = t!(
        lang,
        data.why_rows,
        members = count(totals.members),
        orders = count(totals.orders + totals.anonymous_orders),
        touches = count(totals.touches)
    );
    let read = match &page.answers {
        Ok(answers) => covered(&answers.coverage, lang),
        Err(reason) => reason.clone(),
    };
    [
        (t!(lang, data.why_days), t!(lang, periods.line_of, name = style.window(state.window), value = days)),
        (t!(lang, data.why_filter), filter_in_words(page, lang)),
        (t!(lang, data.why_source), rows),
        (t!(lang, data.why_read), read),
        (t!(lang, data.snapshot), page.catalog.snapshot.clone()),
        (t!(lang, data.until), style.full_day(page.catalog.data_until)),
        (t!(lang, data.built_at), page.catalog.built_at.clone()),
    ]
    .into_iter()
    .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    .collect_view()
    .into_any()
}

fn covered(coverage: &Coverage, lang: Lang) -> String {
    let (read, shards) = (coverage.read, coverage.shards);
    if coverage.exact { t!(lang, data.why_all, shards) } else { t!(lang, data.why_part, read, shards) }
}

/// Every choice of the filter by name; "everything" where there is none.
fn filter_in_words(page: &Page, lang: Lang) -> String {
    let params = &page.shown.params;
    let mut said: Vec<String> = Facet::ALL
        .into_iter()
        .filter_map(|facet| {
            let chosen: Vec<String> =
                facet.chosen(&params.filter).iter().map(|id| names::value(page, facet, id)).collect();
            let list = chosen.join(t!(lang, shared.or));
            (!chosen.is_empty()).then(|| t!(lang, periods.line_of, name = names::facet(facet, lang), value = list))
        })
        .collect();
    said.extend(params.segment.as_ref().map(|picked| names::segment(picked, lang)));
    if said.is_empty() { t!(lang, data.why_everything).to_owned() } else { said.join("; ") }
}

/// The question itself, to ask again elsewhere.
fn question(page: &Page, lang: Lang) -> AnyView {
    let text = serde_json::to_string_pretty(&page.shown.question()).unwrap_or_default();
    view! {
        <details class="asked">
            <summary>{t!(lang, data.why_question)}</summary>
            <p class="note">{t!(lang, data.why_ask_again)}</p>
            <pre tabindex="0">{text}</pre>
        </details>
    }
    .into_any()
}
