//! Dimensions that contain one another, and which of their values may be shown.
//!
//! A value with few members is hidden. What is hidden must not follow from what is shown: of each parent (a store's
//! region, city and format; the whole) the hidden values have ten members together at least and are two at least, else
//! the smallest one shown is hidden as well. Of a parent that is hidden, one child is hidden at least, or adding its
//! children up would show it; and a parent whose children are all hidden but too few is hidden itself.

use std::collections::{BTreeMap, BTreeSet};

use model::{Answer, Answers, Ask, By, Factors, Filter, GrowthAsk, GrowthGroup, Manifest, Question};

use crate::rules::Refused;
use crate::{FEWEST_MEMBERS, is_small};

/// Dimensions of which one may contain another, the coarse ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Place,
    Way,
    Source,
    Tier,
}

impl Family {
    pub(crate) const ALL: [Self; 4] = [Self::Place, Self::Way, Self::Source, Self::Tier];

    /// The family of a dimension.
    pub(crate) fn of(by: By) -> Self {
        match by {
            By::Region | By::City | By::Format | By::Store => Self::Place,
            By::Domain | By::Channel => Self::Way,
            By::SourceChannel => Self::Source,
            By::Tier => Self::Tier,
        }
    }

    /// Its dimensions, parents before children.
    fn dimensions(self) -> &'static [By] {
        match self {
            Self::Place => &[By::Region, By::Format, By::City, By::Store],
            Self::Way => &[By::Domain, By::Channel],
            Self::Source => &[By::SourceChannel],
            Self::Tier => &[By::Tier],
        }
    }

    /// What a filter chooses of it: dimension, field, value.
    pub(crate) fn chosen(self, filter: &Filter) -> Vec<(By, &'static str, String)> {
        let list = |by, field, values: &[String]| values.iter().map(|value| (by, field, value.clone())).collect();
        let lists: Vec<Vec<_>> = match self {
            Self::Place => vec![
                list(By::Region, "regions", &filter.regions),
                list(By::City, "cities", &filter.cities),
                list(By::Format, "formats", &filter.formats),
                list(By::Store, "stores", &filter.stores),
            ],
            Self::Way => {
                let domains: Vec<String> = filter.domains.iter().map(word).collect();
                vec![list(By::Domain, "domains", &domains), list(By::Channel, "channels", &filter.channels)]
            }
            Self::Source => vec![list(By::SourceChannel, "source_channels", &filter.source_channels)],
            Self::Tier => vec![list(By::Tier, "tiers", &filter.tiers)],
        };
        lists.into_iter().flatten().collect()
    }

    /// The filter without what it chooses of this family.
    pub(crate) fn without(self, filter: &Filter) -> Filter {
        let mut wider = filter.clone();
        match self {
            Self::Place => {
                for list in [&mut wider.regions, &mut wider.cities, &mut wider.formats, &mut wider.stores] {
                    list.clear();
                }
            }
            Self::Way => {
                wider.domains.clear();
                wider.channels.clear();
            }
            Self::Source => wider.source_channels.clear(),
            Self::Tier => wider.tiers.clear(),
        }
        wider
    }

    /// The question whose answer says what of this family may be shown under a filter.
    pub(crate) fn probe(self, question: &Question, filter: Filter) -> Question {
        let ask = |by: &By| Ask::Growth(GrowthAsk { by: Some(*by), top: None });
        Question { ask: self.dimensions().iter().map(ask).collect(), filter, ..question.clone() }
    }

    /// The parents of a value, by dimension.
    fn parents(self, by: By, id: &str, manifest: &Manifest) -> Vec<(By, String)> {
        let dimensions = &manifest.dimensions;
        let region =
            |at: u16| dimensions.regions.get(usize::from(at)).map_or_else(String::new, |region| region.id.clone());
        match by {
            By::Store => dimensions.stores.iter().find(|store| store.id == id).map_or_else(Vec::new, |store| {
                vec![
                    (By::Region, region(store.region)),
                    (By::Format, store.format.clone()),
                    (By::City, store.city.clone()),
                ]
            }),
            // A city whose stores lie in several regions is a child of each.
            By::City => {
                let stores = dimensions.stores.iter().filter(|store| store.city == id);
                let regions: BTreeSet<String> = stores.map(|store| region(store.region)).collect();
                regions.into_iter().map(|region| (By::Region, region)).collect()
            }
            By::Channel => {
                let channel = dimensions.channels.iter().find(|channel| channel.id == id);
                channel.map_or_else(Vec::new, |channel| {
                    vec![(By::Domain, channel.domain.as_ref().map_or_else(String::new, word))]
                })
            }
            _ => Vec::new(),
        }
    }
}

/// A word of the model as JSON has it.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The values that may not be shown, by dimension.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden(BTreeMap<&'static str, BTreeSet<String>>);

/// A value with members, and how many at the least of any count that is not zero.
struct Value {
    id: String,
    members: i64,
    parents: Vec<Parent>,
}

/// A parent: the name of its dimension and its own.
type Parent = (&'static str, String);

impl Hidden {
    /// Reads the answer to [`Family::probe`].
    pub(crate) fn read(family: Family, answers: &Answers, manifest: &Manifest) -> Result<Self, Refused> {
        let mut dimensions: Vec<(&'static str, Vec<Value>)> = Vec::new();
        for (by, answer) in family.dimensions().iter().zip(&answers.answers) {
            let Answer::Growth(growth) = answer else { return Err(Refused::Form("a split")) };
            let values = growth.groups.iter().filter_map(|group| {
                let parents = family.parents(*by, &group.id, manifest);
                let parents = parents.into_iter().map(|(by, id)| (name(by), id)).collect();
                Some(Value { id: group.id.clone(), members: fewest(group)?, parents })
            });
            dimensions.push((name(*by), values.collect()));
        }
        let mut hidden = Self::default();
        for (by, values) in &dimensions {
            let small = values.iter().filter(|value| is_small(value.members)).map(|value| value.id.clone());
            hidden.0.insert(by, small.collect());
        }
        // What is hidden of one dimension may tell, or be told by, another: until nothing more is.
        loop {
            let before = hidden.count();
            for (by, values) in &dimensions {
                hidden.close(by, values);
            }
            if hidden.count() == before {
                return Ok(hidden);
            }
        }
    }

    /// Whether a value may not be shown.
    pub(crate) fn has(&self, by: By, id: &str) -> bool {
        self.contains(name(by), id)
    }

    fn contains(&self, by: &str, id: &str) -> bool {
        self.0.get(by).is_some_and(|ids| ids.contains(id))
    }

    fn count(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// Hides of each parent what its hidden children could be told from; the closest parents first.
    fn close(&mut self, by: &'static str, values: &[Value]) {
        let named: BTreeSet<&Parent> = values.iter().flat_map(|value| &value.parents).collect();
        for parent in named.into_iter().map(Some).chain([None]) {
            let mut children: Vec<&Value> =
                values.iter().filter(|value| parent.is_none_or(|parent| value.parents.contains(parent))).collect();
            children.sort_by_key(|value| value.members);
            let those: Vec<i64> =
                children.iter().filter(|value| self.contains(by, &value.id)).map(|value| value.members).collect();
            let is_safe = match those.len() {
                0 => parent.is_none_or(|(of, id)| !self.contains(of, id)),
                1 => parent.is_some_and(|(of, id)| children.len() == 1 && self.contains(of, id)),
                _ => those.iter().sum::<i64>() >= FEWEST_MEMBERS,
            };
            if is_safe {
                continue;
            }
            match (children.iter().find(|value| !self.contains(by, &value.id)), parent) {
                (Some(next), _) => self.0.entry(by).or_default().insert(next.id.clone()),
                (None, Some((of, id))) => self.0.entry(of).or_default().insert(id.clone()),
                (None, None) => false,
            };
        }
    }
}

/// A name to order dimensions by.
fn name(by: By) -> &'static str {
    match by {
        By::Region => "region",
        By::City => "city",
        By::Store => "store",
        By::Format => "format",
        By::Channel => "channel",
        By::Domain => "domain",
        By::SourceChannel => "source_channel",
        By::Tier => "tier",
    }
}

fn fewest(group: &GrowthGroup) -> Option<i64> {
    let counts = |factors: &Factors| [factors.users.value, factors.buyers.value];
    let all = counts(&group.window).into_iter().chain(group.compare.iter().flat_map(counts));
    all.filter(|members| *members > 0).min()
}
