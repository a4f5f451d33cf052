//! Names for recency × frequency: ten segments that part the grid into rectangles.
//!
//! Scores are quintiles, as in A. M. Hughes, Strategic Database Marketing (1994). The names and their places are the
//! ten-segment map that RFM tools share (Putler's; as regular expressions over "RF" in G. Martin, RFM Segmentation with
//! Python, 2017).

use std::ops::RangeInclusive;

use model::{Day, Figure, Money, RfmAnswer, RfmCuts};

use crate::format::sum;
use crate::i18n::{Lang, t};
use crate::state::Picked;

/// A named rectangle of the grid.
pub(super) struct Segment {
    /// Its name.
    pub(super) name: fn(Lang) -> &'static str,
    /// What to do about it, in a few words.
    pub(super) advice: fn(Lang) -> &'static str,
    recency: RangeInclusive<u8>,
    frequency: RangeInclusive<u8>,
}

const fn segment(
    name: fn(Lang) -> &'static str,
    advice: fn(Lang) -> &'static str,
    recency: RangeInclusive<u8>,
    frequency: RangeInclusive<u8>,
) -> Segment {
    Segment { name, advice, recency, frequency }
}

/// All ten, the closest first; every cell of the grid lies in exactly one.
pub(super) const SEGMENTS: [Segment; 10] = [
    segment(|lang| t!(lang, members.champions), |lang| t!(lang, members.champions_is), 5..=5, 4..=5),
    segment(|lang| t!(lang, members.loyal), |lang| t!(lang, members.loyal_is), 3..=4, 4..=5),
    segment(|lang| t!(lang, members.potential), |lang| t!(lang, members.potential_is), 4..=5, 2..=3),
    segment(|lang| t!(lang, members.recent), |lang| t!(lang, members.recent_is), 5..=5, 1..=1),
    segment(|lang| t!(lang, members.promising), |lang| t!(lang, members.promising_is), 4..=4, 1..=1),
    segment(|lang| t!(lang, members.attention), |lang| t!(lang, members.attention_is), 3..=3, 3..=3),
    segment(|lang| t!(lang, members.sleepy), |lang| t!(lang, members.sleepy_is), 3..=3, 1..=2),
    segment(|lang| t!(lang, members.cannot_lose), |lang| t!(lang, members.cannot_lose_is), 1..=2, 5..=5),
    segment(|lang| t!(lang, members.at_risk), |lang| t!(lang, members.at_risk_is), 1..=2, 3..=4),
    segment(|lang| t!(lang, members.hibernating), |lang| t!(lang, members.hibernating_is), 1..=2, 1..=2),
];

/// The place in [`SEGMENTS`] of a cell; the last for scores that do not exist.
pub(super) fn place(recency: u8, frequency: u8) -> usize {
    SEGMENTS.iter().position(|s| s.holds(recency, frequency)).unwrap_or(SEGMENTS.len() - 1)
}

impl Segment {
    /// Whether a cell lies in it.
    pub(super) fn holds(&self, recency: u8, frequency: u8) -> bool {
        self.recency.contains(&recency) && self.frequency.contains(&frequency)
    }

    /// The upper left cell, where the best scores come first: there its name is written.
    pub(super) fn corner(&self) -> (u8, u8) {
        (*self.recency.end(), *self.frequency.end())
    }

    /// Its members as a filter.
    pub(super) fn picked(&self, as_of: Day, cuts: RfmCuts) -> Picked {
        let list = |range: &RangeInclusive<u8>| range.clone().collect();
        Picked::Rfm { as_of, cuts, recency: list(&self.recency), frequency: list(&self.frequency), monetary: vec![] }
    }

    /// Its members and what they spent over their whole history.
    pub(super) fn count(&self, rfm: &RfmAnswer) -> (Figure<i64>, Money) {
        let cells = || rfm.cells.iter().filter(|c| self.holds(c.recency, c.frequency));
        (sum(cells().map(|c| c.members)), sum(cells().map(|c| c.sales)))
    }
}

/// Members who went from one segment, or from no order, to another; an index each into [`SEGMENTS`].
pub(super) fn moved(rfm: &RfmAnswer, from: Option<usize>, to: usize) -> Figure<i64> {
    let moves = rfm.migration.iter().flatten();
    sum(moves.filter(|m| m.from.map(|[r, f]| place(r, f)) == from && place(m.to[0], m.to[1]) == to).map(|m| m.members))
}

/// Members of a segment on the earlier day; none where no migration was asked.
pub(super) fn before(rfm: &RfmAnswer, segment: usize) -> Option<Figure<i64>> {
    let moves = rfm.migration.as_ref()?;
    Some(sum(moves.iter().filter(|m| m.from.map(|[r, f]| place(r, f)) == Some(segment)).map(|m| m.members)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_exactly_one_name_and_every_segment_its_corner() {
        for recency in 1..=5 {
            for frequency in 1..=5 {
                let holding = SEGMENTS.iter().filter(|s| s.holds(recency, frequency)).count();
                assert_eq!(holding, 1, "R{recency} F{frequency}");
            }
        }
        for segment in &SEGMENTS {
            let (recency, frequency) = segment.corner();
            assert!(segment.holds(recency, frequency));
        }
        assert_eq!((place(5, 5), place(1, 1), place(9, 9)), (0, 9, 9));
    }
}
