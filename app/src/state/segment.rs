//! Members in one cell of another page's answer, as the address writes them: `cohort=2024-05`, `rung=3`,
//! `rfm=5-4-3~2025-03-31~…`. Clicking a cell sets one; at most one holds at a time.

use model::{Anchor, Day, Grain, RfmCuts, Segment};

use super::Note;
use crate::boot::Catalog;

/// A segment the reader chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// `cohort=2024-05`; a week by its Monday, `cohort=2024-05-06`; by joining `cohort=joined-2024-05`.
    Cohort {
        /// Month or week.
        grain: Grain,
        /// What put members into it.
        anchor: Anchor,
        /// Its first day.
        from: Day,
    },
    /// `rung=3`: at least three orders by the window's last day; `rung=3-only`: exactly three.
    Rung {
        /// Orders.
        orders: u32,
        /// Exactly so many.
        exactly: bool,
    },
    /// `rfm=5-45-x~DAY~CUTS`: scores of recency, frequency, money (`x` means any), the day they are scored on, and the
    /// twelve cuts of the answer that the cell stood in, without which its members could not be found again.
    Rfm {
        /// The last day that counts.
        as_of: Day,
        /// Where the quintiles lay.
        cuts: RfmCuts,
        /// Scores from 1 to 5, ascending; none means all.
        recency: Vec<u8>,
        /// Likewise.
        frequency: Vec<u8>,
        /// Likewise.
        monetary: Vec<u8>,
    },
}

impl Picked {
    /// Reads the pair of a query where its name is one of ours; what cannot be read becomes a note.
    /// The outer option says whether the name is ours.
    pub(super) fn read(name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> Option<Option<Self>> {
        let (field, found) = match name {
            "cohort" => ("cohort", read_cohort(value, catalog)),
            "rung" => ("rung", read_rung(value)),
            "rfm" => ("rfm", read_rfm(value)),
            _ => return None,
        };
        if found.is_none() && !value.is_empty() {
            notes.push(Note::ignored(field, value));
        }
        Some(found)
    }

    /// Its pair in the query.
    pub(crate) fn pair(&self) -> (&'static str, String) {
        match self {
            Self::Cohort { grain, anchor, from } => {
                let mut day = from.to_string();
                if *grain == Grain::Month {
                    day.truncate(7);
                }
                ("cohort", if *anchor == Anchor::Joined { "joined-".to_owned() + &day } else { day })
            }
            Self::Rung { orders, exactly } => ("rung", format!("{orders}{}", if *exactly { "-only" } else { "" })),
            Self::Rfm { as_of, cuts, .. } => {
                let numbers = |list: &[i64; 4]| list.map(|n| n.to_string()).join(".");
                let cuts = [numbers(&cuts.recency), numbers(&cuts.frequency), numbers(&cuts.monetary)].join("~");
                ("rfm", format!("{}~{as_of}~{cuts}", self.scores()))
            }
        }
    }

    /// `5-45-x`, the scores of an RFM segment; empty for others.
    pub(crate) fn scores(&self) -> String {
        let Self::Rfm { recency, frequency, monetary, .. } = self else {
            return String::new();
        };
        let write = |list: &Vec<u8>| {
            if list.is_empty() { "x".to_owned() } else { list.iter().map(u8::to_string).collect() }
        };
        [write(recency), write(frequency), write(monetary)].join("-")
    }

    /// The segment of a question whose window ends on `last`.
    pub(super) fn resolve(&self, last: Day) -> Segment {
        match self.clone() {
            Self::Cohort { grain, anchor, from } => Segment::Cohort { grain, anchor, from },
            Self::Rung { orders, exactly } => Segment::Rung { orders, exactly, as_of: last },
            Self::Rfm { as_of, cuts, recency, frequency, monetary } => {
                Segment::Rfm { as_of, cuts, recency, frequency, monetary }
            }
        }
    }
}

fn read_cohort(value: &str, catalog: &Catalog) -> Option<Picked> {
    let (anchor, day) = match value.strip_prefix("joined-") {
        Some(day) => (Anchor::Joined, day),
        None => (Anchor::FirstOrder, value),
    };
    let (grain, from) = if day.len() == 7 {
        (Grain::Month, Day::parse(&format!("{day}-01")).ok()?)
    } else {
        (Grain::Week, Day::parse(day).ok()?.week_start())
    };
    let first = if grain == Grain::Month { catalog.first_day.month_start() } else { catalog.first_day.week_start() };
    (first..=catalog.data_until).contains(&from).then_some(Picked::Cohort { grain, anchor, from })
}

fn read_rung(value: &str) -> Option<Picked> {
    let (number, exactly) = match value.strip_suffix("-only") {
        Some(number) => (number, true),
        None => (value, false),
    };
    let orders = number.parse().ok().filter(|n| (1..=model::LadderAsk::MAX_RUNGS).contains(n))?;
    Some(Picked::Rung { orders, exactly })
}

fn read_rfm(value: &str) -> Option<Picked> {
    let mut parts = value.split('~');
    let mut scores = parts.next()?.split('-').map(read_scores);
    let (recency, frequency, monetary) = (scores.next()??, scores.next()??, scores.next()??);
    if scores.next().is_some() {
        return None;
    }
    let as_of = Day::parse(parts.next()?).ok()?;
    let mut cuts = || -> Option<[i64; 4]> {
        let numbers: Option<Vec<i64>> = parts.next()?.split('.').map(|n| n.parse().ok()).collect();
        numbers?.try_into().ok()
    };
    let cuts = RfmCuts { recency: cuts()?, frequency: cuts()?, monetary: cuts()? };
    parts.next().is_none().then_some(Picked::Rfm { as_of, cuts, recency, frequency, monetary })
}

/// Digits from 1 to 5, each once; `x` for any.
fn read_scores(text: &str) -> Option<Vec<u8>> {
    if text == "x" {
        return Some(Vec::new());
    }
    let mut scores = Vec::new();
    for digit in text.bytes() {
        let score = digit.checked_sub(b'0').filter(|n| (1..=5).contains(n) && !scores.contains(n))?;
        scores.push(score);
    }
    scores.sort_unstable();
    (!scores.is_empty()).then_some(scores)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boot::tests::catalog;

    fn read(name: &str, value: &str) -> (Option<Picked>, usize) {
        let mut notes = Vec::new();
        let found = Picked::read(name, value, &catalog(), &mut notes).expect("a name of ours");
        (found, notes.len())
    }

    #[test]
    fn every_form_survives_its_own_address() {
        for (name, value) in [
            ("cohort", "2024-05"),
            ("cohort", "2024-05-06"),
            ("cohort", "joined-2023-01"),
            ("rung", "3"),
            ("rung", "8-only"),
            ("rfm", "5-4-3~2025-03-31~1.2.3.4~5.6.7.8~-9.10.11.12"),
            ("rfm", "45-x-1~2025-03-31~1.2.3.4~5.6.7.8~9.10.11.12"),
        ] {
            let (found, notes) = read(name, value);
            assert_eq!(found.map(|p| p.pair()), Some((name, value.to_owned())), "{name}={value}");
            assert_eq!(notes, 0);
        }
    }

    #[test]
    fn what_names_no_members_is_said() {
        for (name, value) in [
            ("cohort", "2019-05"),
            ("cohort", "2024-5"),
            ("cohort", "joined-"),
            ("rung", "0"),
            ("rung", "51"),
            ("rung", "three"),
            ("rfm", "543"),
            ("rfm", "6-1-1~2025-03-31~1.2.3.4~5.6.7.8~9.10.11.12"),
            ("rfm", "5-4-3~2025-03-31~1.2.3~5.6.7.8~9.10.11.12"),
            ("rfm", "5-4-3~2025-03-31~1.2.3.4~5.6.7.8~9.10.11.12~1"),
            ("rfm", "5-4-3-2~2025-03-31~1.2.3.4~5.6.7.8~9.10.11.12"),
        ] {
            assert_eq!(read(name, value), (None, 1), "{name}={value}");
        }
        assert_eq!(read("rung", ""), (None, 0));
    }

    #[test]
    fn a_week_begins_on_its_monday() {
        let (found, _) = read("cohort", "2024-05-08");
        assert_eq!(found.map(|p| p.pair().1), Some("2024-05-06".to_owned()));
    }
}
