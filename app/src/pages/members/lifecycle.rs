//! Stock and flow: who is active, dormant, lost at each period's end, and what moved the active ones in between.

use leptos::prelude::*;
use model::{Figure, Grain, LifecyclePeriod, Stock, Window};

use super::answers::Balance;
use crate::boot::Page;
use crate::charts::{self, Bar, BarKind, Column as Stacked, Shape};
use crate::components::compare::with_doubt;
use crate::components::figure::{Twin, figure};
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{Style, Unit, share, sum};
use crate::i18n::{Lang, t};

/// The stock at the start and at the end of each period; a column leads to its period's days.
pub(super) fn stock(page: &Page, periods: &[LifecyclePeriod]) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let parts = |s: &Stock| [s.active, s.dormant, s.lost];
    let names = [t!(lang, members.active), t!(lang, members.dormant), t!(lang, members.lost)];
    let column = |label: String, title: String, stock: &Stock, href: Option<String>| {
        let all = sum(parts(stock));
        let mut lines = vec![title];
        lines.extend(names.iter().zip(parts(stock)).map(|(name, part)| {
            let rate = share(&part, &all).value;
            let shown = with_doubt(style.count(part.value), &style.doubt_of(Unit::Count, &part, lang));
            t!(lang, members.part_line, name, count = shown, share = style.show(Unit::Percent, rate))
        }));
        Stacked { label, parts: parts(stock).map(|part| part.value).into(), href, lines }
    };
    let mut columns = Vec::new();
    if let Some(first) = periods.first() {
        let title = t!(lang, members.before_day, day = style.full_day(first.from));
        columns.push(column(t!(lang, members.start).to_owned(), title, &first.opening, None));
    }
    let grain = page.shown.params.members.grain;
    let one_year = periods.first().map(|p| p.to.year()) == periods.last().map(|p| p.to.year());
    for p in periods {
        let label = match grain {
            Grain::Month if p.partial => style.day(p.to),
            Grain::Month if one_year => style.month_name(p.to).to_owned(),
            Grain::Month => p.to.to_string().chars().take(7).collect(),
            _ => style.day(p.to),
        };
        let title = t!(lang, members.on_day, day = style.full_day(p.to));
        // One period alone leads nowhere new.
        let days = Window::new(p.from, p.to).ok().filter(|days| *days != page.shown.window);
        let href = days.map(|days| page.state.href(|params| params.window = Some(days)));
        columns.push(column(label, title, &p.closing, href));
    }
    let label = t!(lang, members.stock_label);
    let axis = |value: f64| style.axis_count(value);
    let drawing =
        charts::stacked(&columns, Shape::Wide, label, &axis) + &charts::stacked(&columns, Shape::Narrow, label, &axis);
    let head = [t!(lang, members.at_end_of)].into_iter().chain(names).map(str::to_owned).collect();
    let row = |c: &Stacked| {
        let title = c.lines.first().cloned().unwrap_or_default();
        [title].into_iter().chain(c.parts.iter().map(|n| style.full_count(*n))).collect()
    };
    let twin = Twin { head, rows: columns.iter().map(row).collect() };
    let key = names
        .iter()
        .enumerate()
        .map(|(i, name)| view! { <span class=["kpart k-", &i.to_string()].concat()>{*name}</span> })
        .collect_view()
        .into_any();
    let note = t!(lang, members.lifecycle_note).to_owned();
    figure("stock", t!(lang, members.stock).to_owned(), key, drawing, note, twin, lang)
}

/// From the active members before to those after: what came and what went.
pub(super) fn waterfall(page: &Page, balance: &Balance) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let less = |f: &Figure<i64>| Figure {
        value: f.value.saturating_neg(),
        low: f.high.saturating_neg(),
        high: f.low.saturating_neg(),
        too_few: f.too_few,
    };
    let bars = [
        (BarKind::Total, t!(lang, members.active_before), balance.opening, t!(lang, members.active_is)),
        (BarKind::Change, t!(lang, members.newcomers), balance.joined, t!(lang, members.newcomers_is)),
        (BarKind::Change, t!(lang, members.woken), balance.woken, t!(lang, members.woken_is)),
        (BarKind::Change, t!(lang, members.won_back), balance.won_back, t!(lang, members.won_back_is)),
        (BarKind::Change, t!(lang, members.slipped), less(&balance.slipped), t!(lang, members.slipped_is)),
        (BarKind::Total, t!(lang, members.active_after), balance.closing, t!(lang, members.active_is)),
    ]
    .map(|(kind, label, members, hint)| {
        let shown = match kind {
            BarKind::Change if members.value > 0 => "+".to_owned() + &style.count(members.value),
            _ => style.count(members.value),
        };
        let sure = with_doubt(style.full_count(members.value), &style.doubt_of(Unit::Count, &members, lang));
        Bar { kind, label: label.to_owned(), value: members.value, shown, detail: vec![sure, hint.to_owned()] }
    });
    let label = t!(lang, members.flow);
    let (wide, cut) = charts::waterfall(&bars, Shape::Wide, label);
    let (narrow, _) = charts::waterfall(&bars, Shape::Narrow, label);
    let rows = bars.iter().map(|bar| vec![bar.label.clone(), style.full_count(bar.value)]).collect();
    let twin = Twin { head: vec![t!(lang, figures.part).to_owned(), t!(lang, data.members).to_owned()], rows };
    let mut note = line(balance, &style, lang);
    if cut {
        note = t!(lang, members.two_notes, first = &note, second = t!(lang, figures.axis_cut));
    }
    figure("flow", label.to_owned(), ().into_any(), wide + &narrow, note, twin, lang)
}

/// The balance as a sum, to the member; estimates need not add up and say so.
fn line(balance: &Balance, style: &Style, lang: Lang) -> String {
    let count = |f: &Figure<i64>| style.full_count(f.value);
    let sign = if balance.closes() { "=" } else { "≈" };
    t!(
        lang,
        members.balance,
        opening = count(&balance.opening),
        joined = count(&balance.joined),
        woken = count(&balance.woken),
        won_back = count(&balance.won_back),
        slipped = count(&balance.slipped),
        sign,
        closing = count(&balance.closing)
    )
}

/// Stock and flow of each period, and of all of them under it.
pub(super) fn periods(page: &Page, periods: &[LifecyclePeriod], balance: &Balance) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let row = |name: Cell, active: [Figure<i64>; 5], rest: [Figure<i64>; 3]| {
        let [opening, joined, woken, slipped, closing] = active;
        let mut cells = vec![name];
        cells.extend([opening, joined, woken, slipped].map(|f| Cell::count(&style, &f, lang)));
        cells.push(Cell::count(&style, &closing, lang).class("strong"));
        cells.extend(rest.map(|f| Cell::count(&style, &f, lang)));
        cells
    };
    let rows = periods
        .iter()
        .map(|p| {
            let window = Window::new(p.from, p.to).ok();
            let days = window.map(|days| style.window(days)).unwrap_or_default();
            let days = if p.partial { days + t!(lang, members.cut_short) } else { days };
            let name = match window.filter(|days| *days != page.shown.window) {
                Some(days_of) => Cell::of(days).to(page.state.href(|params| params.window = Some(days_of))),
                None => Cell::of(days),
            };
            let slipped = sum([p.moves.active.dormant, p.moves.active.lost]);
            let woken = sum([p.moves.dormant.active, p.moves.lost.active]);
            let active = [p.opening.active, p.moves.none.active, woken, slipped, p.closing.active];
            row(name, active, [p.closing.dormant, p.lost, p.closing.lost])
        })
        .collect();
    let mut foot = vec![];
    if let (Some(last), true) = (periods.last(), periods.len() > 1) {
        let woken = sum([balance.woken, balance.won_back]);
        let active = [balance.opening, balance.joined, woken, balance.slipped, balance.closing];
        let lost = sum(periods.iter().map(|p| p.lost));
        let name = Cell::of(t!(lang, members.all_periods));
        foot.push(row(name, active, [last.closing.dormant, lost, last.closing.lost]));
    }
    let columns = vec![
        Column::of(t!(lang, periods.period)),
        Column::of(t!(lang, members.active_before)).hint(t!(lang, members.active_is)),
        Column::of(t!(lang, members.plus_newcomers)).hint(t!(lang, members.newcomers_is)),
        Column::of(t!(lang, members.plus_woken)).hint(t!(lang, members.back_is)),
        Column::of(t!(lang, members.minus_slipped)).hint(t!(lang, members.slipped_is)),
        Column::of(t!(lang, members.equals_active)).hint(t!(lang, members.active_is)),
        Column::of(t!(lang, members.dormant_after)).hint(t!(lang, members.dormant_is)),
        Column::of(t!(lang, members.newly_lost)).hint(t!(lang, members.newly_lost_is)),
        Column::of(t!(lang, members.lost_after)).hint(t!(lang, members.lost_is)),
    ];
    table(Table { caption: t!(lang, members.lifecycle).to_owned(), columns, rows, foot }, lang)
}
