//! Dimensions that contain one another, and which of their values may be shown.
//!
//! A value with few members is hidden. What is hidden must not follow from what is shown: of each parent (a store's
//! region, city and format; the whole) the hidden values have ten members together at least and are two at least, else
//! the smallest one shown is hidden as well. And of a parent that is hidden, one child is hidden at least, or adding its
//! children up would show it.

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
                let domains: Vec<String> = filter.domains.iter().map(|domain| word(domain)).collect();
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
        let region = |at: u16| dimensions.regions.get(usize::from(at)).map_or_else(String::new, |region| region.id.clone());
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

/// A value and its fewest members of any count that is not zero; none where it has no members.
struct Value {
    id: String,
    members: Option<i64>,
    parents: Vec<(By, String)>,
}

impl Hidden {
    /// Reads the answer to [`Family::probe`].
    pub(crate) fn read(family: Family, answers: &Answers, manifest: &Manifest) -> Result<Self, Refused> {
        let mut hidden = Self::default();
        for (by, answer) in family.dimensions().iter().zip(&answers.answers) {
            let Answer::Growth(growth) = answer else { return Err(Refused::Form("a split")) };
            let values: Vec<Value> = growth
                .groups
                .iter()
                .map(|group| Value {
                    id: group.id.clone(),
                    members: fewest(group),
                    parents: family.parents(*by, &group.id, manifest),
                })
                .collect();
            let found = hidden.of(&values);
            hidden.0.insert(name(*by), found);
        }
        Ok(hidden)
    }

    /// Whether a value may not be shown.
    pub(crate) fn has(&self, by: By, id: &str) -> bool {
        self.0.get(name(by)).is_some_and(|ids| ids.contains(id))
    }

    /// What of the values of one dimension is hidden, where the parents' is known.
    fn of(&self, values: &[Value]) -> BTreeSet<String> {
        let mut hidden: BTreeSet<String> =
            values.iter().filter(|value| value.members.is_some_and(is_small)).map(|value| value.id.clone()).collect();
        let mut parents: BTreeSet<Option<(&'static str, &str)>> = BTreeSet::from([None]);
        parents.extend(values.iter().flat_map(|v| v.parents.iter().map(|(by, id)| Some((name(*by), id.as_str())))));
        loop {
            let before = hidden.len();
            for parent in &parents {
                let mut children: Vec<&Value> = values
                    .iter()
                    .filter(|value| value.members.is_some())
                    .filter(|v| parent.is_none_or(|p| v.parents.iter().any(|(by, id)| (name(*by), id.as_str()) == p)))
                    .collect();
                children.sort_by_key(|value| value.members);
                let is_hidden =
                    parent.is_some_and(|(by, id)| self.0.get(by).is_some_and(|ids| ids.contains(id)));
                let those: Vec<&&Value> = children.iter().filter(|value| hidden.contains(&value.id)).collect();
                let together: i64 = those.iter().filter_map(|value| value.members).sum();
                let is_safe = match those.len() {
                    0 => !is_hidden,
                    1 => false,
                    _ => together >= FEWEST_MEMBERS,
                };
                if !is_safe {
                    hidden.extend(children.iter().find(|value| !hidden.contains(&value.id)).map(|value| value.id.clone()));
                }
            }
            if hidden.len() == before {
                return hidden;
            }
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
