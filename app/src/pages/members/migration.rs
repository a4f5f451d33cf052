//! Who moved between the named segments from the compared period's last day to this one's, and the largest moves.

use leptos::prelude::*;
use model::{Figure, RfmAnswer};

use super::segments::{SEGMENTS, before, moved};
use crate::boot::Page;
use crate::components::compare::{Way, beside, with_doubt};
use crate::components::heatmap::{Heatmap, Line, Spot, level};
use crate::components::table::Cell;
use crate::format::{self, Unit, share, sum};
use crate::i18n::t;

/// Moves listed in words.
const LISTED: usize = 10;

/// One move to another segment.
pub(super) struct Flow {
    /// Places in [`SEGMENTS`].
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) members: Figure<i64>,
}

/// Moves from one segment to another, the largest first.
pub(super) fn flows(rfm: &RfmAnswer) -> Vec<Flow> {
    let places = 0..SEGMENTS.len();
    let pairs = places.clone().flat_map(|from| places.clone().map(move |to| (from, to)));
    let mut flows: Vec<Flow> = pairs
        .filter(|(from, to)| from != to)
        .map(|(from, to)| Flow { from, to, members: moved(rfm, Some(from), to) })
        .filter(|flow| flow.members.value > 0)
        .collect();
    flows.sort_by_key(|flow| (std::cmp::Reverse(flow.members.value), flow.from, flow.to));
    flows
}

/// The largest move, where chance leaves no doubt that it is.
pub(super) fn largest(flows: &[Flow]) -> Option<&Flow> {
    let (first, second) = (flows.first()?, flows.get(1));
    let sure = !first.members.too_few && second.is_none_or(|second| first.members.low > second.members.high);
    sure.then_some(first)
}

/// The segment before down, the segment now across; members without an order before stand last.
pub(super) fn matrix(page: &Page, rfm: &RfmAnswer) -> Heatmap {
    let (lang, style) = (page.state.lang, page.style());
    let froms: Vec<Option<usize>> = (0..SEGMENTS.len()).map(Some).chain([None]).collect();
    let lines = froms.into_iter().filter_map(|from| {
        let row: Vec<Figure<i64>> = (0..SEGMENTS.len()).map(|to| moved(rfm, from, to)).collect();
        let whole = match from {
            Some(from) => before(rfm, from)?,
            None => sum(row.iter().copied()),
        };
        let head = from.map_or(t!(lang, members.no_order_before), |from| (SEGMENTS[from].name)(lang));
        let spots = row.iter().enumerate().map(|(to, members)| {
            // Nobody, for sure: a hole keeps the eye on those who moved.
            if members.value == 0 && members.high == 0 {
                return None;
            }
            let part = share(members, &whole);
            let cell = Cell::count(&style, members, lang);
            let after = (SEGMENTS[to].name)(lang);
            let title = t!(
                lang,
                members.migration_cell,
                before = head,
                after,
                members = with_doubt(cell.shown.clone(), &cell.doubt),
                share = style.show(Unit::Percent, part.value)
            );
            let picked = SEGMENTS[to].picked(rfm.as_of, rfm.cuts);
            let cell = Cell { title, ..cell }.to(page.state.href(|p| p.segment = Some(picked)));
            Some(Spot { level: level(part.value, 1.0), hatched: false, cell })
        });
        let spots = spots.collect();
        Some(Line { head: Cell::of(head), aside: vec![Cell::count(&style, &whole, lang).class("quiet")], spots })
    });
    let mut columns = vec![t!(lang, members.migration_corner).to_owned(), t!(lang, members.then).to_owned()];
    columns.extend(SEGMENTS.iter().map(|s| (s.name)(lang).to_owned()));
    let now = SEGMENTS.iter().map(|s| Cell::count(&style, &s.count(rfm).0, lang).class("strong"));
    let mut foot = vec![Cell::of(t!(lang, members.now)), Cell::count(&style, &rfm.members, lang).class("strong")];
    foot[1].title = t!(lang, members.now_all).to_owned();
    foot.extend(now);
    Heatmap { caption: t!(lang, members.migration_note).to_owned(), columns, lines: lines.collect(), foot: vec![foot] }
}

/// The largest moves in words; up is toward the champions in the order of [`SEGMENTS`].
pub(super) fn list(page: &Page, rfm: &RfmAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let items = flows(rfm)
        .into_iter()
        .take(LISTED)
        .map(|flow| {
            let (from, to) = (&SEGMENTS[flow.from], &SEGMENTS[flow.to]);
            let way = if flow.to < flow.from { Way::Up } else { Way::Down };
            let whole = before(rfm, flow.from).unwrap_or_default();
            let part = share(&flow.members, &whole).value.map(format::whole_percent).unwrap_or_default();
            let shown = style.count(flow.members.value);
            let doubt = style.doubt_of(Unit::Count, &flow.members, lang);
            let href = page.state.href(|p| p.segment = Some(to.picked(rfm.as_of, rfm.cuts)));
            let words = t!(lang, members.move_of, before = (from.name)(lang), after = (to.name)(lang));
            let of = t!(lang, members.share_of, share = &part, segment = (from.name)(lang));
            view! {
                <li><a href=href data-nav="">
                    <b>{words}</b><small>{of}</small>
                    <span class=["amount ", way.class()].concat()><i aria-hidden="true">{way.arrow()}</i>{shown}{beside(doubt, lang)}</span>
                </a></li>
            }
        })
        .collect_view();
    view! { <ul class="movers moves">{items}</ul> }.into_any()
}
