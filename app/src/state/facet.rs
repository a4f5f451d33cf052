//! The dimensions a reader filters by: which values there are, which are chosen, how the address names them.

use model::{ChannelDomain, Filter};

use super::Note;
use super::words::Words;
use crate::boot::Catalog;

/// A list of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    /// Regions, by name.
    Region,
    /// Cities, by name.
    City,
    /// Stores, by id.
    Store,
    /// Formats of stores.
    Format,
    /// Channels, by id.
    Channel,
    /// `public`, `private`.
    Domain,
    /// Channels through which members came, by id.
    Source,
    /// Tiers of members.
    Tier,
    /// Campaigns, by id.
    Campaign,
}

const DOMAINS: Words<ChannelDomain> = Words(&[("public", ChannelDomain::Public), ("private", ChannelDomain::Private)]);

impl Facet {
    /// All, in the order of the address.
    pub(crate) const ALL: [Self; 9] = [
        Self::Region,
        Self::City,
        Self::Store,
        Self::Format,
        Self::Channel,
        Self::Domain,
        Self::Source,
        Self::Tier,
        Self::Campaign,
    ];

    /// Its parameter in the address.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::City => "city",
            Self::Store => "store",
            Self::Format => "format",
            Self::Channel => "channel",
            Self::Domain => "domain",
            Self::Source => "source",
            Self::Tier => "tier",
            Self::Campaign => "campaign",
        }
    }

    /// Its field of the model's filter.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Region => "regions",
            Self::City => "cities",
            Self::Store => "stores",
            Self::Format => "formats",
            Self::Channel => "channels",
            Self::Domain => "domains",
            Self::Source => "source_channels",
            Self::Tier => "tiers",
            Self::Campaign => "campaigns",
        }
    }

    /// Whether it says where a store is or what it is, so that a page of one store has no use for it.
    pub(crate) fn is_of_stores(self) -> bool {
        matches!(self, Self::Region | Self::City | Self::Store | Self::Format)
    }

    /// The ids chosen.
    pub(crate) fn chosen(self, filter: &Filter) -> Vec<String> {
        match self {
            Self::Region => filter.regions.clone(),
            Self::City => filter.cities.clone(),
            Self::Store => filter.stores.clone(),
            Self::Format => filter.formats.clone(),
            Self::Channel => filter.channels.clone(),
            Self::Domain => filter.domains.iter().map(|d| DOMAINS.word(*d).to_owned()).collect(),
            Self::Source => filter.source_channels.clone(),
            Self::Tier => filter.tiers.clone(),
            Self::Campaign => filter.campaigns.clone(),
        }
    }

    /// Chooses an id, or takes the choice back.
    pub(crate) fn toggle(self, filter: &mut Filter, id: &str) {
        match self.list(filter) {
            Some(list) => toggle(list, id),
            None => {
                let domain = DOMAINS.read(self.word(), id, &mut Vec::new());
                if let Some(domain) = domain {
                    toggle(&mut filter.domains, &domain);
                }
            }
        }
    }

    /// Takes all choices back.
    pub(crate) fn clear(self, filter: &mut Filter) {
        match self.list(filter) {
            Some(list) => list.clear(),
            None => filter.domains.clear(),
        }
    }

    /// The ids that the snapshot has, in the order of display; the empty one, which stands for "unknown", left out.
    pub(crate) fn values(self, catalog: &Catalog) -> Vec<String> {
        let of_stores = |read: fn(&model::Store) -> &String| catalog.stores.iter().map(read).cloned().collect();
        let mut values: Vec<String> = match self {
            Self::Region => catalog.regions.clone(),
            Self::City => of_stores(|s| &s.city),
            Self::Store => of_stores(|s| &s.id),
            Self::Format => of_stores(|s| &s.format),
            Self::Channel | Self::Source => catalog.channels.iter().map(|c| c.id.clone()).collect(),
            Self::Domain => {
                let has = |domain: &ChannelDomain| catalog.channels.iter().any(|c| c.domain == Some(*domain));
                DOMAINS.values().filter(has).map(|d| DOMAINS.word(d).to_owned()).collect()
            }
            Self::Tier => catalog.tiers.clone(),
            Self::Campaign => catalog.campaigns.clone(),
        };
        if matches!(self, Self::City | Self::Format) {
            values.sort_unstable();
            values.dedup();
        }
        values.retain(|value| !value.is_empty());
        values
    }

    /// Takes a value of the address: an id, or what [`Catalog`] finds for it. What it does not have becomes a note.
    pub(super) fn read(self, filter: &mut Filter, text: &str, catalog: &Catalog, notes: &mut Vec<Note>) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let found = match self {
            Self::Region => catalog.region_named(text),
            Self::Store => catalog.store_named(text),
            Self::Channel | Self::Source => catalog.channel_named(text),
            _ => self.values(catalog).into_iter().find(|value| value == text),
        };
        match found {
            None => notes.push(Note::unknown(text)),
            Some(id) if self.chosen(filter).contains(&id) => {}
            Some(id) => self.toggle(filter, &id),
        }
    }

    /// The list of the filter; none for domains, which are no texts.
    fn list(self, filter: &mut Filter) -> Option<&mut Vec<String>> {
        match self {
            Self::Region => Some(&mut filter.regions),
            Self::City => Some(&mut filter.cities),
            Self::Store => Some(&mut filter.stores),
            Self::Format => Some(&mut filter.formats),
            Self::Channel => Some(&mut filter.channels),
            Self::Domain => None,
            Self::Source => Some(&mut filter.source_channels),
            Self::Tier => Some(&mut filter.tiers),
            Self::Campaign => Some(&mut filter.campaigns),
        }
    }
}

/// Puts a value into a list or takes it out.
fn toggle<T, B>(list: &mut Vec<T>, value: &B)
where
    T: std::borrow::Borrow<B>,
    B: PartialEq + ToOwned<Owned = T> + ?Sized,
{
    match list.iter().position(|v| v.borrow() == value) {
        Some(at) => drop(list.remove(at)),
        None => list.push(value.to_owned()),
    }
}
