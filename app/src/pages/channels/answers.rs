//! The page's answers by name, and shares made from them.

use model::{Answer, ChannelDomain, Factors, Figure, GrowthAnswer, GrowthGroup, OverlapAnswer, Ratio, SeriesAnswer};

use crate::boot::{Catalog, Page};
use crate::format::{less, share, sum};

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    pub(super) overlap: &'a OverlapAnswer,
    /// Split by channel.
    pub(super) channels: &'a GrowthAnswer,
    /// Split by whose ground the channel is on.
    pub(super) domains: &'a GrowthAnswer,
    /// Split by the channel that members came through.
    pub(super) sources: &'a GrowthAnswer,
    /// Orders and sales over time, with and without a member.
    pub(super) series: &'a SeriesAnswer,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [
            Answer::Overlap(overlap),
            Answer::Growth(channels),
            Answer::Growth(domains),
            Answer::Growth(sources),
            Answer::Series(series),
        ] => Some(Answered { overlap, channels, domains, sources, series }),
        _ => None,
    }
}

/// Share of orders, and of sales, whose member is known; none over nothing.
pub(super) fn identified(factors: &Factors) -> [Ratio; 2] {
    [share(&factors.member_orders, &factors.orders), share(&factors.member_sales, &factors.sales)]
}

/// Members of two channels or more, and of one, with what they spent.
pub(super) struct Breadths {
    /// In two channels or more.
    pub(super) several: Figure<i64>,
    /// In any channel.
    pub(super) all: Figure<i64>,
    /// Sales over members, of those in one channel; none where there are none.
    pub(super) single_value: Option<f64>,
    /// Likewise, of those in several.
    pub(super) several_value: Option<f64>,
    /// Whether too few were read to tell the two values.
    pub(super) too_few: bool,
}

/// None where nobody is in any channel.
pub(super) fn breadths(overlap: &OverlapAnswer) -> Option<Breadths> {
    let of = |several: bool| overlap.breadth.iter().filter(move |row| (row.channels > 1) == several);
    let members = |several| sum(of(several).map(|row| row.members));
    let sales = |several| sum(of(several).map(|row| row.sales)).value;
    let (one, more) = (members(false), members(true));
    let mean = |n: i64, money: i64| (n > 0).then(|| money as f64 / n as f64);
    let all = sum([one, more]);
    (all.value > 0).then(|| Breadths {
        several: more,
        all,
        single_value: mean(one.value, sales(false)),
        several_value: mean(more.value, sales(true)),
        too_few: of(true).chain(of(false)).all(|row| row.members.too_few),
    })
}

/// Members who bought on public ground, and those of them who bought on private ground in the same days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Settled {
    /// Bought on public ground.
    pub(super) public: Figure<i64>,
    /// Of those, bought on private ground too.
    pub(super) both: Figure<i64>,
}

impl Settled {
    /// `both / public`.
    pub(super) fn rate(&self) -> Ratio {
        share(&self.both, &self.public)
    }
}

/// Counted by what the two grounds sum to beyond the whole, which holds where every buyer is on one of the two; none
/// where somebody bought elsewhere, or nobody on public ground.
pub(super) fn settled<'a>(
    whole: &Factors,
    groups: &'a [GrowthGroup],
    read: impl Fn(&'a GrowthGroup) -> Option<&'a Factors>,
) -> Option<Settled> {
    let (mut public, mut private) = (Figure::default(), Figure::default());
    for group in groups {
        let buyers = read(group).map(|f| f.buyers).unwrap_or_default();
        match group.id.as_str() {
            "public" => public = buyers,
            "private" => private = buyers,
            _ if buyers.value > 0 => return None,
            _ => {}
        }
    }
    let both = less(sum([public, private]), whole.buyers);
    let hold = |n: i64| n.clamp(0, public.high.max(public.value));
    let both = Figure { value: hold(both.value).min(public.value), low: hold(both.low), high: hold(both.high), ..both };
    (public.value > 0).then_some(Settled { public, both })
}

/// [`settled`] in both windows; none under a filter that leaves one ground out.
pub(super) fn settled_pair(page: &Page, domains: &GrowthAnswer) -> Option<(Settled, Option<Settled>)> {
    let filter = &page.shown.params.filter;
    if !filter.channels.is_empty() || !filter.domains.is_empty() {
        return None;
    }
    let now = settled(&domains.window, &domains.groups, |g| Some(&g.window))?;
    let then = domains.compare.as_ref().and_then(|c| settled(c, &domains.groups, |g| g.compare.as_ref()));
    Some((now, then))
}

/// The channels on public ground, by id.
pub(super) fn public_channels(catalog: &Catalog) -> Vec<String> {
    let public = catalog.channels.iter().filter(|c| c.domain == Some(ChannelDomain::Public) && !c.id.is_empty());
    public.map(|c| c.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::said::factors;

    fn group(id: &str, buyers: i64) -> GrowthGroup {
        let window = Factors { buyers: Figure::exact(buyers), ..factors(buyers, 0, 1) };
        GrowthGroup { id: id.into(), window, compare: None, contributions: None, zero_case: None }
    }

    #[test]
    fn who_bought_on_both_grounds_is_what_they_sum_to_beyond_the_whole() {
        let whole = factors(100, 0, 1);
        let count = |groups: &[GrowthGroup]| settled(&whole, groups, |g| Some(&g.window));
        let both = count(&[group("private", 80), group("public", 50)]).expect("somebody on public ground");
        assert_eq!((both.public.value, both.both.value, both.rate().value), (50, 30, Some(0.6)));
        assert_eq!(count(&[group("private", 100)]), None);
        assert_eq!(count(&[group("private", 80), group("public", 50), group("", 1)]), None);
        // Sums of estimates may miss the whole; what they tell stays within those on public ground.
        let odd = count(&[group("private", 20), group("public", 50)]).expect("somebody on public ground");
        assert_eq!(odd.both.value, 0);
    }
}
