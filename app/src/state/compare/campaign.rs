//! A campaign against an earlier one, day by day: day 1 on day 1, up to the day that both have.

use model::{Campaign, Filter, Window};

use super::moved;
use crate::boot::Catalog;

/// A campaign and the one it is compared with, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CampaignPair {
    pub(crate) now: String,
    pub(crate) then: String,
}

/// What two campaigns have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aligned<'a> {
    pub(crate) now: &'a Campaign,
    pub(crate) then: &'a Campaign,
    /// Days 1 to k of the later one, where k is the last day that both lasted and the later one has data for.
    pub(crate) days: Window,
    /// Days from the first day of the earlier one to that of the later.
    shift: i32,
}

impl CampaignPair {
    /// What the two have in common; none where the later one has no day of data or begins before the data, and where
    /// the days of the earlier one do not all lie before it.
    pub(crate) fn aligned<'a>(&self, catalog: &'a Catalog) -> Option<Aligned<'a>> {
        let (now, then) = (catalog.campaign(&self.now)?, catalog.campaign(&self.then)?);
        let shift = now.first_day.epoch_days() - then.first_day.epoch_days();
        let last = now.last_day.min(catalog.data_until).min(now.first_day.plus(length(then) - 1));
        let days = Window::new(now.first_day, last).ok().filter(|_| now.first_day >= catalog.first_day)?;
        (shift >= days.len_days()).then_some(Aligned { now, then, days, shift })
    }
}

impl Aligned<'_> {
    /// The same days of the earlier campaign; none where the window leaves the days that both have.
    pub(crate) fn compared(&self, window: Window) -> Option<Window> {
        let inside = self.days.contains(window.from()) && self.days.contains(window.to());
        moved(window, self.shift).filter(|_| inside)
    }

    /// The first and the last day of a window inside, counted from 1.
    pub(crate) fn counted(&self, window: Window) -> (i32, i32) {
        let day = |day: model::Day| day.epoch_days() - self.days.from().epoch_days() + 1;
        (day(window.from()), day(window.to()))
    }

    /// How many days the earlier one had, where it ended before the later one got so far.
    pub(crate) fn cut_short(&self, catalog: &Catalog) -> Option<i32> {
        (self.days.to() < self.now.last_day.min(catalog.data_until)).then(|| length(self.then))
    }
}

fn length(campaign: &Campaign) -> i32 {
    campaign.last_day.epoch_days() - campaign.first_day.epoch_days() + 1
}

/// Campaigns offered at most, and earlier ones offered for each.
const OFFERED: (usize, usize) = (3, 6);

/// The campaigns that a reader may mean, each with the earlier ones to compare it with, the most alike first: the one
/// being compared, else the only one filtered by, else, without such a filter, those that the window lies in or over,
/// the latest first.
pub(crate) fn offers<'a>(
    pair: Option<&CampaignPair>,
    filter: &Filter,
    window: Window,
    catalog: &'a Catalog,
) -> Vec<(&'a Campaign, Vec<Aligned<'a>>)> {
    let meant: Vec<&Campaign> = match (pair, filter.campaigns.as_slice()) {
        (Some(pair), _) => catalog.campaign(&pair.now).into_iter().collect(),
        (None, [only]) => catalog.campaign(only).into_iter().collect(),
        (None, []) => catalog.campaigns_dated.iter().rev().filter(|c| lies_in_or_over(window, c, catalog)).collect(),
        (None, _) => Vec::new(),
    };
    let offers = meant.into_iter().map(|now| (now, earlier(now, catalog))).filter(|(_, earlier)| !earlier.is_empty());
    offers.take(OFFERED.0).collect()
}

fn lies_in_or_over(window: Window, campaign: &Campaign, catalog: &Catalog) -> bool {
    let (first, last) = (campaign.first_day, campaign.last_day.min(catalog.data_until));
    let inside = first <= window.from() && window.to() <= last;
    inside || (first <= last && window.from() <= first && last <= window.to())
}

/// The campaigns to compare one with, all their days inside the data: of the same name, then of the same kind, then
/// the others; the latest first.
fn earlier<'a>(now: &Campaign, catalog: &'a Catalog) -> Vec<Aligned<'a>> {
    let name = nameless(&now.name);
    let likeness = |other: &Campaign| {
        if nameless(&other.name) == name {
            0
        } else if !now.kind.is_empty() && other.kind == now.kind {
            1
        } else {
            2
        }
    };
    let pair = |then: &Campaign| CampaignPair { now: now.id.clone(), then: then.id.clone() };
    let others = catalog.campaigns_dated.iter().rev().filter(|then| then.first_day >= catalog.first_day);
    let mut found: Vec<Aligned<'a>> = others.filter_map(|then| pair(then).aligned(catalog)).collect();
    found.sort_by_key(|aligned| likeness(aligned.then));
    found.truncate(OFFERED.1);
    found
}

/// A name without its year: `2024年618年中大促` and `618年中大促 2023` are the same campaign of two years.
fn nameless(name: &str) -> String {
    let signs: Vec<char> = name.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < signs.len() {
        let digits = signs[at..].iter().take_while(|sign| sign.is_ascii_digit()).count();
        let run: String = signs[at..at + digits].iter().collect();
        if digits == 4 && (run.starts_with("19") || run.starts_with("20")) {
            at += digits + usize::from(signs.get(at + digits) == Some(&'年'));
            continue;
        }
        let step = digits.max(1);
        out.extend(
            signs[at..at + step].iter().filter(|sign| sign.is_alphanumeric()).flat_map(|sign| sign.to_lowercase()),
        );
        at += step;
    }
    out
}

#[cfg(test)]
mod tests;
